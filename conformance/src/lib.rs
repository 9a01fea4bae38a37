//! Tests any MQTT broker against the specification, statement by statement.

pub mod address;
pub mod args;
pub mod broker;
pub mod catalogue;
pub mod commands;
pub mod coverage;
pub mod glob;
pub mod matrix;
pub mod profile;
pub mod report;
pub mod runner;
pub mod scenario;
pub mod transport;
pub mod verdict;
