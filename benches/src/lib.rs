//! What the benchmarks measure: the same inputs for every codec and every tree of filters.

pub mod codec;
pub mod input;
pub mod topics;
