//! Tests any MQTT broker against the specification, statement by statement.

pub mod catalogue;
pub mod scenario;
pub mod verdict;
