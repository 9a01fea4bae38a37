//! How a command ends.

use std::io;

use crate::report::text::escape;

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the command line")]
pub enum Exit {
    /// Everything was as expected.
    AsExpected,
    /// A verdict was not expected.
    Unexpected,
    /// The command line or a scenario is wrong.
    Usage,
    /// The broker could not be tested.
    CouldNotTest,
    /// Nothing was selected.
    NothingSelected,
    /// The run was interrupted.
    Interrupted,
}

impl Exit {
    /// The number that the process ends with.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::AsExpected => 0,
            Self::Unexpected => 1,
            Self::Usage => 2,
            Self::CouldNotTest => 3,
            Self::NothingSelected => 4,
            Self::Interrupted => 130,
        }
    }
}

/// Why a command did not do its work.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
    hint: Option<String>,
    is_rendered: bool,
}

impl Failure {
    /// A failure with a message: what was found, and what was allowed.
    #[must_use]
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hint: None,
            is_rendered: false,
        }
    }

    /// A failure whose message is already laid out in lines.
    #[must_use]
    pub fn rendered(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            is_rendered: true,
            ..Self::new(exit, message)
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a hint, if there is one.
    #[must_use]
    pub fn maybe_hint(self, hint: Option<String>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// The exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        self.exit
    }

    /// Prints it to standard error.
    pub fn print(&self) {
        if self.is_rendered && self.message.is_empty() {
            return;
        }
        if self.is_rendered {
            anstream::eprintln!("{}", self.message);
        } else {
            anstream::eprintln!("error: {}", escape(&self.message));
        }
        if let Some(hint) = &self.hint {
            anstream::eprintln!("hint: {}", escape(hint));
        }
    }
}

/// A file that cannot be used. Output that nobody reads any more is no failure: `mqtt-assay list | head`.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::rendered(Exit::AsExpected, "");
        }
        Self::new(Exit::Usage, error.to_string())
    }
}
