//! The catalogue: every normative statement of MQTT 3.1.1 and 5.0, in our own words.
//!
//! Its data is `fixtures/statements/*.toml`, compiled in; `fixtures/README.md` describes the fields.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use mqtt_assay_codec::{ProtocolVersion, StatementId};
use serde::{Deserialize, Deserializer, Serialize};

/// All statements, by key.
#[derive(Clone, Debug)]
pub struct Catalogue {
    statements: BTreeMap<StatementId, Statement>,
}

/// One normative statement, or a rule that the text implies without a number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Statement {
    /// Its key.
    #[serde(deserialize_with = "statement_id")]
    pub id: StatementId,
    /// The section in which it stands.
    pub section: String,
    /// That section's title.
    pub title: String,
    /// The packet or topic that it belongs to.
    pub area: String,
    /// Whom it binds.
    pub who: Who,
    /// How strongly it binds.
    pub level: Level,
    /// The levels of its other parts.
    #[serde(default)]
    pub also: Vec<Level>,
    /// How a test can see it.
    pub observable: Observable,
    /// Whether a broker that misses it is only warned about, unless the run is strict.
    #[serde(default)]
    pub strict: bool,
    /// What a broker must be able to do for the statement to apply.
    #[serde(default)]
    pub requires: Vec<String>,
    /// The statements of the other version that say nearly the same.
    #[serde(default, deserialize_with = "statement_ids")]
    pub counterparts: Vec<StatementId>,
    /// What it demands.
    pub summary: String,
    /// How it is tested: what is sent, and what may come back.
    pub check: String,
    /// Misprints, overlaps, and the like.
    pub note: Option<String>,
}

/// Whom a statement binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "closed by the catalogue's format")]
pub enum Who {
    /// The server alone.
    Server,
    /// The client alone.
    Client,
    /// Whoever sends or receives.
    Both,
}

/// How strongly a statement binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "closed by the catalogue's format")]
pub enum Level {
    /// An obligation.
    Must,
    /// A prohibition.
    MustNot,
    /// A recommendation.
    Should,
    /// A freedom.
    May,
}

/// How a test can see a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "closed by the catalogue's format")]
pub enum Observable {
    /// In legal traffic.
    Wire,
    /// In the broker's reaction to a violation that is sent to it.
    Input,
    /// With the strict decoder, in whatever the broker sends.
    Codec,
    /// When the broker is configured for it: credentials, permissions, an authentication method.
    Lifecycle,
    /// Only in a client.
    Client,
    /// Not at all; the statement's `check` says why.
    No,
}

impl Catalogue {
    /// The catalogue that is compiled in.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Catalogue> = LazyLock::new(|| {
            #[expect(
                clippy::expect_used,
                reason = "the texts are constants that a test parses"
            )]
            Catalogue::parse(&[V3_1_1, V5_0]).expect("the embedded catalogue is well-formed")
        });
        &EMBEDDED
    }

    /// Reads catalogue files.
    ///
    /// # Errors
    ///
    /// When a text is no catalogue file, or two statements have one key.
    pub fn parse(texts: &[&str]) -> Result<Self, CatalogueError> {
        let mut statements = BTreeMap::new();
        for text in texts {
            let file: File =
                toml::from_str(text).map_err(|error| CatalogueError(error.to_string()))?;
            for statement in file.statement {
                let id = statement.id;
                if statements.insert(id, statement).is_some() {
                    return Err(CatalogueError(format!("two statements have the key {id}")));
                }
            }
        }
        Ok(Self { statements })
    }

    /// The statement of a key.
    #[must_use]
    pub fn get(&self, id: StatementId) -> Option<&Statement> {
        self.statements.get(&id)
    }

    /// All statements: by version, the unnumbered rules before the numbered statements.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Statement> {
        self.statements.values()
    }

    /// The statements of one version.
    pub fn of_version(&self, version: ProtocolVersion) -> impl Iterator<Item = &Statement> {
        self.iter()
            .filter(move |statement| statement.id.version() == version)
    }
}

impl Level {
    /// The word in print.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::May => "MAY",
        }
    }

    /// Whether a broker that does not follow it is at fault.
    #[must_use]
    pub const fn is_binding(self) -> bool {
        matches!(self, Self::Must | Self::MustNot)
    }
}

impl Observable {
    /// All classes, the testable ones first.
    pub const ALL: [Self; 6] = [
        Self::Wire,
        Self::Input,
        Self::Codec,
        Self::Lifecycle,
        Self::Client,
        Self::No,
    ];

    /// The word in the catalogue.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Input => "input",
            Self::Codec => "codec",
            Self::Lifecycle => "lifecycle",
            Self::Client => "client",
            Self::No => "no",
        }
    }

    /// What the word means.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Wire => "legal traffic",
            Self::Input => "the reaction to a violation that is sent",
            Self::Codec => "every packet from the broker, by the strict decoder",
            Self::Lifecycle => "a broker that is configured for it",
            Self::Client => "a client only",
            Self::No => "nothing that a test could see",
        }
    }

    /// Whether a test can judge a broker by statements of this class.
    #[must_use]
    pub const fn is_testable(self) -> bool {
        !matches!(self, Self::Client | Self::No)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Observable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text is no catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueError(String);

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CatalogueError {}

/// A catalogue file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    statement: Vec<Statement>,
}

fn statement_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatementId, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|error| serde::de::Error::custom(format!("'{text}' is {error}")))
}

fn statement_ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<StatementId>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| {
            text.parse()
                .map_err(|error| serde::de::Error::custom(format!("'{text}' is {error}")))
        })
        .collect()
}

const V3_1_1: &str = include_str!("../fixtures/statements/mqtt-3.1.1.toml");
const V5_0: &str = include_str!("../fixtures/statements/mqtt-5.0.toml");
