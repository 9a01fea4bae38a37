//! How the rules of properties and reason codes are broken.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each function has the rows of some violations and some packets"
)]

use arbitrary::Result;

use super::super::{need, new, text};
use super::Violation;
use super::breaker::Breaker;
use crate::notation::{Field, Value};
use crate::packet::{PacketType, Sender};
use crate::property::{PropertyId, PropertyPlace, PropertyType};
use crate::reason::ReasonCode;
use crate::statement::StatementId;

impl Breaker<'_, '_> {
    pub(super) fn property(&mut self, violation: Violation) -> Result<Option<StatementId>> {
        let packet = self.draft.packet_type;
        let Some(place) = place_of(packet) else {
            return Ok(None);
        };
        let zero = || Value::Number(0);
        Ok(match violation {
            Violation::PropertyMisplaced => {
                let is_wrong = |id: &&PropertyId| !id.is_allowed_in(place);
                let wrong: Vec<&PropertyId> = PropertyId::ALL.iter().filter(is_wrong).collect();
                let id = **self.u.choose(&wrong)?;
                self.draft.fields.push(new(id.name(), legal_value(id)));
                self.by("", "u5-01")
            }
            Violation::PropertyRepeated => {
                let is_single = |field: &&Field| {
                    PropertyId::ALL
                        .iter()
                        .any(|id| id.name() == field.name && !id.is_repeatable_in(place))
                };
                let Some(field) = self.draft.fields.iter().find(is_single).cloned() else {
                    return Ok(None);
                };
                self.draft.fields.push(field);
                self.by("", "u5-02")
            }
            Violation::UnknownProperty => match packet {
                // The section ends the packet, so that another identifier can stand behind it.
                PacketType::Connack => {
                    let fields = &mut self.draft.fields;
                    fields.retain(|field| matches!(field.name, "session-present" | "reason"));
                    self.change = |bytes| {
                        bytes.pop();
                        bytes.extend([0x01, 0x7f]);
                        bytes.iter_mut().skip(1).take(1).for_each(|len| *len = 4);
                    };
                    self.by("", "u5-01")
                }
                _ => None,
            },
            Violation::PropertyLengthTooLong => {
                let len = Value::Number(268_435_455);
                self.draft.fields.push(new("property-length", len));
                self.by("", "u5-01")
            }
            Violation::TopicAliasZero => {
                let set = self.set("topic-alias", zero(), PacketType::Publish);
                set.and_then(|()| self.by("", "v5-3.3.2-8"))
            }
            Violation::SubscriptionIdZero => {
                let set = self.set("subscription-id", zero(), PacketType::Subscribe);
                set.and_then(|()| self.by("", "u5-08"))
            }
            Violation::ReceiveMaximumZero => {
                let set = self.set("receive-maximum", zero(), packet);
                set.and_then(|()| match packet {
                    PacketType::Connect => self.by("", "u5-03"),
                    PacketType::Connack => self.by("", "u5-35"),
                    _ => None,
                })
            }
            Violation::AuthenticationDataWithoutMethod if packet == PacketType::Connect => {
                let fields = &mut self.draft.fields;
                fields.retain(|field| field.name != "authentication-method");
                need(fields, "authentication-data", text("a"));
                self.by("", "u5-06")
            }
            _ => None,
        })
    }

    pub(super) fn reason(&mut self) -> Result<Option<StatementId>> {
        let packet = self.draft.packet_type;
        let statement = match packet {
            PacketType::Connack => self.by("v3-3.2.2-6", "v5-3.2.2-8"),
            PacketType::Suback => self.by("v3-3.9.3-2", "v5-3.9.3-2"),
            PacketType::Puback => self.by("", "v5-3.4.2-1"),
            PacketType::Pubrec => self.by("", "v5-3.5.2-1"),
            PacketType::Pubrel => self.by("", "v5-3.6.2-1"),
            PacketType::Pubcomp => self.by("", "v5-3.7.2-1"),
            PacketType::Unsuback => self.by("", "v5-3.11.3-2"),
            PacketType::Disconnect => self.by("", "v5-3.14.2-1"),
            PacketType::Auth => self.by("", "v5-3.15.2-1"),
            _ => return Ok(None),
        };
        let is_wrong =
            |code: &u8| !ReasonCode::new(*code).is_allowed_in(packet, self.version, Sender::Either);
        let wrong: Vec<u8> = (0..=u8::MAX).filter(is_wrong).collect();
        let code = Value::Number(u32::from(*self.u.choose(&wrong)?));
        // A session that is present would be wrong beside an error in another way.
        let fields = &mut self.draft.fields;
        fields.retain(|field| field.name != "session-present");
        Ok(self.set("reason", code, packet).and(statement))
    }
}

/// The place of a packet's own properties.
fn place_of(packet: PacketType) -> Option<PropertyPlace> {
    let all = PropertyId::UserProperty.places().iter();
    all.copied()
        .filter(|place| *place != PropertyPlace::Will)
        .find(|place| place.name() == packet.name())
}

fn legal_value(id: PropertyId) -> Value {
    match id.value_type() {
        PropertyType::Byte
        | PropertyType::TwoByteInteger
        | PropertyType::FourByteInteger
        | PropertyType::VariableByteInteger => Value::Number(1),
        PropertyType::Utf8String | PropertyType::BinaryData => text("a"),
        PropertyType::Utf8StringPair => Value::Pair(b"k".to_vec(), b"v".to_vec()),
    }
}
