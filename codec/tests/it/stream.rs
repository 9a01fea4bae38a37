//! Streams: however the bytes arrive, the frames are the same, and nothing that arrives makes the codec panic.

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::property::{PropertyId, PropertyPlace, PropertyType};
use mqtt_assay_codec::{DecodeError, Frame, Framer, Packet, ProtocolVersion};
use proptest::prelude::*;

use crate::hex;
use crate::valid;

/// All frames of a stream, and the error at which it ends, if any.
fn frames(pieces: &[&[u8]], version: ProtocolVersion) -> (Vec<Vec<u8>>, Option<DecodeError>) {
    let mut framer = Framer::new(version, FRAME_LEN_MAX);
    let mut frames = Vec::new();
    for piece in pieces {
        framer.push(piece);
        loop {
            match framer.next_frame() {
                Ok(Some(frame)) => frames.push(frame.to_vec()),
                Ok(None) => break,
                Err(error) => return (frames, Some(error)),
            }
        }
    }
    (frames, None)
}

/// Decodes a packet for every sender; what is valid comes back byte for byte.
fn decode(bytes: &[u8], version: ProtocolVersion) {
    let Ok(Split::Frame(frame)) = Frame::split(bytes, version) else {
        return;
    };
    for sender in [Sender::Client, Sender::Server, Sender::Either] {
        match Packet::decode(&frame, version, sender) {
            Ok(packet) => {
                let mut encoded = Vec::new();
                packet.encode(version, &mut encoded).unwrap();
                assert_eq!(encoded, frame.as_bytes(), "{packet:?}");
                assert!(!format!("{packet:?}").is_empty());
            }
            Err(error) => {
                assert!(error.offset() <= frame.len(), "{error}: {bytes:02x?}");
                assert_eq!(error.statement().version(), error.version(), "{error}");
                assert!(error.reason_code().is_error(), "{error}");
            }
        }
    }
}

fn version() -> impl Strategy<Value = ProtocolVersion> {
    prop::sample::select(ProtocolVersion::ALL.to_vec())
}

/// A valid packet, of whatever version.
fn packet() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(valid::packets().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn pieces_do_not_matter(
        packets in prop::collection::vec(packet(), 0..6),
        tail in prop::collection::vec(any::<u8>(), 0..8),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        version in version(),
    ) {
        let mut stream = packets.concat();
        stream.extend(tail);
        let mut cuts: Vec<usize> = cuts.iter().map(|it| it.index(stream.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut start = 0;
        for cut in cuts {
            pieces.push(&stream[start..cut]);
            start = cut;
        }
        pieces.push(&stream[start..]);
        let whole = frames(&[&stream], version);
        prop_assert_eq!(&frames(&pieces, version), &whole);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&frames(&bytes, version), &whole);
    }

    #[test]
    fn any_body_is_read_without_a_panic(
        first in any::<u8>(),
        body in prop::collection::vec(any::<u8>(), 0..64),
        version in version(),
    ) {
        decode(&hex::packet_of(first, &body), version);
    }

    #[test]
    fn any_change_of_a_valid_packet_is_read_without_a_panic(
        packet in packet(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        version in version(),
    ) {
        let mut packet = packet;
        let at = at.index(packet.len());
        packet[at] = byte;
        decode(&packet, version);
    }
}

#[test]
fn a_frame_takes_no_more_memory_than_arrived() {
    let mut framer = Framer::new(ProtocolVersion::V5_0, usize::MAX);
    framer.push(&[0x30, 0xff, 0xff, 0xff, 0x7f, 0x00]);
    assert_eq!(framer.next_frame(), Ok(None));
    assert_eq!(framer.pending().len(), 6);
}

#[test]
fn what_is_missing_is_told() {
    for (bytes, missing) in [
        (&[][..], 2),
        (&[0x30], 1),
        (&[0x30, 0x80], 1),
        (&[0x30, 0x03], 3),
        (&[0x30, 0x80, 0x01, 0x00], 127),
    ] {
        let split = Frame::split(bytes, ProtocolVersion::V5_0);
        assert_eq!(split, Ok(Split::NeedMore(missing)), "{bytes:02x?}");
    }
}

/// Every property in every place: with its own value, it is valid where the table says so, and nowhere else.
#[test]
fn the_property_table_is_what_the_decoder_keeps() {
    for &property in PropertyId::ALL {
        for (place, first, before, after) in PLACES {
            let mut bytes = hex::bytes(before);
            let mut section = value_of(property);
            let is_method = property == PropertyId::AuthenticationMethod;
            let needs_method =
                *place == PropertyPlace::Auth || property == PropertyId::AuthenticationData;
            if needs_method && !is_method {
                section.extend(value_of(PropertyId::AuthenticationMethod));
            }
            bytes.push(u8::try_from(section.len()).unwrap());
            bytes.extend(section);
            bytes.extend(hex::bytes(after));
            let bytes = hex::packet_of(*first, &bytes);
            let version = ProtocolVersion::V5_0;
            let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
                panic!("{bytes:02x?} is no frame");
            };
            let decoded = Packet::decode(&frame, version, Sender::Either);
            let is_allowed = property.is_allowed_in(*place);
            assert_eq!(
                decoded.is_ok(),
                is_allowed,
                "{property:?} in {place:?}: {decoded:?}"
            );
        }
    }
}

fn value_of(property: PropertyId) -> Vec<u8> {
    let value = match property.value_type() {
        PropertyType::Byte | PropertyType::VariableByteInteger => "01",
        PropertyType::TwoByteInteger => "0001",
        PropertyType::FourByteInteger => "00000001",
        PropertyType::Utf8String | PropertyType::BinaryData => "0001'a'",
        PropertyType::Utf8StringPair => "0001'a'0001'b'",
    };
    let mut bytes = vec![property.code()];
    bytes.extend(hex::bytes(value));
    bytes
}

/// The places of properties: a first byte, what stands before the section, and what stands behind it.
const PLACES: &[(PropertyPlace, u8, &str, &str)] = &[
    (PropertyPlace::Connect, 0x10, "0004'MQTT'05 02 0000", "0000"),
    (
        PropertyPlace::Will,
        0x10,
        "0004'MQTT'05 06 0000 00 0000",
        "0001't'0000",
    ),
    (PropertyPlace::Connack, 0x20, "00 00", ""),
    (PropertyPlace::Publish, 0x30, "0001't'", ""),
    (PropertyPlace::Puback, 0x40, "0001 00", ""),
    (PropertyPlace::Pubrec, 0x50, "0001 00", ""),
    (PropertyPlace::Pubrel, 0x62, "0001 00", ""),
    (PropertyPlace::Pubcomp, 0x70, "0001 00", ""),
    (PropertyPlace::Subscribe, 0x82, "0001", "0001't'00"),
    (PropertyPlace::Suback, 0x90, "0001", "00"),
    (PropertyPlace::Unsubscribe, 0xa2, "0001", "0001't'"),
    (PropertyPlace::Unsuback, 0xb0, "0001", "00"),
    (PropertyPlace::Disconnect, 0xe0, "00", ""),
    (PropertyPlace::Auth, 0xf0, "18", ""),
];

/// The longest frame in these streams: more than any valid packet here, less than a length that was made up.
const FRAME_LEN_MAX: usize = 1_000;
