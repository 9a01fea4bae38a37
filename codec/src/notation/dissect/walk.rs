//! The walk over the fields of a packet, by the layout of its type alone.

use bytes::Bytes;

use super::super::property_field::{PropertySet, property_name};
use super::{Part, Value};
use crate::packet::PacketType;
use crate::property::{PropertyId, PropertyType};
use crate::version::ProtocolVersion;
use crate::wire::{self, VariableByteInteger};

/// What the walk found.
pub(super) struct Walked {
    pub(super) packet_type: Option<PacketType>,
    pub(super) version: ProtocolVersion,
    pub(super) parts: Vec<Part>,
}

/// Walks over a packet, or the start of one.
pub(super) fn walk(bytes: &[u8], header_len: usize, version: ProtocolVersion) -> Walked {
    let mut walker = Walker::new(bytes, version);
    walker.header(header_len);
    // `None` says that the bytes ended, and then there is no more to walk over.
    let _ = walker.body();
    walker.rest("trailing-bytes");
    walker.finish()
}

/// Walks over bytes whose remaining length cannot be read.
pub(super) fn header(bytes: &[u8], version: ProtocolVersion) -> Walked {
    let mut walker = Walker::new(bytes, version);
    walker.header(header_len(bytes));
    walker.rest("trailing-bytes");
    walker.finish()
}

/// The length of the fixed header, as far as there is one (section 2.1).
pub(super) fn header_len(bytes: &[u8]) -> usize {
    let lengths = bytes.iter().skip(1).take(REMAINING_LENGTH_LEN_MAX);
    let continued = lengths.take_while(|&&byte| byte >= 0x80).count();
    (1 + (continued + 1).min(REMAINING_LENGTH_LEN_MAX)).min(bytes.len())
}

/// The most bytes of a remaining length (section 2.1.4).
const REMAINING_LENGTH_LEN_MAX: usize = 4;

struct Walker<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the section ends that is walked over: the packet, or the properties.
    end: usize,
    version: ProtocolVersion,
    parts: Vec<Part>,
}

impl<'a> Walker<'a> {
    const fn new(bytes: &'a [u8], version: ProtocolVersion) -> Self {
        Self {
            bytes,
            at: 0,
            end: bytes.len(),
            version,
            parts: Vec::new(),
        }
    }

    fn finish(self) -> Walked {
        Walked {
            packet_type: self.packet_type(),
            version: self.version,
            parts: self.parts,
        }
    }

    fn packet_type(&self) -> Option<PacketType> {
        self.bytes
            .first()
            .and_then(|first| PacketType::from_number(first >> 4))
    }

    fn header(&mut self, header_len: usize) {
        let first = self.bytes.first().map(|&first| u32::from(first));
        let Some(first) = first else { return };
        self.push("first-byte", 1, Some(Value::Number(first)));
        if header_len > 1 {
            let remaining_len = match wire::variable_byte_integer(self.left()) {
                VariableByteInteger::Number(number, _) => Some(Value::Number(number)),
                VariableByteInteger::Cut
                | VariableByteInteger::TooLong
                | VariableByteInteger::NotMinimal => None,
            };
            self.push("remaining-length", header_len - 1, remaining_len);
        }
    }

    fn body(&mut self) -> Option<()> {
        let has_properties = self.version.has_properties();
        match self.packet_type()? {
            PacketType::Connect => self.connect(),
            PacketType::Connack => {
                self.number("connack-flags", 1)?;
                self.number("reason", 1)?;
                self.properties(PropertySet::Packet)
            }
            PacketType::Publish => self.publish(),
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => {
                self.number("id", 2)?;
                self.outcome()
            }
            PacketType::Disconnect | PacketType::Auth => self.outcome(),
            PacketType::Subscribe | PacketType::Unsubscribe => {
                self.number("id", 2)?;
                self.properties(PropertySet::Packet)?;
                while self.at < self.end {
                    self.string("filter")?;
                    if self.packet_type() == Some(PacketType::Subscribe) {
                        self.number("options", 1)?;
                    }
                }
                Some(())
            }
            PacketType::Suback | PacketType::Unsuback => {
                self.number("id", 2)?;
                self.properties(PropertySet::Packet)?;
                let has_reasons = has_properties || self.packet_type() == Some(PacketType::Suback);
                while has_reasons && self.at < self.end {
                    self.number("reason", 1)?;
                }
                Some(())
            }
            PacketType::Pingreq | PacketType::Pingresp => Some(()),
        }
    }

    fn connect(&mut self) -> Option<()> {
        self.string("protocol-name")?;
        let level = self.number("protocol-level", 1)?.to_le_bytes()[0];
        self.version = ProtocolVersion::from_level(level).unwrap_or(self.version);
        let flags = self.number("connect-flags", 1)?;
        self.number("keep-alive", 2)?;
        self.properties(PropertySet::Packet)?;
        self.string("client-id")?;
        if flags & WILL_FLAG != 0 {
            self.properties(PropertySet::Will)?;
            self.string("will-topic")?;
            self.string("will-payload")?;
        }
        if flags & USER_NAME_FLAG != 0 {
            self.string("user-name")?;
        }
        if flags & PASSWORD_FLAG != 0 {
            self.string("password")?;
        }
        Some(())
    }

    fn publish(&mut self) -> Option<()> {
        let has_id = self.bytes.first().is_some_and(|first| first & 0b0110 != 0);
        self.string("topic")?;
        if has_id {
            self.number("id", 2)?;
        }
        self.properties(PropertySet::Packet)?;
        self.rest("payload");
        Some(())
    }

    fn outcome(&mut self) -> Option<()> {
        if !self.version.has_reason_codes() || self.at == self.end {
            return Some(());
        }
        self.number("reason", 1)?;
        if self.at == self.end {
            return Some(());
        }
        self.properties(PropertySet::Packet)
    }

    fn properties(&mut self, set: PropertySet) -> Option<()> {
        if !self.version.has_properties() {
            return Some(());
        }
        let name = match set {
            PropertySet::Packet => "property-length",
            PropertySet::Will => "will-property-length",
        };
        let len = self.variable(name)?;
        let end_of_packet = self.end;
        // A length that goes beyond the packet is the strict decoder's matter; the walk stays within.
        self.end = self.at.saturating_add(len).min(end_of_packet);
        while self.at < self.end {
            // Where a property is cut, or not known, the rest of its section cannot be told apart.
            if self.property(set).is_none() {
                self.rest("unknown-property");
            }
        }
        self.end = end_of_packet;
        Some(())
    }

    fn property(&mut self, set: PropertySet) -> Option<()> {
        let (start, parts) = (self.at, self.parts.len());
        let id = PropertyId::from_code(*self.left().first()?)?;
        let name = property_name(set, id);
        self.at += 1;
        let walked = match id.value_type() {
            PropertyType::Byte => self.number(name, 1).map(drop),
            PropertyType::TwoByteInteger => self.number(name, 2).map(drop),
            PropertyType::FourByteInteger => self.number(name, 4).map(drop),
            PropertyType::VariableByteInteger => self.variable(name).map(drop),
            PropertyType::Utf8String | PropertyType::BinaryData => self.string(name),
            PropertyType::Utf8StringPair => self.pair(name),
        };
        if let Some(part) = self.parts.get_mut(parts) {
            part.range.start = start;
        } else {
            // Nothing follows the identifier, so that it is no field but what is left.
            self.at = start;
        }
        walked
    }

    fn pair(&mut self, name: &'static str) -> Option<()> {
        let (key, len) = self.peek_string(0).or_else(|| self.cut(name))?;
        let (value, value_len) = self.peek_string(len).or_else(|| self.cut(name))?;
        let pair = Value::Pair(key.to_vec(), value.to_vec());
        self.push(name, len + value_len, Some(pair));
        Some(())
    }

    fn string(&mut self, name: &'static str) -> Option<()> {
        let (bytes, len) = self.peek_string(0).or_else(|| self.cut(name))?;
        self.push(name, len, Some(Value::Bytes(Bytes::copy_from_slice(bytes))));
        Some(())
    }

    /// A big-endian number of one, two or four bytes.
    fn number(&mut self, name: &'static str, len: usize) -> Option<u32> {
        let bytes = self.left().get(..len).or_else(|| self.cut(name))?;
        let number = bytes
            .iter()
            .fold(0, |number, &byte| number << 8 | u32::from(byte));
        self.push(name, len, Some(Value::Number(number)));
        Some(number)
    }

    fn variable(&mut self, name: &'static str) -> Option<usize> {
        let left = self.left();
        let continued = left.iter().take(3).take_while(|&&byte| byte >= 0x80);
        let len = continued.count() + 1;
        // A form that is too long is still a number, and one without an end is not.
        let bytes = left
            .get(..len)
            .filter(|bytes| bytes.last().is_some_and(|&last| last < 0x80))
            .or_else(|| self.cut(name))?;
        let number = bytes
            .iter()
            .rev()
            .fold(0, |number, &byte| number << 7 | u32::from(byte & 0x7f));
        self.push(name, len, Some(Value::Number(number)));
        usize::try_from(number).ok()
    }

    /// The string that starts so many bytes ahead, and the length of both with its own length field.
    fn peek_string(&self, ahead: usize) -> Option<(&'a [u8], usize)> {
        let bytes = self.left().get(ahead..)?;
        let (len, rest) = bytes.split_first_chunk()?;
        let len = usize::from(u16::from_be_bytes(*len));
        Some((rest.get(..len)?, 2 + len))
    }

    /// What is left of the section, as a field that has no end.
    fn cut<T>(&mut self, name: &'static str) -> Option<T> {
        let len = self.end - self.at;
        if len > 0 {
            self.push(name, len, None);
        }
        None
    }

    fn rest(&mut self, name: &'static str) {
        let bytes = Bytes::copy_from_slice(self.left());
        if !bytes.is_empty() {
            self.push(name, bytes.len(), Some(Value::Bytes(bytes)));
        }
    }

    fn left(&self) -> &'a [u8] {
        self.bytes.get(self.at..self.end).unwrap_or_default()
    }

    fn push(&mut self, name: &'static str, len: usize, value: Option<Value>) {
        let range = self.at..self.at + len;
        self.at = range.end;
        self.parts.push(Part { name, value, range });
    }
}

/// The flags of CONNECT that say which fields there are (section 3.1.2.3).
const WILL_FLAG: u32 = 0x04;
const PASSWORD_FLAG: u32 = 0x40;
const USER_NAME_FLAG: u32 = 0x80;
