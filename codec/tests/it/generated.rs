//! Generated packets: valid ones come back, and one violation is refused by its own statement.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use arbitrary::{Arbitrary, Unstructured};
use mqtt_assay_codec::arbitrary::{ValidPacket, Violated, Violation};
use mqtt_assay_codec::error::{DecodeErrorKind as Kind, Field};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{FieldKind, FieldSpec, Value, fields};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::property::PropertyId;
use mqtt_assay_codec::{DecodeError, Frame, Packet, PacketType, ProtocolVersion};
use proptest::collection::vec;
use proptest::prelude::*;

/// Any value that can be made from bytes.
pub(crate) fn arbitrary<T: for<'a> Arbitrary<'a> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    vec(any::<u8>(), 0..1_500).prop_filter_map("too few bytes", |bytes| {
        T::arbitrary(&mut Unstructured::new(&bytes)).ok()
    })
}

/// Why a packet is refused.
fn refusal(violated: &Violated) -> Option<DecodeError> {
    let frame = match Frame::split(&violated.bytes, violated.version) {
        Ok(Split::Frame(frame)) => frame,
        Ok(Split::NeedMore(_)) => return None,
        Err(error) => return Some(error),
    };
    Packet::decode(&frame, violated.version, violated.sender).err()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_valid_packet_comes_back_and_none_of_its_prefixes_is_one(
        packet in arbitrary::<ValidPacket>(),
    ) {
        let bytes = packet.to_bytes();
        for end in 0..bytes.len() {
            let split = Frame::split(&bytes[..end], packet.version);
            prop_assert!(matches!(split, Ok(Split::NeedMore(_))), "{split:?}");
        }
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, packet.version) else {
            return Err(TestCaseError::fail("no frame"));
        };
        let decoded = Packet::decode(&frame, packet.version, Sender::Either);
        let decoded = decoded.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut encoded = Vec::new();
        prop_assert_eq!(decoded.encode(packet.version, &mut encoded), Ok(()));
        prop_assert_eq!(encoded, bytes, "{}", packet.draft);
    }

    #[test]
    fn one_violation_is_refused_by_its_own_statement(violated in arbitrary::<Violated>()) {
        let statement = refusal(&violated).map(|error| error.statement());
        prop_assert_eq!(statement, Some(violated.statement), "{:02x?}", violated);
    }
}

/// Values made from pseudo-random bytes (a linear congruence): the same each time.
fn made<T: for<'a> Arbitrary<'a>>(count: usize) -> impl Iterator<Item = T> {
    let mut state = 1u64;
    let bytes = iter::repeat_with(move || {
        let byte = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state.to_le_bytes()[5]
        };
        iter::repeat_with(byte).take(400).collect::<Vec<u8>>()
    });
    bytes
        .take(count)
        .filter_map(|bytes| T::arbitrary(&mut Unstructured::new(&bytes)).ok())
}

#[test]
fn every_violation_is_made_in_every_packet_that_can_have_it() {
    let name = |version, packet: Option<PacketType>, violation| {
        let packet = packet.map_or("reserved", PacketType::name);
        format!("{violation:?} in {packet} {version}")
    };
    let mut made_in = BTreeSet::new();
    for violated in made::<Violated>(40_000) {
        let error = refusal(&violated).unwrap();
        let Violated { violation, .. } = violated;
        assert_eq!(error.statement(), violated.statement, "{violated:02x?}");
        assert!(shows(violation, error.kind()), "{violated:02x?}: {error}");
        made_in.insert(name(error.version(), error.packet_type(), violation));
    }
    let mut expected = BTreeSet::new();
    for version in ProtocolVersion::ALL {
        for &violation in Violation::ALL {
            let packets = PacketType::ALL.into_iter();
            let can_have = packets.filter(|&packet| can_have(version, packet, violation));
            expected.extend(can_have.map(|packet| name(version, Some(packet), violation)));
        }
        expected.insert(name(version, None, Violation::ReservedPacketType));
    }
    assert_eq!(made_in, expected);
}

/// Whether a violation is of the kind that the decoder found.
fn shows(violation: Violation, found: Kind) -> bool {
    let will_topic_or_name = [Field::WillTopic, Field::TopicName];
    match violation {
        Violation::RemainingLengthTooLong => found == Kind::RemainingLengthTooLong,
        Violation::RemainingLengthNotMinimal => found == Kind::RemainingLengthNotMinimal,
        Violation::ReservedPacketType => found == Kind::ReservedPacketType(0),
        Violation::WrongSender => matches!(found, Kind::WrongSender(_)),
        Violation::ReservedFlags => {
            matches!(found, Kind::ReservedFlags { found, allowed } if found == allowed + 0b1000)
        }
        Violation::PublishQosThree => found == Kind::PublishQosThree,
        Violation::DupWithoutQos => found == Kind::DupWithoutQos,
        Violation::TrailingByte => found == Kind::TrailingBytes { len: 1 },
        Violation::PacketIdZero => found == Kind::PacketIdZero,
        Violation::IllFormedUtf8 => matches!(found, Kind::IllFormedUtf8(_)),
        Violation::NulCharacter => matches!(found, Kind::NulCharacter(_)),
        Violation::UnknownProperty => found == Kind::UnknownProperty(0x7f),
        Violation::PropertyMisplaced => matches!(found, Kind::PropertyNotAllowed { .. }),
        Violation::PropertyRepeated => matches!(found, Kind::PropertyRepeated { .. }),
        Violation::PropertyLengthTooLong => matches!(found, Kind::PropertyLengthTooLong(_)),
        Violation::TopicAliasZero => has_zero(found, PropertyId::TopicAlias),
        Violation::SubscriptionIdZero => has_zero(found, PropertyId::SubscriptionIdentifier),
        Violation::ReceiveMaximumZero => has_zero(found, PropertyId::ReceiveMaximum),
        Violation::AuthenticationDataWithoutMethod => {
            found == Kind::AuthenticationDataWithoutMethod
        }
        Violation::ReasonNotAllowed => matches!(found, Kind::ReasonNotAllowed(_)),
        Violation::ProtocolName => found == Kind::ProtocolName,
        Violation::ProtocolLevel => found == Kind::UnsupportedProtocolVersion(6),
        Violation::ReservedConnectFlag => found == Kind::ReservedConnectFlag,
        Violation::WillQosThree => found == Kind::WillQosThree,
        Violation::WillRetainWithoutWill => found == Kind::WillRetainWithoutWill,
        Violation::PasswordWithoutUserName => found == Kind::PasswordWithoutUserName,
        Violation::EmptyClientId => found == Kind::EmptyClientId,
        Violation::ReservedConnackFlags => {
            matches!(found, Kind::ReservedConnackFlags(0x80 | 0x81))
        }
        Violation::SessionPresentWithError => matches!(found, Kind::SessionPresentWithError(_)),
        Violation::EmptyTopic => will_topic_or_name.map(Kind::EmptyTopic).contains(&found),
        Violation::WildcardInTopic => {
            let kinds = will_topic_or_name.map(Kind::WildcardInTopic);
            kinds.contains(&found)
        }
        Violation::MultiLevelWildcard => found == Kind::MultiLevelWildcard,
        Violation::SingleLevelWildcard => found == Kind::SingleLevelWildcard,
        Violation::EmptyShareName => found == Kind::EmptyShareName,
        Violation::NoFilters => found == Kind::NoFilters,
        Violation::NoReasons => found == Kind::NoReasons,
        Violation::ReservedSubscriptionOptions => {
            matches!(found, Kind::ReservedSubscriptionOptions(_))
        }
        Violation::SubscriptionQosThree => found == Kind::SubscriptionQosThree,
        Violation::RetainHandlingThree => found == Kind::RetainHandlingThree,
        Violation::NoLocalOnSharedSubscription => found == Kind::NoLocalOnSharedSubscription,
        _ => false,
    }
}

fn has_zero(found: Kind, property: PropertyId) -> bool {
    found == Kind::PropertyValue { property, value: 0 }
}

/// Whether a packet, read by the rules of a version, has a rule that a violation breaks.
#[expect(clippy::wildcard_enum_match_arm, reason = "packets without the rule")]
fn can_have(version: ProtocolVersion, packet: PacketType, violation: Violation) -> bool {
    use PacketType as P;

    let is_v5 = version == ProtocolVersion::V5_0;
    let is_ping = matches!(packet, P::Pingreq | P::Pingresp);
    let is_ack = matches!(packet, P::Puback | P::Pubrec | P::Pubrel | P::Pubcomp);
    let is_request = matches!(packet, P::Subscribe | P::Unsubscribe);
    let is_answer = matches!(packet, P::Suback | P::Unsuback);
    let can = match violation {
        Violation::RemainingLengthTooLong | Violation::RemainingLengthNotMinimal => true,
        Violation::WrongSender => match packet {
            P::Disconnect => !is_v5,
            _ => !is_ack && !matches!(packet, P::Publish | P::Auth),
        },
        Violation::ReservedFlags => packet != P::Publish,
        Violation::PublishQosThree | Violation::DupWithoutQos => packet == P::Publish,
        // Where 5.0 has properties or a list, a byte more is read as one of those.
        Violation::TrailingByte => match packet {
            P::Connect | P::Connack => true,
            P::Disconnect | P::Unsuback => !is_v5,
            _ => is_ping || (is_ack && !is_v5),
        },
        Violation::PacketIdZero => is_ack || is_request || is_answer || packet == P::Publish,
        Violation::IllFormedUtf8 | Violation::NulCharacter => match packet {
            P::Connect | P::Publish | P::Subscribe | P::Unsubscribe => true,
            _ => is_v5 && !is_ping,
        },
        Violation::UnknownProperty => is_v5 && packet == P::Connack,
        Violation::PropertyMisplaced | Violation::PropertyLengthTooLong => is_v5 && !is_ping,
        // All that an UNSUBSCRIBE has, it may have twice.
        Violation::PropertyRepeated => is_v5 && !is_ping && packet != P::Unsubscribe,
        Violation::TopicAliasZero => is_v5 && packet == P::Publish,
        Violation::ReceiveMaximumZero => is_v5 && matches!(packet, P::Connect | P::Connack),
        Violation::AuthenticationDataWithoutMethod => is_v5 && packet == P::Connect,
        Violation::ReasonNotAllowed => match packet {
            P::Connack | P::Suback => true,
            P::Unsuback | P::Disconnect | P::Auth => is_v5,
            _ => is_v5 && is_ack,
        },
        Violation::ProtocolName
        | Violation::ProtocolLevel
        | Violation::ReservedConnectFlag
        | Violation::WillQosThree
        | Violation::WillRetainWithoutWill => packet == P::Connect,
        Violation::PasswordWithoutUserName | Violation::EmptyClientId => {
            !is_v5 && packet == P::Connect
        }
        Violation::ReservedConnackFlags | Violation::SessionPresentWithError => {
            packet == P::Connack
        }
        Violation::EmptyTopic | Violation::WildcardInTopic => {
            matches!(packet, P::Connect | P::Publish)
        }
        Violation::MultiLevelWildcard | Violation::SingleLevelWildcard | Violation::NoFilters => {
            is_request
        }
        Violation::EmptyShareName => is_v5 && is_request,
        Violation::NoReasons => match packet {
            P::Unsuback => is_v5,
            _ => packet == P::Suback,
        },
        Violation::ReservedSubscriptionOptions | Violation::SubscriptionQosThree => {
            packet == P::Subscribe
        }
        Violation::SubscriptionIdZero
        | Violation::RetainHandlingThree
        | Violation::NoLocalOnSharedSubscription => is_v5 && packet == P::Subscribe,
        _ => false,
    };
    can && (is_v5 || packet != P::Auth)
}

#[test]
fn every_field_is_made_with_many_values_in_the_versions_that_have_it() {
    let mut values: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for packet in made::<ValidPacket>(10_000) {
        let packet_type = packet.draft.packet_type;
        // A CONNECT goes by its own level.
        let level = packet.draft.fields.iter().find_map(|field| {
            let is_level = field.name == "protocol-level";
            ProtocolVersion::ALL
                .into_iter()
                .find(|it| is_level && field.value == Value::Number(u32::from(it.level())))
        });
        let version = level.unwrap_or(packet.version);
        for field in packet.draft.fields {
            let field_of = (version, packet_type, field.name);
            let value = format!("{:?}", field.value);
            values.entry(field_of).or_default().insert(value);
        }
    }
    for (version, packet_type, spec) in every_field() {
        let found = values.remove(&(version, packet_type, spec.name));
        let count = found.map_or(0, |it| it.len());
        let expected = match spec.kind {
            _ if spec.is_v5_only && version == ProtocolVersion::V3_1_1 => 0..=0,
            // An AUTH without a method is none.
            _ if (packet_type, spec.name) == (PacketType::Auth, "empty-properties") => 0..=0,
            _ if matches!(spec.name, "protocol-name" | "protocol-level") => 1..=1,
            FieldKind::Number { .. } => 2..=usize::MAX,
            FieldKind::Flag => 1..=2,
            FieldKind::Bytes | FieldKind::Pair => 20..=usize::MAX,
        };
        let name = format!("{} of {} in {version}", spec.name, packet_type.name());
        assert!(expected.contains(&count), "{name}: {count} values");
    }
    assert!(values.is_empty(), "{values:?}");
}

fn every_field() -> impl Iterator<Item = (ProtocolVersion, PacketType, &'static FieldSpec)> {
    let packets = PacketType::ALL.into_iter();
    let of_both = packets.flat_map(|it| ProtocolVersion::ALL.map(|version| (version, it)));
    of_both
        .filter(|(version, it)| it.is_sent_by(Sender::Either, *version))
        .flat_map(|(version, it)| fields(it).iter().map(move |spec| (version, it, spec)))
}
