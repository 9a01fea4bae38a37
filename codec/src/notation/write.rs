//! From drafts to bytes, without any check but that of the data types.

use std::fmt;

use super::property_field::{PropertySet, property_of};
use super::{Draft, Field, Value, field};
use crate::packet::PacketType;
use crate::property::{PropertyId, PropertyType};
use crate::version::ProtocolVersion;
use crate::wire::VARIABLE_BYTE_INTEGER_MAX;

/// Why a draft cannot stand on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct WriteError {
    /// The field that does not fit.
    pub field: &'static str,
    /// What was found and what is allowed: a phrase.
    pub message: String,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WriteError {}

/// Bytes as `hex` prints them: two digits each, separated by blanks.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// See [`Draft::to_bytes`].
pub(super) fn to_bytes(draft: &Draft, version: ProtocolVersion) -> Result<Vec<u8>, WriteError> {
    let version = layout_version(draft, version);
    for field in &draft.fields {
        check(draft.packet_type, field, version)?;
    }
    let mut writer = Writer {
        draft,
        version,
        out: vec![0; HEADER_LEN_MAX],
    };
    writer.body()?;
    let mut out = writer.out;
    let mut header = vec![draft.packet_type.number() << 4 | flags(draft)];
    put_length(&mut header, out.len() - HEADER_LEN_MAX, "remaining-length")?;
    // In place: a second copy of the longest packet would be a quarter of a gigabyte.
    drop(out.splice(..HEADER_LEN_MAX, header));
    Ok(out)
}

/// The version whose layout a draft follows: that of its protocol level, if the level is one of ours.
fn layout_version(draft: &Draft, version: ProtocolVersion) -> ProtocolVersion {
    let level = number_of(draft, "protocol-level").and_then(|level| u8::try_from(level).ok());
    match (draft.packet_type, level) {
        (PacketType::Connect, Some(level)) => ProtocolVersion::from_level(level).unwrap_or(version),
        _ => version,
    }
}

fn check(
    packet_type: PacketType,
    given: &Field,
    version: ProtocolVersion,
) -> Result<(), WriteError> {
    let error = |message| WriteError {
        field: given.name,
        message,
    };
    let spec = field(packet_type, given.name).ok_or_else(|| {
        let message = format!(
            "field {} in {}, which has none such",
            given.name,
            packet_type.name()
        );
        error(message)
    })?;
    spec.check(&given.value).map_err(error)?;
    let is_property = property_of(packet_type, given.name).is_some()
        || matches!(
            given.name,
            "property-length" | "will-property-length" | "empty-properties"
        );
    if is_property && !version.has_properties() {
        return Err(error(format!(
            "property {} in a packet of MQTT {version}; allowed in MQTT 5.0 only",
            given.name
        )));
    }
    Ok(())
}

/// The low nibble of the first byte.
fn flags(draft: &Draft) -> u8 {
    draft.packet_type.reserved_flags().unwrap_or_else(|| {
        let qos = number_of(draft, "qos").unwrap_or(0).to_le_bytes()[0];
        bit(draft, "dup", 3) | qos << 1 | bit(draft, "retain", 0)
    })
}

struct Writer<'a> {
    draft: &'a Draft,
    version: ProtocolVersion,
    out: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn body(&mut self) -> Result<(), WriteError> {
        match self.draft.packet_type {
            PacketType::Connect => self.connect()?,
            PacketType::Connack => {
                let flags = bit(self.draft, "session-present", 0);
                self.byte_or("connack-flags", flags);
                self.byte_or("reason", 0);
                self.properties(PropertySet::Packet)?;
            }
            PacketType::Publish => {
                self.string(self.bytes("topic").unwrap_or_default())?;
                self.packet_id();
                self.properties(PropertySet::Packet)?;
                let payload = self.bytes("payload").unwrap_or_default();
                self.out.extend_from_slice(payload);
            }
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => {
                self.packet_id();
                self.outcome()?;
            }
            PacketType::Disconnect | PacketType::Auth => self.outcome()?,
            PacketType::Subscribe => {
                self.packet_id();
                self.properties(PropertySet::Packet)?;
                self.subscriptions()?;
            }
            PacketType::Unsubscribe => {
                self.packet_id();
                self.properties(PropertySet::Packet)?;
                for field in &self.draft.fields {
                    if let ("filter", Value::Bytes(filter)) = (field.name, &field.value) {
                        self.string(filter)?;
                    }
                }
            }
            PacketType::Suback | PacketType::Unsuback => {
                self.packet_id();
                self.properties(PropertySet::Packet)?;
                for field in &self.draft.fields {
                    if let ("reason", Value::Number(code)) = (field.name, &field.value) {
                        self.out.push(code.to_le_bytes()[0]);
                    }
                }
            }
            PacketType::Pingreq | PacketType::Pingresp => {}
        }
        Ok(())
    }

    fn connect(&mut self) -> Result<(), WriteError> {
        let draft = self.draft;
        let (will_topic, will_payload) = (self.bytes("will-topic"), self.bytes("will-payload"));
        let (user_name, password) = (self.bytes("user-name"), self.bytes("password"));
        let has_will = will_topic.is_some() || will_payload.is_some();
        let will_qos = number_of(draft, "will-qos").unwrap_or(0).to_le_bytes()[0];
        let flags = bit(draft, "clean-start", 1)
            | u8::from(has_will) << 2
            | will_qos << 3
            | bit(draft, "will-retain", 5)
            | u8::from(password.is_some()) << 6
            | u8::from(user_name.is_some()) << 7;
        self.string(self.bytes("protocol-name").unwrap_or(b"MQTT"))?;
        self.byte_or("protocol-level", self.version.level());
        self.byte_or("connect-flags", flags);
        let keep_alive = number_of(draft, "keep-alive").unwrap_or(0);
        self.number(keep_alive, 2);
        self.properties(PropertySet::Packet)?;
        self.string(self.bytes("client-id").unwrap_or_default())?;
        let has_will_properties = draft.fields.iter().any(|field| {
            field.name == "will-property-length"
                || matches!(
                    property_of(draft.packet_type, field.name),
                    Some((PropertySet::Will, _))
                )
        });
        if has_will || has_will_properties {
            self.properties(PropertySet::Will)?;
        }
        for part in [will_topic, will_payload, user_name, password]
            .into_iter()
            .flatten()
        {
            self.string(part)?;
        }
        Ok(())
    }

    /// The filters, each with its options.
    fn subscriptions(&mut self) -> Result<(), WriteError> {
        let mut options: Option<Options> = None;
        for field in &self.draft.fields {
            if let ("filter", Value::Bytes(filter)) = (field.name, &field.value) {
                self.out
                    .extend(options.replace(Options::default()).map(Options::bits));
                self.string(filter)?;
            } else if OPTIONS.contains(&field.name) {
                let options = options.as_mut().ok_or_else(|| WriteError {
                    field: field.name,
                    message: format!("{} before a filter; allowed behind one", field.name),
                })?;
                options.set(field);
            }
        }
        self.out.extend(options.map(Options::bits));
        Ok(())
    }

    /// What PUBACK and its like, DISCONNECT and AUTH end with: nothing, a reason, or a reason and properties.
    fn outcome(&mut self) -> Result<(), WriteError> {
        let draft = self.draft;
        let has_properties = draft.fields.iter().any(|field| {
            matches!(field.name, "property-length")
                || field.name == "empty-properties" && field.value != Value::Flag(false)
                || property_of(draft.packet_type, field.name).is_some()
        });
        if has_properties || number_of(draft, "reason").is_some() {
            self.byte_or("reason", 0);
        }
        if has_properties {
            self.properties(PropertySet::Packet)?;
        }
        Ok(())
    }

    /// A property length and the properties, in the order of the draft.
    fn properties(&mut self, set: PropertySet) -> Result<(), WriteError> {
        if !self.version.has_properties() {
            return Ok(());
        }
        let draft = self.draft;
        let mut properties = Self {
            draft,
            version: self.version,
            out: Vec::new(),
        };
        for field in &draft.fields {
            match property_of(draft.packet_type, field.name) {
                Some((of, id)) if of == set => properties.property(id, &field.value)?,
                Some(_) | None => {}
            }
        }
        let length_field = match set {
            PropertySet::Packet => "property-length",
            PropertySet::Will => "will-property-length",
        };
        let given = number_of(draft, length_field).and_then(|len| usize::try_from(len).ok());
        put_length(
            &mut self.out,
            given.unwrap_or(properties.out.len()),
            length_field,
        )?;
        self.out.append(&mut properties.out);
        Ok(())
    }

    fn property(&mut self, id: PropertyId, value: &Value) -> Result<(), WriteError> {
        self.out.push(id.code());
        match value {
            Value::Number(number) => match id.value_type() {
                PropertyType::VariableByteInteger => {
                    let number = usize::try_from(*number).unwrap_or(usize::MAX);
                    put_length(&mut self.out, number, id.name())?;
                }
                PropertyType::Byte => self.number(*number, 1),
                PropertyType::TwoByteInteger => self.number(*number, 2),
                PropertyType::FourByteInteger
                | PropertyType::Utf8String
                | PropertyType::BinaryData
                | PropertyType::Utf8StringPair => self.number(*number, 4),
            },
            Value::Bytes(bytes) => self.string(bytes)?,
            Value::Pair(name, value) => {
                self.string(name)?;
                self.string(value)?;
            }
            Value::Flag(_) => {}
        }
        Ok(())
    }

    /// The packet identifier, if there is one: to leave it out is one way to break the rules.
    fn packet_id(&mut self) {
        if let Some(id) = number_of(self.draft, "id") {
            self.number(id, 2);
        }
    }

    fn byte_or(&mut self, name: &str, computed: u8) {
        let given = number_of(self.draft, name).map(|number| number.to_le_bytes()[0]);
        self.out.push(given.unwrap_or(computed));
    }

    /// The low `len` bytes of a number, big-endian.
    fn number(&mut self, number: u32, len: usize) {
        let bytes = number.to_be_bytes();
        self.out.extend(bytes.into_iter().skip(bytes.len() - len));
    }

    /// A length of two bytes, and so many bytes.
    fn string(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        // The length of each field was checked with its kind, so the error says nothing new.
        let len = u16::try_from(bytes.len()).map_err(|_| too_long("length", bytes.len()))?;
        self.out.extend_from_slice(&len.to_be_bytes());
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn bytes(&self, name: &str) -> Option<&'a [u8]> {
        first(self.draft, name).and_then(|value| match value {
            Value::Bytes(bytes) => Some(&**bytes),
            Value::Flag(_) | Value::Number(_) | Value::Pair(..) => None,
        })
    }
}

/// The options byte of a subscription (section 3.8.3.1).
#[derive(Clone, Copy, Default)]
struct Options {
    computed: u8,
    given: Option<u8>,
}

impl Options {
    fn set(&mut self, field: &Field) {
        let bits = match field.value {
            Value::Flag(is_set) => u8::from(is_set),
            Value::Number(number) => number.to_le_bytes()[0],
            Value::Bytes(_) | Value::Pair(..) => return,
        };
        match field.name {
            "qos" => self.computed |= bits,
            "no-local" => self.computed |= bits << 2,
            "retain-as-published" => self.computed |= bits << 3,
            "retain-handling" => self.computed |= bits << 4,
            _ => self.given = Some(bits),
        }
    }

    fn bits(self) -> u8 {
        self.given.unwrap_or(self.computed)
    }
}

fn first<'a>(draft: &'a Draft, name: &str) -> Option<&'a Value> {
    let mut fields = draft.fields.iter();
    fields
        .find(|field| field.name == name)
        .map(|field| &field.value)
}

fn number_of(draft: &Draft, name: &str) -> Option<u32> {
    match first(draft, name)? {
        Value::Number(number) => Some(*number),
        Value::Flag(_) | Value::Bytes(_) | Value::Pair(..) => None,
    }
}

/// The bit of a flag, set or not.
fn bit(draft: &Draft, name: &str, shift: u32) -> u8 {
    u8::from(first(draft, name) == Some(&Value::Flag(true))) << shift
}

/// A length as a variable byte integer (section 1.5.5).
fn put_length(out: &mut Vec<u8>, len: usize, field: &'static str) -> Result<(), WriteError> {
    let mut rest = u32::try_from(len)
        .ok()
        .filter(|len| *len <= VARIABLE_BYTE_INTEGER_MAX)
        .ok_or_else(|| too_long(field, len))?;
    loop {
        let [low, ..] = (rest & 0x7F).to_le_bytes();
        rest >>= 7;
        if rest == 0 {
            out.push(low);
            return Ok(());
        }
        out.push(low | 0x80);
    }
}

fn too_long(field: &'static str, len: usize) -> WriteError {
    WriteError {
        field,
        message: format!("{field} {len}; allowed are 0 to {VARIABLE_BYTE_INTEGER_MAX}"),
    }
}

/// The fields that follow a filter.
pub(super) const OPTIONS: [&str; 5] = [
    "qos",
    "no-local",
    "retain-as-published",
    "retain-handling",
    "options",
];

/// The longest fixed header, in bytes.
const HEADER_LEN_MAX: usize = 5;
