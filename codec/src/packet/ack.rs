//! PUBACK, PUBREC, PUBREL and PUBCOMP: one layout (sections 3.4 to 3.7).

use super::{Outcome, PacketId};

/// The content of a PUBACK, PUBREC, PUBREL or PUBCOMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Ack<'a> {
    /// The identifier of the PUBLISH.
    pub packet_id: PacketId,
    /// Reason and properties (5.0).
    pub outcome: Outcome<'a>,
}
