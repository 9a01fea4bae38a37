//! The reference broker: MQTT 3.1.1 and 5.0 in memory, strict, for tests and for one machine.
//!
//! [`Broker`] does no I/O and reads no clock: bytes and times go in, bytes and deadlines come out. [`Server`] puts
//! it on TCP ports and [`MemoryBroker`] behind in-memory streams, both with WebSocket where that is wanted. It shares the codec with the rest of the crate
//! and nothing else: a judge must not share the defendant's mistakes. [`Fault`] lists the mistakes that it can be
//! told to make, and [`Variant`] what it can be told to do otherwise and still be right.

mod acknowledge;
mod alias;
mod auth;
mod close;
mod connect;
mod connection;
mod core;
mod deliver;
mod distort;
mod driver;
mod fault;
mod inflight;
mod late;
mod lenient;
mod line;
pub mod memory;
mod message;
mod options;
mod pace;
mod pool;
mod publish;
mod refuse;
mod resumed;
mod retain;
mod retained;
mod send;
mod server;
mod session;
mod subscribe;
mod subscription;
mod timer;
mod tls;
mod trace;
mod usage;
mod variant;
mod websocket;
mod will;

pub use self::core::{Broker, Keep, Output};
pub use connection::ConnectionId;
pub use fault::{Consequences, Fault, UnknownFault};
pub use memory::MemoryBroker;
pub use options::{AccessRule, BrokerOptions, Denied};
pub use server::Server;
pub use tls::TlsIdentity;
pub use trace::{Direction, Trace, TraceEvent};
pub use usage::Usage;
pub use variant::{UnknownVariant, Variant};
