use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Draft, Notation, parse};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{Frame, Packet, ProtocolVersion, StatementId};

use super::super::value::Rendered;
use super::Ledger;

use ProtocolVersion::{V3_1_1, V5_0};

fn bytes_of(text: &str, version: ProtocolVersion) -> Vec<u8> {
    let Ok(Notation::Packet(draft)) = parse(text) else {
        panic!("{text} is no packet");
    };
    draft.to_bytes(version).unwrap()
}

/// Notes what a client sends, `-> PACKET`, and judges what the broker sends, `<- PACKET`: only the last may be wrong.
#[track_caller]
fn check_ledger(
    ledger: &mut Ledger,
    version: ProtocolVersion,
    lines: &[&str],
    expected: Option<&str>,
) {
    let mut found = Vec::new();
    for line in lines {
        let (direction, text) = line.split_at(3);
        let bytes = bytes_of(text, version);
        found.push(if direction == "-> " {
            let packet = Rendered {
                bytes,
                draft: None,
                is_malformed: false,
            };
            let _answer = ledger.note(&packet, version);
            None
        } else {
            let Split::Frame(frame) = Frame::split(&bytes, version).unwrap() else {
                panic!("{line} is no whole frame");
            };
            let packet = Packet::decode(&frame, version, Sender::Server).unwrap();
            let draft = Draft::of(&packet, version);
            ledger
                .judge(&packet, &draft, version)
                .map(|(statement, _)| statement)
        });
    }
    let last = found.pop().flatten();
    assert_eq!(found, vec![None; found.len()], "{version} {lines:?}");
    let expected = expected.map(|key| key.parse::<StatementId>().unwrap());
    assert_eq!(last, expected, "{version} {lines:?}");
}

#[track_caller]
fn reports(version: ProtocolVersion, lines: &[&str], statement: &str) {
    check_ledger(&mut Ledger::default(), version, lines, Some(statement));
}

#[track_caller]
fn permits(version: ProtocolVersion, lines: &[&str]) {
    check_ledger(&mut Ledger::default(), version, lines, None);
}

const CONNECT: &str = "-> CONNECT client-id=\"c\" clean-start keep-alive=60";
const RESUME: &str = "-> CONNECT client-id=\"c\" keep-alive=60";

#[test]
fn an_answer_answers_something() {
    for (answer, v3, v5) in [
        ("<- PUBACK id=7", "v3-2.3.1-6", "v5-2.2.1-5"),
        ("<- PUBREC id=7", "v3-2.3.1-6", "v5-2.2.1-5"),
        ("<- PUBREL id=7", "v3-2.3.1-6", "v5-2.2.1-5"),
        ("<- PUBCOMP id=7", "v3-4.3.3-2", "v5-2.2.1-5"),
        ("<- SUBACK id=7 reason=0", "v3-2.3.1-7", "v5-2.2.1-6"),
        ("<- PINGRESP", "v3-3.12.4-1", "v5-3.12.4-1"),
    ] {
        reports(V3_1_1, &[CONNECT, answer], v3);
        reports(V5_0, &[CONNECT, answer], v5);
    }
    reports(V3_1_1, &[CONNECT, "<- UNSUBACK id=7"], "v3-2.3.1-7");
    reports(V5_0, &[CONNECT, "<- UNSUBACK id=7 reason=0"], "v5-2.2.1-6");
    // Another identifier is another answer.
    let publish = "-> PUBLISH qos=1 id=8 topic=\"t\"";
    reports(V5_0, &[publish, "<- PUBACK id=7"], "v5-2.2.1-5");
}

#[test]
fn there_is_one_answer_for_each_packet() {
    let once: [(&str, &str, &str, &str); 6] = [
        (
            "-> PUBLISH qos=1 id=7 topic=\"t\"",
            "<- PUBACK id=7",
            "v3-4.3.2-2",
            "v5-4.3.2-4",
        ),
        (
            "-> PUBREL id=7",
            "<- PUBCOMP id=7",
            "v3-4.3.3-2",
            "v5-4.3.3-11",
        ),
        (
            "-> SUBSCRIBE id=7 filter=\"t\" qos=0",
            "<- SUBACK id=7 reason=0",
            "v3-3.8.4-1",
            "v5-3.8.4-1",
        ),
        ("-> PINGREQ", "<- PINGRESP", "v3-3.12.4-1", "v5-3.12.4-1"),
        // In 3.1.1 a timer may repeat these two.
        (
            "-> PUBLISH qos=2 id=7 topic=\"t\"",
            "<- PUBREC id=7",
            "",
            "v5-4.3.3-8",
        ),
        ("-> PUBREC id=7", "<- PUBREL id=7", "", "v5-4.3.3-4"),
    ];
    for (asked, answer, v3, v5) in once {
        permits(V3_1_1, &[asked, answer]);
        permits(V5_0, &[asked, answer]);
        permits(V5_0, &[asked, asked, answer, answer]);
        reports(V5_0, &[asked, answer, answer], v5);
        if v3.is_empty() {
            permits(V3_1_1, &[asked, answer, answer]);
        } else {
            reports(V3_1_1, &[asked, answer, answer], v3);
        }
    }
}

#[test]
fn a_packet_identifier_belongs_to_one_message_at_a_time() {
    let first = "<- PUBLISH qos=1 id=1 topic=\"t\" payload=\"first\"";
    let second = "<- PUBLISH qos=1 id=1 topic=\"t\" payload=\"second\"";
    reports(V3_1_1, &[CONNECT, first, second], "v3-2.3.1-4");
    reports(V5_0, &[CONNECT, first, second], "v5-2.2.1-4");
    permits(V3_1_1, &[CONNECT, first, "-> PUBACK id=1", second]);
    permits(V5_0, &[CONNECT, first, "-> PUBACK id=1", second]);

    let first = "<- PUBLISH qos=2 id=1 topic=\"t\" payload=\"first\"";
    let received = ["-> PUBREC id=1", "<- PUBREL id=1"];
    let lines = [CONNECT, first, received[0], received[1]];
    reports(V5_0, &[&lines[..], &[second]].concat(), "v5-2.2.1-4");
    permits(V5_0, &[&lines[..], &["-> PUBCOMP id=1", second]].concat());
    // A PUBREC with an error ends the handshake.
    permits(
        V5_0,
        &[CONNECT, first, "-> PUBREC id=1 reason=0x80", second],
    );
}

#[test]
fn a_message_is_not_repeated_on_a_live_connection_in_5_0() {
    let message = "<- PUBLISH qos=1 id=1 topic=\"t\" payload=\"m\"";
    let again = "<- PUBLISH qos=1 dup id=1 topic=\"t\" payload=\"m\"";
    let other = "<- PUBLISH qos=1 dup id=1 topic=\"t\" payload=\"other\"";
    permits(V3_1_1, &[CONNECT, message, again]);
    reports(V5_0, &[CONNECT, message, again], "v5-4.4.0-1");
    reports(V3_1_1, &[CONNECT, message, other], "v3-2.3.1-4");
}

#[test]
fn dup_is_for_what_may_have_come_before() {
    let again = "<- PUBLISH qos=1 dup id=1 topic=\"t\" payload=\"m\"";
    reports(V3_1_1, &[CONNECT, again], "v3-3.3.1-3");
    reports(V5_0, &[CONNECT, again], "v5-3.3.1-3");
    permits(V3_1_1, &[RESUME, again]);
    permits(V5_0, &[RESUME, again]);
}

#[test]
fn no_more_is_under_way_than_the_receive_maximum() {
    let connect = "-> CONNECT client-id=\"c\" clean-start receive-maximum=1";
    let one = "<- PUBLISH qos=1 id=1 topic=\"t\"";
    let two = "<- PUBLISH qos=2 id=2 topic=\"t\"";
    reports(V5_0, &[connect, one, two], "v5-3.3.4-9");
    permits(V5_0, &[connect, one, "-> PUBACK id=1", two]);
    permits(V5_0, &[connect, one, "<- PUBLISH topic=\"t\""]);
    permits(V5_0, &[CONNECT, one, two]);
    // Received is not finished.
    let lines = [connect, two, "-> PUBREC id=2", "<- PUBREL id=2", one];
    reports(V5_0, &lines, "v5-3.3.4-9");
}

#[test]
fn problem_information_is_for_who_wants_it() {
    let refuses = "-> CONNECT client-id=\"c\" clean-start request-problem-information=0";
    for (asked, answer) in [
        (
            "-> PUBLISH qos=1 id=7 topic=\"t\"",
            "<- PUBACK id=7 reason=0 reason-string=\"why\"",
        ),
        (
            "-> SUBSCRIBE id=7 filter=\"t\" qos=0",
            "<- SUBACK id=7 user-property=\"k\":\"v\" reason=0",
        ),
        (
            "-> UNSUBSCRIBE id=7 filter=\"t\"",
            "<- UNSUBACK id=7 reason-string=\"why\" reason=0",
        ),
    ] {
        reports(V5_0, &[refuses, asked, answer], "v5-3.1.2-29");
        permits(V5_0, &[CONNECT, asked, answer]);
    }
    // PUBLISH, CONNACK and DISCONNECT may have them all the same.
    let message = "<- PUBLISH topic=\"t\" user-property=\"k\":\"v\"";
    permits(V5_0, &[refuses, message]);
}

#[test]
fn who_has_sent_what_is_not_valid_cannot_tell_any_more() {
    let mut ledger = Ledger::default();
    ledger.expect_anything();
    check_ledger(&mut ledger, V5_0, &["<- PUBACK id=7"], None);
    // Neither can who answered a message with what belongs to another QoS.
    let message = "<- PUBLISH qos=2 id=1 topic=\"t\"";
    permits(
        V5_0,
        &[CONNECT, message, "-> PUBACK id=1", "<- PUBREL id=1"],
    );
}

#[test]
fn an_answer_may_come_on_the_next_connection() {
    let mut ledger = Ledger::default();
    let publish = Rendered {
        bytes: bytes_of("-> PUBLISH qos=2 id=7 topic=\"t\"".split_at(3).1, V5_0),
        draft: None,
        is_malformed: false,
    };
    let asked = Ledger::default().note(&publish, V5_0);
    ledger.note_earlier(asked.into_iter().collect());
    check_ledger(&mut ledger, V5_0, &[RESUME, "<- PUBREC id=7"], None);
}
