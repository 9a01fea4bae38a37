//! The textual form of packets.

mod dissect;
mod round_trip;
mod strings;

use mqtt_assay_codec::notation::{
    Notation, NotationError, Value, absent_value, field, fields, hex, nearest, parse, parse_packet,
};
use mqtt_assay_codec::property::PropertyId;
use mqtt_assay_codec::{
    PacketType,
    ProtocolVersion::{self, V3_1_1, V5_0},
};

fn show_error(error: &NotationError) -> String {
    let NotationError {
        message,
        span,
        hint,
    } = error;
    let hint = hint
        .as_deref()
        .map_or_else(String::new, |hint| format!(" ({hint})"));
    format!("{}..{}: {message}{hint}", span.start, span.end)
}

/// What a line means: its bytes in hex, or the error.
#[track_caller]
fn check(version: ProtocolVersion, line: &str, expected: &str) {
    let actual = match parse(line) {
        Ok(Notation::Hex(bytes)) => hex(&bytes),
        Ok(Notation::Packet(draft)) => match draft.to_bytes(version) {
            Ok(bytes) => hex(&bytes),
            Err(error) => error.to_string(),
        },
        Err(error) => show_error(&error),
    };
    assert_eq!(actual, expected, "{version} {line}");
}

#[test]
fn a_line_holds_no_more_bytes_than_a_packet() {
    let error = "more than 268435460 bytes in a line; no packet is longer";
    check(
        V5_0,
        r#"PUBLISH payload="x"*268435461"#,
        &format!("16..29: {error}"),
    );
    check(V5_0, "hex 00 01*268435460", &format!("7..19: {error}"));
    check(V5_0, r#"hex "ab"*200000000"#, &format!("4..18: {error}"));
}

#[test]
fn hex_is_digits_and_strings() {
    check(V5_0, r#"hex 82 09 "a/b" 00*3"#, "82 09 61 2f 62 00 00 00");
    check(
        V5_0,
        "hex 30FFff 0b 1e 20_00",
        "17..22: number 2000 behind `hex`; allowed are hex digits and strings",
    );
    check(
        V5_0,
        "hex 3031323334353637383930313233",
        "30 31 32 33 34 35 36 37 38 39 30 31 32 33",
    );
    check(V5_0, r#"hex 0x"c328" ff00*2"#, "c3 28 ff 00 ff 00");
    check(
        V5_0,
        "hex 123",
        "4..7: half a byte; allowed are two hex digits for each byte",
    );
    check(V5_0, "hex", "");
}

#[test]
fn the_examples_of_the_manual_are_packets() {
    check(
        V5_0,
        r#"CONNECT client-id="s1" clean-start keep-alive=30 session-expiry=60 user-property="k":"v""#,
        "10 1b 00 04 4d 51 54 54 05 02 00 1e 0c 11 00 00 00 3c 26 00 01 6b 00 01 76 00 02 73 31",
    );
    check(
        V5_0,
        r#"PUBLISH qos=2 dup id=7 topic="a/b" payload="once""#,
        "3c 0c 00 03 61 2f 62 00 07 00 6f 6e 63 65",
    );
    check(
        V5_0,
        r#"SUBSCRIBE id=1 filter="a/+" qos=1 no-local filter="b/#" qos=0"#,
        "82 0f 00 01 00 00 03 61 2f 2b 05 00 03 62 2f 23 00",
    );
    check(
        V3_1_1,
        "SUBACK id=1 reason=0x01 reason=0x00",
        "90 04 00 01 01 00",
    );
    check(
        V5_0,
        "SUBACK id=1 reason=0x01 reason=0x00",
        "90 05 00 01 00 01 00",
    );
}

#[test]
fn a_connect_has_a_will_user_name_and_password() {
    check(
        V5_0,
        r#"CONNECT will-topic="t" will-payload="p" will-qos=1 will-retain will-delay=1 user-name="u" password=0x"ff""#,
        "10 1f 00 04 4d 51 54 54 05 ec 00 00 00 00 00 05 18 00 00 00 01 00 01 74 00 01 70 00 01 75 00 01 ff",
    );
    check(
        V3_1_1,
        r#"CONNECT client-id="c" will-topic="t""#,
        "10 10 00 04 4d 51 54 54 04 04 00 00 00 01 63 00 01 74",
    );
    check(
        V5_0,
        r#"CONNECT protocol-name="MQIsdp" protocol-level=3 connect-flags=0xff"#,
        "10 0f 00 06 4d 51 49 73 64 70 03 ff 00 00 00 00 00",
    );
    check(
        V5_0,
        "CONNECT protocol-level=4",
        "10 0c 00 04 4d 51 54 54 04 00 00 00 00 00",
    );
    check(
        V3_1_1,
        "CONNECT protocol-level=5",
        "10 0d 00 04 4d 51 54 54 05 00 00 00 00 00 00",
    );
}

#[test]
fn an_outcome_has_three_forms() {
    check(V5_0, "PUBACK id=1", "40 02 00 01");
    check(V5_0, "PUBREC id=1 reason=0x00", "50 03 00 01 00");
    check(
        V5_0,
        "PUBREL id=1 reason=0x92 empty-properties",
        "62 04 00 01 92 00",
    );
    check(
        V5_0,
        r#"PUBCOMP id=1 reason-string="a""#,
        "70 08 00 01 00 04 1f 00 01 61",
    );
    check(V5_0, "DISCONNECT", "e0 00");
    check(V5_0, "DISCONNECT reason=0x04", "e0 01 04");
    check(
        V5_0,
        "AUTH reason=0x18 authentication-data=0x\"ff\"",
        "f0 06 18 04 16 00 01 ff",
    );
    check(V5_0, "PINGREQ", "c0 00");
}

#[test]
fn a_draft_can_break_the_rules() {
    check(V5_0, r#"PUBLISH topic="a" id=1"#, "30 06 00 01 61 00 01 00");
    check(V5_0, r#"PUBLISH qos=3 topic="a""#, "36 04 00 01 61 00");
    check(
        V5_0,
        r#"PUBLISH qos=1 id=0 topic="a""#,
        "32 06 00 01 61 00 00 00",
    );
    check(V5_0, "PUBACK", "40 00");
    check(
        V5_0,
        "CONNACK connack-flags=3 reason=0xff",
        "20 03 03 ff 00",
    );
    check(
        V5_0,
        r#"SUBSCRIBE id=1 filter="a" options=0xc0"#,
        "82 07 00 01 00 00 01 61 c0",
    );
    check(V5_0, "SUBSCRIBE id=1", "82 03 00 01 00");
    check(
        V5_0,
        "UNSUBSCRIBE id=1 topic-alias=1",
        "a2 06 00 01 03 23 00 01",
    );
    check(
        V5_0,
        "PUBLISH topic-alias=1 topic-alias=1",
        "30 09 00 00 06 23 00 01 23 00 01",
    );
    check(V5_0, "PUBLISH property-length=200", "30 04 00 00 c8 01");
    check(
        V5_0,
        "CONNECT will-topic-alias=1",
        "10 11 00 04 4d 51 54 54 05 00 00 00 00 00 00 03 23 00 01",
    );
    check(
        V5_0,
        "CONNECT delay=1",
        "10 12 00 04 4d 51 54 54 05 00 00 00 05 18 00 00 00 01 00 00",
    );
    check(
        V5_0,
        "PUBLISH subscription-id=0 subscription-id=268435455",
        "30 0a 00 00 07 0b 00 0b ff ff ff 7f",
    );
    check(V3_1_1, "PUBACK id=1 reason=0x00", "40 03 00 01 00");
}

#[test]
fn what_cannot_stand_on_the_wire_is_an_error() {
    check(
        V3_1_1,
        "PUBLISH topic-alias=1",
        "property topic-alias in a packet of MQTT 3.1.1; allowed in MQTT 5.0 only",
    );
    check(
        V3_1_1,
        "PUBACK id=1 empty-properties",
        "property empty-properties in a packet of MQTT 3.1.1; allowed in MQTT 5.0 only",
    );
    check(V5_0, "PUBLISH qos=4", "12..13: qos 4; allowed are 0 to 3");
    check(
        V5_0,
        "PUBLISH subscription-id=268435456",
        "24..33: subscription-id 268435456; allowed are 0 to 268435455",
    );
    check(
        V5_0,
        "PUBLISH message-expiry=4294967296",
        "23..33: message-expiry 4294967296; allowed are at most 4294967295",
    );
    check(
        V5_0,
        r#"PUBLISH topic="x"*65536"#,
        "14..23: topic of 65536 bytes; allowed are at most 65535",
    );
    check(
        V5_0,
        r#"PUBLISH payload="x"*268435453"#,
        "remaining-length 268435456; allowed are 0 to 268435455",
    );
}

#[test]
fn an_error_says_where_and_what_may_have_been_meant() {
    check(V5_0, "", "0..0: nothing; allowed is a packet type or `hex`");
    check(
        V5_0,
        "PUBLSH",
        "0..6: unknown packet type `PUBLSH` (did you mean `PUBLISH`?)",
    );
    check(
        V5_0,
        "publish",
        "0..7: unknown packet type `publish` (did you mean `PUBLISH`?)",
    );
    check(V5_0, "7", "0..1: number 7; allowed is a packet type");
    check(
        V5_0,
        "PUBLISH topci=\"a\"",
        "8..13: unknown field `topci` in PUBLISH (did you mean `topic`?)",
    );
    check(V5_0, "PINGREQ id=1", "8..10: unknown field `id` in PINGREQ");
    check(V5_0, "PUBLISH qos", "8..11: qos without a number");
    check(
        V5_0,
        "PUBLISH qos=",
        "12..12: nothing behind qos=; allowed is a number",
    );
    check(
        V5_0,
        "PUBLISH qos=\"1\"",
        "12..15: string behind qos=; allowed is a number",
    );
    check(
        V5_0,
        "PUBLISH dup=maybe",
        "12..17: word `maybe` behind dup=; allowed is `yes` or `no`",
    );
    check(
        V5_0,
        "PUBLISH topic=a",
        "14..15: word `a` behind topic=; allowed is a string",
    );
    check(
        V5_0,
        r#"PUBLISH user-property="a" id=1"#,
        "26..28: word `id` behind user-property=; allowed is a pair of strings",
    );
    check(
        V5_0,
        "PUBLISH id=1 id=2",
        "13..15: id twice; allowed is once",
    );
    check(
        V5_0,
        "SUBSCRIBE id=1 qos=1",
        "15..18: qos before a filter; allowed behind one",
    );
    check(
        V5_0,
        r#"SUBSCRIBE filter="a" qos=1 qos=2"#,
        "27..30: qos twice; allowed is once",
    );
}

#[test]
fn a_packet_that_is_asked_for_as_valid_must_be_valid() {
    let check = |version, line: &str, expected: &str| {
        let actual = parse_packet(line, version);
        let actual = actual.map_or_else(|error| show_error(&error), |bytes: Vec<u8>| hex(&bytes));
        assert_eq!(actual, expected, "{version} {line}");
    };
    check(V5_0, "PUBACK id=1", "40 02 00 01");
    check(V5_0, "hex 40 02 00 01", "40 02 00 01");
    check(
        V5_0,
        "hex 40 02 00 01 02",
        "0..18: 1 byte behind the packet; allowed are none",
    );
    check(
        V5_0,
        "hex c0 00 40 02 00",
        "0..18: 3 bytes behind the packet; allowed are none",
    );
    check(
        V5_0,
        "hex 40 02 00",
        "0..12: packet cut short by at least 1 byte",
    );
    check(
        V3_1_1,
        r#"PUBLISH topic="a" topic-alias=1"#,
        "18..31: property topic-alias in a packet of MQTT 3.1.1; allowed in MQTT 5.0 only",
    );
    check(V3_1_1, "SUBACK id=1 reason=1", "90 03 00 01 01");
    check(
        V3_1_1,
        "UNSUBACK id=1 reason=0",
        "0..22: 1 more byte in UNSUBACK behind its last field; allowed are none (byte 4)",
    );
    let is_v5_only = |packet| field(packet, "reason").map(|spec| spec.is_v5_only);
    assert_eq!(is_v5_only(PacketType::Suback), Some(false));
    assert_eq!(is_v5_only(PacketType::Unsuback), Some(true));
    let error = parse_packet("PUBACK id=0", V5_0).unwrap_err();
    assert!(error.to_string().contains("packet id"), "{error}");
    assert_eq!(error.span, 0..11);
}

#[test]
fn booleans_can_be_said_to_be_false() {
    let Notation::Packet(draft) = parse("PUBLISH dup=no retain=yes").unwrap() else {
        panic!("a packet");
    };
    assert_eq!(draft.all("dup").next(), Some(&Value::Flag(false)));
    assert_eq!(draft.to_string(), "PUBLISH dup=no retain");
}

#[test]
fn every_property_can_be_written_in_every_packet_with_properties() {
    for packet_type in PacketType::ALL {
        let has_fields = !matches!(packet_type, PacketType::Pingreq | PacketType::Pingresp);
        for id in PropertyId::ALL {
            for name in [id.name(), id.full_name()] {
                let found = field(packet_type, name).map(|spec| spec.name);
                assert_eq!(
                    found,
                    has_fields.then_some(id.name()),
                    "{packet_type:?} {name}"
                );
            }
        }
        for spec in fields(packet_type) {
            let same = fields(packet_type)
                .iter()
                .filter(|other| other.name == spec.name);
            assert_eq!(same.count(), 1, "{packet_type:?} {}", spec.name);
        }
    }
    assert!(field(PacketType::Connect, "will-delay-interval").is_some());
    let names = |packet_type| {
        let names: Vec<&str> = fields(packet_type).iter().map(|spec| spec.name).collect();
        names.join(" ")
    };
    assert_eq!(
        names(PacketType::Puback),
        "id reason empty-properties reason-string user-property"
    );
    assert_eq!(
        names(PacketType::Subscribe),
        "id subscription-id user-property filter qos no-local retain-as-published retain-handling"
    );
    assert_eq!(names(PacketType::Pingreq), "");
}

#[test]
fn absence_has_a_meaning() {
    assert_eq!(
        absent_value(PacketType::Publish, "qos"),
        Some(Value::Number(0))
    );
    assert_eq!(
        absent_value(PacketType::Puback, "reason"),
        Some(Value::Number(0))
    );
    assert_eq!(absent_value(PacketType::Suback, "reason"), None);
    assert_eq!(
        absent_value(PacketType::Connack, "session-present"),
        Some(Value::Flag(false))
    );
    assert_eq!(absent_value(PacketType::Publish, "topic-alias"), None);
}

#[test]
fn the_nearest_word_is_two_edits_away_at_most() {
    let words = ["topic", "payload", "qos", "id"];
    assert_eq!(nearest("tpoic", words), Some("topic"));
    assert_eq!(nearest("paylod", words), Some("payload"));
    assert_eq!(nearest("QOS", words), Some("qos"));
    assert_eq!(nearest("x", words), None);
    assert_eq!(nearest("pay", words), None);
    assert_eq!(nearest("", words), None);
    let is_near = |word| nearest(word, ["abcde"]).is_some();
    let near = [
        "bacdx", "xbced", "abced", "abc", "abcdefg", "xxcde", "cabde",
    ];
    let far = [
        "xyzde", "abxyz", "ab", "abcdefgh", "cxbde", "bxacd", "bacxy",
    ];
    assert_eq!(near.map(is_near), [true; 7]);
    assert_eq!(far.map(is_near), [false; 7]);
    assert_eq!(nearest("ab", ["cd"]), None, "no letter is left");
    assert_eq!(nearest("abcde", ["abcxx", "abcdx", "abcdy"]), Some("abcdx"));
}
