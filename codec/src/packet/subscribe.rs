//! SUBSCRIBE (section 3.8).

use super::{PacketId, Qos};
use crate::error::EncodeError;
use crate::property::Properties;
use crate::topic::TopicFilter;

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
}

impl<'a> Subscriptions<'a> {
    /// In wire order.
    pub fn iter(&self) -> SubscriptionsIter<'a> {
        SubscriptionsIter { rest: self.bytes }
    }
}

/// The iterator of [`Subscriptions::iter`].
#[derive(Clone, Debug)]
pub struct SubscriptionsIter<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for SubscriptionsIter<'a> {
    type Item = Subscription<'a>;

    fn next(&mut self) -> Option<Subscription<'a>> {
        let _ = self.rest;
        todo!()
    }
}

/// Subscriptions to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionsBuf {
    bytes: Vec<u8>,
}

impl SubscriptionsBuf {
    /// A first subscription: there is always one.
    ///
    /// # Errors
    ///
    /// When the filter is longer than 65,535 bytes.
    pub fn new(first: Subscription<'_>) -> Result<Self, EncodeError> {
        let mut buf = Self { bytes: Vec::new() };
        buf.push(first)?;
        Ok(buf)
    }

    /// Adds a subscription at the end.
    ///
    /// # Errors
    ///
    /// When the filter is longer than 65,535 bytes.
    pub fn push(&mut self, subscription: Subscription<'_>) -> Result<(), EncodeError> {
        let _ = subscription;
        todo!()
    }

    /// The subscriptions as a packet holds them.
    #[must_use]
    pub fn as_subscriptions(&self) -> Subscriptions<'_> {
        Subscriptions { bytes: &self.bytes }
    }
}
