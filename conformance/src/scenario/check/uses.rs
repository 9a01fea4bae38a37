//! What a line uses and defines: variables, strings, captures, fields.

use mqtt_assay_codec::PacketType;
use mqtt_assay_codec::notation::{FieldKind, FieldSpec, Value, field};

use super::super::{
    Action, Condition, Content, Event, FieldPattern, FieldValue, Literal, Mutation, Operand,
    Pattern, Within,
};

/// Something that a line uses or defines.
pub(super) enum Use<'a> {
    /// `$name`, where a value of this kind stands.
    Variable(&'a str, Wanted),
    /// A string, which may have placeholders.
    Template(&'a [u8]),
    /// `?name`.
    Capture(&'a str),
    /// A field of a packet, sent or expected.
    Field(&'static FieldSpec),
}

/// What kind of value a place takes.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    Duration,
    Kind(FieldKind),
    /// The remaining length: a number, or the bytes of the field.
    NumberOrBytes,
}

/// All that an action uses and defines, in the order of the line; not what is in a block's lines.
pub(super) fn uses(action: &Action) -> Vec<Use<'_>> {
    let mut uses = Uses(Vec::new());
    match action {
        Action::Speak { .. }
        | Action::Open { .. }
        | Action::Ping { .. }
        | Action::HalfClose { .. }
        | Action::Drop { .. }
        | Action::Unordered { .. }
        | Action::RestartBroker { .. } => {}
        Action::Send { packets, .. } => {
            for outgoing in packets {
                match &outgoing.content {
                    Content::Packet(packet_type, fields) => uses.values(*packet_type, fields),
                    Content::Hex(bytes) => uses.0.push(Use::Template(bytes)),
                }
                for mutation in &outgoing.mutations {
                    uses.mutation(mutation);
                }
            }
        }
        Action::Expect {
            alternatives,
            within,
            ..
        } => {
            for event in alternatives.iter().flat_map(|it| &it.events) {
                uses.event(event);
            }
            uses.within(within.as_ref());
        }
        Action::Connect {
            fields,
            session,
            connack,
            ..
        } => {
            uses.values(PacketType::Connect, fields);
            if let Some(session) = session {
                uses.operand(session, Wanted::Duration);
            }
            uses.patterns(PacketType::Connack, connack);
        }
        Action::Subscribe { fields, .. } => uses.values(PacketType::Subscribe, fields),
        Action::Unsubscribe { fields, .. } => uses.values(PacketType::Unsubscribe, fields),
        Action::Publish { fields, .. } => uses.values(PacketType::Publish, fields),
        Action::Receive {
            pattern, within, ..
        } => {
            uses.pattern(pattern);
            uses.within(within.as_ref());
        }
        Action::Disconnect { fields, .. } => uses.values(PacketType::Disconnect, fields),
        Action::Repeat { count, .. } => uses.operand(count, number(32)),
        Action::Eventually { limit, .. } => uses.operand(limit, Wanted::Duration),
        Action::Wait { duration } => uses.operand(duration, Wanted::Duration),
    }
    uses.0
}

struct Uses<'a>(Vec<Use<'a>>);

impl<'a> Uses<'a> {
    fn operand(&mut self, operand: &'a Operand, wanted: Wanted) {
        match operand {
            Operand::Variable(name) => self.0.push(Use::Variable(name, wanted)),
            Operand::Literal(Literal::Value(Value::Bytes(bytes))) => {
                self.0.push(Use::Template(bytes));
            }
            Operand::Literal(Literal::Long(parts)) => {
                self.0
                    .extend(parts.iter().map(|part| Use::Template(&part.part)));
            }
            Operand::Literal(Literal::Value(Value::Pair(name, value))) => {
                self.0.push(Use::Template(name));
                self.0.push(Use::Template(value));
            }
            Operand::Literal(
                Literal::Duration(_) | Literal::Value(Value::Flag(_) | Value::Number(_)),
            ) => {}
        }
    }

    fn values(&mut self, packet_type: PacketType, fields: &'a [FieldValue]) {
        for FieldValue { name, value } in fields {
            if let Some(spec) = field(packet_type, name) {
                self.0.push(Use::Field(spec));
                self.operand(value, Wanted::Kind(spec.kind));
            }
        }
    }

    fn patterns(&mut self, packet_type: PacketType, fields: &'a [FieldPattern]) {
        for FieldPattern {
            name, condition, ..
        } in fields
        {
            let Some(spec) = field(packet_type, name) else {
                continue;
            };
            // A reason that is not on the wire of 3.1.1 has a meaning there: success.
            if spec.name != "reason" {
                self.0.push(Use::Field(spec));
            }
            let wanted = Wanted::Kind(spec.kind);
            match condition {
                Condition::Equals(value) => self.operand(value, wanted),
                Condition::Range(from, to) => {
                    for bound in [from, to].into_iter().flatten() {
                        self.operand(bound, wanted);
                    }
                }
                Condition::Capture(capture) => self.0.push(Use::Capture(capture)),
                Condition::Absent | Condition::Present => {}
            }
        }
    }

    fn pattern(&mut self, pattern: &'a Pattern) {
        self.patterns(pattern.packet_type, &pattern.fields);
    }

    fn event(&mut self, event: &'a Event) {
        match event {
            Event::Packet(pattern) | Event::That(pattern) => self.pattern(pattern),
            Event::Closed => {}
            Event::Refused(codes) => {
                for code in codes {
                    self.operand(code, number(8));
                }
            }
            Event::Nothing { matching, duration } => {
                if let Some(pattern) = matching {
                    self.pattern(pattern);
                }
                if let Some(duration) = duration {
                    self.operand(duration, Wanted::Duration);
                }
            }
            Event::Silence(duration) => self.operand(duration, Wanted::Duration),
        }
    }

    fn within(&mut self, within: Option<&'a Within>) {
        if let Some(Within { at_least, at_most }) = within {
            if let Some(at_least) = at_least {
                self.operand(at_least, Wanted::Duration);
            }
            self.operand(at_most, Wanted::Duration);
        }
    }

    fn mutation(&mut self, mutation: &'a Mutation) {
        match mutation {
            Mutation::Flags(flags) => self.operand(flags, number(4)),
            Mutation::RemainingLength(length) => self.operand(length, Wanted::NumberOrBytes),
            Mutation::Truncate(bytes) => self.operand(bytes, number(28)),
            Mutation::Append(bytes) => self.operand(bytes, Wanted::Kind(FieldKind::Bytes)),
            Mutation::Byte { value, .. } => self.operand(value, number(8)),
        }
    }
}

const fn number(bits: u8) -> Wanted {
    Wanted::Kind(FieldKind::Number { bits })
}
