//! Names of versions, statements and reason codes, and what is said of those that do not exist.

use mqtt_assay_codec::error::DecodeErrorKind;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::{Frame, Framer, Packet, ProtocolVersion, ReasonCode, StatementId};

use crate::hex;

const V3_1_1: ProtocolVersion = ProtocolVersion::V3_1_1;
const V5_0: ProtocolVersion = ProtocolVersion::V5_0;

fn statement(key: &str) -> StatementId {
    key.parse().unwrap()
}

#[test]
fn a_version_has_several_spellings() {
    for (spelling, version) in [
        ("3.1.1", V3_1_1),
        ("311", V3_1_1),
        ("4", V3_1_1),
        ("5.0", V5_0),
        ("5", V5_0),
    ] {
        assert_eq!(spelling.parse(), Ok(version), "{spelling}");
    }
    let error = "3.1".parse::<ProtocolVersion>().unwrap_err();
    let expected = "unknown protocol version; allowed are 3.1.1 and 5.0";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_version_has_its_features() {
    let features =
        |version: ProtocolVersion| (version.has_properties(), version.has_reason_codes());
    assert_eq!(features(V3_1_1), (false, false));
    assert_eq!(features(V5_0), (true, true));
}

#[test]
fn a_statement_has_a_key_and_a_form_for_people() {
    for (key, in_print, is_numbered) in [
        ("v3-3.1.0-1", "MQTT 3.1.1 [MQTT-3.1.0-1]", true),
        ("v5-4.8.2-1", "MQTT 5.0 [MQTT-4.8.2-1]", true),
        ("u3-07", "MQTT 3.1.1 rule u3-07", false),
        ("u5-21", "MQTT 5.0 rule u5-21", false),
    ] {
        assert_eq!(statement(key).to_string(), key);
        assert_eq!(statement(key).in_print(), in_print);
        assert_eq!(statement(key).is_numbered(), is_numbered, "{key}");
    }
}

#[test]
fn what_is_no_statement_is_told_its_form() {
    for text in [
        "",
        "v5",
        "v4-1.2.3-4",
        "v5-1.2-3",
        "v5-1.2.3.4-5",
        "v5-a.2.3-4",
        "u5-x",
        "v5-1.2.3",
    ] {
        let error = text.parse::<StatementId>().unwrap_err();
        let expected = "not a statement; its form is v3-3.1.0-1, v5-3.1.0-1, u3-07 or u5-07";
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

#[test]
fn errors_begin_at_0x80() {
    for (code, is_error) in [
        (0, false),
        (0x18, false),
        (0x7f, false),
        (0x80, true),
        (0xff, true),
    ] {
        assert_eq!(ReasonCode::new(code).is_error(), is_error, "{code:#04x}");
    }
}

#[test]
fn a_receiver_of_one_version_refuses_a_connect_that_asks_for_another() {
    for (level, asked) in [(4, V3_1_1), (5, V5_0)] {
        let bytes = [&b"\x10\x0c\0\x04MQTT"[..], &[level], b"\x02\0\0\0\0"].concat();
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, asked) else {
            panic!("{bytes:02x?} is no frame");
        };
        assert_eq!(Connect::version_of(&frame), Ok(asked));
        assert_eq!(Connect::check_version(&frame, asked), Ok(()));
        let mut versions = ProtocolVersion::ALL.into_iter();
        let other = versions.find(|it| *it != asked).unwrap();
        let error = Connect::check_version(&frame, other).unwrap_err();
        let kind = DecodeErrorKind::UnsupportedProtocolVersion(level);
        assert_eq!((error.kind(), error.offset()), (kind, 8));
        assert_eq!(error.version(), other);
        assert_eq!(error.return_code(), Some(0x01), "v3-3.1.2-2");
    }
}

#[test]
fn a_refused_connect_has_a_return_code_where_3_1_1_names_one() {
    for (text, expected) in [
        ("10 0004'MQTT'04 00 0000 0000", Some(0x02)),
        ("10 0004'MQTT'06 02 0000 0000", Some(0x01)),
        ("10 0004'MQTT'04 03 0000 0000", None),
        ("10 0004'MQXX'04 02 0000 0000", None),
    ] {
        let bytes = hex::packet(text);
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, V3_1_1) else {
            panic!("{text} is no frame");
        };
        let error = Packet::decode(&frame, V3_1_1, Sender::Client).unwrap_err();
        assert_eq!(error.return_code(), expected, "{error}");
    }
}

#[test]
fn a_frame_beyond_the_limit_names_both_lengths() {
    let mut framer = Framer::new(V5_0, 4);
    framer.push(&[0x30, 0x03, 0, 1, b'a']);
    let error = framer.next_frame().unwrap_err();
    assert_eq!(
        error.to_string(),
        "PUBLISH of 5 bytes; allowed are at most 4 (byte 1)"
    );
}
