//! What takes memory, and how much.

use allocation_counter::measure;
use mqtt_assay_codec::ProtocolVersion::{self, V3_1_1, V5_0};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{Packet, Sender};
use mqtt_assay_codec::topic::{FilterTree, TopicFilter, TopicName};
use mqtt_assay_codec::{Frame, Framer};

use crate::hex;

/// PUBLISH and the acknowledgements, with and without what 5.0 adds.
const FREQUENT: &[(ProtocolVersion, &str)] = &[
    (V3_1_1, "30 0003'a/b' 'payload'"),
    (V3_1_1, "32 0003'a/b' 0001 'payload'"),
    (V3_1_1, "40 0001"),
    (V3_1_1, "50 0001"),
    (V3_1_1, "62 0001"),
    (V3_1_1, "70 0001"),
    (V5_0, "30 0003'a/b' 00 'payload'"),
    (
        V5_0,
        "34 0003'a/b' 0001 10 02 0000003c 26 0003'key' 0003'val' 'payload'",
    ),
    (V5_0, "30 0000 03 23 0001 'payload'"),
    (V5_0, "40 0001"),
    (V5_0, "50 0001 10"),
    (V5_0, "62 0001 92 00"),
    (V5_0, "70 0001 00 05 1f 0002'ok'"),
];

#[test]
fn publish_and_acknowledgements_are_decoded_without_allocation() {
    for (version, text) in FREQUENT {
        let bytes = hex::packet(text);
        let allocations = measure(|| {
            let Ok(Split::Frame(frame)) = Frame::split(&bytes, *version) else {
                panic!("{text} is no frame");
            };
            assert!(Packet::decode(&frame, *version, Sender::Either).is_ok());
        });
        assert_eq!(allocations.count_total, 0, "{text}");
    }
}

#[test]
fn packets_are_encoded_without_allocation_where_there_is_room() {
    for (version, text) in FREQUENT {
        let bytes = hex::packet(text);
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, *version) else {
            panic!("{text} is no frame");
        };
        let packet = Packet::decode(&frame, *version, Sender::Either).unwrap();
        let mut out = Vec::with_capacity(100);
        let allocations = measure(|| packet.encode(*version, &mut out).unwrap());
        assert_eq!(allocations.count_total, 0, "{text}");
    }
}

#[test]
fn a_payload_that_is_sent_from_where_it_is_takes_no_memory() {
    let bytes = hex::packet_of(0x30, &[&b"\0\x01t\0"[..], &vec![0; 1 << 20]].concat());
    let Ok(Split::Frame(frame)) = Frame::split(&bytes, V5_0) else {
        panic!("it is a frame");
    };
    let packet = Packet::decode(&frame, V5_0, Sender::Either).unwrap();
    let allocations = measure(|| {
        let mut head = Vec::new();
        let payload = packet.encode_head(V5_0, &mut head).unwrap();
        assert_eq!((head.len(), payload.len()), (8, 1 << 20));
    });
    assert!(allocations.bytes_total < 100, "{allocations:?}");
}

#[test]
fn nothing_is_reserved_on_the_word_of_a_length() {
    let allocations = measure(|| {
        let mut framer = Framer::new(V5_0, usize::MAX);
        for _ in 0..100 {
            framer.push(b"\x30\xff\xff\xff\x7f");
            assert_eq!(framer.next_frame(), Ok(None));
        }
    });
    assert!(allocations.bytes_max <= 2_000, "{allocations:?}");
}

#[test]
fn a_large_frame_leaves_no_memory_behind() {
    let mut framer = Framer::new(V5_0, usize::MAX);
    let mut bytes = vec![0x30, 0x80, 0x80, 0x40];
    bytes.resize(4 + (1 << 20), 0);
    // The start of the next one.
    bytes.push(0x30);
    let allocations = measure(|| {
        framer.push(&bytes);
        let frame = framer.next_frame().unwrap().unwrap();
        assert_eq!(frame.len(), 4 + (1 << 20));
    });
    assert!(allocations.bytes_current <= 2_000, "{allocations:?}");
    assert_eq!(framer.pending(), [0x30]);
}

#[test]
fn a_match_allocates_nothing() {
    let mut tree = FilterTree::new();
    for text in ["a/b/c", "a/+/c", "+/b/#", "#", "$share/g/a/#"] {
        *tree.entry(&TopicFilter::new(text, V5_0).unwrap()) = 1;
    }
    let topic = TopicName::new("a/b/c").unwrap();
    let mut count = 0;
    let allocations = measure(|| tree.for_each_match(&topic, |value| count += value));
    assert_eq!((count, allocations.count_total), (5, 0));
}

/// Filters as a plant has them: region, site, line, device, metric; a tenth of them with a wildcard.
#[test]
fn a_filter_takes_less_than_170_bytes_of_a_large_tree() {
    const COUNT: u32 = 50_000;
    let texts: Vec<String> = (0..COUNT)
        .map(|n| {
            // Odd and large, so that neighbours have little in common.
            let n = n.wrapping_mul(2_654_435_761);
            let metric = ["temp", "+", "#", "pressure"]
                [usize::from(n.is_multiple_of(10)) + usize::from(n.is_multiple_of(20))];
            let (region, site, line) = (n % 10, n / 10 % 50, n / 500 % 20);
            format!("region{region}/site{site}/line{line}/device{n}/{metric}")
        })
        .collect();
    let mut tree = FilterTree::new();
    let allocations = measure(|| {
        for (text, value) in texts.iter().zip(0_u32..) {
            *tree.entry(&TopicFilter::new(text, V5_0).unwrap()) = value;
        }
    });
    assert_eq!(tree.len(), texts.len());
    let bytes_per_filter = allocations.bytes_current / i64::from(COUNT);
    assert!(bytes_per_filter < 170, "{bytes_per_filter} bytes a filter");
}
