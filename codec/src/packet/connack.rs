//! CONNACK (section 3.2).

use super::writer::Body;
use super::{PacketType, Sender, outcome};
use crate::error::{DecodeErrorKind, EncodeError, Field, Refusal};
use crate::property::{Properties, PropertyPlace};
use crate::reason::ReasonCode;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// The server's answer to CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Connack<'a> {
    /// Whether the server has session state for this client.
    pub session_present: bool,
    /// The reason code, or the return code 0 to 5 of 3.1.1 (section 3.2.2.3).
    pub reason: ReasonCode,
    /// The properties (5.0).
    pub properties: Properties<'a>,
}

impl<'a> Connack<'a> {
    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        let flags_at = reader.offset();
        let flags = reader.byte(Field::ConnackFlags)?;
        if flags > 1 {
            return Err(reader.error_at(DecodeErrorKind::ReservedConnackFlags(flags), flags_at));
        }
        let session_present = flags == 1;
        let reason = outcome::decode_reason(reader, PacketType::Connack)?;
        if session_present && reason != ReasonCode::SUCCESS {
            let kind = DecodeErrorKind::SessionPresentWithError(reason);
            return Err(reader.error_at(kind, flags_at));
        }
        let properties = if reader.context().version.has_properties() {
            Properties::decode(reader, PropertyPlace::Connack)?
        } else {
            Properties::EMPTY
        };
        Ok(Self {
            session_present,
            reason,
            properties,
        })
    }
}

impl Body for Connack<'_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        let is_allowed =
            |reason: ReasonCode| reason.is_allowed_in(PacketType::Connack, version, Sender::Either);
        (self.reason == ReasonCode::SUCCESS || (!self.session_present && is_allowed(self.reason)))
            && (!version.has_properties() || self.properties.are_allowed_in(PropertyPlace::Connack))
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        sink.byte(u8::from(self.session_present));
        sink.byte(self.reason.code());
        if version.has_properties() {
            self.properties.encode(sink)?;
        }
        Ok(())
    }
}
