//! What passed a broker's connections, for people to read.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::frame::{Frame, Split};
use mqtt_assay_codec::notation;
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::{Framer, PacketType, ProtocolVersion};

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
    /// The packet in the notation, or `closed`.
    pub packet: String,
    /// Its bytes.
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
}

impl Watch {
    pub(super) fn new() -> Self {
        let version = ProtocolVersion::V3_1_1;
        Self {
            framer: Framer::new(version, usize::MAX),
            version,
        }
    }

    /// The packets that end in these bytes.
    pub(super) fn packets_in(&mut self, bytes: &[u8]) -> Vec<(String, Bytes)> {
        self.framer.push(bytes);
        let mut packets = Vec::new();
        while let Ok(Some(bytes)) = self.framer.next_frame() {
            if let Ok(Split::Frame(frame)) = Frame::split(&bytes, self.version)
                && frame.packet_type() == Some(PacketType::Connect)
                && let Ok(version) = Connect::version_of(&frame)
            {
                self.version = version;
                self.framer.set_version(version);
            }
            let text = notation::print_bytes(&bytes, self.version, Sender::Client);
            packets.push((text, bytes));
        }
        packets
    }

    pub(super) fn packet_out(&self, bytes: &[u8]) -> String {
        notation::print_bytes(bytes, self.version, Sender::Server)
    }
}
