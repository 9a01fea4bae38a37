//! `faults`: the deliberate violations of the embedded broker.

use std::io::Write as _;

use mqtt_assay_codec::notation::nearest;

use super::{Exit, Failure};
use crate::args::FaultsArgs;
use crate::broker::Fault;
use crate::report::text::{BOLD, counted, paragraph};

/// Lists every fault: its name, what it breaks, and what the broker then does.
pub(super) fn faults(args: &FaultsArgs) -> Result<Exit, Failure> {
    let mut out = anstream::stdout().lock();
    if args.json {
        let values: Vec<_> = Fault::ALL
            .iter()
            .map(|fault| {
                let keys: Vec<String> =
                    fault.statements().iter().map(ToString::to_string).collect();
                serde_json::json!({
                    "name": fault.name(),
                    "statements": keys,
                    "summary": fault.summary(),
                })
            })
            .collect();
        writeln!(out, "{:#}", serde_json::Value::from(values))?;
        return Ok(Exit::AsExpected);
    }
    for fault in Fault::ALL {
        let keys: Vec<String> = fault.statements().iter().map(ToString::to_string).collect();
        writeln!(out, "{BOLD}{}{BOLD:#} [{}]", fault.name(), keys.join(" "))?;
        paragraph(&mut out, "    ", fault.summary(), 100)?;
    }
    out.flush()?;
    anstream::eprintln!("{}", counted(Fault::ALL.len(), "fault"));
    Ok(Exit::AsExpected)
}

/// The fault of a name.
pub(super) fn find(name: &str) -> Result<Fault, Failure> {
    let mut all = Fault::ALL.iter();
    all.find(|fault| fault.name() == name)
        .copied()
        .ok_or_else(|| {
            let names = Fault::ALL.iter().map(|fault| fault.name());
            let hint = nearest(name, names.clone())
                .or_else(|| names.into_iter().find(|other| other.contains(name)))
                .map_or_else(
                    || "mqtt-assay faults lists them".to_owned(),
                    |near| format!("did you mean {near}?"),
                );
            Failure::new(Exit::Usage, format!("there is no fault '{name}'")).hint(hint)
        })
}
