//! Sets of properties and of places, one bit each.

use super::{PropertyId, PropertyPlace};
use crate::packet::Sender;

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

    /// Takes the next property into account; `None` where it may not stand in a place, or not from this sender, or not
    /// once more, and where the code is no property's.
    #[inline]
    pub(super) fn next(
        &mut self,
        code: u8,
        place: PropertyPlace,
        sender: Sender,
    ) -> Option<PropertyId> {
        let id = PropertyId::from_code(code)?;
        let bit = PropertySet::EMPTY.with(id);
        let rules = RULES.get(place as usize)?;
        let refused = rules.refused.get(sender as usize)?.0 | self.0.0 & rules.once.0;
        if !bit.is_within(PropertySet(!refused)) {
            return None;
        }
        self.add(id);
        Some(id)
    }

    /// Takes into account that a value is not legal, so that the section is allowed nowhere.
    pub(super) const fn add_illegal_value(&mut self) {
        let Self(PropertySet(bits)) = *self;
        *self = Self(PropertySet(bits | ILLEGAL_VALUE));
    }

    /// Whether the section has a property.
    #[inline]
    pub(super) const fn has(self, property: PropertyId) -> bool {
        self.0.contains(property)
    }

    /// Whether each property is allowed in a place, as often as it is there.
    #[inline]
    pub(super) fn are_allowed_in(self, place: PropertyPlace) -> bool {
        let rules = RULES.get(place as usize);
        debug_assert!(rules.is_some(), "each place has its rules");
        rules.is_some_and(|rules| self.0.is_within(rules.allowed))
    }
}

/// The bit that says that a value is not legal. No property has an identifier of 61, 62 or 63.
const ILLEGAL_VALUE: u64 = 1 << 61;

/// The bit that says that a property is repeated; none where it may be everywhere.
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

/// What may stand in a place.
#[derive(Clone, Copy)]
struct Rules {
    /// The properties that may stand there, and the repetitions.
    allowed: PropertySet,
    /// The properties that may not stand there twice.
    once: PropertySet,
    /// For each sender, the properties that it may not send there.
    refused: [PropertySet; SENDERS.len()],
}

/// The senders, in the order of their declaration.
const SENDERS: [Sender; 3] = [Sender::Client, Sender::Server, Sender::Either];

/// The rules of each place.
static RULES: [Rules; PLACE_COUNT] = rules();

#[expect(
    clippy::indexing_slicing,
    reason = "it runs when the crate is compiled"
)]
const fn rules() -> [Rules; PLACE_COUNT] {
    const NONE: PropertySet = PropertySet::EMPTY;
    let mut all = [Rules {
        allowed: NONE,
        once: NONE,
        refused: [NONE; SENDERS.len()],
    }; PLACE_COUNT];
    let mut index = 0;
    while index < PLACE_COUNT {
        let place = PropertyPlace::ALL[index];
        let rules = &mut all[place as usize];
        let mut row = 0;
        while row < PropertyId::ALL.len() {
            let property = PropertyId::ALL[row];
            let is_allowed = property.is_allowed_in(place);
            if is_allowed {
                rules.allowed = rules.allowed.with(property);
            }
            if !property.is_repeatable_in(place) {
                rules.once = rules.once.with(property);
            } else if is_allowed {
                rules.allowed.0 |= repeat_bit(property);
            }
            let mut sender = 0;
            while sender < SENDERS.len() {
                if !is_allowed || property.is_never_from(SENDERS[sender], place) {
                    let refused = &mut rules.refused[SENDERS[sender] as usize];
                    *refused = refused.with(property);
                }
                sender += 1;
            }
            row += 1;
        }
        index += 1;
    }
    all
}
