//! A packet that the specification forbids, in words: it is read as far as it can be.

use mqtt_assay_codec::notation::{Dissection, Draft};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, ProtocolVersion};

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
