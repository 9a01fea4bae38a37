//! Reader and writer of the data types of section 1.5.

/// The largest value of a variable byte integer, and so the largest remaining length (section 1.5.5).
pub const VARIABLE_BYTE_INTEGER_MAX: u32 = 268_435_455;
