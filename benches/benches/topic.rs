//! One topic against one filter, and topics against trees of filters.

mod time;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mqtt_assay_benches::topics::{self, Tree};
use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::topic::{TopicFilter, TopicName};

use time::ProcessorTime;

/// A filter of each form, with a topic that it matches.
const PAIRS: [(&str, &str); 4] = [
    ("plant/line/7/temperature", "plant/line/7/temperature"),
    ("plant/+/7/temperature", "plant/line/7/temperature"),
    ("plant/line/#", "plant/line/7/temperature"),
    ("plant/+/7/+", "plant/line/7/temperature"),
];

/// So many matches are one measurement: one alone is shorter than the clock.
const MATCH_COUNT: usize = 1_000;

fn one(criterion: &mut Criterion<ProcessorTime>) {
    let filters = PAIRS.map(|(filter, _)| TopicFilter::new(filter, ProtocolVersion::V5_0));
    let names = PAIRS.map(|(_, topic)| TopicName::new(topic));
    measure_one(criterion, "ours", |index| {
        match (filters.get(index), names.get(index)) {
            (Some(Ok(filter)), Some(Ok(name))) => black_box(filter).matches(black_box(name)),
            _ => false,
        }
    });
    #[cfg(feature = "peers")]
    peers(criterion);
}

#[cfg(feature = "peers")]
fn peers(criterion: &mut Criterion<ProcessorTime>) {
    use mqtt_topic_engine::{CacheStrategy, TopicPath, TopicPatternPath};
    use rmqtt::types::Topic;

    let pair = |index: usize| *black_box(PAIRS.get(index).unwrap_or(&("", "")));
    measure_one(criterion, "rumqttc", |index| {
        let (filter, topic) = pair(index);
        rumqttc::mqttbytes::matches(topic, filter)
    });
    measure_one(criterion, "mqttbytes", |index| {
        let (filter, topic) = pair(index);
        mqttbytes::matches(topic, filter)
    });
    measure_one(criterion, "mqtt5-protocol", |index| {
        let (filter, topic) = pair(index);
        mqtt5_protocol::topic_matching::matches(topic, filter)
    });
    let filters = PAIRS.map(|(filter, _)| filter.parse::<Topic>());
    measure_one(criterion, "rmqtt", |index| match filters.get(index) {
        Some(Ok(filter)) => filter.matches_str(pair(index).1),
        _ => false,
    });
    let filters = PAIRS.map(|(filter, _)| filter.parse::<ntex_mqtt::TopicFilter>());
    measure_one(criterion, "ntex-mqtt", |index| match filters.get(index) {
        Some(Ok(filter)) => filter.matches_topic(pair(index).1),
        _ => false,
    });
    let filters =
        PAIRS.map(|(filter, _)| TopicPatternPath::new_from_string(filter, CacheStrategy::NoCache));
    measure_one(criterion, "mqtt-topic-engine", |index| {
        let topic = TopicPath::new(pair(index).1);
        match (filters.get(index), topic) {
            (Some(Ok(filter)), Ok(topic)) => filter.try_match(topic.into()).is_ok(),
            _ => false,
        }
    });
}

/// Measures the matches of all pairs in turn, if each of them matches.
fn measure_one(
    criterion: &mut Criterion<ProcessorTime>,
    name: &str,
    is_match: impl Fn(usize) -> bool,
) {
    if !(0..PAIRS.len()).all(&is_match) {
        report(name, "one");
        return;
    }
    let mut group = criterion.benchmark_group("topic/one");
    group.throughput(Throughput::Elements(MATCH_COUNT as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            (0..MATCH_COUNT)
                .filter(|index| is_match(index % PAIRS.len()))
                .count()
        });
    });
    group.finish();
}

fn trees(criterion: &mut Criterion<ProcessorTime>) {
    for (size, count) in [("1k", 1_000), ("100k", 100_000), ("1m", 1_000_000)] {
        let filters = topics::filters(count);
        let topics = topics::topics();
        let expected = measure_tree::<topics::Ours>(criterion, size, &filters, &topics, None);
        #[cfg(feature = "peers")]
        {
            measure_tree::<topics::Rmqtt>(criterion, size, &filters, &topics, Some(expected));
            measure_tree::<topics::TopicEngine>(criterion, size, &filters, &topics, Some(expected));
        }
        let _ = expected;
    }
}

/// Measures a tree, if it finds as many matches as expected; answers how many it finds.
fn measure_tree<T: Tree>(
    criterion: &mut Criterion<ProcessorTime>,
    size: &str,
    filters: &[String],
    topics: &[String],
    expected: Option<usize>,
) -> usize {
    let tree = T::of(filters);
    let count = || -> usize { topics.iter().map(|topic| tree.count_matches(topic)).sum() };
    let found = count();
    if expected.is_some_and(|expected| expected != found) {
        report(T::NAME, size);
        return found;
    }
    let mut group = criterion.benchmark_group(format!("topic/tree/{size}"));
    group.throughput(Throughput::Elements(topics.len() as u64));
    group.bench_function(T::NAME, |bencher| bencher.iter(count));
    group.finish();
    found
}

#[expect(clippy::print_stderr, reason = "a benchmark has no other place for it")]
fn report(name: &str, input: &str) {
    eprintln!("{name} is left out of topic/{input}: its matches are not the expected ones");
}

criterion_group! {
    name = benches;
    config = time::criterion();
    targets = one, trees
}
criterion_main!(benches);
