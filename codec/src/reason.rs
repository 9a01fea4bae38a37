//! THE reason-code table of MQTT 5.0 (section 2.4), with the return codes of MQTT 3.1.1 (sections 3.2.2.3, 3.9.3).

use std::fmt;

use crate::packet::{PacketType, Sender};
use crate::version::ProtocolVersion;

/// A reason code (5.0) or return code (3.1.1), one byte; 0x80 and above report an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReasonCode(u8);

macro_rules! reason_codes {
    ($($(#[doc = $doc:expr])+ $name:ident = $code:literal, $text:literal in $($place:ident)|+;)+) => {
        impl ReasonCode {
            $($(#[doc = $doc])+ pub const $name: Self = Self($code);)+
        }

        /// One row: code, the specification's name.
        const ROWS: &[(u8, &str)] = &[$(($code, $text)),+];

        /// The packets that may carry a code.
        #[inline]
        const fn places(code: u8) -> u16 {
            match code {
                $($code => $(Place::$place.bit())|+,)+
                _ => 0,
            }
        }
    };
}

/// A packet that carries reason codes: from either side, and where its table says so, from one side alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Connack,
    Puback,
    PubackByServer,
    Pubrec,
    PubrecByServer,
    Pubrel,
    Pubcomp,
    Suback,
    Unsuback,
    Disconnect,
    DisconnectByClient,
    DisconnectByServer,
    Auth,
    AuthByClient,
    AuthByServer,
}

impl Place {
    /// The places of a packet from a sender; none where it carries no code.
    const fn bits_of(packet: PacketType, sender: Sender) -> u16 {
        let (by_either, by_client, by_server) = match packet {
            PacketType::Connack => (Self::Connack.bit(), 0, 0),
            PacketType::Puback => (Self::Puback.bit(), 0, Self::PubackByServer.bit()),
            PacketType::Pubrec => (Self::Pubrec.bit(), 0, Self::PubrecByServer.bit()),
            PacketType::Pubrel => (Self::Pubrel.bit(), 0, 0),
            PacketType::Pubcomp => (Self::Pubcomp.bit(), 0, 0),
            PacketType::Suback => (Self::Suback.bit(), 0, 0),
            PacketType::Unsuback => (Self::Unsuback.bit(), 0, 0),
            PacketType::Disconnect => (
                Self::Disconnect.bit(),
                Self::DisconnectByClient.bit(),
                Self::DisconnectByServer.bit(),
            ),
            PacketType::Auth => (
                Self::Auth.bit(),
                Self::AuthByClient.bit(),
                Self::AuthByServer.bit(),
            ),
            PacketType::Connect
            | PacketType::Publish
            | PacketType::Subscribe
            | PacketType::Unsubscribe
            | PacketType::Pingreq
            | PacketType::Pingresp => (0, 0, 0),
        };
        match sender {
            Sender::Client => by_either | by_client,
            Sender::Server => by_either | by_server,
            Sender::Either => by_either | by_client | by_server,
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The largest return code in a CONNACK of 3.1.1 (section 3.2.2.3).
const CONNECT_RETURN_CODE_MAX: u8 = 5;

reason_codes! {
    /// Success, normal disconnection, or granted QoS 0.
    SUCCESS = 0x00, "Success" in Connack | Puback | Pubrec | Pubrel | Pubcomp | Suback | Unsuback | Disconnect | AuthByServer;
    /// Granted QoS 1 (SUBACK).
    GRANTED_QOS_1 = 0x01, "Granted QoS 1" in Suback;
    /// Granted QoS 2 (SUBACK).
    GRANTED_QOS_2 = 0x02, "Granted QoS 2" in Suback;
    /// The client closes and wishes its Will Message to be published.
    DISCONNECT_WITH_WILL_MESSAGE = 0x04, "Disconnect with Will Message" in DisconnectByClient;
    /// The message was accepted although nobody subscribes to it, which only a server says (sections 3.4.2.1, 3.5.2.1).
    NO_MATCHING_SUBSCRIBERS = 0x10, "No matching subscribers" in PubackByServer | PubrecByServer;
    /// There was no such subscription to remove.
    NO_SUBSCRIPTION_EXISTED = 0x11, "No subscription existed" in Unsuback;
    /// The authentication goes on with another step.
    CONTINUE_AUTHENTICATION = 0x18, "Continue authentication" in Auth;
    /// The client starts a re-authentication.
    RE_AUTHENTICATE = 0x19, "Re-authenticate" in AuthByClient;
    /// An error that the sender does not wish to reveal, or that no other code describes.
    UNSPECIFIED_ERROR = 0x80, "Unspecified error" in Connack | Puback | Pubrec | Suback | Unsuback | Disconnect;
    /// Bytes that do not follow the format.
    MALFORMED_PACKET = 0x81, "Malformed Packet" in Connack | Disconnect;
    /// A well-formed packet that the protocol does not allow here.
    PROTOCOL_ERROR = 0x82, "Protocol Error" in Connack | Disconnect;
    /// Valid, but not accepted by this receiver.
    IMPLEMENTATION_SPECIFIC_ERROR = 0x83, "Implementation specific error" in Connack | Puback | Pubrec
        | Suback | Unsuback | Disconnect;
    /// The server does not speak the version that the client asked for.
    UNSUPPORTED_PROTOCOL_VERSION = 0x84, "Unsupported Protocol Version" in Connack;
    /// A valid client identifier that the server does not allow.
    CLIENT_IDENTIFIER_NOT_VALID = 0x85, "Client Identifier not valid" in Connack;
    /// The server does not accept the user name or the password.
    BAD_USER_NAME_OR_PASSWORD = 0x86, "Bad User Name or Password" in Connack;
    /// The client may not do this.
    NOT_AUTHORIZED = 0x87, "Not authorized" in Connack | Puback | Pubrec | Suback | Unsuback | DisconnectByServer;
    /// The server is not available.
    SERVER_UNAVAILABLE = 0x88, "Server unavailable" in Connack;
    /// The server has too much to do.
    SERVER_BUSY = 0x89, "Server busy" in Connack | DisconnectByServer;
    /// The client was banned by an administrator.
    BANNED = 0x8A, "Banned" in Connack;
    /// The server is about to stop.
    SERVER_SHUTTING_DOWN = 0x8B, "Server shutting down" in DisconnectByServer;
    /// An authentication method that is not supported, or not the one in use. Section 2.4 lists it for DISCONNECT, and
    /// the table of section 3.14.2.1 leaves it out: from a server it is let pass.
    BAD_AUTHENTICATION_METHOD = 0x8C, "Bad authentication method" in Connack | DisconnectByServer;
    /// Nothing arrived for one and a half times the keep alive.
    KEEP_ALIVE_TIMEOUT = 0x8D, "Keep Alive timeout" in DisconnectByServer;
    /// Another connection uses the same client identifier.
    SESSION_TAKEN_OVER = 0x8E, "Session taken over" in DisconnectByServer;
    /// A well-formed topic filter that the server does not accept.
    TOPIC_FILTER_INVALID = 0x8F, "Topic Filter invalid" in Suback | Unsuback | DisconnectByServer;
    /// A well-formed topic name that the receiver does not accept.
    TOPIC_NAME_INVALID = 0x90, "Topic Name invalid" in Connack | Puback | Pubrec | Disconnect;
    /// The packet identifier is already in use.
    PACKET_IDENTIFIER_IN_USE = 0x91, "Packet Identifier in use" in Puback | Pubrec | Suback | Unsuback;
    /// The packet identifier is not known; no error during recovery.
    PACKET_IDENTIFIER_NOT_FOUND = 0x92, "Packet Identifier not found" in Pubrel | Pubcomp;
    /// More unacknowledged messages than Receive Maximum.
    RECEIVE_MAXIMUM_EXCEEDED = 0x93, "Receive Maximum exceeded" in Disconnect;
    /// A topic alias of zero or above the maximum.
    TOPIC_ALIAS_INVALID = 0x94, "Topic Alias invalid" in Disconnect;
    /// Larger than the Maximum Packet Size of the receiver.
    PACKET_TOO_LARGE = 0x95, "Packet too large" in Connack | Disconnect;
    /// The data rate is too high.
    MESSAGE_RATE_TOO_HIGH = 0x96, "Message rate too high" in Disconnect;
    /// A limit set by the implementation or its administrator.
    QUOTA_EXCEEDED = 0x97, "Quota exceeded" in Connack | Puback | Pubrec | Suback | Disconnect;
    /// Closed by an administrator.
    ADMINISTRATIVE_ACTION = 0x98, "Administrative action" in Disconnect;
    /// The payload is not of the format that its indicator announces.
    PAYLOAD_FORMAT_INVALID = 0x99, "Payload format invalid" in Connack | Puback | Pubrec | Disconnect;
    /// The server does not keep retained messages.
    RETAIN_NOT_SUPPORTED = 0x9A, "Retain not supported" in Connack | DisconnectByServer;
    /// A QoS above the Maximum QoS of the server.
    QOS_NOT_SUPPORTED = 0x9B, "QoS not supported" in Connack | DisconnectByServer;
    /// The client should use another server for now.
    USE_ANOTHER_SERVER = 0x9C, "Use another server" in Connack | DisconnectByServer;
    /// The client should use another server from now on.
    SERVER_MOVED = 0x9D, "Server moved" in Connack | DisconnectByServer;
    /// The server has no shared subscriptions.
    SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 0x9E, "Shared Subscriptions not supported" in Suback | DisconnectByServer;
    /// The connection rate is too high.
    CONNECTION_RATE_EXCEEDED = 0x9F, "Connection rate exceeded" in Connack | DisconnectByServer;
    /// The time allowed for this connection is over.
    MAXIMUM_CONNECT_TIME = 0xA0, "Maximum connect time" in DisconnectByServer;
    /// The server has no subscription identifiers.
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 0xA1, "Subscription Identifiers not supported" in Suback | DisconnectByServer;
    /// The server has no wildcard subscriptions.
    WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 0xA2, "Wildcard Subscriptions not supported" in Suback | DisconnectByServer;
}

impl ReasonCode {
    /// The reason code of a byte, whether or not the specification lists it.
    #[must_use]
    pub const fn new(code: u8) -> Self {
        Self(code)
    }

    /// The byte on the wire.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Whether the code reports an error, 0x80 and above (5.0, section 2.4). A CONNACK of 3.1.1 has codes of its own,
    /// where anything but 0 does.
    #[must_use]
    pub const fn is_error(self) -> bool {
        self.0 >= 0x80
    }

    /// The 5.0 name of the code, if section 2.4 lists it.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        ROWS.iter().find(|row| row.0 == self.0).map(|row| row.1)
    }

    /// Whether a packet of this type, from this sender, may carry the code in this version.
    #[must_use]
    pub fn is_allowed_in(
        self,
        packet: PacketType,
        version: ProtocolVersion,
        sender: Sender,
    ) -> bool {
        if !version.has_reason_codes() {
            return match packet {
                PacketType::Connack => self.0 <= CONNECT_RETURN_CODE_MAX,
                PacketType::Suback => matches!(self.0, 0..=2 | 0x80),
                PacketType::Connect
                | PacketType::Publish
                | PacketType::Puback
                | PacketType::Pubrec
                | PacketType::Pubrel
                | PacketType::Pubcomp
                | PacketType::Subscribe
                | PacketType::Unsubscribe
                | PacketType::Unsuback
                | PacketType::Pingreq
                | PacketType::Pingresp
                | PacketType::Disconnect
                | PacketType::Auth => false,
            };
        }
        places(self.0) & Place::bits_of(packet, sender) != 0
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:02x}", self.0)
    }
}
