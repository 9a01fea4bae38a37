//! The codec, seen from outside.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, wherever the panic stands"
)]

/// What is allocated, and how much memory a tree of filters takes.
mod allocation;
/// Lengths, numbers and counts at the ends of what their encoding holds.
mod boundaries;
/// Packets built from parts, and what cannot be sent.
mod encode;
/// Packets made from random bytes: valid ones, and ones with one violation.
mod generated;
/// Bytes as the tables write them.
mod hex;
/// Names of versions, statements and reason codes.
mod names;
/// Tokens, drafts and bytes of the textual form of packets.
mod notation;
/// Packets that own their frame.
mod owned;
/// Packets that no receiver may take: they are not written either.
mod refused;
/// Streams in any pieces, and any bytes at all.
mod stream;
/// Topic names, filters, the match between them, and the tree of filters.
mod topic;
/// The packets of `fixtures/packets`, valid and not, and the rows of tables that need one.
mod vectors;
