//! Sessions: what outlives a connection (section 4.1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::packet::PacketId;

use super::alias::AliasesOut;
use super::connection::ConnectionId;
use super::inflight::Outgoing;
use super::message::Message;
use super::subscription::{FilterKey, Subscription};
use super::will::{PendingWill, Will};

/// A client identifier.
pub(super) type ClientId = Arc<str>;

/// All sessions, by client identifier.
pub(super) type Sessions = BTreeMap<ClientId, Session>;

/// The session of one client.
#[derive(Debug)]
pub(super) struct Session {
    /// Its connection, while there is one.
    pub(super) connection: Option<ConnectionId>,
    /// Which subscriptions it has; what they are is in the subscription table.
    pub(super) filters: BTreeSet<FilterKey>,
    /// QoS 2 messages from the client for which PUBREL has not come.
    pub(super) incoming: BTreeSet<PacketId>,
    /// Those of them that are passed on when PUBREL comes.
    pub(super) held: BTreeMap<PacketId, Message>,
    /// Messages to the client.
    pub(super) outgoing: Outgoing,
    /// The Will that waits for its delay (section 3.1.3.2.2).
    pub(super) pending_will: Option<PendingWill>,
    /// When it ends, while there is no connection.
    pub(super) expires: Option<Duration>,
    /// What faults come back to.
    pub(super) past: Past,
}

/// What a session should not remember, and does by a fault.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// Whether it was resumed.
    pub(super) is_resumed: bool,
    /// The keep alive of its first connection.
    pub(super) first_keep_alive: Option<u16>,
    /// Subscriptions that were replaced or given up.
    pub(super) earlier: BTreeMap<FilterKey, Subscription>,
    /// Whether its client took a Will back.
    pub(super) took_will_back: bool,
    /// The Will of the connection that its last one took over from.
    pub(super) will: Option<Will>,
    /// The aliases of its last connection.
    pub(super) aliases_out: Option<AliasesOut>,
    /// What it subscribed to after it was resumed.
    pub(super) later: BTreeSet<FilterKey>,
    /// Identifiers that are never free again.
    pub(super) stuck: BTreeSet<PacketId>,
}

/// How long a session outlives its connection (section 3.1.2.11.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SessionExpiry {
    /// Not at all.
    AtClose,
    /// So many seconds.
    After(u32),
    /// For ever.
    Never,
}

impl Session {
    pub(super) fn new(outgoing: Outgoing) -> Self {
        Self {
            connection: None,
            filters: BTreeSet::new(),
            incoming: BTreeSet::new(),
            held: BTreeMap::new(),
            outgoing,
            pending_will: None,
            expires: None,
            past: Past::default(),
        }
    }
}

impl SessionExpiry {
    /// From the interval on the wire.
    pub(super) const fn from_interval(interval: u32) -> Self {
        match interval {
            0 => Self::AtClose,
            u32::MAX => Self::Never,
            seconds => Self::After(seconds),
        }
    }

    /// The interval on the wire.
    pub(super) const fn interval(self) -> u32 {
        match self {
            Self::AtClose => 0,
            Self::After(seconds) => seconds,
            Self::Never => u32::MAX,
        }
    }
}
