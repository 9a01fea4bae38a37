//! What a broker never answers. Who waits for a thing that so many others have waited for in vain need not wait as long:
//! otherwise the suite would take many minutes to say three thousand times that PINGREQ is not answered.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mqtt_assay_codec::{PacketType, ProtocolVersion};
use tokio::time::Instant;

use super::waiting::Alternatives;
use crate::scenario::Event;

/// How often in a row each answer of a broker has not come, in all tests.
#[derive(Debug, Default)]
pub(super) struct Unanswered(Mutex<Answers>);

type Answers = BTreeMap<(ProtocolVersion, Answer), Misses>;

/// How often in a row an answer has not come.
#[derive(Debug)]
struct Misses {
    count: u32,
    /// When the first of them began to wait.
    since: Instant,
}

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
        let all = self.lock();
        let is_hopeless = |answer: &Answer| {
            all.get(&(version, *answer)).is_some_and(|misses| {
                misses.count >= MISSES && misses.since.elapsed() >= patience * PATIENCES
            })
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

    /// None of them came since then, although the broker serves others.
    pub(super) fn missed(&self, version: ProtocolVersion, answers: &[Answer], since: Instant) {
        let mut all = self.lock();
        for answer in answers {
            let misses = all.entry((version, *answer));
            let misses = misses.or_insert(Misses { count: 0, since });
            misses.count = misses.count.saturating_add(1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
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

/// So often in a row must an answer not come. One that comes is enough to wait for all again.
const MISSES: u32 = 10;
/// And for so many times as long as one is waited for: a broker that stands still for some seconds misses many at once.
const PATIENCES: u32 = 5;
/// So many times shorter is the wait then: half a second, and far longer than an answer takes.
const HASTE: u32 = 6;

#[cfg(test)]
mod tests {
    use tokio::time;

    use super::*;

    const FULL: Duration = Duration::from_secs(3);

    /// A broker that has not given some answers, so often, in so much time.
    async fn without(answers: &[Answer], count: u32, time: Duration) -> Unanswered {
        let unanswered = Unanswered::default();
        let since = Instant::now();
        time::advance(time).await;
        for _ in 0..count {
            unanswered.missed(ProtocolVersion::V5_0, answers, since);
        }
        unanswered
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_long_for_what_never_comes() {
        let version = ProtocolVersion::V5_0;
        let long = FULL * PATIENCES;
        let unanswered = without(&[PONG], MISSES, long).await;
        assert_eq!(unanswered.patience(version, &[PONG], FULL), FULL / HASTE);
        let others = [
            unanswered.patience(ProtocolVersion::V3_1_1, &[PONG], FULL),
            unanswered.patience(version, &[Answer::Refusal], FULL),
            unanswered.patience(version, &[], FULL),
            without(&[PONG], MISSES - 1, long)
                .await
                .patience(version, &[PONG], FULL),
            without(&[PONG], MISSES * 10, long / 2)
                .await
                .patience(version, &[PONG], FULL),
        ];
        assert_eq!(others, [FULL; 5]);
        unanswered.came(version, PONG);
        assert_eq!(unanswered.patience(version, &[PONG], FULL), FULL);
    }

    #[tokio::test(start_paused = true)]
    async fn one_answer_that_may_come_is_reason_enough_to_wait() {
        let version = ProtocolVersion::V5_0;
        let either = [Answer::Packet(PacketType::Suback), Answer::Refusal];
        let unanswered = without(&either, MISSES, FULL * PATIENCES).await;
        assert_eq!(unanswered.patience(version, &either, FULL), FULL / HASTE);
        unanswered.came(version, Answer::Refusal);
        assert_eq!(unanswered.patience(version, &either, FULL), FULL);
        assert_eq!(
            unanswered.patience(version, &either[..1], FULL),
            FULL / HASTE
        );
    }
}
