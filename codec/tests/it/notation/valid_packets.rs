//! Valid packets of any kind, as drafts.

use mqtt_assay_codec::notation::{Draft, Field, FieldKind, FieldSpec, Value, fields};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{
    PacketType,
    ProtocolVersion::{self, V3_1_1, V5_0},
    ReasonCode,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A version to read a packet in, and a draft of a valid packet.
pub(super) fn valid_draft() -> impl Strategy<Value = (ProtocolVersion, Draft)> {
    let version = select(&ProtocolVersion::ALL);
    (version, select(&PacketType::ALL), any::<bool>())
        .prop_filter("AUTH is of 5.0", |(version, packet_type, _)| {
            *packet_type != PacketType::Auth || *version == V5_0
        })
        .prop_flat_map(|(version, packet_type, is_other)| {
            let draft = draft_of(packet_type, version);
            draft.prop_map(move |mut draft| {
                // A CONNECT is read by the level that it carries, whatever the version.
                if packet_type == PacketType::Connect && is_other {
                    let level = u32::from(version.level());
                    draft
                        .fields
                        .insert(0, new("protocol-level", Value::Number(level)));
                    let other = if version == V5_0 { V3_1_1 } else { V5_0 };
                    return (other, draft);
                }
                (version, draft)
            })
        })
}

fn draft_of(packet_type: PacketType, version: ProtocolVersion) -> impl Strategy<Value = Draft> {
    let is_of_version = |spec: &&FieldSpec| version == V5_0 || !spec.is_v5_only;
    let single: Vec<_> = fields(packet_type)
        .iter()
        .filter(is_of_version)
        .filter(|spec| !is_grouped(packet_type, spec.name))
        .map(|spec| {
            let count = if spec.is_repeated { 0..4 } else { 0..2 };
            let value = value(packet_type, version, spec);
            vec(value.prop_map(|value| new(spec.name, value)), count)
        })
        .collect();
    let groups = vec(group(packet_type, version), 1..4);
    (single, groups).prop_map(move |(single, groups)| {
        let mut fields: Vec<Field> = single.into_iter().flatten().collect();
        repair(packet_type, version, &mut fields);
        fields.extend(groups.into_iter().flatten());
        Draft {
            packet_type,
            fields,
        }
    })
}

/// What SUBSCRIBE, UNSUBSCRIBE, SUBACK and UNSUBACK have once or more.
fn group(packet_type: PacketType, version: ProtocolVersion) -> BoxedStrategy<Vec<Field>> {
    match (packet_type, version) {
        (PacketType::Subscribe, _) => {
            let handling = 0..if version == V5_0 { 3u32 } else { 1 };
            (filter(), 0..3u32, any::<[bool; 2]>(), handling)
                .prop_map(move |(filter, qos, [no_local, as_published], handling)| {
                    let is_shared = filter.starts_with("$share/");
                    let flag = |is_set| Value::Flag(is_set && version == V5_0);
                    let mut fields = vec![
                        new("filter", Value::Bytes(filter.into_bytes())),
                        new("qos", Value::Number(qos)),
                        new("no-local", flag(no_local && !is_shared)),
                        new("retain-as-published", flag(as_published)),
                    ];
                    fields.push(new("retain-handling", Value::Number(handling)));
                    fields
                })
                .boxed()
        }
        (PacketType::Unsubscribe, _) => filter()
            .prop_map(|filter| vec![new("filter", Value::Bytes(filter.into_bytes()))])
            .boxed(),
        (PacketType::Suback, _) | (PacketType::Unsuback, V5_0) => reason(packet_type, version)
            .prop_map(|reason| vec![new("reason", reason)])
            .boxed(),
        _ => Just(Vec::new()).boxed(),
    }
}

/// Makes fields that were chosen one by one agree with each other.
fn repair(packet_type: PacketType, version: ProtocolVersion, fields: &mut Vec<Field>) {
    let is_any = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
    let need = |fields: &mut Vec<Field>, name, value| {
        if !is_any(fields, name) {
            fields.push(new(name, value));
        }
    };
    let empty = || Value::Bytes(Vec::new());
    let text = || Value::Bytes(b"a".to_vec());
    match packet_type {
        PacketType::Connect if is_any(fields, "will-topic") => {
            need(fields, "will-payload", empty());
        }
        PacketType::Connect => fields.retain(|field| !field.name.starts_with("will-")),
        PacketType::Connack if is_any(fields, "session-present") => {
            fields.retain(|field| field.name != "reason");
        }
        PacketType::Publish => {
            let qos_0 = Value::Number(0);
            let has_qos = fields
                .iter()
                .any(|field| field.name == "qos" && field.value != qos_0);
            if has_qos {
                need(fields, "id", Value::Number(1));
            } else {
                fields.retain(|field| !matches!(field.name, "id" | "dup"));
            }
            if !is_any(fields, "topic-alias") {
                need(fields, "topic", text());
            }
        }
        PacketType::Connack
        | PacketType::Pingreq
        | PacketType::Pingresp
        | PacketType::Disconnect => {}
        PacketType::Auth => need(fields, "authentication-method", text()),
        PacketType::Puback
        | PacketType::Pubrec
        | PacketType::Pubrel
        | PacketType::Pubcomp
        | PacketType::Subscribe
        | PacketType::Suback
        | PacketType::Unsubscribe
        | PacketType::Unsuback => need(fields, "id", Value::Number(1)),
    }
    let has_client_id =
        |field: &Field| field.name == "client-id" && field.value != Value::Bytes(Vec::new());
    if packet_type == PacketType::Connect && !fields.iter().any(has_client_id) {
        need(fields, "clean-start", Value::Flag(true));
    }
    if version == V3_1_1 && is_any(fields, "password") {
        need(fields, "user-name", empty());
    }
    if is_any(fields, "authentication-data") {
        need(fields, "authentication-method", text());
    }
    if packet_type == PacketType::Auth {
        // Without a method there is no AUTH, so a property length alone says nothing.
        fields.retain(|field| field.name != "empty-properties");
    }
}

/// A legal value of a field.
fn value(
    packet_type: PacketType,
    version: ProtocolVersion,
    spec: &FieldSpec,
) -> BoxedStrategy<Value> {
    let name = spec.name;
    let number = |range: std::ops::RangeInclusive<u32>| range.prop_map(Value::Number).boxed();
    match (name, spec.kind) {
        ("protocol-name", _) => Just(Value::Bytes(b"MQTT".to_vec())).boxed(),
        ("protocol-level", _) => number(version.level().into()..=version.level().into()),
        ("qos" | "will-qos", _) => number(0..=2),
        ("id" | "receive-maximum" | "topic-alias", _) => number(1..=65_535),
        ("maximum-packet-size", _) => number(1..=u32::MAX),
        ("subscription-id", _) => number(1..=268_435_455),
        ("reason", _) => reason(packet_type, version),
        ("topic" | "will-topic" | "response-topic" | "will-response-topic", _) => topic()
            .prop_map(|topic| Value::Bytes(topic.into_bytes()))
            .boxed(),
        (
            "will-payload" | "password" | "payload" | "correlation-data" | "authentication-data",
            _,
        ) => vec(any::<u8>(), 0..40).prop_map(Value::Bytes).boxed(),
        (_, FieldKind::Number { bits: 8 }) => number(0..=1),
        (_, FieldKind::Number { bits }) => number(0..=u32::MAX >> (32 - bits)),
        (_, FieldKind::Flag) => Just(Value::Flag(true)).boxed(),
        (_, FieldKind::Bytes) => text()
            .prop_map(|text| Value::Bytes(text.into_bytes()))
            .boxed(),
        (_, FieldKind::Pair) => (text(), text())
            .prop_map(|(name, value)| Value::Pair(name.into_bytes(), value.into_bytes()))
            .boxed(),
    }
}

fn reason(packet_type: PacketType, version: ProtocolVersion) -> BoxedStrategy<Value> {
    let is_allowed =
        |code: &u8| ReasonCode::new(*code).is_allowed_in(packet_type, version, Sender::Either);
    let codes: Vec<u8> = (0..=0xFF).filter(is_allowed).collect();
    if codes.is_empty() {
        return Just(Value::Number(0)).boxed();
    }
    select(codes)
        .prop_map(|code| Value::Number(code.into()))
        .boxed()
}

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        ".{0,6}",
        vec(any::<char>(), 0..6).prop_map(String::from_iter)
    ];
    (part, prop_oneof![4 => Just(1), 1 => 30..40usize])
        .prop_map(|(part, count)| part.replace('\0', "").repeat(count))
}

fn topic() -> impl Strategy<Value = String> {
    text().prop_map(|text| format!("a{}", text.replace(['+', '#'], "/")))
}

fn filter() -> impl Strategy<Value = String> {
    let start = select(&["", "$share/g/", "+/", "$SYS/"]);
    (start, topic(), select(&["", "/+", "/#", "/+/#"]))
        .prop_map(|(start, topic, end)| format!("{start}{topic}{end}"))
}

fn new(name: &'static str, value: Value) -> Field {
    Field { name, value }
}

/// Whether [`group`] makes the field.
fn is_grouped(packet_type: PacketType, name: &str) -> bool {
    matches!(
        (packet_type, name),
        (
            PacketType::Subscribe,
            "filter" | "qos" | "no-local" | "retain-as-published" | "retain-handling"
        ) | (PacketType::Unsubscribe, "filter")
            | (PacketType::Suback | PacketType::Unsuback, "reason")
    )
}
