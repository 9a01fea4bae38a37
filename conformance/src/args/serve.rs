//! Options of `serve`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args as ClapArgs;
use mqtt_assay_codec::topic::TopicFilter;
use mqtt_assay_codec::{ProtocolVersion, Qos};

use super::{credentials, duration};
use crate::broker::{AccessRule, BrokerOptions, Denied};

/// Options of `serve`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct ServeArgs {
    /// Where to listen, such as `127.0.0.1:1883` or `[::1]:0`; port 0 takes a free one, and says which; repeatable.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:1883")]
    pub listen: Vec<String>,
    /// Where to listen for WebSocket as well.
    #[arg(long, value_name = "ADDRESS")]
    pub websocket: Option<String>,
    /// Where to listen for TLS as well.
    #[arg(long, value_name = "ADDRESS", requires_all = ["cert", "key"])]
    pub tls: Option<String>,
    /// The certificate for TLS, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub cert: Option<PathBuf>,
    /// The key of the certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub key: Option<PathBuf>,
    /// Break a rule on purpose; `mqtt-assay faults` lists the names.
    #[arg(long, value_name = "NAME")]
    pub fault: Option<String>,
    /// Do something otherwise, as a broker may; `mqtt-assay faults --variants` lists the names. Repeatable.
    #[arg(long, value_name = "NAME")]
    pub variant: Vec<String>,
    /// Write every packet of every client to standard error, without passwords.
    #[arg(long)]
    pub trace: bool,
    /// Who may do what.
    #[command(flatten)]
    pub access: AccessArgs,
    /// What is not offered.
    #[command(flatten)]
    pub offer: OfferArgs,
    /// What 5.0 tells its clients, and what is bounded.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// Options of `serve` that say who may do what.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Access")]
#[non_exhaustive]
pub struct AccessArgs {
    /// Let in this user only; repeatable.
    #[arg(long, value_name = "NAME:PASSWORD", value_parser = credentials)]
    pub user: Vec<(String, String)>,
    /// Refuse clients without a user name, as --user does too.
    #[arg(long)]
    pub no_anonymous: bool,
    /// Deny to publish, to subscribe, or all, on the topics of a filter: publish=FILTER, subscribe=FILTER, all=FILTER;
    /// repeatable.
    #[arg(long, value_name = "ACTION=FILTER", value_parser = access_rule)]
    pub deny: Vec<AccessRule>,
    /// Know no authentication method. Otherwise it is `assay-challenge`: the answer to `challenge` is `response`.
    #[arg(long)]
    pub no_auth_method: bool,
}

/// Options of `serve` that say what is not offered.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Offer")]
#[non_exhaustive]
pub struct OfferArgs {
    /// The versions to speak.
    #[arg(
        long,
        value_name = "VERSIONS",
        value_delimiter = ',',
        default_value = "3.1.1,5.0"
    )]
    pub mqtt: Vec<ProtocolVersion>,
    /// The highest QoS of messages in either direction, 0 to 2.
    #[arg(long, value_name = "QOS", default_value_t = BrokerOptions::default().maximum_qos.bits(),
        value_parser = clap::value_parser!(u8).range(0..=2))]
    pub maximum_qos: u8,
    /// Retain no messages.
    #[arg(long)]
    pub no_retain: bool,
    /// Take no filters with wildcards.
    #[arg(long)]
    pub no_wildcards: bool,
    /// Take no subscription identifiers.
    #[arg(long)]
    pub no_subscription_ids: bool,
    /// Take no shared subscriptions.
    #[arg(long)]
    pub no_shared_subscriptions: bool,
    /// Assign no client identifier to a client that has none.
    #[arg(long)]
    pub no_assigned_client_ids: bool,
    /// Use no topic aliases towards clients.
    #[arg(long)]
    pub no_outgoing_aliases: bool,
    /// Acknowledge a message to which nobody subscribes with 0x00, not with 0x10.
    #[arg(long)]
    pub no_subscriber_report: bool,
    /// Store messages with QoS 0 too for clients that are away.
    #[arg(long)]
    pub store_qos_0: bool,
    /// What to answer clients that ask for Response Information; nothing if it is empty.
    #[arg(long, value_name = "TEXT", default_value_t = BrokerOptions::default().response_information.unwrap_or_default())]
    pub response_information: String,
}

/// Options of `serve` that set limits.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Limits")]
#[non_exhaustive]
pub struct LimitArgs {
    /// How many unfinished QoS 2 messages a client may have on their way here (5.0), 1 to 65535.
    #[arg(long, value_name = "COUNT", default_value_t = BrokerOptions::default().receive_maximum,
        value_parser = clap::value_parser!(u16).range(1..))]
    pub receive_maximum: u16,
    /// How many unfinished messages are on their way to a client, 1 to 65535; fewer if it wants that.
    #[arg(long, value_name = "COUNT", default_value_t = BrokerOptions::default().inflight_max,
        value_parser = clap::value_parser!(u16).range(1..))]
    pub inflight_max: u16,
    /// The largest packet from a client, in bytes, 15 (the shortest CONNECT) to 268435460.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().maximum_packet_size,
        value_parser = clap::value_parser!(u32).range(15..=268_435_460))]
    pub maximum_packet_size: u32,
    /// The highest topic alias of a client, 0 (none) to 65535.
    #[arg(long, value_name = "NUMBER", default_value_t = BrokerOptions::default().topic_alias_maximum)]
    pub topic_alias_maximum: u16,
    /// Replaces the keep alive of clients of 5.0, in seconds, 0 (off) to 65535.
    #[arg(long, value_name = "SECONDS")]
    pub server_keep_alive: Option<u16>,
    /// The longest session expiry interval of clients of 5.0, in seconds, 0 to 4294967295 (for ever).
    #[arg(long, value_name = "SECONDS")]
    pub session_expiry_max: Option<u32>,
    /// The shortest session expiry interval, in seconds (5.0).
    #[arg(long, value_name = "SECONDS", default_value_t = BrokerOptions::default().session_expiry_min)]
    pub session_expiry_min: u32,
    /// The longest client identifier, in bytes, 1 to 65535.
    #[arg(long, value_name = "BYTES", default_value_t = u16::MAX, value_parser = clap::value_parser!(u16).range(1..))]
    pub client_id_len_max: u16,
    /// How long to wait for a CONNECT, 10ms to 60m.
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = connect_timeout)]
    pub connect_timeout: Duration,
    /// How many connections there are at once, 1 to 1000000.
    #[arg(long, value_name = "COUNT", default_value_t = BrokerOptions::default().connections_max, value_parser = count)]
    pub connections_max: usize,
    /// How many sessions there are, 1 to 1000000.
    #[arg(long, value_name = "COUNT", default_value_t = BrokerOptions::default().sessions_max, value_parser = count)]
    pub sessions_max: usize,
    /// How many subscriptions one session has, 1 to 1000000.
    #[arg(long, value_name = "COUNT", default_value_t = BrokerOptions::default().subscriptions_max, value_parser = count)]
    pub subscriptions_max: usize,
    /// How many subscriptions all sessions have, 1 to 1000000.
    #[arg(long, value_name = "COUNT", default_value_t = BrokerOptions::default().subscriptions_total_max, value_parser = count)]
    pub subscriptions_total_max: usize,
    /// How many bytes the filters of all sessions have, 1024 to 4294967295.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().filter_bytes_total_max, value_parser = bytes)]
    pub filter_bytes_total_max: usize,
    /// How many unfinished messages one session has before it ends, 1 to 1000000.
    #[arg(long, value_name = "COUNT", default_value_t = BrokerOptions::default().queued_messages_max, value_parser = count)]
    pub queued_messages_max: usize,
    /// How many bytes the unfinished messages of one session have before it ends, 1024 to 4294967295.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().queued_bytes_max, value_parser = bytes)]
    pub queued_bytes_max: usize,
    /// How many bytes the unfinished messages of all sessions have before the fullest ends, 1024 to 4294967295.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().queued_bytes_total_max, value_parser = bytes)]
    pub queued_bytes_total_max: usize,
    /// How many messages are retained, 1 to 1000000.
    #[arg(long, value_name = "COUNT", default_value_t = BrokerOptions::default().retained_messages_max, value_parser = count)]
    pub retained_messages_max: usize,
    /// How many bytes the retained messages have, 1024 to 4294967295.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().retained_bytes_max, value_parser = bytes)]
    pub retained_bytes_max: usize,
    /// How many bytes all Wills have, 1024 to 4294967295.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().will_bytes_total_max, value_parser = bytes)]
    pub will_bytes_total_max: usize,
    /// How many bytes of unfinished packets there are before the fullest connection is closed, 1024 to 4294967295.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().input_bytes_total_max, value_parser = bytes)]
    pub input_bytes_total_max: usize,
    /// How many bytes wait for one client before it is cut off, 1024 to 4294967295.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().output_bytes_max, value_parser = bytes)]
    pub output_bytes_max: usize,
    /// How many bytes wait for all clients before the slowest is cut off, 1024 to 4294967295.
    #[arg(long, value_name = "BYTES", default_value_t = BrokerOptions::default().output_bytes_total_max, value_parser = bytes)]
    pub output_bytes_total_max: usize,
}

impl ServeArgs {
    /// The broker that is asked for, but for its fault and its variants.
    #[must_use]
    pub fn options(&self) -> BrokerOptions {
        let Self {
            access,
            offer,
            limits,
            ..
        } = self;
        let users = access.user.iter();
        BrokerOptions {
            users: users
                .map(|(name, password)| (name.clone(), password.clone().into_bytes()))
                .collect(),
            allows_anonymous: access.user.is_empty() && !access.no_anonymous,
            denied: access.deny.clone(),
            has_auth_method: !access.no_auth_method,
            versions: offer.mqtt.clone(),
            maximum_qos: Qos::from_bits(offer.maximum_qos).unwrap_or(Qos::ExactlyOnce),
            retain_available: !offer.no_retain,
            wildcard_available: !offer.no_wildcards,
            subscription_id_available: !offer.no_subscription_ids,
            shared_available: !offer.no_shared_subscriptions,
            assigns_client_ids: !offer.no_assigned_client_ids,
            sends_topic_aliases: !offer.no_outgoing_aliases,
            reports_no_subscribers: !offer.no_subscriber_report,
            stores_qos_0: offer.store_qos_0,
            response_information: Some(offer.response_information.clone())
                .filter(|text| !text.is_empty()),
            receive_maximum: limits.receive_maximum,
            inflight_max: limits.inflight_max,
            maximum_packet_size: limits.maximum_packet_size,
            topic_alias_maximum: limits.topic_alias_maximum,
            server_keep_alive: limits.server_keep_alive,
            session_expiry_max: limits.session_expiry_max,
            session_expiry_min: limits.session_expiry_min,
            client_id_len_max: usize::from(limits.client_id_len_max),
            connect_timeout: limits.connect_timeout,
            connections_max: limits.connections_max,
            sessions_max: limits.sessions_max,
            subscriptions_max: limits.subscriptions_max,
            subscriptions_total_max: limits.subscriptions_total_max,
            filter_bytes_total_max: limits.filter_bytes_total_max,
            queued_messages_max: limits.queued_messages_max,
            queued_bytes_max: limits.queued_bytes_max,
            queued_bytes_total_max: limits.queued_bytes_total_max,
            retained_messages_max: limits.retained_messages_max,
            retained_bytes_max: limits.retained_bytes_max,
            will_bytes_total_max: limits.will_bytes_total_max,
            input_bytes_total_max: limits.input_bytes_total_max,
            output_bytes_max: limits.output_bytes_max,
            output_bytes_total_max: limits.output_bytes_total_max,
            fault: None,
            variants: Vec::new(),
        }
    }
}

fn access_rule(text: &str) -> Result<AccessRule, String> {
    let Some((action, filter)) = text.split_once('=') else {
        return Err("no '=' between action and filter".to_owned());
    };
    let denied = match action {
        "publish" => Denied::Publish,
        "subscribe" => Denied::Subscribe,
        "all" => Denied::Everything,
        _ => {
            return Err(format!(
                "'{action}' is no action; allowed are publish, subscribe and all"
            ));
        }
    };
    TopicFilter::new(filter, ProtocolVersion::V3_1_1).map_err(|error| error.to_string())?;
    let filter = filter.to_owned();
    Ok(AccessRule { filter, denied })
}

fn connect_timeout(text: &str) -> Result<Duration, String> {
    let timeout = duration(text)?;
    if (CONNECT_TIMEOUT_MIN..=CONNECT_TIMEOUT_MAX).contains(&timeout) {
        return Ok(timeout);
    }
    Err("allowed are 10ms to 60m".to_owned())
}

fn count(text: &str) -> Result<usize, String> {
    within(text, 1, COUNT_MAX)
}

fn bytes(text: &str) -> Result<usize, String> {
    within(text, BYTES_MIN, BYTES_MAX)
}

fn within(text: &str, min: u32, max: u32) -> Result<usize, String> {
    let number = text.parse::<u32>().ok();
    number
        .filter(|number| (min..=max).contains(number))
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| format!("allowed are {min} to {max}"))
}

/// Enough for a packet to come over any network of a test.
const CONNECT_TIMEOUT_MIN: Duration = Duration::from_millis(10);
const CONNECT_TIMEOUT_MAX: Duration = Duration::from_secs(60 * 60);
/// More than one machine has room for.
const COUNT_MAX: u32 = 1_000_000;
/// Below that a client is cut off for what it is answered.
const BYTES_MIN: u32 = 1_024;
const BYTES_MAX: u32 = u32::MAX;
