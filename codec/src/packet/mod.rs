//! Packets: what a frame means, checked against the format.

mod ack;
mod auth;
mod connack;
mod connect;
mod disconnect;
mod publish;
mod suback;
mod subscribe;
mod unsuback;
mod unsubscribe;

use std::num::NonZeroU16;

use crate::error::{DecodeError, EncodeError};
use crate::frame::Frame;
use crate::property::Properties;
use crate::reason::ReasonCode;
use crate::version::ProtocolVersion;

pub use ack::Ack;
pub use auth::Auth;
pub use connack::Connack;
pub use connect::{Connect, Will};
pub use disconnect::Disconnect;
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

    /// The flags that the fixed header must carry; `None` for PUBLISH, whose flags have meanings (section 2.1.3).
    #[must_use]
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
    /// A server: CONNECT, SUBSCRIBE, UNSUBSCRIBE and PINGREQ are refused, and what only a client may say.
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
    pub fn decode(
        frame: &Frame<'a>,
        version: ProtocolVersion,
        sender: Sender,
    ) -> Result<Self, DecodeError> {
        let _ = (frame, version, sender);
        todo!()
    }

    /// Appends the packet to `out`.
    ///
    /// # Errors
    ///
    /// When the packet cannot be expressed; `out` is then as it was.
    pub fn encode(&self, version: ProtocolVersion, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let _ = (version, out);
        todo!()
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

/// A reason with its properties, in one of the three lengths that 5.0 allows (sections 3.4.2, 3.14.2, 3.15.2).
///
/// PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT and AUTH end with it. In 3.1.1 it takes no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome<'a> {
    reason: ReasonCode,
    properties: Properties<'a>,
    form: OutcomeForm,
}

/// How much of an outcome is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutcomeForm {
    /// Nothing: the reason is 0x00.
    Empty,
    /// The reason alone.
    Reason,
    /// The reason, the property length and the properties.
    Full,
}

impl<'a> Outcome<'a> {
    /// Reason 0x00, in the shortest form: nothing on the wire.
    pub const SUCCESS: Self = Self {
        reason: ReasonCode::SUCCESS,
        properties: Properties::EMPTY,
        form: OutcomeForm::Empty,
    };

    /// A reason, written out, without a property length.
    #[must_use]
    pub const fn new(reason: ReasonCode) -> Self {
        Self {
            reason,
            properties: Properties::EMPTY,
            form: OutcomeForm::Reason,
        }
    }

    /// A reason and properties, both written out, even if there are none.
    #[must_use]
    pub const fn with_properties(reason: ReasonCode, properties: Properties<'a>) -> Self {
        Self {
            reason,
            properties,
            form: OutcomeForm::Full,
        }
    }

    /// The reason; 0x00 where none is on the wire.
    #[must_use]
    pub const fn reason(&self) -> ReasonCode {
        self.reason
    }

    /// The properties; empty where none are on the wire.
    #[must_use]
    pub const fn properties(&self) -> Properties<'a> {
        self.properties
    }

    /// Whether a reason code is on the wire.
    #[must_use]
    pub const fn has_reason(&self) -> bool {
        !matches!(self.form, OutcomeForm::Empty)
    }

    /// Whether a property length is on the wire.
    #[must_use]
    pub const fn has_properties(&self) -> bool {
        matches!(self.form, OutcomeForm::Full)
    }
}
