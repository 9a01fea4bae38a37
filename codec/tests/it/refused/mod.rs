//! Packets that no receiver may take: they are not written either.

mod parts;

use mqtt_assay_codec::error::DecodeErrorKind as Kind;
use mqtt_assay_codec::error::Field;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{
    Ack, Auth, Connack, Connect, Delivery, Disconnect, FiltersBuf, Outcome, Packet, PacketId,
    Publish, Qos, Sender, Suback, Subscribe, Subscription, SubscriptionOptions, SubscriptionsBuf,
    Unsuback, Unsubscribe, Will,
};
use mqtt_assay_codec::property::{Properties, PropertiesBuf, Property, PropertyId, PropertyPlace};
use mqtt_assay_codec::topic::{TopicFilter, TopicName};
use mqtt_assay_codec::{EncodeError, Frame, PacketType, ProtocolVersion, ReasonCode};
use proptest::prelude::*;
use proptest::sample::select;

use ProtocolVersion::{V3_1_1, V5_0};
use parts::{Parts, buf, parts, with_packet};

fn packet_and_parts() -> impl Strategy<Value = (PacketType, Parts)> {
    select(&PacketType::ALL[..]).prop_flat_map(|packet| (Just(packet), parts(packet)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again_and_says_the_same((packet, parts) in packet_and_parts()) {
        with_packet(packet, &parts, |packet| {
            let mut bytes = vec![0xaa];
            match packet.encode(parts.version, &mut bytes) {
                Ok(()) => {
                    let bytes = &bytes[1..];
                    let Ok(Split::Frame(frame)) = Frame::split(bytes, parts.version) else {
                        panic!("no frame: {bytes:02x?}");
                    };
                    assert_eq!(frame.len(), bytes.len());
                    let decoded = Packet::decode(&frame, parts.version, Sender::Either).unwrap();
                    let mut again = Vec::new();
                    decoded.encode(parts.version, &mut again).unwrap();
                    assert_eq!(again, bytes);
                }
                Err(error) => {
                    assert!(matches!(error, EncodeError::Refused(_)), "{error}");
                    assert_eq!(bytes, [0xaa], "nothing is left of it");
                }
            }
        });
    }
}

#[track_caller]
fn check(packet: &Packet<'_>, version: ProtocolVersion, expected: Option<Kind>) {
    let mut bytes = Vec::new();
    let kind = match packet.encode(version, &mut bytes) {
        Ok(()) => None,
        Err(EncodeError::Refused(error)) => Some(error.kind()),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(kind, expected, "{packet:?} in {version}");
    assert_eq!(bytes.is_empty(), expected.is_some());
}

const ID: PacketId = PacketId::MIN;

#[test]
fn a_reason_stands_where_it_may() {
    let reason = ReasonCode::GRANTED_QOS_2;
    let refused = Some(Kind::ReasonNotAllowed(reason));
    let outcome = Outcome::new(reason);
    let ack = Ack {
        packet_id: ID,
        outcome,
    };
    for packet in [
        Packet::Puback(ack),
        Packet::Pubrec(ack),
        Packet::Pubrel(ack),
        Packet::Pubcomp(ack),
        Packet::Disconnect(Disconnect { outcome }),
    ] {
        check(&packet, V5_0, refused);
        check(&packet, V3_1_1, None);
    }
    let connack = |session_present, code| {
        Packet::Connack(Connack {
            session_present,
            reason: ReasonCode::new(code),
            properties: Properties::EMPTY,
        })
    };
    check(&connack(false, 2), V5_0, refused);
    check(&connack(false, 2), V3_1_1, None);
    let unlisted = Some(Kind::ReasonNotAllowed(ReasonCode::new(6)));
    check(&connack(false, 6), V3_1_1, unlisted);
    check(&connack(true, 0), V3_1_1, None);
    let error = |code| Some(Kind::SessionPresentWithError(ReasonCode::new(code)));
    check(&connack(true, 1), V3_1_1, error(1));
    check(&connack(true, 0x80), V5_0, error(0x80));
}

#[test]
fn an_answer_has_a_reason_for_each_filter() {
    let properties = Properties::EMPTY;
    let suback = |reasons| {
        Packet::Suback(Suback {
            packet_id: ID,
            properties,
            reasons,
        })
    };
    let unsuback = |reasons| {
        Packet::Unsuback(Unsuback {
            packet_id: ID,
            properties,
            reasons,
        })
    };
    for version in ProtocolVersion::ALL {
        check(&suback(&[0, 1, 2, 0x80]), version, None);
        check(&suback(&[]), version, Some(Kind::NoReasons));
        let refused = Some(Kind::ReasonNotAllowed(ReasonCode::new(3)));
        check(&suback(&[0, 3]), version, refused);
    }
    let refused = Some(Kind::ReasonNotAllowed(ReasonCode::NOT_AUTHORIZED));
    check(&suback(&[0x87]), V3_1_1, refused);
    check(&unsuback(&[]), V3_1_1, None);
    check(&unsuback(&[]), V5_0, Some(Kind::NoReasons));
    let refused = Some(Kind::ReasonNotAllowed(ReasonCode::GRANTED_QOS_1));
    check(&unsuback(&[0, 1]), V5_0, refused);
    // In 3.1.1 it takes no bytes.
    check(&unsuback(&[1]), V3_1_1, None);
}

#[test]
fn properties_stand_in_the_packets_that_have_them() {
    for packet in PacketType::ALL {
        // One that the packet never has.
        let property = if packet == PacketType::Connack {
            Property::TopicAlias(1)
        } else {
            Property::ServerKeepAlive(1)
        };
        let properties = buf(&[property]);
        let place = PropertyPlace::ALL
            .into_iter()
            .find(|place| place.name() == packet.name());
        let parts = Parts {
            version: V5_0,
            filter_version: V5_0,
            flag: false,
            bits: 0,
            code: u8::from(packet == PacketType::Auth) * 0x18,
            codes: vec![0],
            outcome: 2,
            packet_id: ID,
            properties,
            will_properties: PropertiesBuf::new(),
            topic: Some("a"),
            filters: vec!["a"],
            text: "c",
            user_name: None,
            password: None,
            has_will: false,
        };
        let refused = place.map(|place| Kind::PropertyNotAllowed {
            property: property.id(),
            place,
        });
        with_packet(packet, &parts, |packet| check(packet, V5_0, refused));
        if !matches!(packet, PacketType::Connect | PacketType::Auth) {
            with_packet(packet, &parts, |packet| check(packet, V3_1_1, None));
        }
    }
}

#[test]
fn values_of_properties_are_legal() {
    for (property, kind) in [
        (
            Property::TopicAlias(0),
            Kind::PropertyValue {
                property: PropertyId::TopicAlias,
                value: 0,
            },
        ),
        (
            Property::PayloadFormatIndicator(2),
            Kind::PropertyValue {
                property: PropertyId::PayloadFormatIndicator,
                value: 2,
            },
        ),
        (
            Property::ContentType("\0"),
            Kind::NulCharacter(Field::Property(PropertyId::ContentType)),
        ),
        (
            Property::UserProperty(("", "\0")),
            Kind::NulCharacter(Field::Property(PropertyId::UserProperty)),
        ),
        (
            Property::ResponseTopic(""),
            Kind::EmptyTopic(Field::Property(PropertyId::ResponseTopic)),
        ),
        (
            Property::ResponseTopic("a/+"),
            Kind::WildcardInTopic(Field::Property(PropertyId::ResponseTopic)),
        ),
    ] {
        // Legal ones before it do not hide it, nor do illegal ones behind it.
        let list = [
            Property::MessageExpiryInterval(0),
            property,
            Property::CorrelationData(b"\0"),
            Property::UserProperty(("\0", "")),
        ];
        let buf = buf(&list);
        let publish = Packet::Publish(Publish {
            delivery: Delivery::AtMostOnce,
            retain: false,
            topic: TopicName::new("a").ok(),
            properties: buf.as_properties(),
            payload: b"",
        });
        check(&publish, V5_0, Some(kind));
        check(&publish, V3_1_1, None);
    }
}

#[test]
fn a_message_has_a_topic_or_an_alias() {
    let publish = |properties| {
        Packet::Publish(Publish {
            delivery: Delivery::AtMostOnce,
            retain: false,
            topic: None,
            properties,
            payload: b"p",
        })
    };
    let alias = buf(&[Property::TopicAlias(1)]);
    let refused = Some(Kind::EmptyTopic(Field::TopicName));
    check(&publish(alias.as_properties()), V5_0, None);
    check(&publish(alias.as_properties()), V3_1_1, refused);
    check(&publish(Properties::EMPTY), V5_0, refused);
}

#[test]
fn authentication_has_a_method() {
    let method = buf(&[Property::AuthenticationMethod("m")]);
    let data = buf(&[Property::AuthenticationData(b"d")]);
    let auth = |outcome| Packet::Auth(Auth { outcome });
    let reason = ReasonCode::CONTINUE_AUTHENTICATION;
    let full = |properties| auth(Outcome::with_properties(reason, properties));
    check(&auth(Outcome::SUCCESS), V5_0, None);
    check(&full(method.as_properties()), V5_0, None);
    check(
        &auth(Outcome::new(reason)),
        V5_0,
        Some(Kind::Truncated(Field::PropertyLength)),
    );
    let missing = Some(Kind::AuthenticationMethodMissing);
    check(&full(data.as_properties()), V5_0, missing);
    check(&full(Properties::EMPTY), V5_0, missing);
    let reserved = Some(Kind::ReservedPacketType(15));
    check(&full(method.as_properties()), V3_1_1, reserved);
}

#[test]
fn a_connect_hangs_together() {
    let connect = |version, clean_start, client_id, user_name, password| Connect {
        version,
        clean_start,
        keep_alive: 0,
        properties: Properties::EMPTY,
        client_id,
        will: None,
        user_name,
        password,
    };
    let password = Some(&b"\0"[..]);
    for version in ProtocolVersion::ALL {
        let is_v3 = version == V3_1_1;
        let check = |connect, expected| check(&Packet::Connect(connect), version, expected);
        let user = Some("u");
        check(connect(version, true, "", user, password), None);
        let empty = is_v3.then_some(Kind::EmptyClientId);
        check(connect(version, false, "", user, password), empty);
        let without = is_v3.then_some(Kind::PasswordWithoutUserName);
        check(connect(version, false, "c", None, password), without);
        let nul = |field| Some(Kind::NulCharacter(field));
        check(
            connect(version, false, "c\0", None, None),
            nul(Field::ClientId),
        );
        check(
            connect(version, false, "c", Some("\0"), None),
            nul(Field::UserName),
        );
    }
    let data = buf(&[Property::AuthenticationData(b"d")]);
    let mut with_data = connect(V5_0, true, "", None, None);
    with_data.properties = data.as_properties();
    check(
        &Packet::Connect(with_data),
        V5_0,
        Some(Kind::AuthenticationDataWithoutMethod),
    );
    let mut with_will = connect(V5_0, true, "", None, None);
    with_will.will = Some(Will {
        qos: Qos::AtMostOnce,
        retain: false,
        properties: data.as_properties(),
        topic: TopicName::new("w").unwrap(),
        payload: b"",
    });
    let misplaced = Kind::PropertyNotAllowed {
        property: PropertyId::AuthenticationData,
        place: PropertyPlace::Will,
    };
    check(&Packet::Connect(with_will), V5_0, Some(misplaced));
}

#[test]
fn filters_are_judged_by_the_version_in_which_they_are_sent() {
    let mut options = SubscriptionOptions::new(Qos::AtMostOnce);
    for (text, expected) in [
        ("a", None),
        ("$share", None),
        ("$share/g/t", None),
        ("$share//t", Some(Kind::EmptyShareName)),
        ("$share/g", Some(Kind::SharedSubscription)),
    ] {
        let filter = TopicFilter::new(text, V3_1_1).unwrap();
        let filters = FiltersBuf::new(filter).unwrap();
        let unsubscribe = Packet::Unsubscribe(Unsubscribe {
            packet_id: ID,
            properties: Properties::EMPTY,
            filters: filters.as_filters(),
        });
        check(&unsubscribe, V3_1_1, None);
        check(&unsubscribe, V5_0, expected);
        let subscriptions = SubscriptionsBuf::new(Subscription { filter, options }).unwrap();
        let subscribe = Packet::Subscribe(Subscribe {
            packet_id: ID,
            properties: Properties::EMPTY,
            subscriptions: subscriptions.as_subscriptions(),
        });
        check(&subscribe, V3_1_1, None);
        check(&subscribe, V5_0, expected);
    }
    options.no_local = true;
    let no_local = |text| {
        let filter = TopicFilter::new(text, V5_0).unwrap();
        SubscriptionsBuf::new(Subscription { filter, options }).unwrap()
    };
    for (text, expected) in [
        ("a", None),
        ("$share/g/t", Some(Kind::NoLocalOnSharedSubscription)),
    ] {
        let subscriptions = no_local(text);
        let subscribe = Packet::Subscribe(Subscribe {
            packet_id: ID,
            properties: Properties::EMPTY,
            subscriptions: subscriptions.as_subscriptions(),
        });
        check(&subscribe, V5_0, expected);
        let reserved = Some(Kind::ReservedSubscriptionOptions(0b100));
        check(&subscribe, V3_1_1, reserved);
    }
}
