//! SUBSCRIBE (section 3.8).

use std::iter;

use super::writer::Body;
use super::{PacketId, Qos, topic};
use crate::error::{Context, DecodeErrorKind, EncodeError, Field, Refusal, Unexplained};
use crate::packet::{PacketType, Sender};
use crate::property::{Properties, PropertyPlace};
use crate::topic::TopicFilter;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// A request for one or more subscriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Subscribe<'a> {
    /// The packet identifier.
    pub packet_id: PacketId,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The filters with their options.
    pub subscriptions: Subscriptions<'a>,
}

impl<'a> Subscribe<'a> {
    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        Ok(Self {
            packet_id: reader.packet_id()?,
            properties: if reader.context().version.has_properties() {
                Properties::decode(reader, PropertyPlace::Subscribe)?
            } else {
                Properties::EMPTY
            },
            subscriptions: Subscriptions::decode(reader)?,
        })
    }
}

impl Body for Subscribe<'_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        let mut options = self.subscriptions.options();
        if !version.has_properties() {
            return options.all(|(_, bits)| bits <= QOS_MASK);
        }
        self.properties.are_allowed_in(PropertyPlace::Subscribe)
            && self.subscriptions.shares == Shares::Shared
            && options.all(|(filter, bits)| bits & NO_LOCAL == 0 || !filter.starts_with(b"$share/"))
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        sink.two_byte(self.packet_id.get());
        if version.has_properties() {
            self.properties.encode(sink)?;
        }
        sink.put(self.subscriptions.bytes);
        Ok(())
    }
}

/// A filter with its options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Subscription<'a> {
    /// The topic filter.
    pub filter: TopicFilter<'a>,
    /// The options.
    pub options: SubscriptionOptions,
}

/// The options byte (section 3.8.3.1); in 3.1.1 the QoS alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct SubscriptionOptions {
    /// The highest QoS at which messages are sent.
    pub qos: Qos,
    /// Whether messages of the same client identifier are left out.
    pub no_local: bool,
    /// Whether messages keep the RETAIN flag that they were published with.
    pub retain_as_published: bool,
    /// When retained messages are sent.
    pub retain_handling: RetainHandling,
}

/// When retained messages are sent for a subscription (section 3.8.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
pub enum RetainHandling {
    /// At every SUBSCRIBE.
    SendAtSubscribe = 0,
    /// Only if the subscription did not exist.
    SendIfNew = 1,
    /// Never.
    DoNotSend = 2,
}

impl RetainHandling {
    /// The handling of its two bits; `None` for 3.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        match bits {
            0 => Some(Self::SendAtSubscribe),
            1 => Some(Self::SendIfNew),
            2 => Some(Self::DoNotSend),
            _ => None,
        }
    }
}

/// The two bits of the QoS in the options.
const QOS_MASK: u8 = 0b0000_0011;

/// The bit of No Local in the options.
const NO_LOCAL: u8 = 0b0000_0100;

/// The bit of Retain As Published in the options.
const RETAIN_AS_PUBLISHED: u8 = 0b0000_1000;

impl SubscriptionOptions {
    /// The QoS, and every other option 0.
    #[must_use]
    pub const fn new(qos: Qos) -> Self {
        Self {
            qos,
            no_local: false,
            retain_as_published: false,
            retain_handling: RetainHandling::SendAtSubscribe,
        }
    }

    fn decode<E: Refusal>(reader: &mut Reader<'_, E>) -> Result<Self, E> {
        let start = reader.offset();
        let bits = reader.byte(Field::SubscriptionOptions)?;
        let reserved = match reader.context().version {
            ProtocolVersion::V3_1_1 => !QOS_MASK,
            ProtocolVersion::V5_0 => 0b1100_0000,
        };
        if bits & reserved != 0 {
            let kind = DecodeErrorKind::ReservedSubscriptionOptions(bits);
            return Err(reader.error_at(kind, start));
        }
        Self::from_bits(bits).ok_or_else(|| {
            let kind = match Qos::from_bits(bits & QOS_MASK) {
                None => DecodeErrorKind::SubscriptionQosThree,
                Some(_) => DecodeErrorKind::RetainHandlingThree,
            };
            reader.error_at(kind, start)
        })
    }

    /// The options of a byte; `None` where a bit is reserved, or a field has the value 3.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        let (Some(qos), Some(retain_handling)) = (
            Qos::from_bits(bits & QOS_MASK),
            RetainHandling::from_bits(bits >> 4),
        ) else {
            return None;
        };
        Some(Self {
            qos,
            no_local: bits & NO_LOCAL != 0,
            retain_as_published: bits & RETAIN_AS_PUBLISHED != 0,
            retain_handling,
        })
    }

    /// The byte on the wire.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.qos as u8
            | (self.no_local as u8) << 2
            | (self.retain_as_published as u8) << 3
            | (self.retain_handling as u8) << 4
    }
}

/// The subscriptions of a SUBSCRIBE: a validated slice, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscriptions<'a> {
    bytes: &'a [u8],
    shares: Shares,
}

impl<'a> Subscriptions<'a> {
    fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        if reader.is_empty() {
            return Err(reader.error(DecodeErrorKind::NoFilters));
        }
        let bytes = reader.rest();
        let mut shares = Shares::default();
        while !reader.is_empty() {
            let filter = topic::decode_filter(reader)?;
            shares.note(&filter);
            let options_at = reader.offset();
            let options = SubscriptionOptions::decode(reader)?;
            if options.no_local && filter.shared().is_some() {
                let kind = DecodeErrorKind::NoLocalOnSharedSubscription;
                return Err(reader.error_at(kind, options_at));
            }
        }
        Ok(Self { bytes, shares })
    }

    /// Each filter with its options byte, in wire order; they are not checked again.
    fn options(&self) -> impl Iterator<Item = (&'a [u8], u8)> + use<'a> {
        let mut reader = Reader::<Unexplained>::new(self.bytes, 0, self.shares.context());
        iter::from_fn(move || {
            let filter = reader.binary(Field::TopicFilter).ok()?;
            Some((filter, reader.byte(Field::SubscriptionOptions).ok()?))
        })
    }

    /// In wire order.
    #[must_use]
    pub const fn iter(&self) -> SubscriptionsIter<'a> {
        SubscriptionsIter {
            rest: self.bytes,
            shares: self.shares,
        }
    }
}

impl<'a> IntoIterator for &Subscriptions<'a> {
    type Item = Subscription<'a>;
    type IntoIter = SubscriptionsIter<'a>;

    fn into_iter(self) -> SubscriptionsIter<'a> {
        self.iter()
    }
}

/// Whether filters that start with `$share/` are shared subscriptions, as in 5.0, or ordinary, as in 3.1.1.
///
/// Where no filter starts so, the two are one, and packets that differ in nothing else are equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shares {
    /// As in 5.0.
    #[default]
    Shared,
    /// As in 3.1.1.
    Ordinary,
}

impl Shares {
    /// Takes a filter into account.
    pub(super) fn note(&mut self, filter: &TopicFilter<'_>) {
        if filter.shared().is_none() && filter.as_str().starts_with("$share/") {
            *self = Self::Ordinary;
        }
    }

    /// The context of a reader that reads the filters again, and whose errors nobody sees.
    pub(super) const fn context(self) -> Context {
        Context {
            version: match self {
                Self::Shared => ProtocolVersion::V5_0,
                Self::Ordinary => ProtocolVersion::V3_1_1,
            },
            packet: None::<PacketType>,
            sender: Sender::Either,
        }
    }
}

/// The iterator of [`Subscriptions::iter`].
#[derive(Clone, Debug)]
pub struct SubscriptionsIter<'a> {
    rest: &'a [u8],
    shares: Shares,
}

impl<'a> Iterator for SubscriptionsIter<'a> {
    type Item = Subscription<'a>;

    fn next(&mut self) -> Option<Subscription<'a>> {
        // What was checked once is valid again: the fallbacks end the iteration, and are never taken.
        let mut reader = Reader::<Unexplained>::new(self.rest, 0, self.shares.context());
        self.rest = &[];
        let filter = topic::decode_filter(&mut reader).ok()?;
        let bits = reader.byte(Field::SubscriptionOptions).ok()?;
        self.rest = reader.rest();
        Some(Subscription {
            filter,
            options: SubscriptionOptions::from_bits(bits)?,
        })
    }
}

/// Subscriptions to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionsBuf {
    bytes: Vec<u8>,
    shares: Shares,
}

impl SubscriptionsBuf {
    /// A first subscription: there is always one.
    ///
    /// # Errors
    ///
    /// When the filter is longer than 65,535 bytes.
    pub fn new(first: Subscription<'_>) -> Result<Self, EncodeError> {
        let mut buf = Self {
            bytes: Vec::new(),
            shares: Shares::default(),
        };
        buf.push(first)?;
        Ok(buf)
    }

    /// Adds a subscription at the end.
    ///
    /// # Errors
    ///
    /// When the filter is longer than 65,535 bytes.
    pub fn push(&mut self, subscription: Subscription<'_>) -> Result<(), EncodeError> {
        self.bytes.binary(subscription.filter.as_str().as_bytes())?;
        self.bytes.byte(subscription.options.bits());
        self.shares.note(&subscription.filter);
        Ok(())
    }

    /// The subscriptions as a packet holds them.
    #[must_use]
    pub fn as_subscriptions(&self) -> Subscriptions<'_> {
        Subscriptions {
            bytes: &self.bytes,
            shares: self.shares,
        }
    }
}
