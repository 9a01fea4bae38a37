//! Streams: however the bytes arrive, the frames are the same, and nothing that arrives makes the codec panic.

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Framer, Packet, ProtocolVersion, ReasonCode};
use proptest::prelude::*;

use crate::hex;
use crate::vectors;

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
    prop::sample::select(vectors::valid_packets().collect::<Vec<_>>())
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

#[test]
fn a_frame_longer_than_the_receiver_takes_is_refused_as_soon_as_its_length_is_known() {
    for (version, text, expected) in [
        (ProtocolVersion::V3_1_1, "30 65", "u3-01"),
        (ProtocolVersion::V5_0, "30 ffffff7f", "u5-33"),
    ] {
        let mut framer = Framer::new(version, 100);
        framer.push(&hex::bytes(text));
        let error = framer.next_frame().unwrap_err();
        assert_eq!(error.statement().to_string(), expected, "{error}");
        assert_eq!(error.reason_code(), ReasonCode::PACKET_TOO_LARGE, "{error}");
        assert_eq!(error.offset(), 1, "{error}");
        framer.push(&[0xc0, 0x00]);
        assert_eq!(framer.next_frame(), Err(error), "an error stays");
    }
}

/// The longest frame in these streams: more than any valid packet here, less than a length that was made up.
const FRAME_LEN_MAX: usize = 1_000;
