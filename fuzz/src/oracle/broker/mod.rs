//! The reference broker: whatever clients do and whenever, it does what the specification says.
//!
//! The input says what clients do (`act`), and a model says what each of them has to get for it (`model`). The model
//! was written from the specification and shares nothing with the broker but the codec. Where the specification leaves a
//! choice, the model takes the one that `BrokerOptions` documents; where it leaves one that nobody documents, such as who
//! of a shared subscription gets a message, the model takes any.

mod act;
mod matching;
mod model;
mod options;
mod world;

use std::fmt;

use arbitrary::Unstructured;
use mqtt_assay::broker::Fault;

use self::world::World;

/// What the broker did wrong, and all that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    what: String,
    trace: Vec<String>,
}

/// Nothing, or what the broker did wrong.
type Check<T = ()> = Result<T, Violation>;

/// What clients do, as bytes.
pub fn broker(data: &[u8]) {
    if judge(data, None).is_err() {
        // Once more, with a trace.
        if let Err(violation) = run(data, None, true) {
            panic!("{violation}");
        }
    }
}

/// Lets clients do what the input says, to a broker with a fault or without.
///
/// # Errors
///
/// When the broker does what the specification forbids.
pub fn judge(data: &[u8], fault: Option<Fault>) -> Result<(), Violation> {
    run(data, fault, false)
}

/// The same as [`judge`], with all packets in the violation.
///
/// # Errors
///
/// When the broker does what the specification forbids.
pub fn explain(data: &[u8], fault: Option<Fault>) -> Result<(), Violation> {
    run(data, fault, true)
}

fn run(data: &[u8], fault: Option<Fault>, has_trace: bool) -> Check {
    let mut u = Unstructured::new(data);
    let mut options = options::of_input(&mut u);
    options.fault = fault;
    let mut world = World::new(options, has_trace);
    let result = world.live(&mut u);
    result.map_err(|violation| Violation {
        what: violation.what,
        trace: world.into_trace(),
    })
}

impl Violation {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            trace: Vec::new(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.trace {
            writeln!(f, "{line}")?;
        }
        f.write_str(&self.what)
    }
}

/// Fails unless something holds.
fn ensure(holds: bool, what: impl FnOnce() -> String) -> Check {
    if holds {
        Ok(())
    } else {
        Err(Violation::new(what()))
    }
}

/// One of several values, whatever the choice.
fn one_of<T: Copy>(values: &[T], choice: u8) -> T {
    let index = usize::from(choice).checked_rem(values.len());
    *index.and_then(|index| values.get(index)).unwrap()
}
