//! What must hold for any input; each function panics where it does not.

pub mod broker;
mod decode;
mod generated;
mod scenario;
mod stream;
mod text;
mod topic;

pub use self::broker::broker;
pub use decode::decode;
pub use generated::{rejection, round_trip};
pub use scenario::scenario;
pub use stream::stream;
pub use text::notation;
pub use topic::topic;

use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::packet::Sender;

/// A name, and the function that judges an input.
pub type Oracle = (&'static str, fn(&[u8]));

/// Every oracle, by the name of its target.
pub const ALL: [Oracle; 8] = [
    ("decode", decode),
    ("stream", stream),
    ("round_trip", round_trip),
    ("rejection", rejection),
    ("topic", topic),
    ("notation", notation),
    ("scenario", scenario),
    ("broker", broker),
];

/// The version and the sender that a byte stands for.
pub(crate) fn context_of(byte: u8) -> (ProtocolVersion, Sender) {
    let version = if byte & 1 == 0 {
        ProtocolVersion::V3_1_1
    } else {
        ProtocolVersion::V5_0
    };
    let sender = match byte >> 1 & 0b11 {
        0 => Sender::Client,
        1 => Sender::Server,
        _ => Sender::Either,
    };
    (version, sender)
}

/// The byte that stands for a version and a sender.
pub(crate) fn context_byte(version: ProtocolVersion, sender: Sender) -> u8 {
    let sender = match sender {
        Sender::Client => 0,
        Sender::Server => 1,
        Sender::Either => 2,
    };
    u8::from(version == ProtocolVersion::V5_0) | sender << 1
}
