//! Packets from structured input: a valid one comes back, one violation is refused by its own statement.

use arbitrary::{Arbitrary, Unstructured};
use mqtt_assay_codec::arbitrary::{ValidPacket, Violated};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Draft, parse_packet};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Packet, ProtocolVersion};

/// Any valid packet is the same in bytes, in parts and in the notation.
pub fn round_trip(data: &[u8]) {
    let Ok(packet) = ValidPacket::arbitrary(&mut Unstructured::new(data)) else {
        return;
    };
    let version = packet.version;
    let bytes = packet.to_bytes();
    let decoded = read(&bytes, version, Sender::Either);
    let decoded = decoded.unwrap_or_else(|error| panic!("{error}: {}", packet.draft));
    let mut encoded = Vec::new();
    decoded.encode(version, &mut encoded).unwrap();
    assert_eq!(encoded, bytes, "{}", packet.draft);
    let printed = Draft::of(&decoded, version).to_string();
    assert_eq!(parse_packet(&printed, version), Ok(bytes), "{printed}");
}

/// One violation is refused, by the statement that the generator names.
pub fn rejection(data: &[u8]) {
    let Ok(violated) = Violated::arbitrary(&mut Unstructured::new(data)) else {
        return;
    };
    match read(&violated.bytes, violated.version, violated.sender) {
        Ok(packet) => panic!("{violated:02x?} is {packet:?}"),
        Err(error) => assert_eq!(error.statement(), violated.statement, "{violated:02x?}"),
    }
}

fn read(bytes: &[u8], version: ProtocolVersion, sender: Sender) -> Result<Packet<'_>, DecodeError> {
    match Frame::split(bytes, version)? {
        Split::Frame(frame) => Packet::decode(&frame, version, sender),
        Split::NeedMore(more) => panic!("{more} bytes missing: {bytes:02x?}"),
    }
}
