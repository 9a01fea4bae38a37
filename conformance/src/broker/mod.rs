//! Stub.
pub mod memory;
/// o
#[derive(Clone, Debug, Default)]
pub struct BrokerOptions;
/// k
#[derive(Clone, Copy, Debug)]
pub enum Keep {
    /// s
    State,
}
