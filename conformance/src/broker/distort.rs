//! Faults of a broker that writes packets wrongly: a last change to the bytes before the wire.

use mqtt_assay_codec::{PacketType, ProtocolVersion, ReasonCode};

use super::core::Broker;
use super::fault::Fault;

impl Broker {
    /// The packet as it goes out; unchanged where there is no such fault.
    pub(super) fn distort(
        &self,
        packet_type: PacketType,
        version: ProtocolVersion,
        mut bytes: Vec<u8>,
    ) -> Vec<u8> {
        if self.options.fault.is_none() {
            return bytes;
        }
        if let Some(fault) = id_fault(packet_type)
            && self.has(fault)
        {
            change_id(&mut bytes);
        }
        match packet_type {
            PacketType::Connack => self.distort_connack(version, &mut bytes),
            PacketType::Publish => self.distort_publish(&mut bytes),
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => {
                self.distort_ack(packet_type, version, &mut bytes);
            }
            PacketType::Suback => self.distort_suback(version, &mut bytes),
            PacketType::Unsuback => self.distort_unsuback(version, &mut bytes),
            PacketType::Pingresp => {
                if self.has(Fault::PingrespWithBody) {
                    append(&mut bytes, &[0x00]);
                }
                if self.has(Fault::PingrespLengthNotMinimal) {
                    bytes = vec![0xd0, 0x80, 0x00];
                }
                if self.has(Fault::PingrespWithFlags) {
                    set_flags(&mut bytes, 0b0001);
                }
            }
            PacketType::Disconnect => {
                if self.has(Fault::SessionExpiryInDisconnect) {
                    bytes = vec![0xe0, 0x07, 0x81, 0x05, 0x11, 0, 0, 0, 60];
                }
            }
            PacketType::Auth => {
                if self.has(Fault::AuthWithReservedReason) {
                    set_byte(&mut bytes, 2, 0x01);
                }
            }
            PacketType::Connect
            | PacketType::Subscribe
            | PacketType::Unsubscribe
            | PacketType::Pingreq => {}
        }
        bytes
    }

    fn distort_connack(&self, version: ProtocolVersion, bytes: &mut Vec<u8>) {
        if self.has(Fault::ConnackReservedFlag) {
            let flags = bytes.get(2).copied().unwrap_or_default();
            set_byte(bytes, 2, flags | 0b0000_0010);
        }
        let is_success = bytes.get(3) == Some(&0);
        if !is_success && self.has(Fault::SessionPresentOnError) {
            set_byte(bytes, 2, 1);
        }
        if version == ProtocolVersion::V5_0 && is_success {
            if self.has(Fault::ConnackMaximumQosTwo) {
                append_property(bytes, &[0x24, 0x02]);
            }
            if self.has(Fault::ConnackRepeatsProperty) {
                append_property(bytes, &[0x25, 0x01, 0x25, 0x01]);
            }
        }
    }

    fn distort_publish(&self, bytes: &mut Vec<u8>) {
        let first = bytes.first().copied().unwrap_or_default();
        let topic_at = 1 + length_len(bytes);
        let topic_len = match bytes.get(topic_at..topic_at + 2) {
            Some([high, low]) => usize::from(u16::from_be_bytes([*high, *low])),
            Some(_) | None => return,
        };
        let id_at = topic_at + 2 + topic_len;
        if first & 0b0000_0110 == 0 {
            if self.has(Fault::DupSetOnQosZero) {
                set_flags(bytes, first & 0b0000_0001 | 0b0000_1000);
            }
            if self.has(Fault::PacketIdInQosZero) && id_at <= bytes.len() {
                insert(bytes, id_at, &[0x00, 0x01]);
            }
        } else {
            let is_last = bytes.get(id_at..id_at + 2) == Some(&[0xff; 2]);
            if self.has(Fault::PacketIdZeroInPublish)
                || (self.has(Fault::PacketIdZeroInTurn) && is_last)
            {
                set_byte(bytes, id_at, 0);
                set_byte(bytes, id_at + 1, 0);
            }
        }
    }

    fn distort_ack(&self, packet_type: PacketType, version: ProtocolVersion, bytes: &mut Vec<u8>) {
        if packet_type == PacketType::Pubrel && self.has(Fault::PubrelWithoutFlags) {
            set_flags(bytes, 0b0000);
        }
        if packet_type == PacketType::Puback && self.has(Fault::PubackWithFlags) {
            set_flags(bytes, 0b0010);
        }
        if version == ProtocolVersion::V3_1_1 {
            if self.has(Fault::NewAckInOldVersion) {
                append(bytes, &[0x00]);
            }
            return;
        }
        if let Some(fault) = reason_fault(packet_type)
            && self.has(fault)
        {
            let id = bytes.get(2..4).unwrap_or_default().to_vec();
            let first = bytes.first().copied().unwrap_or_default();
            *bytes = vec![first, 0x03];
            bytes.extend_from_slice(&id);
            // A granted QoS is no reason for an acknowledgement.
            bytes.push(0x02);
        }
    }

    fn distort_suback(&self, version: ProtocolVersion, bytes: &mut Vec<u8>) {
        if self.has(Fault::SubackWithReservedReason)
            && let Some(last) = bytes.last_mut()
        {
            *last = 0x03;
        }
        if version == ProtocolVersion::V5_0
            && self.has(Fault::SubackWithoutPropertyLength)
            && bytes.get(4) == Some(&0)
        {
            bytes.remove(4);
            change_length(bytes, usize::wrapping_sub, 1);
        }
    }

    fn distort_unsuback(&self, version: ProtocolVersion, bytes: &mut Vec<u8>) {
        match version {
            ProtocolVersion::V3_1_1 if self.has(Fault::NewUnsubackInOldVersion) => {
                append(bytes, &[0x00]);
            }
            ProtocolVersion::V5_0 if self.has(Fault::UnsubackReasonOfSuback) => {
                // An UNSUBACK of this broker has properties of less than 128 bytes.
                let length_at = 3 + length_len(bytes);
                let section_len = bytes.get(length_at).copied().unwrap_or_default();
                let reasons_at = length_at + 1 + usize::from(section_len);
                for reason in bytes.iter_mut().skip(reasons_at) {
                    if *reason == ReasonCode::NO_SUBSCRIPTION_EXISTED.code() {
                        *reason = ReasonCode::GRANTED_QOS_1.code();
                    }
                }
            }
            ProtocolVersion::V3_1_1 | ProtocolVersion::V5_0 => {}
        }
    }
}

/// The fault of another identifier than that of the request.
const fn id_fault(packet_type: PacketType) -> Option<Fault> {
    match packet_type {
        PacketType::Puback => Some(Fault::PubackWithWrongId),
        PacketType::Pubrec => Some(Fault::PubrecWithWrongId),
        PacketType::Pubrel => Some(Fault::PubrelWithWrongId),
        PacketType::Pubcomp => Some(Fault::PubcompWithWrongId),
        PacketType::Suback => Some(Fault::SubackWithWrongId),
        PacketType::Unsuback => Some(Fault::UnsubackWithWrongId),
        PacketType::Connect
        | PacketType::Connack
        | PacketType::Publish
        | PacketType::Subscribe
        | PacketType::Unsubscribe
        | PacketType::Pingreq
        | PacketType::Pingresp
        | PacketType::Disconnect
        | PacketType::Auth => None,
    }
}

/// The fault of a reason code that the packet may not carry.
const fn reason_fault(packet_type: PacketType) -> Option<Fault> {
    match packet_type {
        PacketType::Puback => Some(Fault::PubackWithReservedReason),
        PacketType::Pubrec => Some(Fault::PubrecWithReservedReason),
        PacketType::Pubrel => Some(Fault::PubrelWithReservedReason),
        PacketType::Pubcomp => Some(Fault::PubcompWithReservedReason),
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
        | PacketType::Auth => None,
    }
}

/// Swaps the two bytes of an identifier, or adds to it where that changes nothing.
fn change_id(bytes: &mut [u8]) {
    let at = 1 + length_len(bytes);
    if let Some([high, low]) = bytes.get_mut(at..at + 2) {
        if high == low {
            *low = low.wrapping_add(1).max(1);
        } else {
            std::mem::swap(high, low);
        }
    }
}

fn set_flags(bytes: &mut [u8], flags: u8) {
    if let Some(first) = bytes.first_mut() {
        *first = *first & 0b1111_0000 | flags;
    }
}

fn set_byte(bytes: &mut [u8], at: usize, value: u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = value;
    }
}

fn append(bytes: &mut Vec<u8>, more: &[u8]) {
    bytes.extend_from_slice(more);
    change_length(bytes, usize::wrapping_add, more.len());
}

fn insert(bytes: &mut Vec<u8>, at: usize, more: &[u8]) {
    let rest = bytes.split_off(at);
    bytes.extend_from_slice(more);
    bytes.extend_from_slice(&rest);
    change_length(bytes, usize::wrapping_add, more.len());
}

/// Adds properties to a CONNACK whose property length has one byte.
fn append_property(bytes: &mut Vec<u8>, property: &[u8]) {
    append(bytes, property);
    if let (Some(len), Ok(more)) = (bytes.get_mut(4), u8::try_from(property.len())) {
        *len = len.wrapping_add(more);
    }
}

/// Writes the remaining length anew.
fn change_length(bytes: &mut Vec<u8>, change: impl Fn(usize, usize) -> usize, by: usize) {
    let len = length_len(bytes);
    let mut remaining = 0;
    for (index, byte) in bytes.iter().skip(1).take(len).enumerate() {
        remaining |= usize::from(byte & 0x7f) << (7 * index);
    }
    let mut remaining = change(remaining, by);
    let mut written = Vec::new();
    loop {
        let more = remaining >> 7;
        let seven = u8::try_from(remaining & 0x7f).unwrap_or_default();
        written.push(if more > 0 { seven | 0x80 } else { seven });
        remaining = more;
        if remaining == 0 {
            break;
        }
    }
    bytes.splice(1..1 + len, written);
}

/// How many bytes the remaining length has.
fn length_len(bytes: &[u8]) -> usize {
    let continued = bytes.iter().skip(1).take(3);
    1 + continued.take_while(|byte| **byte & 0x80 != 0).count()
}
