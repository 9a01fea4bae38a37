//! The words of the wire and of the notation, from the codec's tables, for libFuzzer.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use mqtt_assay_codec::notation::fields;
use mqtt_assay_codec::property::{PropertyId, PropertyType};
use mqtt_assay_codec::{PacketType, ReasonCode};

/// The contents of `fuzz/mqtt.dict`, which a test compares with the file.
#[must_use]
pub fn dictionary() -> String {
    let mut out = String::from(
        "# Made by `cargo run -p mqtt-assay-fuzz --bin seeds` from the codec's tables.\n",
    );
    let mut words: BTreeSet<Vec<u8>> = BTreeSet::new();
    for packet_type in PacketType::ALL {
        words.insert(packet_type.name().into());
        let flags = packet_type.reserved_flags().unwrap_or_default();
        words.insert(vec![packet_type.number() << 4 | flags]);
        words.extend(fields(packet_type).iter().map(|field| field.name.into()));
    }
    for &property in PropertyId::ALL {
        let value: &[u8] = match property.value_type() {
            PropertyType::Byte | PropertyType::VariableByteInteger => &[1],
            PropertyType::TwoByteInteger => &[0, 1],
            PropertyType::FourByteInteger => &[0, 0, 0, 1],
            PropertyType::Utf8String | PropertyType::BinaryData => &[0, 1, b'a'],
            PropertyType::Utf8StringPair => &[0, 1, b'k', 0, 1, b'v'],
        };
        words.insert([&[property.code()], value].concat());
    }
    for code in 0..=u8::MAX {
        words.extend(ReasonCode::new(code).name().map(|_| vec![code]));
    }
    words.extend(OTHERS.iter().map(|word| word.to_vec()));
    for word in words {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\"{}\"", escape(&word));
    }
    out
}

/// The form of libFuzzer: `\xAB` for what does not show, and for quotes and backslashes.
fn escape(word: &[u8]) -> String {
    let mut out = String::new();
    for &byte in word {
        if byte.is_ascii_graphic() && byte != b'"' && byte != b'\\' {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// What no table has: the protocol name and levels, lengths at their boundaries, ill-formed text, topics.
const OTHERS: &[&[u8]] = &[
    b"\x00\x04MQTT\x04",
    b"\x00\x04MQTT\x05",
    b"\x7f",
    b"\x80\x01",
    b"\xff\x7f",
    b"\x80\x80\x01",
    b"\xff\xff\x7f",
    b"\x80\x80\x80\x01",
    b"\xff\xff\xff\x7f",
    b"\x00\x00",
    b"\xff\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xf0\x9f\x98\x80",
    b"$share/g/",
    b"/+/",
    b"/#",
    b"hex ",
    b"0x\"ff\"",
    b"\"x\"*65535",
    b"scenario ",
    b" connects",
    b" -> ",
    b" <- ",
    b" with ",
    b"versions 3.1.1 5.0",
];
