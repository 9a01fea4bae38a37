//! UNSUBSCRIBE (section 3.10).

use super::PacketId;
use crate::error::EncodeError;
use crate::property::Properties;
use crate::topic::TopicFilter;

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

/// The filters of an UNSUBSCRIBE: a validated slice, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filters<'a> {
    bytes: &'a [u8],
}

impl<'a> Filters<'a> {
    /// In wire order.
    pub fn iter(&self) -> FiltersIter<'a> {
        FiltersIter { rest: self.bytes }
    }
}

/// The iterator of [`Filters::iter`].
#[derive(Clone, Debug)]
pub struct FiltersIter<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for FiltersIter<'a> {
    type Item = TopicFilter<'a>;

    fn next(&mut self) -> Option<TopicFilter<'a>> {
        let _ = self.rest;
        todo!()
    }
}

/// Filters to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiltersBuf {
    bytes: Vec<u8>,
}

impl FiltersBuf {
    /// A first filter: there is always one.
    ///
    /// # Errors
    ///
    /// When the filter is longer than 65,535 bytes.
    pub fn new(first: TopicFilter<'_>) -> Result<Self, EncodeError> {
        let mut buf = Self { bytes: Vec::new() };
        buf.push(first)?;
        Ok(buf)
    }

    /// Adds a filter at the end.
    ///
    /// # Errors
    ///
    /// When the filter is longer than 65,535 bytes.
    pub fn push(&mut self, filter: TopicFilter<'_>) -> Result<(), EncodeError> {
        let _ = filter;
        todo!()
    }

    /// The filters as a packet holds them.
    #[must_use]
    pub fn as_filters(&self) -> Filters<'_> {
        Filters { bytes: &self.bytes }
    }
}
