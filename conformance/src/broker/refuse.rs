//! What a CONNECT that is not accepted gets, and what follows it (sections 3.1.4, 3.2.2, 4.8).

use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::error::DecodeErrorKind;
use mqtt_assay_codec::frame::{Frame, Split};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Packet, PacketType, ProtocolVersion, ReasonCode};

use super::close::WillFate;
use super::connect::{CLIENT_ID_REFUSED, Rejection, UNSUPPORTED_VERSION};
use super::connection::{ConnectionId, Stage};
use super::core::Broker;
use super::fault::Fault;
use super::variant::Variant;

impl Broker {
    /// Answers a CONNECT with an error, where the version has one for it, and closes (v3-3.2.2-6).
    pub(super) fn reject(&mut self, id: ConnectionId, (reason, text): Rejection, now: Duration) {
        match self.version(id) {
            ProtocolVersion::V5_0 => {
                if self.has(Fault::OldReturnCodeInConnack) {
                    let code = return_code(reason).unwrap_or(ReasonCode::new(0x03));
                    self.foreign_connack(id, &[0x20, 0x03, 0x00, code.code(), 0x00]);
                } else if self.has(Fault::DisconnectBeforeConnack) {
                    self.send_disconnect_packet(id, reason, text);
                } else {
                    self.connack_error(id, reason, text);
                }
            }
            ProtocolVersion::V3_1_1 => {
                if self.has(Fault::NewReasonCodeInConnack) {
                    self.foreign_connack(id, &[0x20, 0x02, 0x00, reason.code()]);
                } else if let Some(code) = return_code(reason) {
                    self.connack_error(id, code, text);
                }
            }
        }
        self.close_refused(id, now);
    }

    /// Sends a CONNACK with a code of the other version: a fault alone comes here.
    fn foreign_connack(&mut self, id: ConnectionId, bytes: &[u8]) {
        self.put_out(id, PacketType::Connack, Bytes::copy_from_slice(bytes));
    }

    fn close_refused(&mut self, id: ConnectionId, now: Duration) {
        if self.has(Fault::ErrorConnackWithoutClose) {
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.stage = Stage::Refused;
                connection.connect_deadline = Duration::MAX;
            }
            return;
        }
        if self.has(Fault::PacketsBehindRefusedConnectProcessed) {
            self.process_refused(id, now);
        }
        self.close(id, WillFate::Removed, now);
    }

    /// A CONNECT that breaks the format: in 3.1.1 a bare close (v3-3.1.4-1).
    pub(super) fn reject_malformed(
        &mut self,
        id: ConnectionId,
        error: &DecodeError,
        now: Duration,
    ) {
        let reason = error.reason_code();
        match self.version(id) {
            ProtocolVersion::V5_0 => {
                // The Maximum Packet Size of the client is not known, so that nothing more can be said.
                self.connack_error(id, reason, "");
                self.close_refused(id, now);
            }
            ProtocolVersion::V3_1_1 => {
                let is_client_id = reason == ReasonCode::CLIENT_IDENTIFIER_NOT_VALID;
                if is_client_id {
                    return self.reject(id, CLIENT_ID_REFUSED, now);
                }
                if self.has(Fault::MalformedConnectAnswered) {
                    self.connack_error(id, ReasonCode::new(0x05), "");
                }
                self.close(id, WillFate::Removed, now);
            }
        }
    }

    /// Another protocol, or a level that is not spoken (v3-3.1.2-1, v3-3.1.2-2, v5-3.1.2-2).
    pub(super) fn unknown_protocol(
        &mut self,
        id: ConnectionId,
        frame: &Frame<'_>,
        error: &DecodeError,
        now: Duration,
    ) {
        if self.overlooks(frame.packet_type(), error) {
            return self.wait_on(id);
        }
        if matches!(error.kind(), DecodeErrorKind::UnsupportedProtocolVersion(_))
            && !self.has(Fault::UnknownLevelNotAnswered)
        {
            let version = match () {
                () if self.may(Variant::UnknownLevelAnsweredInNewForm) => ProtocolVersion::V5_0,
                () if self.may(Variant::UnknownLevelAnsweredInOldForm) => ProtocolVersion::V3_1_1,
                () => Self::shape_of(frame),
            };
            self.set_version(id, version);
            return self.reject(id, UNSUPPORTED_VERSION, now);
        }
        self.close(id, WillFate::Removed, now);
    }

    /// Reads on as if nothing had come: a fault alone comes here.
    pub(super) fn wait_on(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.connect_deadline = Duration::MAX;
        }
    }

    pub(super) fn set_version(&mut self, id: ConnectionId, version: ProtocolVersion) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.version = version;
        }
    }

    /// The version whose CONNECT a frame of unknown level looks like, so that its sender can read the answer.
    pub(super) fn shape_of(frame: &Frame<'_>) -> ProtocolVersion {
        let level_at = frame.header_len().saturating_add(LEVEL_OFFSET);
        let mut bytes = frame.as_bytes().to_vec();
        if let Some(level) = bytes.get_mut(level_at) {
            *level = ProtocolVersion::V5_0.level();
        }
        match Frame::split(&bytes, ProtocolVersion::V5_0) {
            Ok(Split::Frame(frame))
                if Packet::decode(&frame, ProtocolVersion::V5_0, Sender::Client).is_ok() =>
            {
                ProtocolVersion::V5_0
            }
            Ok(_) | Err(_) => ProtocolVersion::V3_1_1,
        }
    }

    /// Nothing behind a CONNECT that was rejected counts (v3-3.1.4-5, v5-3.1.4-6): a fault alone comes here.
    fn process_refused(&mut self, id: ConnectionId, now: Duration) {
        let version = self.version(id);
        let mut frames = Vec::new();
        if let Some(connection) = self.connections.get_mut(&id) {
            while let Ok(Some(frame)) = connection.framer.next_frame() {
                frames.push(frame);
            }
        }
        for bytes in frames {
            if let Ok(Split::Frame(frame)) = Frame::split(&bytes, version)
                && let Ok(Packet::Publish(publish)) =
                    Packet::decode(&frame, version, Sender::Client)
            {
                self.route_refused(&publish, now);
            }
        }
    }

    /// A frame on a connection that should be closed: a fault alone comes here.
    pub(super) fn frame_after_refusal(
        &mut self,
        id: ConnectionId,
        frame: &Frame<'_>,
        now: Duration,
    ) {
        let version = self.version(id);
        match Packet::decode(frame, version, Sender::Client) {
            Ok(Packet::Pingreq) => {
                self.send(id, &Packet::Pingresp);
            }
            Ok(_) => {}
            Err(_) => self.close(id, WillFate::Removed, now),
        }
    }
}

/// The return code of 3.1.1 that says the same (3.1.1, section 3.2.2.3).
fn return_code(reason: ReasonCode) -> Option<ReasonCode> {
    Some(ReasonCode::new(match reason {
        ReasonCode::UNSUPPORTED_PROTOCOL_VERSION => 0x01,
        ReasonCode::CLIENT_IDENTIFIER_NOT_VALID => 0x02,
        ReasonCode::SERVER_UNAVAILABLE | ReasonCode::SERVER_BUSY | ReasonCode::QUOTA_EXCEEDED => {
            0x03
        }
        ReasonCode::BAD_USER_NAME_OR_PASSWORD => 0x04,
        ReasonCode::NOT_AUTHORIZED => 0x05,
        _ => return None,
    }))
}

/// Behind the protocol name, `MQTT` with its length.
const LEVEL_OFFSET: usize = 6;
