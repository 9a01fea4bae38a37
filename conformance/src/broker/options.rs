//! What a broker offers, and the limits that it sets.

use std::collections::BTreeMap;
use std::time::Duration;

use mqtt_assay_codec::{ProtocolVersion, Qos};

use super::fault::Fault;

/// What a broker offers, and the limits that it sets.
///
/// The default offers everything and lets everybody in.
#[derive(Clone, Debug)]
pub struct BrokerOptions {
    /// The one mistake that the broker makes on purpose.
    pub fault: Option<Fault>,
    /// The versions that it speaks.
    pub versions: Vec<ProtocolVersion>,
    /// The highest QoS at which it takes and sends messages.
    pub maximum_qos: Qos,
    /// Whether it keeps retained messages.
    pub retain_available: bool,
    /// Whether it takes filters with wildcards.
    pub wildcard_available: bool,
    /// Whether it takes subscription identifiers.
    pub subscription_id_available: bool,
    /// Whether it takes shared subscriptions.
    pub shared_available: bool,
    /// How many unfinished QoS 2 messages it takes from a client at once (5.0), 1 to 65,535.
    pub receive_maximum: u16,
    /// How many unfinished messages it sends to a client at once, at least 1.
    pub inflight_max: u16,
    /// The largest packet that it takes, in bytes.
    pub maximum_packet_size: u32,
    /// The highest topic alias that it takes; 0 for none.
    pub topic_alias_maximum: u16,
    /// Whether it uses topic aliases towards a client that takes them.
    pub sends_topic_aliases: bool,
    /// A keep alive, in seconds, that replaces the client's (5.0).
    pub server_keep_alive: Option<u16>,
    /// The longest session expiry interval that it grants, in seconds.
    pub session_expiry_max: Option<u32>,
    /// Whether it stores QoS 0 messages for a client that is away.
    pub stores_qos_0: bool,
    /// Whether it acknowledges a message that nobody subscribes to with 0x10 (5.0).
    pub reports_no_subscribers: bool,
    /// What it answers to a client that asks for Response Information (5.0).
    pub response_information: Option<String>,
    /// The longest client identifier that it takes, in bytes.
    pub client_id_len_max: usize,
    /// Whether it assigns a client identifier to a client that has none.
    pub assigns_client_ids: bool,
    /// The passwords by user name. With none, any user name is let in.
    pub users: BTreeMap<String, Vec<u8>>,
    /// Whether a client without a user name is let in.
    pub allows_anonymous: bool,
    /// Whether it knows the authentication method `assay-challenge` (5.0).
    pub has_auth_method: bool,
    /// What clients may not do.
    pub denied: Vec<AccessRule>,
    /// How long it waits for a CONNECT.
    pub connect_timeout: Duration,
    /// How many messages wait in one session.
    pub queued_messages_max: usize,
    /// How many subscriptions one session has.
    pub subscriptions_max: usize,
    /// How many connections there are at once.
    pub connections_max: usize,
    /// How many bytes wait for one slow reader before it is disconnected (TCP and in-memory streams).
    pub output_bytes_max: usize,
    /// How many bytes wait for all clients before the slowest reader is disconnected (TCP and in-memory streams).
    pub output_bytes_total_max: usize,
}

impl Default for BrokerOptions {
    fn default() -> Self {
        Self {
            fault: None,
            versions: ProtocolVersion::ALL.to_vec(),
            maximum_qos: Qos::ExactlyOnce,
            retain_available: true,
            wildcard_available: true,
            subscription_id_available: true,
            shared_available: true,
            receive_maximum: RECEIVE_MAXIMUM,
            inflight_max: INFLIGHT_MAX,
            maximum_packet_size: MAXIMUM_PACKET_SIZE,
            topic_alias_maximum: TOPIC_ALIAS_MAXIMUM,
            sends_topic_aliases: true,
            server_keep_alive: None,
            session_expiry_max: None,
            stores_qos_0: false,
            reports_no_subscribers: true,
            response_information: Some("response/".to_owned()),
            client_id_len_max: usize::from(u16::MAX),
            assigns_client_ids: true,
            users: BTreeMap::new(),
            allows_anonymous: true,
            has_auth_method: true,
            denied: Vec::new(),
            connect_timeout: CONNECT_TIMEOUT,
            queued_messages_max: QUEUED_MESSAGES_MAX,
            subscriptions_max: SUBSCRIPTIONS_MAX,
            connections_max: CONNECTIONS_MAX,
            output_bytes_max: OUTPUT_BYTES_MAX,
            output_bytes_total_max: OUTPUT_BYTES_TOTAL_MAX,
        }
    }
}

impl BrokerOptions {
    /// The default with one deliberate mistake.
    #[must_use]
    pub fn with_fault(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }
}

/// Topics on which clients may not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRule {
    /// The topics, as a topic filter.
    pub filter: String,
    /// What is denied there.
    pub denied: Denied,
}

/// What an [`AccessRule`] denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a client can do nothing else with a topic"
)]
pub enum Denied {
    /// To publish.
    Publish,
    /// To subscribe, and to be sent messages by a wider subscription.
    Subscribe,
    /// Both.
    Everything,
}

/// Small enough that a test reaches it, large enough that none does so by accident.
const RECEIVE_MAXIMUM: u16 = 64;
/// More than any client needs on one machine; bounds the search for a free packet identifier.
const INFLIGHT_MAX: u16 = 1_024;
/// Remaining lengths of four bytes start at 2 MiB, and a test must be able to send one.
const MAXIMUM_PACKET_SIZE: u32 = 4 << 20;
/// Enough for tests that use every alias.
const TOPIC_ALIAS_MAXIMUM: u16 = 16;
/// Section 3.1.4 asks for a reasonable time; the common brokers take 5 to 90 s.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A hundred times what a test queues.
const QUEUED_MESSAGES_MAX: usize = 10_000;
/// A hundred times what a test subscribes to.
const SUBSCRIPTIONS_MAX: usize = 10_000;
/// Below what one process may usually open.
const CONNECTIONS_MAX: usize = 10_000;
/// Four packets of the largest size.
const OUTPUT_BYTES_MAX: usize = 16 << 20;
/// Small beside the memory of any machine that runs tests.
const OUTPUT_BYTES_TOTAL_MAX: usize = 512 << 20;
