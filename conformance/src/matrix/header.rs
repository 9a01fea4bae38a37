//! Mistakes in the fixed header: types, flags, lengths, direction; and packets that come at the wrong time.

use mqtt_assay_codec::notation::Value;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{PacketType, ProtocolVersion};

use super::mistake::{bytes, mutated, number, packet, parts, raw, string};
use super::packets::{Form, base, is_answer, of_clients};
use super::sheet::Sheet;
use crate::scenario::{Literal, Mutation, Operand, Outgoing};

pub(super) fn add(sheets: &mut Vec<Sheet>) {
    for packet_type in of_clients() {
        match packet_type.reserved_flags() {
            Some(flags) => sheets.push(reserved_flags(packet_type, flags)),
            None => sheets.extend(publish_flags()),
        }
        sheets.push(long_remaining_length(packet_type));
        sheets.push(needless_length_bytes(packet_type));
    }
    sheets.push(reserved_types());
    sheets.push(of_servers());
    sheets.push(first_packets());
    sheets.push(malformed_first_packets());
}

/// Each bit of the flags that is not as it must be, and all of them.
fn reserved_flags(packet_type: PacketType, flags: u8) -> Sheet {
    let name = packet_type.name();
    let summary = format!("The flags in the fixed header of {name} are {flags:04b}.");
    let mut sheet = Sheet::new(packet_type, "flags", summary);
    for version in ProtocolVersion::ALL {
        let Some(packet) = base(packet_type, Form::Plain, version) else {
            continue;
        };
        let packet = mutated(&packet, Mutation::Flags(Operand::Variable("flags".into())));
        for (case, bits) in FLIPS {
            let flags = Literal::Value(Value::Number(u32::from(flags ^ bits)));
            sheet.add_variant(case, version, Some(packet.clone()), ("flags", flags));
        }
    }
    sheet
}

fn publish_flags() -> [Sheet; 2] {
    let publish = PacketType::Publish;
    let mut qos = Sheet::new(
        publish,
        "qos-3",
        "A PUBLISH with both QoS bits set is malformed.",
    );
    let mut dup = Sheet::new(
        publish,
        "dup-without-qos",
        "A PUBLISH of QoS 0 cannot be a repetition.",
    );
    for version in ProtocolVersion::ALL {
        let with_id = packet(r#"PUBLISH qos=1 id=7 topic="{ns}/t" payload="m""#);
        let flags = |flags| {
            let with_id = with_id.as_ref()?;
            Some(mutated(with_id, Mutation::Flags(number(flags))))
        };
        qos.add("first-time", version, flags(0b0110));
        qos.add("dup", version, flags(0b1110));
        let without_id = base(publish, Form::Plain, version);
        let with_dup = without_id.map(|it| mutated(&it, Mutation::Flags(number(0b1000))));
        dup.add("dup", version, with_dup);
    }
    [qos, dup]
}

/// A remaining length that does not end with its fourth byte.
fn long_remaining_length(packet_type: PacketType) -> Sheet {
    let name = packet_type.name();
    let summary = format!("The Remaining Length of {name} has four bytes at most.");
    let mut sheet = Sheet::new(packet_type, "remaining-length-too-long", summary);
    for version in ProtocolVersion::ALL {
        let base = base(packet_type, Form::Plain, version);
        for (case, length) in LONG_LENGTHS {
            let long = |it: &Outgoing| mutated(it, Mutation::RemainingLength(string(length)));
            sheet.add(case, version, base.as_ref().map(long));
        }
    }
    sheet
}

/// A remaining length with bytes that add nothing to it.
fn needless_length_bytes(packet_type: PacketType) -> Sheet {
    let name = packet_type.name();
    let summary = format!("The Remaining Length of {name} takes as few bytes as it can.");
    let mut sheet = Sheet::new(packet_type, "remaining-length-not-minimal", summary);
    for version in ProtocolVersion::ALL {
        let Some(base) = base(packet_type, Form::Plain, version) else {
            continue;
        };
        for (case, zeros) in NEEDLESS_BYTES {
            let longer = needless(&base, version, zeros);
            sheet.add(case, version, longer);
        }
    }
    sheet
}

fn needless(base: &Outgoing, version: ProtocolVersion, zeros: &[u8]) -> Option<Outgoing> {
    let bytes = bytes(base, version, &[])?;
    let (_, body) = parts(&bytes, version)?;
    let len = u8::try_from(body.len()).ok().filter(|len| *len < 0x80)?;
    let length = [&[len | 0x80], zeros].concat();
    Some(mutated(base, Mutation::RemainingLength(string(length))))
}

/// Packet types that do not exist, with and without flags and a body.
fn reserved_types() -> Sheet {
    let mut sheet = Sheet::of_frames(
        "reserved-type",
        "A packet of a type that does not exist is malformed.",
    );
    for version in ProtocolVersion::ALL {
        for (case, bytes) in RESERVED_TYPES {
            sheet.add(*case, version, Some(raw(bytes)));
        }
    }
    sheet
}

/// Packets that only servers send.
fn of_servers() -> Sheet {
    let mut sheet = Sheet::of_frames(
        "of-servers",
        "A packet that servers alone send ends the connection of the client that sends it.",
    );
    for packet_type in PacketType::ALL {
        let name = packet_type.name().to_ascii_lowercase();
        for version in ProtocolVersion::ALL {
            if packet_type.is_sent_by(Sender::Client, version) {
                continue;
            }
            sheet.add(
                name.as_str(),
                version,
                base(packet_type, Form::Plain, version),
            );
            if base(packet_type, Form::Full, version) != base(packet_type, Form::Plain, version) {
                let full = base(packet_type, Form::Full, version);
                sheet.add(format!("{name}-in-full"), version, full);
            }
        }
    }
    sheet
}

/// Valid packets that come before CONNECT.
fn first_packets() -> Sheet {
    let mut sheet = Sheet::of_first_packets(
        "is-no-connect",
        "A connection whose first packet is no CONNECT is closed, and that packet is not answered.",
    );
    for packet_type in PacketType::ALL {
        let name = packet_type.name().to_ascii_lowercase();
        for version in ProtocolVersion::ALL {
            if packet_type != PacketType::Connect {
                let packet = first(packet_type, version);
                sheet.add(name.as_str(), version, packet);
            }
        }
    }
    sheet
}

/// Packets that come before CONNECT, and are malformed on top of it.
fn malformed_first_packets() -> Sheet {
    let mut sheet = Sheet::of_first_packets(
        "is-malformed",
        "A connection whose first packet is none at all is closed.",
    );
    for version in ProtocolVersion::ALL {
        for (case, bytes) in RESERVED_TYPES {
            sheet.add(*case, version, Some(raw(bytes)));
        }
        for packet_type in of_clients().filter(|it| *it != PacketType::Connect) {
            let name = packet_type.name().to_ascii_lowercase();
            let Some(packet) = first(packet_type, version) else {
                continue;
            };
            if let Some(flags) = packet_type.reserved_flags() {
                let wrong = Mutation::Flags(number(u32::from(flags ^ 0b1111)));
                sheet.add(
                    format!("{name}-flags"),
                    version,
                    Some(mutated(&packet, wrong)),
                );
            }
            let long = Mutation::RemainingLength(string([0xff, 0xff, 0xff, 0xff, 0x01]));
            sheet.add(
                format!("{name}-length"),
                version,
                Some(mutated(&packet, long)),
            );
            if !matches!(packet_type, PacketType::Pingreq | PacketType::Disconnect) {
                sheet.add(format!("{name}-empty"), version, empty(&packet, version));
            }
        }
    }
    sheet
}

/// A packet without anything before it: one that answers has nothing to answer.
fn first(packet_type: PacketType, version: ProtocolVersion) -> Option<Outgoing> {
    let packet = base(packet_type, Form::Plain, version)?;
    if is_answer(packet_type) {
        return super::mistake::with_value(&packet, "id", number(1));
    }
    Some(packet)
}

/// The fixed header alone.
pub(super) fn empty(packet: &Outgoing, version: ProtocolVersion) -> Option<Outgoing> {
    let bytes = bytes(packet, version, &[])?;
    Some(raw(&[*bytes.first()?, 0]))
}

/// The bits of the flags that are wrong.
const FLIPS: [(&str, u8); 5] = [
    ("bit-0", 0b0001),
    ("bit-1", 0b0010),
    ("bit-2", 0b0100),
    ("bit-3", 0b1000),
    ("all-bits", 0b1111),
];

const LONG_LENGTHS: [(&str, &[u8]); 3] = [
    ("of-five-bytes", &[0xff, 0xff, 0xff, 0xff, 0x7f]),
    ("one-in-five-bytes", &[0x81, 0x80, 0x80, 0x80, 0x00]),
    ("without-end", &[0xff, 0xff, 0xff, 0xff, 0xff]),
];

const NEEDLESS_BYTES: [(&str, &[u8]); 3] = [
    ("one-byte-more", &[0x00]),
    ("two-bytes-more", &[0x80, 0x00]),
    ("three-bytes-more", &[0x80, 0x80, 0x00]),
];

/// Type 15 is reserved in 3.1.1 alone; there it stands for AUTH.
const RESERVED_TYPES: &[(&str, &[u8])] = &[
    ("zero", &[0x00, 0x00]),
    ("zero-with-flags", &[0x0f, 0x00]),
    ("zero-with-a-body", &[0x00, 0x02, 0x00, 0x01]),
    ("fifteen", &[0xf0, 0x00]),
    ("fifteen-with-flags", &[0xff, 0x00]),
    ("fifteen-with-a-body", &[0xf0, 0x02, 0x18, 0x00]),
];
