//! The long answer: notation, fields with their bytes, and for an error the byte, the rule and the reply.

use std::io;

use mqtt_assay_codec::notation::{self, Dissection};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, PacketType, ProtocolVersion};

use super::answer::{Answer, Rules};
use crate::catalogue::Catalogue;
use crate::report::text::{BAD, BOLD, DIM, GOOD, counted, escape, paragraph};

/// Explains every packet of a byte string, up to the first that is none.
pub(super) fn write(bytes: &[u8], rules: Rules, out: &mut impl io::Write) -> io::Result<()> {
    let mut rest = bytes;
    loop {
        let answer = Answer::of(rest, rules);
        write_answer(rest, &answer, rules, out)?;
        let Answer::Valid { len, .. } = answer else {
            return Ok(());
        };
        rest = rest.get(len..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(());
        }
        writeln!(out)?;
    }
}

fn write_answer(
    bytes: &[u8],
    answer: &Answer,
    rules: Rules,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let version = rules.version();
    match answer {
        Answer::Valid { packet, len } => {
            writeln!(out, "{BOLD}{}{BOLD:#}", escape(packet))?;
            let size = counted(*len, "byte");
            writeln!(out, "{GOOD}valid{GOOD:#} in MQTT {version}, {size}\n")?;
            write_frame(bytes.get(..*len).unwrap_or_default(), version, None, out)
        }
        Answer::Incomplete { more } => {
            let (found, more) = (counted(bytes.len(), "byte"), counted(*more, "byte"));
            writeln!(
                out,
                "{BAD}incomplete{BAD:#}: {found} found, at least {more} more needed\n"
            )?;
            write_frame(bytes, version, None, out)
        }
        Answer::Wrong { error, len } => {
            let what = error.to_string();
            let word = answer.verdict();
            writeln!(
                out,
                "{BAD}{word}{BAD:#} in MQTT {}: {}\n",
                error.version(),
                escape(&what)
            )?;
            let frame = bytes.get(..len.unwrap_or(bytes.len())).unwrap_or_default();
            write_frame(frame, version, Some(error.offset()), out)?;
            write_rule(error, out)?;
            // A strict decoder stops at the first error; a reader wants to know of the others.
            let dissection = Dissection::of(frame, version, rules.from);
            for error in dissection.violations.iter().skip(1) {
                let (what, id) = (error.to_string(), error.statement());
                writeln!(out, "{BAD}also{BAD:#}: {} ({id})", escape(&what))?;
            }
            Ok(())
        }
    }
}

/// The fields in rows, each with its place and its bytes; a caret under the byte that is wrong.
fn write_frame(
    bytes: &[u8],
    version: ProtocolVersion,
    caret: Option<usize>,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let dissection = Dissection::of(bytes, version, Sender::Either);
    let names = dissection.parts.iter().map(|part| part.name.len());
    let width = names.max().unwrap_or_default();
    for part in &dissection.parts {
        let field = bytes.get(part.range.clone()).unwrap_or_default();
        for (index, row) in field.chunks(ROW_LEN).enumerate() {
            let start = part.range.start + index * ROW_LEN;
            let end = start + row.len();
            let range = format!("{start}..{end}");
            let title = if index == 0 { part.name } else { "" };
            let text: String = row.iter().map(|&byte| printable(byte)).collect();
            let hex = notation::hex(row);
            writeln!(
                out,
                "  {DIM}{range:>11}  {title:<width$}{DIM:#}  {hex:<47}  {DIM}|{text}|{DIM:#}"
            )?;
            // The byte behind the last one is where something is missing.
            let is_here = caret
                .is_some_and(|at| (start..end).contains(&at) || at == end && at == bytes.len());
            if let Some(at) = caret.filter(|_| is_here) {
                writeln!(
                    out,
                    "{}{BAD}^^ byte {at}{BAD:#}",
                    " ".repeat(17 + width + 3 * (at - start))
                )?;
            }
        }
    }
    writeln!(out)
}

/// The rule that is broken, and how a receiver answers.
fn write_rule(error: &DecodeError, out: &mut impl io::Write) -> io::Result<()> {
    let id = error.statement();
    write!(out, "{BOLD}{}{BOLD:#}", id.in_print())?;
    if let Some(statement) = Catalogue::embedded().get(id) {
        let (level, section) = (statement.level, &statement.section);
        writeln!(
            out,
            " {level}, section {section} {} ({id})",
            statement.title
        )?;
        paragraph(out, "| ", &statement.summary, 100)?;
    } else {
        writeln!(out)?;
    }
    if error.version().has_reason_codes() {
        let code = error.reason_code();
        let name = code.name().unwrap_or("not listed");
        let packet = match error.packet_type() {
            Some(PacketType::Connect) => "CONNACK",
            _ => "DISCONNECT",
        };
        writeln!(
            out,
            "the receiver answers {packet} {code} ({name}), and closes"
        )
    } else if let Some(code) = error.return_code() {
        writeln!(out, "the receiver answers CONNACK {code:#04x}, and closes")
    } else {
        writeln!(out, "the receiver closes the connection")
    }
}

fn printable(byte: u8) -> char {
    if byte.is_ascii_graphic() || byte == b' ' {
        char::from(byte)
    } else {
        '.'
    }
}

/// Bytes in a row.
const ROW_LEN: usize = 16;
