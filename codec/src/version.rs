//! The protocol versions, and the named differences between them.

use std::fmt;
use std::str::FromStr;

/// A version of MQTT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the versions that this crate speaks"
)]
pub enum ProtocolVersion {
    /// MQTT 3.1.1 (OASIS, 29 October 2014), protocol level 4.
    V3_1_1,
    /// MQTT 5.0 (OASIS, 7 March 2019), protocol level 5.
    V5_0,
}

impl ProtocolVersion {
    /// Both versions, oldest first.
    pub const ALL: [Self; 2] = [Self::V3_1_1, Self::V5_0];

    /// The version of a protocol level (section 3.1.2.2), if it is 4 or 5.
    #[must_use]
    pub const fn from_level(level: u8) -> Option<Self> {
        match level {
            4 => Some(Self::V3_1_1),
            5 => Some(Self::V5_0),
            _ => None,
        }
    }

    /// The protocol level that CONNECT carries (section 3.1.2.2).
    #[must_use]
    pub const fn level(self) -> u8 {
        match self {
            Self::V3_1_1 => 4,
            Self::V5_0 => 5,
        }
    }

    /// Whether packets carry properties (5.0, section 2.2.2).
    #[must_use]
    pub const fn has_properties(self) -> bool {
        matches!(self, Self::V5_0)
    }

    /// Whether acknowledgements and DISCONNECT carry reason codes (5.0, section 2.4).
    #[must_use]
    pub const fn has_reason_codes(self) -> bool {
        matches!(self, Self::V5_0)
    }

    /// Whether a filter that starts with `$share/` is a shared subscription (5.0, section 4.8.2).
    #[must_use]
    pub const fn has_shared_subscriptions(self) -> bool {
        matches!(self, Self::V5_0)
    }

    /// The name in print: `3.1.1` or `5.0`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V3_1_1 => "3.1.1",
            Self::V5_0 => "5.0",
        }
    }
}

impl fmt::Display for ProtocolVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ProtocolVersion {
    type Err = UnknownVersion;

    /// Reads `3.1.1` (also `311`, `4`) or `5.0` (also `5`).
    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        match text {
            "3.1.1" | "311" | "4" => Ok(Self::V3_1_1),
            "5.0" | "5" => Ok(Self::V5_0),
            _ => Err(UnknownVersion),
        }
    }
}

/// The text names no protocol version that this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown protocol version; allowed are 3.1.1 and 5.0")
    }
}

impl std::error::Error for UnknownVersion {}
