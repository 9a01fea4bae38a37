//! Fuzzing: oracles as plain functions, a mutator for wire bytes, a dictionary, and seeds.
//!
//! An oracle takes any bytes, and panics when a property does not hold. Each target in `fuzz_targets/` calls one; on
//! stable, `tests/replay.rs` calls them with the seeds and with what is kept in `fixtures/corpus/`.

#![expect(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "to panic is what an oracle does"
)]

mod dictionary;
mod mutator;
pub mod oracle;
pub mod seed;

pub use dictionary::dictionary;
pub use mutator::mutate;
