//! Packets: what a frame means, checked against the format.

mod ack;
mod auth;
mod connack;
mod connect;
mod disconnect;
mod header;
mod outcome;
mod owned;
mod publish;
mod suback;
mod subscribe;
mod topic;
mod unsuback;
mod unsubscribe;
mod writer;

use std::num::NonZeroU16;

use crate::error::{Context, DecodeError, EncodeError, Refusal, Unexplained};
use crate::frame::Frame;
use crate::property::PropertyPlace;
use crate::version::ProtocolVersion;
use crate::wire::Reader;
use writer::{Payload, Writer};

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
    pub const fn is_sent_by(self, sender: Sender, version: ProtocolVersion) -> bool {
        let is_by_client = !matches!(sender, Sender::Server);
        let is_by_server = !matches!(sender, Sender::Client);
        let has_reason_codes = version.has_reason_codes();
        match self {
            Self::Connect | Self::Subscribe | Self::Unsubscribe | Self::Pingreq => is_by_client,
            Self::Connack | Self::Suback | Self::Unsuback | Self::Pingresp => is_by_server,
            Self::Publish | Self::Puback | Self::Pubrec | Self::Pubrel | Self::Pubcomp => true,
            // In 3.1.1 only a client says goodbye.
            Self::Disconnect => is_by_client || has_reason_codes,
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
        let first = frame.first();
        let packet = match packet {
            Some(packet) if header::is_allowed(first, sender, version) => packet,
            _ => return Err(header::error(first, context)),
        };
        decode_body(frame, packet, context, |Unexplained| {
            explain(frame, packet, context)
        })
    }

    /// Appends the packet to `out`. A CONNECT is written by its own version.
    ///
    /// In 3.1.1 properties, and the reasons of packets that have none there, take no bytes.
    ///
    /// # Errors
    ///
    /// When a field is too long, the packet is, or [`Packet::decode`] would refuse it from [`Sender::Either`]; `out` is
    /// then as it was.
    pub fn encode(&self, version: ProtocolVersion, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.write(version, Payload::Copied, out)
    }

    /// Appends the packet to `out` but for the payload of a PUBLISH, which it answers: whoever writes both, one behind the
    /// other, sends a large payload without a copy of it. Other packets are appended whole, and the answer is empty.
    ///
    /// ```
    /// use mqtt_assay_codec::packet::{Delivery, Publish};
    /// use mqtt_assay_codec::property::Properties;
    /// use mqtt_assay_codec::topic::TopicName;
    /// use mqtt_assay_codec::{Packet, ProtocolVersion};
    ///
    /// let packet = Packet::Publish(Publish {
    ///     delivery: Delivery::AtMostOnce,
    ///     retain: false,
    ///     topic: Some(TopicName::new("a")?),
    ///     properties: Properties::EMPTY,
    ///     payload: b"large",
    /// });
    /// let mut head = Vec::new();
    /// let payload = packet.encode_head(ProtocolVersion::V3_1_1, &mut head)?;
    /// assert_eq!(head, [0x30, 0x08, 0x00, 0x01, b'a']);
    /// assert_eq!(payload, b"large");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Packet::encode`].
    pub fn encode_head(
        &self,
        version: ProtocolVersion,
        out: &mut Vec<u8>,
    ) -> Result<&'a [u8], EncodeError> {
        self.write(version, Payload::Apart, out)?;
        Ok(match self {
            Self::Publish(publish) => publish.payload,
            Self::Connect(_)
            | Self::Connack(_)
            | Self::Puback(_)
            | Self::Pubrec(_)
            | Self::Pubrel(_)
            | Self::Pubcomp(_)
            | Self::Subscribe(_)
            | Self::Suback(_)
            | Self::Unsubscribe(_)
            | Self::Unsuback(_)
            | Self::Pingreq
            | Self::Pingresp
            | Self::Disconnect(_)
            | Self::Auth(_) => &[],
        })
    }

    #[inline]
    fn write(
        &self,
        version: ProtocolVersion,
        payload: Payload,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let frame = |packet: PacketType| Writer {
            first: packet.number() << 4 | packet.reserved_flags().unwrap_or_default(),
            version,
        };
        // One decision for each packet: what follows is compiled for each type.
        match self {
            Self::Connect(connect) => frame(PacketType::Connect).write(connect, out),
            Self::Connack(connack) => frame(PacketType::Connack).write(connack, out),
            Self::Publish(publish) => publish.write(version, payload, out),
            Self::Puback(ack) => {
                let typed = ack::Typed(PacketType::Puback, PropertyPlace::Puback, ack);
                frame(PacketType::Puback).write(&typed, out)
            }
            Self::Pubrec(ack) => {
                let typed = ack::Typed(PacketType::Pubrec, PropertyPlace::Pubrec, ack);
                frame(PacketType::Pubrec).write(&typed, out)
            }
            Self::Pubrel(ack) => {
                let typed = ack::Typed(PacketType::Pubrel, PropertyPlace::Pubrel, ack);
                frame(PacketType::Pubrel).write(&typed, out)
            }
            Self::Pubcomp(ack) => {
                let typed = ack::Typed(PacketType::Pubcomp, PropertyPlace::Pubcomp, ack);
                frame(PacketType::Pubcomp).write(&typed, out)
            }
            Self::Subscribe(subscribe) => frame(PacketType::Subscribe).write(subscribe, out),
            Self::Suback(suback) => frame(PacketType::Suback).write(suback, out),
            Self::Unsubscribe(unsubscribe) => {
                frame(PacketType::Unsubscribe).write(unsubscribe, out)
            }
            Self::Unsuback(unsuback) => frame(PacketType::Unsuback).write(unsuback, out),
            Self::Pingreq => frame(PacketType::Pingreq).write(&(), out),
            Self::Pingresp => frame(PacketType::Pingresp).write(&(), out),
            Self::Disconnect(disconnect) => frame(PacketType::Disconnect).write(disconnect, out),
            Self::Auth(auth) => frame(PacketType::Auth).write(auth, out),
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

/// Reads what is behind the fixed header.
#[inline]
fn decode_body<'a, E: Refusal>(
    frame: &Frame<'a>,
    packet: PacketType,
    context: Context,
    explain: impl Fn(E) -> DecodeError,
) -> Result<Packet<'a>, DecodeError> {
    let reader = Reader::new(frame.as_bytes(), frame.header_len(), context);
    let ack = |place| move |reader: &mut Reader<'a, E>| Ack::decode(reader, packet, place);
    let publish = |reader: &mut Reader<'a, E>| Publish::decode(reader, frame.flags());
    let nothing = |_: &mut Reader<'a, E>| Ok(());
    match packet {
        PacketType::Connect => whole(reader, Connect::decode, Packet::Connect, explain),
        PacketType::Connack => whole(reader, Connack::decode, Packet::Connack, explain),
        PacketType::Publish => whole(reader, publish, Packet::Publish, explain),
        PacketType::Puback => whole(reader, ack(PropertyPlace::Puback), Packet::Puback, explain),
        PacketType::Pubrec => whole(reader, ack(PropertyPlace::Pubrec), Packet::Pubrec, explain),
        PacketType::Pubrel => whole(reader, ack(PropertyPlace::Pubrel), Packet::Pubrel, explain),
        PacketType::Pubcomp => whole(
            reader,
            ack(PropertyPlace::Pubcomp),
            Packet::Pubcomp,
            explain,
        ),
        PacketType::Subscribe => whole(reader, Subscribe::decode, Packet::Subscribe, explain),
        PacketType::Suback => whole(reader, Suback::decode, Packet::Suback, explain),
        PacketType::Unsubscribe => whole(reader, Unsubscribe::decode, Packet::Unsubscribe, explain),
        PacketType::Unsuback => whole(reader, Unsuback::decode, Packet::Unsuback, explain),
        PacketType::Pingreq => whole(reader, nothing, |()| Packet::Pingreq, explain),
        PacketType::Pingresp => whole(reader, nothing, |()| Packet::Pingresp, explain),
        PacketType::Disconnect => whole(reader, Disconnect::decode, Packet::Disconnect, explain),
        PacketType::Auth => whole(reader, Auth::decode, Packet::Auth, explain),
    }
}

/// Reads what must be all that a frame holds.
///
/// It makes the answer itself: a packet is as large as the largest, CONNECT, and to move it around would take longer than
/// to decode the others.
#[inline]
fn whole<'a, T, E: Refusal>(
    mut reader: Reader<'a, E>,
    decode: impl FnOnce(&mut Reader<'a, E>) -> Result<T, E>,
    wrap: impl FnOnce(T) -> Packet<'a>,
    explain: impl FnOnce(E) -> DecodeError,
) -> Result<Packet<'a>, DecodeError> {
    let refusal = match decode(&mut reader) {
        Ok(decoded) => match reader.finish() {
            Ok(()) => return Ok(wrap(decoded)),
            Err(refusal) => refusal,
        },
        Err(refusal) => refusal,
    };
    Err(explain(refusal))
}

/// Why a body is refused.
#[cold]
fn explain(frame: &Frame<'_>, packet: PacketType, context: Context) -> DecodeError {
    #[expect(
        clippy::expect_used,
        reason = "the same code has just refused the same bytes"
    )]
    decode_body(frame, packet, context, |error: DecodeError| error)
        .expect_err("a packet is refused for a reason")
}
