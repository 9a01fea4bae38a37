//! Packets for property tests and fuzz targets: valid ones of every kind, and ones with a single violation.
//!
//! Behind the feature `arbitrary`.

mod violation;

use arbitrary::{Arbitrary, Result, Unstructured};
use bytes::Bytes;

use crate::notation::{Draft, Field, FieldKind, FieldSpec, Value, fields};
use crate::packet::{PacketType, Sender};
use crate::reason::ReasonCode;
use crate::version::ProtocolVersion;

pub use violation::{Violated, Violation};

/// A valid packet of any kind, as the notation writes it, with everything that it may have.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct ValidPacket {
    /// The version of the connection; a CONNECT may be of the other one.
    pub version: ProtocolVersion,
    /// The packet.
    pub draft: Draft,
}

impl ValidPacket {
    /// Its bytes.
    ///
    /// # Panics
    ///
    /// Never: all its fields fit.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the generator keeps every field within its size"
    )]
    pub fn to_bytes(&self) -> Vec<u8> {
        let bytes = self.draft.to_bytes(self.version);
        bytes.expect("a valid packet can be written")
    }
}

impl<'a> Arbitrary<'a> for ValidPacket {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let version = version(u)?;
        let packet_type = *u.choose(&PacketType::ALL)?;
        let packet_type = match (packet_type, version) {
            // AUTH is of 5.0.
            (PacketType::Auth, ProtocolVersion::V3_1_1) => PacketType::Publish,
            (packet_type, _) => packet_type,
        };
        let mut draft = Generator { u, version }.draft(packet_type)?;
        // A CONNECT is read by the level that it carries, whatever the version.
        if packet_type == PacketType::Connect && u.ratio(1, 4)? {
            let level = Value::Number(u32::from(version.level()));
            draft.fields.insert(0, new("protocol-level", level));
            let version = match version {
                ProtocolVersion::V3_1_1 => ProtocolVersion::V5_0,
                ProtocolVersion::V5_0 => ProtocolVersion::V3_1_1,
            };
            return Ok(Self { version, draft });
        }
        Ok(Self { version, draft })
    }
}

impl<'a> Arbitrary<'a> for ProtocolVersion {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        version(u)
    }
}

fn version(u: &mut Unstructured<'_>) -> Result<ProtocolVersion> {
    u.choose(&ProtocolVersion::ALL).copied()
}

struct Generator<'u, 'a> {
    u: &'u mut Unstructured<'a>,
    version: ProtocolVersion,
}

impl Generator<'_, '_> {
    fn draft(&mut self, packet_type: PacketType) -> Result<Draft> {
        let mut list = Vec::new();
        for spec in fields(packet_type) {
            let is_of_version = self.version.has_properties() || !spec.is_v5_only;
            if !is_of_version || is_grouped(packet_type, spec.name) {
                continue;
            }
            let count_max = if spec.is_repeated { 3 } else { 1 };
            for _ in 0..self.u.int_in_range(0..=count_max)? {
                list.push(new(spec.name, self.value(packet_type, spec)?));
            }
        }
        self.repair(packet_type, &mut list);
        for _ in 0..self.u.int_in_range(1..=4)? {
            self.group(packet_type, &mut list)?;
        }
        Ok(Draft {
            packet_type,
            fields: list,
        })
    }

    /// What SUBSCRIBE, UNSUBSCRIBE, SUBACK and UNSUBACK have once or more.
    fn group(&mut self, packet_type: PacketType, fields: &mut Vec<Field>) -> Result<()> {
        let is_v5 = self.version.has_properties();
        match packet_type {
            PacketType::Subscribe => {
                let filter = self.filter()?;
                let is_shared = filter.starts_with("$share/");
                let qos = self.u.int_in_range(0..=2)?;
                fields.push(new("filter", text(&filter)));
                fields.push(new("qos", Value::Number(qos)));
                if is_v5 {
                    let no_local = self.u.arbitrary::<bool>()? && !is_shared;
                    fields.push(new("no-local", Value::Flag(no_local)));
                    let as_published = self.u.arbitrary()?;
                    fields.push(new("retain-as-published", Value::Flag(as_published)));
                    let handling = self.u.int_in_range(0..=2)?;
                    fields.push(new("retain-handling", Value::Number(handling)));
                }
            }
            PacketType::Unsubscribe => fields.push(new("filter", text(&self.filter()?))),
            PacketType::Unsuback if !is_v5 => {}
            PacketType::Suback | PacketType::Unsuback => {
                fields.push(new("reason", self.reason(packet_type)?));
            }
            PacketType::Connect
            | PacketType::Connack
            | PacketType::Publish
            | PacketType::Puback
            | PacketType::Pubrec
            | PacketType::Pubrel
            | PacketType::Pubcomp
            | PacketType::Pingreq
            | PacketType::Pingresp
            | PacketType::Disconnect
            | PacketType::Auth => {}
        }
        Ok(())
    }

    /// Makes fields that were chosen one by one agree with each other.
    fn repair(&self, packet_type: PacketType, fields: &mut Vec<Field>) {
        match packet_type {
            PacketType::Connect if has(fields, "will-topic") => {
                need(fields, "will-payload", text(""));
            }
            PacketType::Connect => fields.retain(|field| !field.name.starts_with("will-")),
            PacketType::Connack if has(fields, "session-present") => {
                fields.retain(|field| field.name != "reason");
            }
            PacketType::Publish => {
                let has_qos = fields
                    .iter()
                    .any(|field| field.name == "qos" && field.value != Value::Number(0));
                if has_qos {
                    need(fields, "id", Value::Number(1));
                } else {
                    fields.retain(|field| !matches!(field.name, "id" | "dup"));
                }
                if !has(fields, "topic-alias") {
                    need(fields, "topic", text("a"));
                }
            }
            PacketType::Connack
            | PacketType::Pingreq
            | PacketType::Pingresp
            | PacketType::Disconnect => {}
            PacketType::Auth => need(fields, "authentication-method", text("a")),
            PacketType::Puback
            | PacketType::Pubrec
            | PacketType::Pubrel
            | PacketType::Pubcomp
            | PacketType::Subscribe
            | PacketType::Suback
            | PacketType::Unsubscribe
            | PacketType::Unsuback => need(fields, "id", Value::Number(1)),
        }
        let is_named = |field: &Field| field.name == "client-id" && field.value != text("");
        if packet_type == PacketType::Connect && !fields.iter().any(is_named) {
            need(fields, "clean-start", Value::Flag(true));
        }
        if !self.version.has_properties() && has(fields, "password") {
            need(fields, "user-name", text(""));
        }
        if packet_type == PacketType::Connect && has(fields, "authentication-data") {
            need(fields, "authentication-method", text("a"));
        }
        if packet_type == PacketType::Auth {
            // Without a method there is no AUTH, so a property length alone says nothing.
            fields.retain(|field| field.name != "empty-properties");
        }
    }

    /// A legal value of a field.
    fn value(&mut self, packet_type: PacketType, spec: &FieldSpec) -> Result<Value> {
        let u = &mut *self.u;
        Ok(match (spec.name, spec.kind) {
            ("protocol-name", _) => text("MQTT"),
            ("protocol-level", _) => Value::Number(u32::from(self.version.level())),
            ("qos" | "will-qos", _) => Value::Number(u.int_in_range(0..=2)?),
            ("id" | "receive-maximum" | "topic-alias", _) => {
                Value::Number(u.int_in_range(1..=65_535)?)
            }
            ("maximum-packet-size", _) => Value::Number(u.int_in_range(1..=u32::MAX)?),
            ("subscription-id", _) => Value::Number(u.int_in_range(1..=268_435_455)?),
            ("reason", _) => self.reason(packet_type)?,
            ("topic" | "will-topic" | "response-topic" | "will-response-topic", _) => {
                text(&self.topic()?)
            }
            (
                "will-payload"
                | "password"
                | "payload"
                | "correlation-data"
                | "will-correlation-data"
                | "authentication-data",
                _,
            ) => Value::Bytes(self.bytes()?.into()),
            (_, FieldKind::Number { bits: 8 }) => Value::Number(u.int_in_range(0..=1)?),
            (_, FieldKind::Number { bits }) => {
                Value::Number(u.int_in_range(0..=u32::MAX >> (32 - bits))?)
            }
            (_, FieldKind::Flag) => Value::Flag(true),
            (_, FieldKind::Bytes) => text(&self.text()?),
            (_, FieldKind::Pair) => {
                Value::Pair(self.text()?.into_bytes(), self.text()?.into_bytes())
            }
        })
    }

    fn reason(&mut self, packet_type: PacketType) -> Result<Value> {
        let is_allowed = |code: &u8| {
            ReasonCode::new(*code).is_allowed_in(packet_type, self.version, Sender::Either)
        };
        let codes: Vec<u8> = (0..=u8::MAX).filter(is_allowed).collect();
        let code = if codes.is_empty() {
            0
        } else {
            *self.u.choose(&codes)?
        };
        Ok(Value::Number(u32::from(code)))
    }

    fn bytes(&mut self) -> Result<Vec<u8>> {
        let len = self.u.int_in_range(0..=40)?;
        Ok(self.u.bytes(len).map(<[u8]>::to_vec).unwrap_or_default())
    }

    /// A few characters of any kind, and sometimes many of them.
    fn text(&mut self) -> Result<String> {
        let mut text = String::new();
        for _ in 0..self.u.int_in_range(0..=6)? {
            let c = if self.u.ratio(3, 4)? {
                char::from(self.u.int_in_range(b' '..=b'~')?)
            } else {
                self.u.arbitrary()?
            };
            text.extend((c != '\0').then_some(c));
        }
        let count = if self.u.ratio(1, 5)? {
            self.u.int_in_range(30..=40)?
        } else {
            1
        };
        Ok(text.repeat(count))
    }

    fn topic(&mut self) -> Result<String> {
        Ok(format!("a{}", self.text()?.replace(['+', '#'], "/")))
    }

    fn filter(&mut self) -> Result<String> {
        if self.u.ratio(1, 20)? {
            return Ok("$share".to_owned());
        }
        let start = *self.u.choose(&["", "$share/g/", "+/", "$SYS/"])?;
        let topic = self.topic()?;
        let end = *self.u.choose(&["", "/+", "/#", "/+/#"])?;
        Ok(format!("{start}{topic}{end}"))
    }
}

const fn new(name: &'static str, value: Value) -> Field {
    Field { name, value }
}

fn text(text: &str) -> Value {
    Value::Bytes(Bytes::copy_from_slice(text.as_bytes()))
}

fn has(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name)
}

fn need(fields: &mut Vec<Field>, name: &'static str, value: Value) {
    if !has(fields, name) {
        fields.push(new(name, value));
    }
}

/// Whether [`Generator::group`] makes the field.
fn is_grouped(packet_type: PacketType, name: &str) -> bool {
    matches!(
        (packet_type, name),
        (
            PacketType::Subscribe,
            "filter" | "qos" | "no-local" | "retain-as-published" | "retain-handling"
        ) | (PacketType::Unsubscribe, "filter")
            | (PacketType::Suback | PacketType::Unsuback, "reason")
    )
}
