//! The oracle of the reference broker is proved by the broker's deliberate faults: it notices each of them, but for those
//! that are named here with a reason.

#![expect(
    clippy::tests_outside_test_module,
    reason = "an integration test is a module of tests"
)]

use std::collections::BTreeSet;

use mqtt_assay::broker::Fault;
use mqtt_assay_fuzz::oracle::broker::judge;
use mqtt_assay_fuzz::seed;

#[test]
fn every_fault_of_the_broker_is_noticed() {
    let unseen: BTreeSet<&str> = UNSEEN
        .iter()
        .flat_map(|(names, _)| *names)
        .copied()
        .collect();
    let notices = |fault: Fault, seeds: u64| {
        (0..seeds).any(|number| judge(&seed::random(number).1, Some(fault)).is_err())
    };
    let missed: Vec<&str> = Fault::ALL
        .iter()
        .filter(|fault| !unseen.contains(fault.name()) && !notices(**fault, SEEDS))
        .map(|fault| fault.name())
        .collect();
    assert!(missed.is_empty(), "not noticed: {missed:#?}");
    let noticed: Vec<&str> = Fault::ALL
        .iter()
        .filter(|fault| unseen.contains(fault.name()) && notices(**fault, SEEDS_UNSEEN))
        .map(|fault| fault.name())
        .collect();
    assert!(noticed.is_empty(), "no exception is needed: {noticed:#?}");
}

/// Within how many inputs a fault is noticed.
const SEEDS: u64 = 400;
/// Enough to see that an exception is needless.
const SEEDS_UNSEEN: u64 = 20;

/// What the oracle does not see, and why.
const UNSEEN: &[(&[&str], &str)] = &[
    (
        &[
            "text-frames-accepted",
            "text-frames-sent",
            "message-taken-for-packet",
            "subprotocol-left-out",
            "subprotocol-echoed",
        ],
        "of WebSocket: the core knows no transport",
    ),
    (
        &[
            "client-id-cut",
            "client-id-trimmed",
            "client-id-ends-at-slash",
        ],
        "of client identifiers other than those of the inputs, which are short and plain",
    ),
    (
        &[
            "suback-reasons-counted-in-byte",
            "unsuback-reasons-counted-in-byte",
        ],
        "of more than 255 filters in a packet: inputs have a few",
    ),
    (
        &["unknown-level-not-answered", "malformed-connect-answered"],
        "of how a CONNECT is refused: the model asks that it is, and the scenarios how",
    ),
    (
        &[
            "packets-behind-connect-lost",
            "packets-behind-refused-connect-processed",
        ],
        "of packets in one segment: each frame is a step, so that its outcome is known",
    ),
    (
        &[
            "auth-method-not-repeated",
            "auth-method-may-change",
            "challenge-with-reason-success",
            "auth-with-reserved-reason",
            "wrong-auth-data-accepted",
            "reason-of-answer-overlooked",
            "packets-before-connack-overlooked",
            "failed-reauthentication-ignored",
            "auth-without-method-overlooked",
            "auth-reason-string-too-large",
            "auth-user-property-too-large",
            "password-not-checked",
        ],
        "of authentication: the broker of the model has neither a method nor passwords",
    ),
    (
        &[
            "packet-ids-of-one-byte",
            "packet-id-zero-in-turn",
            "packet-ids-in-turn",
        ],
        "of packet identifiers above 255: inputs have few, so that they meet",
    ),
    (
        &[
            "payload-made-text",
            "payload-trimmed",
            "discouraged-characters-stripped",
        ],
        "of payloads that are no text, or have white space at an end, and of discouraged characters: inputs have neither",
    ),
    (
        &["session-expiry-of-two-bytes", "will-delay-of-two-bytes"],
        "of times longer than those of the inputs",
    ),
    (
        &["share-name-case-folded", "repeated-user-property-dropped"],
        "of share names that differ in case, and of equal neighbours among user properties: inputs have neither",
    ),
    (
        &[
            "packet-of-maximum-size-refused",
            "long-topic-truncated",
            "retained-payload-cut",
        ],
        "of exact or large sizes: no input has them but by chance",
    ),
    (
        &[
            "missing-client-id-overlooked",
            "missing-will-overlooked",
            "missing-user-name-overlooked",
            "missing-password-overlooked",
            "missing-property-length-mended",
            "will-qos-without-will-overlooked",
            "ill-formed-user-property-overlooked",
            "maximum-packet-size-zero-overlooked",
            "request-information-two-overlooked",
            "payload-format-two-overlooked",
            "wildcard-in-response-topic-overlooked",
            "share-name-overlooked",
        ],
        "of malformed packets that the generator of violations makes seldom or never",
    ),
    (
        &[
            "retained-dollar-level-skipped",
            "retained-empty-first-level-skipped",
        ],
        "of topics with $ in a lower level, or that begin with a slash: inputs have none",
    ),
    (
        &["will-not-for-shared-subscriptions", "pubcomp-error-ignored"],
        "of combinations that inputs have seldom: a Will for a shared subscription alone, an error of a PUBREL at a full Receive Maximum",
    ),
];
