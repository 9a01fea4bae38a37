//! What is tested, as the command line names it.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::time::Duration;

use mqtt_assay_codec::ProtocolVersion;

use super::super::{Exit, Failure, faults};
use crate::address::Address;
use crate::args::{Limits, RunArgs};
use crate::broker::BrokerOptions;
use crate::profile::Profile;
use crate::runner::{BrokerProcess, Subject};
use crate::transport::{self, Route, TlsClient, TlsOptions};

/// What is tested, and as whom.
pub(super) struct Target {
    kind: Kind,
    user: Option<String>,
    password: Option<String>,
}

enum Kind {
    /// The reference broker.
    Embedded(Box<BrokerOptions>),
    /// A broker that runs, with an address for each version and the way to it.
    Running {
        routes: BTreeMap<ProtocolVersion, (Address, Route)>,
        is_verified: bool,
    },
    /// A command that starts a broker, and how many copies of it are wanted.
    Command(Vec<String>, Option<u16>),
}

impl Target {
    /// Reads the options that say what to test.
    pub(super) fn of(args: &RunArgs, profile: Option<&Profile>) -> Result<Self, Failure> {
        let first = args.broker.iter().find(|address| address.user.is_some());
        let user = first
            .and_then(|address| address.user.clone())
            .or_else(|| profile?.user.clone());
        let password = first
            .map(|address| address.password.clone())
            .unwrap_or_else(|| profile?.password.clone());
        let kind = if !args.broker.is_empty() {
            Kind::Running {
                routes: routes(by_version(&args.broker)?, args)?,
                is_verified: !args.insecure,
            }
        } else if !args.start.is_empty() {
            Kind::Command(args.start.clone(), args.copies)
        } else {
            let fault = args.fault.as_deref().map(faults::find).transpose()?;
            Kind::Embedded(Box::new(BrokerOptions {
                fault,
                variants: faults::find_variants(&args.variant)?,
                ..BrokerOptions::default()
            }))
        };
        Ok(Self {
            kind,
            user,
            password,
        })
    }

    /// The versions that can be tested there.
    pub(super) fn versions(&self) -> Vec<ProtocolVersion> {
        match &self.kind {
            Kind::Embedded(_) | Kind::Command(..) => ProtocolVersion::ALL.to_vec(),
            Kind::Running { routes, .. } => routes.keys().copied().collect(),
        }
    }

    /// Fails if nothing listens there.
    pub(super) fn check_reachable(&self) -> Result<(), Failure> {
        let Kind::Running { routes, .. } = &self.kind else {
            return Ok(());
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        for (address, route) in routes.values() {
            let offered = ["mqtt".to_owned()];
            let connected = runtime.block_on(route.connect(CONNECT_TIMEOUT, &offered));
            if let Err(error) = connected {
                let place = Address {
                    version: None,
                    ..address.clone()
                };
                let why = transport::describe(&error);
                let failure = |message| Failure::new(Exit::CouldNotTest, message);
                return Err(if transport::is_refusal(&error) {
                    failure(format!("cannot talk to {place}: {why}"))
                } else {
                    failure(format!("nothing listens on {place}: {why}")).maybe_hint(self.hint())
                });
            }
        }
        Ok(())
    }

    /// Makes it ready for the runner.
    pub(super) fn subject(&self) -> Result<Subject, Failure> {
        Ok(match &self.kind {
            Kind::Embedded(options) => Subject::Embedded(options.clone()),
            Kind::Running { routes, .. } => Subject::Running(
                routes
                    .iter()
                    .map(|(version, (_, route))| (*version, route.clone()))
                    .collect(),
            ),
            Kind::Command(command, copies) => {
                let process = || {
                    BrokerProcess::new(command)
                        .map_err(|message| Failure::new(Exit::CouldNotTest, message))
                };
                match copies {
                    None => Subject::Started(process()?),
                    Some(count) => {
                        let copies: Result<_, _> = (0..*count).map(|_| process()).collect();
                        Subject::Copies(copies?)
                    }
                }
            }
        })
    }

    /// User and password for every CONNECT.
    pub(super) fn credentials(&self) -> Option<(String, String)> {
        let user = self.user.clone()?;
        Some((user, self.password.clone().unwrap_or_default()))
    }

    /// What must not be printed.
    pub(super) fn password(&self) -> Option<&str> {
        self.password
            .as_deref()
            .filter(|password| !password.is_empty())
    }

    /// What to do if it cannot be reached.
    pub(super) fn hint(&self) -> Option<String> {
        let hint = match self.kind {
            Kind::Embedded(_) => return None,
            Kind::Running { .. } => {
                "start the broker, or leave out --broker to test the embedded one"
            }
            Kind::Command(..) => {
                "the command must stay in the foreground and listen on the port that replaces {port}"
            }
        };
        Some(hint.to_owned())
    }

    /// The options that reach the same broker again, without the password.
    pub(super) fn rerun(&self, args: &RunArgs) -> String {
        let mut words = String::new();
        // Writing to a string cannot fail.
        let mut add = |option: &str, value: &str| {
            let _ = write!(words, " {option} {}", quoted(value));
        };
        for address in &args.broker {
            add("--broker", &address.masked());
        }
        for (option, file) in [
            ("--ca", &args.ca),
            ("--cert", &args.cert),
            ("--key", &args.key),
        ] {
            if let Some(file) = file {
                add(option, &file.display().to_string());
            }
        }
        if let Some(fault) = &args.fault {
            add("--fault", fault);
        }
        for variant in &args.variant {
            add("--variant", variant);
        }
        if let Some(profile) = &args.profile {
            add("--profile", &profile.display().to_string());
        }
        if let Some(scenarios) = &args.scenarios {
            add("--scenarios", &scenarios.display().to_string());
        }
        if let Some(copies) = args.copies {
            add("--copies", &copies.to_string());
        }
        if args.time_scale != 1.0 {
            add("--time-scale", &args.time_scale.to_string());
        }
        if let Some(timeout) = args.timeout {
            add("--timeout", &in_milliseconds(timeout));
        }
        if !args.settle.is_zero() {
            add("--settle", &in_milliseconds(args.settle));
        }
        if args.insecure {
            words.push_str(" --insecure");
        }
        if args.strict {
            words.push_str(" --strict");
        }
        if args.limits == Limits::Full {
            words.push_str(" --limits full");
        }
        if let Some(max) = args.payload_max {
            let _ = write!(words, " --payload-max {max}");
        }
        if !args.start.is_empty() {
            let command: Vec<String> = args.start.iter().map(|word| quoted(word)).collect();
            let _ = write!(words, " -- {}", command.join(" "));
        }
        words
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Embedded(_) => f.write_str("embedded"),
            Kind::Command(command, _) => f.write_str(&command.join(" ")),
            Kind::Running {
                routes,
                is_verified,
            } => {
                let name = |(address, _): &(Address, Route)| {
                    if address.scheme.has_tls() && !is_verified {
                        format!("{address} (certificate not verified)")
                    } else {
                        address.to_string()
                    }
                };
                let mut names: Vec<String> = routes.values().map(name).collect();
                names.dedup();
                f.write_str(&names.join(" "))
            }
        }
    }
}

/// The address of each version; one without a version serves all that have none of their own.
fn by_version(addresses: &[Address]) -> Result<BTreeMap<ProtocolVersion, Address>, Failure> {
    let mut found: BTreeMap<ProtocolVersion, Address> = BTreeMap::new();
    for address in addresses.iter().filter(|address| address.version.is_some()) {
        if let Some(version) = address.version
            && let Some(other) = found.insert(version, address.clone())
        {
            let message = format!("two addresses for MQTT {version}: {other} and {address}");
            return Err(Failure::new(Exit::Usage, message));
        }
    }
    let mut general = addresses.iter().filter(|address| address.version.is_none());
    let Some(address) = general.next() else {
        return Ok(found);
    };
    if let Some(other) = general.next() {
        let message = format!("two addresses for the same versions: {address} and {other}");
        return Err(Failure::new(Exit::Usage, message)
            .hint("put the version first, as in --broker 5.0=HOST:PORT"));
    }
    for version in ProtocolVersion::ALL {
        found.entry(version).or_insert_with(|| address.clone());
    }
    Ok(found)
}

/// The way to each address.
fn routes(
    addresses: BTreeMap<ProtocolVersion, Address>,
    args: &RunArgs,
) -> Result<BTreeMap<ProtocolVersion, (Address, Route)>, Failure> {
    let has_tls = addresses.values().any(|address| address.scheme.has_tls());
    let options = TlsOptions {
        authorities: args.ca.clone(),
        is_insecure: args.insecure,
        identity: args.cert.clone().zip(args.key.clone()),
    };
    if !has_tls && options != TlsOptions::default() {
        let message = "--ca, --insecure, --cert and --key are for TLS, and no address has it";
        return Err(Failure::new(Exit::Usage, message).hint("use mqtts:// or wss:// in --broker"));
    }
    let client = if has_tls {
        let client = TlsClient::new(&options);
        Some(client.map_err(|message| Failure::new(Exit::Usage, message))?)
    } else {
        None
    };
    let route = |address: &Address| {
        let mut route = Route::tcp(address.host.as_str(), address.port);
        if let Some(client) = client.as_ref().filter(|_| address.scheme.has_tls()) {
            route = route.with_tls(client.clone());
        }
        if address.scheme.has_websocket() {
            route = route.with_websocket(address.path.as_str());
        }
        route
    };
    Ok(addresses
        .into_iter()
        .map(|(version, address)| {
            let route = route(&address);
            (version, (address, route))
        })
        .collect())
}

/// A duration as the command line takes it.
fn in_milliseconds(duration: Duration) -> String {
    format!("{}ms", duration.as_millis())
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// How long a connection may take that only shows whether something listens.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
