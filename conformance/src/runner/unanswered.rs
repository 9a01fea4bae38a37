//! What a broker never answers. Who waits for a thing that so many others have waited for in vain need not wait as long:
//! otherwise the suite would take many minutes to say three thousand times that PINGREQ is not answered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mqtt_assay_codec::{PacketType, ProtocolVersion};

use super::waiting::Alternatives;
use crate::scenario::Event;

/// How often in a row each answer has not come, in the tests of a run. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Unanswered(Arc<Mutex<BTreeMap<Awaited, u32>>>);

/// An answer, in a version.
type Awaited = (ProtocolVersion, PacketType);

impl Unanswered {
    /// How long to wait for an answer, where usually that is `patience`.
    pub(super) fn patience(&self, awaited: Awaited, patience: Duration) -> Duration {
        let is_hopeless = self
            .lock()
            .get(&awaited)
            .is_some_and(|&misses| misses >= MISSES);
        if is_hopeless {
            patience / HASTE
        } else {
            patience
        }
    }

    /// It came.
    pub(super) fn came(&self, awaited: Awaited) {
        self.lock().remove(&awaited);
    }

    /// It did not come, although the broker serves others.
    pub(super) fn missed(&self, awaited: Awaited) {
        let mut misses = self.lock();
        let misses = misses.entry(awaited).or_default();
        *misses = misses.saturating_add(1);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Awaited, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The packet type that answers what a client sent, if a line waits for nothing else.
pub(super) fn answer_in(alternatives: &Alternatives<'_>) -> Option<PacketType> {
    let mut awaited = alternatives.iter().map(|(_, events)| match events.first() {
        Some(Event::Packet(pattern)) if is_answer(pattern.packet_type) => Some(pattern.packet_type),
        _ => None,
    });
    let first = awaited.next()??;
    awaited.all(|other| other == Some(first)).then_some(first)
}

/// Whether packets of a type come for what a client sent, at once and not by chance.
fn is_answer(packet_type: PacketType) -> bool {
    matches!(
        packet_type,
        PacketType::Connack
            | PacketType::Puback
            | PacketType::Pubrec
            | PacketType::Pubrel
            | PacketType::Pubcomp
            | PacketType::Suback
            | PacketType::Unsuback
            | PacketType::Pingresp
    )
}

/// So often in a row must an answer not come: more often than tests run at once, if nobody asks for more of them. One
/// that comes is enough to wait for all again.
const MISSES: u32 = 100;
/// So many times shorter is the wait then: half a second, and far longer than an answer takes.
const HASTE: u32 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_long_for_what_never_comes() {
        let awaited = (ProtocolVersion::V5_0, PacketType::Pingresp);
        let others = [
            (ProtocolVersion::V3_1_1, PacketType::Pingresp),
            (ProtocolVersion::V5_0, PacketType::Suback),
        ];
        let full = Duration::from_secs(3);
        let unanswered = Unanswered::default();
        for _ in 0..MISSES {
            assert_eq!(unanswered.patience(awaited, full), full);
            unanswered.clone().missed(awaited);
        }
        assert_eq!(unanswered.patience(awaited, full), full / HASTE);
        for other in others {
            assert_eq!(unanswered.patience(other, full), full);
        }
        unanswered.came(awaited);
        assert_eq!(unanswered.patience(awaited, full), full);
    }
}
