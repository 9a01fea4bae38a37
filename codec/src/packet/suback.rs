//! SUBACK (section 3.9).

use super::PacketId;
use crate::property::Properties;

/// The answer to SUBSCRIBE: one reason code for each filter, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Suback<'a> {
    /// The identifier of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The reason codes as bytes, each of them legal in a SUBACK; never empty.
    pub reasons: &'a [u8],
}
