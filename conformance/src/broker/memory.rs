//! Stub.
/// m
#[derive(Debug)]
pub struct MemoryBroker;
impl MemoryBroker {
    /// n
    pub fn new(_: super::BrokerOptions) -> Self {
        Self
    }
    /// c
    pub fn connect(&self) -> tokio::io::DuplexStream {
        tokio::io::duplex(10).0
    }
    /// r
    pub fn restart(&self, _: super::Keep) {}
}
