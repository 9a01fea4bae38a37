//! The reference broker: whatever clients do and whenever, it keeps to what they can rely on.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use mqtt_assay::broker::{Broker, BrokerOptions, ConnectionId, Keep, Output};
use mqtt_assay_codec::arbitrary::{ValidPacket, Violated};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::parse_packet;
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::topic::{TopicFilter, TopicName};
use mqtt_assay_codec::{Frame, Framer, Packet, PacketType, ProtocolVersion, Qos};

/// What happens; a client is a number, and so is what it talks about.
#[derive(Debug, Arbitrary)]
enum Event {
    Connect {
        client: u8,
        choice: u8,
        window: u8,
    },
    Subscribe {
        connection: u8,
        topic: u8,
        choice: u8,
    },
    Unsubscribe {
        connection: u8,
        topic: u8,
    },
    Publish {
        connection: u8,
        topic: u8,
        choice: u8,
        id: u8,
    },
    /// Acknowledges the next packet that waits for it.
    Acknowledge {
        connection: u8,
    },
    Release {
        connection: u8,
        id: u8,
    },
    Valid {
        connection: u8,
        packet: ValidPacket,
    },
    Violated {
        connection: u8,
        packet: Violated,
    },
    Raw {
        connection: u8,
        bytes: Vec<u8>,
    },
    Disconnect {
        connection: u8,
    },
    Drop {
        connection: u8,
    },
    Wait {
        seconds: u16,
    },
    WaitForDeadline,
    Restart {
        keeps: bool,
    },
}

/// A list of events.
pub fn broker(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let mut world = World::new();
    for _ in 0..EVENTS_MAX {
        let Ok(event) = Event::arbitrary(&mut u) else {
            return;
        };
        world.apply(event);
        if u.is_empty() {
            return;
        }
    }
}

/// The broker, and what its clients know.
struct World {
    broker: Broker,
    now: Duration,
    connections: BTreeMap<ConnectionId, Client>,
    /// Every filter that a client identifier ever asked for.
    filters: BTreeSet<(String, ProtocolVersion, String)>,
}

/// What is seen from the client's end of a connection.
struct Client {
    version: ProtocolVersion,
    /// What it sent, in frames: its subscriptions and acknowledgements are among them.
    sent: Framer,
    has_sent_any: bool,
    /// It asked for a version that there is not, and is answered in whichever (section 3.1.2.2).
    is_of_no_version: bool,
    client_id: String,
    window: usize,
    packet_len_max: usize,
    in_flight: BTreeMap<u16, Qos>,
    /// What it has to acknowledge, in the notation.
    to_acknowledge: Vec<String>,
    aliases: BTreeMap<u16, String>,
    alias_max: u16,
}

impl World {
    fn new() -> Self {
        Self {
            broker: Broker::new(BrokerOptions::default()),
            now: Duration::ZERO,
            connections: BTreeMap::new(),
            filters: BTreeSet::new(),
        }
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Connect {
                client,
                choice,
                window,
            } => self.connect(client, choice, window),
            Event::Subscribe {
                connection,
                topic,
                choice,
            } => {
                let (filter, qos) = (filter_text(topic), choice % 3);
                let line = format!("SUBSCRIBE id=1 filter=\"{filter}\" qos={qos}");
                self.send_line(connection, &line);
            }
            Event::Unsubscribe { connection, topic } => {
                let filter = filter_text(topic);
                self.send_line(connection, &format!("UNSUBSCRIBE id=2 filter=\"{filter}\""));
            }
            Event::Publish {
                connection,
                topic,
                choice,
                id,
            } => self.publish(connection, topic, choice, id),
            Event::Acknowledge { connection } => {
                let Some(id) = self.pick(connection) else {
                    return;
                };
                let client = self.connections.get_mut(&id);
                let line = client.and_then(|client| client.to_acknowledge.pop());
                if let Some(line) = line {
                    self.send_line_to(id, &line);
                }
            }
            Event::Release { connection, id } => {
                let line = format!("PUBREL id={}", u16::from(id % 4) + 1);
                self.send_line(connection, &line);
            }
            Event::Valid { connection, packet } => self.send(connection, &packet.to_bytes()),
            Event::Violated { connection, packet } => self.send(connection, &packet.bytes),
            Event::Raw { connection, bytes } => self.send(connection, &bytes),
            Event::Disconnect { connection } => self.send_line(connection, "DISCONNECT"),
            Event::Drop { connection } => {
                if let Some(id) = self.pick(connection) {
                    self.connections.remove(&id);
                    self.broker.peer_closed(id, self.now);
                }
            }
            Event::Wait { seconds } => self.wait(Duration::from_secs(seconds.into())),
            Event::WaitForDeadline => {
                if let Some(deadline) = self.broker.next_deadline() {
                    self.wait(deadline.saturating_sub(self.now));
                    let next = self.broker.next_deadline();
                    assert!(next.is_none_or(|next| next > self.now), "a deadline stays");
                }
            }
            Event::Restart { keeps } => {
                let keep = if keeps { Keep::State } else { Keep::Nothing };
                self.broker.restart(keep, self.now);
            }
        }
        self.outputs();
    }

    fn wait(&mut self, time: Duration) {
        self.now = self.now.saturating_add(time);
        self.broker.tick(self.now);
    }

    fn connect(&mut self, client: u8, choice: u8, window: u8) {
        if self.connections.len() >= CONNECTIONS_MAX {
            return;
        }
        let id = self.broker.open(self.now);
        let version = if choice & 1 == 0 {
            ProtocolVersion::V3_1_1
        } else {
            ProtocolVersion::V5_0
        };
        self.connections.insert(id, Client::new(version, id));
        if choice & 0b1110_0000 == 0 {
            // Sometimes the client is free to begin with anything.
            return;
        }
        let mut line = format!("CONNECT client-id=\"c{}\"", client % 3);
        if choice & 2 == 0 {
            line.push_str(" clean-start");
        }
        if choice & 4 == 0 {
            line.push_str(" keep-alive=10");
        }
        if choice & 8 == 0 {
            line.push_str(" will-topic=\"a/b\" will-payload=\"w\" will-qos=1");
        }
        if version.has_properties() {
            line.push_str(" session-expiry=100");
            if window > 0 {
                line.push_str(&format!(" receive-maximum={window}"));
            }
            if choice & 16 == 0 {
                line.push_str(" maximum-packet-size=60 topic-alias-maximum=2");
            }
        }
        self.send_line_to(id, &line);
    }

    fn publish(&mut self, connection: u8, topic: u8, choice: u8, id: u8) {
        let topic = TOPICS
            .get(usize::from(topic) % TOPICS.len())
            .unwrap_or(&"a");
        let mut line = format!("PUBLISH topic=\"{topic}\" payload=\"p{choice}\"");
        if !choice.is_multiple_of(3) {
            let id = u16::from(id % 4) + 1;
            line.push_str(&format!(" qos={} id={id}", choice % 3));
        }
        if choice & 0x80 == 0 {
            line.push_str(" retain");
        }
        self.send_line(connection, &line);
    }

    fn pick(&self, connection: u8) -> Option<ConnectionId> {
        let count = self.connections.len();
        let index = usize::from(connection).checked_rem(count)?;
        self.connections.keys().nth(index).copied()
    }

    fn send_line(&mut self, connection: u8, line: &str) {
        if let Some(id) = self.pick(connection) {
            self.send_line_to(id, line);
        }
    }

    fn send_line_to(&mut self, id: ConnectionId, line: &str) {
        let Some(client) = self.connections.get(&id) else {
            return;
        };
        let bytes = parse_packet(line, client.version);
        let bytes = bytes.unwrap_or_else(|error| panic!("{line}: {error}"));
        self.send_to(id, &bytes);
    }

    fn send(&mut self, connection: u8, bytes: &[u8]) {
        if let Some(id) = self.pick(connection) {
            self.send_to(id, bytes);
        }
    }

    fn send_to(&mut self, id: ConnectionId, bytes: &[u8]) {
        if let Some(client) = self.connections.get_mut(&id) {
            client.note(bytes, &mut self.filters);
        }
        self.broker.receive(id, bytes, self.now);
    }

    /// Checks all that the broker wants done.
    fn outputs(&mut self) {
        for _ in 0..OUTPUTS_MAX {
            match self.broker.next_output() {
                None => return,
                Some(Output::Close { connection }) => {
                    self.connections.remove(&connection);
                }
                Some(Output::Send { connection, bytes }) => {
                    if let Some(client) = self.connections.get_mut(&connection) {
                        client.check(&bytes, &self.filters);
                    }
                }
            }
        }
        panic!("the broker has no end of things to do");
    }
}

impl Client {
    fn new(version: ProtocolVersion, id: ConnectionId) -> Self {
        Self {
            version,
            sent: Framer::new(version, usize::MAX),
            has_sent_any: false,
            is_of_no_version: false,
            client_id: id.to_string(),
            window: usize::from(u16::MAX),
            packet_len_max: usize::MAX,
            in_flight: BTreeMap::new(),
            to_acknowledge: Vec::new(),
            aliases: BTreeMap::new(),
            alias_max: 0,
        }
    }

    /// Learns from what the client sends.
    fn note(&mut self, bytes: &[u8], filters: &mut BTreeSet<(String, ProtocolVersion, String)>) {
        self.sent.push(bytes);
        while let Ok(Some(bytes)) = self.sent.next_frame() {
            let Ok(Split::Frame(frame)) = Frame::split(&bytes, self.version) else {
                return;
            };
            let is_first = !std::mem::replace(&mut self.has_sent_any, true);
            if is_first && frame.packet_type() == Some(PacketType::Connect) {
                // Even a CONNECT that is wrong elsewhere is answered in its version.
                match Connect::version_of(&frame) {
                    Ok(version) => self.version = version,
                    Err(_) => self.is_of_no_version = true,
                }
            }
            match Packet::decode(&frame, self.version, Sender::Client) {
                Ok(Packet::Connect(connect)) if is_first => self.connected(&connect),
                Ok(Packet::Subscribe(subscribe)) => {
                    for subscription in subscribe.subscriptions.iter() {
                        let text = subscription.filter.as_str().to_owned();
                        filters.insert((self.client_id.clone(), self.version, text));
                    }
                }
                Ok(Packet::Puback(ack)) => self.free(ack.packet_id.get(), Qos::AtLeastOnce),
                Ok(Packet::Pubcomp(ack)) => self.free(ack.packet_id.get(), Qos::ExactlyOnce),
                Ok(Packet::Pubrec(ack)) if ack.outcome.reason().is_error() => {
                    self.free(ack.packet_id.get(), Qos::ExactlyOnce);
                }
                Ok(_) | Err(_) => {}
            }
        }
    }

    fn connected(&mut self, connect: &Connect<'_>) {
        if !connect.client_id.is_empty() {
            self.client_id = connect.client_id.to_owned();
        }
        let properties = connect.properties;
        let window = properties.receive_maximum().unwrap_or(u16::MAX);
        self.window = usize::from(window);
        if let Some(len) = properties.maximum_packet_size() {
            self.packet_len_max = usize::try_from(len).unwrap_or(usize::MAX);
        }
        self.alias_max = properties.topic_alias_maximum().unwrap_or(0);
    }

    fn free(&mut self, id: u16, qos: Qos) {
        if self.in_flight.get(&id) == Some(&qos) {
            self.in_flight.remove(&id);
        }
    }

    /// Checks what the broker sends.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the packets that nothing follows from"
    )]
    fn check(&mut self, bytes: &[u8], filters: &BTreeSet<(String, ProtocolVersion, String)>) {
        if self.is_of_no_version {
            return;
        }
        assert!(
            bytes.len() <= self.packet_len_max,
            "larger than the client takes"
        );
        let Ok(Split::Frame(frame)) = Frame::split(bytes, self.version) else {
            panic!("no frame: {bytes:02x?}");
        };
        assert_eq!(frame.len(), bytes.len(), "one packet at a time");
        let packet = Packet::decode(&frame, self.version, Sender::Server);
        let packet = packet.unwrap_or_else(|error| panic!("{error}: {bytes:02x?}"));
        match packet {
            Packet::Publish(publish) => {
                let alias = publish.properties.topic_alias();
                let topic = match (publish.topic, alias) {
                    (Some(topic), alias) => {
                        let topic = topic.as_str().to_owned();
                        if let Some(alias) = alias {
                            assert!(alias <= self.alias_max, "alias {alias}");
                            self.aliases.insert(alias, topic.clone());
                        }
                        topic
                    }
                    (None, alias) => {
                        let alias = alias.unwrap_or(0);
                        let known = self.aliases.get(&alias).cloned();
                        known.unwrap_or_else(|| panic!("alias {alias} stands for nothing"))
                    }
                };
                self.check_topic(&topic, filters);
                if let Some(id) = publish.delivery.packet_id() {
                    let (id, qos) = (id.get(), publish.delivery.qos());
                    let before = self.in_flight.insert(id, qos);
                    assert_eq!(before, None, "id {id} is in use");
                    assert!(self.in_flight.len() <= self.window, "more than its window");
                    let name = if qos == Qos::AtLeastOnce {
                        "PUBACK"
                    } else {
                        "PUBREC"
                    };
                    self.to_acknowledge.push(format!("{name} id={id}"));
                }
            }
            Packet::Pubrel(ack) => {
                self.to_acknowledge
                    .push(format!("PUBCOMP id={}", ack.packet_id));
            }
            _ => {}
        }
    }

    /// Nothing comes that was never asked for.
    fn check_topic(&self, topic: &str, filters: &BTreeSet<(String, ProtocolVersion, String)>) {
        let name = TopicName::new(topic).unwrap();
        let is_asked_for = filters.iter().any(|(client_id, version, text)| {
            let is_own = *client_id == self.client_id;
            is_own && TopicFilter::new(text, *version).is_ok_and(|filter| filter.matches(&name))
        });
        assert!(
            is_asked_for,
            "{topic} to {}, which never subscribed",
            self.client_id
        );
    }
}

fn filter_text(number: u8) -> &'static str {
    FILTERS
        .get(usize::from(number) % FILTERS.len())
        .unwrap_or(&"#")
}

const TOPICS: [&str; 5] = ["a", "a/b", "b", "$x/a", "a/b/c"];
const FILTERS: [&str; 7] = ["a", "a/b", "#", "+/b", "a/#", "$share/g/a/#", "$x/#"];

const EVENTS_MAX: usize = 400;
const CONNECTIONS_MAX: usize = 8;
/// More than any event can cause here.
const OUTPUTS_MAX: usize = 100_000;
