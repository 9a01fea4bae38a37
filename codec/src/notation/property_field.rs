//! The fields of properties: one for each row of the property table, and one more with the prefix `will-`.

use std::sync::LazyLock;

use super::{FieldKind, FieldSpec};
use crate::packet::PacketType;
use crate::property::{PropertyId, PropertyPlace, PropertyType};

/// Where in a packet a property stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PropertySet {
    /// The properties of the packet.
    Packet,
    /// The Will Properties of CONNECT.
    Will,
}

/// A property of the packet or, with the prefix `will-`, of the Will, by the name of its field.
pub(super) fn property_of(
    packet_type: PacketType,
    name: &str,
) -> Option<(PropertySet, PropertyId)> {
    let property_names = property_names();
    let find = |is_name: &dyn Fn(&PropertyNames) -> bool| {
        property_names
            .iter()
            .find(|names| is_name(names))
            .map(|names| names.id)
    };
    if packet_type == PacketType::Connect
        && let Some(id) = find(&|names| names.will_name == name)
    {
        return Some((PropertySet::Will, id));
    }
    find(&|names| names.id.name() == name).map(|id| (PropertySet::Packet, id))
}

/// The name of a property's field.
pub(super) fn property_name(set: PropertySet, id: PropertyId) -> &'static str {
    match set {
        PropertySet::Packet => id.name(),
        PropertySet::Will => property_names()
            .iter()
            .find(|names| names.id == id)
            .map_or("", |names| names.will_name),
    }
}

/// The fields of the properties that may stand in a packet.
pub(super) fn legal_properties(packet_type: PacketType) -> impl Iterator<Item = FieldSpec> {
    property_specs(PropertySet::Packet, place_of(packet_type))
}

/// The fields of the properties that may stand in a place; of all properties, if no place is given.
pub(super) fn property_specs(
    set: PropertySet,
    place: Option<PropertyPlace>,
) -> impl Iterator<Item = FieldSpec> {
    let in_place =
        move |names: &&PropertyNames| place.is_none_or(|place| names.id.is_allowed_in(place));
    property_names().iter().filter(in_place).map(move |names| {
        let id = names.id;
        let (name, full_name) = match set {
            PropertySet::Packet => (id.name(), id.full_name()),
            PropertySet::Will => (names.will_name, names.will_full_name),
        };
        let is_repeated = place.is_some_and(|place| id.is_repeatable_in(place));
        FieldSpec {
            name,
            alias: (full_name != name).then_some(full_name),
            kind: match id.value_type() {
                PropertyType::Byte => FieldKind::Number { bits: 8 },
                PropertyType::TwoByteInteger => FieldKind::Number { bits: 16 },
                PropertyType::FourByteInteger => FieldKind::Number { bits: 32 },
                PropertyType::VariableByteInteger => FieldKind::Number { bits: 28 },
                PropertyType::Utf8String | PropertyType::BinaryData => FieldKind::Bytes,
                PropertyType::Utf8StringPair => FieldKind::Pair,
            },
            is_repeated,
            is_v5_only: true,
        }
    })
}

/// Where the properties of a packet stand, in the words of the property table.
const fn place_of(packet_type: PacketType) -> Option<PropertyPlace> {
    Some(match packet_type {
        PacketType::Connect => PropertyPlace::Connect,
        PacketType::Connack => PropertyPlace::Connack,
        PacketType::Publish => PropertyPlace::Publish,
        PacketType::Puback => PropertyPlace::Puback,
        PacketType::Pubrec => PropertyPlace::Pubrec,
        PacketType::Pubrel => PropertyPlace::Pubrel,
        PacketType::Pubcomp => PropertyPlace::Pubcomp,
        PacketType::Subscribe => PropertyPlace::Subscribe,
        PacketType::Suback => PropertyPlace::Suback,
        PacketType::Unsubscribe => PropertyPlace::Unsubscribe,
        PacketType::Unsuback => PropertyPlace::Unsuback,
        PacketType::Disconnect => PropertyPlace::Disconnect,
        PacketType::Auth => PropertyPlace::Auth,
        PacketType::Pingreq | PacketType::Pingresp => return None,
    })
}

/// The names of a property's field where it belongs to the Will.
struct PropertyNames {
    id: PropertyId,
    will_name: &'static str,
    will_full_name: &'static str,
}

fn property_names() -> &'static [PropertyNames] {
    static NAMES: LazyLock<Vec<PropertyNames>> = LazyLock::new(|| {
        // Leaked once for each property, so that fields can be named by static texts.
        let will = |name: &str| &*format!("will-{name}").leak();
        PropertyId::ALL
            .iter()
            .map(|&id| PropertyNames {
                id,
                will_name: will(id.name()),
                will_full_name: will(id.full_name()),
            })
            .collect()
    });
    &NAMES
}
