//! CONNACK (section 3.2).

use crate::property::Properties;
use crate::reason::ReasonCode;

/// The server's answer to CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Connack<'a> {
    /// Whether the server has session state for this client.
    pub session_present: bool,
    /// The reason code, or the return code 0 to 5 of 3.1.1 (section 3.2.2.3).
    pub reason: ReasonCode,
    /// The properties (5.0).
    pub properties: Properties<'a>,
}
