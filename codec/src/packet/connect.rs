//! CONNECT (section 3.1).

use super::writer::Body;
use super::{PacketType, Qos, Sender, topic};
use crate::error::{
    Context, DecodeError, DecodeErrorKind, EncodeError, Field, Refusal, Unexplained,
};
use crate::frame::Frame;
use crate::property::{Properties, PropertyId, PropertyPlace};
use crate::scan;
use crate::topic::TopicName;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// A client's request for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Connect<'a> {
    /// The version that the protocol level asks for.
    pub version: ProtocolVersion,
    /// Clean Start; called Clean Session in 3.1.1.
    pub clean_start: bool,
    /// The keep alive in seconds; 0 turns it off.
    pub keep_alive: u16,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The client identifier, possibly empty.
    pub client_id: &'a str,
    /// The Will.
    pub will: Option<Will<'a>>,
    /// The user name.
    pub user_name: Option<&'a str>,
    /// The password; in 3.1.1 only with a user name.
    pub password: Option<&'a [u8]>,
}

/// The message that the server publishes when the connection ends abnormally (section 3.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Will<'a> {
    /// The QoS of the message.
    pub qos: Qos,
    /// Whether it is to be retained.
    pub retain: bool,
    /// The Will Properties (5.0).
    pub properties: Properties<'a>,
    /// Its topic.
    pub topic: TopicName<'a>,
    /// Its payload.
    pub payload: &'a [u8],
}

impl<'a> Connect<'a> {
    /// The version that a CONNECT frame asks for, from its protocol name and level alone.
    ///
    /// # Errors
    ///
    /// When the frame is cut before the level, the name is not `MQTT`, or the level is neither 4 nor 5.
    pub fn version_of(frame: &Frame<'_>) -> Result<ProtocolVersion, DecodeError> {
        // Before the level is known, the newest version's rules are cited.
        let context = Context {
            version: ProtocolVersion::V5_0,
            packet: Some(PacketType::Connect),
            sender: Sender::Client,
        };
        decode_version(&mut Reader::new(
            frame.as_bytes(),
            frame.header_len(),
            context,
        ))
    }

    /// Whether a CONNECT frame asks for `version`, for a receiver that speaks no other.
    ///
    /// # Errors
    ///
    /// As [`Connect::version_of`], by the rules of `version`; and when the frame asks for another one.
    pub fn check_version(frame: &Frame<'_>, version: ProtocolVersion) -> Result<(), DecodeError> {
        let context = Context {
            version,
            packet: Some(PacketType::Connect),
            sender: Sender::Client,
        };
        let mut reader = Reader::new(frame.as_bytes(), frame.header_len(), context);
        let asked = decode_version(&mut reader)?;
        if asked == version {
            return Ok(());
        }
        let kind = DecodeErrorKind::UnsupportedProtocolVersion(asked.level());
        Err(reader.error_at(kind, reader.offset() - 1))
    }

    /// The version that a CONNECT frame asks for, if it asks for one.
    pub(super) fn level_of(frame: &Frame<'_>) -> Option<ProtocolVersion> {
        Self::version_of(frame).ok()
    }

    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        // The context has this version already: `Packet::decode` looks for it first.
        let version = decode_version(reader)?;
        let flags = ConnectFlags::decode(reader)?;
        let keep_alive = reader.two_byte(Field::KeepAlive)?;
        let properties = if version.has_properties() {
            Properties::decode(reader, PropertyPlace::Connect)?
        } else {
            Properties::EMPTY
        };
        let client_id_at = reader.offset();
        let client_id = reader.text(Field::ClientId)?;
        // In 5.0 the server assigns an identifier, whatever Clean Start says (section 3.1.3.1).
        if client_id.is_empty() && !flags.clean_start && version == ProtocolVersion::V3_1_1 {
            return Err(reader.error_at(DecodeErrorKind::EmptyClientId, client_id_at));
        }
        let connect = Self {
            version,
            clean_start: flags.clean_start,
            keep_alive,
            properties,
            client_id,
            will: match flags.will {
                Some((qos, retain)) => Some(Will::decode(reader, qos, retain)?),
                None => None,
            },
            user_name: if flags.has_user_name {
                Some(reader.text(Field::UserName)?)
            } else {
                None
            },
            password: if flags.has_password {
                Some(reader.binary(Field::Password)?)
            } else {
                None
            },
        };
        match flags.field_without_flag(reader) {
            Some(field) => Err(reader.error(DecodeErrorKind::FieldWithoutFlag(field))),
            None => Ok(connect),
        }
    }

    fn flags(&self) -> u8 {
        let bit = |is_set, bit: u8| if is_set { bit } else { 0 };
        let will = self.will.as_ref().map_or(0, |will| {
            WILL | will.qos.bits() << WILL_QOS_SHIFT | bit(will.retain, WILL_RETAIN)
        });
        bit(self.clean_start, CLEAN_START)
            | will
            | bit(self.password.is_some(), PASSWORD)
            | bit(self.user_name.is_some(), USER_NAME)
    }
}

impl Body for Connect<'_> {
    #[inline]
    fn is_surely_valid(&self, _: ProtocolVersion) -> bool {
        let may_be = match self.version {
            ProtocolVersion::V3_1_1 => {
                (self.user_name.is_some() || self.password.is_none())
                    && (self.clean_start || !self.client_id.is_empty())
            }
            ProtocolVersion::V5_0 => {
                let has = |id| self.properties.has(id);
                let will = self.will.as_ref().map(|will| will.properties);
                (has(PropertyId::AuthenticationMethod) || !has(PropertyId::AuthenticationData))
                    && self.properties.are_allowed_in(PropertyPlace::Connect)
                    && will.is_none_or(|will| will.are_allowed_in(PropertyPlace::Will))
            }
        };
        may_be
            && !scan::has_nul(self.client_id.as_bytes())
            && !self
                .user_name
                .is_some_and(|name| scan::has_nul(name.as_bytes()))
    }

    #[inline]
    fn encode(&self, _: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        let version = self.version;
        sink.binary(PROTOCOL_NAME.as_bytes())?;
        sink.byte(version.level());
        sink.byte(self.flags());
        sink.two_byte(self.keep_alive);
        if version.has_properties() {
            self.properties.encode(sink)?;
        }
        sink.binary(self.client_id.as_bytes())?;
        if let Some(will) = &self.will {
            if version.has_properties() {
                will.properties.encode(sink)?;
            }
            sink.binary(will.topic.as_bytes())?;
            sink.binary(will.payload)?;
        }
        if let Some(user_name) = self.user_name {
            sink.binary(user_name.as_bytes())?;
        }
        if let Some(password) = self.password {
            sink.binary(password)?;
        }
        Ok(())
    }
}

impl<'a> Will<'a> {
    fn decode<E: Refusal>(reader: &mut Reader<'a, E>, qos: Qos, retain: bool) -> Result<Self, E> {
        let properties = if reader.context().version.has_properties() {
            Properties::decode(reader, PropertyPlace::Will)?
        } else {
            Properties::EMPTY
        };
        let topic_at = reader.offset();
        let Some(topic) = topic::decode_name(reader, Field::WillTopic)? else {
            return Err(reader.error_at(DecodeErrorKind::EmptyTopic(Field::WillTopic), topic_at));
        };
        Ok(Self {
            qos,
            retain,
            properties,
            topic,
            payload: reader.binary(Field::WillPayload)?,
        })
    }
}

/// The connect flags, where they go together (section 3.1.2.3).
struct ConnectFlags {
    clean_start: bool,
    /// QoS and RETAIN of the Will.
    will: Option<(Qos, bool)>,
    has_user_name: bool,
    has_password: bool,
}

impl ConnectFlags {
    fn decode<E: Refusal>(reader: &mut Reader<'_, E>) -> Result<Self, E> {
        let start = reader.offset();
        let bits = reader.byte(Field::ConnectFlags)?;
        Self::from_bits(bits, reader.context().version).map_err(|kind| reader.error_at(kind, start))
    }

    fn from_bits(bits: u8, version: ProtocolVersion) -> Result<Self, DecodeErrorKind> {
        if bits & RESERVED != 0 {
            return Err(DecodeErrorKind::ReservedConnectFlag);
        }
        let will_qos = bits >> WILL_QOS_SHIFT & 0b11;
        let will_retain = bits & WILL_RETAIN != 0;
        let will = if bits & WILL != 0 {
            let qos = Qos::from_bits(will_qos).ok_or(DecodeErrorKind::WillQosThree)?;
            Some((qos, will_retain))
        } else if will_qos != 0 {
            return Err(DecodeErrorKind::WillQosWithoutWill);
        } else if will_retain {
            return Err(DecodeErrorKind::WillRetainWithoutWill);
        } else {
            None
        };
        let has_user_name = bits & USER_NAME != 0;
        let has_password = bits & PASSWORD != 0;
        if has_password && !has_user_name && version == ProtocolVersion::V3_1_1 {
            return Err(DecodeErrorKind::PasswordWithoutUserName);
        }
        Ok(Self {
            clean_start: bits & CLEAN_START != 0,
            will,
            has_user_name,
            has_password,
        })
    }

    /// The field that the rest of the packet is, where the flags leave one out (v3-3.1.2-18, v3-3.1.2-20).
    fn field_without_flag<E>(&self, reader: &Reader<'_, E>) -> Option<Field>
    where
        E: Refusal,
    {
        if reader.is_empty() || self.has_password {
            return None;
        }
        let mut rest = Reader::<Unexplained>::new(reader.rest(), 0, reader.context());
        let field = if self.has_user_name {
            Field::Password
        } else {
            Field::UserName
        };
        rest.binary(field).ok()?;
        // A user name may bring a password along.
        if !self.has_user_name && !rest.is_empty() {
            rest.binary(Field::Password).ok()?;
        }
        rest.is_empty().then_some(field)
    }
}

/// Reads the protocol name and the protocol level.
fn decode_version<E: Refusal>(reader: &mut Reader<'_, E>) -> Result<ProtocolVersion, E> {
    let name_at = reader.offset();
    if reader.binary(Field::ProtocolName)? != PROTOCOL_NAME.as_bytes() {
        return Err(reader.error_at(DecodeErrorKind::ProtocolName, name_at));
    }
    let level_at = reader.offset();
    let level = reader.byte(Field::ProtocolLevel)?;
    ProtocolVersion::from_level(level).ok_or_else(|| {
        reader.error_at(DecodeErrorKind::UnsupportedProtocolVersion(level), level_at)
    })
}

/// The protocol name of 3.1.1 and 5.0 (section 3.1.2.1).
const PROTOCOL_NAME: &str = "MQTT";

// The bits of the connect flags (section 3.1.2.3).
const RESERVED: u8 = 0b0000_0001;
const CLEAN_START: u8 = 0b0000_0010;
const WILL: u8 = 0b0000_0100;
const WILL_QOS_SHIFT: u32 = 3;
const WILL_RETAIN: u8 = 0b0010_0000;
const PASSWORD: u8 = 0b0100_0000;
const USER_NAME: u8 = 0b1000_0000;
