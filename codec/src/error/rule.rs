//! THE table of what each kind of error breaks, and how it is answered.

use super::{Context, DecodeErrorKind, ErrorClass, Field};
use crate::packet::{PacketType, Sender};
use crate::property::PropertyId;
use crate::reason::ReasonCode;
use crate::statement::StatementId;
use crate::version::ProtocolVersion;

/// What an error breaks.
pub(super) struct Rule {
    pub(super) class: ErrorClass,
    pub(super) reason: ReasonCode,
    pub(super) statement: StatementId,
}

impl Rule {
    const fn malformed(statement: StatementId) -> Self {
        Self {
            class: ErrorClass::Malformed,
            reason: ReasonCode::MALFORMED_PACKET,
            statement,
        }
    }

    const fn protocol(statement: StatementId) -> Self {
        Self {
            class: ErrorClass::ProtocolError,
            reason: ReasonCode::PROTOCOL_ERROR,
            statement,
        }
    }

    /// The same, with a code that says more than that it is an error.
    const fn answered(mut self, reason: ReasonCode) -> Self {
        self.reason = reason;
        self
    }
}

impl Context {
    /// The statement of the version by whose rules the packet is read.
    const fn by_version(self, v3: StatementId, v5: StatementId) -> StatementId {
        match self.version {
            ProtocolVersion::V3_1_1 => v3,
            ProtocolVersion::V5_0 => v5,
        }
    }
}

/// The rule that an error breaks: one row for each kind, longer than a screen because it is one table.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rows of one kind of error that only some properties or fields can have"
)]
pub(super) fn of(kind: DecodeErrorKind, context: Context) -> Rule {
    use DecodeErrorKind as Kind;

    let by = |v3, v5| context.by_version(v3, v5);
    let malformed = Rule::malformed;
    let protocol = Rule::protocol;
    match kind {
        Kind::RemainingLengthTooLong => malformed(by(u3(1), u5(34))),
        // 3.1.1 describes the encoding, and says nowhere that a longer one is wrong.
        Kind::RemainingLengthNotMinimal => malformed(by(u3(1), v5(1, 5, 5, 1))),
        Kind::FrameTooLong { .. } => {
            protocol(by(u3(1), u5(33))).answered(ReasonCode::PACKET_TOO_LARGE)
        }
        Kind::ReservedPacketType(_) => malformed(by(u3(2), v5(4, 13, 1, 1))),
        Kind::WrongSender(_) => protocol(by(u3(3), v5(4, 13, 1, 1))),
        Kind::ReservedFlags { .. } => malformed(reserved_flags(context)),
        Kind::PublishQosThree => malformed(by(v3(3, 3, 1, 4), v5(3, 3, 1, 4))),
        Kind::DupWithoutQos => malformed(by(v3(3, 3, 1, 2), v5(3, 3, 1, 2))),

        Kind::Truncated(field) => malformed(truncated(field, context)),
        Kind::TrailingBytes { .. } => malformed(match context.packet {
            Some(PacketType::Connect) => by(v3(3, 1, 4, 1), v5(3, 1, 4, 1)),
            _ => by(u3(4), v5(4, 13, 1, 1)),
        }),
        Kind::IllFormedUtf8(Field::Property(PropertyId::UserProperty))
        | Kind::NulCharacter(Field::Property(PropertyId::UserProperty)) => {
            malformed(v5(1, 5, 7, 1))
        }
        Kind::IllFormedUtf8(_) => malformed(by(v3(1, 5, 3, 1), v5(1, 5, 4, 1))),
        Kind::NulCharacter(_) => malformed(by(v3(1, 5, 3, 2), v5(1, 5, 4, 2))),
        Kind::VariableByteIntegerTooLong(_) => malformed(u5(34)),
        Kind::VariableByteIntegerNotMinimal(_) => malformed(v5(1, 5, 5, 1)),
        Kind::PacketIdZero => protocol(packet_id(context)),

        Kind::PropertyLengthTooLong(_) | Kind::UnknownProperty(_) => malformed(u5(1)),
        Kind::PropertyNotAllowed { .. } => malformed(u5(1)),
        Kind::PropertyWrongSender { property, .. } => protocol(match property {
            PropertyId::SubscriptionIdentifier => v5(3, 3, 4, 6),
            PropertyId::SessionExpiryInterval => v5(3, 14, 2, 2),
            _ => u5(1),
        }),
        Kind::PropertyRepeated { .. } => protocol(u5(2)),
        Kind::PropertyValue { property, .. } => property_value(property, context),
        Kind::AuthenticationDataWithoutMethod => protocol(u5(6)),
        Kind::AuthenticationMethodMissing => protocol(u5(12)),
        Kind::ReasonNotAllowed(_) => protocol(reason(context)),

        Kind::ProtocolName => protocol(by(v3(3, 1, 2, 1), v5(3, 1, 2, 1)))
            .answered(ReasonCode::UNSUPPORTED_PROTOCOL_VERSION),
        Kind::UnsupportedProtocolVersion(_) => protocol(by(v3(3, 1, 2, 2), v5(3, 1, 2, 2)))
            .answered(ReasonCode::UNSUPPORTED_PROTOCOL_VERSION),
        Kind::ReservedConnectFlag => malformed(by(v3(3, 1, 2, 3), v5(3, 1, 2, 3))),
        Kind::WillQosThree => malformed(by(v3(3, 1, 2, 14), v5(3, 1, 2, 12))),
        Kind::WillQosWithoutWill => malformed(by(v3(3, 1, 2, 13), v5(3, 1, 2, 11))),
        Kind::WillRetainWithoutWill => malformed(by(v3(3, 1, 2, 15), v5(3, 1, 2, 13))),
        Kind::PasswordWithoutUserName => malformed(v3(3, 1, 2, 22)),
        Kind::FieldWithoutFlag(Field::Password) => malformed(by(v3(3, 1, 2, 20), v5(3, 1, 2, 18))),
        Kind::FieldWithoutFlag(_) => malformed(by(v3(3, 1, 2, 18), v5(3, 1, 2, 16))),
        Kind::EmptyClientId => {
            protocol(v3(3, 1, 3, 8)).answered(ReasonCode::CLIENT_IDENTIFIER_NOT_VALID)
        }
        Kind::ReservedConnackFlags(_) => malformed(by(u3(5), v5(3, 2, 2, 1))),
        Kind::SessionPresentWithError(_) => protocol(by(v3(3, 2, 2, 4), v5(3, 2, 2, 6))),

        Kind::EmptyTopic(Field::TopicName) => protocol(by(v3(4, 7, 3, 1), u5(7))),
        Kind::EmptyTopic(Field::TopicFilter) => {
            protocol(by(v3(4, 7, 3, 1), v5(4, 7, 3, 1))).answered(ReasonCode::TOPIC_FILTER_INVALID)
        }
        Kind::EmptyTopic(_) => protocol(by(v3(4, 7, 3, 1), v5(4, 7, 3, 1))),
        Kind::WildcardInTopic(field) => match field {
            Field::TopicName => protocol(by(v3(3, 3, 2, 2), v5(3, 3, 2, 2)))
                .answered(ReasonCode::TOPIC_NAME_INVALID),
            Field::Property(_) => protocol(v5(3, 3, 2, 14)),
            _ => protocol(by(v3(4, 7, 1, 1), v5(4, 7, 0, 1)))
                .answered(ReasonCode::TOPIC_NAME_INVALID),
        },
        Kind::MultiLevelWildcard => {
            protocol(by(v3(4, 7, 1, 2), v5(4, 7, 1, 1))).answered(ReasonCode::TOPIC_FILTER_INVALID)
        }
        Kind::SingleLevelWildcard => {
            protocol(by(v3(4, 7, 1, 3), v5(4, 7, 1, 2))).answered(ReasonCode::TOPIC_FILTER_INVALID)
        }
        Kind::EmptyShareName => protocol(v5(4, 8, 2, 1)).answered(ReasonCode::TOPIC_FILTER_INVALID),
        Kind::SharedSubscription => {
            protocol(v5(4, 8, 2, 2)).answered(ReasonCode::TOPIC_FILTER_INVALID)
        }
        Kind::NoFilters => protocol(match context.packet {
            Some(PacketType::Unsubscribe) => by(v3(3, 10, 3, 2), v5(3, 10, 3, 2)),
            _ => by(v3(3, 8, 3, 3), v5(3, 8, 3, 2)),
        }),
        Kind::NoReasons => protocol(match context.packet {
            Some(PacketType::Unsuback) => v5(3, 11, 3, 2),
            _ => by(v3(3, 8, 4, 5), v5(3, 8, 4, 6)),
        }),
        Kind::ReservedSubscriptionOptions(_) => malformed(by(v3(3, 8, 3, 4), v5(3, 8, 3, 5))),
        Kind::SubscriptionQosThree => match context.version {
            ProtocolVersion::V3_1_1 => malformed(v3(3, 8, 3, 4)),
            ProtocolVersion::V5_0 => protocol(u5(9)),
        },
        Kind::RetainHandlingThree => protocol(u5(9)),
        Kind::NoLocalOnSharedSubscription => protocol(v5(3, 8, 3, 4)),
    }
}

fn reserved_flags(context: Context) -> StatementId {
    let by = |v3, v5| context.by_version(v3, v5);
    match context.packet {
        Some(PacketType::Pubrel) => by(v3(3, 6, 1, 1), v5(3, 6, 1, 1)),
        Some(PacketType::Subscribe) => by(v3(3, 8, 1, 1), v5(3, 8, 1, 1)),
        Some(PacketType::Unsubscribe) => by(v3(3, 10, 1, 1), v5(3, 10, 1, 1)),
        Some(PacketType::Disconnect) => by(v3(3, 14, 1, 1), v5(3, 14, 1, 1)),
        Some(PacketType::Auth) => v5(3, 15, 1, 1),
        _ => by(v3(2, 2, 2, 2), v5(2, 1, 3, 1)),
    }
}

/// The statement that makes a field be there, or else the one that gives the packet its form.
fn truncated(field: Field, context: Context) -> StatementId {
    let by = |v3, v5| context.by_version(v3, v5);
    match field {
        Field::ProtocolName | Field::ProtocolLevel | Field::ConnectFlags | Field::KeepAlive => {
            by(v3(3, 1, 4, 1), v5(3, 1, 4, 1))
        }
        Field::PropertyLength => v5(2, 2, 2, 1),
        Field::PropertyIdentifier | Field::Property(_) => u5(1),
        Field::ClientId => by(v3(3, 1, 3, 3), v5(3, 1, 3, 3)),
        Field::WillPropertyLength | Field::WillTopic | Field::WillPayload => {
            by(v3(3, 1, 2, 9), v5(3, 1, 2, 9))
        }
        Field::UserName => by(v3(3, 1, 2, 19), v5(3, 1, 2, 17)),
        Field::Password => by(v3(3, 1, 2, 21), v5(3, 1, 2, 19)),
        Field::Body | Field::ConnackFlags | Field::ReasonCode => by(u3(4), v5(4, 13, 1, 1)),
        Field::PacketId => match context.packet {
            Some(
                PacketType::Puback
                | PacketType::Pubrec
                | PacketType::Pubrel
                | PacketType::Pubcomp
                | PacketType::Unsuback,
            ) => by(u3(4), packet_id(context)),
            _ => packet_id(context),
        },
        Field::TopicName => by(v3(3, 3, 2, 1), v5(3, 3, 2, 1)),
        Field::TopicFilter => match context.packet {
            Some(PacketType::Unsubscribe) => by(v3(3, 10, 3, 1), v5(3, 10, 3, 1)),
            _ => by(v3(3, 8, 3, 1), v5(3, 8, 3, 1)),
        },
        Field::SubscriptionOptions => by(v3(3, 8, 3, 3), v5(3, 8, 3, 2)),
    }
}

/// The statement that gives a packet its identifier.
fn packet_id(context: Context) -> StatementId {
    let by = |v3, v5| context.by_version(v3, v5);
    match context.packet {
        Some(
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp,
        ) => by(v3(2, 3, 1, 6), v5(2, 2, 1, 5)),
        Some(PacketType::Suback | PacketType::Unsuback) => by(v3(2, 3, 1, 7), v5(2, 2, 1, 6)),
        Some(PacketType::Publish) if context.sender == Sender::Server => {
            by(v3(2, 3, 1, 1), v5(2, 2, 1, 4))
        }
        _ => by(v3(2, 3, 1, 1), v5(2, 2, 1, 3)),
    }
}

/// The statement that lists a packet's reason codes.
fn reason(context: Context) -> StatementId {
    let is_v3 = context.version == ProtocolVersion::V3_1_1;
    match context.packet {
        // The one statement of 3.1.1 that speaks of codes outside its table.
        Some(PacketType::Connack) if is_v3 => v3(3, 2, 2, 6),
        Some(PacketType::Connack) => v5(3, 2, 2, 8),
        Some(PacketType::Puback) => v5(3, 4, 2, 1),
        Some(PacketType::Pubrec) => v5(3, 5, 2, 1),
        Some(PacketType::Pubrel) => v5(3, 6, 2, 1),
        Some(PacketType::Pubcomp) => v5(3, 7, 2, 1),
        Some(PacketType::Suback) if is_v3 => v3(3, 9, 3, 2),
        Some(PacketType::Suback) => v5(3, 9, 3, 2),
        Some(PacketType::Unsuback) => v5(3, 11, 3, 2),
        Some(PacketType::Disconnect) => v5(3, 14, 2, 1),
        _ => v5(3, 15, 2, 1),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "most properties may have any value, and never come here"
)]
fn property_value(property: PropertyId, context: Context) -> Rule {
    let in_connack = context.packet == Some(PacketType::Connack);
    match property {
        PropertyId::TopicAlias => {
            Rule::protocol(v5(3, 3, 2, 8)).answered(ReasonCode::TOPIC_ALIAS_INVALID)
        }
        _ if in_connack => Rule::protocol(u5(35)),
        PropertyId::ReceiveMaximum => Rule::protocol(u5(3)),
        PropertyId::MaximumPacketSize => Rule::protocol(u5(4)),
        PropertyId::RequestProblemInformation | PropertyId::RequestResponseInformation => {
            Rule::protocol(u5(5))
        }
        PropertyId::SubscriptionIdentifier => Rule::protocol(u5(8)),
        _ => Rule::protocol(u5(14)),
    }
}

const fn v3(a: u8, b: u8, c: u8, number: u8) -> StatementId {
    StatementId::v3(a, b, c, number)
}

const fn v5(a: u8, b: u8, c: u8, number: u8) -> StatementId {
    StatementId::v5(a, b, c, number)
}

const fn u3(number: u8) -> StatementId {
    StatementId::u3(number)
}

const fn u5(number: u8) -> StatementId {
    StatementId::u5(number)
}
