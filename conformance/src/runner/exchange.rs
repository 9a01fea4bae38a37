//! Whole exchanges of a client: what `connects`, `subscribes`, `publishes`, `receives` and the like send and want.

use mqtt_assay_codec::notation::{Draft, Field, Value};
use mqtt_assay_codec::{PacketType, ProtocolVersion, StatementId};

use tokio::time::Instant;

use super::client::number;
use super::inbox::number_of;
use super::script::{Performance, Stop, mistake};
use crate::scenario::{
    Condition, Event, FieldPattern, FieldValue, Grade, Literal, Operand, Pattern, Step, Within,
};

impl Performance {
    pub(super) async fn connect(
        &mut self,
        name: &str,
        fields: &[FieldValue],
        session: Option<&Operand>,
        connack: &[FieldPattern],
        step: &Step,
    ) -> Result<(), Stop> {
        let mut fields = self.fields(fields, step)?;
        let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
        if !has(&fields, "client-id") {
            let id = [self.scope.bytes(b"{ns}"), name.as_bytes().to_vec()].concat();
            fields.push(Field {
                name: "client-id",
                value: Value::Bytes(id.into()),
            });
        }
        match session {
            Some(session) => {
                let seconds = mistake(self.scope.duration(session), step)?.as_secs();
                if self.client(name).version.has_properties() {
                    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
                    fields.push(number("session-expiry", seconds));
                }
            }
            None if !has(&fields, "clean-start") => {
                fields.push(Field {
                    name: "clean-start",
                    value: Value::Flag(true),
                });
            }
            None => {}
        }
        if !has(&fields, "keep-alive") {
            fields.push(number("keep-alive", 60));
        }
        self.open(name, &[], step).await?;
        self.send_draft(name, draft(PacketType::Connect, fields), step)
            .await?;
        let accepts = vec![equals("reason", 0)];
        if connack.is_empty() {
            let accepted = self.answer(name, PacketType::Connack, accepts, step);
            return accepted.await.map(drop);
        }
        // What the CONNACK says is the matter of the line, and that there is one is a premise of it.
        self.answer(name, PacketType::Connack, accepts, &premise(step))
            .await?;
        let says = [Event::That(Pattern {
            packet_type: PacketType::Connack,
            fields: connack.to_vec(),
        })];
        self.expect(name, &[(Grade::Pass, &says)], None, step)
            .await
            .map(drop)
    }

    /// Whether the connection lives is the matter of a line that pings; an open one without an answer is another.
    pub(super) async fn ping(&mut self, name: &str, step: &Step) -> Result<(), Stop> {
        self.send_draft(name, draft(PacketType::Pingreq, Vec::new()), step)
            .await?;
        // A broker may close later for want of a further PINGREQ: there was time to answer this one.
        let due = Instant::now() + self.stage.settings.patience();
        let answered = self.answer(name, PacketType::Pingresp, Vec::new(), step);
        let mut answered = answered.await.map(drop);
        let is_answered = match self.stage.version {
            ProtocolVersion::V3_1_1 => StatementId::v3(3, 12, 4, 1),
            ProtocolVersion::V5_0 => StatementId::v5(3, 12, 4, 1),
        };
        let inbox = self.inbox(name);
        if let Err(Stop::Unmet(unmet)) = &mut answered
            && !unmet.statements.is_empty()
            && !unmet.statements.contains(&is_answered)
            && inbox.is_some_and(|inbox| inbox.lock().closed.is_none_or(|at| at >= due))
        {
            unmet.statements = vec![is_answered];
        }
        answered
    }

    pub(super) async fn subscribe(
        &mut self,
        name: &str,
        fields: &[FieldValue],
        step: &Step,
    ) -> Result<(), Stop> {
        let mut fields = self.fields(fields, step)?;
        let id = self.identify(name, &mut fields);
        let mut granted = Vec::new();
        for field in &fields {
            match (field.name, number_of(&field.value)) {
                ("filter", _) => granted.push(0),
                ("qos", Some(qos)) => {
                    if let Some(last) = granted.last_mut() {
                        *last = qos;
                    }
                }
                _ => {}
            }
        }
        self.send_draft(name, draft(PacketType::Subscribe, fields), step)
            .await?;
        let mut expected = vec![equals("id", id)];
        expected.extend(granted.into_iter().map(|qos| equals("reason", qos)));
        self.answer(name, PacketType::Suback, expected, step)
            .await
            .map(drop)
    }

    pub(super) async fn unsubscribe(
        &mut self,
        name: &str,
        fields: &[FieldValue],
        step: &Step,
    ) -> Result<(), Stop> {
        let mut fields = self.fields(fields, step)?;
        let id = self.identify(name, &mut fields);
        self.send_draft(name, draft(PacketType::Unsubscribe, fields), step)
            .await?;
        self.answer(name, PacketType::Unsuback, vec![equals("id", id)], step)
            .await
            .map(drop)
    }

    pub(super) async fn publish(
        &mut self,
        name: &str,
        fields: &[FieldValue],
        step: &Step,
    ) -> Result<(), Stop> {
        let mut fields = self.fields(fields, step)?;
        let qos = fields.iter().find(|field| field.name == "qos");
        let qos = qos.and_then(|field| number_of(&field.value)).unwrap_or(0);
        let id = if qos == 0 {
            0
        } else {
            self.identify(name, &mut fields)
        };
        self.send_draft(name, draft(PacketType::Publish, fields), step)
            .await?;
        let good = || vec![equals("id", id), below_error()];
        match qos {
            0 => {}
            1 => drop(self.answer(name, PacketType::Puback, good(), step).await?),
            _ => {
                drop(self.answer(name, PacketType::Pubrec, good(), step).await?);
                let release = draft(PacketType::Pubrel, vec![number("id", id)]);
                self.send_draft(name, release, step).await?;
                drop(self.answer(name, PacketType::Pubcomp, good(), step).await?);
            }
        }
        Ok(())
    }

    pub(super) async fn receive(
        &mut self,
        name: &str,
        pattern: &Pattern,
        within: Option<&Within>,
        step: &Step,
    ) -> Result<(), Stop> {
        let events = [Event::Packet(pattern.clone())];
        let came = self
            .expect(name, &[(Grade::Pass, &events)], within, step)
            .await?;
        self.finish_handshakes(name, &came, step).await
    }

    /// Acknowledges messages that were received, to the end of their handshakes.
    pub(super) async fn finish_handshakes(
        &mut self,
        name: &str,
        came: &[Draft],
        step: &Step,
    ) -> Result<(), Stop> {
        // What the broker does after the message is not what the line judges.
        let premise = premise(step);
        for message in came
            .iter()
            .filter(|draft| draft.packet_type == PacketType::Publish)
        {
            let field = |name: &str| message.all(name).find_map(number_of);
            let Some(id) = field("id") else { continue };
            let ack = |packet_type| draft(packet_type, vec![number("id", id)]);
            if field("qos") == Some(1) {
                self.send_draft(name, ack(PacketType::Puback), &premise)
                    .await?;
            } else {
                self.send_draft(name, ack(PacketType::Pubrec), &premise)
                    .await?;
                let expected = vec![equals("id", id)];
                drop(
                    self.answer(name, PacketType::Pubrel, expected, &premise)
                        .await?,
                );
                self.send_draft(name, ack(PacketType::Pubcomp), &premise)
                    .await?;
            }
        }
        Ok(())
    }

    /// Expects one packet, as part of a compound line.
    async fn answer(
        &mut self,
        name: &str,
        packet_type: PacketType,
        fields: Vec<FieldPattern>,
        step: &Step,
    ) -> Result<Vec<Draft>, Stop> {
        let events = [Event::Packet(Pattern {
            packet_type,
            fields,
        })];
        self.expect(name, &[(Grade::Pass, &events)], None, step)
            .await
    }

    fn identify(&mut self, name: &str, fields: &mut Vec<Field>) -> u32 {
        let own = fields.iter().find(|field| field.name == "id");
        if let Some(id) = own.and_then(|field| number_of(&field.value)) {
            return id;
        }
        let id = self.client(name).fresh_packet_id();
        fields.insert(0, number("id", id));
        id
    }
}

/// The line with no judgement.
fn premise(step: &Step) -> Step {
    Step {
        statements: Vec::new(),
        ..step.clone()
    }
}

pub(super) fn draft(packet_type: PacketType, fields: Vec<Field>) -> Draft {
    Draft {
        packet_type,
        fields,
    }
}

fn equals(name: &'static str, number: u32) -> FieldPattern {
    let operand = Operand::Literal(Literal::Value(Value::Number(number)));
    FieldPattern {
        name,
        condition: Condition::Equals(operand),
        span: 0..0,
    }
}

/// Any reason that reports no error.
fn below_error() -> FieldPattern {
    let highest = Operand::Literal(Literal::Value(Value::Number(0x7f)));
    FieldPattern {
        name: "reason",
        condition: Condition::Range(None, Some(highest)),
        span: 0..0,
    }
}
