//! The codec, seen from outside.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed, wherever the panic stands"
)]

/// Packets built from parts, and what cannot be sent.
mod encode;
/// Bytes as the tables write them.
mod hex;
/// Tokens, drafts and bytes of the textual form of packets.
mod notation;
/// Packets that are refused: the kind, the place and the statement of each error.
mod refused;
/// Streams in any pieces, any bytes at all, and the property table.
mod stream;
/// Topic names, filters, the match between them, and the tree of filters.
mod topic;
/// Valid packets of both versions, and what is left when they are cut.
mod valid;
