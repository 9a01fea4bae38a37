//! What must have a vector: each packet type, each row of the property table, each row of the reason-code table.

use std::collections::BTreeSet;

use mqtt_assay_codec::error::DecodeErrorKind as Kind;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::property::{Properties, PropertyId, PropertyPlace};
use mqtt_assay_codec::{Packet, PacketType, ProtocolVersion, ReasonCode};

use super::{decode, load};

/// What the vectors show, and what they must show, as phrases: the difference is the message.
#[test]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "kinds that no table has rows for"
)]
fn every_row_of_every_table_has_a_vector() {
    let mut shown = BTreeSet::new();
    for vector in load::all() {
        let version = vector.version;
        match decode(&vector, vector.from) {
            Ok(packet) => {
                shown.insert(format!("valid {} {version}", packet.packet_type().name()));
                for (place, properties) in properties(&packet) {
                    for property in &properties {
                        shown.insert(allowed(property.id(), place));
                    }
                }
                for code in reasons(&packet, version) {
                    shown.insert(reason(code, packet.packet_type(), vector.from, version));
                }
            }
            Err(error) => {
                if let Some(packet) = error.packet_type() {
                    shown.insert(format!("refused {} {version}", packet.name()));
                }
                match error.kind() {
                    Kind::PropertyNotAllowed { property, place } => {
                        shown.insert(misplaced(property, place));
                    }
                    Kind::PropertyRepeated { property, place } => {
                        shown.insert(repeated(property, place));
                    }
                    Kind::PropertyWrongSender { property, .. } => {
                        shown.insert(format!("{} from the wrong side", property.name()));
                    }
                    Kind::ReasonNotAllowed(_) => {
                        let packet = error.packet_type().unwrap().name();
                        shown.insert(format!("reason not allowed in {packet} {version}"));
                    }
                    _ => {}
                }
            }
        }
    }
    let missing: Vec<String> = expected().filter(|it| !shown.contains(it)).collect();
    assert!(missing.is_empty(), "no vector for: {missing:#?}");
}

#[test]
fn names_are_names() {
    let mut seen = BTreeSet::new();
    for vector in load::all() {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        assert!(vector.name.chars().all(is_name), "{vector}");
        assert!(seen.insert(vector.to_string()), "{vector} twice");
    }
}

fn expected() -> impl Iterator<Item = String> {
    let versions = ProtocolVersion::ALL.into_iter();
    versions
        .flat_map(|version| {
            PacketType::ALL.into_iter().flat_map(move |packet| {
                let valid = format!("valid {} {version}", packet.name());
                let refused = format!("refused {} {version}", packet.name());
                let is_known = packet != PacketType::Auth || version.has_reason_codes();
                let reasons = expected_reasons(packet, version);
                [is_known.then_some(valid), Some(refused)]
                    .into_iter()
                    .flatten()
                    .chain(reasons)
            })
        })
        .chain(expected_properties())
}

fn expected_properties() -> impl Iterator<Item = String> {
    let rows = PropertyId::ALL.iter();
    rows.flat_map(|&property| {
        PLACES.into_iter().flat_map(move |place| {
            let is_allowed = property.is_allowed_in(place);
            let once = is_allowed && !property.is_repeatable_in(place);
            let only = if is_allowed { allowed } else { misplaced };
            [
                Some(only(property, place)),
                once.then(|| repeated(property, place)),
            ]
        })
    })
    .flatten()
    .chain(
        [
            PropertyId::SubscriptionIdentifier,
            PropertyId::SessionExpiryInterval,
            PropertyId::ServerReference,
        ]
        .map(|property| format!("{} from the wrong side", property.name())),
    )
}

fn expected_reasons(packet: PacketType, version: ProtocolVersion) -> Vec<String> {
    let codes = || (0..=u8::MAX).map(ReasonCode::new);
    let is_in = |code: &ReasonCode, sender| code.is_allowed_in(packet, version, sender);
    let is_answer = matches!(
        packet,
        PacketType::Connack | PacketType::Suback | PacketType::Unsuback
    );
    let mut expected: Vec<String> = codes()
        .filter(|code| is_in(code, Sender::Either))
        .filter(|_| has_reasons(packet, version))
        .map(|code| {
            let from = match (is_in(&code, Sender::Client), is_in(&code, Sender::Server)) {
                (true, false) => Sender::Client,
                (false, true) => Sender::Server,
                _ if is_answer => Sender::Server,
                _ => Sender::Either,
            };
            reason(code, packet, from, version)
        })
        .collect();
    if has_reasons(packet, version) {
        expected.push(format!("reason not allowed in {} {version}", packet.name()));
    }
    expected
}

/// Whether a packet has reasons on the wire.
fn has_reasons(packet: PacketType, version: ProtocolVersion) -> bool {
    match packet {
        PacketType::Connack | PacketType::Suback => true,
        PacketType::Puback
        | PacketType::Pubrec
        | PacketType::Pubrel
        | PacketType::Pubcomp
        | PacketType::Unsuback
        | PacketType::Disconnect
        | PacketType::Auth => version.has_reason_codes(),
        PacketType::Connect
        | PacketType::Publish
        | PacketType::Subscribe
        | PacketType::Unsubscribe
        | PacketType::Pingreq
        | PacketType::Pingresp => false,
    }
}

fn properties<'a>(packet: &Packet<'a>) -> Vec<(PropertyPlace, Properties<'a>)> {
    match packet {
        Packet::Connect(connect) => {
            let will = connect
                .will
                .map(|will| (PropertyPlace::Will, will.properties));
            let own = (PropertyPlace::Connect, connect.properties);
            [Some(own), will].into_iter().flatten().collect()
        }
        Packet::Connack(it) => vec![(PropertyPlace::Connack, it.properties)],
        Packet::Publish(it) => vec![(PropertyPlace::Publish, it.properties)],
        Packet::Puback(it) => vec![(PropertyPlace::Puback, it.outcome.properties())],
        Packet::Pubrec(it) => vec![(PropertyPlace::Pubrec, it.outcome.properties())],
        Packet::Pubrel(it) => vec![(PropertyPlace::Pubrel, it.outcome.properties())],
        Packet::Pubcomp(it) => vec![(PropertyPlace::Pubcomp, it.outcome.properties())],
        Packet::Subscribe(it) => vec![(PropertyPlace::Subscribe, it.properties)],
        Packet::Suback(it) => vec![(PropertyPlace::Suback, it.properties)],
        Packet::Unsubscribe(it) => vec![(PropertyPlace::Unsubscribe, it.properties)],
        Packet::Unsuback(it) => vec![(PropertyPlace::Unsuback, it.properties)],
        Packet::Pingreq | Packet::Pingresp => Vec::new(),
        Packet::Disconnect(it) => vec![(PropertyPlace::Disconnect, it.outcome.properties())],
        Packet::Auth(it) => vec![(PropertyPlace::Auth, it.outcome.properties())],
    }
}

fn reasons(packet: &Packet<'_>, version: ProtocolVersion) -> Vec<ReasonCode> {
    if !has_reasons(packet.packet_type(), version) {
        return Vec::new();
    }
    match packet {
        Packet::Connack(connack) => vec![connack.reason],
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            vec![ack.outcome.reason()]
        }
        Packet::Disconnect(disconnect) => vec![disconnect.outcome.reason()],
        Packet::Auth(auth) => vec![auth.outcome.reason()],
        Packet::Suback(suback) => suback
            .reasons
            .iter()
            .copied()
            .map(ReasonCode::new)
            .collect(),
        Packet::Unsuback(unsuback) => {
            let codes = unsuback.reasons.iter().copied();
            codes.map(ReasonCode::new).collect()
        }
        Packet::Connect(_)
        | Packet::Publish(_)
        | Packet::Subscribe(_)
        | Packet::Unsubscribe(_)
        | Packet::Pingreq
        | Packet::Pingresp => Vec::new(),
    }
}

fn reason(code: ReasonCode, packet: PacketType, from: Sender, version: ProtocolVersion) -> String {
    format!("reason {code} in {} from {from:?} {version}", packet.name())
}

fn allowed(property: PropertyId, place: PropertyPlace) -> String {
    format!("{} in {}", property.name(), place.name())
}

fn misplaced(property: PropertyId, place: PropertyPlace) -> String {
    format!(
        "{} where it may not stand, in {}",
        property.name(),
        place.name()
    )
}

fn repeated(property: PropertyId, place: PropertyPlace) -> String {
    format!("{} twice in {}", property.name(), place.name())
}

/// Every place of the property table.
const PLACES: [PropertyPlace; 14] = [
    PropertyPlace::Connect,
    PropertyPlace::Connack,
    PropertyPlace::Publish,
    PropertyPlace::Will,
    PropertyPlace::Puback,
    PropertyPlace::Pubrec,
    PropertyPlace::Pubrel,
    PropertyPlace::Pubcomp,
    PropertyPlace::Subscribe,
    PropertyPlace::Suback,
    PropertyPlace::Unsubscribe,
    PropertyPlace::Unsuback,
    PropertyPlace::Disconnect,
    PropertyPlace::Auth,
];
