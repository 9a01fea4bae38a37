//! A strict reference codec for MQTT 3.1.1 and 5.0.

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod error;
pub mod frame;
pub mod notation;
pub mod packet;
pub mod property;
pub mod reason;
mod scan;
pub mod statement;
pub mod topic;
pub mod version;
pub mod wire;

pub use error::{DecodeError, EncodeError};
pub use frame::{Frame, Framer};
pub use packet::{Packet, PacketType, Qos};
pub use reason::ReasonCode;
pub use statement::StatementId;
pub use version::ProtocolVersion;
