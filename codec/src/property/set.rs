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
pub(super) struct Contents {
    present: PropertySet,
    repeated: PropertySet,
}

impl Contents {
    /// An empty section's.
    pub(super) const EMPTY: Self = Self {
        present: PropertySet::EMPTY,
        repeated: PropertySet::EMPTY,
    };

    /// Takes one more property into account.
    #[inline]
    pub(super) const fn add(&mut self, property: PropertyId) {
        if self.has(property) {
            self.repeated = self.repeated.with(property);
        }
        self.present = self.present.with(property);
    }

    /// Whether the section has a property.
    #[inline]
    pub(super) const fn has(self, property: PropertyId) -> bool {
        self.present.contains(property)
    }

    /// Whether each property is allowed in a place, as often as it is there.
    #[inline]
    pub(super) fn are_allowed_in(self, place: PropertyPlace) -> bool {
        self.present.is_within(set_of(&ALLOWED, place))
            && self.repeated.is_within(set_of(&REPEATABLE, place))
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

/// For each place, the properties that may stand there.
static ALLOWED: [PropertySet; PLACE_COUNT] = by_place(Often::Once);

/// For each place, the properties that may stand there more than once.
static REPEATABLE: [PropertySet; PLACE_COUNT] = by_place(Often::Repeatedly);

/// How often a property stands in a place.
#[derive(Clone, Copy)]
enum Often {
    Once,
    Repeatedly,
}

#[expect(
    clippy::indexing_slicing,
    reason = "it runs when the crate is compiled"
)]
const fn by_place(often: Often) -> [PropertySet; PLACE_COUNT] {
    let mut sets = [PropertySet::EMPTY; PLACE_COUNT];
    let mut place = 0;
    while place < PLACE_COUNT {
        let mut index = 0;
        while index < PropertyId::ALL.len() {
            let property = PropertyId::ALL[index];
            let is_in = match often {
                Often::Once => true,
                Often::Repeatedly => property.is_repeatable_in(PropertyPlace::ALL[place]),
            };
            if is_in && property.is_allowed_in(PropertyPlace::ALL[place]) {
                sets[PropertyPlace::ALL[place] as usize] =
                    sets[PropertyPlace::ALL[place] as usize].with(property);
            }
            index += 1;
        }
        place += 1;
    }
    sets
}

#[inline]
fn set_of(sets: &[PropertySet; PLACE_COUNT], place: PropertyPlace) -> PropertySet {
    let set = sets.get(place as usize);
    debug_assert!(set.is_some(), "each place has a set");
    set.copied().unwrap_or(PropertySet::EMPTY)
}
