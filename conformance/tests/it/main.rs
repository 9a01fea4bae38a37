//! The tests of the `mqtt-assay` package, in one crate.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, wherever the panic stands"
)]

/// Which statements are named for what a broker does wrong, and when none is.
mod blame;
/// The reference broker, its faults, and its shells.
mod broker;
/// The catalogue of statements is whole, and hangs together.
mod catalogue;
/// The command line: output, messages, and exit codes.
mod cli;
/// Brokers that close, hang, flood, and speak nonsense: a clear verdict, and no hang.
mod hostile;
/// The suite accepts what the specification leaves to a broker.
mod leeway;
/// A broker that the tool starts, and starts again.
mod lifecycle;
/// Brokers that lack what they may lack: what they cannot be asked is skipped, with the reason.
mod limited;
/// How far a run goes: what it sends only when it is asked to, and what it keeps of that.
mod limits;
/// Many clients at once, and clients that do no good: nobody else notices, and what the broker keeps is bounded.
mod load;
/// The malformed matrix: what it sends, and what it holds a broker to.
mod matrix;
/// What is known of real brokers fits the suite.
mod profiles;
/// What people and programs read after a run.
mod report;
/// Scenarios as text: what is read, how it is printed and laid out.
mod scenario;
/// What is wrong with a scenario: the messages that people read.
mod scenario_errors;
/// `serve`: its options, its trace, and its end.
mod serve;
/// The suite passes on the reference broker, and notices each of its faults.
mod suite;
/// Sizes, names, layers, and citations.
mod tidy;
/// WebSocket and TLS, on both sides.
mod transport;
