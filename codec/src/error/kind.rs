//! The ways in which a packet can be wrong.

use crate::packet::Sender;
use crate::property::{PropertyId, PropertyPlace};
use crate::reason::ReasonCode;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The remaining length would have a fifth byte (section 2.1.4).
    RemainingLengthTooLong,
    /// The remaining length has more bytes than it needs (section 2.1.4).
    RemainingLengthNotMinimal,
    /// A frame is longer than the receiver accepts.
    FrameTooLong {
        /// The length of the whole frame in bytes.
        len: usize,
        /// The longest accepted.
        max: usize,
    },
    /// Packet type 0, or 15 in 3.1.1 (section 2.1.2).
    ReservedPacketType(u8),
    /// A packet that this side never sends (section 2.1.2).
    WrongSender(Sender),
    /// Flags in the fixed header other than the fixed ones (section 2.1.3).
    ReservedFlags {
        /// The flags found.
        found: u8,
        /// The flags allowed.
        allowed: u8,
    },
    /// QoS 3 in a PUBLISH (section 3.3.1.2).
    PublishQosThree,
    /// DUP in a PUBLISH of QoS 0 (section 3.3.1.1).
    DupWithoutQos,

    /// The packet, or the property section, ends before this field does.
    Truncated(Field),
    /// The packet goes on behind its last field.
    TrailingBytes {
        /// How many bytes too many.
        len: usize,
    },
    /// A string is not UTF-8: ill-formed, overlong, cut, or a surrogate (section 1.5.4).
    IllFormedUtf8(Field),
    /// A string has U+0000 (section 1.5.4).
    NulCharacter(Field),
    /// A variable byte integer would have a fifth byte (section 1.5.5).
    VariableByteIntegerTooLong(Field),
    /// A variable byte integer has more bytes than it needs (section 1.5.5).
    VariableByteIntegerNotMinimal(Field),
    /// A packet identifier is zero (section 2.2.1).
    PacketIdZero,

    /// A property length goes beyond the end of the packet (section 2.2.2.1).
    PropertyLengthTooLong(Field),
    /// A property identifier that the specification does not list (section 2.2.2.2).
    UnknownProperty(u32),
    /// A property where it may not stand (section 2.2.2.2).
    PropertyNotAllowed {
        /// The property.
        property: PropertyId,
        /// Where it was found.
        place: PropertyPlace,
    },
    /// A property that only the other side may send in this packet.
    PropertyWrongSender {
        /// The property.
        property: PropertyId,
        /// Who sent it.
        sender: Sender,
    },
    /// A property once more than it may stand there (section 2.2.2.2).
    PropertyRepeated {
        /// The property.
        property: PropertyId,
        /// Where it was found.
        place: PropertyPlace,
    },
    /// A property with a number that it may not have.
    PropertyValue {
        /// The property.
        property: PropertyId,
        /// Its value.
        value: u32,
    },
    /// A CONNECT with Authentication Data and no Authentication Method (section 3.1.2.11.10).
    AuthenticationDataWithoutMethod,
    /// An AUTH without an Authentication Method (section 3.15.2.2.2).
    AuthenticationMethodMissing,
    /// A reason code that this packet, from this sender, may not carry.
    ReasonNotAllowed(ReasonCode),

    /// The protocol name is not `MQTT` (section 3.1.2.1).
    ProtocolName,
    /// The protocol level is neither 4 nor 5, or not the one that the receiver speaks (section 3.1.2.2).
    UnsupportedProtocolVersion(u8),
    /// The reserved connect flag is set (section 3.1.2.3).
    ReservedConnectFlag,
    /// A Will QoS of 3 (section 3.1.2.6).
    WillQosThree,
    /// A Will QoS without a Will (section 3.1.2.6).
    WillQosWithoutWill,
    /// Will Retain without a Will (section 3.1.2.7).
    WillRetainWithoutWill,
    /// A password without a user name (3.1.1, section 3.1.2.9).
    PasswordWithoutUserName,
    /// A user name or a password whose flag is not set (sections 3.1.2.8, 3.1.2.9).
    FieldWithoutFlag(Field),
    /// An empty client identifier with Clean Session 0 (3.1.1, section 3.1.3.1).
    EmptyClientId,
    /// Bits 7 to 1 of the CONNACK flags are not zero (section 3.2.2.1).
    ReservedConnackFlags(u8),
    /// Session Present in a CONNACK that reports an error (section 3.2.2.1).
    SessionPresentWithError(ReasonCode),

    /// A topic or a filter has no character (section 4.7.3).
    EmptyTopic(Field),
    /// A topic name has `+` or `#` (section 4.7.1).
    WildcardInTopic(Field),
    /// `#` is not alone in the last level of a filter (section 4.7.1.2).
    MultiLevelWildcard,
    /// `+` is not alone in its level of a filter (section 4.7.1.3).
    SingleLevelWildcard,
    /// A shared subscription has an empty share name (section 4.8.2).
    EmptyShareName,
    /// A share name has a wildcard, or no filter follows it (section 4.8.2).
    SharedSubscription,
    /// SUBSCRIBE or UNSUBSCRIBE without a filter (sections 3.8.3, 3.10.3).
    NoFilters,
    /// SUBACK or UNSUBACK without a reason code (sections 3.9.3, 3.11.3).
    NoReasons,
    /// Reserved bits in the subscription options (section 3.8.3.1).
    ReservedSubscriptionOptions(u8),
    /// QoS 3 in the subscription options (section 3.8.3.1).
    SubscriptionQosThree,
    /// Retain Handling 3 in the subscription options (section 3.8.3.1).
    RetainHandlingThree,
    /// No Local on a shared subscription (section 3.8.3.1).
    NoLocalOnSharedSubscription,
}

/// A field of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum Field {
    /// All that the remaining length counts, where less arrived.
    Body,
    ProtocolName,
    ProtocolLevel,
    ConnectFlags,
    KeepAlive,
    PropertyLength,
    /// An identifier, in the property section.
    PropertyIdentifier,
    /// The value of a property.
    Property(PropertyId),
    ClientId,
    WillPropertyLength,
    WillTopic,
    WillPayload,
    UserName,
    Password,
    ConnackFlags,
    ReasonCode,
    PacketId,
    TopicName,
    TopicFilter,
    SubscriptionOptions,
}
