//! What takes memory, and how much.

use allocation_counter::measure;
use bytes::Bytes;
use mqtt_assay_codec::ProtocolVersion::{self, V3_1_1, V5_0};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Draft, Value, lex};
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
fn a_long_payload_is_in_memory_once() {
    let line = r#"PUBLISH topic="t" payload="assayer"*38347917"#;
    let allocations = measure(|| drop(lex(line).unwrap()));
    assert!(allocations.bytes_total < 2_000, "{allocations:?}");
    let bytes = hex::packet_of(0x30, &[&b"\0\x01t\0"[..], &vec![b'x'; 1 << 20]].concat());
    let bytes = Bytes::from(bytes);
    let Ok(Split::Frame(frame)) = Frame::split(&bytes, V5_0) else {
        panic!("it is a frame");
    };
    let packet = Packet::decode(&frame, V5_0, Sender::Either).unwrap();
    let allocations = measure(|| {
        let draft = Draft::of_frame(&packet, V5_0, &bytes);
        assert_eq!(draft, Draft::of(&packet, V5_0));
    });
    assert!(
        allocations.bytes_max < (1 << 20) + (64 << 10),
        "{allocations:?}"
    );
    let draft = Draft::of_frame(&packet, V5_0, &bytes);
    let allocations = measure(|| assert_eq!(draft.to_bytes(V5_0).unwrap(), bytes));
    assert!(
        allocations.bytes_total < (1 << 20) + (64 << 10),
        "{allocations:?}"
    );
}

#[test]
fn a_draft_holds_on_to_a_frame_for_a_long_payload_alone() {
    for (len, is_shared) in [(1, false), (65_535, false), (65_536, true)] {
        let bytes = hex::packet_of(0x30, &[&b"\0\x01t\0"[..], &vec![b'x'; len]].concat());
        let bytes = Bytes::from(bytes);
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, V5_0) else {
            panic!("it is a frame");
        };
        let packet = Packet::decode(&frame, V5_0, Sender::Either).unwrap();
        let draft = Draft::of_frame(&packet, V5_0, &bytes);
        let Some(Value::Bytes(payload)) = draft.all("payload").next() else {
            panic!("it has a payload");
        };
        let range = bytes.as_ptr_range();
        assert_eq!(range.contains(&payload.as_ptr()), is_shared, "{len}");
    }
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
fn a_large_frame_in_pieces_takes_its_length_and_what_arrived_before_half_of_it() {
    // Just above a power of two, so that doubling would take nearly twice its length.
    const LEN: usize = (4 << 20) + (64 << 10);
    let bytes = hex::packet_of(0x30, &vec![0; LEN - 5]);
    assert_eq!(bytes.len(), LEN);
    let mut framer = Framer::new(V5_0, usize::MAX);
    let mut frame = None;
    let allocations = measure(|| {
        for piece in bytes.chunks(16 << 10) {
            assert_eq!(frame, None);
            framer.push(piece);
            frame = framer.next_frame().unwrap();
        }
    });
    assert_eq!(frame.as_deref(), Some(bytes.as_slice()));
    // Half of it may have been in a buffer that doubled.
    let max = i64::try_from(LEN + (4 << 20) + 1_000).unwrap();
    assert!(
        allocations.bytes_max.cast_signed() <= max,
        "{allocations:?}"
    );
    let held = allocations.bytes_current;
    assert!(
        held <= i64::try_from(LEN + 1_000).unwrap(),
        "{allocations:?}"
    );
}

#[test]
fn small_frames_that_arrive_together_share_their_memory() {
    let pair = [hex::packet_of(0x30, &[0; 500]), vec![0xc0, 0x00]];
    let frames = vec![pair; 50].concat();
    let mut framer = Framer::new(V5_0, 1_000);
    let allocations = measure(|| {
        framer.push(&frames.concat());
        for frame in &frames {
            let taken = framer.next_frame().unwrap();
            assert_eq!(taken.as_deref(), Some(frame.as_slice()));
        }
    });
    // What the test sends, the buffer, and the count of those that share it.
    assert!(allocations.count_total <= 3, "{allocations:?}");
}

#[test]
fn a_framer_that_lends_gives_back_what_a_large_frame_took() {
    let large = hex::packet_of(0x30, &vec![0; 2 << 20]);
    for behind in [&[][..], &[0xc0], &[0xc0, 0x00], &[0xc0, 0x00, 0x30]] {
        let mut framer = Framer::new(V5_0, usize::MAX);
        let allocations = measure(|| {
            framer.push(&[&large, behind].concat());
            while framer.lend_frame().unwrap().is_some() {}
        });
        assert!(allocations.bytes_current <= 1_000, "{allocations:?}");
        assert_eq!(framer.pending(), &behind[behind.len() / 2 * 2..]);
        // Who asks for one frame at a time has the memory until more arrives.
        framer.push(&[0xc0, 0x00]);
    }
}

#[test]
fn a_buffer_of_ordinary_size_is_used_again() {
    let mut framer = Framer::new(V5_0, usize::MAX);
    framer.push(&[0xc0, 0x00].repeat(100));
    let allocations = measure(|| {
        for _ in 0..10 {
            while framer.lend_frame().unwrap().is_some() {}
            framer.push(&[0xc0, 0x00].repeat(100)[..199]);
            while framer.lend_frame().unwrap().is_some() {}
            framer.push(&[0x00]);
        }
    });
    // What the test itself sends.
    assert_eq!(allocations.count_total, 10, "{allocations:?}");
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
fn filters_of_a_plant(count: u32) -> impl Iterator<Item = String> {
    (0..count).map(|n| {
        // Odd and large, so that neighbours have little in common.
        let n = n.wrapping_mul(2_654_435_761);
        let metric = ["temp", "+", "#", "pressure"]
            [usize::from(n.is_multiple_of(10)) + usize::from(n.is_multiple_of(20))];
        let (region, site, line) = (n % 10, n / 10 % 50, n / 500 % 20);
        format!("region{region}/site{site}/line{line}/device{n}/{metric}")
    })
}

#[test]
fn a_filter_takes_less_than_170_bytes_of_a_large_tree() {
    const COUNT: u32 = 50_000;
    let texts: Vec<String> = filters_of_a_plant(COUNT).collect();
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

#[test]
fn a_tree_gives_back_what_its_filters_took() {
    const COUNT: u32 = 4_000;
    let texts: Vec<String> = filters_of_a_plant(COUNT).collect();
    let filters = || {
        texts
            .iter()
            .map(|text| TopicFilter::new(text, V5_0).unwrap())
    };
    let mut tree = FilterTree::new();
    let full = measure(|| filters().for_each(|filter| *tree.entry(&filter) = 0_u32)).bytes_current;
    let mut held = full;
    let mut moves = 0;
    for part in [COUNT / 4, COUNT / 4, COUNT / 4, COUNT / 4 - 40, 40] {
        let start = texts.len() - tree.len();
        let end = start + usize::try_from(part).unwrap();
        let allocations = measure(|| {
            for filter in filters().take(end).skip(start) {
                assert_eq!(tree.remove(&filter), Some(0));
            }
        });
        held += allocations.bytes_current;
        moves += allocations.count_total;
        // Half may be free, and is in a list then; and a little always.
        let share = full * i64::try_from(tree.len()).unwrap() / i64::from(COUNT);
        let max = share * 9 / 4 + 10_000;
        assert!(held < max, "{held} bytes of {full}; allowed are {max}");
    }
    assert!(tree.is_empty());
    // Each time that half are free the rest is moved: seven times, and the table of its edges grows anew in steps.
    assert!(moves < 300, "{moves} allocations");
}

#[test]
fn a_tree_in_which_filters_come_and_go_does_not_grow() {
    const KEPT: usize = 200;
    let texts: Vec<String> = (0..10_000).map(|n| format!("device/{n}/state")).collect();
    let filters: Vec<_> = texts
        .iter()
        .map(|text| TopicFilter::new(text, V5_0).unwrap())
        .collect();
    let mut tree = FilterTree::new();
    let full = measure(|| {
        for filter in &filters[..KEPT] {
            *tree.entry(filter) = 0_u32;
        }
    });
    let later = measure(|| {
        for (old, new) in filters.iter().zip(&filters[KEPT..]) {
            assert_eq!(tree.remove(old), Some(0));
            *tree.entry(new) = 0;
        }
    });
    assert_eq!(tree.len(), KEPT);
    assert!(
        later.bytes_current <= full.bytes_current / 4,
        "{later:?} beside {full:?}"
    );
}
