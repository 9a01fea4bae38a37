//! All that is wrong with a packet: each error is mended in a copy, and the strict decoder asked again.

use crate::error::{DecodeError, DecodeErrorKind};
use crate::frame::{Frame, Split};
use crate::packet::{Packet, PacketType, Sender};
use crate::property::PropertyType;
use crate::version::ProtocolVersion;

/// What is wrong with a frame, in the order of its bytes.
///
/// The list ends where an error cannot be mended without moving bytes: what stands behind it is then unknown.
pub(super) fn of(frame: &Frame<'_>, version: ProtocolVersion, sender: Sender) -> Vec<DecodeError> {
    let mut found = Vec::new();
    let mut copy = Copy {
        bytes: Vec::new(),
        sender,
    };
    let mut frame = *frame;
    let mut bytes: Vec<u8>;
    while found.len() < VIOLATIONS_MAX
        && let Err(error) = Packet::decode(&frame, version, copy.sender)
    {
        copy.bytes = frame.as_bytes().to_vec();
        let is_mended = copy.mend(&error).is_some();
        found.push(error);
        if !is_mended {
            break;
        }
        bytes = std::mem::take(&mut copy.bytes);
        let Ok(Split::Frame(mended)) = Frame::split(&bytes, version) else {
            break;
        };
        frame = mended;
    }
    found
}

/// No trace wants more; a payload of errors must not take time that grows with its square.
const VIOLATIONS_MAX: usize = 16;

/// A packet that is made valid, one error after the other.
struct Copy {
    bytes: Vec<u8>,
    sender: Sender,
}

impl Copy {
    /// Puts something legal in the place of an error, of the same length; `None` if nothing could be.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the kinds that need bytes to move"
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
            _ => return None,
        }
        Some(())
    }

    /// Clears what is reserved in the options of a subscription (section 3.8.3.1).
    fn mend_options(&mut self, at: usize, version: ProtocolVersion) -> Option<()> {
        let allowed = if version.has_properties() { 0x3f } else { 0x03 };
        self.change(at, |options| options & allowed)
    }

    /// Changes a byte, which must then be another one: else the same error would be found for ever.
    fn change(&mut self, at: usize, change: impl Fn(u8) -> u8) -> Option<()> {
        let byte = self.bytes.get_mut(at)?;
        let changed = change(*byte);
        (changed != *byte).then(|| *byte = changed)
    }
}
