//! What a broker can do: from its CONNACK, and from cheap probes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use mqtt_assay_codec::ProtocolVersion;
use serde::Serialize;

use super::Settings;
use super::client::Stage;
use super::endpoint::Endpoint;
use super::inbox;
use super::inbox::number_of;
use super::interest::Interests;
use super::script::{Performance, Stop};
use super::trace::Trace;
use super::value::Scope;
use super::wording::NOTHING;
use crate::scenario;

/// The capabilities of a broker in one version, by the catalogue's condition names.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Capabilities {
    has: BTreeMap<String, bool>,
}

impl Capabilities {
    /// Whether the broker has a capability; one that nobody knows it has not.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.has.get(name).copied().unwrap_or(false)
    }

    /// Sets a capability, as a profile does.
    pub fn set(&mut self, name: &str, value: bool) {
        self.has.insert(name.to_owned(), value);
    }

    /// What the reference broker can do when nothing is lowered.
    pub(crate) fn of_reference_broker(version: ProtocolVersion) -> Self {
        let mut capabilities = Self::default();
        announce(&mut capabilities, &BTreeMap::new(), version);
        for name in [
            "qos1",
            "qos2",
            "in_flight",
            "empty_cid",
            "long_cid",
            "any_user",
            "dollar",
        ] {
            capabilities.set(name, true);
        }
        capabilities
    }

    /// The first of these that the broker has not.
    pub(crate) fn missing<'a>(&self, required: &'a [String]) -> Option<&'a str> {
        required
            .iter()
            .map(String::as_str)
            .find(|name| !self.has(name))
    }
}

/// Why a broker cannot be tested in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// TCP does not work.
    Unreachable(String),
    /// The CONNECT of a well-behaved client is not accepted.
    Refused(String),
}

/// Finds out what the broker can do in a version.
pub(crate) async fn probe(
    endpoint: &Endpoint,
    version: ProtocolVersion,
    settings: &Arc<Settings>,
) -> Result<Capabilities, Unfit> {
    let mut probe = Probe::new(endpoint, version, settings);
    let hello = probe
        .run("c connects client-id=\"{ns}\" session=60s\nc pings\nc disconnects")
        .await;
    let connack = match hello {
        Ok(performance) => connack_of(&performance),
        Err((performance, _)) if is_fit(&performance) => connack_of(&performance),
        Err((performance, stop)) => return Err(unfit(&performance, stop)),
    };
    let mut capabilities = Capabilities::default();
    announce(&mut capabilities, &connack, version);
    if !version.has_properties() {
        probe_what_3_1_1_does_not_announce(&mut probe, &mut capabilities).await;
    }
    for (name, qos) in [("qos1", 1), ("qos2", 2)] {
        let is_granted = probe.grants("t", qos).await;
        let is_denied = capabilities.has.get(name) == Some(&false);
        capabilities.set(name, is_granted && !is_denied);
    }
    for (name, script) in [
        (
            "in_flight",
            "s connects\ns subscribes \"{ns}/t\" qos=1\np connects\nrepeat 3\n\
             p publishes \"{ns}/t\" \"{i}\" qos=1\nend\nrepeat 3\n\
             s <- PUBLISH qos=1 topic=\"{ns}/t\" payload=\"{i}\"\nend",
        ),
        ("empty_cid", "c connects client-id=\"\""),
        (
            "long_cid",
            "c connects client-id=\"{ns}\"+\"x\"*50\nc pings",
        ),
        (
            "any_user",
            "c connects user-name=\"{ns}u\" password=\"secret\"",
        ),
        (
            "dollar",
            "c connects\nc subscribes \"$dollar/{ns}\"\nc publishes \"$dollar/{ns}\" \"x\"\n\
             c <- PUBLISH topic=\"$dollar/{ns}\" within 500ms",
        ),
    ] {
        let holds = probe.run(script).await.is_ok();
        capabilities.set(name, holds);
    }
    Ok(capabilities)
}

/// What a server of 3.1.1 refuses where it may, or where an operator told it to (rule A-19). One that takes what it then
/// does not do is judged.
async fn probe_what_3_1_1_does_not_announce(
    probe: &mut Probe<'_>,
    capabilities: &mut Capabilities,
) {
    let has_wildcard = probe.grants("#", 0).await;
    // An empty message leaves nothing behind.
    let retaining = "c connects\nc publishes \"{ns}/t\" \"\" retain\nc pings";
    let has_retain = probe.run(retaining).await.is_ok();
    for (has, has_not, holds) in [
        ("wildcard", "no_wildcard", has_wildcard),
        ("retain", "no_retain", has_retain),
    ] {
        capabilities.set(has, holds);
        capabilities.set(has_not, !holds);
    }
}

/// Whether a well-behaved client is accepted.
pub(crate) async fn greet(
    endpoint: &Endpoint,
    version: ProtocolVersion,
    settings: &Arc<Settings>,
) -> Result<(), Unfit> {
    let mut probe = Probe::new(endpoint, version, settings);
    match probe.run("c connects\nc pings\nc disconnects").await {
        Ok(_) => Ok(()),
        Err((performance, _)) if is_fit(&performance) => Ok(()),
        Err((performance, stop)) => Err(unfit(&performance, stop)),
    }
}

/// Whether the broker does for a client what takes more than to answer a ping, be it that it refuses.
pub(crate) async fn serves(
    endpoint: &Endpoint,
    version: ProtocolVersion,
    settings: &Arc<Settings>,
) -> bool {
    let mut probe = Probe::new(endpoint, version, settings);
    probe
        .run("c connects\nc -> SUBSCRIBE id=1 filter=\"{ns}/t\" qos=0\nc <- SUBACK id=1 | closed")
        .await
        .is_ok()
}

/// Whether a broker can be tested although the well-behaved client came to grief: it was accepted, be it by a CONNACK
/// that is malformed. What is wrong is for the tests to say.
fn is_fit(performance: &Performance) -> bool {
    let mut inboxes = performance
        .clients
        .values()
        .flat_map(super::client::Client::inboxes);
    inboxes.any(|inbox| inbox.lock().is_accepted)
}

/// What CONNACK says, and what is so if it says nothing.
fn announce(
    capabilities: &mut Capabilities,
    connack: &BTreeMap<&'static str, u32>,
    version: ProtocolVersion,
) {
    let is_v5 = version.has_properties();
    let number = |name: &str| connack.get(name).copied();
    // In 3.1.1 a server has no way to say no: the specification gives it no choice either.
    let is_on = |name: &str| number(name) != Some(0);
    let maximum_qos = number("maximum-qos").unwrap_or(2);
    let aliases = number("topic-alias-maximum").unwrap_or(0) > 0;
    for (name, value) in [
        ("retain", is_on("retain-available")),
        ("no_retain", !is_on("retain-available")),
        ("wildcard", is_on("wildcard-available")),
        ("no_wildcard", !is_on("wildcard-available")),
        ("shared", is_v5 && is_on("shared-available")),
        ("no_shared", is_v5 && !is_on("shared-available")),
        ("subid", is_v5 && is_on("subscription-id-available")),
        ("no_subid", is_v5 && !is_on("subscription-id-available")),
        ("no_local", is_v5),
        // Shorter than what it is asked for; a session is to outlive a reconnect on a busy machine.
        (
            "persist",
            number("session-expiry").is_none_or(|value| value >= SESSION_EXPIRY_MIN),
        ),
        ("alias_in", is_v5 && aliases),
        ("no_alias_in", is_v5 && !aliases),
        ("max_qos_lt_2", maximum_qos < 2),
        ("max_packet", number("maximum-packet-size").is_some()),
        (
            "max_packet_64k",
            number("maximum-packet-size").is_some_and(|value| value <= 65_536),
        ),
        (
            "receive_maximum",
            number("receive-maximum").is_some_and(|value| value < 65_535),
        ),
        // Some servers repeat what the client asks for; and it is short enough to be waited for.
        (
            "server_keep_alive",
            number("server-keep-alive").is_some_and(|value| SHORT_KEEP_ALIVE.contains(&value)),
        ),
        // A client that is silent for longer is disconnected, whatever the scenario is about.
        (
            "slow",
            number("server-keep-alive").is_none_or(|value| value == 0 || value >= SILENCE),
        ),
    ] {
        capabilities.set(name, value);
    }
    if maximum_qos < 2 {
        capabilities.set("qos2", false);
    }
    if maximum_qos < 1 {
        capabilities.set("qos1", false);
    }
}

/// How long a session must last at least for the scenarios that come back to one, in seconds.
const SESSION_EXPIRY_MIN: u32 = 10;

/// For how long a client of a slow scenario may be silent, in seconds.
const SILENCE: u32 = 40;

/// A Server Keep Alive that scenarios can wait for, in seconds; a client that probes asks for more.
const SHORT_KEEP_ALIVE: std::ops::RangeInclusive<u32> = 5..=10;

/// Runs small scripts.
struct Probe<'a> {
    endpoint: &'a Endpoint,
    version: ProtocolVersion,
    settings: &'a Arc<Settings>,
    number: usize,
}

impl<'a> Probe<'a> {
    const fn new(
        endpoint: &'a Endpoint,
        version: ProtocolVersion,
        settings: &'a Arc<Settings>,
    ) -> Self {
        Self {
            endpoint,
            version,
            settings,
            number: PROBE_NAMESPACES,
        }
    }

    /// Whether a filter below the namespace is granted at a QoS. A server that lacks something says so, in a SUBACK or by
    /// closing: one that leaves a SUBSCRIBE unanswered is for the tests to judge.
    async fn grants(&mut self, filter: &str, qos: u8) -> bool {
        let script = format!("c connects\nc subscribes \"{{ns}}/{filter}\" qos={qos}");
        match self.run(&script).await {
            Ok(_) => true,
            Err((_, Stop::Unmet(unmet))) => unmet.actual.as_deref() == Some(NOTHING),
            Err((_, Stop::Broke(..) | Stop::Mistake(..))) => false,
        }
    }

    async fn run(&mut self, script: &str) -> Result<Performance, (Performance, Stop)> {
        self.number += 1;
        let namespace = self.settings.namespace(self.number);
        let scope = Scope::new(&namespace, &self.settings.variables, &[]);
        let stage = Stage {
            version: self.version,
            endpoint: self.endpoint.clone(),
            settings: Arc::clone(self.settings),
            trace: Arc::new(Trace::new()),
            interests: Arc::new(Interests::new(&namespace)),
            leftovers: Arc::new(Mutex::default()),
            frame_len_max: inbox::FRAME_LEN_MAX,
        };
        let mut performance = Performance::new(scope, stage, None);
        let text = format!("scenario probe/probe\n\"probe\"\n{script}\n");
        let steps = match scenario::parse("probe/probe.mqtt", &text) {
            Ok(scenarios) => scenarios
                .into_iter()
                .flat_map(|scenario| scenario.steps)
                .collect(),
            Err(errors) => {
                debug_assert!(false, "the probe's script is wrong: {errors:?}");
                Vec::new()
            }
        };
        match performance.perform(&steps).await {
            Ok(()) => Ok(performance),
            Err(stop) => Err((performance, stop)),
        }
    }
}

/// The numbers in the CONNACK.
fn connack_of(performance: &Performance) -> BTreeMap<&'static str, u32> {
    let inboxes = performance
        .clients
        .values()
        .flat_map(super::client::Client::inboxes);
    let connack = inboxes
        .filter_map(|inbox| inbox.lock().connack.clone())
        .next();
    let fields = connack.into_iter().flat_map(|draft| draft.fields);
    fields
        .filter_map(|field| Some((field.name, number_of(&field.value)?)))
        .collect()
}

fn unfit(performance: &Performance, stop: Stop) -> Unfit {
    let was_connected = performance
        .clients
        .values()
        .any(|client| client.connection.is_some());
    let why = match stop {
        Stop::Unmet(unmet) => unmet.message,
        Stop::Broke(violation, _) => violation.message,
        Stop::Mistake(message, _) => message,
    };
    if was_connected {
        Unfit::Refused(why)
    } else {
        Unfit::Unreachable(why)
    }
}

/// Where probes take their namespaces from: behind those of all tests.
const PROBE_NAMESPACES: usize = 1_000_000;
