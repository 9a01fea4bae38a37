//! A small client for many connections.

use std::net::SocketAddr;

use bytes::Bytes;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{parse_packet, print_bytes};
use mqtt_assay_codec::packet::{Delivery, Sender};
use mqtt_assay_codec::{Frame, Framer, Packet, PacketType, ProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(super) const VERSION: ProtocolVersion = ProtocolVersion::V5_0;

pub(super) struct Client {
    pub(super) stream: TcpStream,
    framer: Framer,
}

/// What a subscriber takes note of.
pub(super) struct Taken {
    pub(super) topic: String,
    pub(super) payload: String,
    pub(super) delivery: Delivery,
}

impl Client {
    pub(super) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            framer: Framer::new(VERSION, usize::MAX),
        }
    }

    /// Opens and sends CONNECT; whether the session is resumed.
    pub(super) async fn connect(address: SocketAddr, line: &str) -> (Self, bool) {
        let mut client = Self::open(address).await;
        client.send(line).await;
        let connack = client.next().await.unwrap();
        assert_eq!((connack[0], connack[3]), (0x20, 0x00), "{line}");
        (client, connack[2] == 0x01)
    }

    /// Sends a packet in the notation.
    pub(super) async fn send(&mut self, line: &str) {
        let bytes = parse_packet(line, VERSION).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
    }

    /// Sends PUBACK, PUBREC, PUBREL or PUBCOMP.
    pub(super) async fn acknowledge(&mut self, first: u8, id: u16) {
        let [high, low] = id.to_be_bytes();
        let bytes = [first, 2, high, low];
        self.stream.write_all(&bytes).await.unwrap();
    }

    /// The next packet; `None` at the end of the connection.
    pub(super) async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(frame) = self.framer.next_frame().unwrap() {
                return Some(frame);
            }
            let mut buffer = [0; 16 << 10];
            match self.stream.read(&mut buffer).await {
                Ok(len @ 1..) => self.framer.push(&buffer[..len]),
                Ok(0) | Err(_) => return None,
            }
        }
    }

    pub(super) async fn expect(&mut self, line: &str) {
        let frame = self.next().await.unwrap();
        assert_eq!(print_bytes(&frame, VERSION, Sender::Server), line);
    }

    /// Takes the next message, and does what its QoS demands.
    pub(super) async fn take(&mut self) -> Taken {
        loop {
            let frame = self.next().await.unwrap();
            if frame[0] == 0x62 {
                let id = u16::from_be_bytes([frame[2], frame[3]]);
                self.acknowledge(0x70, id).await;
                continue;
            }
            let Ok(Split::Frame(found)) = Frame::split(&frame, VERSION) else {
                panic!("{frame:?}")
            };
            if found.packet_type() != Some(PacketType::Publish) {
                continue;
            }
            let Ok(Packet::Publish(publish)) = Packet::decode(&found, VERSION, Sender::Server)
            else {
                panic!("{frame:?}")
            };
            let taken = Taken {
                topic: publish.topic.unwrap().as_str().to_owned(),
                payload: String::from_utf8(publish.payload.to_vec()).unwrap(),
                delivery: publish.delivery,
            };
            match taken.delivery {
                Delivery::AtMostOnce => {}
                Delivery::AtLeastOnce { packet_id, .. } => {
                    self.acknowledge(0x40, packet_id.get()).await;
                }
                Delivery::ExactlyOnce { packet_id, .. } => {
                    self.acknowledge(0x50, packet_id.get()).await;
                }
            }
            return taken;
        }
    }
}
