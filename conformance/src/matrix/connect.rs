//! Mistakes that only CONNECT can have: its name, its level, its flags, and a second one.

use mqtt_assay_codec::{PacketType, ProtocolVersion};

use super::header::empty;
use super::mistake::{bytes, error_in, mutated, number, packet, string, with_field, with_value};
use super::packets::{Form, base};
use super::sheet::Sheet;
use crate::scenario::{Mutation, Outgoing};

pub(super) fn add(sheets: &mut Vec<Sheet>) {
    sheets.push(names());
    sheets.push(levels());
    sheets.push(flags());
    sheets.push(fields_without_flags());
    sheets.push(empty_client_id());
    sheets.push(second());
}

fn names() -> Sheet {
    let summary = "A CONNECT with another protocol name is not taken for one of MQTT.";
    let mut sheet = Sheet::new(CONNECT, "protocol-name", summary);
    for version in ProtocolVersion::ALL {
        for (case, name) in NAMES {
            let packet =
                plain(version).and_then(|it| with_field(&it, "protocol-name", string(name)));
            sheet.add(*case, version, packet);
        }
    }
    sheet
}

/// Levels above those that exist: a server may speak the lower ones, or take the highest bit for that of a bridge.
fn levels() -> Sheet {
    let summary = "A protocol level that does not exist is refused as unsupported.";
    let mut sheet = Sheet::new(CONNECT, "protocol-level", summary);
    for version in ProtocolVersion::ALL {
        for level in [6, 7, 16, 0x7f] {
            let packet = plain(version);
            let packet = packet.and_then(|it| with_field(&it, "protocol-level", number(level)));
            sheet.add(format!("level-{level}"), version, packet);
        }
    }
    sheet
}

/// Every combination of the connect flags that is not allowed, before a payload that is as the flags say.
fn flags() -> Sheet {
    let summary = "The Connect Flags of a CONNECT go together.";
    let mut sheet = Sheet::new(CONNECT, "connect-flags", summary);
    for version in ProtocolVersion::ALL {
        for flags in 0..=u8::MAX {
            let Some(packet) = with_flags(flags) else {
                continue;
            };
            if flags & RESERVED != 0 && !is_valid_without_reserved(flags, version) {
                continue;
            }
            sheet.add(case_of(flags), version, Some(packet));
        }
    }
    sheet
}

/// Whether the reserved flag is the one mistake.
fn is_valid_without_reserved(flags: u8, version: ProtocolVersion) -> bool {
    let packet = with_flags(flags & !RESERVED);
    let bytes = packet.and_then(|it| bytes(&it, version, &[]));
    bytes.is_some_and(|bytes| error_in(&bytes, version).is_none())
}

fn with_flags(flags: u8) -> Option<Outgoing> {
    let mut packet = packet(r#"CONNECT client-id="{ns}c" keep-alive=60"#)?;
    let mut put = |field: &str, value: &str| {
        if let Some(longer) = with_field(&packet, field, string(value)) {
            packet = longer;
        }
    };
    if flags & WILL != 0 {
        put("will-topic", "{ns}/w");
        put("will-payload", "w");
    }
    if flags & USER_NAME != 0 {
        put("user-name", "u");
    }
    // A password without a user name is of 5.0; where it is wrong, it is there all the same.
    if flags & PASSWORD != 0 {
        put("password", "p");
    }
    with_field(&packet, "connect-flags", number(u32::from(flags)))
}

/// The flags that are set, by their names.
fn case_of(flags: u8) -> String {
    let mut parts: Vec<String> = FLAGS
        .iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, name)| (*name).to_owned())
        .collect();
    let qos = flags >> 3 & 0b11;
    if qos != 0 {
        parts.push(format!("qos{qos}"));
    }
    parts.join("-")
}

/// Fields in the payload that no flag announces, and flags whose fields are not there.
fn fields_without_flags() -> Sheet {
    let summary =
        "The payload of a CONNECT has the fields that its Connect Flags announce, and no others.";
    let mut sheet = Sheet::new(CONNECT, "fields-and-flags", summary);
    for version in ProtocolVersion::ALL {
        for (case, text) in SURPLUS_FIELDS {
            sheet.add_surplus(case, version, packet(text));
        }
        for (case, text) in MISSING_FIELDS {
            sheet.add(*case, version, packet(text));
        }
    }
    sheet
}

fn empty_client_id() -> Sheet {
    let summary = "In 3.1.1 an empty client identifier goes with Clean Session 1 only.";
    let mut sheet = Sheet::new(CONNECT, "empty-client-id", summary);
    for (case, text) in [
        ("alone", r#"CONNECT client-id="" keep-alive=60"#),
        (
            "with-a-will",
            r#"CONNECT client-id="" keep-alive=60 will-topic="{ns}/w" will-payload="w""#,
        ),
        (
            "with-a-user-name",
            r#"CONNECT client-id="" keep-alive=60 user-name="u""#,
        ),
    ] {
        sheet.add(case, ProtocolVersion::V3_1_1, packet(text));
    }
    sheet
}

fn second() -> Sheet {
    let mut sheet = Sheet::of_second_connects(
        "second",
        "A second CONNECT on a connection is a protocol error.",
    );
    for version in ProtocolVersion::ALL {
        let Some(plain) = plain(version) else {
            continue;
        };
        sheet.add("same", version, Some(plain.clone()));
        let other = with_value(&plain, "client-id", string("{ns}d"));
        sheet.add("other-client-id", version, other);
        sheet.add("in-full", version, base(CONNECT, Form::Full, version));
        let level = u32::from(match version {
            ProtocolVersion::V3_1_1 => ProtocolVersion::V5_0.level(),
            ProtocolVersion::V5_0 => ProtocolVersion::V3_1_1.level(),
        });
        let level = with_field(&plain, "protocol-level", number(level));
        sheet.add("other-version", version, level);
        let unknown = with_field(&plain, "protocol-level", number(6));
        sheet.add("unknown-version", version, unknown);
        let name = with_field(&plain, "protocol-name", string("MQTX"));
        sheet.add("other-protocol", version, name);
        let flags = mutated(&plain, Mutation::Flags(number(0b1111)));
        sheet.add("flags", version, Some(flags));
        let reserved = with_field(&plain, "connect-flags", number(0b11));
        sheet.add("reserved-connect-flag", version, reserved);
        let cut = mutated(&plain, Mutation::Truncate(number(1)));
        sheet.add("cut", version, Some(cut));
        sheet.add("empty", version, empty(&plain, version));
    }
    sheet
}

fn plain(version: ProtocolVersion) -> Option<Outgoing> {
    base(CONNECT, Form::Plain, version)
}

const CONNECT: PacketType = PacketType::Connect;

/// `MQIsdp` is not among them: a server may go on by the rules of what came before MQTT 3.1.1.
const NAMES: &[(&str, &[u8])] = &[
    ("empty", b""),
    ("cut", b"MQT"),
    ("longer", b"MQTTT"),
    ("lower-case", b"mqtt"),
    ("last-letter", b"MQTX"),
    ("first-letter", b"XQTT"),
    ("with-a-blank", b"MQTT "),
    ("with-null", b"MQTT\0"),
    ("no-text", b"MQT\xff"),
    ("http", b"HTTP"),
];

const SURPLUS_FIELDS: [(&str, &str); 3] = [
    (
        "user-name-without-flag",
        r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 user-name="u" connect-flags=0b0000_0010"#,
    ),
    (
        "password-without-flag",
        r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 user-name="u" password="p" connect-flags=0b1000_0010"#,
    ),
    (
        "will-without-flag",
        r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 will-topic="{ns}/w" will-payload="w" connect-flags=0b0000_0010"#,
    ),
];

const MISSING_FIELDS: &[(&str, &str)] = &[
    (
        "will-flag-alone",
        r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 connect-flags=0b0000_0110"#,
    ),
    (
        "user-name-flag-alone",
        r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 connect-flags=0b1000_0010"#,
    ),
    (
        "password-flag-alone",
        r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 user-name="u" connect-flags=0b1100_0010"#,
    ),
    (
        "all-flags-alone",
        r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 connect-flags=0b1100_0110"#,
    ),
];

/// The connect flags but the QoS, the lowest first (section 3.1.2.3).
const FLAGS: [(u8, &str); 6] = [
    (RESERVED, "reserved"),
    (0b0000_0010, "clean"),
    (WILL, "will"),
    (0b0010_0000, "retain"),
    (PASSWORD, "password"),
    (USER_NAME, "user"),
];

const RESERVED: u8 = 0b0000_0001;
const WILL: u8 = 0b0000_0100;
const PASSWORD: u8 = 0b0100_0000;
const USER_NAME: u8 = 0b1000_0000;
