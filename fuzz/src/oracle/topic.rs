//! Topics: the matcher, the tree and section 4.7 word by word agree, whatever is added and removed.

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Unstructured};
use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::topic::{FilterTree, TopicFilter, TopicName};

/// What is done to the tree.
#[derive(Debug, Arbitrary)]
enum Step {
    Insert(Levels),
    Remove(Levels),
    Match(Levels),
    /// Any text as filter and as topic.
    Text(String),
}

/// A text of few different levels, so that filters often match.
#[derive(Debug, Arbitrary)]
struct Levels(Vec<u8>);

impl Levels {
    fn text(&self, words: &[&str]) -> String {
        let levels = self.0.iter().take(LEVELS_MAX);
        let words: Vec<&str> = levels
            .filter_map(|&level| words.get(usize::from(level) % words.len()).copied())
            .collect();
        words.join("/")
    }
}

/// A list of steps.
pub fn topic(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let Ok(version) = ProtocolVersion::arbitrary(&mut u) else {
        return;
    };
    let mut tree: FilterTree<usize> = FilterTree::new();
    let mut list: BTreeMap<String, usize> = BTreeMap::new();
    for number in 1..STEPS_MAX {
        let Ok(step) = Step::arbitrary(&mut u) else {
            return;
        };
        match step {
            Step::Insert(levels) => {
                let text = levels.text(FILTER_WORDS);
                if let Ok(filter) = TopicFilter::new(&text, version) {
                    *tree.entry(&filter) = number;
                    list.insert(text, number);
                }
            }
            Step::Remove(levels) => {
                let text = levels.text(FILTER_WORDS);
                if let Ok(filter) = TopicFilter::new(&text, version) {
                    assert_eq!(tree.remove(&filter), list.remove(&text), "{text}");
                }
            }
            Step::Match(levels) => check(&tree, &list, version, &levels.text(TOPIC_WORDS)),
            Step::Text(text) => {
                let _ = TopicFilter::new(&text, version);
                check(&tree, &list, version, &text);
            }
        }
        assert_eq!(tree.len(), list.len());
        if u.is_empty() {
            return;
        }
    }
}

fn check(
    tree: &FilterTree<usize>,
    list: &BTreeMap<String, usize>,
    version: ProtocolVersion,
    topic: &str,
) {
    let Ok(name) = TopicName::new(topic) else {
        return;
    };
    let mut expected = Vec::new();
    for (text, &number) in list {
        let filter = TopicFilter::new(text, version).unwrap();
        let is_match = matches_by_levels(filter.pattern(), topic);
        assert_eq!(filter.matches(&name), is_match, "{filter} {topic}");
        expected.extend(is_match.then_some(number));
    }
    let mut found = Vec::new();
    tree.for_each_match(&name, |&number| found.push(number));
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected, "{topic}");
}

/// Section 4.7 word by word, level by level.
fn matches_by_levels(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['#', '+']) {
        return false;
    }
    let mut levels = topic.split('/');
    for wanted in filter.split('/') {
        if wanted == "#" {
            return true;
        }
        match levels.next() {
            Some(level) if wanted == "+" || wanted == level => {}
            Some(_) | None => return false,
        }
    }
    levels.next().is_none()
}

const FILTER_WORDS: &[&str] = &["a", "b", "", "+", "#", "$x", "$share", "g"];
const TOPIC_WORDS: &[&str] = &["a", "b", "", "$x", "$share", "g"];

/// More would not find more, and each step looks at every filter.
const STEPS_MAX: usize = 200;
const LEVELS_MAX: usize = 8;
