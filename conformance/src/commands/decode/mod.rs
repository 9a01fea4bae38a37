//! `decode`: what bytes mean, or where and why they mean nothing.

mod answer;
mod explain;
mod hex;

use std::io::{self, BufRead as _};

use mqtt_assay_codec::packet::Sender;

use super::{Exit, Failure};
use crate::args::DecodeArgs;
use crate::report::text::escape;
use answer::{Answer, JsonAnswer, Rules};
use hex::{HexError, HexReader};

/// Explains bytes in hex, one packet after the other; or answers each line of standard input by a line.
pub(super) fn decode(args: &DecodeArgs) -> Result<Exit, Failure> {
    let rules = Rules {
        only: args.mqtt,
        from: args.from.unwrap_or(Sender::Either),
    };
    if let [only] = args.hex.as_slice()
        && only == "-"
    {
        answer_lines(rules, args.json)?;
        return Ok(Exit::AsExpected);
    }
    let text = args.hex.join(" ");
    let bytes = hex::parse(&text).map_err(|error| {
        let line = text.lines().nth(error.line).unwrap_or_default();
        let before: String = line.chars().take(error.column.saturating_sub(1)).collect();
        let indent = " ".repeat(escape(&before).chars().count());
        let message = format!("error: {error}\n  {}\n  {indent}^", escape(line));
        Failure::rendered(Exit::Usage, message)
    })?;
    let mut out = anstream::stdout().lock();
    if args.json {
        let answer = Answer::of(&bytes, rules);
        write_json(&JsonAnswer::of(&answer), &mut out)?;
    } else {
        explain::write(&bytes, rules, &mut out)?;
    }
    Ok(Exit::AsExpected)
}

/// One line for each line, or for lines that belong together; a line that is no hex is answered too, so that the answers
/// stay in step.
fn answer_lines(rules: Rules, is_json: bool) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let mut reader = HexReader::default();
    for line in io::stdin().lock().split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if reader.may_go_on() && !reader.goes_on_with(line) {
            answer_line(&Ok(reader.take()), rules, is_json, &mut out)?;
        }
        let read = reader.read(line);
        if read.is_err() || !reader.may_go_on() {
            let bytes = reader.take();
            answer_line(&read.map(|()| bytes), rules, is_json, &mut out)?;
        }
    }
    if reader.may_go_on() {
        answer_line(&Ok(reader.take()), rules, is_json, &mut out)?;
    }
    Ok(())
}

fn answer_line(
    read: &Result<Vec<u8>, HexError>,
    rules: Rules,
    is_json: bool,
    out: &mut impl io::Write,
) -> io::Result<()> {
    match (read, is_json) {
        (Ok(bytes), true) => write_json(&JsonAnswer::of(&Answer::of(bytes, rules)), out)?,
        (Ok(bytes), false) => {
            let answer = Answer::of(bytes, rules);
            writeln!(out, "{}", escape(&answer.to_string()))?;
        }
        (Err(error), true) => write_json(&JsonAnswer::of_no_hex(error), out)?,
        (Err(error), false) => writeln!(out, "error: {}", escape(&error.to_string()))?,
    }
    // Whoever feeds one line waits for its answer.
    out.flush()
}

fn write_json(answer: &JsonAnswer<'_>, out: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, answer)?;
    writeln!(out)
}
