//! Tests any MQTT broker against the specification, statement by statement.

pub mod catalogue;
pub mod glob;
pub mod profile;
pub mod report;
pub mod scenario;
pub mod verdict;
