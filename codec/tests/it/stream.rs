//! Streams: however the bytes arrive, the frames are the same, and nothing that arrives makes the codec panic.

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
fn a_framer_that_lends_gives_back_what_a_large_frame_took() {
    const LARGE: usize = 2 << 20;
    let memory = allocation_counter::measure(|| {
        let mut framer = Framer::new(ProtocolVersion::V5_0, usize::MAX);
        framer.push(&hex::packet_of(0x30, &vec![0; LARGE]));
        assert!(framer.lend_frame().is_ok_and(|frame| frame.is_some()));
        let held = allocation_counter::measure(|| framer.push(&[0xc0, 0x00]));
        assert!(held.bytes_current < -1_000_000, "{held:?}");
        assert!(framer.lend_frame().is_ok_and(|frame| frame.is_some()));
    });
    assert_eq!(memory.bytes_current, 0);
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

/// The longest frame in these streams: more than any valid packet here, less than a length that was made up.
const FRAME_LEN_MAX: usize = 1_000;
