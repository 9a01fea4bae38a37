//! Brokers that lack what they may lack, or have little of it: none of them fails, and what they cannot be asked is
//! skipped, with the reason.

use std::collections::BTreeMap;
use std::time::Duration;

use mqtt_assay::broker::{AccessRule, BrokerOptions, Denied};
use mqtt_assay::runner::{Selected, Settings};
use mqtt_assay::verdict::Verdict;
use mqtt_assay_codec::{ProtocolVersion, Qos};

use crate::suite::{all_tests, run_with};

/// Something that a broker may lack, or have little of.
struct Limit {
    name: &'static str,
    set: fn(&mut BrokerOptions),
    /// Scenarios whose premise cannot say in 3.1.1 why it does not hold.
    inconclusive: &'static [&'static str],
}

const fn limit(name: &'static str, set: fn(&mut BrokerOptions)) -> Limit {
    Limit {
        name,
        set,
        inconclusive: &[],
    }
}

const LIMITS: &[Limit] = &[
    limit("no wildcards", |it| it.wildcard_available = false),
    limit("receive maximum 1", |it| it.receive_maximum = 1),
    limit("no retained messages", |it| it.retain_available = false),
    limit("receive maximum 2", |it| it.receive_maximum = 2),
    limit("no shared subscriptions", |it| it.shared_available = false),
    limit("no aliases", |it| it.topic_alias_maximum = 0),
    limit("no subscription identifiers", |it| {
        it.subscription_id_available = false;
    }),
    limit("one alias", |it| it.topic_alias_maximum = 1),
    limit("maximum QoS 0", |it| it.maximum_qos = Qos::AtMostOnce),
    limit("packets of 1 KiB", |it| it.maximum_packet_size = 1 << 10),
    limit("one message under way", |it| it.inflight_max = 1),
    limit("maximum QoS 1", |it| it.maximum_qos = Qos::AtLeastOnce),
    limit("packets of 64 KiB", |it| it.maximum_packet_size = 1 << 16),
    limit("two messages under way", |it| it.inflight_max = 2),
    limit("keep alive off", |it| it.server_keep_alive = Some(0)),
    limit("packets of 1 MiB", |it| it.maximum_packet_size = 1 << 20),
    limit("keep alive of 1 s", |it| it.server_keep_alive = Some(1)),
    limit("sessions of 60 s", |it| it.session_expiry_max = Some(60)),
    limit("sessions of at least 60 s", |it| {
        it.session_expiry_min = 60;
    }),
    limit("keep alive of 5 s", |it| it.server_keep_alive = Some(5)),
    limit("no sessions", |it| it.session_expiry_max = Some(0)),
    limit("keep alive of 30 s", |it| it.server_keep_alive = Some(30)),
    limit("sessions of 1 s", |it| it.session_expiry_max = Some(1)),
    limit("keep alive of 60 s", |it| it.server_keep_alive = Some(60)),
    limit("sessions of 10 s", |it| it.session_expiry_max = Some(10)),
    limit("identifiers of 23 bytes", |it| it.client_id_len_max = 23),
    limit("no assigned identifiers", |it| {
        it.assigns_client_ids = false;
    }),
    limit("no authentication method", |it| it.has_auth_method = false),
    limit("the largest packets", |it| {
        it.maximum_packet_size = 268_435_460;
    }),
    limit("silent about subscribers", |it| {
        it.reports_no_subscribers = false;
        it.response_information = None;
        it.sends_topic_aliases = false;
    }),
    limit("stored messages of QoS 0", |it| it.stores_qos_0 = true),
    limit("a second for CONNECT", |it| {
        it.connect_timeout = Duration::from_secs(1);
    }),
    limit("$SYS denied", |it| {
        it.denied.push(AccessRule {
            filter: "$SYS/#".to_owned(),
            denied: Denied::Everything,
        });
    }),
    limit("little room", |it| {
        it.connections_max = 20;
        it.queued_messages_max = 20;
        it.output_bytes_max = 1 << 20;
    }),
    Limit {
        inconclusive: &["limits/many-subscriptions"],
        ..limit("ten subscriptions", |it| it.subscriptions_max = 10)
    },
    Limit {
        inconclusive: &["limits/many-retained"],
        ..limit("ten retained messages", |it| it.retained_messages_max = 10)
    },
    limit("a password", |it| {
        it.users = BTreeMap::from([("a".to_owned(), "b".into())]);
        it.allows_anonymous = false;
    }),
    limit("3.1.1 alone", |it| {
        it.versions = vec![ProtocolVersion::V3_1_1];
    }),
    limit("5.0 alone", |it| it.versions = vec![ProtocolVersion::V5_0]),
];

/// Runs tests against a broker with these limits.
#[track_caller]
fn check(tests: &[Selected], limits: &[&Limit]) {
    let mut options = BrokerOptions::default();
    for limit in limits {
        (limit.set)(&mut options);
    }
    let settings = Settings {
        credentials: options
            .users
            .keys()
            .next()
            .map(|user| (user.clone(), "b".to_owned())),
        ..Settings::default()
    };
    let spoken = |test: &&Selected| {
        let mut spoken = test.plan.spoken.iter();
        spoken.all(|version| options.versions.contains(version))
    };
    let tests: Vec<Selected> = tests.iter().filter(spoken).cloned().collect();
    let results = run_with(&tests, options, settings);
    let wrong: Vec<String> = results
        .iter()
        .filter(|result| match result.verdict {
            Verdict::Pass | Verdict::Info => false,
            Verdict::Skip => result.message.is_empty(),
            Verdict::Inconclusive => {
                let mut excused = limits.iter().flat_map(|limit| limit.inconclusive);
                result.version.has_reason_codes() || !excused.any(|it| *it == result.scenario)
            }
            Verdict::Warn | Verdict::Fail | Verdict::Error => true,
        })
        .map(|result| format!("{:?} {}: {}", result.verdict, result.id, result.message))
        .collect();
    let names: Vec<&str> = limits.iter().map(|limit| limit.name).collect();
    assert!(
        wrong.is_empty(),
        "{}:\n{}",
        names.join(", "),
        wrong.join("\n")
    );
}

/// All tests but those of the matrix: what its malformed packets have to do with limits shows in the runs below.
fn scenarios() -> Vec<Selected> {
    let mut tests = all_tests();
    tests.retain(|test| !test.scenario.name.starts_with("matrix/"));
    tests
}

#[test]
fn a_limit_is_no_failure() {
    let tests = scenarios();
    for limit in LIMITS {
        check(&tests, &[limit]);
    }
}

#[test]
fn two_limits_are_no_failure() {
    let tests = scenarios();
    for (one, other) in LIMITS.iter().zip(LIMITS.iter().skip(1)) {
        check(&tests, &[one, other]);
    }
}

#[test]
fn all_that_may_be_lacking_is_no_failure() {
    let lacking: Vec<&Limit> = LIMITS
        .iter()
        .filter(|it| it.name.starts_with("no "))
        .collect();
    assert!(lacking.len() > 5, "{}", lacking.len());
    check(&all_tests(), &lacking);
}

#[test]
fn little_of_everything_is_no_failure() {
    let little = |it: &&Limit| {
        ["packets of 1 KiB", "receive maximum 1", "one alias"].contains(&it.name)
            || ["sessions of 10 s", "one message under way"].contains(&it.name)
    };
    let little: Vec<&Limit> = LIMITS.iter().filter(little).collect();
    assert_eq!(little.len(), 5);
    check(&all_tests(), &little);
}
