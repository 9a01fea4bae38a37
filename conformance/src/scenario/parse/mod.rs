//! From the text of a file to scenarios.

mod client;
mod cursor;
mod expect;
mod header;
mod send;
mod step;
mod times;
mod value;

use super::error::ScenarioError;
use super::{Action, Guard, Operand, Scenario, Step};
use cursor::Cursor;
use header::Header;
use step::Line;

/// Reads every scenario of a file.
///
/// `file_name` is the name that errors and scenarios carry.
///
/// # Errors
///
/// All mistakes of the file that can be seen line by line, in order; [`check`](super::check) finds the others.
pub fn parse(file_name: &str, text: &str) -> Result<Vec<Scenario>, Vec<ScenarioError>> {
    let mut parser = Parser::new(file_name);
    for (number, line) in (1..).zip(text.lines()) {
        if let Err(error) = parser.line(number, line.trim()) {
            parser.errors.push(error.at(file_name, number));
        }
    }
    parser.finish_scenario();
    parser.errors.sort_by_key(ScenarioError::line);
    if parser.errors.is_empty() {
        Ok(parser.scenarios)
    } else {
        Err(parser.errors)
    }
}

/// The state between two lines.
struct Parser<'a> {
    file: &'a str,
    scenarios: Vec<Scenario>,
    errors: Vec<ScenarioError>,
    /// The scenario that is being read.
    current: Option<Scenario>,
    /// What its header has had so far.
    header: Header,
    /// The blocks that are open, outermost first.
    blocks: Vec<Block>,
}

/// How a block is performed.
enum BlockKind {
    Unordered,
    Repeat(Operand),
    Eventually(Operand),
}

impl BlockKind {
    const fn word(&self) -> &'static str {
        match self {
            Self::Unordered => "unordered",
            Self::Repeat(_) => "repeat",
            Self::Eventually(_) => "eventually",
        }
    }
}

/// A block whose `end` has not come.
struct Block {
    guard: Guard,
    kind: BlockKind,
    steps: Vec<Step>,
    line: u32,
    text: String,
}

impl<'a> Parser<'a> {
    fn new(file: &'a str) -> Self {
        Self {
            file,
            scenarios: Vec::new(),
            errors: Vec::new(),
            current: None,
            header: Header::default(),
            blocks: Vec::new(),
        }
    }

    fn line(&mut self, number: u32, line: &str) -> Result<(), ScenarioError> {
        let mut cursor = match Cursor::new(line) {
            Ok(cursor) => cursor,
            Err(error) => {
                // So that a mistake in the sentence or in a step is not reported as its absence too.
                self.header.has_summary |= line.starts_with('"');
                return Err(error);
            }
        };
        if cursor.is_end() {
            return Ok(());
        }
        if cursor.eat_word("scenario") {
            self.finish_scenario();
            return self.start_scenario(number, &mut cursor);
        }
        let Some(scenario) = &mut self.current else {
            let error = cursor.fail("this line stands before the first scenario");
            return Err(error.help("begin with `scenario topic/behaviour`"));
        };
        if self.header.read(&mut cursor, scenario, number)? {
            return cursor.finish();
        }
        self.header.is_over = true;
        self.step(number, &mut cursor)
    }

    fn start_scenario(
        &mut self,
        number: u32,
        cursor: &mut Cursor<'_>,
    ) -> Result<(), ScenarioError> {
        self.header = Header::default();
        let mut scenario = header::empty(self.file, number);
        let name = header::name(cursor);
        if let Ok(name) = &name {
            name.clone_into(&mut scenario.name);
        }
        let earlier = self.scenarios.iter().find(|it| it.name == scenario.name);
        let earlier = earlier.map(|scenario| scenario.line);
        self.current = Some(scenario);
        let name = name?;
        if let Some(line) = earlier {
            return Err(
                ScenarioError::new(format!("there are two scenarios `{name}`"))
                    .word(name)
                    .help(format!("the first is in line {line}")),
            );
        }
        cursor.finish()
    }

    fn step(&mut self, number: u32, cursor: &mut Cursor<'_>) -> Result<(), ScenarioError> {
        let text = cursor.text().to_owned();
        let guard = step::guard(cursor)?;
        let start = cursor.span();
        let line = match step::action(cursor) {
            Ok(line) => line,
            Err(error) => {
                // A block is opened even if its first line is wrong, so that its `end` is no mistake.
                let unknown = Operand::Variable(String::new());
                if text.starts_with("repeat") {
                    self.open(guard, BlockKind::Repeat(unknown), number, text);
                } else if text.starts_with("eventually") {
                    self.open(guard, BlockKind::Eventually(unknown), number, text);
                }
                return Err(error);
            }
        };
        // The line is taken even if its end is wrong, so that blocks stay balanced.
        let rest = rest_of_line(cursor, &line);
        let statements = rest.as_deref().unwrap_or_default().to_vec();
        let is_guarded = guard != Guard::default();
        match line {
            Line::Step(action) => {
                let is_expectation =
                    matches!(action, Action::Expect { .. } | Action::Receive { .. });
                let in_unordered = self
                    .blocks
                    .last()
                    .is_some_and(|it| matches!(it.kind, BlockKind::Unordered));
                if in_unordered && !is_expectation {
                    return Err(ScenarioError::new(
                        "only `<-` and `receives` may stand in `unordered`",
                    )
                    .span(start));
                }
                self.push(Step {
                    guard,
                    action,
                    statements,
                    line: number,
                    text,
                });
            }
            Line::Unordered => self.open(guard, BlockKind::Unordered, number, text),
            Line::Repeat(count) => self.open(guard, BlockKind::Repeat(count), number, text),
            Line::Eventually(limit) => self.open(guard, BlockKind::Eventually(limit), number, text),
            Line::End => self.close(is_guarded).map_err(|it| it.span(start))?,
        }
        rest.map(drop)
    }

    fn open(&mut self, guard: Guard, kind: BlockKind, line: u32, text: String) {
        self.blocks.push(Block {
            guard,
            kind,
            steps: Vec::new(),
            line,
            text,
        });
    }

    fn close(&mut self, is_guarded: bool) -> Result<(), ScenarioError> {
        let Some(block) = self.blocks.pop() else {
            return Err(ScenarioError::new(
                "`end` without an `unordered`, `repeat` or `eventually` before it",
            ));
        };
        self.push(Step {
            guard: block.guard,
            action: match block.kind {
                BlockKind::Unordered => Action::Unordered { steps: block.steps },
                BlockKind::Repeat(count) => Action::Repeat {
                    count,
                    steps: block.steps,
                },
                BlockKind::Eventually(limit) => Action::Eventually {
                    limit,
                    steps: block.steps,
                },
            },
            statements: Vec::new(),
            line: block.line,
            text: block.text,
        });
        if is_guarded {
            let error = ScenarioError::new("`end` has no guard");
            return Err(error.help("guard the block's first line"));
        }
        Ok(())
    }

    fn push(&mut self, step: Step) {
        if let Some(block) = self.blocks.last_mut() {
            block.steps.push(step);
        } else if let Some(scenario) = &mut self.current {
            scenario.steps.push(step);
        }
    }

    fn finish_scenario(&mut self) {
        for block in std::mem::take(&mut self.blocks) {
            let word = block.kind.word();
            let error = ScenarioError::new(format!("`{word}` has no `end`"))
                .word(word)
                .label("opened here");
            self.errors.push(error.at(self.file, block.line));
        }
        let Some(mut scenario) = self.current.take() else {
            return;
        };
        self.header.complete(&mut scenario);
        if !self.header.has_summary {
            let error = ScenarioError::new("a scenario has no sentence that says what is right")
                .help("write it in quotes in the line below");
            self.errors.push(error.at(self.file, scenario.line));
        }
        self.scenarios.push(scenario);
    }
}

/// Reads the statements and the end of a line.
fn rest_of_line(
    cursor: &mut Cursor<'_>,
    line: &Line,
) -> Result<Vec<mqtt_assay_codec::StatementId>, ScenarioError> {
    if cursor.at_statements() && !step::can_judge(line) {
        return Err(cursor
            .fail("a line that expects nothing of the broker cites a statement")
            .help("cite it on the line that shows whether the broker keeps it"));
    }
    let statements = step::statements(cursor)?;
    cursor.finish()?;
    Ok(statements)
}
