//! DISCONNECT (section 3.14).

use super::Outcome;

/// The last packet of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Disconnect<'a> {
    /// Reason and properties (5.0).
    pub outcome: Outcome<'a>,
}
