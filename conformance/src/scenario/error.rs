//! What is wrong with a scenario, and where.

use std::fmt;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use mqtt_assay_codec::notation::{NotationError, Span};

/// A mistake in a scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    message: Box<str>,
    file: Box<str>,
    line: u32,
    mark: Mark,
    label: Option<Box<str>>,
    help: Option<Box<str>>,
}

/// What a caret points at, in the line without its indentation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mark {
    /// The whole line.
    Line,
    /// Bytes of the line.
    Span(Span),
    /// The first place where this stands as a word.
    Word(Box<str>),
}

impl ScenarioError {
    /// A mistake of a whole line.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into().into(),
            file: Box::default(),
            line: 0,
            mark: Mark::Line,
            label: None,
            help: None,
        }
    }

    /// Says in which file and line it is.
    pub(crate) fn at(mut self, file: &str, line: u32) -> Self {
        self.file = file.into();
        self.line = line;
        self
    }

    /// Points at bytes of the line, counted without its indentation.
    pub(crate) fn span(mut self, span: Span) -> Self {
        self.mark = Mark::Span(span);
        self
    }

    /// Points at the first place of a word in the line.
    pub(crate) fn word(mut self, word: impl Into<String>) -> Self {
        self.mark = Mark::Word(word.into().into());
        self
    }

    /// Writes a few words beside the carets.
    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into().into());
        self
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into().into());
        self
    }

    /// Adds the nearest name, if one is near.
    pub(crate) fn did_you_mean(self, name: Option<&str>) -> Self {
        match name {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// What was found and what is allowed.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The file, as it was named to the parser.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The bytes that it is about, in the line as it stands in the text of the file.
    #[must_use]
    pub fn columns(&self, source: &str) -> Span {
        let line = self.source_line(source);
        let indent = line.len() - line.trim_start().len();
        let end = line.trim_end().len().max(indent);
        let span = match &self.mark {
            Mark::Line => indent..end,
            Mark::Span(span) => span.start + indent..span.end + indent,
            Mark::Word(word) => match find_word(line, word) {
                Some(start) => start..start + word.len(),
                None => indent..end,
            },
        };
        span.start.min(end)..span.end.min(line.len()).max(span.start.min(end))
    }

    /// For people: the message, `file:line:column`, the line of the source with carets, and help.
    #[must_use]
    pub fn render(&self, source: &str, color: bool) -> String {
        let line = self.source_line(source);
        let mut annotation = AnnotationKind::Primary.span(self.columns(source));
        if let Some(label) = &self.label {
            annotation = annotation.label(&**label);
        }
        let snippet = Snippet::source(line)
            .line_start(usize::try_from(self.line).unwrap_or(1))
            .path(&*self.file)
            .annotation(annotation);
        let mut group = Level::ERROR.primary_title(&*self.message).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(&**help));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.decor_style(DecorStyle::Ascii).render(&[group])
    }

    fn source_line<'a>(&self, source: &'a str) -> &'a str {
        let index = usize::try_from(self.line.saturating_sub(1)).unwrap_or(usize::MAX);
        source.lines().nth(index).unwrap_or_default()
    }
}

/// `file:line: message; help`, in one line.
impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ScenarioError {}

impl From<NotationError> for ScenarioError {
    fn from(error: NotationError) -> Self {
        let mut this = Self::new(error.message).span(error.span);
        this.help = error.hint.map(Into::into);
        this
    }
}

/// Where `word` stands in `line` and is not a part of a longer word.
fn find_word(line: &str, word: &str) -> Option<usize> {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_open = |inside: Option<char>, outside: Option<char>| is_part(inside) && is_part(outside);
    line.match_indices(word)
        .map(|(start, _)| start)
        .find(|start| {
            let (before, rest) = line.split_at(*start);
            let after = rest.get(word.len()..).unwrap_or_default();
            !is_open(word.chars().next(), before.chars().next_back())
                && !is_open(word.chars().next_back(), after.chars().next())
        })
}
