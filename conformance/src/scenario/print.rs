//! From typed steps to text.

use std::fmt::Write as _;
use std::time::Duration;

use mqtt_assay_codec::PacketType;
use mqtt_assay_codec::notation::{Repeated, Value, print_string};

use super::{
    Action, Alternative, Case, Condition, Content, Cut, Event, FieldPattern, FieldValue, Grade,
    Guard, Literal, Mutation, Operand, Outgoing, Pattern, Step, Subprotocol, Within,
};

/// The text of a step, as a scenario file has it; the lines of a block are joined by line breaks.
#[must_use]
pub fn print_step(step: &Step) -> String {
    let mut out = String::new();
    print_guard(&step.guard, &mut out);
    print_action(&step.action, &mut out);
    if !step.statements.is_empty() {
        out.push_str("  @");
        for statement in &step.statements {
            put(&mut out, format_args!(" {statement}"));
        }
    }
    out
}

/// The text of a case, as a scenario file has it.
#[must_use]
pub fn print_case(case: &Case) -> String {
    let mut out = format!("case {}", case.name);
    let versions: Vec<&str> = case.versions.iter().map(|version| version.name()).collect();
    if !versions.is_empty() {
        put(&mut out, format_args!(" [{}]", versions.join(" ")));
    }
    for (name, value) in &case.variables {
        let value = field_operand(name, &Operand::Literal(value.clone()));
        put(&mut out, format_args!(" {name}={value}"));
    }
    out
}

fn print_guard(guard: &Guard, out: &mut String) {
    let versions = guard.versions.iter().map(|version| version.name());
    let words: Vec<&str> = versions
        .chain(guard.cases.iter().map(String::as_str))
        .collect();
    if !words.is_empty() {
        put(out, format_args!("[{}] ", words.join(" ")));
    }
}

fn print_action(action: &Action, out: &mut String) {
    if let Some(client) = action.client() {
        put(out, format_args!("{client} "));
    }
    match action {
        Action::Speak { version, .. } => put(out, format_args!("speaks {}", version.name())),
        Action::Open {
            offered,
            subprotocol,
            ..
        } => {
            out.push_str("opens");
            for (position, name) in offered.iter().enumerate() {
                let before = if position == 0 { " offering" } else { "" };
                put(out, format_args!("{before} {}", string(name.as_bytes())));
            }
            match subprotocol {
                Some(Subprotocol::Named(name)) => {
                    let name = string(name.as_bytes());
                    put(out, format_args!(" subprotocol={name}"));
                }
                Some(Subprotocol::Absent) => out.push_str(" subprotocol=absent"),
                None => {}
            }
        }
        Action::Send { packets, cut, .. } => {
            out.push_str("->");
            let packets: Vec<String> = packets.iter().map(print_outgoing).collect();
            out.push_str(&packets.join(" then"));
            match cut {
                Cut::Whole => {}
                Cut::Pieces(bytes) => put(out, format_args!(" in pieces of {bytes}")),
                Cut::Fragments(bytes) => put(out, format_args!(" in fragments of {bytes}")),
                Cut::Text => out.push_str(" in a text frame"),
            }
        }
        Action::Expect {
            alternatives,
            within,
            ..
        } => {
            out.push_str("<-");
            let alternatives: Vec<String> = alternatives.iter().map(alternative).collect();
            out.push_str(&alternatives.join(" |"));
            print_within(within.as_ref(), out);
        }
        Action::Connect {
            fields,
            session,
            connack,
            ..
        } => {
            out.push_str("connects");
            print_fields(fields, out);
            if let Some(session) = session {
                put(out, format_args!(" session={}", operand(session)));
            }
            print_patterns(connack, out);
        }
        Action::Subscribe { fields, .. } => print_verb("subscribes", fields, &["filter"], out),
        Action::Unsubscribe { fields, .. } => print_verb("unsubscribes", fields, &["filter"], out),
        Action::Publish { fields, .. } => {
            print_verb("publishes", fields, &["topic", "payload"], out);
        }
        Action::Receive {
            pattern, within, ..
        } => {
            out.push_str("receives");
            print_patterns(&pattern.fields, out);
            print_within(within.as_ref(), out);
        }
        Action::Ping { .. } => out.push_str("pings"),
        Action::Disconnect { fields, .. } => {
            out.push_str("disconnects");
            print_fields(fields, out);
        }
        Action::HalfClose { .. } => out.push_str("half-closes"),
        Action::Drop { .. } => out.push_str("drops"),
        Action::Unordered { steps } => print_block("unordered", steps, out),
        Action::Repeat { count, steps } => {
            print_block(&format!("repeat {}", operand(count)), steps, out);
        }
        Action::Eventually { limit, steps } => {
            print_block(&format!("eventually within {}", operand(limit)), steps, out);
        }
        Action::Wait { duration } => put(out, format_args!("wait {}", operand(duration))),
        Action::RestartBroker { is_killed } => {
            out.push_str(if *is_killed {
                "broker is killed"
            } else {
                "broker restarts"
            });
        }
    }
}

fn print_block(head: &str, steps: &[Step], out: &mut String) {
    out.push_str(head);
    for step in steps {
        for line in print_step(step).lines() {
            put(out, format_args!("\n  {line}"));
        }
    }
    out.push_str("\nend");
}

/// Prints the values of `unnamed` fields, as long as they come in order, without their names.
fn print_verb(verb: &str, fields: &[FieldValue], unnamed: &[&str], out: &mut String) {
    out.push_str(verb);
    let mut position = 0;
    for field in fields {
        let is_repeated = unnamed.len() == 1;
        if unnamed.get(position) == Some(&field.name) {
            put(out, format_args!(" {}", operand(&field.value)));
            position += usize::from(!is_repeated);
        } else {
            print_field(field, out);
        }
    }
}

/// The text of what a line sends, with a blank before it.
#[must_use]
pub fn print_outgoing(outgoing: &Outgoing) -> String {
    let mut out = String::from(" ");
    match &outgoing.content {
        Content::Packet(packet_type, fields) => {
            out.push_str(packet_type.name());
            print_fields(fields, &mut out);
        }
        Content::Hex(bytes) => {
            out.push_str("hex");
            print_hex(bytes, &mut out);
        }
    }
    if !outgoing.mutations.is_empty() {
        out.push_str(" with");
    }
    for mutation in &outgoing.mutations {
        match mutation {
            Mutation::Flags(flags) => match flags {
                Operand::Literal(Literal::Value(Value::Number(flags))) => {
                    put(&mut out, format_args!(" flags=0b{flags:04b}"));
                }
                Operand::Literal(_) | Operand::Variable(_) => {
                    put(&mut out, format_args!(" flags={}", operand(flags)));
                }
            },
            Mutation::RemainingLength(length) => {
                put(
                    &mut out,
                    format_args!(" remaining-length={}", operand(length)),
                );
            }
            Mutation::Truncate(bytes) => {
                put(&mut out, format_args!(" truncate={}", operand(bytes)));
            }
            Mutation::Append(bytes) => put(&mut out, format_args!(" append={}", operand(bytes))),
            Mutation::Byte { at, value } => {
                put(&mut out, format_args!(" byte@{at}={}", operand(value)));
            }
        }
    }
    out
}

/// Prints bytes as digits, but placeholders and what is long and uniform as strings.
fn print_hex(bytes: &[u8], out: &mut String) {
    let mut from = 0;
    let holes = super::template::placeholders(bytes).map(|(_, span)| span);
    for hole in holes.chain(std::iter::once(bytes.len()..bytes.len())) {
        for byte in bytes.get(from..hole.start).unwrap_or_default() {
            put(out, format_args!(" {byte:02x}"));
        }
        let name = bytes.get(hole.clone()).unwrap_or_default();
        if !name.is_empty() {
            put(out, format_args!(" {}", print_string(name)));
        }
        from = hole.end;
    }
}

fn alternative(alternative: &Alternative) -> String {
    let mut out = String::new();
    match alternative.grade {
        Grade::Pass => {}
        Grade::Info => out.push_str(" info"),
        Grade::Last => out.push_str(" last"),
        Grade::Weak => out.push_str(" weak"),
    }
    let events: Vec<String> = alternative.events.iter().map(event).collect();
    out.push_str(&events.join(" then"));
    out
}

fn event(event: &Event) -> String {
    let mut out = String::from(" ");
    match event {
        Event::Packet(pattern) => print_pattern(pattern, &mut out),
        Event::That(pattern) => {
            out.push_str("that ");
            print_pattern(pattern, &mut out);
        }
        Event::Closed => out.push_str("closed"),
        Event::Refused(codes) => {
            out.push_str("refused");
            for code in codes {
                put(&mut out, format_args!(" {}", hex_operand(code)));
            }
        }
        Event::Nothing { matching, duration } => {
            out.push_str("nothing");
            if let Some(pattern) = matching {
                out.push_str(" matching ");
                print_pattern(pattern, &mut out);
            }
            if let Some(duration) = duration {
                put(&mut out, format_args!(" for {}", operand(duration)));
            }
        }
        Event::Silence(duration) => {
            put(&mut out, format_args!("silence for {}", operand(duration)))
        }
    }
    out
}

fn print_pattern(pattern: &Pattern, out: &mut String) {
    let packet_type: PacketType = pattern.packet_type;
    out.push_str(packet_type.name());
    print_patterns(&pattern.fields, out);
}

fn print_within(within: Option<&Within>, out: &mut String) {
    if let Some(within) = within {
        out.push_str(" within ");
        if let Some(at_least) = &within.at_least {
            put(out, format_args!("{}..", operand(at_least)));
        }
        out.push_str(&operand(&within.at_most));
    }
}

fn print_fields(fields: &[FieldValue], out: &mut String) {
    for field in fields {
        print_field(field, out);
    }
}

fn print_field(field: &FieldValue, out: &mut String) {
    let name = field.name;
    match &field.value {
        Operand::Literal(Literal::Value(Value::Flag(true))) => put(out, format_args!(" {name}")),
        Operand::Literal(_) | Operand::Variable(_) => {
            let value = field_operand(name, &field.value);
            put(out, format_args!(" {name}={value}"));
        }
    }
}

/// A value as it is best read in a field of this name.
fn field_operand(name: &str, value: &Operand) -> String {
    match (name, value) {
        ("reason", _) => hex_operand(value),
        ("flags", Operand::Literal(Literal::Value(Value::Number(bits)))) => {
            format!("0b{bits:04b}")
        }
        ("connect-flags" | "options", Operand::Literal(Literal::Value(Value::Number(bits)))) => {
            format!("0b{:04b}_{:04b}", bits >> 4, bits & 0b1111)
        }
        _ => operand(value),
    }
}

fn print_patterns(fields: &[FieldPattern], out: &mut String) {
    for field in fields {
        let name = field.name;
        let show = if name == "reason" {
            hex_operand
        } else {
            operand
        };
        match &field.condition {
            Condition::Equals(Operand::Literal(Literal::Value(Value::Flag(true)))) => {
                put(out, format_args!(" {name}"));
            }
            Condition::Equals(value) => put(out, format_args!(" {name}={}", show(value))),
            Condition::Range(from, to) => {
                let from = from.as_ref().map(show).unwrap_or_default();
                let to = to.as_ref().map(show).unwrap_or_default();
                put(out, format_args!(" {name}={from}..{to}"));
            }
            Condition::Capture(capture) => put(out, format_args!(" {name}=?{capture}")),
            Condition::Absent => put(out, format_args!(" {name}=absent")),
            Condition::Present => put(out, format_args!(" {name}=present")),
        }
    }
}

fn hex_operand(value: &Operand) -> String {
    match value {
        Operand::Literal(Literal::Value(Value::Number(code))) => format!("0x{code:02x}"),
        Operand::Literal(_) | Operand::Variable(_) => operand(value),
    }
}

fn operand(operand: &Operand) -> String {
    match operand {
        Operand::Variable(name) => format!("${name}"),
        Operand::Literal(Literal::Duration(duration)) => print_duration(*duration),
        Operand::Literal(Literal::Long(parts)) => {
            let part = |Repeated { part, count }: &Repeated| match count {
                1 => string(part),
                _ => format!("{}*{count}", print_string(part)),
            };
            parts.iter().map(part).collect::<Vec<_>>().join("+")
        }
        Operand::Literal(Literal::Value(value)) => match value {
            Value::Flag(true) => "yes".to_owned(),
            Value::Flag(false) => "no".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bytes(bytes) => string(bytes),
            Value::Pair(name, value) => format!("{}:{}", string(name), string(value)),
        },
    }
}

fn print_duration(duration: Duration) -> String {
    let ms = duration.as_millis();
    if ms.is_multiple_of(60_000) && ms > 60_000 {
        format!("{}m", ms / 60_000)
    } else if ms.is_multiple_of(1000) {
        format!("{}s", ms / 1000)
    } else {
        format!("{ms}ms")
    }
}

/// A string whose long runs of one byte are written `"x"*65523`.
fn string(bytes: &[u8]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut plain = Vec::new();
    for run in bytes.chunk_by(|a, b| a == b) {
        if let (Some(byte), true) = (run.first(), run.len() >= LONG_RUN && run.is_ascii()) {
            if !plain.is_empty() {
                parts.push(print_string(&std::mem::take(&mut plain)));
            }
            parts.push(format!("{}*{}", print_string(&[*byte]), run.len()));
        } else {
            plain.extend_from_slice(run);
        }
    }
    if !plain.is_empty() || parts.is_empty() {
        parts.push(print_string(&plain));
    }
    parts.join("+")
}

fn put(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(arguments);
}

/// From this length on a run is easier to read as a number.
const LONG_RUN: usize = 24;
