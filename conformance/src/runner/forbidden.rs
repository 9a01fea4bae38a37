//! A packet that the specification forbids, in words: it is read as far as it can be.

use mqtt_assay_codec::notation::{Dissection, Draft};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, PacketType, ProtocolVersion};

/// What can be said of such a packet.
pub(super) struct Forbidden {
    /// The packet, where the notation can write its very bytes.
    pub(super) draft: Option<Draft>,
    /// What is wrong with it.
    pub(super) message: String,
}

/// Reads a packet of the broker that the strict decoder refused with `error`.
pub(super) fn read(bytes: &[u8], version: ProtocolVersion, error: &DecodeError) -> Forbidden {
    let Dissection {
        draft, violations, ..
    } = Dissection::of(bytes, version, Sender::Server);
    let mut message = format!("the broker sent a packet that the specification forbids: {error}");
    let others = violations.iter().filter(|other| *other != error);
    for (index, other) in others.take(OTHERS_MAX).enumerate() {
        let separator = if index == 0 { "; besides: " } else { "; " };
        message = format!("{message}{separator}{other}");
    }
    Forbidden { draft, message }
}

/// How many errors besides the first are told.
const OTHERS_MAX: usize = 3;

/// Whether a malformed packet is a CONNACK that accepts, in the form of this version: who does not speak 5.0 may answer
/// in the form of 3.1.1, which has no properties.
pub(super) fn accepts(frame: &[u8], version: ProtocolVersion) -> bool {
    let is_length = |byte: &&u8| **byte & 0x80 != 0;
    let Some((first, rest)) = frame.split_first() else {
        return false;
    };
    let body = rest
        .iter()
        .skip(rest.iter().take_while(is_length).count() + 1);
    let len_min = if version.has_properties() { 3 } else { 2 };
    first >> 4 == PacketType::Connack.number()
        && body.clone().count() >= len_min
        && body.clone().nth(1) == Some(&0)
}
