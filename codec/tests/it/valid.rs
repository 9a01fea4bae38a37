//! Valid packets: they come back byte for byte, and what is cut from them is missed.

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{Frame, Packet, ProtocolVersion};

use crate::hex;
use ProtocolVersion::{V3_1_1, V5_0};
use Sender::{Client, Either, Server};

/// Checks a row: a first byte and a body, and a part of what the packet says of itself.
#[track_caller]
fn check(version: ProtocolVersion, senders: &[Sender], text: &str, expected: &str) {
    let bytes = hex::packet(text);
    for end in 0..bytes.len() {
        let split = Frame::split(&bytes[..end], version);
        assert!(
            matches!(split, Ok(Split::NeedMore(_))),
            "{text} cut at {end}: {split:?}"
        );
    }
    let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
        panic!("{text} is no frame");
    };
    for &sender in senders.iter().chain(&[Either]) {
        let packet = Packet::decode(&frame, version, sender)
            .unwrap_or_else(|error| panic!("{text}: {error} {}", error.statement()));
        let debug = format!("{packet:?}");
        assert!(debug.contains(expected), "{text} from {sender:?}: {debug}");
        let mut encoded = vec![0xaa];
        packet.encode(version, &mut encoded).unwrap();
        assert_eq!(encoded.get(1..), Some(bytes.as_slice()), "{text}: {debug}");
    }
    cut(version, text, &bytes);
}

/// A packet whose body is shorter, with a remaining length that agrees, is refused, or it is another valid packet:
/// a PUBLISH with less payload, an acknowledgement in a shorter form, fewer filters or reasons.
#[track_caller]
fn cut(version: ProtocolVersion, text: &str, bytes: &[u8]) {
    let Ok(Split::Frame(frame)) = Frame::split(bytes, version) else {
        panic!("{text} is no frame");
    };
    let first = bytes[0];
    for end in 0..frame.body().len() {
        let digits: String = frame.body()[..end]
            .iter()
            .map(|it| format!("{it:02x}"))
            .collect();
        let shorter = hex::packet(&format!("{first:02x}{digits}"));
        let Ok(Split::Frame(frame)) = Frame::split(&shorter, version) else {
            panic!("{text} cut at {end} is no frame");
        };
        match Packet::decode(&frame, version, Either) {
            Ok(packet) => {
                let has_shorter_forms = match first >> 4 {
                    3 | 8..=11 => true,
                    4..=7 | 14 | 15 => version == V5_0,
                    _ => false,
                };
                assert!(has_shorter_forms, "{text} cut at {end}: {packet:?}");
            }
            Err(error) => {
                assert!(
                    error.offset() <= shorter.len(),
                    "{text} cut at {end}: {error}"
                );
                assert_eq!(error.statement().version(), error.version(), "{error}");
            }
        }
    }
}

#[test]
fn connect() {
    let all: &[Sender] = &[Client];
    for (version, text, expected) in [
        (V3_1_1, "10 0004'MQTT'04 02 003c 0001'a'", "keep_alive: 60"),
        (V3_1_1, "10 0004'MQTT'04 02 0000 0000", "client_id: \"\""),
        (
            V3_1_1,
            "10 0004'MQTT'04 00 0000 0001'a'",
            "clean_start: false",
        ),
        (
            V3_1_1,
            "10 0004'MQTT'04 c2 0000 0001'a' 0001'u' 0002 00ff",
            "password: Some([0, 255])",
        ),
        (
            V3_1_1,
            "10 0004'MQTT'04 c2 0000 0001'a' 0000 0000",
            "user_name: Some(\"\")",
        ),
        (
            V3_1_1,
            "10 0004'MQTT'04 82 0000 0001'a' 0001'u'",
            "password: None",
        ),
        (
            V3_1_1,
            "10 0004'MQTT'04 06 0000 0001'a' 0001't' 0000",
            "qos: AtMostOnce",
        ),
        (
            V3_1_1,
            "10 0004'MQTT'04 36 0000 0001'a' 0001't' 0002 ff00",
            "payload: [255, 0]",
        ),
        (
            V3_1_1,
            "10 0004'MQTT'04 f6 ffff 0001'a' 0001't' 0001'p' 0001'u' 0001'p'",
            "ExactlyOnce",
        ),
        (
            V3_1_1,
            "10 0004'MQTT'05 02 003c 00 0001'a'",
            "version: V5_0",
        ),
        (V5_0, "10 0004'MQTT'04 02 003c 0001'a'", "version: V3_1_1"),
        (V5_0, "10 0004'MQTT'05 02 003c 00 0001'a'", "version: V5_0"),
        (V5_0, "10 0004'MQTT'05 00 003c 00 0000", "client_id: \"\""),
        (
            V5_0,
            "10 0004'MQTT'05 42 0000 00 0001'a' 0001'p'",
            "password: Some([112])",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 05 11 ffffffff 0000",
            "SessionExpiryInterval(4294967295)",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 03 21 0001 0000",
            "ReceiveMaximum(1)",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 05 27 00000001 0000",
            "MaximumPacketSize(1)",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 03 22 0000 0000",
            "TopicAliasMaximum(0)",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 02 19 01 0000",
            "RequestResponseInformation(1)",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 02 17 00 0000",
            "RequestProblemInformation(0)",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 0e 26 0001'a'0001'b' 26 0001'a'0001'b' 0000",
            "UserProperty((\"a\", \"b\")), UserProperty",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 08 15 0001'm' 16 0001 00 0000",
            "AuthenticationData([0])",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 08 16 0001 00 15 0001'm' 0000",
            "AuthenticationMethod(\"m\")",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 06 0000 00 0000 00 0001't' 0000",
            "will: Some",
        ),
        (
            V5_0,
            "10 0004'MQTT'05 2e 0000 00 0000 1d 18 00000001 01 01 02 00000000 03 0001'c' 08 0001'r' 09 0001 00 26 0000 0000 0001't' 0001'p'",
            "WillDelayInterval(1), PayloadFormatIndicator(1), MessageExpiryInterval(0), ContentType(\"c\"), ResponseTopic(\"r\")",
        ),
    ] {
        check(version, all, text, expected);
    }
}
