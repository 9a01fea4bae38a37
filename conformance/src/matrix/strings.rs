//! Strings that are none, and topics and filters that are none.

use mqtt_assay_codec::notation::Value;
use mqtt_assay_codec::property::{PropertyId, PropertyPlace, PropertyType};
use mqtt_assay_codec::{PacketType, ProtocolVersion};

use super::mistake::{packet, string, with_field, with_value};
use super::packets::{Form, base, base_of, packet_of};
use super::sheet::Sheet;
use crate::scenario::{Literal, Operand, Outgoing};

pub(super) fn add(sheets: &mut Vec<Sheet>) {
    for (packet_type, field, value) in FIELDS {
        sheets.push(field_is_no_text(*packet_type, field, value));
    }
    for place in PropertyPlace::ALL {
        let Some(packet_type) = packet_of(place) else {
            continue;
        };
        let allowed = PropertyId::ALL.iter().filter(|id| id.is_allowed_in(place));
        for &property in allowed {
            match property.value_type() {
                PropertyType::Utf8String => {
                    let value = literal(b"a{bad}");
                    sheets.push(property_is_no_text(packet_type, place, property, "", value));
                }
                PropertyType::Utf8StringPair => {
                    let name = Value::Pair(b"a{bad}".to_vec(), b"v".to_vec());
                    let value = Value::Pair(b"k".to_vec(), b"a{bad}".to_vec());
                    for (part, pair) in [("-name", name), ("-value", value)] {
                        let pair = Operand::Literal(Literal::Value(pair));
                        sheets.push(property_is_no_text(
                            packet_type,
                            place,
                            property,
                            part,
                            pair,
                        ));
                    }
                }
                PropertyType::Byte
                | PropertyType::TwoByteInteger
                | PropertyType::FourByteInteger
                | PropertyType::VariableByteInteger
                | PropertyType::BinaryData => {}
            }
        }
    }
    for (packet_type, field) in TOPIC_FIELDS {
        sheets.push(topic_is_none(*packet_type, field));
    }
    sheets.push(filters());
}

/// A field of both versions with every class of bad content.
fn field_is_no_text(packet_type: PacketType, field: &str, value: &str) -> Sheet {
    let name = packet_type.name();
    let summary = format!(
        "The {} of {name} is well-formed UTF-8 without U+0000.",
        words(field)
    );
    let mut sheet = Sheet::new(packet_type, &format!("{field}-is-no-text"), summary);
    for version in ProtocolVersion::ALL {
        let packet = base(packet_type, Form::Plain, version)
            .and_then(|it| with_will(it, field))
            .and_then(|it| with_value(&it, field, literal(value.as_bytes())));
        add_bad(&mut sheet, version, packet.as_ref());
    }
    sheet
}

/// A Will Topic needs a payload beside it.
fn with_will(packet: Outgoing, field: &str) -> Option<Outgoing> {
    match field {
        "will-topic" => with_field(&packet, "will-payload", string("w")),
        _ => Some(packet),
    }
}

fn property_is_no_text(
    packet_type: PacketType,
    place: PropertyPlace,
    property: PropertyId,
    part: &str,
    value: Operand,
) -> Sheet {
    let prefix = match place {
        PropertyPlace::Will => "will-",
        _ => "",
    };
    let field = format!("{prefix}{}", property.name());
    let name = packet_type.name();
    let words = words(&format!("{field}{part}"));
    let summary = format!("The {words} of {name} is well-formed UTF-8 without U+0000.");
    let class = format!("{field}{part}-is-no-text");
    let mut sheet = Sheet::new(packet_type, &class, summary);
    let packet = base_of(place).and_then(|it| with_value(&it, &field, value));
    add_bad(&mut sheet, ProtocolVersion::V5_0, packet.as_ref());
    sheet
}

fn add_bad(sheet: &mut Sheet, version: ProtocolVersion, packet: Option<&Outgoing>) {
    for (case, bytes) in BAD {
        let bad = Literal::Value(Value::Bytes(bytes.to_vec().into()));
        sheet.add_variant(case, version, packet.cloned(), ("bad", bad));
    }
}

/// A topic name that is empty or has wildcards.
fn topic_is_none(packet_type: PacketType, field: &str) -> Sheet {
    let name = packet_type.name();
    let summary = format!(
        "The {} of {name} has a character, and none of them is a wildcard.",
        words(field)
    );
    let class = format!("{field}-is-no-topic");
    let mut sheet = Sheet::new(packet_type, &class, summary);
    // A broker that takes the topic might pass the message on to anybody.
    if !field.ends_with("response-topic") {
        sheet = sheet.exclusive();
    }
    for version in ProtocolVersion::ALL {
        for (case, topic) in NO_TOPICS {
            let packet = base(packet_type, Form::Plain, version)
                .and_then(|it| match field.strip_prefix("will-") {
                    Some(_) => base_of(PropertyPlace::Will),
                    None => Some(it),
                })
                .and_then(|it| with_value(&it, field, string(topic)));
            sheet.add(*case, version, packet);
        }
    }
    sheet
}

/// Filters that break the rules of wildcards and of shared subscriptions.
fn filters() -> Sheet {
    let mut sheet = Sheet::new(
        PacketType::Subscribe,
        "filter-is-none",
        "A filter has a character, and wildcards that stand for whole levels.",
    );
    for version in ProtocolVersion::ALL {
        for (case, filter) in NO_FILTERS {
            let packet = base(PacketType::Subscribe, Form::Plain, version)
                .and_then(|it| with_value(&it, "filter", string(filter)));
            sheet.add(*case, version, packet);
        }
    }
    let shared = packet(r#"SUBSCRIBE id=1 filter="$share/g/{ns}" qos=0 no-local"#);
    sheet.add("no-local-on-shared", ProtocolVersion::V5_0, shared);
    sheet
}

fn literal(bytes: &[u8]) -> Operand {
    string(bytes)
}

/// `will-topic` as `Will Topic`.
fn words(field: &str) -> String {
    let words = field.split('-').map(|word| match word {
        "id" => "Identifier".to_owned(),
        _ => {
            let mut letters = word.chars();
            let first = letters.next().map(|it| it.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

/// The strings that are no properties. User name last: password and payloads are binary, and may be anything.
const FIELDS: &[(PacketType, &str, &str)] = &[
    (PacketType::Connect, "client-id", "{ns}{bad}"),
    (PacketType::Connect, "will-topic", "{ns}/{bad}"),
    (PacketType::Connect, "user-name", "{ns}{bad}"),
    (PacketType::Publish, "topic", "{ns}/{bad}"),
    (PacketType::Subscribe, "filter", "{ns}/{bad}"),
    (PacketType::Unsubscribe, "filter", "{ns}/{bad}"),
];

const TOPIC_FIELDS: &[(PacketType, &str)] = &[
    (PacketType::Connect, "will-topic"),
    (PacketType::Connect, "will-response-topic"),
    (PacketType::Publish, "topic"),
    (PacketType::Publish, "response-topic"),
];

/// Every class of bytes that no UTF-8 string may have (section 1.5.4 of 5.0, 1.5.3 of 3.1.1).
const BAD: [(&str, &[u8]); 19] = [
    ("null", &[0x00]),
    ("null-before-text", &[0x00, b'a']),
    ("high-surrogate", &[0xed, 0xa0, 0x80]),
    ("low-surrogate", &[0xed, 0xbf, 0xbf]),
    ("surrogate-pair", &[0xed, 0xa0, 0x81, 0xed, 0xb0, 0x80]),
    ("overlong-null", &[0xc0, 0x80]),
    ("overlong-slash", &[0xc0, 0xaf]),
    ("overlong-in-three", &[0xe0, 0x80, 0x80]),
    ("overlong-in-four", &[0xf0, 0x80, 0x80, 0x80]),
    ("beyond-unicode", &[0xf4, 0x90, 0x80, 0x80]),
    ("five-bytes", &[0xf8, 0x88, 0x80, 0x80, 0x80]),
    ("six-bytes", &[0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]),
    ("one-of-two-bytes", &[0xc3]),
    ("two-of-three-bytes", &[0xe2, 0x82]),
    ("three-of-four-bytes", &[0xf0, 0x9f, 0x98]),
    ("continuation", &[0x80]),
    ("no-continuation", &[0xc3, 0x28]),
    ("fe", &[0xfe]),
    ("ff", &[0xff]),
];

const NO_TOPICS: &[(&str, &str)] = &[
    ("empty", ""),
    ("plus", "{ns}/+"),
    ("hash", "{ns}/#"),
    ("plus-in-a-level", "{ns}/a+b"),
    ("hash-in-a-level", "{ns}/a#"),
    ("plus-first", "+{ns}"),
];

const NO_FILTERS: &[(&str, &str)] = &[
    ("empty", ""),
    ("hash-behind-text", "{ns}/a#"),
    ("hash-before-text", "{ns}/#a"),
    ("hash-not-last", "{ns}/#/b"),
    ("hash-and-slash", "{ns}/#/"),
    ("two-hashes", "{ns}/##"),
    ("plus-and-hash", "{ns}/+#"),
    ("plus-behind-text", "{ns}/a+"),
    ("plus-before-text", "{ns}/+a/b"),
    ("two-pluses", "{ns}/++"),
    ("shared-without-a-name", "$share//{ns}"),
    ("shared-name-with-plus", "$share/+/{ns}"),
    ("shared-name-with-hash", "$share/#/{ns}"),
    ("shared-without-a-filter", "$share/{ns}"),
    ("shared-with-an-empty-filter", "$share/{ns}/"),
    ("shared-with-a-bad-filter", "$share/g/{ns}/a#"),
];
