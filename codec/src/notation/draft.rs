//! From valid packets to drafts.

use bytes::Bytes;

use super::property_field::{PropertySet, property_name};
use super::{Field, Value};
use crate::packet::{Connect, Outcome, Packet, Publish, Subscription, Will};
use crate::property::{Properties, PropertyValue};
use crate::version::ProtocolVersion;

/// See [`Draft::of_frame`](super::Draft::of_frame); the frame is empty where its memory is not to be shared.
pub(super) fn fields_of(
    packet: &Packet<'_>,
    version: ProtocolVersion,
    frame: &Bytes,
) -> Vec<Field> {
    let mut fields = Fields {
        fields: Vec::new(),
        frame,
    };
    match packet {
        Packet::Connect(connect) => fields.connect(connect, version),
        Packet::Connack(connack) => {
            fields.flag("session-present", connack.session_present);
            fields.number("reason", connack.reason.code());
            fields.properties(PropertySet::Packet, &connack.properties);
        }
        Packet::Publish(publish) => fields.publish(publish),
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            fields.number("id", ack.packet_id.get());
            fields.outcome(&ack.outcome);
        }
        Packet::Subscribe(subscribe) => {
            fields.number("id", subscribe.packet_id.get());
            fields.properties(PropertySet::Packet, &subscribe.properties);
            for subscription in subscribe.subscriptions.iter() {
                fields.subscription(&subscription);
            }
        }
        Packet::Suback(suback) => {
            fields.number("id", suback.packet_id.get());
            fields.properties(PropertySet::Packet, &suback.properties);
            fields.reasons(suback.reasons);
        }
        Packet::Unsubscribe(unsubscribe) => {
            fields.number("id", unsubscribe.packet_id.get());
            fields.properties(PropertySet::Packet, &unsubscribe.properties);
            for filter in unsubscribe.filters.iter() {
                fields.bytes("filter", filter.as_str());
            }
        }
        Packet::Unsuback(unsuback) => {
            fields.number("id", unsuback.packet_id.get());
            fields.properties(PropertySet::Packet, &unsuback.properties);
            fields.reasons(unsuback.reasons);
        }
        Packet::Pingreq | Packet::Pingresp => {}
        Packet::Disconnect(disconnect) => fields.outcome(&disconnect.outcome),
        Packet::Auth(auth) => fields.outcome(&auth.outcome),
    }
    fields.fields
}

struct Fields<'a> {
    fields: Vec<Field>,
    /// What the packet was decoded from, or nothing.
    frame: &'a Bytes,
}

impl Fields<'_> {
    fn connect(&mut self, connect: &Connect<'_>, version: ProtocolVersion) {
        if connect.version != version {
            self.number("protocol-level", connect.version.level());
        }
        if !connect.client_id.is_empty() {
            self.bytes("client-id", connect.client_id);
        }
        self.flag("clean-start", connect.clean_start);
        if connect.keep_alive != 0 {
            self.number("keep-alive", connect.keep_alive);
        }
        if let Some(will) = &connect.will {
            self.will(will);
        }
        if let Some(user_name) = connect.user_name {
            self.bytes("user-name", user_name);
        }
        if let Some(password) = connect.password {
            self.bytes("password", password);
        }
        self.properties(PropertySet::Packet, &connect.properties);
    }

    /// Topic and payload are always said, even if empty: without the field, their bytes would be missing.
    fn will(&mut self, will: &Will<'_>) {
        self.bytes("will-topic", will.topic.as_str());
        self.bytes("will-payload", will.payload);
        if will.qos.bits() != 0 {
            self.number("will-qos", will.qos.bits());
        }
        self.flag("will-retain", will.retain);
        self.properties(PropertySet::Will, &will.properties);
    }

    fn publish(&mut self, publish: &Publish<'_>) {
        let delivery = publish.delivery;
        if delivery.qos().bits() != 0 {
            self.number("qos", delivery.qos().bits());
        }
        self.flag("dup", delivery.dup());
        self.flag("retain", publish.retain);
        if let Some(packet_id) = delivery.packet_id() {
            self.number("id", packet_id.get());
        }
        if let Some(topic) = publish.topic {
            self.bytes("topic", topic.as_str());
        }
        if !publish.payload.is_empty() {
            let payload = self.kept(publish.payload);
            self.push("payload", Value::Bytes(payload));
        }
        self.properties(PropertySet::Packet, &publish.properties);
    }

    fn subscription(&mut self, subscription: &Subscription<'_>) {
        let options = subscription.options;
        self.bytes("filter", subscription.filter.as_str());
        self.number("qos", options.qos.bits());
        self.flag("no-local", options.no_local);
        self.flag("retain-as-published", options.retain_as_published);
        let retain_handling = options.retain_handling as u8;
        if retain_handling != 0 {
            self.number("retain-handling", retain_handling);
        }
    }

    fn outcome(&mut self, outcome: &Outcome<'_>) {
        if outcome.has_reason() {
            self.number("reason", outcome.reason().code());
        }
        let properties = outcome.properties();
        self.flag(
            "empty-properties",
            outcome.has_properties() && properties.is_empty(),
        );
        self.properties(PropertySet::Packet, &properties);
    }

    fn reasons(&mut self, reasons: &[u8]) {
        for &code in reasons {
            self.number("reason", code);
        }
    }

    fn properties(&mut self, set: PropertySet, properties: &Properties<'_>) {
        for property in properties.iter() {
            let value = match property.value() {
                PropertyValue::Integer(number) => Value::Number(number),
                PropertyValue::Text(text) => Value::Bytes(Bytes::copy_from_slice(text.as_bytes())),
                PropertyValue::Binary(bytes) => Value::Bytes(Bytes::copy_from_slice(bytes)),
                PropertyValue::Pair(name, value) => Value::Pair(name.into(), value.into()),
            };
            self.push(property_name(set, property.id()), value);
        }
    }

    /// A flag that is not set is not said.
    fn flag(&mut self, name: &'static str, is_set: bool) {
        if is_set {
            self.push(name, Value::Flag(true));
        }
    }

    fn number(&mut self, name: &'static str, number: impl Into<u32>) {
        self.push(name, Value::Number(number.into()));
    }

    fn bytes(&mut self, name: &'static str, bytes: impl AsRef<[u8]>) {
        self.push(name, Value::Bytes(Bytes::copy_from_slice(bytes.as_ref())));
    }

    /// A payload to keep. A short one is no reason to hold on to a frame.
    fn kept(&self, payload: &[u8]) -> Bytes {
        let frame = self.frame.as_ptr_range();
        let range = payload.as_ptr_range();
        let is_part = frame.start <= range.start && range.end <= frame.end;
        if is_part && payload.len() >= SHARED_LEN_MIN {
            self.frame.slice_ref(payload)
        } else {
            Bytes::copy_from_slice(payload)
        }
    }

    fn push(&mut self, name: &'static str, value: Value) {
        self.fields.push(Field { name, value });
    }
}

/// From so many bytes on a payload shares the memory of its frame.
const SHARED_LEN_MIN: usize = 64 << 10;
