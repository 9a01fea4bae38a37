//! The codec, seen from outside.

/// Topic names, filters, the match between them, and the tree of filters.
mod topic;
