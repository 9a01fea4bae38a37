//! UNSUBACK (section 3.11).

use super::PacketId;
use crate::property::Properties;

/// The answer to UNSUBSCRIBE: in 5.0 with one reason code for each filter, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Unsuback<'a> {
    /// The identifier of the UNSUBSCRIBE.
    pub packet_id: PacketId,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The reason codes as bytes, each of them legal in an UNSUBACK; empty in 3.1.1, and only there.
    pub reasons: &'a [u8],
}
