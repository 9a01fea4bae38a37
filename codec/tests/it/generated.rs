//! Generated packets: valid ones come back, and one violation is refused by its own statement.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use arbitrary::{Arbitrary, Unstructured};
use mqtt_assay_codec::arbitrary::{ValidPacket, Violated, Violation};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{FieldKind, FieldSpec, Value, fields};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Packet, PacketType, ProtocolVersion};
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

/// Values made from pseudo-random bytes (a linear congruence): the same each time.
fn made<T: for<'a> Arbitrary<'a>>(count: usize) -> impl Iterator<Item = T> {
    let mut state = 1u64;
    let bytes = iter::repeat_with(move || {
        let byte = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state.to_le_bytes()[5]
        };
        iter::repeat_with(byte).take(400).collect::<Vec<u8>>()
    });
    bytes
        .take(count)
        .filter_map(|bytes| T::arbitrary(&mut Unstructured::new(&bytes)).ok())
}

#[test]
fn every_violation_is_made_in_every_packet_that_can_have_it() {
    let mut missing: Vec<Violation> = Violation::ALL.to_vec();
    let mut broken = BTreeSet::new();
    for violated in made::<Violated>(40_000) {
        let error = refusal(&violated).unwrap();
        assert_eq!(error.statement(), violated.statement, "{violated:02x?}");
        missing.retain(|violation| *violation != violated.violation);
        let violation = format!("{:?}", violated.violation);
        broken.insert((error.version(), error.packet_type(), violation));
    }
    assert!(missing.is_empty(), "{missing:?}");
    assert!(broken.len() >= 275, "{} only: {broken:?}", broken.len());
}

#[test]
fn every_field_is_made_with_many_values_in_the_versions_that_have_it() {
    let mut values: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for packet in made::<ValidPacket>(10_000) {
        let packet_type = packet.draft.packet_type;
        // A CONNECT goes by its own level.
        let level = packet.draft.fields.iter().find_map(|field| {
            let is_level = field.name == "protocol-level";
            ProtocolVersion::ALL
                .into_iter()
                .find(|it| is_level && field.value == Value::Number(u32::from(it.level())))
        });
        let version = level.unwrap_or(packet.version);
        for field in packet.draft.fields {
            let field_of = (version, packet_type, field.name);
            let value = format!("{:?}", field.value);
            values.entry(field_of).or_default().insert(value);
        }
    }
    for (version, packet_type, spec) in every_field() {
        let found = values.remove(&(version, packet_type, spec.name));
        let count = found.map_or(0, |it| it.len());
        let expected = match spec.kind {
            _ if spec.is_v5_only && version == ProtocolVersion::V3_1_1 => 0..=0,
            // An AUTH without a method is none.
            _ if (packet_type, spec.name) == (PacketType::Auth, "empty-properties") => 0..=0,
            _ if matches!(spec.name, "protocol-name" | "protocol-level") => 1..=1,
            FieldKind::Number { .. } => 2..=usize::MAX,
            FieldKind::Flag => 1..=2,
            FieldKind::Bytes | FieldKind::Pair => 20..=usize::MAX,
        };
        let name = format!("{} of {} in {version}", spec.name, packet_type.name());
        assert!(expected.contains(&count), "{name}: {count} values");
    }
    assert!(values.is_empty(), "{values:?}");
}

fn every_field() -> impl Iterator<Item = (ProtocolVersion, PacketType, &'static FieldSpec)> {
    let packets = PacketType::ALL.into_iter();
    let of_both = packets.flat_map(|it| ProtocolVersion::ALL.map(|version| (version, it)));
    of_both
        .filter(|(version, it)| it.is_sent_by(Sender::Either, *version))
        .flat_map(|(version, it)| fields(it).iter().map(move |spec| (version, it, spec)))
}
