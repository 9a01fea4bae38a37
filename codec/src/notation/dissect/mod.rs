//! The lenient reading of a packet: its fields with their bytes, however wrong, and all that is wrong with it.
//!
//! Nothing here judges. The fields are walked without any check, and what is wrong is what the strict decoder says.

mod draft;
mod violations;
mod walk;

use std::ops::Range;

use super::{Draft, Value};
use crate::error::DecodeError;
use crate::frame::{Frame, Split};
use crate::packet::{Packet, PacketType, Sender};
use crate::version::ProtocolVersion;

/// A packet taken apart, valid or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Dissection {
    /// The packet type, unless its number is reserved.
    pub packet_type: Option<PacketType>,
    /// The version by whose layout the packet was read: that of a CONNECT is its own.
    pub version: ProtocolVersion,
    /// The fields in wire order. They cover the packet without a gap, from its first byte to its last.
    pub parts: Vec<Part>,
    /// What is wrong, in the order in which a strict decoder that went on would find it.
    ///
    /// The list ends early where an error leaves open what the bytes behind it are, and at 16 errors.
    pub violations: Vec<DecodeError>,
    /// The packet in the notation, if that writes exactly these bytes.
    pub draft: Option<Draft>,
}

/// A field of a packet, with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Part {
    /// Its name in the notation; also `first-byte`, `remaining-length`, `property-length`, `unknown-property` and
    /// `trailing-bytes`, which no notation has.
    pub name: &'static str,
    /// Its value; `None` where the packet, or the property section, ends within the field.
    pub value: Option<Value>,
    /// Its bytes, counted from the packet's first; the length before a string and the identifier before a property
    /// are among them.
    pub range: Range<usize>,
}

impl Dissection {
    /// Takes the first packet of a byte string apart, or what there is of it.
    #[must_use]
    pub fn of(bytes: &[u8], version: ProtocolVersion, sender: Sender) -> Self {
        let frame = match Frame::split(bytes, version) {
            Ok(Split::Frame(frame)) => frame,
            Ok(Split::NeedMore(_)) => return Self::of_no_frame(bytes, version, None),
            Err(error) => return Self::of_no_frame(bytes, version, Some(error)),
        };
        let walked = walk::walk(frame.as_bytes(), frame.header_len(), version);
        let draft = match Packet::decode(&frame, version, sender) {
            Ok(packet) => Some(Draft::of(&packet, version)),
            Err(_) => draft::of(&walked, frame.as_bytes(), version),
        };
        Self {
            packet_type: frame.packet_type(),
            version: walked.version,
            parts: walked.parts,
            violations: violations::of(&frame, version, sender),
            draft,
        }
    }

    /// What can be said of bytes that are no whole frame.
    fn of_no_frame(bytes: &[u8], version: ProtocolVersion, error: Option<DecodeError>) -> Self {
        let header_len = walk::header_len(bytes);
        let walked = if error.is_none() {
            walk::walk(bytes, header_len, version)
        } else {
            walk::header(bytes, version)
        };
        Self {
            packet_type: walked.packet_type,
            version: walked.version,
            parts: walked.parts,
            violations: Vec::from_iter(error),
            draft: None,
        }
    }
}
