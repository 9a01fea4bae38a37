//! The checks of a property section (5.0, section 2.2.2).

use super::set::Contents;
use super::{Properties, PropertyId, PropertyPlace, PropertyType};
use crate::error::{DecodeErrorKind, EncodeError, Field, Refusal};
use crate::packet::Sender;
use crate::wire::{
    self, Reader, STRING_LENGTH_LEN, Sink, VARIABLE_BYTE_INTEGER_LEN_MAX, VariableByteInteger,
};

impl<'a> Properties<'a> {
    /// Reads a property length with the properties behind it.
    #[inline(always)]
    pub(crate) fn decode<E: Refusal>(
        reader: &mut Reader<'a, E>,
        place: PropertyPlace,
    ) -> Result<Self, E> {
        let field = match place {
            PropertyPlace::Will => Field::WillPropertyLength,
            PropertyPlace::Connect
            | PropertyPlace::Connack
            | PropertyPlace::Publish
            | PropertyPlace::Puback
            | PropertyPlace::Pubrec
            | PropertyPlace::Pubrel
            | PropertyPlace::Pubcomp
            | PropertyPlace::Subscribe
            | PropertyPlace::Suback
            | PropertyPlace::Unsubscribe
            | PropertyPlace::Unsuback
            | PropertyPlace::Disconnect
            | PropertyPlace::Auth => Field::PropertyLength,
        };
        let start = reader.offset();
        let len = usize::try_from(reader.variable(field)?).unwrap_or(usize::MAX);
        if len == 0 {
            if place == PropertyPlace::Auth {
                return Err(reader.error_at(DecodeErrorKind::AuthenticationMethodMissing, start));
            }
            return Ok(Self::EMPTY);
        }
        let Some(section) = reader.nested(len) else {
            return Err(reader.error_at(DecodeErrorKind::PropertyLengthTooLong(field), start));
        };
        let bytes = section.rest();
        let contents = check_section(section, place, start)?;
        Ok(Self { bytes, contents })
    }

    /// Whether they may stand in a place, as often as they do, with the values that they have.
    #[inline]
    pub(crate) fn are_allowed_in(&self, place: PropertyPlace) -> bool {
        self.contents.are_allowed_in(place)
    }

    /// Whether one of them has this identifier.
    #[inline]
    pub(crate) const fn has(&self, id: PropertyId) -> bool {
        self.contents.has(id)
    }

    /// Writes the property length and the properties.
    #[inline]
    pub(crate) fn encode(&self, sink: &mut impl Sink) -> Result<(), EncodeError> {
        let len = self.bytes.len();
        let Ok(number @ 0..=wire::VARIABLE_BYTE_INTEGER_MAX) = u32::try_from(len) else {
            return Err(EncodeError::PacketTooLong { len });
        };
        sink.variable(number);
        sink.put(self.bytes);
        Ok(())
    }
}

fn check_section<E: Refusal>(
    mut section: Reader<'_, E>,
    place: PropertyPlace,
    start: usize,
) -> Result<Contents, E> {
    let sender = section.context().sender;
    let mut seen = Contents::EMPTY;
    let mut data_at = start;
    while !section.is_empty() {
        let at = section.offset();
        let code = section.byte(Field::PropertyIdentifier)?;
        let Some(id) = seen.next(code, place, sender) else {
            let kind = misplaced(code, section.rest(), place, sender);
            return Err(section.error_at(kind, at));
        };
        if id == PropertyId::AuthenticationData {
            data_at = at;
        }
        check_value(id, &mut section)?;
    }
    if seen.has(PropertyId::AuthenticationMethod) {
        return Ok(seen);
    }
    // Of CONNACK no section says so.
    if place == PropertyPlace::Connect && seen.has(PropertyId::AuthenticationData) {
        return Err(section.error_at(DecodeErrorKind::AuthenticationDataWithoutMethod, data_at));
    }
    if place == PropertyPlace::Auth {
        return Err(section.error_at(DecodeErrorKind::AuthenticationMethodMissing, start));
    }
    Ok(seen)
}

/// Why a property may not stand where it is.
#[cold]
fn misplaced(code: u8, rest: &[u8], place: PropertyPlace, sender: Sender) -> DecodeErrorKind {
    let Some(property) = PropertyId::from_code(code) else {
        return unknown(code, rest);
    };
    if !property.is_allowed_in(place) {
        return DecodeErrorKind::PropertyNotAllowed { property, place };
    }
    if property.is_never_from(sender, place) {
        return DecodeErrorKind::PropertyWrongSender { property, sender };
    }
    DecodeErrorKind::PropertyRepeated { property, place }
}

/// What is wrong with an identifier that no property has: a variable byte integer, of which all that are known take one
/// byte (section 2.2.2.2).
fn unknown(code: u8, rest: &[u8]) -> DecodeErrorKind {
    let field = Field::PropertyIdentifier;
    let mut bytes = [code; VARIABLE_BYTE_INTEGER_LEN_MAX];
    for (byte, &next) in bytes.iter_mut().skip(1).zip(rest) {
        *byte = next;
    }
    let bytes = bytes.get(..=rest.len()).unwrap_or(&bytes);
    match wire::variable_byte_integer(bytes) {
        VariableByteInteger::Number(number, _) => DecodeErrorKind::UnknownProperty(number),
        VariableByteInteger::Cut => DecodeErrorKind::Truncated(field),
        VariableByteInteger::TooLong => DecodeErrorKind::VariableByteIntegerTooLong(field),
        VariableByteInteger::NotMinimal => DecodeErrorKind::VariableByteIntegerNotMinimal(field),
    }
}

/// Reads a value and checks it.
#[inline]
pub(super) fn check_value<E: Refusal>(
    id: PropertyId,
    section: &mut Reader<'_, E>,
) -> Result<(), E> {
    let field = Field::Property(id);
    let at = section.offset();
    let number = match id.value_type() {
        PropertyType::Byte => u32::from(section.byte(field)?),
        PropertyType::TwoByteInteger => u32::from(section.two_byte(field)?),
        PropertyType::FourByteInteger => section.four_byte(field)?,
        PropertyType::VariableByteInteger => section.variable(field)?,
        PropertyType::Utf8String => {
            let text = section.text_bytes(field)?;
            if id == PropertyId::ResponseTopic {
                return check_response_topic(text, section, at);
            }
            return Ok(());
        }
        PropertyType::BinaryData => {
            section.binary(field)?;
            return Ok(());
        }
        PropertyType::Utf8StringPair => {
            section.text_bytes(field)?;
            section.text_bytes(field)?;
            return Ok(());
        }
    };
    if id.allows(number) {
        return Ok(());
    }
    let (property, value) = (id, number);
    Err(section.error_at(DecodeErrorKind::PropertyValue { property, value }, at))
}

/// Checks the response topic whose length stands at an offset.
fn check_response_topic<E: Refusal>(
    topic: &[u8],
    section: &Reader<'_, E>,
    at: usize,
) -> Result<(), E> {
    let field = Field::Property(PropertyId::ResponseTopic);
    if topic.is_empty() {
        return Err(section.error_at(DecodeErrorKind::EmptyTopic(field), at));
    }
    match topic.iter().position(|byte| matches!(byte, b'+' | b'#')) {
        Some(index) => {
            let offset = at + STRING_LENGTH_LEN + index;
            Err(section.error_at(DecodeErrorKind::WildcardInTopic(field), offset))
        }
        None => Ok(()),
    }
}

impl PropertyId {
    /// Whether a number may be its value.
    #[inline]
    const fn allows(self, number: u32) -> bool {
        match self {
            Self::PayloadFormatIndicator
            | Self::RequestProblemInformation
            | Self::RequestResponseInformation
            | Self::MaximumQos
            | Self::RetainAvailable
            | Self::WildcardSubscriptionAvailable
            | Self::SubscriptionIdentifierAvailable
            | Self::SharedSubscriptionAvailable => number <= 1,
            Self::ReceiveMaximum
            | Self::TopicAlias
            | Self::SubscriptionIdentifier
            | Self::MaximumPacketSize => number != 0,
            Self::MessageExpiryInterval
            | Self::ContentType
            | Self::ResponseTopic
            | Self::CorrelationData
            | Self::SessionExpiryInterval
            | Self::AssignedClientIdentifier
            | Self::ServerKeepAlive
            | Self::AuthenticationMethod
            | Self::AuthenticationData
            | Self::WillDelayInterval
            | Self::ResponseInformation
            | Self::ServerReference
            | Self::ReasonString
            | Self::TopicAliasMaximum
            | Self::UserProperty => true,
        }
    }

    /// Whether this side never sends it there, while the other may.
    pub(super) const fn is_never_from(self, sender: Sender, place: PropertyPlace) -> bool {
        match (self, place) {
            (Self::SubscriptionIdentifier, PropertyPlace::Publish)
            | (Self::ServerReference, PropertyPlace::Disconnect) => {
                matches!(sender, Sender::Client)
            }
            (Self::SessionExpiryInterval, PropertyPlace::Disconnect) => {
                matches!(sender, Sender::Server)
            }
            _ => false,
        }
    }

    /// Whether it may stand there more than once (section 2.2.2.2).
    #[must_use]
    pub const fn is_repeatable_in(self, place: PropertyPlace) -> bool {
        matches!(
            (self, place),
            (Self::UserProperty, _) | (Self::SubscriptionIdentifier, PropertyPlace::Publish)
        )
    }
}
