//! The largest packet there is, and what it takes to hold it.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{Delivery, Publish, Sender};
use mqtt_assay_codec::property::Properties;
use mqtt_assay_codec::topic::TopicName;
use mqtt_assay_codec::{EncodeError, Frame, Framer, Packet, ProtocolVersion};

/// One test, so that no other allocates beside it.
#[test]
fn a_packet_of_256_mib_takes_itself_and_one_copy() {
    let version = ProtocolVersion::V3_1_1;
    let payload = vec![0; REMAINING_LEN_MAX - 3 + 1];
    let publish = |payload| {
        Packet::Publish(Publish {
            delivery: Delivery::AtMostOnce,
            retain: false,
            topic: TopicName::new("t").ok(),
            properties: Properties::EMPTY,
            payload,
        })
    };
    let mut bytes = Vec::new();
    let len = REMAINING_LEN_MAX + 1;
    let too_long = publish(payload.as_slice()).encode(version, &mut bytes);
    assert_eq!(too_long, Err(EncodeError::PacketTooLong { len }));
    assert_eq!(
        bytes.capacity(),
        0,
        "nothing is reserved for what is refused"
    );

    let packet = publish(&payload[1..]);
    let memory = allocation_counter::measure(|| packet.encode(version, &mut bytes).unwrap());
    assert_eq!(bytes.len(), 5 + REMAINING_LEN_MAX);
    assert_eq!(bytes.get(..5), Some(&[0x30, 0xff, 0xff, 0xff, 0x7f][..]));
    assert!(memory.bytes_total <= as_u64(bytes.len() + 16), "{memory:?}");

    let memory = allocation_counter::measure(|| {
        let split = Frame::split(&bytes, version).unwrap();
        let frame = match split {
            Split::Frame(frame) => frame,
            Split::NeedMore(_) => return,
        };
        let decoded = Packet::decode(&frame, version, Sender::Either);
        assert!(decoded == Ok(packet), "it came back as another one");
    });
    assert_eq!(memory.count_total, 0, "decoding borrows");

    let memory = allocation_counter::measure(|| {
        let mut framer = Framer::new(version, usize::MAX);
        for piece in bytes.chunks(PIECE_LEN) {
            assert_eq!(framer.next_frame().unwrap(), None);
            framer.push(piece);
        }
        let frame = framer.next_frame().unwrap().unwrap();
        assert!(frame == bytes, "it came back as another one");
    });
    // A buffer that doubles holds up to twice what has arrived, and the old one while it is copied.
    assert!(
        memory.bytes_max <= as_u64(2 * bytes.len() + PIECE_LEN),
        "{memory:?}"
    );

    let claim = [0x30, 0xff, 0xff, 0xff, 0x7f, 0x00];
    let memory = allocation_counter::measure(|| {
        let mut framer = Framer::new(version, usize::MAX);
        framer.push(&claim);
        assert_eq!(framer.next_frame().unwrap(), None);
    });
    assert!(
        memory.bytes_total <= 1_024,
        "reserved on the word of a length: {memory:?}"
    );
}

fn as_u64(len: usize) -> u64 {
    u64::try_from(len).unwrap()
}

/// The largest remaining length (section 2.1.4).
const REMAINING_LEN_MAX: usize = 268_435_455;

/// What a socket may give at once.
const PIECE_LEN: usize = 1 << 20;
