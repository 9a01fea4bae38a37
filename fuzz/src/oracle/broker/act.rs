//! What clients do, from bytes.

use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use mqtt_assay::broker::{ConnectionId, Keep};
use mqtt_assay_codec::arbitrary::{ValidPacket, Violated};
use mqtt_assay_codec::notation::parse_packet;
use mqtt_assay_codec::packet::{self, Disconnect, Outcome, Sender};
use mqtt_assay_codec::property::{Properties, PropertiesBuf, Property};
use mqtt_assay_codec::topic::TopicName;
use mqtt_assay_codec::{Packet, ProtocolVersion, Qos};

use super::world::{CLIENTS, LONG, TICK, World};
use super::{Check, one_of};

impl World {
    /// Lives through an input, and comes to an end at which nothing is left.
    pub(super) fn live(&mut self, u: &mut Unstructured<'_>) -> Check {
        // Some inputs are about malformed packets for the most part.
        let is_rude = byte(u) % 4 == 3;
        for _ in 0..STEPS_MAX {
            if u.is_empty() {
                break;
            }
            if is_rude && !byte(u).is_multiple_of(4) {
                self.misbehave(u)?;
            } else {
                self.act(u)?;
            }
        }
        self.finish()
    }

    fn act(&mut self, u: &mut Unstructured<'_>) -> Check {
        // So that no two connections fall silent at once: who is first would be open.
        self.wait(TICK)?;
        let (kind, who) = (byte(u), usize::from(byte(u)) % CLIENTS);
        match kind % 64 {
            0..=4 => self.connect(who, u),
            5..=14 => self.subscribe(who, u),
            15..=16 => self.unsubscribe(who, u),
            17..=34 => self.publish(who, u),
            35..=45 => self.acknowledge(who, u),
            46..=48 => self.release(who, u),
            49 => self.acknowledge_oddly(who, u),
            50 => self.send_line(who, "PINGREQ", u),
            51..=52 => self.disconnect(who, u),
            53 => self.cut_client(who),
            54..=55 => self.wait(Duration::from_millis(u64::from(byte(u)) * 500)),
            56 => self.wait_for_deadline(),
            57..=58 => self.send_anything(who, u),
            59..=62 => self.begin_anyhow(u),
            _ if byte(u).is_multiple_of(4) => {
                let keeps = byte(u).is_multiple_of(4);
                self.restart(if keeps { Keep::Nothing } else { Keep::State })
            }
            _ => self.wait(Duration::from_secs(2)),
        }
    }

    fn misbehave(&mut self, u: &mut Unstructured<'_>) -> Check {
        match byte(u) % 4 {
            0 => self.begin_anyhow(u),
            who => self.send_anything(who.into(), u),
        }
    }

    /// The connection of a client; it connects first if it has none.
    fn connected(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check<Option<ConnectionId>> {
        let up = |world: &Self| {
            let id = world.current.get(who).copied().flatten()?;
            world.is_connected(id).then_some(id)
        };
        if up(self).is_none() {
            self.connect(who, u)?;
        }
        Ok(up(self))
    }

    fn connect(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let (basics, will, session, limits) = (byte(u), byte(u), byte(u), byte(u));
        let version = match basics & 1 {
            0 => ProtocolVersion::V3_1_1,
            _ => ProtocolVersion::V5_0,
        };
        let is_v5 = version.has_properties();
        let mut line = match basics >> 1 & 15 {
            0 => "CONNECT clean-start client-id=\"\"".to_owned(),
            1..=4 => format!("CONNECT clean-start client-id=\"{}\"", client_id(who)),
            _ => format!("CONNECT client-id=\"{}\"", client_id(who)),
        };
        let keep_alive = one_of(&[0, 0, 10, 3], basics >> 5);
        line.push_str(&format!(" keep-alive={keep_alive}"));
        if is_v5 {
            let expiry = one_of(&[0, 5, 40, 100, 100, 0xffff_ffff_u32], session);
            line.push_str(&format!(" session-expiry={expiry}"));
            if limits & 3 != 0 {
                line.push_str(&format!(" receive-maximum={}", limits & 3));
            }
            if limits & 12 == 12 {
                let len = 64 + u32::from(will >> 3);
                line.push_str(&format!(" maximum-packet-size={len}"));
            }
            if limits & 64 != 0 {
                line.push_str(" topic-alias-maximum=2");
            }
            if limits & 128 != 0 {
                line.push_str(" request-problem-information=0");
            }
            if session & 128 != 0 {
                line.push_str(" request-response-information=1");
            }
        }
        if will & 3 == 1 {
            self.published += 1;
            let qos = will >> 2 & 3;
            line.push_str(&format!(" will-qos={} will-topic=\"w/{who}\"", qos % 3));
            line.push_str(&format!(" will-payload=\"w{}\"", self.published));
            if will & 16 != 0 {
                line.push_str(" will-retain");
            }
            if is_v5 && will & 32 != 0 {
                line.push_str(&format!(" will-delay={}", one_of(&[1, 7], will >> 6)));
            }
            if is_v5 && will & 128 != 0 {
                line.push_str(" will-content-type=\"t\" will-message-expiry=9");
            }
        }
        let id = self.open()?;
        if let Some(current) = self.current.get_mut(who) {
            *current = Some(id);
        }
        self.send(id, &bytes_of(&line, version))
    }

    fn subscribe(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let Some(id) = self.connected(who, u)? else {
            return Ok(());
        };
        let version = self.version(id);
        let (count, number) = (byte(u), byte(u));
        let mut line = format!("SUBSCRIBE id={}", packet_id(u));
        if version.has_properties() && number.is_multiple_of(2) {
            line.push_str(&format!(" subscription-id={}", number / 2 % 3 + 1));
        }
        for _ in 0..=count % 3 {
            let options = byte(u);
            let filter = pick(&FILTERS, u);
            line.push_str(&format!(" filter=\"{filter}\" qos={}", options % 3));
            if version.has_properties() {
                if options & 32 != 0 && !filter.starts_with("$share") {
                    line.push_str(" no-local");
                }
                if options & 64 != 0 {
                    line.push_str(" retain-as-published");
                }
                let handling = one_of(&[0, 1, 0, 2], options >> 3);
                line.push_str(&format!(" retain-handling={handling}"));
            }
        }
        self.send(id, &bytes_of(&line, version))
    }

    fn unsubscribe(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let mut line = format!("UNSUBSCRIBE id={}", packet_id(u));
        for _ in 0..=byte(u) % 2 {
            line.push_str(&format!(" filter=\"{}\"", pick(&FILTERS, u)));
        }
        self.send_line(who, &line, u)
    }

    fn publish(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let Some(id) = self.connected(who, u)? else {
            return Ok(());
        };
        let version = self.version(id);
        let (basics, more, alias) = (byte(u), byte(u), byte(u));
        self.published += 1;
        let mut line = "PUBLISH".to_owned();
        let qos = basics % 3;
        if qos > 0 {
            line.push_str(&format!(" qos={qos} id={}", packet_id(u)));
            if more & 1 != 0 {
                line.push_str(" dup");
            }
        }
        if basics & 32 != 0 {
            line.push_str(" retain");
        }
        let has_alias = version.has_properties() && alias & 3 == 3;
        let number = (alias >> 3 & 1) + 1;
        let is_set = self.model.has_set_alias(id, number.into());
        if !has_alias || alias & 4 == 0 || (!is_set && alias < 240) {
            line.push_str(&format!(" topic=\"{}\"", pick(&TOPICS, u)));
        }
        if has_alias {
            line.push_str(&format!(" topic-alias={number}"));
        }
        if version.has_properties() {
            if more & 2 != 0 {
                line.push_str(&format!(" message-expiry={}", one_of(&[3, 50], more)));
            }
            if more & 4 != 0 {
                line.push_str(" user-property=\"b\":\"1\" user-property=\"a\":\"2\"");
                line.push_str(" user-property=\"b\":\"3\" payload-format=1");
            }
            if more & 8 != 0 {
                line.push_str(" content-type=\"t\" response-topic=\"r\" correlation-data=\"c\"");
            }
        }
        // An empty one removes what is retained; long ones are too large for some.
        let text = match more >> 4 {
            0 | 1 if basics & 32 != 0 => String::new(),
            2 => format!("m{:0>70}", self.published),
            _ => format!("m{}", self.published),
        };
        line.push_str(&format!(" payload=\"{text}\""));
        self.send(id, &bytes_of(&line, version))
    }

    /// Acknowledges something that waits for it, in any order.
    fn acknowledge(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let Some(id) = self.connected(who, u)? else {
            return Ok(());
        };
        let choice = byte(u);
        let waiting = self.waiting(id);
        let Some((name, packet_id)) = waiting
            .get(usize::from(choice).checked_rem(waiting.len()).unwrap_or(0))
            .copied()
        else {
            return Ok(());
        };
        let mut line = format!("{name} id={packet_id}");
        let version = self.version(id);
        if version.has_properties() && name != "PUBCOMP" && byte(u).is_multiple_of(8) {
            line.push_str(" reason=0x83");
        }
        self.send(id, &bytes_of(&line, version))
    }

    /// What a client has to acknowledge.
    fn waiting(&self, id: ConnectionId) -> Vec<(&'static str, u16)> {
        let client = self.model.client_of(id);
        let Some(session) = client.and_then(|client| self.model.sessions.get(client)) else {
            return Vec::new();
        };
        let sent = session.in_flight.iter().filter(|it| it.is_sent);
        let sent = sent.map(|it| match it.qos() {
            Qos::ExactlyOnce => ("PUBREC", it.id),
            Qos::AtMostOnce | Qos::AtLeastOnce => ("PUBACK", it.id),
        });
        let released = session.released.iter().map(|id| ("PUBCOMP", *id));
        sent.chain(released).collect()
    }

    /// Ends a message that the client has begun, or another.
    fn release(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let (choice, other) = (usize::from(byte(u)), packet_id(u));
        let Some(id) = self.connected(who, u)? else {
            return Ok(());
        };
        let begun = self.model.begun(id);
        let index = (choice / 4).checked_rem(begun.len());
        let index = index.filter(|_| !choice.is_multiple_of(4));
        let packet_id = index.and_then(|index| begun.get(index)).unwrap_or(&other);
        let line = format!("PUBREL id={packet_id}");
        self.send(id, &bytes_of(&line, self.version(id)))
    }

    fn acknowledge_oddly(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let name = one_of(&["PUBACK", "PUBREC", "PUBCOMP"], byte(u));
        let line = format!("{name} id={}", packet_id(u));
        self.send_line(who, &line, u)
    }

    fn disconnect(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let line = match byte(u) % 6 {
            0 => "DISCONNECT reason=0x04",
            1 => "DISCONNECT session-expiry=0",
            2 => "DISCONNECT session-expiry=30",
            _ => "DISCONNECT",
        };
        let Some(id) = self.connected(who, u)? else {
            return Ok(());
        };
        let version = self.version(id);
        let line = if version.has_properties() {
            line
        } else {
            "DISCONNECT"
        };
        self.send(id, &bytes_of(line, version))
    }

    fn cut_client(&mut self, who: usize) -> Check {
        match self.current.get_mut(who).and_then(Option::take) {
            Some(id) => self.cut(id),
            None => Ok(()),
        }
    }

    /// Sends a packet that the generator knows to be valid, or one that has a violation.
    fn send_anything(&mut self, who: usize, u: &mut Unstructured<'_>) -> Check {
        let Some(id) = self.connected(who, u)? else {
            return Ok(());
        };
        let bytes = match byte(u) % 8 {
            0 => raw(u),
            1..=2 => valid(u),
            _ => violated(u, |packet, is_connect| {
                packet.version == self.version(id) && !is_connect
            }),
        };
        self.send(id, &bytes)
    }

    /// Begins a connection with whatever comes, or with nothing.
    fn begin_anyhow(&mut self, u: &mut Unstructured<'_>) -> Check {
        let id = self.open()?;
        let bytes = match byte(u) % 8 {
            0 => return Ok(()),
            1 => raw(u),
            2..=3 => valid(u),
            _ => violated(u, |_, is_connect| is_connect),
        };
        self.send(id, &bytes)
    }

    fn send_line(&mut self, who: usize, line: &str, u: &mut Unstructured<'_>) -> Check {
        match self.connected(who, u)? {
            Some(id) => self.send(id, &bytes_of(line, self.version(id))),
            None => Ok(()),
        }
    }

    /// Every client comes back and takes what is for it, and leaves for good.
    fn finish(&mut self) -> Check {
        let ids: Vec<ConnectionId> = self.model.connections.keys().copied().collect();
        for id in ids {
            self.cut(id)?;
        }
        let clients: Vec<String> = self.model.sessions.keys().cloned().collect();
        for client in &clients {
            let id = self.join(client, false)?;
            while let Some((name, packet_id)) = self.waiting(id).first().copied() {
                let line = format!("{name} id={packet_id}");
                self.send(id, &bytes_of(&line, ProtocolVersion::V5_0))?;
            }
            self.cut(id)?;
        }
        for client in &clients {
            let id = self.join(client, true)?;
            self.leave(id)?;
        }
        let topics: Vec<String> = self.model.retained.keys().cloned().collect();
        let id = self.join("cleaner", true)?;
        for topic in topics {
            let publish = packet::Publish {
                delivery: packet::Delivery::AtMostOnce,
                retain: true,
                topic: TopicName::new(&topic).ok(),
                properties: Properties::EMPTY,
                payload: &[],
            };
            self.send_packet(id, &Packet::Publish(publish))?;
        }
        self.leave(id)?;
        self.wait(LONG)?;
        self.look_for_remains()
    }

    /// Connects under a name, with a session that outlasts what is to come, or with none.
    fn join(&mut self, client_id: &str, clean_start: bool) -> Check<ConnectionId> {
        let mut properties = PropertiesBuf::new();
        let expiry = if clean_start { 0 } else { 500 };
        properties
            .push(Property::SessionExpiryInterval(expiry))
            .unwrap();
        let connect = packet::Connect {
            version: ProtocolVersion::V5_0,
            clean_start,
            keep_alive: 0,
            properties: properties.as_properties(),
            client_id,
            will: None,
            user_name: None,
            password: None,
        };
        let id = self.open()?;
        self.send_packet(id, &Packet::Connect(connect))?;
        Ok(id)
    }

    fn leave(&mut self, id: ConnectionId) -> Check {
        let outcome = Outcome::SUCCESS;
        self.send_packet(id, &Packet::Disconnect(Disconnect { outcome }))
    }

    fn send_packet(&mut self, id: ConnectionId, packet: &Packet<'_>) -> Check {
        let mut bytes = Vec::new();
        packet.encode(ProtocolVersion::V5_0, &mut bytes).unwrap();
        self.send(id, &bytes)
    }
}

/// Bytes as they come.
fn raw(u: &mut Unstructured<'_>) -> Vec<u8> {
    let len = usize::from(byte(u) % 32).min(u.len());
    u.bytes(len).unwrap_or_default().to_vec()
}

/// A valid packet.
fn valid(u: &mut Unstructured<'_>) -> Vec<u8> {
    let packet = ValidPacket::arbitrary(&mut Unstructured::new(&many(u)));
    packet.map(|it| it.to_bytes()).unwrap_or_default()
}

/// A packet with a violation, of the kind that is wanted if there soon is one.
fn violated(u: &mut Unstructured<'_>, is_wanted: impl Fn(&Violated, bool) -> bool) -> Vec<u8> {
    let many = many(u);
    let mut many = Unstructured::new(&many);
    let mut bytes = Vec::new();
    while let Ok(packet) = Violated::arbitrary(&mut many) {
        let is_connect = packet.bytes.first().is_some_and(|first| first >> 4 == 1);
        let is_right = packet.sender != Sender::Server && is_wanted(&packet, is_connect);
        bytes = packet.bytes;
        if is_right || many.is_empty() {
            break;
        }
    }
    bytes
}

/// Many bytes of few: the generators of packets take more than a whole input has.
fn many(u: &mut Unstructured<'_>) -> Vec<u8> {
    let mut state = u.arbitrary::<u32>().unwrap_or_default().wrapping_add(1);
    let bytes = (0..MANY).map(|_| {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        state.to_le_bytes()[3]
    });
    bytes.collect()
}

fn client_id(who: usize) -> &'static str {
    CLIENT_IDS.get(who).unwrap_or(&"c")
}

fn bytes_of(line: &str, version: ProtocolVersion) -> Vec<u8> {
    let bytes = parse_packet(line, version);
    bytes.unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn byte(u: &mut Unstructured<'_>) -> u8 {
    u.arbitrary().unwrap_or_default()
}

/// Few, so that they meet.
fn packet_id(u: &mut Unstructured<'_>) -> u16 {
    u16::from(byte(u) % 4) + 1
}

fn pick(texts: &[&'static str], u: &mut Unstructured<'_>) -> &'static str {
    one_of(texts, byte(u))
}

/// Two of them differ in case, and one has a byte order mark.
const CLIENT_IDS: [&str; CLIENTS] = ["c0", "\\u{feff}c0", "c2", "C2"];
const TOPICS: [&str; 12] = [
    "a",
    "a/b",
    "a",
    "a/b",
    "b",
    "a/b/c",
    "A/b",
    "a/b/",
    "\\u{feff}a",
    "$x/a",
    "no/a",
    "secret/a",
];
const FILTERS: [&str; 16] = [
    "a",
    "a/b",
    "#",
    "+/b",
    "a/#",
    "a/+",
    "$share/g/a/#",
    "$share/g/a",
    "$share/h/+/b",
    "$x/#",
    "w/#",
    "w/+",
    "+",
    "secret/#",
    "secret/+",
    "b",
];

const STEPS_MAX: usize = 400;
const MANY: usize = 1_000;
