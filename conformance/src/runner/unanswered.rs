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
pub struct Unanswered(Arc<Mutex<Misses>>);

type Misses = BTreeMap<(ProtocolVersion, Answer), u32>;

/// What a broker does about what a client sent, at once and not by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    /// A packet of a type that answers another one.
    Packet(PacketType),
    /// The end of the connection, with or without a word.
    Refusal,
}

/// What answers a PINGREQ.
pub(super) const PONG: Answer = Answer::Packet(PacketType::Pingresp);

impl Unanswered {
    /// How long to wait for one of some answers, where usually that is `patience`.
    pub(super) fn patience(
        &self,
        version: ProtocolVersion,
        answers: &[Answer],
        patience: Duration,
    ) -> Duration {
        let misses = self.lock();
        let is_hopeless = |answer: &Answer| {
            let misses = misses.get(&(version, *answer));
            misses.is_some_and(|&misses| misses >= MISSES)
        };
        if !answers.is_empty() && answers.iter().all(is_hopeless) {
            patience / HASTE
        } else {
            patience
        }
    }

    /// It came.
    pub(super) fn came(&self, version: ProtocolVersion, answer: Answer) {
        self.lock().remove(&(version, answer));
    }

    /// None of them came, although the broker serves others.
    pub(super) fn missed(&self, version: ProtocolVersion, answers: &[Answer]) {
        let mut misses = self.lock();
        for answer in answers {
            let misses = misses.entry((version, *answer)).or_default();
            *misses = misses.saturating_add(1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Misses> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answers that a line waits for; none if it waits for something else as well.
pub(super) fn answers_in(alternatives: &Alternatives<'_>) -> Vec<Answer> {
    let firsts = alternatives.iter().map(|(_, events)| events.first());
    let answers: Option<Vec<Answer>> = firsts.map(|first| answer_of(first?)).collect();
    let mut answers = answers.unwrap_or_default();
    if answers.contains(&Answer::Refusal) {
        // The PINGREQ of a probe follows. Many brokers overlook what they should refuse, and those may take their time
        // when at last they refuse something; only one that answers nothing at all is not waited for.
        answers.push(PONG);
    }
    answers
}

/// The answer that an event is.
pub(super) const fn answer_of(event: &Event) -> Option<Answer> {
    match event {
        Event::Closed | Event::Refused(_) => Some(Answer::Refusal),
        Event::Packet(pattern) => match pattern.packet_type {
            PacketType::Disconnect => Some(Answer::Refusal),
            PacketType::Connack
            | PacketType::Puback
            | PacketType::Pubrec
            | PacketType::Pubrel
            | PacketType::Pubcomp
            | PacketType::Suback
            | PacketType::Unsuback
            | PacketType::Pingresp => Some(Answer::Packet(pattern.packet_type)),
            _ => None,
        },
        Event::That(_) | Event::Nothing { .. } | Event::Silence(_) => None,
    }
}

/// So often in a row must an answer not come: more often than tests run at once, if nobody asks for more of them. One
/// that comes is enough to wait for all again.
const MISSES: u32 = 100;
/// So many times shorter is the wait then: half a second, and far longer than an answer takes.
const HASTE: u32 = 6;

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Duration = Duration::from_secs(3);

    #[test]
    fn nobody_waits_long_for_what_never_comes() {
        let version = ProtocolVersion::V5_0;
        let unanswered = Unanswered::default();
        let patience = |version, answers: &[Answer]| unanswered.patience(version, answers, FULL);
        for _ in 0..MISSES {
            assert_eq!(patience(version, &[PONG]), FULL);
            unanswered.clone().missed(version, &[PONG]);
        }
        assert_eq!(patience(version, &[PONG]), FULL / HASTE);
        assert_eq!(patience(ProtocolVersion::V3_1_1, &[PONG]), FULL);
        assert_eq!(patience(version, &[Answer::Refusal]), FULL);
        assert_eq!(patience(version, &[]), FULL);
        unanswered.came(version, PONG);
        assert_eq!(patience(version, &[PONG]), FULL);
    }

    #[test]
    fn one_answer_that_may_come_is_reason_enough_to_wait() {
        let version = ProtocolVersion::V3_1_1;
        let either = [Answer::Packet(PacketType::Suback), Answer::Refusal];
        let unanswered = Unanswered::default();
        for _ in 0..MISSES {
            unanswered.missed(version, &either);
        }
        assert_eq!(unanswered.patience(version, &either, FULL), FULL / HASTE);
        unanswered.came(version, Answer::Refusal);
        assert_eq!(unanswered.patience(version, &either, FULL), FULL);
        assert_eq!(
            unanswered.patience(version, &either[..1], FULL),
            FULL / HASTE
        );
    }
}
