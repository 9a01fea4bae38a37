//! From packets to output: sizes, reason strings, and the last look before the wire.

use bytes::Bytes;
use mqtt_assay_codec::packet::{Ack, Connack, Disconnect, Outcome, PacketId, Suback, Unsuback};
use mqtt_assay_codec::property::{PropertiesBuf, Property};
use mqtt_assay_codec::{Packet, PacketType, ProtocolVersion, ReasonCode};

use super::connection::ConnectionId;
use super::core::Broker;
use super::fault::Fault;
use super::message;
use super::variant::Variant;

impl Broker {
    /// Sends a packet, unless it is larger than the client takes (v5-3.1.2-24); whether it was sent.
    pub(super) fn send(&mut self, id: ConnectionId, packet: &Packet<'_>) -> bool {
        let Some(connection) = self.connections.get(&id) else {
            return false;
        };
        let packet_type = packet.packet_type();
        let mut bytes = Vec::new();
        if packet.encode(connection.version, &mut bytes).is_err() {
            return false;
        }
        let len = if self.has(Fault::PacketOfMaximumSizeNotSent) {
            bytes.len().saturating_add(1)
        } else {
            bytes.len()
        };
        if len > connection.packet_len_max && !self.ignores_packet_size(packet) {
            return false;
        }
        let bytes = Bytes::from(self.distort(packet_type, connection.version, bytes));
        self.put_out(id, packet_type, bytes);
        true
    }

    /// Sends PUBACK, PUBREC, PUBREL or PUBCOMP.
    pub(super) fn send_ack(
        &mut self,
        id: ConnectionId,
        packet_type: PacketType,
        packet_id: PacketId,
        reason: ReasonCode,
        text: &str,
    ) {
        // Only an error is explained: clients expect nothing behind the reason of an acknowledgement that is none.
        let text = if reason.is_error() { text } else { "" };
        let reason = if matches!(packet_type, PacketType::Puback | PacketType::Pubrec) {
            self.general(reason)
        } else {
            reason
        };
        let properties = self.explain(id, packet_type, ACK_LEN, text);
        let outcome = self.outcome(reason, &properties);
        let ack = Ack { packet_id, outcome };
        let packet = match packet_type {
            PacketType::Puback => Packet::Puback(ack),
            PacketType::Pubrec => Packet::Pubrec(ack),
            PacketType::Pubrel => Packet::Pubrel(ack),
            PacketType::Pubcomp => Packet::Pubcomp(ack),
            PacketType::Connect
            | PacketType::Connack
            | PacketType::Publish
            | PacketType::Subscribe
            | PacketType::Suback
            | PacketType::Unsubscribe
            | PacketType::Unsuback
            | PacketType::Pingreq
            | PacketType::Pingresp
            | PacketType::Disconnect
            | PacketType::Auth => return,
        };
        self.send(id, &packet);
    }

    /// Sends CONNACK; the reason is a return code in 3.1.1.
    pub(super) fn connack(
        &mut self,
        id: ConnectionId,
        session_present: bool,
        reason: ReasonCode,
        properties: &[Property<'_>],
    ) -> bool {
        let mut buf = PropertiesBuf::new();
        if self.version(id).has_properties() {
            for property in properties {
                message::push(&mut buf, *property);
            }
            let len = CONNACK_LEN.saturating_add(buf.as_properties().as_bytes().len());
            let more = self.explain(id, PacketType::Connack, len, "");
            for property in more.as_properties().iter() {
                message::push(&mut buf, property);
            }
        }
        let connack = Connack {
            session_present,
            reason,
            properties: buf.as_properties(),
        };
        self.send(id, &Packet::Connack(connack))
    }

    /// Sends CONNACK with an error and why.
    pub(super) fn connack_error(&mut self, id: ConnectionId, reason: ReasonCode, text: &str) {
        let properties = self.explain(id, PacketType::Connack, CONNACK_LEN, text);
        let reason = match self.version(id) {
            ProtocolVersion::V5_0 => self.general(reason),
            ProtocolVersion::V3_1_1 => reason,
        };
        let connack = Connack {
            session_present: false,
            reason,
            properties: properties.as_properties(),
        };
        self.send(id, &Packet::Connack(connack));
    }

    /// Sends SUBACK.
    pub(super) fn suback(
        &mut self,
        id: ConnectionId,
        packet_id: PacketId,
        reasons: &[u8],
        text: &str,
    ) {
        let len = ACK_LEN.saturating_add(reasons.len());
        let properties = self.explain(id, PacketType::Suback, len, text);
        let suback = Suback {
            packet_id,
            properties: properties.as_properties(),
            reasons,
        };
        self.send(id, &Packet::Suback(suback));
    }

    /// Sends UNSUBACK: it has no errors to explain.
    pub(super) fn unsuback(&mut self, id: ConnectionId, packet_id: PacketId, reasons: &[u8]) {
        let len = ACK_LEN.saturating_add(reasons.len());
        let properties = self.explain(id, PacketType::Unsuback, len, "");
        let reasons = if self.version(id).has_reason_codes() {
            reasons
        } else {
            &[]
        };
        let unsuback = Unsuback {
            packet_id,
            properties: properties.as_properties(),
            reasons,
        };
        self.send(id, &Packet::Unsuback(unsuback));
    }

    /// Sends DISCONNECT, whether or not the version allows it.
    pub(super) fn send_disconnect_packet(
        &mut self,
        id: ConnectionId,
        reason: ReasonCode,
        text: &str,
    ) {
        let properties = self.explain(id, PacketType::Disconnect, ACK_LEN, text);
        let reason = if self.has(Fault::DisconnectReasonOfClient) {
            ReasonCode::DISCONNECT_WITH_WILL_MESSAGE
        } else {
            reason
        };
        let outcome = self.outcome(self.general(reason), &properties);
        self.send(id, &Packet::Disconnect(Disconnect { outcome }));
        if self.has(Fault::PacketAfterDisconnect) {
            self.send(id, &Packet::Disconnect(Disconnect { outcome }));
        }
    }

    /// The properties of a packet that says why: a reason string, where the client wants it and it fits.
    ///
    /// `len` is the length of the packet without it, at most.
    pub(super) fn explain(
        &self,
        id: ConnectionId,
        packet_type: PacketType,
        len: usize,
        text: &str,
    ) -> PropertiesBuf {
        let mut properties = PropertiesBuf::new();
        let Some(connection) = self.connections.get(&id) else {
            return properties;
        };
        if connection.version == ProtocolVersion::V3_1_1 {
            return properties;
        }
        // v5-3.1.2-29; CONNACK and DISCONNECT may always say why.
        let is_wanted = connection.wants_problem_information
            || matches!(packet_type, PacketType::Connack | PacketType::Disconnect)
            || self.has(Fault::ReasonStringUnwanted);
        let ignores_limit = reason_string_fault(packet_type).is_some_and(|fault| self.has(fault));
        let text = if ignores_limit && text.is_empty() {
            LONG_TEXT
        } else if text.is_empty() && self.may(Variant::Talkative) {
            SHORT_TEXT
        } else {
            text
        };
        // Its identifier, its length, and what it adds to the two lengths before it.
        let total = len.saturating_add(text.len()).saturating_add(3 + 4);
        let fits = total <= connection.packet_len_max || ignores_limit;
        if is_wanted && fits && !text.is_empty() {
            message::push(&mut properties, Property::ReasonString(text));
        }
        // With its two names, five bytes of lengths, and its identifier.
        let total = total.saturating_add(2 * SHORT_TEXT.len() + 5);
        if is_wanted && total <= connection.packet_len_max && self.may(Variant::Talkative) {
            let property = Property::UserProperty((SHORT_TEXT, SHORT_TEXT));
            message::push(&mut properties, property);
        }
        if user_property_fault(packet_type).is_some_and(|fault| self.has(fault)) {
            let property = Property::UserProperty(("broker", LONG_TEXT));
            message::push(&mut properties, property);
        }
        properties
    }

    /// The reason, or one that says less.
    pub(super) fn general(&self, reason: ReasonCode) -> ReasonCode {
        match () {
            () if !reason.is_error() || reason == ReasonCode::SESSION_TAKEN_OVER => reason,
            () if self.may(Variant::UnspecifiedErrors) => ReasonCode::UNSPECIFIED_ERROR,
            () if self.may(Variant::ImplementationSpecificErrors) => {
                ReasonCode::IMPLEMENTATION_SPECIFIC_ERROR
            }
            () => reason,
        }
    }

    /// The shortest form that says it all, or a longer one (section 3.4.2).
    fn outcome<'a>(&self, reason: ReasonCode, properties: &'a PropertiesBuf) -> Outcome<'a> {
        if self.may(Variant::LongForms) {
            Outcome::with_properties(reason, properties.as_properties())
        } else {
            outcome(reason, properties)
        }
    }

    /// Whether the packet is sent even if it is too large.
    fn ignores_packet_size(&self, packet: &Packet<'_>) -> bool {
        let packet_type = packet.packet_type();
        let is_repeat = matches!(packet, Packet::Publish(publish) if publish.delivery.dup());
        let faults = [
            reason_string_fault(packet_type),
            user_property_fault(packet_type),
        ];
        faults.into_iter().flatten().any(|fault| self.has(fault))
            || (packet_type == PacketType::Publish && self.has(Fault::MaximumPacketSizeIgnored))
            || (is_repeat && self.has(Fault::MaximumPacketSizeIgnoredOnResume))
    }
}

/// The shortest form that says it all (section 3.4.2).
pub(super) fn outcome(reason: ReasonCode, properties: &PropertiesBuf) -> Outcome<'_> {
    let properties = properties.as_properties();
    if !properties.is_empty() {
        Outcome::with_properties(reason, properties)
    } else if reason == ReasonCode::SUCCESS {
        Outcome::SUCCESS
    } else {
        Outcome::new(reason)
    }
}

/// The fault of a reason string that is sent even if it does not fit.
const fn reason_string_fault(packet_type: PacketType) -> Option<Fault> {
    match packet_type {
        PacketType::Connack => Some(Fault::ConnackReasonStringTooLarge),
        PacketType::Puback => Some(Fault::PubackReasonStringTooLarge),
        PacketType::Pubrec => Some(Fault::PubrecReasonStringTooLarge),
        PacketType::Pubrel => Some(Fault::PubrelReasonStringTooLarge),
        PacketType::Pubcomp => Some(Fault::PubcompReasonStringTooLarge),
        PacketType::Suback => Some(Fault::SubackReasonStringTooLarge),
        PacketType::Unsuback => Some(Fault::UnsubackReasonStringTooLarge),
        PacketType::Disconnect => Some(Fault::DisconnectReasonStringTooLarge),
        PacketType::Auth => Some(Fault::AuthReasonStringTooLarge),
        PacketType::Connect
        | PacketType::Publish
        | PacketType::Subscribe
        | PacketType::Unsubscribe
        | PacketType::Pingreq
        | PacketType::Pingresp => None,
    }
}

/// The fault of a user property that is sent even if it does not fit or is not wanted.
const fn user_property_fault(packet_type: PacketType) -> Option<Fault> {
    match packet_type {
        PacketType::Connack => Some(Fault::ConnackUserPropertyTooLarge),
        PacketType::Puback => Some(Fault::PubackUserPropertyTooLarge),
        PacketType::Pubrec => Some(Fault::PubrecUserPropertyTooLarge),
        PacketType::Pubrel => Some(Fault::PubrelUserPropertyTooLarge),
        PacketType::Pubcomp => Some(Fault::PubcompUserPropertyTooLarge),
        PacketType::Suback => Some(Fault::SubackUserPropertyTooLarge),
        PacketType::Unsuback => Some(Fault::UnsubackUserPropertyTooLarge),
        PacketType::Disconnect => Some(Fault::DisconnectUserPropertyTooLarge),
        PacketType::Auth => Some(Fault::AuthUserPropertyTooLarge),
        PacketType::Connect
        | PacketType::Publish
        | PacketType::Subscribe
        | PacketType::Unsubscribe
        | PacketType::Pingreq
        | PacketType::Pingresp => None,
    }
}

/// A fixed header of two bytes, an identifier, a reason and a property length.
const ACK_LEN: usize = 2 + 2 + 1 + 1;
/// A fixed header of two bytes, flags, a reason and a property length.
const CONNACK_LEN: usize = 2 + 1 + 1 + 1;
/// What a talkative broker says.
const SHORT_TEXT: &str = "assay";
/// Long enough that a packet with it exceeds any small limit of a test.
const LONG_TEXT: &str =
    "what the broker adds whether or not there is room for it in the packet that it answers with";
