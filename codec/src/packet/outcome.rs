//! The end that acknowledgements, DISCONNECT and AUTH share: a reason with properties.

use super::{PacketType, Sender};
use crate::error::{DecodeErrorKind, EncodeError, Field, Refusal};
use crate::property::{Properties, PropertyPlace};
use crate::reason::ReasonCode;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// A reason with its properties, in one of the three lengths that 5.0 allows (sections 3.4.2, 3.14.2, 3.15.2).
///
/// PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT and AUTH end with it. In 3.1.1 it takes no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome<'a> {
    reason: ReasonCode,
    properties: Properties<'a>,
    form: OutcomeForm,
}

/// How much of an outcome is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutcomeForm {
    /// Nothing: the reason is 0x00.
    Empty,
    /// The reason alone.
    Reason,
    /// The reason, the property length and the properties.
    Full,
}

impl<'a> Outcome<'a> {
    /// Reason 0x00, in the shortest form: nothing on the wire.
    pub const SUCCESS: Self = Self {
        reason: ReasonCode::SUCCESS,
        properties: Properties::EMPTY,
        form: OutcomeForm::Empty,
    };

    /// A reason, written out, without a property length.
    #[must_use]
    pub const fn new(reason: ReasonCode) -> Self {
        Self {
            reason,
            properties: Properties::EMPTY,
            form: OutcomeForm::Reason,
        }
    }

    /// A reason and properties, both written out, even if there are none.
    #[must_use]
    pub const fn with_properties(reason: ReasonCode, properties: Properties<'a>) -> Self {
        Self {
            reason,
            properties,
            form: OutcomeForm::Full,
        }
    }

    /// The reason; 0x00 where none is on the wire.
    #[must_use]
    pub const fn reason(&self) -> ReasonCode {
        self.reason
    }

    /// The properties; empty where none are on the wire.
    #[must_use]
    pub const fn properties(&self) -> Properties<'a> {
        self.properties
    }

    /// Whether a reason code is on the wire.
    #[must_use]
    pub const fn has_reason(&self) -> bool {
        !matches!(self.form, OutcomeForm::Empty)
    }

    /// Whether a property length is on the wire.
    #[must_use]
    pub const fn has_properties(&self) -> bool {
        matches!(self.form, OutcomeForm::Full)
    }

    /// Reads what is left of a packet.
    #[inline]
    pub(super) fn decode<E: Refusal>(
        reader: &mut Reader<'a, E>,
        packet: PacketType,
        place: PropertyPlace,
    ) -> Result<Self, E> {
        let context = reader.context();
        if !context.version.has_reason_codes() {
            return Ok(Self::SUCCESS);
        }
        if reader.is_empty() {
            // A reason that is left out is sent all the same, and in AUTH by a server alone (section 3.15.2.1).
            if packet == PacketType::Auth && context.sender == Sender::Client {
                return Err(reader.error(DecodeErrorKind::ReasonNotAllowed(ReasonCode::SUCCESS)));
            }
            return Ok(Self::SUCCESS);
        }
        let reason = decode_reason(reader, packet)?;
        // AUTH alone has no form that ends here: its method is a property (section 3.15.2.2.2).
        if reader.is_empty() && packet != PacketType::Auth {
            return Ok(Self::new(reason));
        }
        let properties = Properties::decode(reader, place)?;
        Ok(Self::with_properties(reason, properties))
    }

    /// Whether a decoder takes it, as [`Body::is_surely_valid`](super::writer::Body::is_surely_valid).
    #[inline]
    pub(super) fn is_surely_valid(
        &self,
        packet: PacketType,
        place: PropertyPlace,
        version: ProtocolVersion,
    ) -> bool {
        if !version.has_reason_codes() || !self.has_reason() {
            return true;
        }
        // Success may be said in every one of them.
        (self.reason == ReasonCode::SUCCESS
            || self.reason.is_allowed_in(packet, version, Sender::Either))
            && self.properties.are_allowed_in(place)
    }

    #[inline]
    pub(super) fn encode(
        &self,
        version: ProtocolVersion,
        sink: &mut impl Sink,
    ) -> Result<(), EncodeError> {
        if !version.has_reason_codes() || !self.has_reason() {
            return Ok(());
        }
        sink.byte(self.reason.code());
        if self.has_properties() {
            self.properties.encode(sink)?;
        }
        Ok(())
    }
}

/// Reads a reason code that the packet may carry.
#[inline]
pub(super) fn decode_reason<E: Refusal>(
    reader: &mut Reader<'_, E>,
    packet: PacketType,
) -> Result<ReasonCode, E> {
    let start = reader.offset();
    let reason = ReasonCode::new(reader.byte(Field::ReasonCode)?);
    let context = reader.context();
    if reason.is_allowed_in(packet, context.version, context.sender) {
        return Ok(reason);
    }
    Err(reader.error_at(DecodeErrorKind::ReasonNotAllowed(reason), start))
}

/// Whether reason codes may all stand in a packet, and there is one.
pub(super) fn are_allowed(reasons: &[u8], packet: PacketType, version: ProtocolVersion) -> bool {
    let is_allowed =
        |&code: &u8| ReasonCode::new(code).is_allowed_in(packet, version, Sender::Either);
    !reasons.is_empty() && reasons.iter().all(is_allowed)
}

/// Takes what is left of a packet as its reason codes: one at least, each of them allowed.
pub(super) fn decode_reasons<'a, E: Refusal>(
    reader: &mut Reader<'a, E>,
    packet: PacketType,
) -> Result<&'a [u8], E> {
    if reader.is_empty() {
        return Err(reader.error(DecodeErrorKind::NoReasons));
    }
    let reasons = reader.rest();
    while !reader.is_empty() {
        decode_reason(reader, packet)?;
    }
    Ok(reasons)
}
