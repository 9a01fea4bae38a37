//! On stable: every seed, and all that is kept in `fixtures/corpus`, through the oracle of its target.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that panics has failed, and says with which input"
)]

use std::panic;
use std::path::Path;

use mqtt_assay_fuzz::oracle;
use mqtt_assay_fuzz::{dictionary, mutate, seed};

#[track_caller]
fn replay(target: &str) {
    let (_, oracle) = oracle::ALL
        .iter()
        .find(|(name, _)| *name == target)
        .unwrap();
    let seeds = seed::seeds(target).unwrap();
    assert!(!seeds.is_empty(), "{target} has no seed");
    for (name, bytes) in seeds.into_iter().chain(seed::corpus(target).unwrap()) {
        if let Err(payload) = panic::catch_unwind(|| oracle(&bytes)) {
            eprintln!("{target}/{name}: {bytes:02x?}");
            panic::resume_unwind(payload);
        }
    }
}

#[test]
fn decoding_gives_back_what_it_read() {
    replay("decode");
}

#[test]
fn pieces_do_not_matter() {
    replay("stream");
}

#[test]
fn valid_packets_come_back() {
    replay("round_trip");
}

#[test]
fn a_violation_is_refused_by_its_statement() {
    replay("rejection");
}

#[test]
fn the_matchers_agree() {
    replay("topic");
}

#[test]
fn notation_is_read_as_it_is_printed() {
    replay("notation");
}

#[test]
fn scenarios_stay_as_they_are_laid_out() {
    replay("scenario");
}

#[test]
fn the_broker_keeps_its_invariants() {
    replay("broker");
}

#[test]
fn every_target_has_an_oracle_of_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz_targets");
    let mut targets: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    targets.sort_unstable();
    let mut oracles = oracle::ALL.map(|(name, _)| name);
    oracles.sort_unstable();
    assert_eq!(targets, oracles);
}

#[test]
fn the_dictionary_is_that_of_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("mqtt.dict");
    let file = std::fs::read_to_string(path).unwrap();
    assert!(
        file == dictionary(),
        "run `cargo run -p mqtt-assay-fuzz --bin seeds`"
    );
}

#[test]
fn the_mutator_stays_within_its_room() {
    for seed in 0..4_000 {
        for (len, max) in [(0, 0), (1, 1), (1, 40), (40, 1_000), (300, 4_096)] {
            let mut data = vec![0x5a; max];
            let size = mutate(&mut data, len, max, seed, |_, size, _| size);
            assert!(size <= max, "{seed}: {size} of {max}");
            let oracle = if seed % 2 == 0 {
                oracle::decode
            } else {
                oracle::stream
            };
            oracle(&data[..size]);
        }
    }
}
