//! The uniform layout of scenario files.

use std::mem;

use mqtt_assay_codec::notation::{Token, TokenKind, lex};

use super::error::ScenarioError;
use super::parse;

/// Lays a file out: the same scenarios, indented by two blanks, with their statements in one column.
///
/// Comments are kept, and of blank lines one in a row. Headers come in the order of the language: the sentence,
/// `versions`, `requires`, `exclusive`, the cases.
///
/// # Errors
///
/// All mistakes that [`parse`] finds: a text that cannot be read is not laid out.
pub fn format(text: &str) -> Result<String, Vec<ScenarioError>> {
    parse("", text)?;
    let mut formatter = Formatter::default();
    for line in text.lines() {
        match Line::read(line.trim()) {
            Ok(line) => formatter.line(line),
            // Cannot be: the line was read before.
            Err(error) => return Err(vec![error]),
        }
    }
    Ok(formatter.finish())
}

/// A line, cut into what is laid out apart.
#[derive(Clone, Default)]
struct Line {
    kind: Kind,
    /// What the line says, up to the statements.
    code: String,
    /// `@` and the statements.
    statements: String,
    /// `#` and what follows.
    comment: String,
    indent: usize,
}

/// What decides the place of a line.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Summary,
    Versions,
    Requires,
    Exclusive,
    Case,
    Scenario,
    #[default]
    Blank,
    Comment,
    BlockStart,
    BlockEnd,
    Step,
}

impl Line {
    fn read(line: &str) -> Result<Self, ScenarioError> {
        let tokens = lex(line)?;
        let source = |token: &Token| line.get(token.span.clone()).unwrap_or_default();
        let mut parts = [String::new(), String::new()];
        let mut is_statements = false;
        let mut last: Option<&Token> = None;
        for token in &tokens {
            let gap = last.map_or(0, |last| token.span.start - last.span.end);
            let is_start = !is_statements && gap > 0 && source(token) == "@";
            is_statements |= is_start;
            let [code, statements] = &mut parts;
            let part = if is_statements { statements } else { code };
            // A number after a range can only be its other end: `within 1s..2s`.
            let is_bound = last.is_some_and(|last| source(last) == "..")
                && source(token).starts_with(|c: char| c.is_ascii_digit());
            if let (Some(last), false) = (last, part.is_empty() || is_bound)
                && is_apart(last, token, gap)
            {
                part.push(' ');
            }
            part.push_str(source(token));
            last = Some(token);
        }
        let end = last.map_or(0, |token| token.span.end);
        let comment = line.get(end..).unwrap_or_default().trim().to_owned();
        let [code, statements] = parts;
        Ok(Self {
            kind: Kind::of(&tokens, &comment),
            code,
            statements,
            comment,
            indent: 0,
        })
    }

    /// Where the line's code ends, and its statements may begin.
    fn width(&self) -> usize {
        self.indent + self.code.chars().count()
    }
}

impl Kind {
    fn of(tokens: &[Token], comment: &str) -> Self {
        let mut depth = 0_u32;
        let first = tokens.iter().find(|token| match &token.kind {
            TokenKind::Symbol("[") => {
                depth += 1;
                false
            }
            TokenKind::Symbol("]") => {
                depth = depth.saturating_sub(1);
                false
            }
            TokenKind::Symbol(_)
            | TokenKind::Word(_)
            | TokenKind::Number(_)
            | TokenKind::Bytes(_) => depth == 0,
        });
        match first.map(|token| &token.kind) {
            None if comment.is_empty() => Self::Blank,
            None => Self::Comment,
            Some(TokenKind::Bytes(_)) => Self::Summary,
            Some(TokenKind::Word(word)) => match word.as_str() {
                "scenario" => Self::Scenario,
                "versions" => Self::Versions,
                "requires" => Self::Requires,
                "exclusive" => Self::Exclusive,
                "case" => Self::Case,
                "unordered" | "repeat" | "eventually" => Self::BlockStart,
                "end" => Self::BlockEnd,
                _ => Self::Step,
            },
            Some(TokenKind::Number(_) | TokenKind::Symbol(_)) => Self::Step,
        }
    }
}

#[derive(Default)]
struct Formatter {
    out: Vec<Line>,
    /// Comments and blank lines, whose place is that of the line after them.
    waiting: Vec<Line>,
    /// The header's lines, each after its comments.
    header: Vec<(Kind, Vec<Line>)>,
    depth: usize,
}

impl Formatter {
    fn line(&mut self, line: Line) {
        match line.kind {
            Kind::Blank | Kind::Comment => return self.waiting.push(line),
            Kind::Step | Kind::BlockStart => {}
            Kind::BlockEnd => self.depth = self.depth.saturating_sub(1),
            Kind::Scenario => {
                self.finish_header();
                self.depth = 0;
                if !self.out.is_empty() {
                    self.waiting.insert(0, Line::default());
                }
                return self.place(line, 0);
            }
            Kind::Summary | Kind::Versions | Kind::Requires | Kind::Exclusive | Kind::Case => {
                return self.header_line(line);
            }
        }
        if !self.header.is_empty() {
            self.finish_header();
            self.waiting.insert(0, Line::default());
        }
        let kind = line.kind;
        let indent = INDENT * (1 + self.depth);
        self.place(line, indent);
        if kind == Kind::BlockStart {
            self.depth += 1;
        }
    }

    fn header_line(&mut self, line: Line) {
        let kind = line.kind;
        let mut lines = mem::take(&mut self.waiting);
        lines.push(line);
        // A header is one block of lines.
        lines.retain(|line| line.kind != Kind::Blank);
        for line in &mut lines {
            line.indent = INDENT;
        }
        self.header.push((kind, lines));
    }

    fn finish_header(&mut self) {
        self.header.sort_by_key(|(kind, _)| *kind);
        for (_, lines) in self.header.drain(..) {
            self.out.extend(lines);
        }
    }

    /// Puts a line after the comments above it.
    fn place(&mut self, mut line: Line, indent: usize) {
        line.indent = indent;
        for mut above in mem::take(&mut self.waiting) {
            above.indent = indent;
            self.put(above);
        }
        self.put(line);
    }

    /// Puts a line, unless it is a blank one after another or at the top.
    fn put(&mut self, line: Line) {
        let is_blank = line.kind == Kind::Blank;
        let after_blank = self.out.last().is_none_or(|last| last.kind == Kind::Blank);
        if !(is_blank && after_blank) {
            self.out.push(line);
        }
    }

    fn finish(mut self) -> String {
        self.finish_header();
        for line in mem::take(&mut self.waiting) {
            let indent = INDENT * usize::from(!self.out.is_empty());
            self.put(Line { indent, ..line });
        }
        if self.out.last().is_some_and(|last| last.kind == Kind::Blank) {
            self.out.pop();
        }
        let mut text = String::new();
        for block in self.out.split(|line| line.kind == Kind::Blank) {
            if !text.is_empty() {
                text.push('\n');
            }
            print_block(block, &mut text);
        }
        text
    }
}

/// Prints lines between blank ones, their statements in one column.
fn print_block(block: &[Line], text: &mut String) {
    let column = block
        .iter()
        .filter(|line| !line.statements.is_empty())
        .map(|line| line.width() + GAP)
        .filter(|column| *column <= STATEMENTS_COLUMN_MAX)
        .max()
        .unwrap_or(0);
    for line in block {
        let mut out = " ".repeat(line.indent);
        out.push_str(&line.code);
        if !line.statements.is_empty() {
            let gap = column.saturating_sub(line.width()).max(GAP);
            out.push_str(&" ".repeat(gap));
            out.push_str(&line.statements);
        }
        if !line.comment.is_empty() {
            if line.kind != Kind::Comment {
                out.push_str(&" ".repeat(GAP));
            }
            out.push_str(&line.comment);
        }
        text.push_str(out.trim_end());
        text.push('\n');
    }
}

/// Whether a blank stands between two tokens.
fn is_apart(left: &Token, right: &Token, gap: usize) -> bool {
    let symbol = |token: &Token| match token.kind {
        TokenKind::Symbol(symbol) => symbol,
        TokenKind::Word(_) | TokenKind::Number(_) | TokenKind::Bytes(_) => "",
    };
    let (left, right) = (symbol(left), symbol(right));
    let is_arrow = |symbol: &str| matches!(symbol, "->" | "<-" | "|");
    if is_arrow(left) || is_arrow(right) || left == "]" {
        return true;
    }
    let is_tight = matches!(left, "=" | ":" | "+" | "$" | "?" | "[" | "*")
        || matches!(right, "=" | ":" | "+" | "]" | "*" | "..");
    gap > 0 && !is_tight
}

const INDENT: usize = 2;

/// The least distance of statements and comments from what stands before them.
const GAP: usize = 2;

/// Longer lines do not push the statements of their neighbours out of sight.
const STATEMENTS_COLUMN_MAX: usize = 80;
