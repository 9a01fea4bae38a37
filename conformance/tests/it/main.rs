//! The tests of the `mqtt-assay` package, in one crate.

/// The catalogue of statements is whole, and hangs together.
mod catalogue;
