//! CONNECT (section 3.1).

use super::Qos;
use crate::error::DecodeError;
use crate::frame::Frame;
use crate::property::Properties;
use crate::topic::TopicName;
use crate::version::ProtocolVersion;

/// A client's request for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Connect<'a> {
    /// The version that the protocol level asks for.
    pub version: ProtocolVersion,
    /// Clean Start; called Clean Session in 3.1.1.
    pub clean_start: bool,
    /// The keep alive in seconds; 0 turns it off.
    pub keep_alive: u16,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The client identifier, possibly empty.
    pub client_id: &'a str,
    /// The Will.
    pub will: Option<Will<'a>>,
    /// The user name.
    pub user_name: Option<&'a str>,
    /// The password; in 3.1.1 only with a user name.
    pub password: Option<&'a [u8]>,
}

/// The message that the server publishes when the connection ends abnormally (section 3.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Will<'a> {
    /// The QoS of the message.
    pub qos: Qos,
    /// Whether it is to be retained.
    pub retain: bool,
    /// The Will Properties (5.0).
    pub properties: Properties<'a>,
    /// Its topic.
    pub topic: TopicName<'a>,
    /// Its payload.
    pub payload: &'a [u8],
}

impl Connect<'_> {
    /// The version that a CONNECT frame asks for, from its protocol name and level alone.
    ///
    /// # Errors
    ///
    /// When the frame is cut before the level, the name is not `MQTT`, or the level is neither 4 nor 5.
    pub fn version_of(frame: &Frame<'_>) -> Result<ProtocolVersion, DecodeError> {
        let _ = frame;
        todo!()
    }
}
