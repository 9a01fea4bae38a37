//! Brokers that use the freedom which the specification leaves them: none of them fails.

use std::collections::BTreeMap;
use std::time::Duration;

use mqtt_assay::broker::{AccessRule, BrokerOptions, Denied};
use mqtt_assay::verdict::Verdict;
use mqtt_assay_codec::{ProtocolVersion, Qos};

use crate::suite::{all_tests, run};

/// Runs the suite against a broker that is as right as the default, and says what is held against it.
#[track_caller]
fn check(options: BrokerOptions) {
    let mut tests = all_tests();
    tests.retain(|test| options.versions.contains(&test.plan.version));
    let results = run(&tests, options);
    let mut seen = BTreeMap::new();
    for result in &results {
        *seen.entry(result.verdict).or_insert(0_usize) += 1;
    }
    let wrong: Vec<String> = results
        .iter()
        .filter(|result| matches!(result.verdict, Verdict::Fail | Verdict::Error))
        .map(|result| format!("{:?} {}: {}", result.verdict, result.id, result.message))
        .collect();
    assert!(wrong.is_empty(), "{seen:?}\n{}", wrong.join("\n"));
}

#[test]
fn a_broker_may_have_one_message_under_way_at_a_time() {
    check(BrokerOptions {
        inflight_max: 1,
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_store_messages_of_qos_0() {
    check(BrokerOptions {
        stores_qos_0: true,
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_use_no_topic_aliases_and_keep_silent_about_subscribers() {
    check(BrokerOptions {
        topic_alias_maximum: 0,
        sends_topic_aliases: false,
        reports_no_subscribers: false,
        response_information: None,
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_take_one_message_at_a_time() {
    check(BrokerOptions {
        receive_maximum: 1,
        topic_alias_maximum: 1,
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_have_no_more_than_qos_1() {
    check(BrokerOptions {
        maximum_qos: Qos::AtLeastOnce,
        versions: vec![ProtocolVersion::V5_0],
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_have_no_more_than_qos_0() {
    check(BrokerOptions {
        maximum_qos: Qos::AtMostOnce,
        versions: vec![ProtocolVersion::V5_0],
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_of_5_0_may_lack_what_it_says_it_lacks() {
    check(BrokerOptions {
        retain_available: false,
        wildcard_available: false,
        subscription_id_available: false,
        shared_available: false,
        versions: vec![ProtocolVersion::V5_0],
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_set_the_keep_alive_and_shorten_sessions() {
    check(BrokerOptions {
        server_keep_alive: Some(20),
        session_expiry_max: Some(30),
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_want_client_identifiers_of_23_letters_and_digits() {
    check(BrokerOptions {
        client_id_len_max: 23,
        assigns_client_ids: false,
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_limit_the_size_of_packets() {
    check(BrokerOptions {
        maximum_packet_size: 4_096,
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_deny_topics() {
    check(BrokerOptions {
        denied: vec![AccessRule {
            filter: "$SYS/#".to_owned(),
            denied: Denied::Everything,
        }],
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_turn_the_keep_alive_off_and_wait_for_connect_no_longer_than_a_second() {
    check(BrokerOptions {
        server_keep_alive: Some(0),
        connect_timeout: Duration::from_secs(1),
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_keep_no_session_of_5_0() {
    check(BrokerOptions {
        session_expiry_max: Some(0),
        versions: vec![ProtocolVersion::V5_0],
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_have_little_room() {
    check(BrokerOptions {
        connections_max: 20,
        subscriptions_max: 20,
        queued_messages_max: 100,
        output_bytes_max: 1 << 20,
        ..BrokerOptions::default()
    });
}

#[test]
fn a_broker_may_speak_one_version() {
    for version in ProtocolVersion::ALL {
        check(BrokerOptions {
            versions: vec![version],
            ..BrokerOptions::default()
        });
    }
}
