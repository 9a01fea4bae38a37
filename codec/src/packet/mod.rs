//! Packets: what a frame means, checked against the format.

mod ack;
mod auth;
mod connack;
mod connect;
mod disconnect;
mod outcome;
mod owned;
mod publish;
mod suback;
mod subscribe;
mod topic;
mod unsuback;
mod unsubscribe;

use std::num::NonZeroU16;

use crate::error::{Context, DecodeError, DecodeErrorKind, EncodeError};
use crate::frame::Frame;
use crate::property::PropertyPlace;
use crate::version::ProtocolVersion;
use crate::wire::{Count, Reader, Sink, VARIABLE_BYTE_INTEGER_MAX};

pub use ack::Ack;
pub use auth::Auth;
pub use connack::Connack;
pub use connect::{Connect, Will};
pub use disconnect::Disconnect;
pub use outcome::Outcome;
pub use owned::OwnedPacket;
pub use publish::{Delivery, Publish};
pub use suback::Suback;
pub use subscribe::{
    RetainHandling, Subscribe, Subscription, SubscriptionOptions, Subscriptions, SubscriptionsBuf,
    SubscriptionsIter,
};
pub use unsuback::Unsuback;
pub use unsubscribe::{Filters, FiltersBuf, FiltersIter, Unsubscribe};

/// A packet identifier, 1 to 65,535 (section 2.2.1).
pub type PacketId = NonZeroU16;

/// The types of control packets, by their number (section 2.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum PacketType {
    Connect = 1,
    Connack = 2,
    Publish = 3,
    Puback = 4,
    Pubrec = 5,
    Pubrel = 6,
    Pubcomp = 7,
    Subscribe = 8,
    Suback = 9,
    Unsubscribe = 10,
    Unsuback = 11,
    Pingreq = 12,
    Pingresp = 13,
    Disconnect = 14,
    Auth = 15,
}

impl PacketType {
    /// All types, by number.
    pub const ALL: [Self; 15] = [
        Self::Connect,
        Self::Connack,
        Self::Publish,
        Self::Puback,
        Self::Pubrec,
        Self::Pubrel,
        Self::Pubcomp,
        Self::Subscribe,
        Self::Suback,
        Self::Unsubscribe,
        Self::Unsuback,
        Self::Pingreq,
        Self::Pingresp,
        Self::Disconnect,
        Self::Auth,
    ];

    /// The type of a number, 1 to 15.
    #[must_use]
    #[inline]
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Connect,
            2 => Self::Connack,
            3 => Self::Publish,
            4 => Self::Puback,
            5 => Self::Pubrec,
            6 => Self::Pubrel,
            7 => Self::Pubcomp,
            8 => Self::Subscribe,
            9 => Self::Suback,
            10 => Self::Unsubscribe,
            11 => Self::Unsuback,
            12 => Self::Pingreq,
            13 => Self::Pingresp,
            14 => Self::Disconnect,
            15 => Self::Auth,
            _ => return None,
        })
    }

    /// The number in the high nibble of the first byte.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The name in the notation, such as `PUBLISH`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Connack => "CONNACK",
            Self::Publish => "PUBLISH",
            Self::Puback => "PUBACK",
            Self::Pubrec => "PUBREC",
            Self::Pubrel => "PUBREL",
            Self::Pubcomp => "PUBCOMP",
            Self::Subscribe => "SUBSCRIBE",
            Self::Suback => "SUBACK",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::Unsuback => "UNSUBACK",
            Self::Pingreq => "PINGREQ",
            Self::Pingresp => "PINGRESP",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        }
    }

    /// The type of a name in the notation, such as `PUBLISH`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|packet_type| packet_type.name() == name)
    }

    /// Whether a side sends packets of this type in this version (section 2.1.2).
    #[must_use]
    #[inline]
    pub fn is_sent_by(self, sender: Sender, version: ProtocolVersion) -> bool {
        let has_reason_codes = version.has_reason_codes();
        match self {
            Self::Connect | Self::Subscribe | Self::Unsubscribe | Self::Pingreq => {
                sender != Sender::Server
            }
            Self::Connack | Self::Suback | Self::Unsuback | Self::Pingresp => {
                sender != Sender::Client
            }
            Self::Publish | Self::Puback | Self::Pubrec | Self::Pubrel | Self::Pubcomp => true,
            // In 3.1.1 only a client says goodbye.
            Self::Disconnect => sender != Sender::Server || has_reason_codes,
            Self::Auth => has_reason_codes,
        }
    }

    /// The flags that the fixed header must carry; `None` for PUBLISH, whose flags have meanings (section 2.1.3).
    #[must_use]
    #[inline]
    pub const fn reserved_flags(self) -> Option<u8> {
        match self {
            Self::Publish => None,
            Self::Pubrel | Self::Subscribe | Self::Unsubscribe => Some(0b0010),
            Self::Connect
            | Self::Connack
            | Self::Puback
            | Self::Pubrec
            | Self::Pubcomp
            | Self::Suback
            | Self::Unsuback
            | Self::Pingreq
            | Self::Pingresp
            | Self::Disconnect
            | Self::Auth => Some(0b0000),
        }
    }
}

/// Who sent a packet, as far as is known; some rules bind one side only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
pub enum Sender {
    /// A client: CONNACK, SUBACK, UNSUBACK and PINGRESP are refused, and what only a server may say.
    Client,
    /// A server: CONNECT, SUBSCRIBE, UNSUBSCRIBE, PINGREQ and in 3.1.1 DISCONNECT are refused, and what only a
    /// client may say.
    Server,
    /// Not known: whatever either side may send is valid.
    Either,
}

/// A quality of service (section 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
pub enum Qos {
    /// QoS 0.
    AtMostOnce = 0,
    /// QoS 1.
    AtLeastOnce = 1,
    /// QoS 2.
    ExactlyOnce = 2,
}

impl Qos {
    /// The QoS of its two bits; `None` for 3.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        match bits {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }

    /// Its two bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self as u8
    }
}

/// A valid control packet. It borrows from the frame that it was decoded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum Packet<'a> {
    Connect(Connect<'a>),
    Connack(Connack<'a>),
    Publish(Publish<'a>),
    Puback(Ack<'a>),
    Pubrec(Ack<'a>),
    Pubrel(Ack<'a>),
    Pubcomp(Ack<'a>),
    Subscribe(Subscribe<'a>),
    Suback(Suback<'a>),
    Unsubscribe(Unsubscribe<'a>),
    Unsuback(Unsuback<'a>),
    Pingreq,
    Pingresp,
    Disconnect(Disconnect<'a>),
    Auth(Auth<'a>),
}

impl<'a> Packet<'a> {
    /// Reads a frame by the rules of a version. A CONNECT is read by the level that it carries, whatever `version` says.
    ///
    /// # Errors
    ///
    /// When the frame breaks any rule that can be seen within one packet.
    #[inline]
    pub fn decode(
        frame: &Frame<'a>,
        version: ProtocolVersion,
        sender: Sender,
    ) -> Result<Self, DecodeError> {
        let packet = frame.packet_type();
        let version = match packet {
            Some(PacketType::Connect) => Connect::level_of(frame).unwrap_or(version),
            _ => version,
        };
        let context = Context {
            version,
            packet,
            sender,
        };
        let reader = Reader::new(frame.as_bytes(), frame.header_len(), context);
        let packet = check_header(frame, &reader)?;
        // Each arm makes its own result, of the size of that packet: a packet is as large as the largest, CONNECT, and
        // to move it around would take longer than to decode the others.
        match packet {
            PacketType::Connect => whole(reader, Connect::decode).map(Self::Connect),
            PacketType::Connack => whole(reader, Connack::decode).map(Self::Connack),
            PacketType::Publish => {
                let flags = frame.flags();
                whole(reader, |reader| Publish::decode(reader, flags)).map(Self::Publish)
            }
            PacketType::Puback => whole(reader, |reader| {
                Ack::decode(reader, packet, PropertyPlace::Puback)
            })
            .map(Self::Puback),
            PacketType::Pubrec => whole(reader, |reader| {
                Ack::decode(reader, packet, PropertyPlace::Pubrec)
            })
            .map(Self::Pubrec),
            PacketType::Pubrel => whole(reader, |reader| {
                Ack::decode(reader, packet, PropertyPlace::Pubrel)
            })
            .map(Self::Pubrel),
            PacketType::Pubcomp => whole(reader, |reader| {
                Ack::decode(reader, packet, PropertyPlace::Pubcomp)
            })
            .map(Self::Pubcomp),
            PacketType::Subscribe => whole(reader, Subscribe::decode).map(Self::Subscribe),
            PacketType::Suback => whole(reader, Suback::decode).map(Self::Suback),
            PacketType::Unsubscribe => whole(reader, Unsubscribe::decode).map(Self::Unsubscribe),
            PacketType::Unsuback => whole(reader, Unsuback::decode).map(Self::Unsuback),
            PacketType::Pingreq => whole(reader, |_| Ok(Self::Pingreq)),
            PacketType::Pingresp => whole(reader, |_| Ok(Self::Pingresp)),
            PacketType::Disconnect => whole(reader, Disconnect::decode).map(Self::Disconnect),
            PacketType::Auth => whole(reader, Auth::decode).map(Self::Auth),
        }
    }

    /// Appends the packet to `out`. A CONNECT is written by its own version.
    ///
    /// In 3.1.1 properties, and the reasons of packets that have none there, take no bytes.
    ///
    /// # Errors
    ///
    /// When the packet cannot be expressed, or a property may not stand where it is; `out` is then as it was.
    pub fn encode(&self, version: ProtocolVersion, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let mut count = Count::default();
        self.encode_body(version, &mut count)?;
        let Count(len) = count;
        let too_long = EncodeError::PacketTooLong { len };
        let remaining_len = u32::try_from(len).map_err(|_| too_long)?;
        if remaining_len > VARIABLE_BYTE_INTEGER_MAX {
            return Err(too_long);
        }
        let start = out.len();
        out.reserve(HEADER_LEN_MAX + len);
        let packet = self.packet_type();
        let flags = if let Self::Publish(publish) = self {
            publish.flags()
        } else {
            packet.reserved_flags().unwrap_or_default()
        };
        out.byte(packet.number() << 4 | flags);
        out.variable(remaining_len);
        let written = self.encode_body(version, out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn encode_body(
        &self,
        version: ProtocolVersion,
        sink: &mut impl Sink,
    ) -> Result<(), EncodeError> {
        match self {
            Self::Connect(connect) => connect.encode(sink),
            Self::Connack(connack) => connack.encode(version, sink),
            Self::Publish(publish) => publish.encode(version, sink),
            Self::Puback(ack) => ack.encode(PropertyPlace::Puback, version, sink),
            Self::Pubrec(ack) => ack.encode(PropertyPlace::Pubrec, version, sink),
            Self::Pubrel(ack) => ack.encode(PropertyPlace::Pubrel, version, sink),
            Self::Pubcomp(ack) => ack.encode(PropertyPlace::Pubcomp, version, sink),
            Self::Subscribe(subscribe) => subscribe.encode(version, sink),
            Self::Suback(suback) => suback.encode(version, sink),
            Self::Unsubscribe(unsubscribe) => unsubscribe.encode(version, sink),
            Self::Unsuback(unsuback) => unsuback.encode(version, sink),
            Self::Pingreq | Self::Pingresp => Ok(()),
            Self::Disconnect(disconnect) => disconnect.encode(version, sink),
            Self::Auth(auth) => auth.encode(version, sink),
        }
    }

    /// Its type.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        match self {
            Self::Connect(_) => PacketType::Connect,
            Self::Connack(_) => PacketType::Connack,
            Self::Publish(_) => PacketType::Publish,
            Self::Puback(_) => PacketType::Puback,
            Self::Pubrec(_) => PacketType::Pubrec,
            Self::Pubrel(_) => PacketType::Pubrel,
            Self::Pubcomp(_) => PacketType::Pubcomp,
            Self::Subscribe(_) => PacketType::Subscribe,
            Self::Suback(_) => PacketType::Suback,
            Self::Unsubscribe(_) => PacketType::Unsubscribe,
            Self::Unsuback(_) => PacketType::Unsuback,
            Self::Pingreq => PacketType::Pingreq,
            Self::Pingresp => PacketType::Pingresp,
            Self::Disconnect(_) => PacketType::Disconnect,
            Self::Auth(_) => PacketType::Auth,
        }
    }
}

/// Reads what must be all that a frame holds.
#[inline]
fn whole<'a, T>(
    mut reader: Reader<'a>,
    decode: impl FnOnce(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    let decoded = decode(&mut reader)?;
    reader.finish()?;
    Ok(decoded)
}

/// Checks the first byte: a type of this version and this sender, with its flags.
#[inline]
fn check_header(frame: &Frame<'_>, reader: &Reader<'_>) -> Result<PacketType, DecodeError> {
    let Context {
        version,
        packet,
        sender,
    } = reader.context();
    let number = frame.as_bytes().first().map_or(0, |first| first >> 4);
    let reserved = DecodeErrorKind::ReservedPacketType(number);
    let Some(packet) = packet else {
        return Err(reader.error_at(reserved, 0));
    };
    if packet == PacketType::Auth && !version.has_reason_codes() {
        return Err(reader.error_at(reserved, 0));
    }
    if !packet.is_sent_by(sender, version) {
        return Err(reader.error_at(DecodeErrorKind::WrongSender(sender), 0));
    }
    let found = frame.flags();
    match packet.reserved_flags() {
        Some(allowed) if allowed != found => {
            Err(reader.error_at(DecodeErrorKind::ReservedFlags { found, allowed }, 0))
        }
        _ => Ok(packet),
    }
}

/// The longest fixed header in bytes: the first byte, and four of remaining length (section 2.1).
const HEADER_LEN_MAX: usize = 5;
