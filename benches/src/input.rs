//! The byte streams that every codec decodes, and encodes again.

use mqtt_assay_codec::packet::{
    Ack, Auth, Connack, Connect, Delivery, Disconnect, FiltersBuf, Outcome, PacketId, Publish,
    Suback, Subscribe, Subscription, SubscriptionOptions, SubscriptionsBuf, Unsuback, Unsubscribe,
    Will,
};
use mqtt_assay_codec::property::{Properties, PropertiesBuf, Property};
use mqtt_assay_codec::topic::{TopicFilter, TopicName};
use mqtt_assay_codec::{Packet, ProtocolVersion, Qos, ReasonCode};

/// A stream of whole packets.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Stream {
    /// Its name in the names of benchmarks.
    pub name: &'static str,
    /// The version of its packets.
    pub version: ProtocolVersion,
    /// The packets, one behind the other. They live as long as the run, so that decoded packets may borrow from them.
    pub bytes: &'static [u8],
    /// How many there are.
    pub packet_count: usize,
}

impl Stream {
    /// Small PUBLISH packets of QoS 1: a topic of 24 bytes, a payload of 32; in 5.0 an expiry and a user property.
    #[must_use]
    pub fn small(version: ProtocolVersion) -> Self {
        let mut properties = PropertiesBuf::new();
        push(&mut properties, Property::MessageExpiryInterval(3_600));
        push(&mut properties, Property::UserProperty(("unit", "kelvin")));
        let properties = properties.as_properties();
        let packet = |number| publish(Qos::AtLeastOnce, number, TOPIC, properties, &[b'p'; 32]);
        Self::of("publish/small", version, SMALL_LEN, packet)
    }

    /// PUBLISH packets of QoS 1 with a payload of 64 KiB.
    #[must_use]
    pub fn payload_64k(version: ProtocolVersion) -> Self {
        let payload = vec![b'p'; 64 << 10];
        let packet = |number| publish(Qos::AtLeastOnce, number, TOPIC, Properties::EMPTY, &payload);
        Self::of("publish/64k", version, LARGE_LEN, packet)
    }

    /// PUBLISH packets of QoS 1 with a payload of 1 MiB.
    #[must_use]
    pub fn payload_1m(version: ProtocolVersion) -> Self {
        let payload = vec![b'p'; 1 << 20];
        let packet = |number| publish(Qos::AtLeastOnce, number, TOPIC, Properties::EMPTY, &payload);
        Self::of("publish/1m", version, LARGE_LEN, packet)
    }

    /// Every packet type in turn, most of them PUBLISH and acknowledgements.
    #[must_use]
    pub fn mixed(version: ProtocolVersion) -> Self {
        let mut once = Vec::new();
        let packet_count = write_mixed(version, &mut once);
        let times = SMALL_LEN / once.len() + 1;
        Self {
            name: "mixed",
            version,
            bytes: once.repeat(times).leak(),
            packet_count: packet_count * times,
        }
    }

    fn of<'a>(
        name: &'static str,
        version: ProtocolVersion,
        len: usize,
        packet: impl Fn(PacketId) -> Packet<'a>,
    ) -> Self {
        let mut bytes = Vec::new();
        let mut packet_count = 0;
        while bytes.len() < len {
            let number = PacketId::MIN.saturating_add(packet_count);
            write(&packet(number), version, &mut bytes);
            packet_count += 1;
        }
        Self {
            name,
            version,
            bytes: bytes.leak(),
            packet_count: usize::from(packet_count),
        }
    }
}

/// The length of a stream of small packets, in bytes: 1 MiB, or a little more.
const SMALL_LEN: usize = 1 << 20;

/// The length of a stream of large packets, in bytes: 16 MiB, so that there are several of 1 MiB.
const LARGE_LEN: usize = 16 << 20;

/// A topic name of 24 bytes.
pub const TOPIC: &str = "plant/line/7/temperature";

fn publish<'a>(
    qos: Qos,
    packet_id: PacketId,
    topic: &'a str,
    properties: Properties<'a>,
    payload: &'a [u8],
) -> Packet<'a> {
    let dup = false;
    Packet::Publish(Publish {
        delivery: match qos {
            Qos::AtMostOnce => Delivery::AtMostOnce,
            Qos::AtLeastOnce => Delivery::AtLeastOnce { packet_id, dup },
            Qos::ExactlyOnce => Delivery::ExactlyOnce { packet_id, dup },
        },
        retain: false,
        topic: Some(name(topic)),
        properties,
        payload,
    })
}

/// Writes one packet of each type, and more of the frequent ones; answers how many.
fn write_mixed(version: ProtocolVersion, bytes: &mut Vec<u8>) -> usize {
    let mut count = 0;
    let mut add = |packet: Packet<'_>| {
        write(&packet, version, bytes);
        count += 1;
    };
    let reason = properties(&[
        Property::ReasonString("as agreed"),
        Property::UserProperty(("node", "b-17")),
    ]);
    let reason = reason.as_properties();
    let expiry = properties(&[Property::MessageExpiryInterval(60)]);
    add_session(version, &mut add);
    add_subscriptions(reason, &mut add);
    for number in 1..=8 {
        let packet_id = PacketId::MIN.saturating_add(number);
        let payload = &[b'm'; 48];
        let expiry = expiry.as_properties();
        add(publish(
            Qos::AtMostOnce,
            packet_id,
            "a/b/c",
            Properties::EMPTY,
            payload,
        ));
        add(publish(Qos::AtLeastOnce, packet_id, TOPIC, expiry, payload));
        add(publish(
            Qos::ExactlyOnce,
            packet_id,
            TOPIC,
            Properties::EMPTY,
            payload,
        ));
        let outcome = Outcome::SUCCESS;
        add(Packet::Puback(Ack { packet_id, outcome }));
        add(Packet::Pubrec(Ack { packet_id, outcome }));
        add(Packet::Pubrel(Ack { packet_id, outcome }));
        let outcome = Outcome::with_properties(ReasonCode::SUCCESS, reason);
        add(Packet::Pubcomp(Ack { packet_id, outcome }));
    }
    add(Packet::Pingreq);
    add(Packet::Pingresp);
    if version.has_reason_codes() {
        let method = properties(&[
            Property::AuthenticationMethod("SCRAM-SHA-256"),
            Property::AuthenticationData(b"n,,n=user,r=nonce"),
        ]);
        let reason = ReasonCode::CONTINUE_AUTHENTICATION;
        let outcome = Outcome::with_properties(reason, method.as_properties());
        add(Packet::Auth(Auth { outcome }));
    }
    add(Packet::Disconnect(Disconnect {
        outcome: Outcome::SUCCESS,
    }));
    count
}

fn add_session(version: ProtocolVersion, add: &mut impl FnMut(Packet<'_>)) {
    let of_connect = properties(&[
        Property::SessionExpiryInterval(3_600),
        Property::ReceiveMaximum(100),
    ]);
    let of_connack = properties(&[Property::TopicAliasMaximum(10), Property::MaximumQos(1)]);
    add(Packet::Connect(Connect {
        version,
        clean_start: true,
        keep_alive: 60,
        properties: of_connect.as_properties(),
        client_id: "sensor-0017",
        will: Some(Will {
            qos: Qos::AtLeastOnce,
            retain: false,
            properties: Properties::EMPTY,
            topic: name("plant/line/7/status"),
            payload: b"offline",
        }),
        user_name: Some("sensor"),
        password: Some(b"secret"),
    }));
    add(Packet::Connack(Connack {
        session_present: false,
        reason: ReasonCode::SUCCESS,
        properties: of_connack.as_properties(),
    }));
}

fn add_subscriptions(reason: Properties<'_>, add: &mut impl FnMut(Packet<'_>)) {
    let packet_id = PacketId::MIN;
    let filters = ["plant/+/7/temperature", "plant/line/#"].map(filter);
    let options = SubscriptionOptions::new(Qos::AtLeastOnce);
    let [first, second] = filters;
    let mut subscriptions = expect(SubscriptionsBuf::new(Subscription {
        filter: first,
        options,
    }));
    expect(subscriptions.push(Subscription {
        filter: second,
        options,
    }));
    let mut unsubscribed = expect(FiltersBuf::new(first));
    expect(unsubscribed.push(second));
    add(Packet::Subscribe(Subscribe {
        packet_id,
        properties: Properties::EMPTY,
        subscriptions: subscriptions.as_subscriptions(),
    }));
    add(Packet::Suback(Suback {
        packet_id,
        properties: reason,
        reasons: &[1, 1],
    }));
    add(Packet::Unsubscribe(Unsubscribe {
        packet_id,
        properties: Properties::EMPTY,
        filters: unsubscribed.as_filters(),
    }));
    add(Packet::Unsuback(Unsuback {
        packet_id,
        properties: reason,
        reasons: &[0, 0],
    }));
}

fn properties(list: &[Property<'_>]) -> PropertiesBuf {
    let mut properties = PropertiesBuf::new();
    for property in list {
        push(&mut properties, *property);
    }
    properties
}

fn push(properties: &mut PropertiesBuf, property: Property<'_>) {
    expect(properties.push(property));
}

fn write(packet: &Packet<'_>, version: ProtocolVersion, bytes: &mut Vec<u8>) {
    expect(packet.encode(version, bytes));
}

fn name(text: &str) -> TopicName<'_> {
    expect(TopicName::new(text))
}

fn filter(text: &str) -> TopicFilter<'_> {
    expect(TopicFilter::new(text, ProtocolVersion::V5_0))
}

#[expect(
    clippy::expect_used,
    reason = "the inputs are fixed, and a run without them means nothing"
)]
fn expect<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("the inputs are valid")
}
