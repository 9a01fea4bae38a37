//! What is printed is read back, and no text does harm.

use mqtt_assay_codec::ProtocolVersion::{self, V3_1_1, V5_0};
use mqtt_assay_codec::arbitrary::ValidPacket;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{
    Draft, Field, FieldKind, Notation, TokenKind, Value, fields, lex, parse, parse_packet,
    print_bytes, print_string,
};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{Frame, Packet, PacketType};
use proptest::collection::vec;
use proptest::prelude::*;

use super::show_error;
use crate::generated::arbitrary;

/// A value that any field of a kind can take.
fn value(kind: FieldKind) -> BoxedStrategy<Value> {
    let bytes = || {
        prop_oneof![
            ".{0,8}".prop_map(String::into_bytes),
            vec(any::<u8>(), 0..8)
        ]
    };
    match kind {
        FieldKind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        FieldKind::Number { bits } => (0..1u64 << bits)
            .prop_map(|number| Value::Number(u32::try_from(number).unwrap()))
            .boxed(),
        FieldKind::Bytes => bytes().prop_map(|bytes| Value::Bytes(bytes.into())).boxed(),
        FieldKind::Pair => (bytes(), bytes())
            .prop_map(|(name, value)| Value::Pair(name, value))
            .boxed(),
    }
}

/// Every legal field of a packet type, each with some value or left out.
fn draft() -> impl Strategy<Value = Draft> {
    proptest::sample::select(&PacketType::ALL).prop_flat_map(|packet_type| {
        let fields: Vec<_> = fields(packet_type)
            .iter()
            .map(|spec| {
                let is_first_of_group = spec.name == "filter";
                let field = value(spec.kind).prop_map(|value| {
                    let name = spec.name;
                    Field { name, value }
                });
                (field, any::<bool>(), Just(is_first_of_group))
            })
            .collect();
        fields.prop_map(move |fields| {
            let is_in = |(field, is_in, is_first)| (is_in || is_first).then_some(field);
            let fields = fields.into_iter().filter_map(is_in).collect();
            Draft {
                packet_type,
                fields,
            }
        })
    })
}

/// Text that is nearly the notation.
fn nearly() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(&[
        "PUBLISH",
        "SUBSCRIBE",
        "CONNECT",
        "hex",
        " ",
        "=",
        ":",
        "\"",
        "\\",
        "\\u{",
        "}",
        "*",
        "9",
        "0x",
        "..",
        "topic",
        "user-property",
        "filter",
        "qos",
        "dup",
        "é",
        "ff",
        "\u{202e}",
        "<",
        "-",
        ">",
    ]);
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_a_valid_packet_prints_is_what_it_was(packet in arbitrary::<ValidPacket>()) {
        let ValidPacket { version, draft } = packet;
        let bytes = draft.to_bytes(version).unwrap();
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
            return Err(TestCaseError::fail(format!("no frame: {draft}")));
        };
        let packet = Packet::decode(&frame, version, Sender::Either)
            .map_err(|error| TestCaseError::fail(format!("{error}: {draft}")))?;
        let draft = Draft::of(&packet, version);
        prop_assert_eq!(draft.to_bytes(version), Ok(bytes.clone()), "{}", draft);
        let text = draft.to_string();
        prop_assert_eq!(&text, &print_bytes(&bytes, version, Sender::Either));
        prop_assert_eq!(parse(&text), Ok(Notation::Packet(draft)), "{}", text);
        prop_assert_eq!(parse_packet(&text, version), Ok(bytes), "{}", text);
    }

    #[test]
    fn any_frame_is_printed_as_what_it_was(bytes in vec(any::<u8>(), 0..12)) {
        for version in ProtocolVersion::ALL {
            let text = print_bytes(&bytes, version, Sender::Either);
            let again = match parse(&text).unwrap() {
                Notation::Packet(draft) => draft.to_bytes(version).unwrap(),
                Notation::Hex(bytes) => bytes,
            };
            prop_assert_eq!(&again, &bytes, "{}", text);
        }
    }

    #[test]
    fn what_a_draft_prints_is_what_it_was(draft in draft()) {
        let text = draft.to_string();
        prop_assert!(text.chars().all(|c| c == ' ' || !c.is_whitespace() && !c.is_control()), "{text}");
        prop_assert_eq!(parse(&text).map_err(|error| show_error(&error)), Ok(Notation::Packet(draft.clone())), "{}", text);
        // The layout of level 4 has no room for properties.
        let is_v3 = draft.all("protocol-level").any(|level| *level == Value::Number(4));
        prop_assert!(is_v3 || draft.to_bytes(V5_0).is_ok());
    }

    #[test]
    fn any_bytes_are_printed_as_what_they_were(part in vec(any::<u8>(), 0..12), count in 1usize..80) {
        let bytes = part.repeat(count);
        let tokens = lex(&print_string(&bytes)).unwrap();
        let TokenKind::Bytes(text) = &tokens.first().unwrap().kind else {
            panic!("{tokens:?} starts with no string");
        };
        prop_assert_eq!(&text.to_bytes(), &bytes);
        prop_assert_eq!(text.len(), bytes.len());
        prop_assert_eq!(tokens.len(), 1);
        prop_assert_eq!(parse(&Notation::Hex(bytes.clone()).to_string()), Ok(Notation::Hex(bytes)));
    }

    #[test]
    fn any_text_is_a_packet_or_an_error(text in prop_oneof![".*", nearly()]) {
        if let Ok(Notation::Packet(draft)) = parse(&text) {
            drop(draft.to_bytes(V3_1_1));
            drop(draft.to_bytes(V5_0));
        }
    }
}

#[test]
fn bytes_behind_a_packet_are_no_part_of_it() {
    let text = print_bytes(&[0xc0, 0, 0xc0, 0], V5_0, Sender::Either);
    assert_eq!(text, "hex c0 00 c0 00");
}
