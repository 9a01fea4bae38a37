//! Deliberate violations.
//!
//! A fault is one mistake such as an implementer makes. The broker asks for each in exactly one place, with
//! `has(Fault::..)`, and without a fault it keeps every statement. So a suite that passes the broker can be shown
//! to fail it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use mqtt_assay_codec::StatementId;

macro_rules! faults {
    ({$(
        #[doc = $summary:literal]
        $fault:ident = $name:literal: [$($statement:literal),+ $(,)?]
            $(, also $also:tt $why:literal)?
            $(, shows with $setting:literal)?;
    )+}) => {
        /// A deliberate violation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Fault {
            $(#[doc = $summary] $fault,)+
        }

        impl Fault {
            /// Every fault, by topic.
            pub const ALL: &'static [Self] = &[$(Self::$fault),+];

            /// Its name on the command line, such as `puback-missing`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$fault => $name,)+ }
            }

            /// What the broker does, in a sentence.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$fault => $summary.trim_start(),)+ }
            }

            /// What `serve` must be told for the fault to show, as its options; none where it shows by default.
            #[must_use]
            pub const fn shows_with(self) -> Option<&'static str> {
                match self { $(Self::$fault => option!($($setting)?),)+ }
            }

            /// Why the broker cannot but break its consequences too; none where it has no consequences.
            #[must_use]
            pub const fn reason(self) -> Option<&'static str> {
                match self { $(Self::$fault => option!($($why)?),)+ }
            }

            pub(super) const fn keys(self) -> &'static [&'static str] {
                match self { $(Self::$fault => &[$($statement),+],)+ }
            }

            pub(super) const fn also(self) -> super::Also {
                match self { $(Self::$fault => also!($($also)?),)+ }
            }
        }
    };
}

macro_rules! option {
    () => {
        None
    };
    ($value:literal) => {
        Some($value)
    };
}

macro_rules! also {
    () => {
        super::Also::Keys(&[])
    };
    (refusals) => {
        super::Also::Refusals
    };
    (everything) => {
        super::Also::Everything
    };
    ([$($key:literal),+ $(,)?]) => {
        super::Also::Keys(&[$($key),+])
    };
}

/// The consequences of a fault, as its row has them.
enum Also {
    Keys(&'static [&'static str]),
    Refusals,
    Everything,
}

/// What breaks together with the statements of a fault, or seems to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "nothing, something, or all")]
pub enum Consequences {
    /// These statements.
    Statements(Vec<StatementId>),
    /// Every statement on what a broker refuses.
    Refusals,
    /// No exchange is what it should be.
    Everything,
}

mod table;

pub use table::Fault;

impl Fault {
    /// The statements that the broker breaks with it, of both versions where both have one.
    #[must_use]
    pub fn statements(self) -> &'static [StatementId] {
        static STATEMENTS: LazyLock<BTreeMap<Fault, Vec<StatementId>>> = LazyLock::new(|| {
            let parse = |key: &&str| key.parse().ok();
            let row = |fault: &Fault| (*fault, fault.keys().iter().filter_map(parse).collect());
            Fault::ALL.iter().map(row).collect()
        });
        STATEMENTS.get(&self).map_or(&[], Vec::as_slice)
    }

    /// What breaks with those, or seems to; [`Fault::reason`] says why.
    #[must_use]
    pub fn consequences(self) -> Consequences {
        match self.also() {
            Also::Keys(keys) => {
                let parsed = keys.iter().filter_map(|key| key.parse().ok());
                Consequences::Statements(parsed.collect())
            }
            Also::Refusals => Consequences::Refusals,
            Also::Everything => Consequences::Everything,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let fault = Self::ALL.iter().find(|fault| fault.name() == name);
        fault.copied().ok_or(UnknownFault)
    }
}

/// The text names no fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownFault;

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown fault")
    }
}

impl std::error::Error for UnknownFault {}

/// The fault that a broker has, if any.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faults(Option<Fault>);

impl Faults {
    pub(super) const fn new(fault: Option<Fault>) -> Self {
        Self(fault)
    }

    /// Whether the broker makes this mistake.
    pub(super) const fn has(self, fault: Fault) -> bool {
        match self.0 {
            Some(own) => own as u16 == fault as u16,
            None => false,
        }
    }
}
