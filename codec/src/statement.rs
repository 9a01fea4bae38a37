//! The keys of normative statements: version and number, no texts.

use std::fmt;
use std::str::FromStr;

use crate::version::ProtocolVersion;

/// The key of a normative statement, such as `v5-3.1.2-1`, or of an unnumbered rule, such as `u5-07`.
///
/// The same number is another statement in the other version, so the version is part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId {
    version: ProtocolVersion,
    section: Option<[u8; 3]>,
    number: u8,
}

impl StatementId {
    /// A numbered statement of MQTT 3.1.1: `v3(3, 1, 0, 1)` is `v3-3.1.0-1`.
    #[must_use]
    pub const fn v3(a: u8, b: u8, c: u8, number: u8) -> Self {
        Self {
            version: ProtocolVersion::V3_1_1,
            section: Some([a, b, c]),
            number,
        }
    }

    /// A numbered statement of MQTT 5.0: `v5(3, 1, 0, 1)` is `v5-3.1.0-1`.
    #[must_use]
    pub const fn v5(a: u8, b: u8, c: u8, number: u8) -> Self {
        Self {
            version: ProtocolVersion::V5_0,
            section: Some([a, b, c]),
            number,
        }
    }

    /// An unnumbered rule of MQTT 3.1.1: `u3(7)` is `u3-07`.
    #[must_use]
    pub const fn u3(number: u8) -> Self {
        Self {
            version: ProtocolVersion::V3_1_1,
            section: None,
            number,
        }
    }

    /// An unnumbered rule of MQTT 5.0: `u5(7)` is `u5-07`.
    #[must_use]
    pub const fn u5(number: u8) -> Self {
        Self {
            version: ProtocolVersion::V5_0,
            section: None,
            number,
        }
    }

    /// The version of MQTT whose rule it is.
    #[must_use]
    pub const fn version(self) -> ProtocolVersion {
        self.version
    }

    /// Whether the specification numbers the statement (`v3-`, `v5-`), or only implies it (`u3-`, `u5-`).
    #[must_use]
    pub const fn is_numbered(self) -> bool {
        self.section.is_some()
    }

    /// The form for people: `MQTT 5.0 [MQTT-4.8.2-1]`, or `MQTT 5.0 rule u5-07`.
    #[must_use]
    pub fn in_print(self) -> String {
        let version = self.version;
        match self.section {
            Some([a, b, c]) => format!("MQTT {version} [MQTT-{a}.{b}.{c}-{}]", self.number),
            None => format!("MQTT {version} rule {self}"),
        }
    }
}

impl fmt::Display for StatementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = match self.version {
            ProtocolVersion::V3_1_1 => 3,
            ProtocolVersion::V5_0 => 5,
        };
        match self.section {
            Some([a, b, c]) => write!(f, "v{digit}-{a}.{b}.{c}-{}", self.number),
            None => write!(f, "u{digit}-{:02}", self.number),
        }
    }
}

impl FromStr for StatementId {
    type Err = NotAStatement;

    fn from_str(text: &str) -> Result<Self, NotAStatement> {
        let (family, rest) = text.split_once('-').ok_or(NotAStatement)?;
        let version = match family {
            "v3" | "u3" => ProtocolVersion::V3_1_1,
            "v5" | "u5" => ProtocolVersion::V5_0,
            _ => return Err(NotAStatement),
        };
        if family.starts_with('u') {
            let number = rest.parse().map_err(|_| NotAStatement)?;
            return Ok(Self {
                version,
                section: None,
                number,
            });
        }
        let (section, number) = rest.split_once('-').ok_or(NotAStatement)?;
        let mut parts = section.split('.').map(str::parse);
        let (Some(Ok(a)), Some(Ok(b)), Some(Ok(c)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotAStatement);
        };
        let number = number.parse().map_err(|_| NotAStatement)?;
        Ok(Self {
            version,
            section: Some([a, b, c]),
            number,
        })
    }
}

/// The text has not the form of a statement's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotAStatement;

impl fmt::Display for NotAStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a statement; its form is v3-3.1.0-1, v5-3.1.0-1, u3-07 or u5-07")
    }
}

impl std::error::Error for NotAStatement {}
