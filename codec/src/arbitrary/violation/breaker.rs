//! How each rule is broken: in frames, acknowledgements, CONNECT, CONNACK and text.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each function has the rows of some violations and some packets"
)]

use arbitrary::{Result, Unstructured};

use super::super::{has, need, new, text};
use super::Violation;
use crate::notation::{Draft, Field, Value};
use crate::packet::{PacketType, Sender};
use crate::property::{PropertyId, PropertyType};
use crate::statement::StatementId;
use crate::version::ProtocolVersion;
use crate::wire::{
    Sink as _, VARIABLE_BYTE_INTEGER_MAX, VariableByteInteger, variable_byte_integer,
};

pub(super) struct Breaker<'u, 'a> {
    pub(super) u: &'u mut Unstructured<'a>,
    pub(super) version: ProtocolVersion,
    pub(super) draft: Draft,
    pub(super) sender: Sender,
    /// What no field of the draft can say.
    pub(super) change: fn(&mut Vec<u8>),
}

impl Breaker<'_, '_> {
    /// Breaks the rule, and names its statement; `None` where the packet has no such rule.
    pub(super) fn apply(&mut self, violation: Violation) -> Result<Option<StatementId>> {
        let without_choice = self
            .frame(violation)
            .or_else(|| self.delivery(violation))
            .or_else(|| self.connect(violation))
            .or_else(|| self.connack(violation))
            .or_else(|| self.topic(violation))
            .or_else(|| self.filter(violation));
        if without_choice.is_some() {
            return Ok(without_choice);
        }
        match violation {
            Violation::IllFormedUtf8 => {
                let bad = *self.u.choose(&ILL_FORMED)?;
                self.spoil_text(bad, "v3-1.5.3-1", "v5-1.5.4-1")
            }
            Violation::NulCharacter => self.spoil_text(b"a\0", "v3-1.5.3-2", "v5-1.5.4-2"),
            Violation::ReasonNotAllowed => self.reason(),
            _ => self.property(violation),
        }
    }

    fn frame(&mut self, violation: Violation) -> Option<StatementId> {
        let packet = self.draft.packet_type;
        match violation {
            Violation::RemainingLengthTooLong => {
                self.change = |bytes| drop(bytes.splice(1..2, [0xff, 0x80, 0x80, 0x80, 0x00]));
                self.by_connection("u3-01", "u5-34")
            }
            Violation::RemainingLengthNotMinimal => {
                // No packet here is so long that its length has no byte to spare.
                self.change = |bytes| {
                    let body = body_start(bytes);
                    let last = bytes.iter_mut().take(body).last();
                    last.into_iter().for_each(|byte| *byte += 0x80);
                    bytes.insert(body, 0);
                };
                self.by_connection("u3-01", "v5-1.5.5-1")
            }
            Violation::ReservedPacketType => {
                self.change = |bytes| bytes.iter_mut().take(1).for_each(|first| *first &= 0x0f);
                self.by_connection("u3-02", "v5-4.13.1-1")
            }
            Violation::WrongSender => {
                let senders = [Sender::Client, Sender::Server];
                self.sender = senders
                    .into_iter()
                    .find(|&sender| !packet.is_sent_by(sender, self.version))?;
                self.by("u3-03", "v5-4.13.1-1")
            }
            Violation::ReservedFlags => {
                packet.reserved_flags()?;
                self.change = |bytes| bytes.iter_mut().take(1).for_each(|first| *first += 0b1000);
                match packet {
                    PacketType::Pubrel => self.by("v3-3.6.1-1", "v5-3.6.1-1"),
                    PacketType::Subscribe => self.by("v3-3.8.1-1", "v5-3.8.1-1"),
                    PacketType::Unsubscribe => self.by("v3-3.10.1-1", "v5-3.10.1-1"),
                    PacketType::Disconnect => self.by("v3-3.14.1-1", "v5-3.14.1-1"),
                    PacketType::Auth => self.by("", "v5-3.15.1-1"),
                    _ => self.by("v3-2.2.2-2", "v5-2.1.3-1"),
                }
            }
            Violation::TrailingByte => {
                let statement = match packet {
                    PacketType::Connect => self.by("v3-3.1.4-1", "v5-3.1.4-1"),
                    PacketType::Connack | PacketType::Pingreq | PacketType::Pingresp => {
                        self.by("u3-04", "v5-4.13.1-1")
                    }
                    PacketType::Puback
                    | PacketType::Pubrec
                    | PacketType::Pubrel
                    | PacketType::Pubcomp
                    | PacketType::Unsuback
                    | PacketType::Disconnect => self.by("u3-04", ""),
                    _ => return None,
                };
                self.change = append;
                statement
            }
            _ => None,
        }
    }

    fn delivery(&mut self, violation: Violation) -> Option<StatementId> {
        let packet = self.draft.packet_type;
        match violation {
            Violation::PublishQosThree => {
                self.set("qos", Value::Number(3), PacketType::Publish)?;
                self.by("v3-3.3.1-4", "v5-3.3.1-4")
            }
            Violation::DupWithoutQos if !has(&self.draft.fields, "id") => {
                self.set("dup", Value::Flag(true), PacketType::Publish)?;
                self.by("v3-3.3.1-2", "v5-3.3.1-2")
            }
            Violation::PacketIdZero if has(&self.draft.fields, "id") => {
                self.set("id", Value::Number(0), packet)?;
                match packet {
                    PacketType::Puback
                    | PacketType::Pubrec
                    | PacketType::Pubrel
                    | PacketType::Pubcomp => self.by("v3-2.3.1-6", "v5-2.2.1-5"),
                    PacketType::Suback | PacketType::Unsuback => {
                        self.by("v3-2.3.1-7", "v5-2.2.1-6")
                    }
                    _ => self.by("v3-2.3.1-1", "v5-2.2.1-3"),
                }
            }
            _ => None,
        }
    }

    /// Puts bytes that are no text into one of the strings.
    fn spoil_text(&mut self, bytes: &[u8], v3: &str, v5: &str) -> Result<Option<StatementId>> {
        let is_text = |field: &Field| {
            let is_property_text = PropertyId::ALL.iter().any(|id| {
                let name = field.name.strip_prefix("will-").unwrap_or(field.name);
                id.name() == name && id.value_type() == PropertyType::Utf8String
            });
            is_property_text || TEXTS.contains(&field.name)
        };
        let fields = self.draft.fields.iter_mut();
        let mut texts: Vec<&mut Field> = fields.filter(|field| is_text(field)).collect();
        if texts.is_empty() {
            return Ok(None);
        }
        let at = self.u.choose_index(texts.len())?;
        if let Some(field) = texts.get_mut(at) {
            field.value = Value::Bytes(bytes.to_vec().into());
        }
        Ok(self.by(v3, v5))
    }

    fn connect(&mut self, violation: Violation) -> Option<StatementId> {
        let connect = PacketType::Connect;
        if self.draft.packet_type != connect {
            return None;
        }
        let has_will = has(&self.draft.fields, "will-topic");
        match violation {
            Violation::ProtocolName => {
                self.set("protocol-name", text("MQTt"), connect)?;
                self.by_connection("v3-3.1.2-1", "v5-3.1.2-1")
            }
            Violation::ProtocolLevel => {
                self.change = |bytes| change_after_header(bytes, 6, |_| 6);
                self.by_connection("v3-3.1.2-2", "v5-3.1.2-2")
            }
            Violation::ReservedConnectFlag => {
                self.change = |bytes| change_after_header(bytes, 7, |flags| flags + 0x01);
                self.by("v3-3.1.2-3", "v5-3.1.2-3")
            }
            Violation::WillQosThree if has_will => {
                self.set("will-qos", Value::Number(3), connect)?;
                self.by("v3-3.1.2-14", "v5-3.1.2-12")
            }
            Violation::WillRetainWithoutWill if !has_will => {
                self.change = |bytes| change_after_header(bytes, 7, |flags| flags + 0x20);
                self.by("v3-3.1.2-15", "v5-3.1.2-13")
            }
            Violation::PasswordWithoutUserName => {
                let fields = &mut self.draft.fields;
                fields.retain(|field| field.name != "user-name");
                need(fields, "password", text("p"));
                self.by("v3-3.1.2-22", "")
            }
            Violation::EmptyClientId => {
                let fields = &mut self.draft.fields;
                fields.retain(|field| !matches!(field.name, "client-id" | "clean-start"));
                self.by("v3-3.1.3-8", "")
            }
            _ => None,
        }
    }

    fn connack(&mut self, violation: Violation) -> Option<StatementId> {
        match violation {
            Violation::ReservedConnackFlags if self.draft.packet_type == PacketType::Connack => {
                self.change = |bytes| change_after_header(bytes, 0, |flags| flags + 0x80);
                return self.by("u3-05", "v5-3.2.2-1");
            }
            Violation::SessionPresentWithError => {}
            _ => return None,
        }
        let refused = if self.version.has_reason_codes() {
            0x87
        } else {
            5
        };
        self.set("session-present", Value::Flag(true), PacketType::Connack)?;
        self.set("reason", Value::Number(refused), PacketType::Connack)?;
        self.by("v3-3.2.2-4", "v5-3.2.2-6")
    }

    pub(super) fn no_reasons(&mut self) -> Option<StatementId> {
        let statement = match self.draft.packet_type {
            PacketType::Suback => self.by("v3-3.8.4-5", "v5-3.8.4-6")?,
            PacketType::Unsuback => self.by("", "v5-3.11.3-2")?,
            _ => return None,
        };
        self.draft.fields.retain(|field| field.name != "reason");
        Some(statement)
    }

    /// Gives a field a value, in a packet of this type alone.
    pub(super) fn set(&mut self, name: &'static str, value: Value, of: PacketType) -> Option<()> {
        if self.draft.packet_type != of {
            return None;
        }
        let fields = &mut self.draft.fields;
        match fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.value = value,
            None => fields.insert(0, new(name, value)),
        }
        Some(())
    }

    /// The statement of the version by which the packet is read.
    pub(super) fn by(&self, v3: &str, v5: &str) -> Option<StatementId> {
        match self.version {
            ProtocolVersion::V3_1_1 => v3.parse().ok(),
            ProtocolVersion::V5_0 => v5.parse().ok(),
        }
    }

    /// The statement where the packet's own level is not read: none, if it is not that of the connection.
    fn by_connection(&self, v3: &str, v5: &str) -> Option<StatementId> {
        if has(&self.draft.fields, "protocol-level") {
            return None;
        }
        self.by(v3, v5)
    }
}

/// Adds a byte, and counts it.
fn append(bytes: &mut Vec<u8>) {
    let mut body = bytes.split_off(body_start(bytes));
    body.push(0);
    bytes.truncate(1);
    bytes.variable(u32::try_from(body.len()).unwrap_or(VARIABLE_BYTE_INTEGER_MAX));
    bytes.extend(body);
}

fn change_after_header(bytes: &mut [u8], at: usize, change: impl Fn(u8) -> u8) {
    let at = body_start(bytes) + at;
    bytes
        .iter_mut()
        .skip(at)
        .take(1)
        .for_each(|byte| *byte = change(*byte));
}

/// Where the fixed header of a frame ends.
fn body_start(bytes: &[u8]) -> usize {
    match variable_byte_integer(bytes.get(1..).unwrap_or_default()) {
        VariableByteInteger::Number(_, len) => 1 + len,
        _ => 0,
    }
}

/// The strings that are no property.
const TEXTS: [&str; 5] = ["client-id", "user-name", "topic", "will-topic", "filter"];

/// Overlong, a surrogate, beyond Unicode, cut, and a byte that never stands in UTF-8.
const ILL_FORMED: [&[u8]; 5] = [
    b"a\xc0\x80",
    b"a\xed\xa0\x80",
    b"a\xf4\x90\x80\x80",
    b"a\xf0\x9f\x98",
    b"a\xff",
];
