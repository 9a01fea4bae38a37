//! Malformed packets and protocol errors: what was found, where, by which statement, and the answer.

use mqtt_assay_codec::error::ErrorClass;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Framer, Packet, ProtocolVersion, StatementId};

use crate::hex;
use ProtocolVersion::{V3_1_1, V5_0};
use Sender::{Client, Either, Server};

#[track_caller]
fn check(version: ProtocolVersion, sender: Sender, text: &str, expected: &str) {
    let bytes = hex::packet(text);
    let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
        panic!("{text} is no frame");
    };
    match Packet::decode(&frame, version, sender) {
        Ok(packet) => panic!("{text} is {packet:?}; expected {expected}"),
        Err(error) => {
            let expected = expected_of(error.version(), expected);
            assert_eq!(summary(&error), expected, "{text}: {error}");
        }
    }
}

fn summary(error: &DecodeError) -> String {
    let message = error.to_string();
    assert!(
        message.ends_with(&format!("(byte {})", error.offset())),
        "{message}"
    );
    assert!(
        !message.starts_with(' '),
        "no message for {:?}",
        error.kind()
    );
    assert!(message.is_ascii() && !message.contains("  "), "{message}");
    assert_eq!(error.statement().version(), error.version(), "{message}");
    let class = match error.class() {
        ErrorClass::Malformed => "malformed",
        ErrorClass::ProtocolError => "protocol",
    };
    format!(
        "{:?} @{} {class} {} {}",
        error.kind(),
        error.offset(),
        error.reason_code(),
        error.statement()
    )
}

/// Checks a table: versions, sender, first byte and body, and the error.
///
/// `{level}` is the version's protocol level, `{none}` its empty property section. An error is its kind, offset,
/// class, reason code and statement; of several statements, the one of the version by which the packet is read.
#[track_caller]
fn check_table(table: &str) {
    for row in table.lines() {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        let [versions, sender, text, expected] = columns[..] else {
            panic!("not four columns: {row}");
        };
        let sender = match sender {
            "client" => Client,
            "server" => Server,
            _ => Either,
        };
        for version in ProtocolVersion::ALL {
            if versions == "both" || versions == version.name() {
                let level = format!("{:02x}", version.level());
                let none = if version.has_properties() { "00" } else { "" };
                let text = text.replace("{level}", &level).replace("{none}", none);
                check(version, sender, &text, expected);
            }
        }
    }
}

/// An expected error without the statements of the other version.
fn expected_of(version: ProtocolVersion, expected: &str) -> String {
    let words = expected.split(' ').filter(|word| {
        word.parse::<StatementId>()
            .map_or(true, |statement| statement.version() == version)
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_remaining_length_has_four_bytes_at_most_and_none_too_many() {
    for (version, text, expected) in [
        (
            V3_1_1,
            "c0 ffffffff",
            "RemainingLengthTooLong @1 malformed 0x81 u3-01",
        ),
        (
            V5_0,
            "c0 8080808000",
            "RemainingLengthTooLong @1 malformed 0x81 u5-34",
        ),
        (
            V3_1_1,
            "c0 8000",
            "RemainingLengthNotMinimal @1 malformed 0x81 u3-01",
        ),
        (
            V5_0,
            "c0 80808000",
            "RemainingLengthNotMinimal @1 malformed 0x81 v5-1.5.5-1",
        ),
        (
            V3_1_1,
            "30 65",
            "FrameTooLong { len: 103, max: 100 } @1 protocol 0x95 u3-01",
        ),
        (
            V5_0,
            "30 ffffff7f",
            "FrameTooLong { len: 268435460, max: 100 } @1 protocol 0x95 u5-33",
        ),
    ] {
        let bytes = hex::bytes(text);
        let mut framer = Framer::new(version, 100);
        framer.push(&bytes);
        let error = framer.next_frame().unwrap_err();
        assert_eq!(summary(&error), expected, "{text}: {error}");
        framer.push(&[0xc0, 0x00]);
        assert_eq!(framer.next_frame(), Err(error), "{text}: an error stays");
    }
}

#[test]
fn messages_say_what_was_found_and_what_is_allowed() {
    for (version, sender, text, expected) in [
        (
            V5_0,
            Either,
            "40 0001 00 [23 0001]",
            "property 0x23 (topic alias) in PUBACK; allowed in PUBLISH only (byte 6)",
        ),
        (
            V5_0,
            Client,
            "82 0001 [15 0000] 0001'a'00",
            "property 0x15 (authentication method) in SUBSCRIBE; allowed in CONNECT, CONNACK and AUTH only (byte 5)",
        ),
        (
            V5_0,
            Client,
            "20 00 00 00",
            "CONNACK from the client; allowed from the server only (byte 0)",
        ),
        (
            V3_1_1,
            Either,
            "f0",
            "reserved packet type 15; allowed in MQTT 3.1.1 are 1 to 14 (byte 0)",
        ),
        (
            V3_1_1,
            Either,
            "80 0001 0001'a' 00",
            "flags 0b0000 in SUBSCRIBE; allowed are 0b0010 only (byte 0)",
        ),
        (
            V3_1_1,
            Either,
            "40 00",
            "PUBACK ends within its packet id (byte 2)",
        ),
        (
            V5_0,
            Either,
            "30 0000 00",
            "empty topic name in PUBLISH; allowed is one character and more, or a topic alias beside it (byte 2)",
        ),
        (
            V5_0,
            Either,
            "e0 01",
            "reason code 0x01 (granted qos 1) in DISCONNECT; allowed are those that its section lists for its sender (byte 2)",
        ),
        (
            V5_0,
            Either,
            "30 0001'a' [01 02]",
            "property 0x01 (payload format indicator) of 2 in PUBLISH; allowed are 0 and 1 (byte 7)",
        ),
    ] {
        let bytes = hex::packet(text);
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
            panic!("{text} is no frame");
        };
        let error = Packet::decode(&frame, version, sender).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

#[test]
fn a_first_byte_is_a_type_of_this_sender_with_its_flags() {
    check_table(include_str!("first_byte.txt"));
}

#[test]
fn a_connect_follows_its_own_level() {
    check_table(include_str!("connect.txt"));
}

#[test]
fn a_publish_is_checked_to_its_payload() {
    check_table(include_str!("publish.txt"));
}

#[test]
fn a_subscribe_asks_for_something() {
    check_table(include_str!("subscribe.txt"));
}

#[test]
fn an_answer_has_an_identifier_and_a_reason_of_its_own() {
    check_table(include_str!("answers.txt"));
}

#[test]
fn a_property_has_its_place_its_number_and_its_value() {
    check_table(include_str!("properties.txt"));
}
