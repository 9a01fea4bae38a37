//! AUTH (5.0, section 3.15).

use super::Outcome;

/// A step of enhanced authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Auth<'a> {
    /// Reason and properties.
    pub outcome: Outcome<'a>,
}
