//! The checks of a property section (5.0, section 2.2.2).

use super::set::Contents;
use super::{Properties, Property, PropertyId, PropertyPlace};
use crate::error::{DecodeError, DecodeErrorKind, EncodeError, Field};
use crate::packet::Sender;
use crate::wire::{Reader, Sink};

impl<'a> Properties<'a> {
    /// Reads a property length with the properties behind it.
    #[inline]
    pub(crate) fn decode(
        reader: &mut Reader<'a>,
        place: PropertyPlace,
    ) -> Result<Self, DecodeError> {
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
        let Some(mut section) = reader.nested(len) else {
            return Err(reader.error_at(DecodeErrorKind::PropertyLengthTooLong(field), start));
        };
        let bytes = section.rest();
        let contents = check_section(&mut section, place, start)?;
        Ok(Self { bytes, contents })
    }

    /// Writes the property length and the properties.
    #[inline]
    pub(crate) fn encode(
        &self,
        place: PropertyPlace,
        sink: &mut impl Sink,
    ) -> Result<(), EncodeError> {
        if !self.contents.are_allowed_in(place) {
            return Err(self.misplaced(place));
        }
        let len = self.bytes.len();
        let too_long = EncodeError::PacketTooLong { len };
        let number = u32::try_from(len).map_err(|_| too_long)?;
        if number > crate::wire::VARIABLE_BYTE_INTEGER_MAX {
            return Err(too_long);
        }
        sink.variable(number);
        sink.put(self.bytes);
        Ok(())
    }

    /// The first property that may not stand in a place, or not once more.
    #[cold]
    fn misplaced(&self, place: PropertyPlace) -> EncodeError {
        let mut contents = Contents::EMPTY;
        let mut last = PropertyId::UserProperty;
        for property in self.iter() {
            last = property.id();
            contents.add(last);
            if !contents.are_allowed_in(place) {
                break;
            }
        }
        let property = last;
        if property.is_allowed_in(place) {
            EncodeError::PropertyRepeated { property, place }
        } else {
            EncodeError::PropertyNotAllowed { property, place }
        }
    }
}

fn check_section(
    section: &mut Reader<'_>,
    place: PropertyPlace,
    start: usize,
) -> Result<Contents, DecodeError> {
    let mut seen = Contents::EMPTY;
    let mut data_at = start;
    while !section.is_empty() {
        let at = section.offset();
        let code = section.byte(Field::PropertyIdentifier)?;
        let Some(id) = PropertyId::from_code(code) else {
            return Err(section.error_at(DecodeErrorKind::UnknownProperty(code), at));
        };
        if let Err(kind) = check_place(id, place, section.context().sender, &mut seen) {
            return Err(section.error_at(kind, at));
        }
        if id == PropertyId::AuthenticationData {
            data_at = at;
        }
        let value_at = section.offset();
        let property = Property::read(id, section)?;
        if let Err((kind, offset)) = check_value(property) {
            return Err(section.error_at(kind, value_at + offset));
        }
    }
    let has_method = seen.has(PropertyId::AuthenticationMethod);
    if seen.has(PropertyId::AuthenticationData) && !has_method {
        return Err(section.error_at(DecodeErrorKind::AuthenticationDataWithoutMethod, data_at));
    }
    if place == PropertyPlace::Auth && !has_method {
        return Err(section.error_at(DecodeErrorKind::AuthenticationMethodMissing, start));
    }
    Ok(seen)
}

#[inline]
fn check_place(
    property: PropertyId,
    place: PropertyPlace,
    sender: Sender,
    seen: &mut Contents,
) -> Result<(), DecodeErrorKind> {
    if !property.is_allowed_in(place) {
        return Err(DecodeErrorKind::PropertyNotAllowed { property, place });
    }
    let wrong_sender = match (property, place) {
        (PropertyId::SubscriptionIdentifier, PropertyPlace::Publish)
        | (PropertyId::ServerReference, PropertyPlace::Disconnect) => Sender::Client,
        (PropertyId::SessionExpiryInterval, PropertyPlace::Disconnect) => Sender::Server,
        _ => Sender::Either,
    };
    if wrong_sender != Sender::Either && sender == wrong_sender {
        return Err(DecodeErrorKind::PropertyWrongSender { property, sender });
    }
    if seen.has(property) && !property.is_repeatable_in(place) {
        return Err(DecodeErrorKind::PropertyRepeated { property, place });
    }
    seen.add(property);
    Ok(())
}

/// Checks a value; an error comes with its offset from the start of the value.
#[inline]
fn check_value(property: Property<'_>) -> Result<(), (DecodeErrorKind, usize)> {
    let (value, is_legal) = match property {
        Property::PayloadFormatIndicator(value)
        | Property::RequestProblemInformation(value)
        | Property::RequestResponseInformation(value)
        | Property::MaximumQos(value)
        | Property::RetainAvailable(value)
        | Property::WildcardSubscriptionAvailable(value)
        | Property::SubscriptionIdentifierAvailable(value)
        | Property::SharedSubscriptionAvailable(value) => (u32::from(value), value <= 1),
        Property::ReceiveMaximum(value) | Property::TopicAlias(value) => {
            (u32::from(value), value != 0)
        }
        Property::SubscriptionIdentifier(value) | Property::MaximumPacketSize(value) => {
            (value, value != 0)
        }
        Property::ResponseTopic(topic) => return check_response_topic(topic),
        Property::MessageExpiryInterval(_)
        | Property::ContentType(_)
        | Property::CorrelationData(_)
        | Property::SessionExpiryInterval(_)
        | Property::AssignedClientIdentifier(_)
        | Property::ServerKeepAlive(_)
        | Property::AuthenticationMethod(_)
        | Property::AuthenticationData(_)
        | Property::WillDelayInterval(_)
        | Property::ResponseInformation(_)
        | Property::ServerReference(_)
        | Property::ReasonString(_)
        | Property::TopicAliasMaximum(_)
        | Property::UserProperty(_) => return Ok(()),
    };
    if is_legal {
        return Ok(());
    }
    let property = property.id();
    Err((DecodeErrorKind::PropertyValue { property, value }, 0))
}

fn check_response_topic(topic: &str) -> Result<(), (DecodeErrorKind, usize)> {
    let field = Field::Property(PropertyId::ResponseTopic);
    if topic.is_empty() {
        return Err((DecodeErrorKind::EmptyTopic(field), 0));
    }
    match topic.bytes().position(|byte| matches!(byte, b'+' | b'#')) {
        Some(index) => Err((
            DecodeErrorKind::WildcardInTopic(field),
            STRING_LENGTH_LEN + index,
        )),
        None => Ok(()),
    }
}

/// The bytes of the length before a string (section 1.5.4).
const STRING_LENGTH_LEN: usize = 2;

impl PropertyId {
    /// Whether it may stand there more than once (section 2.2.2.2).
    #[must_use]
    pub const fn is_repeatable_in(self, place: PropertyPlace) -> bool {
        matches!(
            (self, place),
            (Self::UserProperty, _) | (Self::SubscriptionIdentifier, PropertyPlace::Publish)
        )
    }
}
