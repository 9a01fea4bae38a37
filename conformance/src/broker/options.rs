//! What a broker offers, and the limits that it sets.

use std::collections::BTreeMap;
use std::time::Duration;

use mqtt_assay_codec::{ProtocolVersion, Qos};

use super::fault::Fault;
use super::variant::Variant;

/// What a broker offers, and the limits that it sets.
///
/// The default offers everything and lets everybody in.
#[derive(Clone, Debug)]
pub struct BrokerOptions {
    /// The one mistake that the broker makes on purpose.
    pub fault: Option<Fault>,
    /// What it does otherwise than the default, and may.
    pub variants: Vec<Variant>,
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
    /// How many unfinished QoS 2 messages it takes from a client at once (5.0), 1 to 65,535. One more ends the connection:
    /// 0x93. In 3.1.1 there are as many as packet identifiers.
    pub receive_maximum: u16,
    /// How many unfinished messages it sends to a client at once, at least 1.
    pub inflight_max: u16,
    /// The largest packet that it takes, in bytes. One that is larger ends the connection: 0x95.
    pub maximum_packet_size: u32,
    /// The highest topic alias that it takes; 0 for none. A higher one ends the connection: 0x94.
    pub topic_alias_maximum: u16,
    /// Whether it uses topic aliases towards a client that takes them.
    pub sends_topic_aliases: bool,
    /// A keep alive, in seconds, that replaces the client's (5.0).
    pub server_keep_alive: Option<u16>,
    /// The longest session expiry interval that it grants, in seconds.
    pub session_expiry_max: Option<u32>,
    /// The shortest session expiry interval that it grants, in seconds (5.0).
    pub session_expiry_min: u32,
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
    /// How long it waits for a CONNECT before it closes.
    pub connect_timeout: Duration,
    /// How many connections there are at once. More are closed before their CONNECT.
    pub connections_max: usize,
    /// How many sessions there are, with and without a connection. A CONNECT for one more is refused: 0x97, in 3.1.1
    /// with return code 0x03.
    pub sessions_max: usize,
    /// How many subscriptions one session has. One more is refused: 0x97, in 3.1.1 0x80.
    pub subscriptions_max: usize,
    /// How many subscriptions all sessions have. One more is refused, as above.
    pub subscriptions_total_max: usize,
    /// How many bytes the filters of all sessions have. One more is refused, as above.
    pub filter_bytes_total_max: usize,
    /// How many unfinished messages one session has, those under way among them. A session that would have more ends
    /// (section 4.1), and its client is told 0x97; a message with QoS 0 is dropped.
    pub queued_messages_max: usize,
    /// How many bytes the unfinished messages of one session have. A session that would have more ends, as above.
    pub queued_bytes_max: usize,
    /// How many bytes the unfinished messages of all sessions have. Where there are more, the session that has most of
    /// them ends, as above.
    pub queued_bytes_total_max: usize,
    /// How many messages are retained. One more is refused: 0x97 in PUBACK or PUBREC, in 3.1.1 by closing; with QoS 0, or
    /// as a Will, it is published and not retained.
    pub retained_messages_max: usize,
    /// How many bytes the retained messages have. One more is refused, as above.
    pub retained_bytes_max: usize,
    /// How many bytes the Wills have, those that wait for their delay among them. A CONNECT with one more is refused:
    /// 0x97, in 3.1.1 with return code 0x03.
    pub will_bytes_total_max: usize,
    /// How many bytes of packets there are that have not arrived as a whole. Where there are more, the connection that
    /// has most of them is closed: 0x97 once it is connected.
    pub input_bytes_total_max: usize,
    /// How many bytes wait for one slow reader before it is disconnected (TCP and in-memory streams). Messages with QoS 1
    /// or 2 wait in the session instead, as far as they can.
    pub output_bytes_max: usize,
    /// How many bytes wait for all clients before the slowest reader is disconnected (TCP and in-memory streams).
    pub output_bytes_total_max: usize,
}

impl Default for BrokerOptions {
    fn default() -> Self {
        Self {
            fault: None,
            variants: Vec::new(),
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
            session_expiry_min: 0,
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
            connections_max: CONNECTIONS_MAX,
            sessions_max: SESSIONS_MAX,
            subscriptions_max: SUBSCRIPTIONS_MAX,
            subscriptions_total_max: SUBSCRIPTIONS_TOTAL_MAX,
            filter_bytes_total_max: FILTER_BYTES_TOTAL_MAX,
            queued_messages_max: QUEUED_MESSAGES_MAX,
            queued_bytes_max: QUEUED_BYTES_MAX,
            queued_bytes_total_max: QUEUED_BYTES_TOTAL_MAX,
            retained_messages_max: RETAINED_MESSAGES_MAX,
            retained_bytes_max: RETAINED_BYTES_MAX,
            will_bytes_total_max: WILL_BYTES_TOTAL_MAX,
            input_bytes_total_max: INPUT_BYTES_TOTAL_MAX,
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

    /// Takes all that the protocol allows: a packet of any size, with room for a few of them, and as many unfinished
    /// messages as there are packet identifiers.
    pub fn go_to_the_limits(&mut self) {
        self.maximum_packet_size = PACKET_SIZE_MAX;
        self.receive_maximum = u16::MAX;
        for bytes_max in [
            &mut self.queued_bytes_max,
            &mut self.queued_bytes_total_max,
            &mut self.input_bytes_total_max,
            &mut self.output_bytes_max,
            &mut self.output_bytes_total_max,
        ] {
            *bytes_max = (*bytes_max).max(LARGE_PACKETS_BYTES_MAX);
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

/// The longest packet of the protocol, with its fixed header (section 2.1.4).
const PACKET_SIZE_MAX: u32 = 268_435_460;
/// Four packets of that size.
const LARGE_PACKETS_BYTES_MAX: usize = 4 * 268_435_460;
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
/// Below what one process may usually open.
const CONNECTIONS_MAX: usize = 10_000;
/// Ten for each connection.
const SESSIONS_MAX: usize = 100_000;
/// A hundred times what a test subscribes to.
const SUBSCRIPTIONS_MAX: usize = 10_000;
/// A hundred for each connection.
const SUBSCRIPTIONS_TOTAL_MAX: usize = 1_000_000;
/// Some hundred for each subscription.
const FILTER_BYTES_TOTAL_MAX: usize = 256 << 20;
/// More than a load test leaves waiting for one client.
const QUEUED_MESSAGES_MAX: usize = 100_000;
/// Dozens of packets of the largest size.
const QUEUED_BYTES_MAX: usize = 128 << 20;
/// As much as a machine that runs tests can spare.
const QUEUED_BYTES_TOTAL_MAX: usize = 1 << 30;
/// A thousand times what a test retains.
const RETAINED_MESSAGES_MAX: usize = 100_000;
/// Dozens of packets of the largest size.
const RETAINED_BYTES_MAX: usize = 256 << 20;
/// Some thousand for each connection.
const WILL_BYTES_TOTAL_MAX: usize = 64 << 20;
/// Dozens of packets of the largest size.
const INPUT_BYTES_TOTAL_MAX: usize = 256 << 20;
/// Four packets of the largest size.
const OUTPUT_BYTES_MAX: usize = 16 << 20;
/// Small beside the memory of any machine that runs tests.
const OUTPUT_BYTES_TOTAL_MAX: usize = 512 << 20;
