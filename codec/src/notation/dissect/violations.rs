//! All that is wrong with a packet: each error is mended in a copy, and the strict decoder asked again.

use std::ops::Range;

use super::walk;
use super::{Part, Value};
use crate::error::{DecodeError, DecodeErrorKind, Field};
use crate::frame::Frame;
use crate::packet::{Packet, PacketType, Sender};
use crate::property::PropertyType;
use crate::version::ProtocolVersion;
use crate::wire::Sink as _;

/// What is wrong with a frame, in the order in which the decoder finds it.
///
/// The list ends where an error leaves open what the bytes behind it are.
pub(super) fn of(frame: &Frame<'_>, version: ProtocolVersion, sender: Sender) -> Vec<DecodeError> {
    let mut found = Vec::new();
    if Packet::decode(frame, version, sender).is_ok() {
        return found;
    }
    let mut copy = Copy {
        bytes: frame.as_bytes().to_vec(),
        changes: Vec::new(),
        header_len: frame.header_len(),
        version,
        sender,
    };
    while found.len() < VIOLATIONS_MAX
        && let Some(frame) = Frame::without_end(&copy.bytes)
        && let Err(error) = Packet::decode(&frame, version, copy.sender)
    {
        let origin = copy.origin(error.offset());
        let is_mended = copy.mend(&error).is_some();
        found.push(error.moved_to(origin));
        if !is_mended {
            break;
        }
    }
    found
}

/// No trace wants more; a payload of errors must not take time that grows with its square.
const VIOLATIONS_MAX: usize = 16;

/// A packet that is made valid, one error after the other. What its remaining length says does not matter.
struct Copy {
    bytes: Vec<u8>,
    /// What has other length than in the packet, in the order in which it was changed.
    changes: Vec<Change>,
    header_len: usize,
    version: ProtocolVersion,
    sender: Sender,
}

/// Bytes in the place of others.
struct Change {
    at: usize,
    removed: usize,
    inserted: usize,
}

impl Copy {
    /// Where a byte of the copy stood in the packet; for one that is new, where it was put.
    fn origin(&self, at: usize) -> usize {
        self.changes.iter().rev().fold(at, |at, change| {
            if at < change.at + change.inserted {
                at.min(change.at)
            } else {
                at - change.inserted + change.removed
            }
        })
    }

    /// Puts something legal in the place of an error; `None` if nothing could be.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other function has more kinds"
    )]
    fn mend(&mut self, error: &DecodeError) -> Option<()> {
        use DecodeErrorKind as Kind;

        let at = error.offset();
        match error.kind() {
            Kind::WrongSender(_) | Kind::PropertyWrongSender { .. } => {
                self.sender = Sender::Either;
            }
            Kind::ReservedFlags { allowed, .. } => {
                self.change(0, |first| first & 0xf0 | allowed)?
            }
            // QoS 3 has a packet identifier as QoS 2 has.
            Kind::PublishQosThree => self.change(0, |first| first & !0b0010)?,
            Kind::DupWithoutQos => self.change(0, |first| first & !0b1000)?,
            Kind::IllFormedUtf8(_)
            | Kind::NulCharacter(_)
            | Kind::WildcardInTopic(_)
            | Kind::MultiLevelWildcard
            | Kind::SingleLevelWildcard => self.change(at, |_| b'?')?,
            // Any number but zero will do.
            Kind::PacketIdZero => self.change(at, |_| 1)?,
            Kind::PropertyValue { property, .. } => match property.value_type() {
                PropertyType::Byte => self.change(at, |_| 0)?,
                PropertyType::TwoByteInteger
                | PropertyType::FourByteInteger
                | PropertyType::VariableByteInteger => self.change(at, |_| 1)?,
                PropertyType::Utf8String
                | PropertyType::BinaryData
                | PropertyType::Utf8StringPair => return None,
            },
            Kind::ReasonNotAllowed(_) => {
                // What AUTH may say whoever sends it; any other packet may say 0x00.
                let is_auth = error.packet_type() == Some(PacketType::Auth);
                self.change(at, |_| if is_auth { 0x18 } else { 0x00 })?;
            }
            Kind::ReservedConnectFlag => self.change(at, |flags| flags & !0x01)?,
            Kind::WillQosThree | Kind::WillQosWithoutWill => {
                self.change(at, |flags| flags & !0x18)?
            }
            Kind::WillRetainWithoutWill => self.change(at, |flags| flags & !0x20)?,
            Kind::ReservedConnackFlags(_) => self.change(at, |flags| flags & 0x01)?,
            Kind::SessionPresentWithError(_) => self.change(at, |_| 0)?,
            Kind::ReservedSubscriptionOptions(_) => self.mend_options(at, error.version())?,
            Kind::SubscriptionQosThree => self.change(at, |options| options & !0x03)?,
            Kind::RetainHandlingThree => self.change(at, |options| options & !0x30)?,
            Kind::NoLocalOnSharedSubscription => self.change(at, |options| options & !0x04)?,
            _ => self.mend_by_length(error)?,
        }
        Some(())
    }

    /// As [`Self::mend`], where bytes are too many or too few.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the kinds that leave open what the bytes behind them are"
    )]
    fn mend_by_length(&mut self, error: &DecodeError) -> Option<()> {
        use DecodeErrorKind as Kind;

        let at = error.offset();
        match error.kind() {
            Kind::PropertyNotAllowed { .. }
            | Kind::PropertyRepeated { .. }
            | Kind::UnknownProperty(_)
            | Kind::AuthenticationDataWithoutMethod
            | Kind::Truncated(Field::PropertyIdentifier | Field::Property(_))
            | Kind::VariableByteIntegerTooLong(Field::PropertyIdentifier | Field::Property(_))
            | Kind::VariableByteIntegerNotMinimal(Field::PropertyIdentifier) => {
                self.remove_property(at)?;
            }
            Kind::VariableByteIntegerNotMinimal(_) => self.shorten_number(at)?,
            Kind::EmptyTopic(_) => self.replace(at..at + 2, b"\0\x01?")?,
            Kind::EmptyShareName | Kind::SharedSubscription => self.mend_share(at)?,
            Kind::ProtocolName => {
                let name = self.part_at(at)?.range;
                self.replace(name, b"\0\x04MQTT")?;
            }
            Kind::EmptyClientId => {
                let flags = self.part("connect-flags")?.range.start;
                self.change(flags, |flags| flags | 0x02)?;
            }
            Kind::PasswordWithoutUserName => match self.part("password") {
                Some(password) => {
                    let start = password.range.start;
                    self.replace(start..start, b"\0\0")?;
                    self.change(at, |flags| flags | 0x80)?;
                }
                None => self.change(at, |flags| flags & !0x40)?,
            },
            _ => return None,
        }
        Some(())
    }

    /// Clears what is reserved in the options of a subscription (section 3.8.3.1).
    fn mend_options(&mut self, at: usize, version: ProtocolVersion) -> Option<()> {
        let allowed = if version.has_properties() { 0x3f } else { 0x03 };
        self.change(at, |options| options & allowed)
    }

    /// Takes a property out of its section; where it has no end, or nobody knows it, all that stands behind it there.
    fn remove_property(&mut self, at: usize) -> Option<()> {
        let property = self.part_at(at)?.range;
        self.replace(property, b"")
    }

    /// Writes a variable byte integer in its shortest form.
    fn shorten_number(&mut self, at: usize) -> Option<()> {
        let part = self.part_at(at)?;
        let Some(Value::Number(number)) = part.value else {
            return None;
        };
        let mut shortest = Vec::new();
        shortest.variable(number);
        self.replace(at..part.range.end, &shortest)
    }

    /// Makes a wildcard in a share name an ordinary character, and any other shared subscription an ordinary one.
    fn mend_share(&mut self, at: usize) -> Option<()> {
        if matches!(self.bytes.get(at), Some(b'+' | b'#')) {
            return self.change(at, |_| b'?');
        }
        let text = self.part_at(at)?.range.start + 2;
        self.change(text, |_| b'?')
    }

    /// Puts bytes in the place of others, and corrects the length of the property section in which that is.
    fn replace(&mut self, range: Range<usize>, with: &[u8]) -> Option<()> {
        let section = self.section_at(range.start);
        let old_len = self.bytes.get(range.clone())?.len();
        self.changes.push(Change {
            at: range.start,
            removed: old_len,
            inserted: with.len(),
        });
        self.bytes.splice(range, with.iter().copied());
        if let Some((length, section_len)) = section {
            let mut number = Vec::new();
            let section_len = section_len + with.len() - old_len;
            number.variable(u32::try_from(section_len).ok()?);
            self.replace(length, &number)?;
        }
        Some(())
    }

    /// The property length that counts a byte: where it stands, and how many bytes follow it.
    fn section_at(&self, at: usize) -> Option<(Range<usize>, usize)> {
        let is_length =
            |part: &Part| matches!(part.name, "property-length" | "will-property-length");
        self.parts().into_iter().filter(is_length).find_map(|part| {
            let Some(Value::Number(len)) = part.value else {
                return None;
            };
            let len = usize::try_from(len).ok()?;
            let section = part.range.end..part.range.end + len;
            section.contains(&at).then_some((part.range, len))
        })
    }

    fn part(&self, name: &str) -> Option<Part> {
        self.parts().into_iter().find(|part| part.name == name)
    }

    fn part_at(&self, at: usize) -> Option<Part> {
        let mut parts = self.parts().into_iter();
        parts.find(|part| part.range.contains(&at))
    }

    fn parts(&self) -> Vec<Part> {
        walk::walk(&self.bytes, self.header_len, self.version).parts
    }

    /// Changes a byte, which must then be another one: else the same error would be found for ever.
    fn change(&mut self, at: usize, change: impl Fn(u8) -> u8) -> Option<()> {
        let byte = self.bytes.get_mut(at)?;
        let changed = change(*byte);
        (changed != *byte).then(|| *byte = changed)
    }
}
