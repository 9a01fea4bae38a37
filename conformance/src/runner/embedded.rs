//! The reference broker, set up as a scenario asks for it.
//!
//! In memory each test has a broker of its own, so a scenario that needs a broker without retained messages, or one that
//! checks passwords, gets just that.

use std::collections::BTreeMap;

use mqtt_assay_codec::{ProtocolVersion, Qos};

use super::{Capabilities, Settings};
use crate::broker::{AccessRule, BrokerOptions, Denied};

/// The broker's options and the runner's settings for a scenario that requires these capabilities.
pub(crate) fn set_up(
    options: &BrokerOptions,
    settings: &Settings,
    requires: &[String],
) -> (BrokerOptions, Settings) {
    let mut options = options.clone();
    let mut settings = settings.clone();
    settings.variables.extend(variables());
    for required in requires {
        match required.as_str() {
            "auth" => {
                options.users = BTreeMap::from([(USER.to_owned(), PASSWORD.into())]);
                options.allows_anonymous = false;
                settings.credentials = Some((USER.to_owned(), PASSWORD.to_owned()));
            }
            "acl" => options.denied.extend([
                AccessRule {
                    filter: format!("{DENIED_TOPIC}/#"),
                    denied: Denied::Publish,
                },
                AccessRule {
                    filter: DENIED_FILTER.to_owned(),
                    denied: Denied::Subscribe,
                },
            ]),
            "id_policy" => {
                options.client_id_len_max =
                    options.client_id_len_max.min(REFUSED_CLIENT_ID.len() - 1);
            }
            "max_qos_lt_2" => options.maximum_qos = options.maximum_qos.min(Qos::AtLeastOnce),
            "no_retain" => options.retain_available = false,
            "no_wildcard" => options.wildcard_available = false,
            "no_subid" => options.subscription_id_available = false,
            "no_shared" => options.shared_available = false,
            "no_alias_in" => options.topic_alias_maximum = 0,
            "max_packet" | "max_packet_64k" => {
                options.maximum_packet_size = options.maximum_packet_size.min(MAXIMUM_PACKET_SIZE);
            }
            "server_keep_alive" => options.server_keep_alive = Some(SERVER_KEEP_ALIVE),
            "full_limits" => options.go_to_the_limits(),
            _ => {}
        }
    }
    (options, settings)
}

/// What the reference broker can be set up to do, besides what it does by default.
pub(crate) fn add_capabilities(
    capabilities: &mut Capabilities,
    options: &BrokerOptions,
    version: ProtocolVersion,
) {
    for name in [
        "restart",
        "persistence",
        "survives_kill",
        "connect_timeout",
        "patience",
        "auth",
        "acl",
        "id_policy",
        "ws",
    ] {
        capabilities.set(name, true);
    }
    if version.has_properties() {
        capabilities.set("auth_method", options.has_auth_method);
        for name in [
            "pubrec_error",
            "max_qos_lt_2",
            "no_retain",
            "no_wildcard",
            "no_subid",
            "no_shared",
            "no_alias_in",
            "max_packet",
            "max_packet_64k",
            "server_keep_alive",
        ] {
            capabilities.set(name, true);
        }
    }
}

fn variables() -> impl Iterator<Item = (String, String)> {
    [
        ("user", USER),
        ("password", PASSWORD),
        ("denied-topic", DENIED_TOPIC),
        ("denied-filter", DENIED_FILTER),
        ("auth-method", "assay-challenge"),
        ("auth-answer", "response"),
        ("refused-client-id", REFUSED_CLIENT_ID),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
}

const USER: &str = "assayer";
const PASSWORD: &str = "touchstone";
const DENIED_TOPIC: &str = "unwritable";
const DENIED_FILTER: &str = "unreadable/#";
/// Longer than any other scenario's client identifier but those at the limit of 65,535 bytes.
const REFUSED_CLIENT_ID: &str =
    "this-client-identifier-is-longer-than-the-reference-broker-takes-here";
/// Small, so that it is soon exceeded, and above any packet that stays below it, in bytes.
const MAXIMUM_PACKET_SIZE: u32 = 64 * 1024;
/// In seconds: soon over, and not so soon that a test is cut off.
const SERVER_KEEP_ALIVE: u16 = 5;
