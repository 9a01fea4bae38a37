//! A network connection: what is known of a client for as long as it is connected.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::packet::PacketId;
use mqtt_assay_codec::{Framer, ProtocolVersion};

use super::alias::{AliasesIn, AliasesOut};
use super::pool::Held;
use super::session::{ClientId, SessionExpiry};
use super::will::Will;

/// The number of a connection; never used twice by one broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(u64);

impl ConnectionId {
    pub(super) const fn new(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A connection, from the first byte to the last.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) framer: Framer,
    /// That of its CONNECT; 3.1.1 until then.
    pub(super) version: ProtocolVersion,
    pub(super) stage: Stage,
    /// When a connection is closed that is not yet connected.
    pub(super) connect_deadline: Duration,
    /// One and a half times the keep alive; `None` when it is off.
    pub(super) patience: Option<Duration>,
    /// When the last whole packet arrived.
    pub(super) heard: Duration,
    /// How many messages may be unfinished towards the client (section 4.9).
    pub(super) receive_maximum: u16,
    /// The largest packet that the client takes, in bytes.
    pub(super) packet_len_max: usize,
    /// Whether reason strings and user properties may come with any packet (section 3.1.2.11.7).
    pub(super) wants_problem_information: bool,
    pub(super) aliases_in: AliasesIn,
    pub(super) aliases_out: AliasesOut,
    pub(super) session_expiry: SessionExpiry,
    /// Whether the client asked for a session that ends with the connection, whatever it was granted.
    pub(super) wants_no_session: bool,
    pub(super) will: Option<Will>,
    pub(super) auth_method: Option<String>,
    /// The part of a packet that has arrived, and a CONNECT whose authentication goes on.
    pub(super) input: Option<Held>,
    /// How many bytes for it are in the broker's outputs.
    pub(super) output_len: usize,
    /// Whether the transport cannot take more at the moment.
    pub(super) is_held: bool,
    /// The QoS 2 messages that the client started on this connection and did not finish (section 4.9).
    pub(super) unfinished: BTreeSet<PacketId>,
    /// Whether DISCONNECT came and is not heard yet, by a fault.
    pub(super) said_goodbye: bool,
}

/// How far a connection has come.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    /// Nothing but CONNECT may come.
    AwaitingConnect,
    /// CONNECT came, and enhanced authentication goes on (section 4.12).
    Authenticating {
        /// The whole CONNECT.
        connect: Bytes,
    },
    /// CONNACK with success was sent.
    Connected {
        /// Whose connection it is.
        client_id: ClientId,
        /// Whether the answer to a challenge is awaited (section 4.12.1).
        is_reauthenticating: bool,
    },
    /// CONNACK with an error was sent, or DISCONNECT, and yet the connection lives: by a fault.
    Refused,
}

impl Connection {
    pub(super) fn new(frame_len_max: usize, connect_deadline: Duration, now: Duration) -> Self {
        Self {
            framer: Framer::new(ProtocolVersion::V3_1_1, frame_len_max),
            version: ProtocolVersion::V3_1_1,
            stage: Stage::AwaitingConnect,
            connect_deadline,
            patience: None,
            heard: now,
            receive_maximum: u16::MAX,
            packet_len_max: usize::MAX,
            wants_problem_information: true,
            aliases_in: AliasesIn::default(),
            aliases_out: AliasesOut::default(),
            session_expiry: SessionExpiry::AtClose,
            wants_no_session: true,
            will: None,
            auth_method: None,
            input: None,
            output_len: 0,
            is_held: false,
            unfinished: BTreeSet::new(),
            said_goodbye: false,
        }
    }

    /// Whose connection it is, once connected.
    pub(super) fn client_id(&self) -> Option<&ClientId> {
        match &self.stage {
            Stage::Connected { client_id, .. } => Some(client_id),
            Stage::AwaitingConnect | Stage::Authenticating { .. } | Stage::Refused => None,
        }
    }

    /// How many bytes of it are kept until more arrives.
    pub(super) fn unfinished_len(&self) -> usize {
        let connect = match &self.stage {
            Stage::Authenticating { connect } => connect.len(),
            Stage::AwaitingConnect | Stage::Connected { .. } | Stage::Refused => 0,
        };
        self.framer.pending().len().saturating_add(connect)
    }

    /// When the connection is closed if nothing arrives.
    pub(super) fn deadline(&self) -> Option<Duration> {
        match self.stage {
            Stage::AwaitingConnect | Stage::Authenticating { .. } | Stage::Refused => {
                Some(self.connect_deadline)
            }
            Stage::Connected { .. } => self
                .patience
                .map(|patience| self.heard.saturating_add(patience)),
        }
    }
}
