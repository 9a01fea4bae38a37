//! Streams: however the bytes arrive, the frames are the same, and nothing that arrives makes the codec panic.

use mqtt_assay_codec::error::DecodeErrorKind;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Framer, Packet, ProtocolVersion, ReasonCode};
use proptest::prelude::*;

use crate::hex;
use crate::vectors;

/// How frames are taken out of a framer.
#[derive(Clone, Copy, Debug)]
enum Taking {
    Kept,
    Lent,
    InTurn,
}

/// All frames of a stream, what is left of it, and the error at which it ends, if any.
fn frames(
    pieces: &[&[u8]],
    version: ProtocolVersion,
    taking: Taking,
) -> (Vec<Vec<u8>>, Vec<u8>, Option<DecodeError>) {
    let mut framer = Framer::new(version, FRAME_LEN_MAX);
    let mut frames = Vec::new();
    for piece in pieces {
        framer.push(piece);
        loop {
            let is_lent = match taking {
                Taking::Kept => false,
                Taking::Lent => true,
                Taking::InTurn => frames.len() % 2 == 0,
            };
            let frame = if is_lent {
                let frame = framer.lend_frame().map_err(Clone::clone);
                frame.map(|frame| frame.map(|frame| frame.as_bytes().to_vec()))
            } else {
                framer.next_frame().map(|frame| frame.map(Vec::from))
            };
            match frame {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(error) => return (frames, framer.pending().to_vec(), Some(error)),
            }
        }
    }
    (frames, framer.pending().to_vec(), None)
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
                let mut head = Vec::new();
                let payload = packet.encode_head(version, &mut head).unwrap();
                assert_eq!([&head, payload].concat(), encoded, "{packet:?}");
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
        let (whole, rest, error) = frames(&[&stream], version, Taking::Kept);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        for taking in [Taking::Kept, Taking::Lent, Taking::InTurn] {
            for pieces in [&[stream.as_slice()], pieces.as_slice(), bytes.as_slice()] {
                let (found, left, found_error) = frames(pieces, version, taking);
                prop_assert_eq!((&found, &found_error), (&whole, &error), "{:?}", taking);
                // Behind an error nothing is taken in.
                prop_assert!(left == rest || error.is_some(), "{taking:?}: {left:02x?}");
            }
        }
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
        assert_eq!(framer.lend_frame(), Err(&error), "an error stays");
        assert_eq!(framer.next_frame(), Err(error), "an error stays");
    }
}

#[test]
fn a_frame_of_exactly_the_longest_is_taken_however_it_arrives() {
    for max in [2, 3, 129, 130, 131, 200] {
        // A remaining length of 128 takes a second byte.
        for len in (2..=max + 2).filter(|len| *len != 130) {
            let bytes = hex::packet_of(0x30, &vec![0; if len < 130 { len - 2 } else { len - 3 }]);
            assert_eq!(bytes.len(), len);
            for piece_len in [1, len - 1, len] {
                let mut framer = Framer::new(ProtocolVersion::V5_0, max);
                let mut taken = Ok(None);
                for piece in bytes.chunks(piece_len) {
                    assert_eq!(taken, Ok(None), "{len} of {max}");
                    framer.push(piece);
                    taken = framer.next_frame();
                    if taken.is_err() {
                        break;
                    }
                }
                match taken {
                    Ok(frame) => assert_eq!(frame.as_deref(), (len <= max).then_some(&*bytes)),
                    Err(error) => {
                        let kind = DecodeErrorKind::FrameTooLong { len, max };
                        assert!(len > max && error.kind() == kind, "{error}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_frame_is_its_header_and_its_body() {
    for (text, header_len) in [("c0", 2), ("30 0001't' 'payload'", 2)] {
        let bytes = hex::packet(text);
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, ProtocolVersion::V3_1_1) else {
            panic!("{text} is no frame");
        };
        assert_eq!(frame.as_bytes(), bytes);
        assert_eq!(frame.len(), bytes.len());
        assert_eq!(frame.header_len(), header_len);
        assert_eq!(frame.body(), &bytes[header_len..]);
        assert!(!frame.is_empty());
    }
}

#[test]
fn a_framer_cites_the_rules_of_the_version_that_it_was_told() {
    let mut framer = Framer::new(ProtocolVersion::V5_0, 100);
    framer.set_version(ProtocolVersion::V3_1_1);
    framer.push(&[0x30, 0x65]);
    let error = framer.next_frame().unwrap_err();
    assert_eq!(error.statement().to_string(), "u3-01");
}

/// The longest frame in these streams: more than any valid packet here, less than a length that was made up.
const FRAME_LEN_MAX: usize = 1_000;
