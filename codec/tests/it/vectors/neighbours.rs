//! What one wrong byte does to a valid packet: each refusal that is found so has a vector that shows it.

use std::collections::{BTreeMap, BTreeSet};

use mqtt_assay_codec::error::DecodeErrorKind as Kind;
use mqtt_assay_codec::{DecodeError, ProtocolVersion};

use super::load::{self, Vector, Verdict};
use super::{decode, frame};
use crate::hex;

/// Values that mean something somewhere: ends of ranges, wildcards, bytes that no text has, property identifiers.
const BYTES: [u8; 13] = [
    0, 1, 2, 3, b'#', b'+', 0x1f, 0x26, 0x7f, 0x80, 0xc0, 0xed, 0xff,
];

#[test]
fn every_refusal_of_a_neighbour_has_a_vector() {
    let mut shown = BTreeSet::new();
    let mut found = BTreeMap::new();
    for vector in load::all() {
        if vector.verdict == Verdict::Valid {
            for neighbour in neighbours(&vector) {
                if let Err(error) = decode(&neighbour, neighbour.from) {
                    found.entry(label(&error)).or_insert(neighbour.bytes);
                }
            }
        } else if let Err(error) = decode(&vector, vector.from) {
            shown.insert(label(&error));
        }
    }
    assert!(found.len() > 200, "{} refusals only", found.len());
    found.retain(|label, _| !shown.contains(label));
    assert!(found.is_empty(), "no vector for: {found:#02x?}");
}

/// The packet with one byte of its body changed, left out or added, and the packet cut; the remaining length agrees.
fn neighbours(vector: &Vector) -> Vec<Vector> {
    let first = vector.bytes[0];
    let body = frame(vector).body();
    let mut bodies = Vec::new();
    if body.len() <= 200 {
        for at in 0..body.len() {
            let (before, behind) = (&body[..at], &body[at + 1..]);
            let byte = body[at];
            bodies.push(before.to_vec());
            bodies.push([before, behind].concat());
            bodies.push([before, &[0, byte], behind].concat());
            let flipped = (0..8).map(|bit| byte ^ (1 << bit));
            let steps = [byte.wrapping_add(1), byte.wrapping_sub(1)];
            for other in BYTES.into_iter().chain(flipped).chain(steps) {
                bodies.push([before, &[other], behind].concat());
            }
        }
    }
    let flags = (0..4).map(|bit| (first ^ (1 << bit), body.to_vec()));
    let changed = bodies.into_iter().map(|body| (first, body)).chain(flags);
    changed
        .map(|(first, body)| Vector {
            bytes: hex::packet_of(first, &body),
            ..vector.clone()
        })
        .collect()
}

/// The packet, the version and the kind with its field; numbers that were found do not count.
fn label(error: &DecodeError) -> String {
    let version: ProtocolVersion = error.version();
    let packet = error.packet_type().map_or("reserved", |it| it.name());
    let kind = error.kind();
    let kind = if let Kind::PropertyValue { property, .. } = kind {
        format!("PropertyValue {}", property.name())
    } else {
        let is_of_number = |c: char| "()".contains(c) || c.is_ascii_digit();
        let debug = format!("{kind:?}");
        let name = debug.split(" {").next().unwrap();
        name.trim_end_matches(is_of_number).to_owned()
    };
    format!("{version} {packet} {kind}")
}
