//! Numbers that may not be: packet identifiers, subscription options, reason codes.

use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::reason::ReasonCode;
use mqtt_assay_codec::{PacketType, ProtocolVersion};

use super::mistake::{number, packet, with_value};
use super::packets::{Form, base, of_clients};
use super::sheet::Sheet;

pub(super) fn add(sheets: &mut Vec<Sheet>) {
    for packet_type in of_clients() {
        sheets.push(packet_id_zero(packet_type));
        sheets.push(reasons(packet_type));
    }
    sheets.push(options());
    for packet_type in [PacketType::Subscribe, PacketType::Unsubscribe] {
        sheets.push(no_filters(packet_type));
    }
    sheets.push(auth_without_method());
}

fn packet_id_zero(packet_type: PacketType) -> Sheet {
    let name = packet_type.name();
    let summary = format!("The packet identifier of {name} is not zero.");
    let mut sheet = Sheet::new(packet_type, "packet-id-zero", summary);
    for version in ProtocolVersion::ALL {
        if packet_type == PacketType::Publish {
            for (case, text) in [
                ("qos1", r#"PUBLISH qos=1 id=0 topic="{ns}/t" payload="m""#),
                ("qos2", r#"PUBLISH qos=2 id=0 topic="{ns}/t" payload="m""#),
                (
                    "dup",
                    r#"PUBLISH qos=1 dup id=0 topic="{ns}/t" payload="m""#,
                ),
            ] {
                sheet.add(case, version, packet(text));
            }
            continue;
        }
        let zero =
            base(packet_type, Form::Plain, version).and_then(|it| with_value(&it, "id", number(0)));
        sheet.add("zero", version, zero);
    }
    sheet
}

/// Codes that a client may not send in this packet: all that are no errors, the first error of each other packet's
/// own, and some that do not exist.
fn reasons(packet_type: PacketType) -> Sheet {
    let name = packet_type.name();
    let summary = format!("{name} has a reason code that is meant for it.");
    let mut sheet = Sheet::new(packet_type, "reason", summary);
    let version = ProtocolVersion::V5_0;
    let is_allowed = |code: u8, packet_type, sender| {
        ReasonCode::new(code).is_allowed_in(packet_type, version, sender)
    };
    let errors = PacketType::ALL.into_iter().filter_map(|other| {
        (0x80..=u8::MAX).find(|code| {
            is_allowed(*code, other, Sender::Either)
                && !is_allowed(*code, packet_type, Sender::Client)
        })
    });
    let listed = (0..0x80).filter(|code| ReasonCode::new(*code).name().is_some());
    for code in listed.chain(errors).chain(UNUSED_CODES) {
        let case = match ReasonCode::new(code).name() {
            Some(name) => name.to_ascii_lowercase().replace(' ', "-"),
            None => format!("unused-{code:02x}"),
        };
        let other = base(packet_type, Form::Plain, version)
            .and_then(|it| with_value(&it, "reason", number(u32::from(code))));
        sheet.add(case, version, other);
    }
    sheet
}

/// The options byte behind a filter.
fn options() -> Sheet {
    let subscribe = PacketType::Subscribe;
    let summary =
        "The options of a subscription have no reserved bit, and no field with the value 3.";
    let mut sheet = Sheet::new(subscribe, "options", summary);
    for version in ProtocolVersion::ALL {
        for (case, bits) in OPTIONS {
            let packet = base(subscribe, Form::Plain, version)
                .and_then(|it| with_value(&it, "options", number(bits)));
            sheet.add(case, version, packet);
        }
    }
    sheet
}

fn no_filters(packet_type: PacketType) -> Sheet {
    let name = packet_type.name();
    let mut sheet = Sheet::new(packet_type, "no-filters", format!("{name} has a filter."));
    for version in ProtocolVersion::ALL {
        sheet.add("no-filters", version, packet(&format!("{name} id=1")));
        let with_property = packet(&format!(r#"{name} id=1 user-property="k":"v""#));
        if version.has_properties() {
            sheet.add("but-a-property", version, with_property);
        }
    }
    sheet
}

fn auth_without_method() -> Sheet {
    let summary = "An AUTH names its authentication method.";
    let mut sheet = Sheet::new(PacketType::Auth, "no-method", summary);
    let version = ProtocolVersion::V5_0;
    for (case, text) in [
        ("reason-alone", "AUTH reason=0x19"),
        ("no-properties", "AUTH reason=0x19 empty-properties"),
        (
            "another-property",
            r#"AUTH reason=0x19 user-property="k":"v""#,
        ),
        ("data-alone", r#"AUTH reason=0x19 authentication-data="d""#),
    ] {
        sheet.add(case, version, packet(text));
    }
    sheet
}

/// Reason codes that the table does not have.
const UNUSED_CODES: [u8; 5] = [0x03, 0x05, 0x7f, 0xa3, 0xff];

const OPTIONS: [(&str, u32); 10] = [
    ("qos-3", 0b0000_0011),
    ("bit-2", 0b0000_0100),
    ("bit-3", 0b0000_1000),
    ("bit-4", 0b0001_0000),
    ("bit-5", 0b0010_0000),
    ("bit-6", 0b0100_0000),
    ("bit-7", 0b1000_0000),
    ("bits-6-and-7", 0b1100_0000),
    ("retain-handling-3", 0b0011_0000),
    ("all-bits", 0b1111_1111),
];
