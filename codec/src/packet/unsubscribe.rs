//! UNSUBSCRIBE (section 3.10).

use super::subscribe::Shares;
use super::writer::Body;
use super::{PacketId, topic};
use crate::error::{DecodeErrorKind, EncodeError, Refusal, Unexplained};
use crate::property::{Properties, PropertyPlace};
use crate::topic::TopicFilter;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// A request to remove one or more subscriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Unsubscribe<'a> {
    /// The packet identifier.
    pub packet_id: PacketId,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The filters.
    pub filters: Filters<'a>,
}

impl<'a> Unsubscribe<'a> {
    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        Ok(Self {
            packet_id: reader.packet_id()?,
            properties: if reader.context().version.has_properties() {
                Properties::decode(reader, PropertyPlace::Unsubscribe)?
            } else {
                Properties::EMPTY
            },
            filters: Filters::decode(reader)?,
        })
    }
}

impl Body for Unsubscribe<'_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        !version.has_properties()
            || (self.properties.are_allowed_in(PropertyPlace::Unsubscribe)
                && self.filters.shares == Shares::Shared)
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        sink.two_byte(self.packet_id.get());
        if version.has_properties() {
            self.properties.encode(sink)?;
        }
        sink.put(self.filters.bytes);
        Ok(())
    }
}

/// The filters of an UNSUBSCRIBE: a validated slice, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filters<'a> {
    bytes: &'a [u8],
    shares: Shares,
}

impl<'a> Filters<'a> {
    fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        if reader.is_empty() {
            return Err(reader.error(DecodeErrorKind::NoFilters));
        }
        let bytes = reader.rest();
        let mut shares = Shares::default();
        while !reader.is_empty() {
            shares.note(&topic::decode_filter(reader)?);
        }
        Ok(Self { bytes, shares })
    }

    /// In wire order.
    #[must_use]
    pub const fn iter(&self) -> FiltersIter<'a> {
        FiltersIter {
            rest: self.bytes,
            shares: self.shares,
        }
    }
}

impl<'a> IntoIterator for &Filters<'a> {
    type Item = TopicFilter<'a>;
    type IntoIter = FiltersIter<'a>;

    fn into_iter(self) -> FiltersIter<'a> {
        self.iter()
    }
}

/// The iterator of [`Filters::iter`].
#[derive(Clone, Debug)]
pub struct FiltersIter<'a> {
    rest: &'a [u8],
    shares: Shares,
}

impl<'a> Iterator for FiltersIter<'a> {
    type Item = TopicFilter<'a>;

    fn next(&mut self) -> Option<TopicFilter<'a>> {
        // What was checked once is valid again: the fallback ends the iteration, and is never taken.
        let mut reader = Reader::<Unexplained>::new(self.rest, 0, self.shares.context());
        self.rest = &[];
        let filter = topic::decode_filter(&mut reader).ok()?;
        self.rest = reader.rest();
        Some(filter)
    }
}

/// Filters to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiltersBuf {
    bytes: Vec<u8>,
    shares: Shares,
}

impl FiltersBuf {
    /// A first filter: there is always one.
    ///
    /// # Errors
    ///
    /// When the filter is longer than 65,535 bytes.
    pub fn new(first: TopicFilter<'_>) -> Result<Self, EncodeError> {
        let mut buf = Self {
            bytes: Vec::new(),
            shares: Shares::default(),
        };
        buf.push(first)?;
        Ok(buf)
    }

    /// Adds a filter at the end.
    ///
    /// # Errors
    ///
    /// When the filter is longer than 65,535 bytes.
    pub fn push(&mut self, filter: TopicFilter<'_>) -> Result<(), EncodeError> {
        self.bytes.binary(filter.as_str().as_bytes())?;
        self.shares.note(&filter);
        Ok(())
    }

    /// The filters as a packet holds them.
    #[must_use]
    pub fn as_filters(&self) -> Filters<'_> {
        Filters {
            bytes: &self.bytes,
            shares: self.shares,
        }
    }
}
