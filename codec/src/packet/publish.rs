//! PUBLISH (section 3.3).

use super::writer::{Body, Payload, Writer};
use super::{PacketId, PacketType, Qos, topic};
use crate::error::{DecodeErrorKind, EncodeError, Field, Refusal};
use crate::property::{Properties, PropertyId, PropertyPlace};
use crate::topic::TopicName;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// An application message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Publish<'a> {
    /// QoS, packet identifier and DUP.
    pub delivery: Delivery,
    /// The RETAIN flag.
    pub retain: bool,
    /// The topic; `None` where it is empty and a topic alias stands for it (5.0, section 3.3.2.1).
    pub topic: Option<TopicName<'a>>,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The payload, possibly empty.
    pub payload: &'a [u8],
}

/// How a message is delivered: only QoS 1 and 2 have a packet identifier and may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
pub enum Delivery {
    /// QoS 0.
    AtMostOnce,
    /// QoS 1.
    AtLeastOnce {
        /// The packet identifier.
        packet_id: PacketId,
        /// Whether it may have been sent before.
        dup: bool,
    },
    /// QoS 2.
    ExactlyOnce {
        /// The packet identifier.
        packet_id: PacketId,
        /// Whether it may have been sent before.
        dup: bool,
    },
}

impl<'a> Publish<'a> {
    #[inline]
    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>, flags: u8) -> Result<Self, E> {
        let Some(qos) = Qos::from_bits((flags & QOS_MASK) >> 1) else {
            return Err(reader.error_at(DecodeErrorKind::PublishQosThree, 0));
        };
        let dup = flags & DUP != 0;
        if dup && qos == Qos::AtMostOnce {
            return Err(reader.error_at(DecodeErrorKind::DupWithoutQos, 0));
        }
        let topic_at = reader.offset();
        let topic = topic::decode_name(reader, Field::TopicName)?;
        let has_properties = reader.context().version.has_properties();
        if topic.is_none() && !has_properties {
            return Err(reader.error_at(NO_TOPIC, topic_at));
        }
        let delivery = match qos {
            Qos::AtMostOnce => Delivery::AtMostOnce,
            Qos::AtLeastOnce => Delivery::AtLeastOnce {
                packet_id: reader.packet_id()?,
                dup,
            },
            Qos::ExactlyOnce => Delivery::ExactlyOnce {
                packet_id: reader.packet_id()?,
                dup,
            },
        };
        let properties = if has_properties {
            Properties::decode(reader, PropertyPlace::Publish)?
        } else {
            Properties::EMPTY
        };
        if topic.is_none() && properties.get(PropertyId::TopicAlias).is_none() {
            return Err(reader.error_at(NO_TOPIC, topic_at));
        }
        Ok(Self {
            delivery,
            retain: flags & RETAIN != 0,
            topic,
            properties,
            payload: reader.take_rest(),
        })
    }

    /// Appends the packet.
    #[inline]
    pub(super) fn write(
        &self,
        version: ProtocolVersion,
        payload: Payload,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let first = PacketType::Publish.number() << 4 | self.flags();
        let len = self.payload.len();
        let copied = match payload {
            Payload::Copied => self.payload,
            Payload::Apart => &[],
        };
        Writer { first, version }.write_before(self, len, copied, out)
    }

    /// The low nibble of the first byte.
    #[inline]
    fn flags(&self) -> u8 {
        let dup = if self.delivery.dup() { DUP } else { 0 };
        dup | self.delivery.qos().bits() << 1 | u8::from(self.retain)
    }
}

impl Body for Publish<'_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        if !version.has_properties() {
            return self.topic.is_some();
        }
        self.properties.are_allowed_in(PropertyPlace::Publish)
            && (self.topic.is_some() || self.properties.has(PropertyId::TopicAlias))
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        sink.binary(self.topic.as_ref().map_or(b"", TopicName::as_bytes))?;
        if let Some(packet_id) = self.delivery.packet_id() {
            sink.two_byte(packet_id.get());
        }
        if version.has_properties() {
            self.properties.encode(sink)?;
        }
        Ok(())
    }
}

/// What is wrong where neither a name nor an alias says the topic.
const NO_TOPIC: DecodeErrorKind = DecodeErrorKind::EmptyTopic(Field::TopicName);

/// The DUP flag (section 3.3.1.1).
const DUP: u8 = 0b1000;

/// The two bits of the QoS (section 3.3.1.2).
const QOS_MASK: u8 = 0b0110;

/// The RETAIN flag (section 3.3.1.3).
const RETAIN: u8 = 0b0001;

impl Delivery {
    /// The QoS.
    #[must_use]
    pub const fn qos(&self) -> Qos {
        match self {
            Self::AtMostOnce => Qos::AtMostOnce,
            Self::AtLeastOnce { .. } => Qos::AtLeastOnce,
            Self::ExactlyOnce { .. } => Qos::ExactlyOnce,
        }
    }

    /// The packet identifier, for QoS 1 and 2.
    #[must_use]
    pub const fn packet_id(&self) -> Option<PacketId> {
        match self {
            Self::AtMostOnce => None,
            Self::AtLeastOnce { packet_id, .. } | Self::ExactlyOnce { packet_id, .. } => {
                Some(*packet_id)
            }
        }
    }

    /// The DUP flag.
    #[must_use]
    pub const fn dup(&self) -> bool {
        match self {
            Self::AtMostOnce => false,
            Self::AtLeastOnce { dup, .. } | Self::ExactlyOnce { dup, .. } => *dup,
        }
    }
}
