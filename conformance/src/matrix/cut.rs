//! Packets that end too early or too late; the remaining length always fits, so that none is merely incomplete.

use std::collections::BTreeMap;

use mqtt_assay_codec::error::{DecodeErrorKind, Field};
use mqtt_assay_codec::{DecodeError, PacketType, ProtocolVersion};

use super::mistake::{bytes, error_in, mutated, number, parts, string};
use super::packets::{Form, base, of_clients};
use super::sheet::Sheet;
use crate::scenario::{Mutation, Outgoing};

pub(super) fn add(sheets: &mut Vec<Sheet>) {
    for packet_type in of_clients() {
        sheets.push(truncated(packet_type));
        sheets.push(with_a_tail(packet_type));
    }
}

/// Cut before each field, behind its first byte, and before its last.
fn truncated(packet_type: PacketType) -> Sheet {
    let name = packet_type.name();
    let summary = format!("{name} is malformed if it ends before its last field does.");
    let mut sheet = Sheet::new(packet_type, "truncated", summary);
    for version in ProtocolVersion::ALL {
        let Some(packet) = base(packet_type, Form::Full, version) else {
            continue;
        };
        for (case, count) in cuts(&packet, version) {
            let cut = mutated(&packet, Mutation::Truncate(number(count)));
            sheet.add(case, version, Some(cut));
        }
    }
    sheet
}

/// The interesting places at which a packet can be cut: names, and how many bytes are taken off.
fn cuts(packet: &Outgoing, version: ProtocolVersion) -> Vec<(String, u32)> {
    let whole = bytes(packet, version, &[]);
    let len = whole
        .as_deref()
        .and_then(|bytes| parts(bytes, version))
        .map_or(0, |(_, body)| body.len());
    let len = u32::try_from(len).unwrap_or_default();
    // What is there of each field that some cut makes incomplete; fields by where they start.
    let mut fields: BTreeMap<usize, (String, Vec<(usize, u32)>)> = BTreeMap::new();
    for count in (1..=len).rev() {
        let cut = mutated(packet, Mutation::Truncate(number(count)));
        let Some(bytes) = bytes(&cut, version, &[]) else {
            continue;
        };
        let Some(error) = error_in(&bytes, version) else {
            continue;
        };
        let present = bytes.len().saturating_sub(error.offset());
        let (_, places) = fields
            .entry(error.offset())
            .or_insert_with(|| (name_of(&error), Vec::new()));
        places.push((present, count));
    }
    let mut cuts = Vec::new();
    for (field, places) in fields.into_values() {
        let last = places.last().copied();
        for (present, count) in places {
            let case = match present {
                0 => format!("before-{field}"),
                1 => format!("{field}-first-byte"),
                _ if last == Some((present, count)) => format!("{field}-but-for-one-byte"),
                _ => continue,
            };
            cuts.push((case, count));
        }
    }
    cuts
}

/// The field that is incomplete.
fn name_of(error: &DecodeError) -> String {
    match error.kind() {
        DecodeErrorKind::Truncated(Field::Property(property)) => property.name().to_owned(),
        DecodeErrorKind::Truncated(field) => kebab(&format!("{field:?}")),
        DecodeErrorKind::PropertyLengthTooLong(Field::WillPropertyLength) => {
            "will-properties".to_owned()
        }
        DecodeErrorKind::PropertyLengthTooLong(_) => "properties".to_owned(),
        DecodeErrorKind::NoFilters => "filters".to_owned(),
        other => kebab(&format!("{other:?}")),
    }
}

/// `ClientId` as `client-id`.
fn kebab(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars().filter(char::is_ascii_alphabetic) {
        if character.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

/// Bytes behind the last field. A PUBLISH has none such: what follows its properties is its payload.
fn with_a_tail(packet_type: PacketType) -> Sheet {
    let name = packet_type.name();
    let summary = format!("{name} ends with its last field.");
    let mut sheet = Sheet::new(packet_type, "with-a-tail", summary);
    for version in ProtocolVersion::ALL {
        // Behind a reason without properties a byte would be their length.
        let Some(packet) = base(packet_type, Form::Full, version) else {
            continue;
        };
        for (case, tail) in TAILS {
            let longer = mutated(&packet, Mutation::Append(string(tail)));
            sheet.add_surplus(case, version, Some(longer));
        }
    }
    sheet
}

const TAILS: [(&str, &[u8]); 3] = [
    ("one-byte", &[0x00]),
    ("high-byte", &[0xff]),
    ("another-packet", &[0xc0, 0x00]),
];
