//! Lengths, numbers and counts at the ends of what their encoding holds, and one beyond.

use mqtt_assay_codec::error::DecodeErrorKind;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{
    Ack, Connect, Delivery, FiltersBuf, Outcome, PacketId, Publish, Sender, Unsubscribe, Will,
};
use mqtt_assay_codec::property::{Properties, PropertiesBuf, Property};
use mqtt_assay_codec::topic::{TopicError, TopicFilter, TopicName};
use mqtt_assay_codec::{EncodeError, Frame, Packet, ProtocolVersion, Qos};

use crate::hex;

/// Encodes and decodes a packet, which must then be the same, and gives its bytes.
#[track_caller]
fn check(packet: &Packet<'_>, version: ProtocolVersion) -> Vec<u8> {
    let mut bytes = Vec::new();
    packet.encode(version, &mut bytes).unwrap();
    let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
        panic!("no frame");
    };
    assert_eq!(frame.len(), bytes.len());
    let decoded = Packet::decode(&frame, version, Sender::Either).unwrap();
    assert!(decoded == *packet, "the packet came back as another one");
    bytes
}

#[track_caller]
fn check_refused(packet: &Packet<'_>, version: ProtocolVersion, expected: EncodeError) {
    let mut bytes = Vec::new();
    assert_eq!(packet.encode(version, &mut bytes), Err(expected));
    assert_eq!(bytes, [], "nothing is left of it");
}

const fn publish<'a>(topic: TopicName<'a>, payload: &'a [u8]) -> Packet<'a> {
    Packet::Publish(Publish {
        delivery: Delivery::AtMostOnce,
        retain: false,
        topic: Some(topic),
        properties: Properties::EMPTY,
        payload,
    })
}

fn connect<'a>(text: &'a str, properties: Properties<'a>) -> Packet<'a> {
    Packet::Connect(Connect {
        version: ProtocolVersion::V5_0,
        clean_start: true,
        keep_alive: u16::MAX,
        properties,
        client_id: text,
        will: Some(Will {
            qos: Qos::AtMostOnce,
            retain: false,
            properties: Properties::EMPTY,
            topic: TopicName::new("w").unwrap(),
            payload: text.as_bytes(),
        }),
        user_name: Some(text),
        password: Some(text.as_bytes()),
    })
}

#[test]
fn a_topic_has_1_to_65_535_bytes() {
    for version in ProtocolVersion::ALL {
        for len in [1, 2, 127, 128, 65_534, 65_535] {
            let text = "t".repeat(len);
            let topic = TopicName::new(&text).unwrap();
            check(&publish(topic, b"p"), version);
            let filter = TopicFilter::new(&text, version).unwrap();
            assert!(filter.matches(&topic), "{len}");
            let filters = FiltersBuf::new(filter).unwrap();
            let unsubscribe = Packet::Unsubscribe(Unsubscribe {
                packet_id: PacketId::MIN,
                properties: Properties::EMPTY,
                filters: filters.as_filters(),
            });
            check(&unsubscribe, version);
        }
        let too_long = "t".repeat(65_536);
        assert_eq!(
            TopicFilter::new(&too_long, version),
            Err(TopicError::TooLong)
        );
        assert_eq!(TopicFilter::new("", version), Err(TopicError::Empty));
    }
    assert_eq!(
        TopicName::new(&"t".repeat(65_536)),
        Err(TopicError::TooLong)
    );
    assert_eq!(TopicName::new(""), Err(TopicError::Empty));
}

#[test]
fn a_remaining_length_takes_as_many_bytes_as_it_needs() {
    let topic = TopicName::new("t").unwrap();
    for (remaining_len, len_bytes) in [
        (3, 1),
        (127, 1),
        (128, 2),
        (16_383, 2),
        (16_384, 3),
        (2_097_151, 3),
        (2_097_152, 4),
    ] {
        let payload = vec![0x5a; remaining_len - 3];
        let bytes = check(&publish(topic, &payload), ProtocolVersion::V3_1_1);
        assert_eq!(
            bytes.len(),
            1 + len_bytes + remaining_len,
            "{remaining_len}"
        );
    }
    assert_eq!(check(&Packet::Pingreq, ProtocolVersion::V5_0), [0xc0, 0x00]);
}

#[test]
fn a_remaining_length_is_at_most_268_435_455() {
    let topic = TopicName::new("t").unwrap();
    // Zeros that are never touched take no memory.
    let zeros = vec![0; 268_435_455 - 2];
    let payload = &zeros[1..];
    let mut head = Vec::new();
    let written = publish(topic, payload).encode_head(ProtocolVersion::V3_1_1, &mut head);
    assert_eq!(written.map(<[u8]>::len), Ok(payload.len()));
    assert_eq!(head, b"\x30\xff\xff\xff\x7f\0\x01t");
    let too_long = EncodeError::PacketTooLong { len: 268_435_456 };
    check_refused(&publish(topic, &zeros), ProtocolVersion::V3_1_1, too_long);
}

#[test]
fn a_packet_identifier_is_1_to_65_535() {
    for version in ProtocolVersion::ALL {
        for id in [1, 2, 255, 256, 65_534, 65_535] {
            let packet_id = PacketId::new(id).unwrap();
            let outcome = Outcome::SUCCESS;
            let ack = Packet::Pubrec(Ack { packet_id, outcome });
            let bytes = check(&ack, version);
            assert_eq!(bytes.get(2..4), Some(&id.to_be_bytes()[..]));
            let delivery = Delivery::ExactlyOnce {
                packet_id,
                dup: true,
            };
            let topic = TopicName::new("t").ok();
            let publish = Publish {
                delivery,
                retain: true,
                topic,
                properties: Properties::EMPTY,
                payload: b"",
            };
            check(&Packet::Publish(publish), version);
        }
        let none = if version.has_properties() { "00" } else { "" };
        for text in [
            "32 0001't' 0000 {none}",
            "40 0000",
            "50 0000",
            "62 0000",
            "70 0000",
            "82 0000 {none} 0001't' 00",
            "90 0000 {none} 00",
            "a2 0000 {none} 0001't'",
            "b0 0000 {none}",
        ] {
            let bytes = hex::packet(&text.replace("{none}", none));
            let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
                panic!("{text} is no frame");
            };
            let error = Packet::decode(&frame, version, Sender::Either).unwrap_err();
            assert_eq!(error.kind(), DecodeErrorKind::PacketIdZero, "{text}");
        }
    }
}

#[test]
fn a_string_has_0_to_65_535_bytes() {
    for len in [0, 1, 127, 128, 255, 256, 65_534, 65_535] {
        let text = "s".repeat(len);
        check(&connect(&text, Properties::EMPTY), ProtocolVersion::V5_0);
        let mut properties = PropertiesBuf::new();
        properties
            .push(Property::UserProperty((&text, &text)))
            .unwrap();
        properties
            .push(Property::AuthenticationMethod(&text))
            .unwrap();
        properties
            .push(Property::AuthenticationData(text.as_bytes()))
            .unwrap();
        let packet = connect("c", properties.as_properties());
        check(&packet, ProtocolVersion::V5_0);
    }
    let text = "s".repeat(65_536);
    let too_long = EncodeError::FieldTooLong { len: 65_536 };
    let packet = connect(&text, Properties::EMPTY);
    check_refused(&packet, ProtocolVersion::V5_0, too_long.clone());
    let mut properties = PropertiesBuf::new();
    for property in [
        Property::UserProperty((&text, "")),
        Property::UserProperty(("", &text)),
        Property::ReasonString(&text),
        Property::CorrelationData(text.as_bytes()),
    ] {
        assert_eq!(properties.push(property), Err(too_long.clone()));
    }
}

#[test]
fn there_are_as_many_properties_as_the_packet_has_room_for() {
    // Each takes five bytes, so that the length of the section passes its boundaries.
    for count in [0, 1, 2, 25, 26, 3_276, 3_277, 419_430, 419_431] {
        let mut properties = PropertiesBuf::new();
        for _ in 0..count {
            properties.push(Property::UserProperty(("", ""))).unwrap();
        }
        let packet = connect("c", properties.as_properties());
        check(&packet, ProtocolVersion::V5_0);
        assert_eq!(properties.as_properties().iter().count(), count);
    }
}

#[test]
fn a_variable_byte_integer_is_at_most_268_435_455() {
    for number in [
        1,
        127,
        128,
        16_383,
        16_384,
        2_097_151,
        2_097_152,
        268_435_455,
    ] {
        let mut properties = PropertiesBuf::new();
        properties
            .push(Property::SubscriptionIdentifier(number))
            .unwrap();
        let found = properties.as_properties().subscription_identifier();
        assert_eq!(found, Some(number));
        let packet = Packet::Publish(Publish {
            delivery: Delivery::AtMostOnce,
            retain: false,
            topic: TopicName::new("t").ok(),
            properties: properties.as_properties(),
            payload: b"",
        });
        check(&packet, ProtocolVersion::V5_0);
    }
}
