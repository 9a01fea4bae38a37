//! Mistakes in properties: where they may not stand, once too often, out of range, cut, of wrong length.

use mqtt_assay_codec::error::DecodeErrorKind;
use mqtt_assay_codec::notation::Value;
use mqtt_assay_codec::property::{PropertyId, PropertyPlace, PropertyType};
use mqtt_assay_codec::{PacketType, ProtocolVersion};

use super::mistake::{bytes, error_in, literal, mutated, number, raw, string, with_field};
use super::packets::{base_of, is_answer, packet_of};
use super::sheet::{Sheet, with_article};
use crate::scenario::{Mutation, Outgoing};

pub(super) fn add(sheets: &mut Vec<Sheet>) {
    for place in PropertyPlace::ALL {
        let Some(packet_type) = packet_of(place) else {
            continue;
        };
        let site = Site { place, packet_type };
        sheets.push(site.misplaced());
        sheets.push(site.repeated());
        sheets.push(site.unknown());
        sheets.push(site.cut());
        sheets.push(site.out_of_range());
        sheets.push(site.wrong_length());
    }
    sheets.push(subscription_id_form());
    sheets.push(data_without_method());
}

/// A place in a packet of a client.
#[derive(Clone, Copy)]
struct Site {
    place: PropertyPlace,
    packet_type: PacketType,
}

impl Site {
    fn sheet(self, class: &str, summary: &str) -> Sheet {
        let (prefix, whose) = match self.place {
            PropertyPlace::Will => ("will-", "the Will of a CONNECT".to_owned()),
            _ => ("", with_article(self.packet_type)),
        };
        let summary = format!("In {whose}, {summary}");
        let class = format!("{prefix}{class}");
        let sheet = Sheet::new(self.packet_type, &class, summary);
        // A subscription identifier is one that a server may decline.
        if self.packet_type == PacketType::Subscribe && class != "property-misplaced" {
            sheet.requires("subid")
        } else {
            sheet
        }
    }

    /// The name of a property's field here.
    fn field(self, property: PropertyId) -> String {
        match self.place {
            PropertyPlace::Will => format!("will-{}", property.name()),
            _ => property.name().to_owned(),
        }
    }

    fn with(self, packet: &Outgoing, property: PropertyId, value: Value) -> Option<Outgoing> {
        with_field(packet, &self.field(property), literal(value))
    }

    /// The field that says how long the properties are.
    const fn length_field(self) -> &'static str {
        match self.place {
            PropertyPlace::Will => "will-property-length",
            _ => "property-length",
        }
    }

    /// How many bytes of properties the base packet has.
    fn base_len(self) -> u32 {
        match self.place {
            PropertyPlace::Auth => AUTH_METHOD_LEN,
            _ => 0,
        }
    }

    fn misplaced(self) -> Sheet {
        let mut sheet = self.sheet(
            "property-misplaced",
            "only the properties made for it may stand.",
        );
        for &property in PropertyId::ALL {
            let packet =
                base_of(self.place).and_then(|it| self.with(&it, property, legal(property)));
            let error = packet
                .as_ref()
                .and_then(|it| error_in(&bytes(it, V5, &[])?, V5));
            if error.is_some_and(|it| is_misplaced(it.kind())) {
                sheet.add(property.name(), V5, packet);
            }
        }
        sheet
    }

    fn repeated(self) -> Sheet {
        let mut sheet = self.sheet(
            "property-repeated",
            "each property but the user property stands once at most.",
        );
        let allowed = PropertyId::ALL
            .iter()
            .filter(|id| id.is_allowed_in(self.place));
        for &property in allowed.filter(|id| !id.is_repeatable_in(self.place)) {
            let once = base_of(self.place).and_then(|it| self.with_method(&it, property));
            let once = once.and_then(|it| self.with(&it, property, legal(property)));
            let twice = once.and_then(|it| self.with(&it, property, legal(property)));
            sheet.add(property.name(), V5, twice);
        }
        sheet
    }

    /// Authentication data needs a method beside it.
    fn with_method(self, packet: &Outgoing, property: PropertyId) -> Option<Outgoing> {
        if property == PropertyId::AuthenticationData && self.place == PropertyPlace::Connect {
            return self.with(
                packet,
                PropertyId::AuthenticationMethod,
                Value::Bytes(b"m".to_vec().into()),
            );
        }
        Some(packet.clone())
    }

    fn unknown(self) -> Sheet {
        let mut sheet = self.sheet(
            "property-unknown",
            "no property stands that does not exist.",
        );
        for (case, section) in UNKNOWN {
            sheet.add(case, V5, self.with_section(section));
        }
        sheet
    }

    /// The properties end within each of those that may stand there.
    fn cut(self) -> Sheet {
        let mut sheet = self.sheet(
            "property-cut",
            "the value of a property ends before the properties do.",
        );
        let allowed = PropertyId::ALL
            .iter()
            .filter(|id| id.is_allowed_in(self.place));
        for &property in allowed {
            let value = legal(property);
            let len = value_len(property, &value);
            let base = base_of(self.place).and_then(|it| {
                let it = self.with_method(&it, property)?;
                if property == PropertyId::AuthenticationMethod && self.place == PropertyPlace::Auth
                {
                    return Some(it);
                }
                self.with(&it, property, value)
            });
            let before = match property {
                PropertyId::AuthenticationMethod if self.place == PropertyPlace::Auth => 0,
                PropertyId::AuthenticationData if self.place == PropertyPlace::Connect => 4,
                _ => self.base_len(),
            };
            let len = if before == 0 && self.place == PropertyPlace::Auth {
                AUTH_METHOD_LEN - 1
            } else {
                len
            };
            let name = property.name();
            for (case, present) in [
                (format!("{name}-has-no-value"), 0),
                (format!("{name}-first-byte"), 1),
                (format!("{name}-but-for-one-byte"), len.saturating_sub(1)),
            ] {
                if present >= len
                    || (present < 2 && !case.ends_with("value") && !case.ends_with("first-byte"))
                {
                    continue;
                }
                let length = number(before + 1 + present);
                let cut = base.as_ref();
                let cut = cut.and_then(|it| with_field(it, self.length_field(), length));
                sheet.add(case, V5, cut);
            }
        }
        sheet
    }

    /// Every number that a property may not be.
    fn out_of_range(self) -> Sheet {
        let mut sheet = self.sheet(
            "property-out-of-range",
            "properties have the values that they may have.",
        );
        let allowed = PropertyId::ALL
            .iter()
            .filter(|id| id.is_allowed_in(self.place));
        for &property in allowed {
            for value in [0, 2, 0xff] {
                let packet = base_of(self.place);
                let packet = packet.and_then(|it| self.with(&it, property, Value::Number(value)));
                // A subscription identifier in a PUBLISH is wrong whatever it is.
                let is_here = (self.place, property)
                    != (PropertyPlace::Publish, PropertyId::SubscriptionIdentifier);
                if is_here && matches!(legal(property), Value::Number(_)) {
                    sheet.add(format!("{}-{value}", property.name()), V5, packet);
                }
            }
        }
        sheet
    }

    fn wrong_length(self) -> Sheet {
        let mut sheet = self.sheet(
            "property-length",
            "the Property Length is that of the properties, in as few bytes as it takes.",
        );
        let user_property = Value::Pair(b"k".to_vec(), b"v".to_vec());
        let with_property = base_of(self.place)
            .and_then(|it| self.with(&it, PropertyId::UserProperty, user_property));
        let len = self.base_len() + USER_PROPERTY_LEN;
        for (case, length) in [
            ("one-less", len - 1),
            ("one-more-than-the-packet", self.rest_len() + 1),
            ("two-bytes-more-than-the-packet", 16_383),
            ("largest", 268_435_455),
        ] {
            let wrong = with_property.as_ref();
            let wrong = wrong.and_then(|it| with_field(it, self.length_field(), number(length)));
            sheet.add(case, V5, wrong);
        }
        for (case, section) in LENGTH_FORMS {
            sheet.add(case, V5, self.with_section(section));
        }
        sheet
    }

    /// How many bytes follow the property length when there is a user property.
    fn rest_len(self) -> u32 {
        let user_property = Value::Pair(b"k".to_vec(), b"v".to_vec());
        let packet = base_of(self.place)
            .and_then(|it| self.with(&it, PropertyId::UserProperty, user_property));
        let found = packet.and_then(|packet| {
            let at = self.length_at(&packet)?;
            let len = bytes(&packet, V5, &[])?.len();
            u32::try_from(len.checked_sub(at + 1)?).ok()
        });
        found.unwrap_or_default()
    }

    /// Where the property length stands in the bytes of a packet: the one byte that changes with it.
    fn length_at(self, packet: &Outgoing) -> Option<usize> {
        let as_is = bytes(packet, V5, &[])?;
        let other = with_field(packet, self.length_field(), number(0x7f))?;
        let other = bytes(&other, V5, &[])?;
        as_is.iter().zip(&other).position(|(a, b)| a != b)
    }

    /// The packet with other bytes in the place of its property length and properties.
    fn with_section(self, section: &[u8]) -> Option<Outgoing> {
        let base = base_of(self.place)?;
        if is_answer(self.packet_type) || self.packet_type == PacketType::Pubrel {
            // They end with their reason, so that the section can be added.
            return Some(mutated(&base, Mutation::Append(string(section))));
        }
        let at = match self.place {
            PropertyPlace::Disconnect => {
                return Some(mutated(&base, Mutation::Append(string(section))));
            }
            _ => self.length_at(&base)?,
        };
        let old = bytes(&base, V5, &[])?;
        let len = usize::try_from(self.base_len()).ok()?;
        let behind = old.get(at + 1 + len..)?;
        let body = [old.get(2..at)?, section, behind].concat();
        let length = u8::try_from(body.len()).ok().filter(|len| *len < 0x80)?;
        Some(raw(&[old.get(..1)?, &[length], &body].concat()))
    }
}

/// A subscription identifier is the one property with a variable length.
fn subscription_id_form() -> Sheet {
    let site = Site {
        place: PropertyPlace::Subscribe,
        packet_type: PacketType::Subscribe,
    };
    let mut sheet = site.sheet(
        "subscription-id-form",
        "the Subscription Identifier is a variable byte integer.",
    );
    for (case, section) in SUBSCRIPTION_ID_FORMS {
        sheet.add(case, V5, site.with_section(section));
    }
    sheet
}

fn data_without_method() -> Sheet {
    let summary = "Authentication Data needs an Authentication Method.";
    let mut sheet = Sheet::new(PacketType::Connect, "authentication-data-alone", summary);
    let site = Site {
        place: PropertyPlace::Connect,
        packet_type: PacketType::Connect,
    };
    for (case, data) in [("empty", &b""[..]), ("text", b"d")] {
        let data = Value::Bytes(data.to_vec().into());
        let packet =
            base_of(site.place).and_then(|it| site.with(&it, PropertyId::AuthenticationData, data));
        sheet.add(case, V5, packet);
    }
    sheet
}

const fn is_misplaced(kind: DecodeErrorKind) -> bool {
    matches!(
        kind,
        DecodeErrorKind::PropertyNotAllowed { .. } | DecodeErrorKind::PropertyWrongSender { .. }
    )
}

/// A value that a property may have.
fn legal(property: PropertyId) -> Value {
    match property.value_type() {
        // A smaller one would leave no room for the answer.
        _ if property == PropertyId::MaximumPacketSize => Value::Number(65_536),
        PropertyType::Byte
        | PropertyType::TwoByteInteger
        | PropertyType::FourByteInteger
        | PropertyType::VariableByteInteger => Value::Number(1),
        PropertyType::Utf8String | PropertyType::BinaryData => {
            Value::Bytes(b"text".to_vec().into())
        }
        PropertyType::Utf8StringPair => Value::Pair(b"k".to_vec(), b"v".to_vec()),
    }
}

/// How many bytes a value takes behind the identifier.
fn value_len(property: PropertyId, value: &Value) -> u32 {
    let text_len = |bytes: &[u8]| 2 + u32::try_from(bytes.len()).unwrap_or_default();
    match (property.value_type(), value) {
        (PropertyType::Byte | PropertyType::VariableByteInteger, _) => 1,
        (PropertyType::TwoByteInteger, _) => 2,
        (PropertyType::FourByteInteger, _) => 4,
        (_, Value::Bytes(bytes)) => text_len(bytes),
        (_, Value::Pair(name, value)) => text_len(name) + text_len(value),
        (_, Value::Flag(_) | Value::Number(_)) => 0,
    }
}

const V5: ProtocolVersion = ProtocolVersion::V5_0;

/// `authentication-method="X-NO-SUCH-METHOD"` with its identifier.
const AUTH_METHOD_LEN: u32 = 19;

/// `user-property="k":"v"` with its identifier.
const USER_PROPERTY_LEN: u32 = 7;

/// Property sections with identifiers that the table does not have.
const UNKNOWN: [(&str, &[u8]); 6] = [
    ("zero", &[0x02, 0x00, 0x00]),
    ("four", &[0x02, 0x04, 0x00]),
    ("beyond-the-last", &[0x02, 0x2b, 0x00]),
    ("largest-of-one-byte", &[0x02, 0x7f, 0x00]),
    ("of-two-bytes", &[0x03, 0x81, 0x01, 0x00]),
    ("all-bits", &[0x02, 0xff, 0x00]),
];

/// Property lengths that no packet may have.
const LENGTH_FORMS: [(&str, &[u8]); 3] = [
    ("zero-in-two-bytes", &[0x80, 0x00]),
    ("zero-in-four-bytes", &[0x80, 0x80, 0x80, 0x00]),
    ("of-five-bytes", &[0x80, 0x80, 0x80, 0x80, 0x00]),
];

const SUBSCRIPTION_ID_FORMS: [(&str, &[u8]); 4] = [
    ("zero-in-two-bytes", &[0x03, 0x0b, 0x80, 0x00]),
    ("one-in-two-bytes", &[0x03, 0x0b, 0x81, 0x00]),
    ("one-in-four-bytes", &[0x05, 0x0b, 0x81, 0x80, 0x80, 0x00]),
    ("of-five-bytes", &[0x06, 0x0b, 0xff, 0xff, 0xff, 0xff, 0x7f]),
];
