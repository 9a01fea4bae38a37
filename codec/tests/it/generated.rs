//! Generated packets: valid ones come back, and one violation is refused by its own statement.

use arbitrary::{Arbitrary, Unstructured};
use mqtt_assay_codec::arbitrary::{ValidPacket, Violated, Violation};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Packet};
use proptest::collection::vec;
use proptest::prelude::*;

/// Any value that can be made from bytes.
pub(crate) fn arbitrary<T: for<'a> Arbitrary<'a> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    vec(any::<u8>(), 0..1_500).prop_filter_map("too few bytes", |bytes| {
        T::arbitrary(&mut Unstructured::new(&bytes)).ok()
    })
}

/// Why a packet is refused.
fn refusal(violated: &Violated) -> Option<DecodeError> {
    let frame = match Frame::split(&violated.bytes, violated.version) {
        Ok(Split::Frame(frame)) => frame,
        Ok(Split::NeedMore(_)) => return None,
        Err(error) => return Some(error),
    };
    Packet::decode(&frame, violated.version, violated.sender).err()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_valid_packet_comes_back_and_none_of_its_prefixes_is_one(
        packet in arbitrary::<ValidPacket>(),
    ) {
        let bytes = packet.to_bytes();
        for end in 0..bytes.len() {
            let split = Frame::split(&bytes[..end], packet.version);
            prop_assert!(matches!(split, Ok(Split::NeedMore(_))), "{split:?}");
        }
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, packet.version) else {
            return Err(TestCaseError::fail("no frame"));
        };
        let decoded = Packet::decode(&frame, packet.version, Sender::Either);
        let decoded = decoded.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let mut encoded = Vec::new();
        prop_assert_eq!(decoded.encode(packet.version, &mut encoded), Ok(()));
        prop_assert_eq!(encoded, bytes, "{}", packet.draft);
    }

    #[test]
    fn one_violation_is_refused_by_its_own_statement(violated in arbitrary::<Violated>()) {
        let statement = refusal(&violated).map(|error| error.statement());
        prop_assert_eq!(statement, Some(violated.statement), "{:02x?}", violated);
    }
}

#[test]
fn every_violation_is_made() {
    let mut missing: Vec<Violation> = Violation::ALL.to_vec();
    // A generator of pseudo-random numbers (a linear congruence) makes the test the same each time.
    let mut state = 1u64;
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..400)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                state.to_le_bytes()[5]
            })
            .collect();
        if let Ok(violated) = Violated::arbitrary(&mut Unstructured::new(&bytes)) {
            missing.retain(|violation| *violation != violated.violation);
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
