//! What passed a broker's connections, for people to read.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::frame::{Frame, Split};
use mqtt_assay_codec::notation::{self, Draft};
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::{Framer, Packet, PacketType, ProtocolVersion};

use super::connection::ConnectionId;

/// What is told of every packet.
pub type Trace = Arc<dyn Fn(&TraceEvent) + Send + Sync>;

/// One packet, or the end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceEvent {
    /// The time since the broker started.
    pub time: Duration,
    /// Which connection.
    pub connection: ConnectionId,
    /// Which way.
    pub direction: Direction,
    /// The packet in the notation, or `closed`. A password is not shown.
    pub packet: String,
    /// Its bytes, a password among them.
    pub bytes: Bytes,
}

/// Which way a packet went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Direction {
    /// From the client.
    In,
    /// To the client.
    Out,
}

impl fmt::Display for TraceEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = match self.direction {
            Direction::In => "->",
            Direction::Out => "<-",
        };
        let seconds = self.time.as_secs_f64();
        write!(
            f,
            "{seconds:9.3} {} {arrow} {}",
            self.connection, self.packet
        )
    }
}

/// Cuts what a client sends into packets, beside the broker, so that a trace shows what the broker cannot read.
pub(super) struct Watch {
    framer: Framer,
    version: ProtocolVersion,
    /// Whether nothing that follows can be read.
    is_lost: bool,
}

impl Watch {
    pub(super) fn new() -> Self {
        let version = ProtocolVersion::V3_1_1;
        Self {
            framer: Framer::new(version, usize::MAX),
            version,
            is_lost: false,
        }
    }

    /// The packets that end in these bytes.
    pub(super) fn packets_in(&mut self, bytes: &[u8]) -> Vec<(String, Bytes)> {
        self.framer.push(bytes);
        let mut packets = Vec::new();
        loop {
            match self.framer.next_frame() {
                Ok(Some(bytes)) => packets.push((self.packet_in(&bytes), bytes)),
                Ok(None) => return packets,
                Err(_) if self.is_lost => return packets,
                Err(error) => {
                    self.is_lost = true;
                    let pending = self.framer.pending();
                    let header = pending.get(..HEADER_LEN_MAX).unwrap_or(pending);
                    let text = format!("hex {} .. {error}", notation::hex(header));
                    packets.push((text, Bytes::copy_from_slice(header)));
                }
            }
        }
    }

    fn packet_in(&mut self, bytes: &[u8]) -> String {
        if let Ok(Split::Frame(frame)) = Frame::split(bytes, self.version)
            && frame.packet_type() == Some(PacketType::Connect)
        {
            if let Ok(version) = Connect::version_of(&frame) {
                self.version = version;
                self.framer.set_version(version);
            }
            return print_connect(&frame, self.version);
        }
        notation::print_bytes(bytes, self.version, Sender::Client)
    }

    pub(super) fn packet_out(&self, bytes: &[u8]) -> String {
        notation::print_bytes(bytes, self.version, Sender::Server)
    }
}

/// A CONNECT in the notation, without its password.
fn print_connect(frame: &Frame<'_>, version: ProtocolVersion) -> String {
    match Packet::decode(frame, version, Sender::Client) {
        Ok(Packet::Connect(connect)) => {
            let connect = Connect {
                password: connect.password.map(|_| HIDDEN),
                ..connect
            };
            Draft::of(&Packet::Connect(connect), version).to_string()
        }
        // Where the password of such a CONNECT stands, and whether it has one, is not known.
        Ok(_) => format!("CONNECT of {} bytes", frame.len()),
        Err(error) => format!("CONNECT of {} bytes: {error}", frame.len()),
    }
}

/// What stands for a password.
const HIDDEN: &[u8] = b"***";
/// The longest fixed header, in bytes.
const HEADER_LEN_MAX: usize = 5;
