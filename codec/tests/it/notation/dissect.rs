//! The lenient reading: which bytes are which field, and every error.

use mqtt_assay_codec::ProtocolVersion::{self, V3_1_1, V5_0};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Dissection, Value};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{Frame, Packet};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::hex;

/// The parts of a packet, each as its range, name and value, one a line.
#[track_caller]
fn check_parts(version: ProtocolVersion, text: &str, expected: &str) {
    let dissection = Dissection::of(&hex::bytes(text), version, Sender::Either);
    let lines = dissection.parts.iter().map(|part| {
        let value = part
            .value
            .as_ref()
            .map_or_else(|| "?".to_owned(), Value::to_string);
        let range = &part.range;
        format!("{}..{} {}={value}", range.start, range.end, part.name)
    });
    let actual: Vec<String> = lines.collect();
    assert_eq!(actual.join("\n"), expected, "{version} {text}");
}

/// Each error of a packet, as its offset and statement.
#[track_caller]
fn check_errors(version: ProtocolVersion, sender: Sender, text: &str, expected: &[&str]) {
    let dissection = Dissection::of(&hex::packet(text), version, sender);
    let violations = dissection.violations.iter();
    let actual: Vec<String> = violations
        .map(|error| format!("{} {}", error.offset(), error.statement()))
        .collect();
    assert_eq!(actual, expected, "{version} {text}");
}

#[track_caller]
fn check_violations(version: ProtocolVersion, text: &str, expected: &[&str], draft: &str) {
    check_errors(version, Sender::Client, text, expected);
    let dissection = Dissection::of(&hex::packet(text), version, Sender::Client);
    let printed = dissection.draft.map_or(String::new(), |it| it.to_string());
    assert_eq!(printed, draft, "{version} {text}");
}

#[test]
fn each_field_has_its_bytes() {
    check_parts(
        V5_0,
        "3d 0f 0003'a/b' 0007 05 23 0002 01 01 'hi'",
        "0..1 first-byte=61\n\
         1..2 remaining-length=15\n\
         2..7 topic=\"a/b\"\n\
         7..9 id=7\n\
         9..10 property-length=5\n\
         10..13 topic-alias=2\n\
         13..15 payload-format=1\n\
         15..17 payload=\"hi\"",
    );
    check_parts(
        V3_1_1,
        "82 06 0001 0001'a' 02 00",
        "0..1 first-byte=130\n\
         1..2 remaining-length=6\n\
         2..4 id=1\n\
         4..7 filter=\"a\"\n\
         7..8 options=2",
    );
    check_parts(
        V5_0,
        "40 02 0107",
        "0..1 first-byte=64\n1..2 remaining-length=2\n2..4 id=263",
    );
}

#[test]
fn what_is_cut_has_bytes_and_no_value() {
    check_parts(
        V5_0,
        "30 08 0001'a' 04 1f 0005 'x'",
        "0..1 first-byte=48\n\
         1..2 remaining-length=8\n\
         2..5 topic=\"a\"\n\
         5..6 property-length=4\n\
         6..10 reason-string=?",
    );
    check_parts(
        V5_0,
        "40 06 0001 00 02 ff00",
        "0..1 first-byte=64\n\
         1..2 remaining-length=6\n\
         2..4 id=1\n\
         4..5 reason=0\n\
         5..6 property-length=2\n\
         6..8 unknown-property=0x\"ff00\"",
    );
    check_parts(V5_0, "30", "0..1 first-byte=48");
    check_parts(
        V5_0,
        "30 08 00",
        "0..1 first-byte=48\n1..2 remaining-length=8\n2..3 topic=?",
    );
    check_parts(
        V5_0,
        "30 06 0000 80808080",
        "0..1 first-byte=48\n1..2 remaining-length=6\n2..4 topic=\"\"\n4..8 property-length=?",
    );
    check_parts(
        V3_1_1,
        "c0 ffffffff 00",
        "0..1 first-byte=192\n1..5 remaining-length=?\n5..6 trailing-bytes=\"\\0\"",
    );
}

#[test]
fn every_error_is_found_that_does_not_hide_the_next() {
    check_violations(V3_1_1, "c0", &[], "PINGREQ");
    check_violations(
        V3_1_1,
        "80 0000 0002'a#' 83 0001'b' 04",
        &[
            "0 v3-3.8.1-1",
            "2 v3-2.3.1-1",
            "7 v3-4.7.1-2",
            "8 v3-3.8.3-4",
            "8 v3-3.8.3-4",
            "12 v3-3.8.3-4",
        ],
        "",
    );
    check_violations(
        V5_0,
        "3e 0003'a/+' 0000 [23 0000 01 07] ff",
        &[
            "0 v5-3.3.1-4",
            "6 v5-3.3.2-2",
            "7 v5-2.2.1-3",
            "11 v5-3.3.2-8",
            "14 u5-14",
        ],
        "PUBLISH qos=3 dup id=0 topic=\"a/+\" payload=0x\"ff\" topic-alias=0 payload-format=7",
    );
    check_violations(
        V5_0,
        "10 0004'MQTT'05 fb 000a 00 0000",
        &[
            "9 v5-3.1.2-3",
            "9 v5-3.1.2-11",
            "9 v5-3.1.2-13",
            "15 v5-3.1.2-17",
        ],
        "CONNECT connect-flags=0xfb keep-alive=10",
    );
}

#[test]
fn an_error_that_can_be_mended_hides_none_behind_it() {
    for (sender, text, expected) in [
        (Sender::Client, "d1", &["0 v5-4.13.1-1", "0 v5-2.1.3-1"][..]),
        (
            Sender::Client,
            "38 0003'a/+' 00",
            &["0 v5-3.3.1-2", "6 v5-3.3.2-2"],
        ),
        (
            Sender::Client,
            "30 0001'a' [0b01 01 02]",
            &["6 v5-3.3.4-6", "9 u5-14"],
        ),
        (
            Sender::Client,
            "40 0000 01 [01 00]",
            &["2 v5-2.2.1-5", "4 v5-3.4.2-1", "6 u5-01"],
        ),
        (
            Sender::Client,
            "f0 01 [15 0001 00]",
            &["2 v5-3.15.2-1", "7 v5-1.5.4-2"],
        ),
        (
            Sender::Server,
            "20 03 87 [24 02]",
            &["2 v5-3.2.2-1", "2 v5-3.2.2-6", "6 u5-35"],
        ),
        (
            Sender::Client,
            "10 0004'MQTT'05 02 0000 [27 00000000 21 0000 22 0000 22 0000] 0000",
            &["14 u5-04", "19 u5-03", "24 u5-02"],
        ),
        (
            Sender::Client,
            "82 0001 [0b 00] 0001'a' 30 000a'$share/g/a' 04 0001'b' 03",
            &["6 u5-08", "10 u5-09", "23 v5-3.8.3-4", "27 u5-09"],
        ),
    ] {
        check_errors(V5_0, sender, text, expected);
    }
    let filters = "0002'+a' 04".repeat(20);
    let expected: Vec<String> = (0..16)
        .map(|n| match n % 2 {
            0 => format!("{} v3-4.7.1-3", 6 + n / 2 * 5),
            _ => format!("{} v3-3.8.3-4", 8 + n / 2 * 5),
        })
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    // No more of them: a packet of errors must not take time that grows with its square.
    check_errors(
        V3_1_1,
        Sender::Client,
        &format!("82 0001 {filters}"),
        &expected,
    );
}

#[test]
fn an_error_that_is_mended_by_bytes_more_or_less_hides_none_behind_it() {
    for (version, text, expected) in [
        // Something takes the place of what is empty, of what is too long, and of another name.
        (
            V5_0,
            "82 0000 00 0000 30 0000 03",
            &[
                "2 v5-2.2.1-3",
                "5 v5-4.7.3-1",
                "7 u5-09",
                "8 v5-4.7.3-1",
                "10 u5-09",
            ][..],
        ),
        (
            V5_0,
            "82 0001 [0b 8100] 000a'$share//a#' 07",
            &["6 v5-1.5.5-1", "17 v5-4.8.2-1", "19 v5-4.7.1-1", "20 u5-09"],
        ),
        (
            V5_0,
            "82 0001 8000 000b'$share/g+/t' 00 000b'$share/+/a#' 04 0008'$share/g' 03",
            &[
                "4 v5-1.5.5-1",
                "16 v5-4.8.2-2",
                "29 v5-4.8.2-2",
                "32 v5-4.7.1-1",
                "33 v5-3.8.3-4",
                "36 v5-4.8.2-2",
                "44 u5-09",
            ],
        ),
        (
            V5_0,
            "30 0000 [08 0000 01 05] 'p'",
            &["6 v5-4.7.3-1", "9 u5-14", "2 u5-07"],
        ),
        (
            V3_1_1,
            "10 0006'MQIsdp'04 44 0000 0000 0001 ff 0000 0001'p' 00",
            &[
                "2 v3-3.1.2-1",
                "11 v3-3.1.2-22",
                "14 v3-3.1.3-8",
                "18 v3-1.5.3-1",
                "24 v3-3.1.4-1",
            ],
        ),
        // A password that is missing cannot be looked for behind a user name that is not there.
        (
            V3_1_1,
            "10 0004'MQTT'04 42 0000 0001 00",
            &["9 v3-3.1.2-22", "14 v3-1.5.3-2"],
        ),
        // A property is left out, and with one that nobody knows or that has no end, the rest of its section.
        (
            V5_0,
            "82 0001 [13 0001 0b 01 0b 02 7f 01 02] 0001'#' 03",
            &["5 u5-01", "10 u5-02", "12 u5-01", "18 u5-09"],
        ),
        (
            V5_0,
            "82 0001 [26 0001'k' 0009'v'] 0001'#' 03",
            &["9 u5-01", "15 u5-09"],
        ),
        (
            V5_0,
            "82 0001 [0b ff ff ff ff 00] 0001'#' 03",
            &["6 u5-34", "14 u5-09"],
        ),
        (
            V5_0,
            "82 0001 [8b 00] 0001'#' 03",
            &["5 v5-1.5.5-1", "10 u5-09"],
        ),
        (V5_0, "82 0001 [ff] 0001'#' 03", &["5 u5-01", "9 u5-09"]),
        (
            V5_0,
            "10 0004'MQTT'05 02 0000 [16 0001'd'] 0001 00",
            &["13 u5-06", "19 v5-1.5.4-2"],
        ),
        // Where a packet or its properties have no end, nothing is behind that.
        (V5_0, "82 0001 7f 0001'#' 03", &["4 u5-01"]),
        (
            V5_0,
            "82 0000 00 0009'#' 03",
            &["2 v5-2.2.1-3", "5 v5-3.8.3-1"],
        ),
        (V5_0, "82 0000 00", &["2 v5-2.2.1-3", "5 v5-3.8.3-2"]),
    ] {
        check_errors(version, Sender::Client, text, expected);
    }
}

#[test]
fn a_section_that_is_mended_may_have_a_length_of_other_size() {
    let filler = |len: usize| format!("26 0001'k' {len:04x}'{}'", "x".repeat(len));
    // 129 bytes become 126.
    let text = format!("30 0001'a' 8101 21 0001 {} 01 02", filler(118));
    check_errors(V5_0, Sender::Client, &text, &["8 u5-01", "136 u5-14"]);
    // 127 bytes become 128.
    let text = format!("30 0001'a' 7f 08 0000 {} 01 02", filler(116));
    let expected = &["8 v5-4.7.3-1", "133 u5-14"];
    check_errors(V5_0, Sender::Client, &text, expected);
}

proptest! {
    #[test]
    fn the_parts_cover_every_byte(
        first in any::<u8>(),
        body in vec(any::<u8>(), 0..40),
        cut in 0..40usize,
    ) {
        let packet = hex::packet_of(first, &body);
        let bytes = packet.get(..packet.len().saturating_sub(cut)).unwrap_or_default();
        for version in ProtocolVersion::ALL {
            let dissection = Dissection::of(bytes, version, Sender::Either);
            let mut end = 0;
            for part in &dissection.parts {
                prop_assert_eq!(part.range.start, end, "{:?}", dissection);
                prop_assert!(part.range.end > end, "{:?}", dissection);
                end = part.range.end;
            }
            prop_assert_eq!(end, bytes.len(), "{:?}", dissection);
            if let Some(draft) = &dissection.draft {
                prop_assert_eq!(draft.to_bytes(version), Ok(bytes.to_vec()));
            }
            let Ok(Split::Frame(frame)) = Frame::split(bytes, version) else { continue };
            let error = Packet::decode(&frame, version, Sender::Either).err();
            prop_assert_eq!(dissection.violations.first().cloned(), error);
        }
    }
}
