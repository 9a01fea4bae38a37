//! The valid packets that mistakes are made in.

use mqtt_assay_codec::property::PropertyPlace;
use mqtt_assay_codec::{PacketType, ProtocolVersion};

use super::mistake::{CAPTURED_ID, packet, with_value};
use crate::scenario::{Operand, Outgoing};

/// How much of a packet is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// What is needed; a reason where there can be one.
    Plain,
    /// Every field and property that may stand there and asks for no capability.
    Full,
}

/// A valid packet; `None` where the version has none such.
pub(super) fn base(
    packet_type: PacketType,
    form: Form,
    version: ProtocolVersion,
) -> Option<Outgoing> {
    let row = ROWS.iter().find(|row| row.packet_type == packet_type)?;
    let text = match (version, form) {
        (ProtocolVersion::V3_1_1, Form::Plain) => row.plain,
        (ProtocolVersion::V3_1_1, Form::Full) => row.full,
        (ProtocolVersion::V5_0, Form::Plain) => row.plain_5_0,
        (ProtocolVersion::V5_0, Form::Full) => row.full_5_0,
    };
    let packet = packet(text)?;
    if is_answer(packet_type) {
        return with_value(&packet, "id", Operand::Variable(CAPTURED_ID.to_owned()));
    }
    Some(packet)
}

/// A valid packet to which properties of a place can be added.
pub(super) fn base_of(place: PropertyPlace) -> Option<Outgoing> {
    if place == PropertyPlace::Will {
        return packet(WITH_WILL);
    }
    base(packet_of(place)?, Form::Plain, ProtocolVersion::V5_0)
}

/// The packet type in which a place is; `None` for those that only servers send.
pub(super) fn packet_of(place: PropertyPlace) -> Option<PacketType> {
    Some(match place {
        PropertyPlace::Connect | PropertyPlace::Will => PacketType::Connect,
        PropertyPlace::Publish => PacketType::Publish,
        PropertyPlace::Puback => PacketType::Puback,
        PropertyPlace::Pubrec => PacketType::Pubrec,
        PropertyPlace::Pubrel => PacketType::Pubrel,
        PropertyPlace::Pubcomp => PacketType::Pubcomp,
        PropertyPlace::Subscribe => PacketType::Subscribe,
        PropertyPlace::Unsubscribe => PacketType::Unsubscribe,
        PropertyPlace::Disconnect => PacketType::Disconnect,
        PropertyPlace::Auth => PacketType::Auth,
        PropertyPlace::Connack | PropertyPlace::Suback | PropertyPlace::Unsuback => return None,
    })
}

/// Whether the packet answers one of the broker, whose identifier it has.
pub(super) const fn is_answer(packet_type: PacketType) -> bool {
    matches!(
        packet_type,
        PacketType::Puback | PacketType::Pubrec | PacketType::Pubcomp
    )
}

/// The packet types that a client may send in some version, in the order of their numbers.
pub(super) fn of_clients() -> impl Iterator<Item = PacketType> {
    use mqtt_assay_codec::packet::Sender;
    PacketType::ALL
        .into_iter()
        .filter(|it| it.is_sent_by(Sender::Client, ProtocolVersion::V5_0))
}

/// Every valid packet of a client.
pub(super) fn all() -> impl Iterator<Item = (ProtocolVersion, Outgoing)> {
    let forms = [Form::Plain, Form::Full];
    of_clients()
        .flat_map(move |it| forms.map(|form| (it, form)))
        .flat_map(|(it, form)| ProtocolVersion::ALL.map(|version| (it, form, version)))
        .filter_map(|(it, form, version)| Some((version, base(it, form, version)?)))
}

/// A packet type with its valid packets; an empty text where a version has none.
struct Row {
    packet_type: PacketType,
    plain: &'static str,
    full: &'static str,
    plain_5_0: &'static str,
    full_5_0: &'static str,
}

/// An acknowledgement: 3.1.1 has one form.
const fn ack(
    packet_type: PacketType,
    plain: &'static str,
    plain_5_0: &'static str,
    full_5_0: &'static str,
) -> Row {
    Row {
        packet_type,
        plain,
        full: plain,
        plain_5_0,
        full_5_0,
    }
}

const WITH_WILL: &str =
    r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 will-topic="{ns}/w" will-payload="w""#;

const ROWS: &[Row] = &[
    Row {
        packet_type: PacketType::Connect,
        plain: r#"CONNECT client-id="{ns}c" clean-start keep-alive=60"#,
        full: r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 will-topic="{ns}/w" will-payload="ww" user-name="user" password="word""#,
        plain_5_0: r#"CONNECT client-id="{ns}c" clean-start keep-alive=60"#,
        full_5_0: r#"CONNECT client-id="{ns}c" clean-start keep-alive=60 will-topic="{ns}/w" will-payload="ww" user-name="user" password="word" session-expiry=0 receive-maximum=10 maximum-packet-size=65536 topic-alias-maximum=0 request-response-information=0 request-problem-information=1 user-property="k":"v" will-delay=0 will-payload-format=0 will-message-expiry=60 will-content-type="t" will-response-topic="r" will-correlation-data="c" will-user-property="k":"v""#,
    },
    Row {
        packet_type: PacketType::Connack,
        plain: "CONNACK reason=0x00",
        full: "CONNACK session-present reason=0x00",
        plain_5_0: "CONNACK reason=0x00",
        full_5_0: r#"CONNACK reason=0x00 receive-maximum=10 reason-string="r" user-property="k":"v""#,
    },
    Row {
        packet_type: PacketType::Publish,
        plain: r#"PUBLISH topic="{ns}/t" payload="m""#,
        full: r#"PUBLISH qos=1 id=7 topic="{ns}/t""#,
        plain_5_0: r#"PUBLISH topic="{ns}/t" payload="m""#,
        full_5_0: r#"PUBLISH qos=1 id=7 topic="{ns}/t" payload-format=0 message-expiry=60 content-type="t" response-topic="r" correlation-data="c" user-property="k":"v""#,
    },
    ack(
        PacketType::Puback,
        "PUBACK id=1",
        "PUBACK id=1 reason=0x00",
        r#"PUBACK id=1 reason=0x00 reason-string="r" user-property="k":"v""#,
    ),
    ack(
        PacketType::Pubrec,
        "PUBREC id=1",
        "PUBREC id=1 reason=0x00",
        r#"PUBREC id=1 reason=0x00 reason-string="r" user-property="k":"v""#,
    ),
    ack(
        PacketType::Pubrel,
        "PUBREL id=7",
        "PUBREL id=7 reason=0x00",
        r#"PUBREL id=7 reason=0x00 reason-string="r" user-property="k":"v""#,
    ),
    ack(
        PacketType::Pubcomp,
        "PUBCOMP id=1",
        "PUBCOMP id=1 reason=0x00",
        r#"PUBCOMP id=1 reason=0x00 reason-string="r" user-property="k":"v""#,
    ),
    Row {
        packet_type: PacketType::Subscribe,
        plain: r#"SUBSCRIBE id=1 filter="{ns}/t" qos=0"#,
        full: r#"SUBSCRIBE id=1 filter="{ns}/t" qos=0 filter="{ns}/u" qos=0"#,
        plain_5_0: r#"SUBSCRIBE id=1 filter="{ns}/t" qos=0"#,
        full_5_0: r#"SUBSCRIBE id=1 user-property="k":"v" filter="{ns}/t" qos=0 filter="{ns}/u" qos=0"#,
    },
    ack(
        PacketType::Suback,
        "SUBACK id=1 reason=0x00",
        "SUBACK id=1 reason=0x00",
        r#"SUBACK id=1 reason-string="r" user-property="k":"v" reason=0x00"#,
    ),
    Row {
        packet_type: PacketType::Unsubscribe,
        plain: r#"UNSUBSCRIBE id=1 filter="{ns}/t""#,
        full: r#"UNSUBSCRIBE id=1 filter="{ns}/t" filter="{ns}/u""#,
        plain_5_0: r#"UNSUBSCRIBE id=1 filter="{ns}/t""#,
        full_5_0: r#"UNSUBSCRIBE id=1 user-property="k":"v" filter="{ns}/t" filter="{ns}/u""#,
    },
    ack(
        PacketType::Unsuback,
        "UNSUBACK id=1",
        "UNSUBACK id=1 reason=0x00",
        r#"UNSUBACK id=1 reason-string="r" user-property="k":"v" reason=0x00"#,
    ),
    ack(PacketType::Pingreq, "PINGREQ", "PINGREQ", "PINGREQ"),
    ack(PacketType::Pingresp, "PINGRESP", "PINGRESP", "PINGRESP"),
    ack(
        PacketType::Disconnect,
        "DISCONNECT",
        "DISCONNECT reason=0x00",
        r#"DISCONNECT reason=0x00 session-expiry=0 reason-string="r" user-property="k":"v""#,
    ),
    ack(
        PacketType::Auth,
        "",
        r#"AUTH reason=0x19 authentication-method="X-NO-SUCH-METHOD""#,
        r#"AUTH reason=0x19 authentication-method="X-NO-SUCH-METHOD" authentication-data="d" reason-string="r" user-property="k":"v""#,
    ),
];
