//! The broker: bytes and times in, bytes and deadlines out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::error::DecodeErrorKind;
use mqtt_assay_codec::frame::{Frame, Split};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::property::PropertiesBuf;
use mqtt_assay_codec::{DecodeError, Packet, PacketType, ProtocolVersion, Qos, ReasonCode};

use super::alias::AliasesIn;
use super::close::WillFate;
use super::connection::{Connection, ConnectionId, Stage};
use super::fault::{Fault, Faults};
use super::late::Late;
use super::options::BrokerOptions;
use super::pool::Pool;
use super::retained::Retained;
use super::session::{ClientId, Sessions};
use super::subscription::Subscriptions;
use super::timer::Timers;
use super::variant::{Variant, Variants};
use super::will::Will;

/// An MQTT broker without I/O and without a clock.
///
/// Every `now` is the time since the broker was made, and never goes back.
#[derive(Debug)]
pub struct Broker {
    pub(super) options: BrokerOptions,
    pub(super) faults: Faults,
    pub(super) variants: Variants,
    pub(super) connections: BTreeMap<ConnectionId, Connection>,
    pub(super) sessions: Sessions,
    pub(super) subscriptions: Subscriptions,
    pub(super) retained: Retained,
    pub(super) timers: Timers,
    pub(super) outputs: VecDeque<Output>,
    /// What waits in all sessions, all Wills, and all that has arrived of packets, in bytes.
    pub(super) queued: Pool,
    pub(super) wills: Pool,
    pub(super) input: Pool,
    /// The sessions for which more would wait than may.
    pub(super) overfull: BTreeSet<ClientId>,
    /// The connections for which messages wait until the outputs have been taken.
    pub(super) paused: BTreeSet<ConnectionId>,
    /// The time of the last call.
    pub(super) now: Duration,
    /// Topic aliases that outlive their connection, by a fault.
    pub(super) shared_aliases: AliasesIn,
    /// User properties that outlive their message, by a fault.
    pub(super) earlier_user_properties: PropertiesBuf,
    /// Wills that outlive their connection, by a fault.
    pub(super) earlier_wills: BTreeMap<ClientId, Will>,
    /// When the next sessions of clients end, by a fault.
    pub(super) doomed: BTreeMap<ClientId, Duration>,
    /// What is put off, by a variant.
    pub(super) late: Late,
    /// How many client identifiers were assigned.
    pub(super) assigned: u64,
    /// Whether it went down, by a fault: nobody is let in any more.
    is_down: bool,
    opened: u64,
}

/// What a broker wants done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a connection can do nothing else")]
pub enum Output {
    /// To send bytes: one packet.
    Send {
        /// To whom.
        connection: ConnectionId,
        /// The packet.
        bytes: Bytes,
    },
    /// To close a connection, once all was sent.
    Close {
        /// Which one.
        connection: ConnectionId,
    },
}

/// What outlives a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing between")]
pub enum Keep {
    /// Sessions that outlive their connection, and retained messages.
    State,
    /// Nothing.
    Nothing,
}

impl Broker {
    /// A broker with nobody connected.
    #[must_use]
    pub fn new(options: BrokerOptions) -> Self {
        let faults = Faults::new(options.fault);
        let variants = Variants::new(&options.variants);
        Self {
            options,
            faults,
            variants,
            connections: BTreeMap::new(),
            sessions: Sessions::new(),
            subscriptions: Subscriptions::new(faults, variants),
            retained: Retained::default(),
            timers: Timers::default(),
            outputs: VecDeque::new(),
            queued: Pool::default(),
            wills: Pool::default(),
            input: Pool::default(),
            overfull: BTreeSet::new(),
            paused: BTreeSet::new(),
            now: Duration::ZERO,
            shared_aliases: AliasesIn::default(),
            earlier_user_properties: PropertiesBuf::new(),
            earlier_wills: BTreeMap::new(),
            doomed: BTreeMap::new(),
            late: Late::default(),
            assigned: 0,
            is_down: false,
            opened: 0,
        }
    }

    /// Takes a new transport connection.
    pub fn open(&mut self, now: Duration) -> ConnectionId {
        self.tick(now);
        self.opened = self.opened.saturating_add(1);
        let id = ConnectionId::new(self.opened);
        if self.is_down || self.connections.len() >= self.options.connections_max {
            self.outputs.push_back(Output::Close { connection: id });
            return id;
        }
        let frame_len_max = if self.has(Fault::MaximumPacketSizeNotEnforced) {
            usize::MAX
        } else {
            let announced = usize::try_from(self.options.maximum_packet_size).unwrap_or(usize::MAX);
            announced.saturating_sub(usize::from(self.has(Fault::PacketOfMaximumSizeRefused)))
        };
        let deadline = now.saturating_add(self.options.connect_timeout);
        let connection = Connection::new(frame_len_max, deadline, now);
        self.connections.insert(id, connection);
        self.watch_connection(id);
        id
    }

    /// Takes bytes that arrived on a connection, in any pieces.
    pub fn receive(&mut self, id: ConnectionId, bytes: &[u8], now: Duration) {
        self.tick(now);
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let bytes = if self.faults.has(Fault::LongSegmentsCut) {
            bytes.get(..SHORT_SEGMENT).unwrap_or(bytes)
        } else {
            bytes
        };
        connection.framer.push(bytes);
        self.take_frames(id, now);
        self.count_input(id, now);
    }

    fn take_frames(&mut self, id: ConnectionId, now: Duration) {
        loop {
            let Some(connection) = self.connections.get_mut(&id) else {
                return;
            };
            match connection.framer.next_frame() {
                Ok(Some(frame)) => self.frame(id, &frame, now),
                Ok(None) => return,
                Err(error) => return self.unreadable(id, &error, now),
            }
        }
    }

    /// Takes note that the peer closed a connection, or that it failed.
    pub fn peer_closed(&mut self, id: ConnectionId, now: Duration) {
        self.tick(now);
        if self.has(Fault::ClosedHalfOverlooked) {
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.patience = None;
            }
            return;
        }
        if !self.connections.contains_key(&id) && self.may(Variant::GoodbyeLeftOpen) {
            self.outputs.push_back(Output::Close { connection: id });
        }
        self.close(id, WillFate::Published, now);
    }

    /// Stops and starts the broker: every connection is closed, and Wills are published to those who are away.
    pub fn restart(&mut self, keep: Keep, now: Duration) {
        self.tick(now);
        self.shut_down(now);
        match keep {
            Keep::State => {
                if self.has(Fault::RetainedLostOnRestart) {
                    self.retained = Retained::default();
                }
                if self.has(Fault::SessionsLostOnRestart) {
                    self.sessions.clear();
                    self.subscriptions = Subscriptions::new(self.faults, self.variants);
                }
                if self.has(Fault::RetainAsPublishedLostOnRestart) {
                    self.change_subscriptions(|it| it.options.retain_as_published = false);
                }
                if self.has(Fault::SubscriptionQosLostOnRestart) {
                    self.change_subscriptions(|it| it.options.qos = Qos::AtMostOnce);
                }
                for session in self.sessions.values_mut() {
                    if self.faults.has(Fault::InflightLostOnRestart) {
                        session.outgoing.clear_inflight();
                    }
                    if self.faults.has(Fault::IncomingQos2LostOnRestart) {
                        session.incoming.clear();
                    }
                }
            }
            Keep::Nothing => {
                self.sessions.clear();
                self.subscriptions = Subscriptions::new(self.faults, self.variants);
                self.retained = Retained::default();
                self.timers = Timers::default();
            }
        }
    }

    /// Whether the broker makes this mistake.
    pub(super) const fn has(&self, fault: Fault) -> bool {
        self.faults.has(fault)
    }

    /// Whether the broker does this, as it may.
    pub(super) const fn may(&self, variant: Variant) -> bool {
        self.variants.has(variant)
    }

    /// The version of a connection; 3.1.1 for one that is gone.
    pub(super) fn version(&self, id: ConnectionId) -> ProtocolVersion {
        self.connections
            .get(&id)
            .map_or(ProtocolVersion::V3_1_1, |connection| connection.version)
    }

    fn frame(&mut self, id: ConnectionId, bytes: &Bytes, now: Duration) {
        let version = self.version(id);
        let bytes = self.mend(bytes, version);
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
            return;
        };
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let is_no_sign = match frame.packet_type() {
            Some(PacketType::Subscribe | PacketType::Unsubscribe) => {
                self.faults.has(Fault::SubscribeIsNoSignOfLife)
            }
            Some(PacketType::Puback) => self.faults.has(Fault::PubackIsNoSignOfLife),
            _ => false,
        };
        if !is_no_sign {
            connection.heard = now;
        }
        match connection.stage.clone() {
            Stage::AwaitingConnect => self.first_frame(id, &frame, now),
            Stage::Refused => self.frame_after_refusal(id, &frame, now),
            Stage::Authenticating { connect } => {
                self.frame_while_authenticating(id, &frame, &connect, now);
            }
            Stage::Connected { .. } => match Packet::decode(&frame, version, Sender::Client) {
                Ok(packet) => self.packet(id, &packet, now),
                Err(error) if self.overlooks(frame.packet_type(), &error) => {}
                Err(_) if self.has(Fault::MalformedPacketClosesAll) => self.shut_down(now),
                Err(error) if self.answers_filters(id, &frame, &error, now) => {}
                Err(_) if self.takes_for_disconnect(&frame, version) => {
                    self.close(id, WillFate::Removed, now);
                }
                Err(error) => self.fail(id, error.reason_code(), &error.to_string(), now),
            },
        }
    }

    /// Whether it went down, by a fault.
    pub(super) const fn is_down(&self) -> bool {
        self.is_down
    }

    fn unreadable(&mut self, id: ConnectionId, error: &DecodeError, now: Duration) {
        if self.has(Fault::LongRemainingLengthTakesItDown)
            && error.kind() == DecodeErrorKind::RemainingLengthTooLong
        {
            self.is_down = true;
            return;
        }
        if self.overlooks(None, error) {
            return;
        }
        let Some(connection) = self.connections.get(&id) else {
            return;
        };
        match connection.stage {
            Stage::Connected { .. } => {
                self.fail(id, error.reason_code(), &error.to_string(), now);
            }
            Stage::AwaitingConnect | Stage::Authenticating { .. } | Stage::Refused => {
                self.close(id, WillFate::Published, now);
            }
        }
    }

    pub(super) fn packet(&mut self, id: ConnectionId, packet: &Packet<'_>, now: Duration) {
        if *packet != Packet::Pingreq {
            self.resume_early(id, now);
        }
        match packet {
            Packet::Connect(_) => self.second_connect(id, now),
            Packet::Publish(publish) => self.publish(id, publish, now),
            Packet::Puback(ack) => self.puback(id, ack, now),
            Packet::Pubrec(ack) => self.pubrec(id, ack, now),
            Packet::Pubrel(ack) => self.pubrel(id, ack, now),
            Packet::Pubcomp(ack) => self.pubcomp(id, ack, now),
            Packet::Subscribe(subscribe) => self.subscribe(id, subscribe, now),
            Packet::Unsubscribe(unsubscribe) => self.unsubscribe(id, unsubscribe, now),
            Packet::Pingreq => self.pingreq(id, now),
            Packet::Disconnect(disconnect) => self.disconnect(id, disconnect, now),
            Packet::Auth(auth) => self.auth(id, auth, now),
            Packet::Connack(_) | Packet::Suback(_) | Packet::Unsuback(_) | Packet::Pingresp => {
                let text = format!("{} from a client", packet.packet_type().name());
                self.fail(id, ReasonCode::PROTOCOL_ERROR, &text, now);
            }
        }
    }

    fn second_connect(&mut self, id: ConnectionId, now: Duration) {
        if self.has(Fault::WillLostAtSecondConnect)
            && let Some(connection) = self.connections.get_mut(&id)
        {
            connection.will = None;
        }
        if self.has(Fault::SecondConnectAnswered) {
            self.connack(id, false, ReasonCode::SUCCESS, &[]);
            return;
        }
        if self.has(Fault::SecondConnectIgnored) {
            return;
        }
        self.fail(
            id,
            ReasonCode::PROTOCOL_ERROR,
            "a second CONNECT on one connection",
            now,
        );
    }

    fn pingreq(&mut self, id: ConnectionId, now: Duration) {
        if self.has(Fault::PingreqIgnored) {
            return;
        }
        if self.has(Fault::PingWaitsForQuota)
            && self
                .session_of(id)
                .is_some_and(|session| session.outgoing.queued() > 0)
        {
            return;
        }
        if self.has(Fault::ResendsWithoutReconnect) {
            self.send_unanswered_again(id, now);
        }
        if self.has(Fault::PingrespTwice) {
            self.send(id, &Packet::Pingresp);
        }
        if self.may(Variant::RepeatsOnLiveConnection) && !self.version(id).has_reason_codes() {
            self.send_unanswered_again(id, now);
            self.send_released_again(id);
        }
        self.send(id, &Packet::Pingresp);
    }

    /// Whether a malformed DISCONNECT is taken for one.
    fn takes_for_disconnect(&self, frame: &Frame<'_>, version: ProtocolVersion) -> bool {
        frame.packet_type() == Some(PacketType::Disconnect)
            && version == ProtocolVersion::V3_1_1
            && self.may(Variant::WillDroppedAtMalformedDisconnect)
    }

    /// Whether a frame is a CONNECT, which must be the first (v3-3.1.0-1, v5-3.1.0-1).
    pub(super) fn is_connect(frame: &Frame<'_>) -> bool {
        frame.packet_type() == Some(PacketType::Connect)
    }
}

/// In bytes: less than a test sends at once, more than most packets have.
const SHORT_SEGMENT: usize = 64;
