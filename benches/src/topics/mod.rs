//! Filters and topics as a plant has them, and the trees that hold them.

#[cfg(feature = "peers")]
mod peer;

#[cfg(feature = "peers")]
pub use peer::{Rmqtt, TopicEngine};

use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::topic::{FilterTree, TopicFilter, TopicName};

/// A tree of many filters; the value of each is its number.
pub trait Tree {
    /// Its package's name, as in the tables.
    const NAME: &'static str;

    /// A tree of all these filters.
    fn of(filters: &[String]) -> Self;

    /// How many of the filters match.
    fn count_matches(&self, topic: &str) -> usize;
}

/// The tree of mqtt-assay-codec.
#[derive(Debug)]
pub struct Ours(FilterTree<u32>);

impl Tree for Ours {
    const NAME: &'static str = "ours";

    fn of(filters: &[String]) -> Self {
        let mut tree = FilterTree::new();
        for (text, number) in filters.iter().zip(0..) {
            if let Ok(filter) = TopicFilter::new(text, ProtocolVersion::V5_0) {
                *tree.entry(&filter) = number;
            }
        }
        Self(tree)
    }

    fn count_matches(&self, topic: &str) -> usize {
        let mut count = 0;
        if let Ok(topic) = TopicName::new(topic) {
            self.0.for_each_match(&topic, |_| count += 1);
        }
        count
    }
}

/// So many different filters: 70 % exact, 15 % with one `+`, 10 % with `#` at the end, 5 % with two `+` or with both.
#[must_use]
pub fn filters(count: usize) -> Vec<String> {
    let mut random = Random(1);
    let mut filters: Vec<String> = Vec::new();
    while filters.len() < count {
        filters.extend((filters.len()..count).map(|_| filter(&mut random)));
        filters.sort_unstable();
        filters.dedup();
    }
    shuffle(&mut filters, &mut random);
    filters
}

/// Topics of the same plant, many more than fit into a cache with their matches.
#[must_use]
pub fn topics() -> Vec<String> {
    let mut random = Random(2);
    (0..TOPIC_COUNT)
        .map(|_| levels(&mut random).join("/"))
        .collect()
}

/// How many topics are matched in a run.
pub const TOPIC_COUNT: usize = 10_000;

fn filter(random: &mut Random) -> String {
    let mut levels = levels(random);
    let form = random.below(100);
    let mut replace = |level: usize| {
        if let Some(level) = levels.get_mut(level) {
            "+".clone_into(level);
        }
    };
    match form {
        0..70 => {}
        70..85 => replace(random.below(5)),
        85..95 => {
            levels.truncate(1 + random.below(4));
            levels.push("#".to_owned());
        }
        _ => {
            replace(random.below(3));
            replace(3 + random.below(2));
        }
    }
    levels.join("/")
}

/// Region, site, line, device, metric: ten million topics.
fn levels(random: &mut Random) -> Vec<String> {
    vec![
        format!("region-{}", random.below(10)),
        format!("site-{}", random.below(50)),
        format!("line-{}", random.below(20)),
        format!("device-{:04}", random.below(100)),
        METRICS
            .get(random.below(METRICS.len()))
            .copied()
            .unwrap_or_default()
            .to_owned(),
    ]
}

/// The last level.
const METRICS: [&str; 10] = [
    "temperature",
    "pressure",
    "humidity",
    "state",
    "alarm",
    "speed",
    "power",
    "uptime",
    "command",
    "config",
];

fn shuffle(texts: &mut [String], random: &mut Random) {
    for index in (1..texts.len()).rev() {
        texts.swap(index, random.below(index + 1));
    }
}

/// Numbers that are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % end
    }
}
