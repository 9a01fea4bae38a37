//! Topic names and filters (section 4.7).

use mqtt_assay_codec::ProtocolVersion::{self, V3_1_1, V5_0};
use mqtt_assay_codec::topic::{FilterTree, TopicFilter, TopicName};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[track_caller]
fn check_filter(version: ProtocolVersion, text: &str, expected: &str) {
    let actual = match TopicFilter::new(text, version) {
        Ok(filter) => match filter.shared() {
            Some(shared) => format!("{} of {}", shared.filter, shared.share_name),
            None => filter.pattern().to_owned(),
        },
        Err(error) => format!("{error:?}"),
    };
    assert_eq!(actual, expected, "{version} {text:?}");
}

#[track_caller]
fn check_match(filter: &str, topic: &str, expected: bool) {
    let name = TopicName::new(topic).unwrap();
    let parsed = TopicFilter::new(filter, V5_0).unwrap();
    assert_eq!(parsed.matches(&name), expected, "{filter} {topic}");
    let pattern = parsed.pattern();
    assert_eq!(naive_match(pattern, topic), expected, "{pattern} {topic}");
}

/// Section 4.7 word by word: a list of levels against a list of levels.
fn naive_match(filter: &str, topic: &str) -> bool {
    fn levels_match(filter: &[&str], topic: &[&str]) -> bool {
        match (filter, topic) {
            (["#"], _) | ([], []) => true,
            (["+", filter @ ..], [_, topic @ ..]) => levels_match(filter, topic),
            ([wanted, filter @ ..], [level, topic @ ..]) => {
                wanted == level && levels_match(filter, topic)
            }
            ([], _) | (_, []) => false,
        }
    }
    let filter: Vec<&str> = filter.split('/').collect();
    let topic: Vec<&str> = topic.split('/').collect();
    let is_hidden = topic[0].starts_with('$') && (filter[0] == "#" || filter[0] == "+");
    !is_hidden && levels_match(&filter, &topic)
}

#[test]
fn a_wildcard_stands_alone_in_its_level() {
    for version in ProtocolVersion::ALL {
        for filter in [
            "#", "+", "/", "a/#", "+/+", "/+", "+/a/#", "a//b", "$SYS/#", " ",
        ] {
            check_filter(version, filter, filter);
        }
        check_filter(version, "", "Empty");
        check_filter(version, "a\0", "Nul(1)");
        check_filter(version, &"x".repeat(65_536), "TooLong");
        check_filter(version, "a#", "MultiLevelWildcard(1)");
        check_filter(version, "a/#/b", "MultiLevelWildcard(2)");
        check_filter(version, "##", "MultiLevelWildcard(0)");
        check_filter(version, "#/", "MultiLevelWildcard(0)");
        check_filter(version, "a/b+/c", "SingleLevelWildcard(3)");
        check_filter(version, "+a", "SingleLevelWildcard(0)");
        check_filter(version, "$+/x", "SingleLevelWildcard(1)");
        // The first of two.
        check_filter(version, "a+/#b", "SingleLevelWildcard(1)");
        check_filter(version, "+/#/a+", "MultiLevelWildcard(2)");
        check_filter(version, "+#", "SingleLevelWildcard(0)");
    }
}

#[test]
fn a_share_name_is_one_level_before_a_filter_and_in_5_0_only() {
    check_filter(V5_0, "$share/g/a/+", "a/+ of g");
    check_filter(V5_0, "$share/g//", "/ of g");
    check_filter(V5_0, "$shared/g/a", "$shared/g/a");
    // Without the slash it is a level like any other.
    check_filter(V5_0, "$share", "$share");
    check_filter(V5_0, "$share/", "SharedSubscription(0)");
    check_filter(V5_0, "$share//a", "SharedSubscription(7)");
    check_filter(V5_0, "$share/g", "SharedSubscription(0)");
    check_filter(V5_0, "$share/g/", "SharedSubscription(0)");
    check_filter(V5_0, "$share/g+/a", "SharedSubscription(8)");
    check_filter(V5_0, "$share/#/a", "SharedSubscription(7)");
    check_filter(V5_0, "$share/g/a#", "MultiLevelWildcard(10)");
    check_filter(V3_1_1, "$share/g/a", "$share/g/a");
    check_filter(V3_1_1, "$share", "$share");
    check_filter(V3_1_1, "$share//a", "$share//a");
}

#[test]
fn a_topic_name_has_no_wildcard() {
    let check = |text: &str, expected: &str| {
        let actual = TopicName::new(text).map_or_else(|error| error.to_string(), |_| "ok".into());
        assert_eq!(actual, expected, "{text:?}");
    };
    check("a/b", "ok");
    check("/", "ok");
    check("$SYS/x", "ok");
    check(&"x".repeat(65_535), "ok");
    check("", "empty text; a topic has at least one character");
    check(
        "a/+",
        "wildcard in a topic name; allowed in topic filters only (byte 2)",
    );
    check(
        "a#",
        "wildcard in a topic name; allowed in topic filters only (byte 1)",
    );
    check("a\0", "U+0000; no topic has it (byte 1)");
    let nul_at_the_end = "x".repeat(65_534) + "\0";
    check(&nul_at_the_end, "U+0000; no topic has it (byte 65534)");
    let long = "x".repeat(65_536);
    check(&long, "more than 65535 bytes; a topic has at most 65535");
}

#[test]
fn a_topic_shows_its_text() {
    let name = TopicName::new("sport/\u{e4}").unwrap();
    assert_eq!(name.to_string(), "sport/\u{e4}");
    assert_eq!(format!("{name:?}"), "TopicName(\"sport/\u{e4}\")");
    let filter = TopicFilter::new("$share/g/a/+", V5_0).unwrap();
    assert_eq!(filter.to_string(), "$share/g/a/+");
}

#[test]
fn a_wildcard_counts_behind_the_share_name() {
    for (text, has_wildcard) in [
        ("a/b", false),
        ("a/+", true),
        ("#", true),
        ("$share/g/a", false),
        ("$share/g/a/#", true),
    ] {
        let filter = TopicFilter::new(text, V5_0).unwrap();
        assert_eq!(filter.has_wildcard(), has_wildcard, "{text}");
    }
}

#[test]
fn a_filter_matches_level_by_level() {
    check_match("a/b", "a/b", true);
    check_match("a/b", "a/b/", false);
    check_match("a/b", "A/b", false);
    check_match("a/+", "a/b", true);
    check_match("a/+", "a/", true);
    check_match("a/+", "a", false);
    check_match("a/+", "a/b/c", false);
    check_match("+/+", "/a", true);
    check_match("/+", "/a", true);
    check_match("+", "/a", false);
    check_match("a/#", "a", true);
    check_match("a/#", "a/b/c", true);
    check_match("a/#", "ab", false);
    check_match("#", "a/b", true);
    check_match("+/#", "a", true);
    check_match("/#", "a", false);
    check_match("/#", "/", true);
}

#[test]
fn a_filter_that_starts_with_a_wildcard_does_not_match_a_dollar_topic() {
    check_match("#", "$SYS/a", false);
    check_match("+/a", "$SYS/a", false);
    check_match("$SYS/#", "$SYS/a", true);
    check_match("$SYS/+", "$SYS/a", true);
    check_match("+/a", "x$/a", true);
    check_match("a/+", "a/$b", true);
    check_match("$share/g/#", "$SYS/a", false);
    check_match("$share/g/$SYS/#", "$SYS/a", true);
    check_match("$share/g/#", "a", true);
}

#[test]
fn a_shared_and_a_plain_filter_of_one_pattern_are_two() {
    let mut tree = FilterTree::new();
    let plain = TopicFilter::new("a/#", V5_0).unwrap();
    let shared = TopicFilter::new("$share/g/a/#", V5_0).unwrap();
    let ordinary = TopicFilter::new("$share/g/a/#", V3_1_1).unwrap();
    *tree.entry(&plain) = 1;
    *tree.entry(&shared) = 2;
    *tree.entry(&ordinary) = 3;
    assert_eq!(tree.len(), 3);
    assert!(!tree.is_empty());
    assert!(FilterTree::<u32>::new().is_empty());
    assert_eq!(matches(&tree, "a/b"), [1, 2]);
    assert_eq!(matches(&tree, "$share/g/a/b"), [3]);
    assert_eq!(tree.remove(&plain), Some(1));
    assert_eq!(tree.remove(&plain), None);
    assert_eq!(tree.get(&shared), Some(&2));
    assert_eq!(matches(&tree, "a"), [2]);
}

#[test]
fn the_deepest_filter_neither_overflows_the_stack_nor_multiplies() {
    let mut tree: FilterTree<u32> = FilterTree::new();
    let slashes = "/".repeat(65_533);
    let texts = [
        format!("{slashes}/a"),
        format!("{slashes}/#"),
        "+/".repeat(32_767) + "#",
    ];
    for (text, value) in texts.iter().zip(1..) {
        *tree.entry(&TopicFilter::new(text, V5_0).unwrap()) = value;
    }
    // Every level matches both its own text and `+`: one path for each combination, if they were tried.
    for length in 2..200 {
        let text = format!("{}a", "+/".repeat(length));
        *tree.entry(&TopicFilter::new(&text, V5_0).unwrap()) = 0;
    }
    assert_eq!(matches(&tree.clone(), &format!("{slashes}/a")), [1, 2, 3]);
    for (text, value) in texts.iter().zip(1..) {
        assert_eq!(
            tree.remove(&TopicFilter::new(text, V5_0).unwrap()),
            Some(value)
        );
    }
    assert_eq!(tree.len(), 198);
    assert_eq!(matches(&tree, "x/y/a"), [0]);
}

#[test]
fn what_is_left_is_found_after_most_was_removed() {
    let texts: Vec<String> = (0..1000).map(|n| format!("{}/+/{n}/#", n % 7)).collect();
    let filters: Vec<_> = texts
        .iter()
        .map(|text| TopicFilter::new(text, V5_0).unwrap())
        .collect();
    let mut tree = FilterTree::new();
    for (n, filter) in filters.iter().enumerate() {
        *tree.entry(filter) = n;
    }
    let is_kept = |n: usize| n.is_multiple_of(50);
    for (n, filter) in filters.iter().enumerate().filter(|(n, _)| !is_kept(*n)) {
        assert_eq!(tree.remove(filter), Some(n));
    }
    assert_eq!(tree.len(), 20);
    // The room that was given back is used again.
    *tree.entry(&filters[1]) = 1;
    for (n, filter) in filters.iter().enumerate() {
        let is_in = is_kept(n) || n == 1;
        assert_eq!(tree.get(filter), is_in.then_some(&n));
        let found = matches(&tree, &format!("{}/x/{n}", n % 7));
        assert_eq!(found, if is_in { vec![n] } else { vec![] });
    }
}

fn matches<T: Copy + Ord>(tree: &FilterTree<T>, topic: &str) -> Vec<T> {
    let mut found = Vec::new();
    tree.for_each_match(&TopicName::new(topic).unwrap(), |value| found.push(*value));
    found.sort();
    found
}

/// Texts of few different levels, so that filters often match.
fn topic_text() -> impl Strategy<Value = String> {
    vec(select(&["a", "b", "", "$x"]), 1..5)
        .prop_map(|levels| levels.join("/"))
        .prop_filter("a topic is not empty", |text| !text.is_empty())
}

fn filter_text() -> impl Strategy<Value = String> {
    let level = select(&["a", "b", "", "$x", "+", "+"]);
    let share = select(&["", "", "$share/g/", "$share/h/"]);
    (share, vec(level, 0..5), any::<bool>())
        .prop_map(|(share, mut levels, has_rest)| {
            if has_rest {
                levels.push("#");
            }
            format!("{share}{}", levels.join("/"))
        })
        .prop_filter("a filter is valid", |text| {
            TopicFilter::new(text, V5_0).is_ok()
        })
}

proptest! {
    #[test]
    fn the_matcher_and_the_tree_agree_with_the_naive_matcher(
        filters in vec(filter_text(), 0..40),
        removed in vec(any::<prop::sample::Index>(), 0..40),
        topics in vec(topic_text(), 1..10),
    ) {
        let mut tree: FilterTree<Option<usize>> = FilterTree::new();
        let mut texts: Vec<&str> = filters.iter().map(String::as_str).collect();
        texts.sort_unstable();
        texts.dedup();
        let parsed: Vec<_> = texts.iter().map(|text| TopicFilter::new(text, V5_0).unwrap()).collect();
        let mut model = vec![true; parsed.len()];
        for (index, filter) in parsed.iter().enumerate() {
            *tree.entry(filter) = Some(index);
        }
        for index in removed.iter().filter(|_| !parsed.is_empty()).map(|at| at.index(parsed.len())) {
            let was = std::mem::replace(&mut model[index], false);
            prop_assert_eq!(tree.remove(&parsed[index]), was.then_some(Some(index)));
        }
        prop_assert_eq!(tree.len(), model.iter().filter(|is_in| **is_in).count());
        for topic in &topics {
            let name = TopicName::new(topic).unwrap();
            let mut expected = Vec::new();
            for (index, filter) in parsed.iter().enumerate() {
                let is_match = naive_match(filter.pattern(), topic);
                prop_assert_eq!(filter.matches(&name), is_match, "{} {}", filter, topic);
                if is_match && model[index] {
                    expected.push(Some(index));
                }
            }
            prop_assert_eq!(matches(&tree, topic), expected);
        }
        for (index, filter) in parsed.iter().enumerate() {
            let expected = model[index].then_some(Some(index));
            prop_assert_eq!(tree.get(filter).copied(), expected);
            prop_assert_eq!(tree.get_mut(filter).copied(), expected);
        }
    }

    #[test]
    fn any_text_is_a_filter_or_an_error(text in ".*") {
        for version in ProtocolVersion::ALL {
            let _ = TopicFilter::new(&text, version);
        }
        let _ = TopicName::new(&text);
    }
}
