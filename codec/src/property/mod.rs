//! THE property table of MQTT 5.0, section 2.2.2.2.

mod check;
mod set;

use std::fmt;

use crate::error::{Context, EncodeError, Field, Unexplained};
use crate::packet::{PacketType, Sender};
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink, VARIABLE_BYTE_INTEGER_MAX};

use set::{Contents, PlaceSet};

/// The data type of a property's value (section 1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
pub enum PropertyType {
    /// One byte.
    Byte,
    /// A big-endian 16-bit number.
    TwoByteInteger,
    /// A big-endian 32-bit number.
    FourByteInteger,
    /// One to four bytes of seven bits.
    VariableByteInteger,
    /// A UTF-8 string of at most 65,535 bytes.
    Utf8String,
    /// At most 65,535 bytes of any content.
    BinaryData,
    /// Two UTF-8 strings: a name and a value.
    Utf8StringPair,
}

/// A value as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
pub enum PropertyValue<'a> {
    /// Any of the four integer types.
    Integer(u32),
    /// A UTF-8 string.
    Text(&'a str),
    /// Binary data.
    Binary(&'a [u8]),
    /// A name and a value.
    Pair(&'a str, &'a str),
}

/// Where a property may stand: a packet type, or the Will Properties of CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum PropertyPlace {
    Connect,
    Connack,
    Publish,
    Will,
    Puback,
    Pubrec,
    Pubrel,
    Pubcomp,
    Subscribe,
    Suback,
    Unsubscribe,
    Unsuback,
    Disconnect,
    Auth,
}

/// Reads a value of a data type of section 1.5, out of a section that was checked.
macro_rules! read_value {
    (Byte, $reader:ident, $field:ident) => {
        $reader.byte($field)?
    };
    (TwoByteInteger, $reader:ident, $field:ident) => {
        $reader.two_byte($field)?
    };
    (FourByteInteger, $reader:ident, $field:ident) => {
        $reader.four_byte($field)?
    };
    (VariableByteInteger, $reader:ident, $field:ident) => {
        $reader.variable($field)?
    };
    (Utf8String, $reader:ident, $field:ident) => {
        $reader.text_unless_nul($field)?
    };
    (BinaryData, $reader:ident, $field:ident) => {
        $reader.binary($field)?
    };
    (Utf8StringPair, $reader:ident, $field:ident) => {
        (
            $reader.text_unless_nul($field)?,
            $reader.text_unless_nul($field)?,
        )
    };
}

macro_rules! properties {
    ($($(#[doc = $doc:expr])+ $name:ident = $code:literal : $kind:ident($rust:ty), $short:literal, $long:literal => $getter:ident in $($place:ident)|+;)+) => {
        /// The identifier of a property.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
        pub enum PropertyId {
            $($(#[doc = $doc])+ $name = $code,)+
        }

        /// A property with its value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
        pub enum Property<'a> {
            $($(#[doc = $doc])+ $name($rust),)+
        }

        impl PropertyId {
            /// Every property, by identifier.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The property of an identifier on the wire.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// The type of its value.
            #[must_use]
            pub const fn value_type(self) -> PropertyType {
                match self { $(Self::$name => PropertyType::$kind,)+ }
            }

            /// Its field name in the notation, such as `session-expiry`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $short,)+ }
            }

            /// The specification's name in kebab-case, such as `session-expiry-interval`; the notation reads it too.
            #[must_use]
            pub const fn full_name(self) -> &'static str {
                match self { $(Self::$name => $long,)+ }
            }

            /// Where it may stand.
            #[must_use]
            pub const fn places(self) -> &'static [PropertyPlace] {
                match self { $(Self::$name => &[$(PropertyPlace::$place),+],)+ }
            }

            /// Where it may stand, as a set.
            const fn place_set(self) -> PlaceSet {
                match self { $(Self::$name => PlaceSet::EMPTY$(.with(PropertyPlace::$place))+,)+ }
            }
        }

        /// The value of the first property of each identifier, if the packet has it.
        impl<'a> Properties<'a> {
            $($(#[doc = $doc])+
            #[must_use]
            pub fn $getter(&self) -> Option<$rust> {
                if let Property::$name(value) = self.get(PropertyId::$name)? { Some(value) } else { None }
            })+
        }

        impl<'a> Property<'a> {
            /// Reads the value behind an identifier, out of a section that was checked.
            #[inline]
            fn read(
                id: PropertyId,
                reader: &mut Reader<'a, Unexplained>,
            ) -> Result<Self, Unexplained> {
                let field = Field::Property(id);
                Ok(match id {
                    $(PropertyId::$name => Self::$name(read_value!($kind, reader, field)),)+
                })
            }

            /// Its identifier.
            #[must_use]
            pub const fn id(self) -> PropertyId {
                match self { $(Self::$name(_) => PropertyId::$name,)+ }
            }

            /// Its value.
            #[must_use]
            pub fn value(self) -> PropertyValue<'a> {
                match self { $(Self::$name(value) => value.into(),)+ }
            }
        }
    };
}

properties! {
    /// Whether the payload is UTF-8 text: 0 or 1 (section 3.3.2.3.2).
    PayloadFormatIndicator = 0x01: Byte(u8), "payload-format", "payload-format-indicator" => payload_format_indicator in Publish | Will;
    /// The lifetime of the message, in seconds (section 3.3.2.3.3).
    MessageExpiryInterval = 0x02: FourByteInteger(u32), "message-expiry", "message-expiry-interval" => message_expiry_interval in Publish | Will;
    /// What the payload is, such as a MIME type (section 3.3.2.3.9).
    ContentType = 0x03: Utf8String(&'a str), "content-type", "content-type" => content_type in Publish | Will;
    /// The topic name for an answer (section 3.3.2.3.5).
    ResponseTopic = 0x08: Utf8String(&'a str), "response-topic", "response-topic" => response_topic in Publish | Will;
    /// What identifies the request in its answer (section 3.3.2.3.6).
    CorrelationData = 0x09: BinaryData(&'a [u8]), "correlation-data", "correlation-data" => correlation_data in Publish | Will;
    /// The number of a subscription, 1 to 268,435,455 (sections 3.3.2.3.8, 3.8.2.1.2).
    SubscriptionIdentifier = 0x0B: VariableByteInteger(u32), "subscription-id", "subscription-identifier" => subscription_identifier in Publish | Subscribe;
    /// How long the session outlives the connection, in seconds; 0xFFFFFFFF is for ever (section 3.1.2.11.2).
    SessionExpiryInterval = 0x11: FourByteInteger(u32), "session-expiry", "session-expiry-interval" => session_expiry_interval in Connect | Connack | Disconnect;
    /// The client identifier that the server chose (section 3.2.2.3.7).
    AssignedClientIdentifier = 0x12: Utf8String(&'a str), "assigned-client-id", "assigned-client-identifier" => assigned_client_identifier in Connack;
    /// The keep alive that the client must use, in seconds (section 3.2.2.3.14).
    ServerKeepAlive = 0x13: TwoByteInteger(u16), "server-keep-alive", "server-keep-alive" => server_keep_alive in Connack;
    /// The name of the method of enhanced authentication (section 3.1.2.11.9).
    AuthenticationMethod = 0x15: Utf8String(&'a str), "authentication-method", "authentication-method" => authentication_method in Connect | Connack | Auth;
    /// Data of that method (section 3.1.2.11.10).
    AuthenticationData = 0x16: BinaryData(&'a [u8]), "authentication-data", "authentication-data" => authentication_data in Connect | Connack | Auth;
    /// Whether reason strings and user properties may come with any packet: 0 or 1 (section 3.1.2.11.7).
    RequestProblemInformation = 0x17: Byte(u8), "request-problem-information", "request-problem-information" => request_problem_information in Connect;
    /// The delay before the Will Message is published, in seconds (section 3.1.3.2.2).
    WillDelayInterval = 0x18: FourByteInteger(u32), "delay", "delay-interval" => delay_interval in Will;
    /// Whether the client asks for Response Information: 0 or 1 (section 3.1.2.11.6).
    RequestResponseInformation = 0x19: Byte(u8), "request-response-information", "request-response-information" => request_response_information in Connect;
    /// The basis for response topics (section 3.2.2.3.15).
    ResponseInformation = 0x1A: Utf8String(&'a str), "response-information", "response-information" => response_information in Connack;
    /// Another server to use (section 3.2.2.3.16).
    ServerReference = 0x1C: Utf8String(&'a str), "server-reference", "server-reference" => server_reference in Connack | Disconnect;
    /// A reason for people to read (section 3.2.2.3.9).
    ReasonString = 0x1F: Utf8String(&'a str), "reason-string", "reason-string" => reason_string in Connack | Puback | Pubrec | Pubrel | Pubcomp | Suback | Unsuback | Disconnect | Auth;
    /// How many QoS 1 and 2 messages the sender takes at once, 1 to 65,535 (section 3.1.2.11.3).
    ReceiveMaximum = 0x21: TwoByteInteger(u16), "receive-maximum", "receive-maximum" => receive_maximum in Connect | Connack;
    /// The highest topic alias that the sender takes (section 3.1.2.11.5).
    TopicAliasMaximum = 0x22: TwoByteInteger(u16), "topic-alias-maximum", "topic-alias-maximum" => topic_alias_maximum in Connect | Connack;
    /// A number that stands for a topic on this connection, 1 to 65,535 (section 3.3.2.3.4).
    TopicAlias = 0x23: TwoByteInteger(u16), "topic-alias", "topic-alias" => topic_alias in Publish;
    /// The highest QoS that the server takes: 0 or 1 (section 3.2.2.3.4).
    MaximumQos = 0x24: Byte(u8), "maximum-qos", "maximum-qos" => maximum_qos in Connack;
    /// Whether the server keeps retained messages: 0 or 1 (section 3.2.2.3.5).
    RetainAvailable = 0x25: Byte(u8), "retain-available", "retain-available" => retain_available in Connack;
    /// A name and a value with no meaning to the protocol (section 3.1.2.11.8).
    UserProperty = 0x26: Utf8StringPair((&'a str, &'a str)), "user-property", "user-property" => user_property in Connect | Connack | Publish | Will | Puback | Pubrec | Pubrel | Pubcomp | Subscribe | Suback | Unsubscribe | Unsuback | Disconnect | Auth;
    /// The largest packet that the sender takes, in bytes (section 3.1.2.11.4).
    MaximumPacketSize = 0x27: FourByteInteger(u32), "maximum-packet-size", "maximum-packet-size" => maximum_packet_size in Connect | Connack;
    /// Whether the server takes filters with wildcards: 0 or 1 (section 3.2.2.3.11).
    WildcardSubscriptionAvailable = 0x28: Byte(u8), "wildcard-available", "wildcard-subscription-available" => wildcard_subscription_available in Connack;
    /// Whether the server takes subscription identifiers: 0 or 1 (section 3.2.2.3.12).
    SubscriptionIdentifierAvailable = 0x29: Byte(u8), "subscription-id-available", "subscription-identifier-available" => subscription_identifier_available in Connack;
    /// Whether the server takes shared subscriptions: 0 or 1 (section 3.2.2.3.13).
    SharedSubscriptionAvailable = 0x2A: Byte(u8), "shared-available", "shared-subscription-available" => shared_subscription_available in Connack;
}

impl PropertyPlace {
    /// All places, in the order of the declaration.
    pub const ALL: [Self; 14] = [
        Self::Connect,
        Self::Connack,
        Self::Publish,
        Self::Will,
        Self::Puback,
        Self::Pubrec,
        Self::Pubrel,
        Self::Pubcomp,
        Self::Subscribe,
        Self::Suback,
        Self::Unsubscribe,
        Self::Unsuback,
        Self::Disconnect,
        Self::Auth,
    ];

    /// The place's name in messages: the packet's, or `the Will Properties`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Connack => "CONNACK",
            Self::Publish => "PUBLISH",
            Self::Will => "the Will Properties",
            Self::Puback => "PUBACK",
            Self::Pubrec => "PUBREC",
            Self::Pubrel => "PUBREL",
            Self::Pubcomp => "PUBCOMP",
            Self::Subscribe => "SUBSCRIBE",
            Self::Suback => "SUBACK",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::Unsuback => "UNSUBACK",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        }
    }
}

impl PropertyId {
    /// The identifier on the wire.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Whether it may stand there.
    #[must_use]
    #[inline]
    pub const fn is_allowed_in(self, place: PropertyPlace) -> bool {
        self.place_set().contains(place)
    }
}

impl From<u8> for PropertyValue<'_> {
    fn from(value: u8) -> Self {
        Self::Integer(u32::from(value))
    }
}

impl From<u16> for PropertyValue<'_> {
    fn from(value: u16) -> Self {
        Self::Integer(u32::from(value))
    }
}

impl From<u32> for PropertyValue<'_> {
    fn from(value: u32) -> Self {
        Self::Integer(value)
    }
}

impl<'a> From<&'a str> for PropertyValue<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for PropertyValue<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Binary(value)
    }
}

impl<'a> From<(&'a str, &'a str)> for PropertyValue<'a> {
    fn from((name, value): (&'a str, &'a str)) -> Self {
        Self::Pair(name, value)
    }
}

/// The properties of a packet: a slice in wire order, without its length.
///
/// In a packet that was decoded each property is allowed in its place, stands there as often as it may, and has a legal
/// value. Of those that are to be sent, out of [`PropertiesBuf`], [`Packet::encode`](crate::Packet::encode) makes sure.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Properties<'a> {
    bytes: &'a [u8],
    contents: Contents,
}

impl<'a> Properties<'a> {
    /// No properties.
    pub const EMPTY: Self = Self {
        bytes: &[],
        contents: Contents::EMPTY,
    };

    /// All properties, in wire order.
    #[must_use]
    pub const fn iter(&self) -> PropertiesIter<'a> {
        PropertiesIter { rest: self.bytes }
    }

    /// The first property with this identifier.
    #[must_use]
    pub fn get(&self, id: PropertyId) -> Option<Property<'a>> {
        if !self.contents.has(id) {
            return None;
        }
        self.iter().find(|property| property.id() == id)
    }

    /// The value of the first property with this identifier, if it is a number.
    #[must_use]
    pub fn integer(&self, id: PropertyId) -> Option<u32> {
        match self.get(id)?.value() {
            PropertyValue::Integer(number) => Some(number),
            PropertyValue::Text(_) | PropertyValue::Binary(_) | PropertyValue::Pair(..) => None,
        }
    }

    /// The value of the first property with this identifier, if it is a string.
    #[must_use]
    pub fn text(&self, id: PropertyId) -> Option<&'a str> {
        match self.get(id)?.value() {
            PropertyValue::Text(text) => Some(text),
            PropertyValue::Integer(_) | PropertyValue::Binary(_) | PropertyValue::Pair(..) => None,
        }
    }

    /// The value of the first property with this identifier, if it is binary data.
    #[must_use]
    pub fn binary(&self, id: PropertyId) -> Option<&'a [u8]> {
        match self.get(id)?.value() {
            PropertyValue::Binary(bytes) => Some(bytes),
            PropertyValue::Integer(_) | PropertyValue::Text(_) | PropertyValue::Pair(..) => None,
        }
    }

    /// The user properties, in wire order.
    pub fn user_properties(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.iter().filter_map(|property| match property.value() {
            PropertyValue::Pair(name, value) => Some((name, value)),
            PropertyValue::Integer(_) | PropertyValue::Text(_) | PropertyValue::Binary(_) => None,
        })
    }

    /// The subscription identifiers, in wire order.
    pub fn subscription_ids(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.iter().filter_map(|property| {
            if let Property::SubscriptionIdentifier(id) = property {
                Some(id)
            } else {
                None
            }
        })
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes on the wire, without the length before them.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

impl fmt::Debug for Properties<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The iterator of [`Properties::iter`].
#[derive(Clone, Debug)]
pub struct PropertiesIter<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for PropertiesIter<'a> {
    type Item = Property<'a>;

    fn next(&mut self) -> Option<Property<'a>> {
        let (&code, rest) = self.rest.split_first()?;
        // The section was checked when it became `Properties`, so the fallbacks are never taken: they end the iteration.
        self.rest = &[];
        let mut reader = Reader::new(rest, 0, UNCHECKED);
        let property = Property::read(PropertyId::from_code(code)?, &mut reader).ok()?;
        self.rest = reader.rest();
        Some(property)
    }
}

impl<'a> IntoIterator for &Properties<'a> {
    type Item = Property<'a>;
    type IntoIter = PropertiesIter<'a>;

    fn into_iter(self) -> PropertiesIter<'a> {
        self.iter()
    }
}

/// The context of a reader whose errors nobody sees.
const UNCHECKED: Context = Context {
    version: ProtocolVersion::V5_0,
    packet: None::<PacketType>,
    sender: Sender::Either,
};

/// Properties to be sent, in the order in which they were pushed.
///
/// ```
/// use mqtt_assay_codec::property::{PropertiesBuf, Property};
///
/// let mut properties = PropertiesBuf::new();
/// properties.push(Property::MessageExpiryInterval(60))?;
/// properties.push(Property::UserProperty(("unit", "kelvin")))?;
/// assert_eq!(properties.as_properties().message_expiry_interval(), Some(60));
/// # Ok::<(), mqtt_assay_codec::EncodeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropertiesBuf {
    bytes: Vec<u8>,
    contents: Contents,
}

impl PropertiesBuf {
    /// No properties.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            bytes: Vec::new(),
            contents: Contents::EMPTY,
        }
    }

    /// Adds a property at the end.
    ///
    /// # Errors
    ///
    /// When a string or binary value is longer than 65,535 bytes, or a subscription identifier is above 268,435,455.
    /// Whether the property may stand in the packet, how often, and with that value, is checked when the packet is
    /// encoded.
    pub fn push(&mut self, property: Property<'_>) -> Result<(), EncodeError> {
        let (len, id) = (self.bytes.len(), property.id());
        if let Err(error) = self.write(property) {
            self.bytes.truncate(len);
            return Err(error);
        }
        self.contents.add(id);
        let mut value = Reader::<Unexplained>::new(&self.bytes, len + 1, UNCHECKED);
        if check::check_value(id, &mut value).is_err() {
            self.contents.add_illegal_value();
        }
        Ok(())
    }

    fn write(&mut self, property: Property<'_>) -> Result<(), EncodeError> {
        let bytes = &mut self.bytes;
        let id = property.id();
        bytes.byte(id.code());
        match property.value() {
            PropertyValue::Integer(number) => write_integer(bytes, id, number),
            PropertyValue::Text(text) => bytes.binary(text.as_bytes()),
            PropertyValue::Binary(value) => bytes.binary(value),
            PropertyValue::Pair(name, value) => {
                bytes.binary(name.as_bytes())?;
                bytes.binary(value.as_bytes())
            }
        }
    }

    /// The properties as a packet holds them.
    #[must_use]
    pub fn as_properties(&self) -> Properties<'_> {
        Properties {
            bytes: &self.bytes,
            contents: self.contents,
        }
    }
}

fn write_integer(bytes: &mut Vec<u8>, id: PropertyId, number: u32) -> Result<(), EncodeError> {
    let too_large = EncodeError::NumberTooLarge { number };
    match id.value_type() {
        PropertyType::Byte => bytes.byte(u8::try_from(number).map_err(|_| too_large)?),
        PropertyType::TwoByteInteger => {
            bytes.two_byte(u16::try_from(number).map_err(|_| too_large)?);
        }
        PropertyType::VariableByteInteger if number > VARIABLE_BYTE_INTEGER_MAX => {
            return Err(too_large);
        }
        PropertyType::VariableByteInteger => bytes.variable(number),
        PropertyType::FourByteInteger
        | PropertyType::Utf8String
        | PropertyType::BinaryData
        | PropertyType::Utf8StringPair => bytes.four_byte(number),
    }
    Ok(())
}
