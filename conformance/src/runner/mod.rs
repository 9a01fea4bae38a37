//! The runner: performs scenarios against a broker, and judges it.
//!
//! It is plain async code over byte streams and waits through `tokio::time` alone, so that against the reference broker
//! a paused clock makes its time virtual.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "picks a few of many packet types and actions; one more would be nothing to these places"
)]

mod capability;
mod client;
mod copies;
mod embedded;
mod endpoint;
mod exchange;
mod expect;
mod fence;
mod forbidden;
mod handshake;
mod inbox;
mod interest;
mod ledger;
mod leftovers;
mod matching;
mod oversize;
mod pace;
mod probe;
mod process;
mod quiet;
mod restart;
mod script;
mod selection;
mod settings;
mod shared;
mod suite;
mod test;
mod trace;
mod unanswered;
mod unordered;
mod value;
mod waiting;
mod wording;

pub use capability::Capabilities;
pub use process::BrokerProcess;
pub use selection::{NothingSelected, select};
pub use settings::Settings;
pub use suite::{CannotTest, Run, Selected, Subject, Suite};
pub(crate) use value::Scope;
