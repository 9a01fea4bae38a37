//! Tests any MQTT broker against the specification, statement by statement.
