//! The performance of a scenario: its lines, one after the other.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::notation::{Draft, Field, Value};
use mqtt_assay_codec::{PacketType, StatementId};
use tokio::time::{self, Instant};

use super::client::{Client, Stage};
use super::exchange::draft;
use super::handshake::no_websocket;
use super::inbox::{Inbox, Violation};
use super::matching::Difference;
use super::value::{Rendered, ScenarioMistake, Scope, is_valid, write};
use crate::scenario::{Action, Cut, FieldValue, Grade, Literal, Operand, Outgoing, Step};
use crate::transport;

/// Why a performance ended before its last line.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A line did not hold.
    Unmet(Box<Unmet>),
    /// The broker did what is wrong at any time.
    Broke(Box<Violation>, Place),
    /// The scenario cannot be performed.
    Mistake(String, Place),
}

/// A line of the scenario.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) text: String,
}

/// A line that did not hold.
#[derive(Debug)]
pub(crate) struct Unmet {
    pub(crate) place: Place,
    /// What the line judges in this version; empty for a premise.
    pub(crate) statements: Vec<StatementId>,
    pub(crate) message: String,
    pub(crate) expected: Option<String>,
    pub(crate) actual: Option<String>,
    pub(crate) differences: Vec<Difference>,
    pub(crate) trace_index: Option<usize>,
}

/// A scenario on its way.
pub(crate) struct Performance {
    pub(crate) stage: Stage,
    pub(crate) scope: Scope,
    pub(crate) clients: BTreeMap<String, Client>,
    pub(crate) case: Option<String>,
    pub(crate) notes: Vec<String>,
    /// Outcomes that are allowed but less than right, or recorded.
    pub(crate) grades: Vec<(Grade, Place, Vec<StatementId>, String)>,
    /// Whether anything was sent that the specification forbids.
    pub(crate) has_sent_malformed: bool,
    /// How long the lines have waited as they ask.
    pub(crate) asked_to_wait: Duration,
    /// How many times longer than it says a `wait` takes: more than once where lines are tried again.
    pub(crate) stretch: u32,
    /// When the last `wait` was over.
    pub(crate) waited: Option<Instant>,
    /// A `wait` that took too long for a judgement: how long it was to take, and how long it took.
    pub(crate) late: Option<(Duration, Duration)>,
    /// What the connection that was sent to last receives.
    pub(super) acting: Option<Arc<Inbox>>,
    /// Whether it only shows that somebody is served.
    pub(crate) is_fence: bool,
}

impl Performance {
    /// One that has not begun.
    pub(crate) const fn new(scope: Scope, stage: Stage, case: Option<String>) -> Self {
        Self {
            stage,
            scope,
            clients: BTreeMap::new(),
            case,
            notes: Vec::new(),
            grades: Vec::new(),
            has_sent_malformed: false,
            asked_to_wait: Duration::ZERO,
            stretch: 1,
            waited: None,
            late: None,
            acting: None,
            is_fence: false,
        }
    }

    /// Performs lines, until the last or until one decides.
    pub(crate) async fn perform(&mut self, steps: &[Step]) -> Result<(), Stop> {
        for step in steps {
            if !step.applies(self.stage.version, self.case.as_deref()) {
                continue;
            }
            self.step(step).await?;
            self.check_violations(step)?;
            if self.end().is_some() {
                break;
            }
        }
        Ok(())
    }

    /// The line behind which nothing applies any more, once it is reached.
    pub(crate) fn end(&self) -> Option<u32> {
        let mut grades = self.grades.iter();
        let (_, place, ..) = grades.find(|(grade, ..)| *grade == Grade::Last)?;
        Some(place.line)
    }

    async fn step(&mut self, step: &Step) -> Result<(), Stop> {
        match &step.action {
            Action::Speak { client, version } => {
                self.client(client).version = *version;
                Ok(())
            }
            Action::Open {
                client,
                offered,
                subprotocol,
            } => match subprotocol {
                Some(wanted) => self.shake_hands(client, offered, wanted, step).await,
                None => self.open(client, offered, step).await,
            },
            Action::Send {
                client,
                packets,
                cut,
            } => self.send_packets(client, packets, *cut, step).await,
            Action::Expect {
                client,
                alternatives,
                within,
            } => {
                let alternatives: Vec<_> = alternatives
                    .iter()
                    .map(|alternative| (alternative.grade, alternative.events.as_slice()))
                    .collect();
                self.expect(client, &alternatives, within.as_ref(), step)
                    .await
                    .map(drop)
            }
            Action::Connect {
                client,
                fields,
                session,
                connack,
            } => {
                self.connect(client, fields, session.as_ref(), connack, step)
                    .await
            }
            Action::Subscribe { client, fields } => self.subscribe(client, fields, step).await,
            Action::Unsubscribe { client, fields } => self.unsubscribe(client, fields, step).await,
            Action::Publish { client, fields } => self.publish(client, fields, step).await,
            Action::Receive {
                client,
                pattern,
                within,
            } => self.receive(client, pattern, within.as_ref(), step).await,
            Action::Ping { client } => self.ping(client, step).await,
            Action::Disconnect { client, fields } => {
                let fields = self.fields(fields, step)?;
                self.send_draft(client, draft(PacketType::Disconnect, fields), step)
                    .await?;
                let grace = self.stage.settings.grace();
                if let Some(connection) = self.client(client).connection.as_ref() {
                    connection.wait_for_close(grace).await;
                }
                self.drop_client(client).await;
                Ok(())
            }
            Action::HalfClose { client } => {
                let stage = self.stage.clone();
                self.client(client).half_close(&stage).await;
                Ok(())
            }
            Action::Drop { client } => {
                self.drop_client(client).await;
                Ok(())
            }
            Action::Unordered { steps } => self.unordered(steps, step).await,
            Action::Repeat { count, steps } => {
                let count = mistake(self.scope.number(count), step)?;
                for turn in 1..=count {
                    self.scope.set("i", Literal::Value(Value::Number(turn)));
                    Box::pin(self.perform(steps)).await?;
                    if self.end().is_some() {
                        break;
                    }
                }
                Ok(())
            }
            Action::Eventually { limit, steps } => self.eventually(limit, steps, step).await,
            Action::Wait { duration } => {
                let duration = mistake(self.scope.duration(duration), step)? * self.stretch;
                let start = Instant::now();
                time::sleep(duration).await;
                let elapsed = start.elapsed();
                if elapsed > duration + LATE_MAX {
                    self.late = Some((duration, elapsed));
                }
                self.asked_to_wait += duration;
                self.waited = Some(Instant::now());
                Ok(())
            }
            Action::RestartBroker { is_killed } => self
                .stage
                .endpoint
                .restart(*is_killed)
                .await
                .map_err(|why| Stop::Mistake(why, place(step))),
        }
    }

    /// Performs lines again and again, until all of them hold or the time is over. Each time a `wait` takes twice as
    /// long as before: what a broker does every ten seconds may otherwise never fall into one.
    async fn eventually(
        &mut self,
        limit: &Operand,
        steps: &[Step],
        step: &Step,
    ) -> Result<(), Stop> {
        let start = Instant::now();
        let limit = self
            .stage
            .settings
            .scaled(mistake(self.scope.duration(limit), step)?);
        loop {
            let tried = Box::pin(self.perform(steps)).await;
            match tried {
                // Where no line waits, time must pass all the same, and a broker is not to be overrun.
                Err(Stop::Unmet(_)) if start.elapsed() < limit => time::sleep(RETRY_PAUSE).await,
                other => {
                    self.stretch = 1;
                    return other;
                }
            }
            self.stretch = self.stretch.saturating_mul(2);
        }
    }

    /// Ends the test if the broker did what is wrong at any time.
    pub(crate) fn check_violations(&self, step: &Step) -> Result<(), Stop> {
        let inboxes = self.clients.values().flat_map(Client::inboxes);
        for inbox in inboxes {
            check_violation(inbox, step)?;
        }
        Ok(())
    }

    pub(crate) fn client(&mut self, name: &str) -> &mut Client {
        let version = self.stage.version;
        self.clients
            .entry(name.to_owned())
            .or_insert_with(|| Client::new(name, version))
    }

    pub(super) async fn open(
        &mut self,
        name: &str,
        offered: &[String],
        step: &Step,
    ) -> Result<(), Stop> {
        let stage = self.stage.clone();
        let opened = self.client(name).open(offered, &stage).await;
        opened.map_err(|error| cannot_connect(&error, step))
    }

    async fn drop_client(&mut self, name: &str) {
        let stage = self.stage.clone();
        self.client(name).drop_connection(&stage).await;
    }

    async fn send_packets(
        &mut self,
        name: &str,
        packets: &[Outgoing],
        cut: Cut,
        step: &Step,
    ) -> Result<(), Stop> {
        let version = self.client(name).version;
        let settings = Arc::clone(&self.stage.settings);
        let mut rendered = Vec::new();
        for packet in packets {
            let sign = |draft: &mut Draft| {
                if draft.packet_type == PacketType::Connect {
                    settings.sign(draft);
                }
            };
            rendered.push(mistake(self.scope.render(packet, version, sign), step)?);
        }
        self.send(name, &rendered, cut, step).await
    }

    /// Sends what is ready; opens a connection where none is, or where a CONNECT follows a closed one.
    async fn send(
        &mut self,
        name: &str,
        packets: &[Rendered],
        cut: Cut,
        step: &Step,
    ) -> Result<(), Stop> {
        let starts = packets
            .first()
            .and_then(|packet| super::value::packet_type_of(&packet.bytes));
        let needs_connection = match &self.client(name).connection {
            None => true,
            Some(connection) => connection.is_closed() && starts == Some(PacketType::Connect),
        };
        if needs_connection {
            self.open(name, &[], step).await?;
        }
        let connection = self.client(name).connection.as_ref();
        if cut.needs_websocket() && connection.is_none_or(|it| it.frames.is_none()) {
            return mistake(Err(no_websocket()), step);
        }
        let acting = connection.map(|it| Arc::clone(&it.inbox));
        self.let_settle(acting).await;
        self.has_sent_malformed |= packets.iter().any(|packet| packet.is_malformed);
        let stage = self.stage.clone();
        self.client(name).send(packets, cut, &stage).await;
        Ok(())
    }

    /// Gives the nodes of a broker the time that the operator grants them before another connection is used.
    async fn let_settle(&mut self, acting: Option<Arc<Inbox>>) {
        if let (Some(before), Some(now)) = (&self.acting, &acting)
            && !Arc::ptr_eq(before, now)
        {
            time::sleep(self.stage.settings.settle).await;
        }
        self.acting = acting;
    }

    pub(crate) async fn send_draft(
        &mut self,
        name: &str,
        mut draft: Draft,
        step: &Step,
    ) -> Result<(), Stop> {
        if draft.packet_type == PacketType::Connect {
            self.stage.settings.sign(&mut draft);
        }
        let version = self.client(name).version;
        let bytes = mistake(write(&draft, version), step)?;
        let is_malformed = !is_valid(&bytes, version);
        self.send(
            name,
            &[Rendered {
                bytes,
                draft: Some(draft),
                is_malformed,
            }],
            Cut::Whole,
            step,
        )
        .await
    }

    pub(super) fn fields(&self, fields: &[FieldValue], step: &Step) -> Result<Vec<Field>, Stop> {
        mistake(self.scope.fields(fields), step)
    }
}

pub(super) fn cannot_connect(error: &io::Error, step: &Step) -> Stop {
    Stop::Unmet(Box::new(Unmet {
        place: place(step),
        // Whether there is a connection is never what a line judges.
        statements: Vec::new(),
        message: format!("cannot connect: {}", transport::describe(error)),
        expected: None,
        actual: None,
        differences: Vec::new(),
        trace_index: None,
    }))
}

pub(crate) fn check_violation(inbox: &Inbox, step: &Step) -> Result<(), Stop> {
    match inbox.lock().violation.clone() {
        Some(violation) => Err(Stop::Broke(Box::new(violation), place(step))),
        None => Ok(()),
    }
}

pub(crate) fn place(step: &Step) -> Place {
    let text = if step.text.is_empty() {
        crate::scenario::print_step(step)
    } else {
        step.text.clone()
    };
    Place {
        line: step.line,
        text,
    }
}

pub(crate) fn mistake<T>(result: Result<T, ScenarioMistake>, step: &Step) -> Result<T, Stop> {
    result.map_err(|mistake| Stop::Mistake(mistake.0, place(step)))
}

/// So much longer than asked may a `wait` take: a ping a second then still comes in time for a keep alive of two.
const LATE_MAX: Duration = Duration::from_millis(500);

/// How long `eventually` waits between two attempts: short beside its limits of seconds.
const RETRY_PAUSE: Duration = Duration::from_millis(100);
