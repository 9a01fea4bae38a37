//! Packets that own their frame.

use bytes::Bytes;
use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{OwnedPacket, Packet, Sender};
use mqtt_assay_codec::{DecodeError, Frame};

use crate::hex;
use crate::vectors;

#[test]
fn it_is_the_packet_that_its_frame_holds() {
    for bytes in vectors::valid_packets() {
        for version in [V3_1_1, V5_0] {
            let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
                panic!("{bytes:02x?} is no frame");
            };
            let packet = Packet::decode(&frame, version, Sender::Either);
            let owned =
                OwnedPacket::decode(Bytes::copy_from_slice(&bytes), version, Sender::Either);
            assert_eq!(
                owned.as_ref().map(OwnedPacket::packet),
                packet.as_ref().copied(),
                "{bytes:02x?}"
            );
            let Ok(owned) = owned else { continue };
            assert_eq!(owned.version(), version);
            assert_eq!(owned.sender(), Sender::Either);
            assert_eq!(owned.frame(), &bytes);
            assert_eq!(format!("{owned:?}"), format!("{:?}", owned.packet()));
            let copy = owned.clone();
            assert_eq!(copy, owned);
            assert_eq!(copy.frame().as_ptr(), owned.frame().as_ptr());
            assert_eq!(owned.into_frame(), bytes);
        }
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let decoded = OwnedPacket::decode(hex::bytes(text).into(), V5_0, Sender::Client);
    let describe = |error: DecodeError| format!("{error} {}", error.statement());
    let actual = decoded.map_or_else(describe, |packet| format!("{packet:?}"));
    assert_eq!(actual, expected, "{text}");
}

#[test]
fn it_is_one_whole_frame() {
    check("c0 00", "Pingreq");
    check(
        "c0 00 c0",
        "1 more byte in PINGREQ behind its last field; allowed are none (byte 2) v5-4.13.1-1",
    );
    check(
        "40 02 0001 40 02 0001",
        "4 more bytes in PUBACK behind its last field; allowed are none (byte 4) v5-4.13.1-1",
    );
    check(
        "30 05 0001",
        "PUBLISH ends within its body (byte 4) v5-4.13.1-1",
    );
    check("30", "PUBLISH ends within its body (byte 1) v5-4.13.1-1");
    check(
        "d0 00",
        "PINGRESP from the client; allowed from the server only (byte 0) v5-4.13.1-1",
    );
}
