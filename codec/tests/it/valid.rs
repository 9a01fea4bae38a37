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
        let shorter = hex::packet_of(first, &frame.body()[..end]);
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
fn a_connect_asks_for_a_session() {
    for (version, text, expected) in CONNECT {
        check(*version, &[Client], text, expected);
    }
}

#[test]
fn a_client_sends() {
    for (version, text, expected) in FROM_CLIENT {
        check(*version, &[Client], text, expected);
    }
}

#[test]
fn a_server_sends() {
    for (version, text, expected) in FROM_SERVER {
        check(*version, &[Server], text, expected);
    }
}

#[test]
fn both_sides_send() {
    for (version, text, expected) in FROM_BOTH {
        check(*version, &[Client, Server], text, expected);
    }
}

/// All valid packets of these tables, as bytes.
pub(crate) fn packets() -> impl Iterator<Item = Vec<u8>> {
    let tables = [CONNECT, FROM_CLIENT, FROM_SERVER, FROM_BOTH];
    tables
        .into_iter()
        .flatten()
        .map(|(_, text, _)| hex::packet(text))
}

type Row = (ProtocolVersion, &'static str, &'static str);

const CONNECT: &[Row] = &[
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
        "10 0004'MQTT'05 02 0000 [11 ffffffff] 0000",
        "SessionExpiryInterval(4294967295)",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 02 0000 [21 0001] 0000",
        "ReceiveMaximum(1)",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 02 0000 [27 00000001] 0000",
        "MaximumPacketSize(1)",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 02 0000 [22 0000] 0000",
        "TopicAliasMaximum(0)",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 02 0000 [19 01] 0000",
        "RequestResponseInformation(1)",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 02 0000 [17 00] 0000",
        "RequestProblemInformation(0)",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 02 0000 [26 0001'a'0001'b' 26 0001'a'0001'b'] 0000",
        "UserProperty((\"a\", \"b\")), UserProperty",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 02 0000 [15 0001'm' 16 0001 00] 0000",
        "AuthenticationData([0])",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 02 0000 [16 0001 00 15 0001'm'] 0000",
        "AuthenticationMethod(\"m\")",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 06 0000 00 0000 00 0001't' 0000",
        "will: Some",
    ),
    (
        V5_0,
        "10 0004'MQTT'05 2e 0000 00 0000 [18 00000001 01 01 02 00000000 03 0001'c' 08 0001'r' 09 0001 00 26 0000 0000] 0001't' 0001'p'",
        "WillDelayInterval(1), PayloadFormatIndicator(1), MessageExpiryInterval(0), ContentType(\"c\"), ResponseTopic(\"r\")",
    ),
];

const FROM_CLIENT: &[Row] = &[
    (V3_1_1, "82 0001 0003'a/b' 00", "packet_id: 1"),
    (
        V3_1_1,
        "82 ffff 0001'#' 02 0003'+/b' 01",
        "packet_id: 65535",
    ),
    (V3_1_1, "82 0001 000a'$share/g/t' 01", "Subscribe"),
    (V3_1_1, "82 0001 0009'$share//t' 01", "Subscribe"),
    (V5_0, "82 0001 00 0003'a/b' 00", "Subscribe"),
    (
        V5_0,
        "82 0001 [0b ffffff7f] 0001'a' 2e",
        "SubscriptionIdentifier(268435455)",
    ),
    (
        V5_0,
        "82 0001 [26 0001'a' 0000 0b 01] 0001'a' 1d",
        "UserProperty((\"a\", \"\")), SubscriptionIdentifier(1)",
    ),
    (
        V5_0,
        "82 0001 00 000a'$share/g/t' 2a 0001'a' 04",
        "Subscribe",
    ),
    (V3_1_1, "a2 0001 0003'a/b'", "Unsubscribe"),
    (V3_1_1, "a2 0001 0003'a/b' 0001'#'", "Unsubscribe"),
    (V5_0, "a2 0001 00 0003'a/b'", "Unsubscribe"),
    (
        V5_0,
        "a2 0001 [26 0000 0000] 0003'a/b' 000a'$share/g/t'",
        "Unsubscribe",
    ),
    (V3_1_1, "c0", "Pingreq"),
    (V5_0, "c0", "Pingreq"),
    (V3_1_1, "e0", "Disconnect"),
    (V5_0, "e0 04", "ReasonCode(4)"),
    (V5_0, "e0 00 [11 00000000]", "SessionExpiryInterval(0)"),
    (V5_0, "f0 19 [15 0001'm']", "ReasonCode(25)"),
];

const FROM_SERVER: &[Row] = &[
    (V3_1_1, "20 00 00", "session_present: false"),
    (V3_1_1, "20 01 00", "session_present: true"),
    (V3_1_1, "20 00 05", "ReasonCode(5)"),
    (V5_0, "20 00 00 00", "Connack"),
    (V5_0, "20 01 00 00", "session_present: true"),
    (V5_0, "20 00 9f 00", "ReasonCode(159)"),
    (
        V5_0,
        "20 00 00 [11 00000000 21 ffff 24 00 25 00 27 ffffffff 12 0001'a' 22 0001 1f 0001'r' 26 0000 0000]",
        "MaximumQos(0), RetainAvailable(0), MaximumPacketSize(4294967295), AssignedClientIdentifier(\"a\")",
    ),
    (
        V5_0,
        "20 00 00 [28 01 29 00 2a 01 13 0000 1a 0001'i' 1c 0001's' 15 0001'm' 16 0000]",
        "WildcardSubscriptionAvailable(1), SubscriptionIdentifierAvailable(0), SharedSubscriptionAvailable(1), ServerKeepAlive(0)",
    ),
    (
        V5_0,
        "30 0001'a' [0b 01 0b 8001 0b 01]",
        "SubscriptionIdentifier(1), SubscriptionIdentifier(128), SubscriptionIdentifier(1)",
    ),
    (V3_1_1, "90 0001 00", "reasons: [0]"),
    (V3_1_1, "90 0001 00010280", "reasons: [0, 1, 2, 128]"),
    (V5_0, "90 0001 00 00", "reasons: [0]"),
    (
        V5_0,
        "90 0001 [1f 0000 26 0000 0000] 000102808387 8f91979ea1a2",
        "reasons: [0, 1, 2, 128",
    ),
    (V3_1_1, "b0 0001", "reasons: []"),
    (V5_0, "b0 0001 00 00", "reasons: [0]"),
    (
        V5_0,
        "b0 0001 [1f 0000] 0011 80 83 87 8f 91",
        "reasons: [0, 17",
    ),
    (V3_1_1, "d0", "Pingresp"),
    (V5_0, "d0", "Pingresp"),
    (V5_0, "e0 8e", "ReasonCode(142)"),
    (
        V5_0,
        "e0 9d [1c 0003'a:1' 1f 0000]",
        "ServerReference(\"a:1\")",
    ),
    (V5_0, "f0 00 [15 0001'm']", "form: Full"),
];

const FROM_BOTH: &[Row] = &[
    (V3_1_1, "30 0001'a'", "payload: []"),
    (V3_1_1, "31 0003'a/b' 'hi'", "retain: true"),
    (
        V3_1_1,
        "32 0001'a' 0001 'hi'",
        "AtLeastOnce { packet_id: 1, dup: false }",
    ),
    (
        V3_1_1,
        "3d 0001'a' ffff",
        "ExactlyOnce { packet_id: 65535, dup: true }",
    ),
    (V3_1_1, "30 0001'/' ff00", "payload: [255, 0]"),
    (V3_1_1, "30 0004'$SYS'", "$SYS"),
    (V3_1_1, "30 0004 f09f9880", "topic: Some"),
    (V3_1_1, "30 0003 efbbbf", "topic: Some"),
    (V3_1_1, "30 0006 efbfbf efb790", "topic: Some"),
    (V3_1_1, "30 0003 01 7f 0a", "topic: Some"),
    (V5_0, "30 0001'a' 00", "payload: []"),
    (
        V5_0,
        "3a 0001'a' 0001 00 'hi'",
        "AtLeastOnce { packet_id: 1, dup: true }",
    ),
    (V5_0, "30 0000 [23 0001] 'hi'", "topic: None"),
    (V5_0, "30 0001'a' [23 ffff]", "TopicAlias(65535)"),
    (
        V5_0,
        "30 0001'a' [01 00 02 00000000 03 0000 08 0001'r' 09 0000]",
        "MessageExpiryInterval(0)",
    ),
    (V5_0, "30 0001'a' [01 01] ff", "PayloadFormatIndicator(1)"),
    (
        V5_0,
        "30 0001'a' [26 0003 efbbbf 0004 f09f9880]",
        "UserProperty",
    ),
    (V3_1_1, "40 0001", "Puback"),
    (V3_1_1, "50 0001", "Pubrec"),
    (V3_1_1, "62 0001", "Pubrel"),
    (V3_1_1, "70 ffff", "Pubcomp"),
    (V5_0, "40 0001", "form: Empty"),
    (V5_0, "40 0001 00", "form: Reason"),
    (V5_0, "40 0001 00 00", "form: Full"),
    (
        V5_0,
        "40 0001 10 [1f 0001'r' 26 0001'a'0001'b']",
        "ReasonString(\"r\"), UserProperty",
    ),
    (V5_0, "50 0001 97", "ReasonCode(151)"),
    (V5_0, "62 0001 92", "ReasonCode(146)"),
    (V5_0, "70 0001 92 00", "ReasonCode(146)"),
    (V5_0, "e0", "form: Empty"),
    (V5_0, "e0 00", "form: Reason"),
    (V5_0, "e0 00 00", "form: Full"),
    (
        V5_0,
        "e0 82 [1f 0001'r' 26 0000 0000]",
        "ReasonString(\"r\")",
    ),
    (V5_0, "f0", "form: Empty"),
    (
        V5_0,
        "f0 18 [15 0001'm' 16 0001 00 1f 0000 26 0000 0000]",
        "AuthenticationData([0])",
    ),
];
