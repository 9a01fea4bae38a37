//! The vectors of `fixtures/packets`: what each is, byte for byte, and that no row of a table lacks one.

mod complete;
mod load;
mod neighbours;

use mqtt_assay_codec::error::ErrorClass;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Dissection, parse_packet};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Packet, ProtocolVersion};

use crate::hex;
use load::{Vector, Verdict};

/// The bytes of every valid vector.
pub(crate) fn valid_packets() -> impl Iterator<Item = Vec<u8>> {
    let vectors = load::all().into_iter();
    vectors
        .filter(|vector| vector.verdict == Verdict::Valid)
        .map(|vector| vector.bytes)
}

#[test]
fn a_valid_vector_comes_back_byte_for_byte() {
    for vector in load::all() {
        if vector.verdict == Verdict::Valid {
            check_valid(&vector);
        }
    }
}

#[test]
fn a_refused_vector_breaks_its_statement_at_its_byte() {
    for vector in load::all() {
        if let Verdict::Refused(expected) = &vector.verdict {
            let error = decode(&vector, vector.from).unwrap_err();
            assert_eq!(&summary(&error), expected, "{vector}");
            assert_eq!(error.statement().version(), error.version(), "{vector}");
        }
    }
}

#[test]
fn the_notation_stands_beside_its_bytes() {
    for vector in load::all() {
        let dissection = Dissection::of(&vector.bytes, vector.version, vector.from);
        let draft = dissection.draft.as_ref().map(ToString::to_string);
        assert_eq!(draft, vector.notation, "{vector}");
        let is_valid = vector.verdict == Verdict::Valid;
        if let (Some(notation), true) = (&vector.notation, is_valid) {
            let parsed = parse_packet(notation, vector.version);
            assert_eq!(parsed.as_ref(), Ok(&vector.bytes), "{vector}");
        }
    }
}

/// Every prefix is incomplete, and each sender that may send it is told apart from one that may not.
#[track_caller]
fn check_valid(vector: &Vector) {
    let Vector { bytes, version, .. } = vector;
    for end in 0..bytes.len() {
        let split = Frame::split(&bytes[..end], *version);
        assert!(matches!(split, Ok(Split::NeedMore(_))), "{vector} at {end}");
    }
    for sender in [Sender::Client, Sender::Server, Sender::Either] {
        let decoded = decode(vector, sender);
        let may_send = [Sender::Either, sender].contains(&vector.from) || sender == Sender::Either;
        assert_eq!(
            decoded.is_ok(),
            may_send,
            "{vector} from {sender:?}: {decoded:?}"
        );
        if let Ok(packet) = decoded {
            let mut encoded = vec![0xaa];
            packet.encode(*version, &mut encoded).unwrap();
            assert_eq!(encoded.get(1..), Some(bytes.as_slice()), "{vector}");
        }
    }
    cut(vector);
}

/// A packet whose body is shorter, with a remaining length that agrees, is refused, or it is another valid packet:
/// a PUBLISH with less payload, an acknowledgement in a shorter form, fewer filters or reasons.
#[track_caller]
fn cut(vector: &Vector) {
    let first = vector.bytes[0];
    let body = frame(vector).body();
    for end in 0..body.len() {
        let shorter = hex::packet_of(first, &body[..end]);
        let shorter = Vector {
            bytes: shorter,
            ..vector.clone()
        };
        match decode(&shorter, Sender::Either) {
            Ok(packet) => {
                let has_shorter_forms = match first >> 4 {
                    3 | 8..=11 => true,
                    4..=7 | 14 | 15 => vector.version == ProtocolVersion::V5_0,
                    _ => false,
                };
                assert!(has_shorter_forms, "{vector} cut at {end}: {packet:?}");
            }
            Err(error) => {
                assert!(error.offset() <= shorter.bytes.len(), "{vector}: {error}");
                assert_eq!(error.statement().version(), error.version(), "{error}");
            }
        }
    }
}

fn decode(vector: &Vector, sender: Sender) -> Result<Packet<'_>, DecodeError> {
    match Frame::split(&vector.bytes, vector.version)? {
        Split::Frame(frame) => Packet::decode(&frame, vector.version, sender),
        Split::NeedMore(len) => panic!("{vector} lacks {len} bytes"),
    }
}

#[track_caller]
fn frame(vector: &Vector) -> Frame<'_> {
    let Ok(Split::Frame(frame)) = Frame::split(&vector.bytes, vector.version) else {
        panic!("{vector} is no frame");
    };
    assert_eq!(frame.len(), vector.bytes.len(), "{vector}");
    frame
}

/// An error in the words of a vector; its message without the place.
fn summary(error: &DecodeError) -> load::Refused {
    let message = error.to_string();
    let place = format!(" (byte {})", error.offset());
    load::Refused {
        is_malformed: error.class() == ErrorClass::Malformed,
        statement: error.statement().to_string(),
        offset: error.offset(),
        reason: error.reason_code().code(),
        message: message.strip_suffix(&place).unwrap().to_owned(),
    }
}
