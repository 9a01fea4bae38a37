//! A connection: what both sides said when it began, and what the client waits for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use mqtt_assay_codec::{ProtocolVersion, Qos};

use super::message::{Message, Owed};

#[derive(Debug)]
pub(in super::super) struct Connection {
    pub(in super::super) version: ProtocolVersion,
    pub(in super::super) stage: Stage,
    /// When it is closed, if nothing comes.
    pub(super) deadline: Option<Duration>,
    /// One and a half times the keep alive.
    pub(super) patience: Option<Duration>,
    pub(super) receive_maximum: usize,
    pub(super) packet_len_max: usize,
    /// Whether reason strings may come with acknowledgements (v5-3.1.2-29).
    pub(super) wants_problem_information: bool,
    pub(super) wants_response_information: bool,
    pub(super) alias_max: u16,
    /// Those that the broker set.
    pub(super) aliases_in: BTreeMap<u16, String>,
    /// Those that the client set.
    pub(super) aliases_out: BTreeMap<u16, String>,
    /// The session expiry interval in force, and whether it is not the one asked for.
    pub(super) expiry: u32,
    pub(super) is_expiry_changed: bool,
    pub(super) needs_client_id: bool,
    pub(super) will: Option<Will>,
    /// The QoS 2 messages that the client began on this connection and did not end.
    pub(super) unfinished: BTreeSet<u16>,
    /// What the broker has to answer, in order.
    pub(super) answers: VecDeque<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Stage {
    /// Nothing has come, and CONNECT must be first.
    Awaiting,
    /// The broker has to take the client, by its client identifier.
    Connected(String),
    /// The broker has to refuse the CONNECT; `true` once it said so.
    Refused(bool),
    /// The broker has to close; `true` once it said why.
    Closing(bool),
}

#[derive(Clone, Debug)]
pub(in super::super) struct Will {
    /// It is received once it is published.
    pub(super) message: Rc<Message>,
    pub(super) delay: u32,
}

/// What the broker has to send.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Connack { session_present: bool },
    Puback { id: u16, fate: Fate },
    Pubrec { id: u16, fate: Fate },
    Pubrel { id: u16, is_known: bool },
    Pubcomp { id: u16, is_known: bool },
    Suback { id: u16, granted: Vec<Option<Qos>> },
    Unsuback { id: u16, existed: Vec<bool> },
    Pingresp,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Wanted,
    /// Nobody subscribed to it, which may be said.
    Unwanted,
    Denied,
    IdInUse,
}

impl Connection {
    pub(super) const fn new(deadline: Duration) -> Self {
        Self {
            version: ProtocolVersion::V3_1_1,
            stage: Stage::Awaiting,
            deadline: Some(deadline),
            patience: None,
            receive_maximum: u16::MAX as usize,
            packet_len_max: usize::MAX,
            wants_problem_information: true,
            wants_response_information: false,
            alias_max: 0,
            aliases_in: BTreeMap::new(),
            aliases_out: BTreeMap::new(),
            expiry: 0,
            is_expiry_changed: false,
            needs_client_id: false,
            will: None,
            unfinished: BTreeSet::new(),
            answers: VecDeque::new(),
        }
    }

    /// Whether a message is not too large for the client.
    pub(super) fn takes(&self, owed: &Owed) -> bool {
        owed.fits(self.version, self.packet_len_max)
    }

    /// Whether an answer may be left out: the client has no room for it.
    pub(super) fn may_miss(&self, answer: &Answer) -> bool {
        let len = match answer {
            Answer::Connack { .. } => CONNACK_LEN,
            Answer::Suback { granted, .. } => ACK_LEN.saturating_add(granted.len()),
            Answer::Unsuback { existed, .. } => ACK_LEN.saturating_add(existed.len()),
            Answer::Puback { .. }
            | Answer::Pubrec { .. }
            | Answer::Pubrel { .. }
            | Answer::Pubcomp { .. }
            | Answer::Pingresp => ACK_LEN,
        };
        len > self.packet_len_max
    }
}

/// More than a CONNACK has here.
const CONNACK_LEN: usize = 100;
/// A fixed header of two bytes, an identifier, a reason and a property length.
const ACK_LEN: usize = 6;
