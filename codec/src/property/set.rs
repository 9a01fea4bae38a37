//! Sets of properties and of places, one bit each.

use super::{PropertyId, PropertyPlace};

/// A set of properties: their identifiers are below 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct PropertySet(u64);

impl PropertySet {
    /// No property.
    pub(super) const EMPTY: Self = Self(0);

    /// The set with one property more.
    #[inline]
    pub(super) const fn with(self, property: PropertyId) -> Self {
        Self(self.0 | 1 << property.code())
    }

    /// Whether a property is in it.
    #[inline]
    pub(super) const fn contains(self, property: PropertyId) -> bool {
        self.0 & 1 << property.code() != 0
    }

    /// Whether all of it is in another set.
    #[inline]
    pub(super) const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

/// Which properties a section has, and which of them more than once.
///
/// With it, whether a section may stand in a packet is known without reading it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Contents(PropertySet);

impl Contents {
    /// An empty section's.
    pub(super) const EMPTY: Self = Self(PropertySet::EMPTY);

    /// Takes one more property into account.
    #[inline]
    pub(super) const fn add(&mut self, property: PropertyId) {
        let PropertySet(mut bits) = self.0.with(property);
        if self.has(property) {
            bits |= repeat_bit(property);
        }
        self.0 = PropertySet(bits);
    }

    /// Whether the section has a property.
    #[inline]
    pub(super) const fn has(self, property: PropertyId) -> bool {
        self.0.contains(property)
    }

    /// Whether each property is allowed in a place, as often as it is there.
    #[inline]
    pub(super) fn are_allowed_in(self, place: PropertyPlace) -> bool {
        let allowed = ALLOWED.get(place as usize);
        debug_assert!(allowed.is_some(), "each place has a set");
        allowed.is_some_and(|allowed| self.0.is_within(*allowed))
    }
}

/// The bit that says that a property is repeated; none where it may be everywhere.
///
/// No property has an identifier of 62 or 63.
#[inline]
const fn repeat_bit(property: PropertyId) -> u64 {
    if matches!(property, PropertyId::UserProperty) {
        0
    } else if matches!(property, PropertyId::SubscriptionIdentifier) {
        1 << 62
    } else {
        1 << 63
    }
}

/// A set of places.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlaceSet(u16);

impl PlaceSet {
    /// No place.
    pub(super) const EMPTY: Self = Self(0);

    /// The set with one place more.
    pub(super) const fn with(self, place: PropertyPlace) -> Self {
        Self(self.0 | 1 << place as u16)
    }

    /// Whether a place is in it.
    #[inline]
    pub(super) const fn contains(self, place: PropertyPlace) -> bool {
        self.0 & 1 << place as u16 != 0
    }
}

/// The number of places.
const PLACE_COUNT: usize = PropertyPlace::ALL.len();

/// For each place, the properties that may stand there, and the repetitions.
static ALLOWED: [PropertySet; PLACE_COUNT] = allowed();

#[expect(
    clippy::indexing_slicing,
    reason = "it runs when the crate is compiled"
)]
const fn allowed() -> [PropertySet; PLACE_COUNT] {
    let mut sets = [PropertySet::EMPTY; PLACE_COUNT];
    let mut index = 0;
    while index < PLACE_COUNT {
        let place = PropertyPlace::ALL[index];
        let mut bits = 0;
        let mut row = 0;
        while row < PropertyId::ALL.len() {
            let property = PropertyId::ALL[row];
            if property.is_allowed_in(place) {
                bits |= PropertySet::EMPTY.with(property).0;
                if property.is_repeatable_in(place) {
                    bits |= repeat_bit(property);
                }
            }
            row += 1;
        }
        sets[place as usize] = PropertySet(bits);
        index += 1;
    }
    sets
}
