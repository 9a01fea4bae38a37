//! Faults of a broker that is not strict: it mends what is wrong, or drops the packet and reads on.

use bytes::Bytes;
use mqtt_assay_codec::error::{DecodeErrorKind, Field};
use mqtt_assay_codec::frame::{Frame, Split};
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::property::PropertyId;
use mqtt_assay_codec::{DecodeError, Packet, PacketType, ProtocolVersion};

use super::core::Broker;
use super::fault::Fault;

impl Broker {
    /// The frame as a lenient broker would read it; the frame itself where there is no such fault.
    pub(super) fn mend(&self, bytes: &Bytes, version: ProtocolVersion) -> Bytes {
        if self.options.fault.is_none() {
            return bytes.clone();
        }
        let Ok(Split::Frame(frame)) = Frame::split(bytes, version) else {
            return bytes.clone();
        };
        let Some(packet_type) = frame.packet_type() else {
            return bytes.clone();
        };
        if self.has(Fault::MissingPropertyLengthMended)
            && let Some(mended) = with_property_length(&frame)
        {
            return mended;
        }
        let mut mended = bytes.to_vec();
        if let Some(flags) = packet_type.reserved_flags()
            && flags_fault(packet_type).is_some_and(|fault| self.has(fault))
            && let Some(first) = mended.first_mut()
        {
            *first = *first & 0b1111_0000 | flags;
        }
        if packet_type == PacketType::Connect && frame.body().starts_with(PROTOCOL_NAME) {
            self.mend_connect(&frame, &mut mended);
        }
        Bytes::from(mended)
    }

    fn mend_connect(&self, frame: &Frame<'_>, bytes: &mut [u8]) {
        let level_at = frame.header_len().saturating_add(PROTOCOL_NAME.len());
        let Some([level, flags]) = bytes.get_mut(level_at..level_at.saturating_add(2)) else {
            return;
        };
        if *level > ProtocolVersion::V5_0.level() && self.has(Fault::UnknownLevelAccepted) {
            *level = Self::shape_of(frame).level();
        }
        if self.has(Fault::ReservedConnectFlagOverlooked) {
            *flags &= !RESERVED;
        }
        if self.has(Fault::WillQosThreeOverlooked) && *flags & WILL_QOS == WILL_QOS {
            *flags = *flags & !WILL_QOS | WILL_QOS_TWO;
        }
        if self.has(Fault::WillQosWithoutWillOverlooked) && *flags & WILL == 0 {
            *flags &= !WILL_QOS;
        }
        if self.has(Fault::WillRetainWithoutWillOverlooked) && *flags & WILL == 0 {
            *flags &= !WILL_RETAIN;
        }
        let is_empty = frame.body().get(10..12) == Some(&[0, 0]);
        let is_old = *level == ProtocolVersion::V3_1_1.level();
        if is_empty && is_old && self.has(Fault::EmptyClientIdMayKeepSession) {
            *flags |= CLEAN_START;
        }
    }

    /// Whether the broker drops a packet that is not valid, and reads on.
    pub(super) fn overlooks(&self, packet_type: Option<PacketType>, error: &DecodeError) -> bool {
        self.options.fault.is_some()
            && overlook_fault(packet_type, error.kind()).is_some_and(|fault| self.has(fault))
    }
}

/// A short CONNECT of 5.0 with a property length of zero, if that is all that it lacks.
fn with_property_length(frame: &Frame<'_>) -> Option<Bytes> {
    let version = ProtocolVersion::V5_0;
    let is_connect = |frame: &Frame<'_>| {
        Connect::version_of(frame) == Ok(version)
            && Packet::decode(frame, version, Sender::Client).is_ok()
    };
    if frame.packet_type() != Some(PacketType::Connect) || is_connect(frame) {
        return None;
    }
    let mut mended = frame.as_bytes().to_vec();
    let length = mended.get_mut(1)?;
    *length = length.checked_add(1).filter(|length| *length < 0x80)?;
    let at = frame.header_len().checked_add(PROPERTIES_OFFSET)?;
    if at > mended.len() {
        return None;
    }
    mended.insert(at, 0);
    match Frame::split(&mended, version) {
        Ok(Split::Frame(frame)) if is_connect(&frame) => Some(Bytes::from(mended)),
        Ok(_) | Err(_) => None,
    }
}

/// The fault of a broker that does not look at the reserved flags of a packet type.
const fn flags_fault(packet_type: PacketType) -> Option<Fault> {
    Some(match packet_type {
        PacketType::Pubrel => Fault::PubrelFlagsOverlooked,
        PacketType::Subscribe => Fault::SubscribeFlagsOverlooked,
        PacketType::Unsubscribe => Fault::UnsubscribeFlagsOverlooked,
        // Who accepts these closes all the same, so the mistake would not be seen.
        PacketType::Disconnect | PacketType::Auth => return None,
        PacketType::Connect
        | PacketType::Connack
        | PacketType::Publish
        | PacketType::Puback
        | PacketType::Pubrec
        | PacketType::Pubcomp
        | PacketType::Suback
        | PacketType::Unsuback
        | PacketType::Pingreq
        | PacketType::Pingresp => Fault::ReservedFlagsOverlooked,
    })
}

/// The fault of a broker that overlooks this error.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the codec may add kinds; there is no fault for those that no client can make"
)]
const fn overlook_fault(packet_type: Option<PacketType>, kind: DecodeErrorKind) -> Option<Fault> {
    use DecodeErrorKind as Kind;

    Some(match kind {
        Kind::RemainingLengthTooLong => Fault::LongRemainingLengthOverlooked,
        Kind::RemainingLengthNotMinimal => Fault::NeedlessLengthByteOverlooked,
        Kind::VariableByteIntegerTooLong(_) | Kind::VariableByteIntegerNotMinimal(_) => {
            Fault::PropertyLengthFormOverlooked
        }
        Kind::ReservedPacketType(_) => Fault::ReservedTypeOverlooked,
        Kind::WrongSender(_) => Fault::ServerPacketOverlooked,
        Kind::ReservedFlags { .. } => match packet_type {
            Some(PacketType::Disconnect) => Fault::DisconnectFlagsOverlooked,
            Some(PacketType::Auth) => Fault::AuthFlagsOverlooked,
            _ => return None,
        },
        Kind::PublishQosThree => Fault::PublishQosThreeOverlooked,
        Kind::DupWithoutQos => Fault::DupWithoutQosOverlooked,
        Kind::PacketIdZero => Fault::PacketIdZeroOverlooked,
        Kind::TrailingBytes { .. } | Kind::FieldWithoutFlag(_) => match packet_type {
            Some(PacketType::Connect) => Fault::TrailingBytesInConnectOverlooked,
            _ => Fault::TrailingBytesOverlooked,
        },
        Kind::Truncated(field) => truncated_fault(field),
        Kind::IllFormedUtf8(field) => utf8_fault(packet_type, field),
        Kind::NulCharacter(field) => match field {
            Field::TopicName | Field::TopicFilter => Fault::NulInTopicOverlooked,
            _ => Fault::NulCharacterOverlooked,
        },
        Kind::PropertyLengthTooLong(_) | Kind::UnknownProperty(_) => {
            Fault::UnknownPropertyOverlooked
        }
        Kind::PropertyNotAllowed { .. } => Fault::MisplacedPropertyOverlooked,
        Kind::PropertyWrongSender { .. } => Fault::SubscriptionIdOfClientOverlooked,
        Kind::PropertyRepeated { .. } => Fault::RepeatedPropertyOverlooked,
        Kind::PropertyValue { property, .. } => match property {
            PropertyId::ReceiveMaximum => Fault::ReceiveMaximumZeroOverlooked,
            PropertyId::MaximumPacketSize => Fault::MaximumPacketSizeZeroOverlooked,
            PropertyId::SubscriptionIdentifier => Fault::SubscriptionIdZeroOverlooked,
            PropertyId::TopicAlias => Fault::TopicAliasZeroOverlooked,
            PropertyId::PayloadFormatIndicator => Fault::PayloadFormatTwoOverlooked,
            _ => Fault::RequestInformationTwoOverlooked,
        },
        Kind::AuthenticationDataWithoutMethod => Fault::AuthDataWithoutMethodOverlooked,
        Kind::AuthenticationMethodMissing => Fault::AuthWithoutMethodOverlooked,
        Kind::ReasonNotAllowed(_) => reason_fault(packet_type),
        Kind::ProtocolName => Fault::ProtocolNameOverlooked,
        Kind::PasswordWithoutUserName => Fault::PasswordWithoutUserNameOverlooked,
        Kind::EmptyTopic(_) => Fault::EmptyTopicOverlooked,
        Kind::WildcardInTopic(field) => match field {
            Field::TopicName => Fault::WildcardInTopicOverlooked,
            Field::WillTopic => Fault::WildcardInWillTopicOverlooked,
            _ => Fault::WildcardInResponseTopicOverlooked,
        },
        Kind::MultiLevelWildcard => Fault::MultiLevelWildcardOverlooked,
        Kind::SingleLevelWildcard => Fault::SingleLevelWildcardOverlooked,
        Kind::EmptyShareName => Fault::EmptyShareNameOverlooked,
        Kind::SharedSubscription => Fault::ShareNameOverlooked,
        Kind::NoFilters => match packet_type {
            Some(PacketType::Unsubscribe) => Fault::EmptyUnsubscribeOverlooked,
            _ => Fault::EmptySubscribeOverlooked,
        },
        Kind::ReservedSubscriptionOptions(_) => Fault::ReservedOptionsOverlooked,
        Kind::SubscriptionQosThree | Kind::RetainHandlingThree => Fault::OptionThreeOverlooked,
        Kind::NoLocalOnSharedSubscription => Fault::NoLocalOnSharedOverlooked,
        _ => return None,
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "any other field is one more that is cut off"
)]
const fn truncated_fault(field: Field) -> Fault {
    match field {
        Field::ClientId => Fault::MissingClientIdOverlooked,
        Field::WillPropertyLength | Field::WillTopic | Field::WillPayload => {
            Fault::MissingWillOverlooked
        }
        Field::UserName => Fault::MissingUserNameOverlooked,
        Field::Password => Fault::MissingPasswordOverlooked,
        _ => Fault::TruncationOverlooked,
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "any other string is one more that is ill-formed"
)]
const fn utf8_fault(packet_type: Option<PacketType>, field: Field) -> Fault {
    match field {
        Field::ClientId => Fault::IllFormedClientIdOverlooked,
        Field::WillTopic => Fault::IllFormedWillTopicOverlooked,
        Field::UserName => Fault::IllFormedUserNameOverlooked,
        Field::TopicName => Fault::IllFormedTopicOverlooked,
        Field::TopicFilter => match packet_type {
            Some(PacketType::Unsubscribe) => Fault::IllFormedUnsubscribeOverlooked,
            _ => Fault::IllFormedFilterOverlooked,
        },
        Field::Property(PropertyId::ResponseTopic) => Fault::IllFormedResponseTopicOverlooked,
        Field::Property(PropertyId::ContentType) => Fault::IllFormedContentTypeOverlooked,
        Field::Property(PropertyId::UserProperty) => Fault::IllFormedUserPropertyOverlooked,
        _ => Fault::IllFormedStringOverlooked,
    }
}

/// The fault of a broker that overlooks a reason code in this packet.
const fn reason_fault(packet_type: Option<PacketType>) -> Fault {
    match packet_type {
        Some(PacketType::Disconnect) => Fault::ReasonOfDisconnectOverlooked,
        Some(PacketType::Auth) => Fault::ReasonOfAuthOverlooked,
        _ => Fault::ReasonOfAckOverlooked,
    }
}

/// Behind protocol name, level, flags and keep alive.
const PROPERTIES_OFFSET: usize = 10;
/// With its length.
const PROTOCOL_NAME: &[u8] = b"\0\x04MQTT";
const RESERVED: u8 = 0b0000_0001;
const CLEAN_START: u8 = 0b0000_0010;
const WILL: u8 = 0b0000_0100;
const WILL_QOS: u8 = 0b0001_1000;
const WILL_QOS_TWO: u8 = 0b0001_0000;
const WILL_RETAIN: u8 = 0b0010_0000;
