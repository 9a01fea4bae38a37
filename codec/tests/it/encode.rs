//! Packets to be sent: built from their parts, and what cannot be put into bytes.

use mqtt_assay_codec::packet::{
    Ack, Auth, Connect, Delivery, FiltersBuf, Outcome, Packet, PacketId, Publish, Qos,
    RetainHandling, Subscribe, Subscription, SubscriptionOptions, SubscriptionsBuf, Unsubscribe,
};
use mqtt_assay_codec::property::{Properties, PropertiesBuf, Property, PropertyId};
use mqtt_assay_codec::topic::{TopicFilter, TopicName};
use mqtt_assay_codec::{EncodeError, PacketType, ProtocolVersion, ReasonCode};

use crate::hex;
use ProtocolVersion::{V3_1_1, V5_0};

#[track_caller]
fn check(packet: &Packet<'_>, version: ProtocolVersion, expected: Result<&str, &str>) {
    let mut out = vec![0xaa];
    let written = packet.encode(version, &mut out);
    let mut head = vec![0xaa];
    let payload = packet.encode_head(version, &mut head);
    assert_eq!(payload.clone().map(|_| ()), written, "{packet:?}");
    head.extend(payload.unwrap_or_default());
    assert_eq!(head, out, "{packet:?}");
    match expected {
        Ok(text) => {
            assert_eq!(written, Ok(()), "{packet:?}");
            assert_eq!(
                out.get(1..),
                Some(hex::packet(text).as_slice()),
                "{packet:?}"
            );
        }
        Err(message) => {
            let error = written.unwrap_err();
            assert_eq!(error.to_string(), message, "{packet:?}");
            assert_eq!(out, [0xaa], "what was there stays as it was");
        }
    }
}

const ONE: PacketId = PacketId::MIN;

fn publish<'a>(properties: Properties<'a>, payload: &'a [u8]) -> Packet<'a> {
    Packet::Publish(Publish {
        delivery: Delivery::AtMostOnce,
        retain: false,
        topic: TopicName::new("a").ok(),
        properties,
        payload,
    })
}

fn connect<'a>(
    version: ProtocolVersion,
    client_id: &'a str,
    password: Option<&'a [u8]>,
) -> Packet<'a> {
    Packet::Connect(Connect {
        version,
        clean_start: true,
        keep_alive: 0,
        properties: Properties::EMPTY,
        client_id,
        will: None,
        user_name: None,
        password,
    })
}

fn properties(list: &[Property<'_>]) -> PropertiesBuf {
    let mut buf = PropertiesBuf::new();
    for property in list {
        buf.push(*property).unwrap();
    }
    buf
}

#[test]
fn lists_are_built_one_by_one() {
    let filter = |text| TopicFilter::new(text, V5_0).unwrap();
    let options = SubscriptionOptions::new(Qos::AtLeastOnce);
    let mut subscriptions = SubscriptionsBuf::new(Subscription {
        filter: filter("a/+"),
        options,
    })
    .unwrap();
    subscriptions
        .push(Subscription {
            filter: filter("$share/g/#"),
            options,
        })
        .unwrap();
    let list: Vec<_> = subscriptions.as_subscriptions().iter().collect();
    assert_eq!(list.len(), 2);
    assert_eq!(list[1].filter, filter("$share/g/#"));
    let subscribe = Packet::Subscribe(Subscribe {
        packet_id: ONE,
        properties: Properties::EMPTY,
        subscriptions: subscriptions.as_subscriptions(),
    });
    check(
        &subscribe,
        V5_0,
        Ok("82 0001 00 0003'a/+' 01 000a'$share/g/#' 01"),
    );
    check(
        &subscribe,
        V3_1_1,
        Ok("82 0001 0003'a/+' 01 000a'$share/g/#' 01"),
    );

    let mut filters = FiltersBuf::new(filter("a")).unwrap();
    filters.push(filter("b")).unwrap();
    let unsubscribe = Packet::Unsubscribe(Unsubscribe {
        packet_id: ONE,
        properties: Properties::EMPTY,
        filters: filters.as_filters(),
    });
    check(&unsubscribe, V5_0, Ok("a2 0001 00 0001'a' 0001'b'"));
}

#[test]
fn each_option_of_a_subscription_has_its_bits() {
    let mut legal = Vec::new();
    for bits in 0..=u8::MAX {
        let Some(options) = SubscriptionOptions::from_bits(bits) else {
            continue;
        };
        legal.push(bits);
        assert_eq!(options.bits(), bits, "{options:?}");
        assert_eq!(options.qos.bits(), bits & 0b11, "{options:?}");
        assert_eq!(options.no_local, bits & 0b100 != 0, "{options:?}");
        assert_eq!(
            options.retain_as_published,
            bits & 0b1000 != 0,
            "{options:?}"
        );
        let handling = RetainHandling::from_bits(bits >> 4);
        assert_eq!(Some(options.retain_handling), handling, "{options:?}");
    }
    // Three QoS, three ways to handle retained messages, and two flags (section 3.8.3.1).
    assert_eq!(legal.len(), 3 * 3 * 4);
    let filter = TopicFilter::new("a", V5_0).unwrap();
    let options = SubscriptionOptions::from_bits(0b10_11_10).unwrap();
    let subscription = Subscription { filter, options };
    let subscriptions = SubscriptionsBuf::new(subscription).unwrap();
    let subscribe = Packet::Subscribe(Subscribe {
        packet_id: ONE,
        properties: Properties::EMPTY,
        subscriptions: subscriptions.as_subscriptions(),
    });
    check(&subscribe, V5_0, Ok("82 0001 00 0001'a' 2e"));
    let refused =
        "reserved bits in subscription options 0x2e in SUBSCRIBE; allowed are zeros (byte 7)";
    check(&subscribe, V3_1_1, Err(refused));
}

#[test]
fn a_filter_stays_what_it_was_in_its_version() {
    let ordinary = TopicFilter::new("$share/g/t", V3_1_1).unwrap();
    let filters = FiltersBuf::new(ordinary).unwrap();
    let list: Vec<_> = filters.as_filters().iter().collect();
    assert_eq!(list, [ordinary]);
    assert_eq!(list[0].shared(), None);
}

#[test]
fn what_does_not_fit_is_refused_and_never_cut() {
    let long = "x".repeat(65_536);
    let len = long.len();
    let message = "field of 65536 bytes; allowed are at most 65535";
    check(&connect(V5_0, &long, None), V5_0, Err(message));
    let mut buf = properties(&[Property::ContentType("a")]);
    let before = buf.clone();
    let too_long = Property::UserProperty(("a", &long));
    assert_eq!(buf.push(too_long), Err(EncodeError::FieldTooLong { len }));
    let number = 268_435_456;
    let too_large = Property::SubscriptionIdentifier(number);
    assert_eq!(
        buf.push(too_large),
        Err(EncodeError::NumberTooLarge { number })
    );
    assert_eq!(buf, before, "what does not fit leaves nothing behind");
    let payload = vec![0; 268_435_455 - 3];
    let message = "remaining length 268435456; allowed is at most 268435455";
    check(&publish(Properties::EMPTY, &payload), V5_0, Err(message));
}

#[test]
fn properties_stand_where_they_may() {
    let buf = properties(&[Property::TopicAlias(1), Property::ServerKeepAlive(1)]);
    let message = "property 0x13 (server keep alive) in PUBLISH; allowed in CONNACK only (byte 9)";
    check(&publish(buf.as_properties(), b"p"), V5_0, Err(message));
    let buf = properties(&[Property::TopicAlias(1), Property::TopicAlias(1)]);
    let message = "property 0x23 (topic alias) repeated in PUBLISH; allowed once (byte 9)";
    check(&publish(buf.as_properties(), b""), V5_0, Err(message));
    check(
        &publish(buf.as_properties(), b"p"),
        V3_1_1,
        Ok("30 0001'a' 'p'"),
    );
}

#[test]
fn a_message_has_many_subscription_identifiers_and_a_subscription_has_one() {
    let id = Property::SubscriptionIdentifier;
    let buf = properties(&[id(1), id(2), id(2)]);
    let ids: Vec<u32> = buf.as_properties().subscription_ids().collect();
    assert_eq!(ids, [1, 2, 2]);
    check(
        &publish(buf.as_properties(), b""),
        V5_0,
        Ok("30 0001'a' [0b01 0b02 0b02]"),
    );
    let filter = TopicFilter::new("a", V5_0).unwrap();
    let options = SubscriptionOptions::new(Qos::AtMostOnce);
    let subscriptions = SubscriptionsBuf::new(Subscription { filter, options }).unwrap();
    let subscribe = Packet::Subscribe(Subscribe {
        packet_id: ONE,
        properties: buf.as_properties(),
        subscriptions: subscriptions.as_subscriptions(),
    });
    let message =
        "property 0x0b (subscription identifier) repeated in SUBSCRIBE; allowed once (byte 7)";
    check(&subscribe, V5_0, Err(message));
}

#[test]
fn a_version_takes_what_it_has_bytes_for() {
    let auth = Packet::Auth(Auth {
        outcome: Outcome::SUCCESS,
    });
    check(&auth, V5_0, Ok("f0"));
    check(
        &auth,
        V3_1_1,
        Err("reserved packet type 15; allowed in MQTT 3.1.1 are 1 to 14 (byte 0)"),
    );
    check(
        &connect(V5_0, "", Some(b"p")),
        V3_1_1,
        Ok("10 0004'MQTT'05 42 0000 00 0000 0001'p'"),
    );
    check(
        &connect(V3_1_1, "", Some(b"p")),
        V3_1_1,
        Err("password in CONNECT without a user name; allowed with a user name only (byte 9)"),
    );
    let outcome = Outcome::new(ReasonCode::NO_MATCHING_SUBSCRIBERS);
    let puback = Packet::Puback(Ack {
        packet_id: ONE,
        outcome,
    });
    check(&puback, V5_0, Ok("40 0001 10"));
    check(&puback, V3_1_1, Ok("40 0001"));
}

#[test]
fn typed_values_are_read_by_name() {
    let list = [
        Property::SessionExpiryInterval(60),
        Property::ReceiveMaximum(20),
        Property::AssignedClientIdentifier("c"),
    ];
    let buf = properties(&list);
    let properties = buf.as_properties();
    assert_eq!(properties.session_expiry_interval(), Some(60));
    assert_eq!(properties.receive_maximum(), Some(20));
    assert_eq!(properties.assigned_client_identifier(), Some("c"));
    assert_eq!(properties.topic_alias_maximum(), None);
    assert_eq!(properties.iter().collect::<Vec<_>>(), list);
    let debug = "[SessionExpiryInterval(60), ReceiveMaximum(20), AssignedClientIdentifier(\"c\")]";
    assert_eq!(format!("{properties:?}"), debug);
}

#[test]
fn values_are_read_by_identifier_if_they_are_of_the_type() {
    let list = [
        Property::RetainAvailable(0),
        Property::ReceiveMaximum(20),
        Property::SessionExpiryInterval(60),
        Property::SubscriptionIdentifier(300),
        Property::ContentType("a"),
        Property::CorrelationData(b"\0"),
        Property::UserProperty(("k", "v")),
        Property::UserProperty(("k", "")),
    ];
    let buf = properties(&list);
    let properties = buf.as_properties();
    let read = |id| {
        let (integer, text) = (properties.integer(id), properties.text(id));
        (integer, text, properties.binary(id))
    };
    for (id, expected) in [
        (PropertyId::RetainAvailable, (Some(0), None, None)),
        (PropertyId::ReceiveMaximum, (Some(20), None, None)),
        (PropertyId::SessionExpiryInterval, (Some(60), None, None)),
        (PropertyId::SubscriptionIdentifier, (Some(300), None, None)),
        (PropertyId::ContentType, (None, Some("a"), None)),
        (PropertyId::CorrelationData, (None, None, Some(&[0][..]))),
        (PropertyId::UserProperty, (None, None, None)),
        (PropertyId::ReasonString, (None, None, None)),
    ] {
        assert_eq!(read(id), expected, "{id:?}");
    }
    let pairs: Vec<_> = properties.user_properties().collect();
    assert_eq!(pairs, [("k", "v"), ("k", "")]);
}

#[test]
fn a_packet_type_is_found_by_its_name() {
    for packet_type in PacketType::ALL {
        assert_eq!(PacketType::from_name(packet_type.name()), Some(packet_type));
        assert_eq!(
            PacketType::from_number(packet_type.number()),
            Some(packet_type)
        );
    }
    assert_eq!(PacketType::from_name("publish"), None);
}

#[test]
fn errors_say_what_is_allowed() {
    for (error, expected) in [
        (
            EncodeError::FieldTooLong { len: 65_536 },
            "field of 65536 bytes; allowed are at most 65535",
        ),
        (
            EncodeError::PacketTooLong { len: 268_435_456 },
            "remaining length 268435456; allowed is at most 268435455",
        ),
        (
            EncodeError::NumberTooLarge {
                number: 268_435_456,
            },
            "variable byte integer 268435456; allowed is at most 268435455",
        ),
    ] {
        assert_eq!(error.to_string(), expected);
    }
}
