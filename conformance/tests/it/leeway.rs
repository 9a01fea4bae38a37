//! Brokers that use the freedom which the specification leaves them: none of them fails.

use std::collections::BTreeMap;

use mqtt_assay::broker::{BrokerOptions, Variant};
use mqtt_assay::runner::Selected;
use mqtt_assay::verdict::{TestResult, Verdict};

use crate::suite::{all_tests, run};

/// Runs the suite against a broker that is as right as the default, and says what is held against it.
#[track_caller]
fn check(options: BrokerOptions) {
    let mut tests = all_tests();
    tests.retain(|test| options.versions.contains(&test.plan.version));
    check_tests(&tests, options);
}

#[track_caller]
fn check_tests(tests: &[Selected], options: BrokerOptions) -> Vec<TestResult> {
    let results = run(tests, options);
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
    results
}

/// Runs the suite against a broker with all of these variants at once.
#[track_caller]
fn check_variants(variants: &[Variant]) {
    check(BrokerOptions {
        variants: variants.to_vec(),
        ..BrokerOptions::default()
    });
}

#[test]
fn every_variant_shows_in_a_test_that_lets_it_pass() {
    let tests = all_tests();
    let mut hidden = Vec::new();
    for (variant, id) in WITNESSES {
        let test: Vec<Selected> = tests
            .iter()
            .filter(|it| it.plan.id == *id)
            .cloned()
            .collect();
        assert_eq!(test.len(), 1, "{variant}: there is one test {id}");
        let usual = run(&test, BrokerOptions::default());
        let other = check_tests(
            &test,
            BrokerOptions {
                variants: vec![*variant],
                ..BrokerOptions::default()
            },
        );
        if usual[0].trace == other[0].trace {
            hidden.push(format!("{variant} in {id}"));
        }
    }
    assert!(hidden.is_empty(), "these do not show: {hidden:#?}");
}

#[test]
fn every_variant_is_tried_on_the_whole_suite() {
    for variant in Variant::ALL {
        let is_tried = BUNDLES.iter().any(|bundle| bundle.contains(variant));
        assert!(is_tried, "{variant} is in no bundle");
        // Where TCP cuts is below what a test sees.
        let has_witness = WITNESSES.iter().any(|(it, _)| it == variant);
        assert!(
            has_witness || *variant == Variant::ByteByByte,
            "{variant} has no witness"
        );
    }
}

#[test]
fn a_broker_may_choose_otherwise() {
    check_variants(BUNDLES[0]);
}

#[test]
fn a_broker_may_choose_otherwise_again() {
    check_variants(BUNDLES[1]);
}

#[test]
fn a_broker_may_choose_otherwise_a_third_time() {
    check_variants(BUNDLES[2]);
}

#[test]
fn a_broker_may_grant_qos_0_to_all_and_send_byte_by_byte() {
    check_variants(BUNDLES[3]);
}

/// All variants, in sets that do not contradict each other: a run of the suite for each would take minutes.
const BUNDLES: [&[Variant]; 4] = [
    &[
        Variant::OneCopyPerMatch,
        Variant::DeliversOnPubrel,
        Variant::DeliversBeforeAcknowledging,
        Variant::WillsLate,
        Variant::RetainedDescend,
        Variant::RepeatsOnLiveConnection,
        Variant::PacketIdsDescend,
        Variant::DollarTopicsDropped,
        Variant::DeniedPublishCloses,
        Variant::LifetimesRoundedUp,
        Variant::UnknownIdsClose,
        Variant::TakesOverBehindConnack,
        Variant::DefaultsAnnounced,
        Variant::UnspecifiedErrors,
        Variant::UnknownLevelAnsweredInNewForm,
        Variant::KeepAliveShort,
        Variant::InvalidFiltersAnswered,
        Variant::SharedSticky,
    ],
    &[
        Variant::SubscriptionIdsDescend,
        Variant::DeliversLate,
        Variant::RetainedBeforeSuback,
        Variant::AliasesMoved,
        Variant::ClientIdsOfLettersAndDigits,
        Variant::NewBeforeRepeated,
        Variant::QosZeroWaitsForQuota,
        Variant::DollarTopicsDenied,
        Variant::DeniedPublishAcknowledged,
        Variant::DiscouragedCharactersRefused,
        Variant::LifetimesRoundedDown,
        Variant::UnknownIdsTakenForKnown,
        Variant::WillIsNobodys,
        Variant::Talkative,
        Variant::UnknownLevelAnsweredInOldForm,
        Variant::ImplementationSpecificErrors,
        Variant::KeepAliveLate,
        Variant::SharedInOldVersion,
        Variant::WaitingDroppedAtUnsubscribe,
    ],
    &[
        Variant::AcknowledgesLate,
        Variant::TopicsOvertake,
        Variant::ResumesLate,
        Variant::PacketIdsReused,
        Variant::AcknowledgementsChecked,
        Variant::GoodbyeLeftOpen,
        Variant::RetainedOncePerSubscribe,
        Variant::RetainedQosZeroDropped,
        Variant::PubrelRepeatedLast,
        Variant::PayloadFormatChecked,
        Variant::WrongAcknowledgementsIgnored,
        Variant::WillDroppedAtMalformedDisconnect,
        Variant::LongForms,
        Variant::OwnUserProperty,
        Variant::BareClose,
        Variant::GrantsAtMostQosOne,
        Variant::SessionsSwept,
    ],
    &[Variant::GrantsAtMostQosZero, Variant::ByteByByte],
];

/// For each variant a test that is about the freedom: it sees the difference, and does not mind.
const WITNESSES: &[(Variant, &str)] = &[
    (
        Variant::OneCopyPerMatch,
        "delivery/overlapping-subscriptions@5.0",
    ),
    (
        Variant::SubscriptionIdsDescend,
        "subscription-id/overlapping@5.0",
    ),
    (Variant::DeliversOnPubrel, "qos2/delivered-once@3.1.1"),
    (
        Variant::DeliversBeforeAcknowledging,
        "delivery/own-messages@3.1.1",
    ),
    (Variant::DeliversLate, "delivery/own-messages@3.1.1"),
    (Variant::AcknowledgesLate, "delivery/own-messages@5.0"),
    (Variant::TopicsOvertake, "qos1/ids-in-use-are-distinct@5.0"),
    (Variant::ResumesLate, "ordering/sent-again@5.0"),
    (Variant::WillsLate, "will/connection-lost@3.1.1"),
    (
        Variant::RetainedDescend,
        "retained/one-for-each-matching-topic@5.0+plus",
    ),
    (
        Variant::RetainedBeforeSuback,
        "retained/before-or-behind-the-suback@3.1.1",
    ),
    (
        Variant::RetainedOncePerSubscribe,
        "retained/overlapping-filters-of-one-subscribe@5.0",
    ),
    (
        Variant::RetainedQosZeroDropped,
        "retained/qos-0-replaces@3.1.1",
    ),
    (
        Variant::RepeatsOnLiveConnection,
        "qos1/ids-in-use-are-distinct@3.1.1",
    ),
    (
        Variant::NewBeforeRepeated,
        "receive-maximum/starts-anew@5.0",
    ),
    (
        Variant::PubrelRepeatedLast,
        "qos2/both-halves-sent-again@5.0",
    ),
    (Variant::PacketIdsDescend, "qos1/first-delivery@3.1.1"),
    (
        Variant::PacketIdsReused,
        "session/subscriptions-keep-their-qos@5.0+qos1",
    ),
    (
        Variant::AliasesMoved,
        "topic-alias/within-the-client-s-maximum@5.0+two",
    ),
    (
        Variant::QosZeroWaitsForQuota,
        "receive-maximum/qos-0-may-wait@5.0",
    ),
    (Variant::DollarTopicsDropped, "publish/dollar-topic@5.0"),
    (Variant::DollarTopicsDenied, "publish/dollar-topic@3.1.1"),
    (
        Variant::DeniedPublishCloses,
        "access/denied-publish-is-answered@3.1.1+qos-1",
    ),
    (
        Variant::DeniedPublishAcknowledged,
        "access/denied-publish-is-answered@5.0+qos-2",
    ),
    (
        Variant::DiscouragedCharactersRefused,
        "utf8/discouraged-characters@5.0+u0001",
    ),
    (
        Variant::PayloadFormatChecked,
        "properties/payload-format-does-not-change-bytes@5.0",
    ),
    (Variant::LifetimesRoundedUp, "message-expiry/waited@5.0"),
    (
        Variant::LifetimesRoundedDown,
        "message-expiry/live@5.0+minute",
    ),
    (
        Variant::UnknownIdsClose,
        "qos2/unknown-acknowledgement@3.1.1+pubrec",
    ),
    (Variant::UnknownIdsTakenForKnown, "qos2/unknown-pubrel@5.0"),
    (
        Variant::AcknowledgementsChecked,
        "qos1/acknowledged-out-of-turn@5.0",
    ),
    (
        Variant::WrongAcknowledgementsIgnored,
        "qos1/acknowledged-by-the-wrong-packet@5.0+pubrec",
    ),
    (
        Variant::GoodbyeLeftOpen,
        "disconnect/error-publishes-the-will@5.0+quota",
    ),
    (
        Variant::ClientIdsOfLettersAndDigits,
        "utf8/byte-order-mark-in-client-id@5.0",
    ),
    (Variant::TakesOverBehindConnack, "session/taken-over@5.0"),
    (Variant::WillIsNobodys, "no-local/own-will@5.0"),
    (
        Variant::WillDroppedAtMalformedDisconnect,
        "disconnect/malformed-one-leaves-the-will@3.1.1+flags",
    ),
    (
        Variant::DefaultsAnnounced,
        "server-capabilities/capabilities-are-legal@5.0",
    ),
    (Variant::Talkative, "qos1/puback-has-the-id@5.0+low"),
    (Variant::OwnUserProperty, "properties/user-properties@5.0"),
    (Variant::LongForms, "qos1/puback-has-the-id@5.0+low"),
    (
        Variant::UnknownLevelAnsweredInNewForm,
        "connect/protocol-level@3.1.1+next",
    ),
    (
        Variant::UnknownLevelAnsweredInOldForm,
        "connect/protocol-level@5.0+next",
    ),
    (
        Variant::UnspecifiedErrors,
        "subscribe/reserved-flags@5.0+zero",
    ),
    (
        Variant::ImplementationSpecificErrors,
        "subscribe/reserved-flags@5.0+zero",
    ),
    (Variant::BareClose, "subscribe/reserved-flags@5.0+zero"),
    (
        Variant::GrantsAtMostQosOne,
        "subscribe/granted-code@5.0+qos2",
    ),
    (
        Variant::GrantsAtMostQosZero,
        "subscribe/granted-code@3.1.1+qos1",
    ),
    (
        Variant::InvalidFiltersAnswered,
        "subscribe/empty-filter@5.0",
    ),
    (Variant::SharedInOldVersion, "shared/in-3-1-1@3.1.1"),
    (Variant::SharedSticky, "shared/absent-member@5.0"),
    (
        Variant::WaitingDroppedAtUnsubscribe,
        "unsubscribe/messages-that-wait@5.0",
    ),
    (Variant::SessionsSwept, "session/expires@5.0"),
    (Variant::KeepAliveShort, "keep-alive/silence-closes@3.1.1"),
    (Variant::KeepAliveLate, "keep-alive/silence-closes@5.0"),
];
