//! Everything that a user can put into packets through the API, legal or not.

use mqtt_assay_codec::packet::{
    Ack, Auth, Connack, Connect, Delivery, Disconnect, FiltersBuf, Outcome, Packet, PacketId,
    Publish, Qos, RetainHandling, Suback, Subscribe, Subscription, SubscriptionOptions,
    SubscriptionsBuf, Unsuback, Unsubscribe, Will,
};
use mqtt_assay_codec::property::{PropertiesBuf, Property, PropertyId, PropertyPlace};
use mqtt_assay_codec::topic::{TopicFilter, TopicName};
use mqtt_assay_codec::{PacketType, ProtocolVersion, ReasonCode};
use proptest::prelude::*;
use proptest::{collection::vec, option, sample::select};

/// The parts of which any packet can be made.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    pub(super) version: ProtocolVersion,
    /// The version by whose rules filters were made.
    pub(super) filter_version: ProtocolVersion,
    pub(super) flag: bool,
    pub(super) bits: u8,
    pub(super) code: u8,
    pub(super) codes: Vec<u8>,
    pub(super) outcome: u8,
    pub(super) packet_id: PacketId,
    pub(super) properties: PropertiesBuf,
    pub(super) will_properties: PropertiesBuf,
    pub(super) topic: Option<&'static str>,
    pub(super) filters: Vec<&'static str>,
    pub(super) text: &'static str,
    pub(super) user_name: Option<&'static str>,
    pub(super) password: Option<&'static str>,
    pub(super) has_will: bool,
}

const TEXTS: &[&str] = &["", "a", "a\0b", "\u{1F600}", "+", "a/#"];
const TOPICS: &[&str] = &["a", "$share/g/t", "/"];
const FILTERS: &[&str] = &[
    "a",
    "#",
    "$share",
    "$share/g/t",
    "$share/",
    "$share/g",
    "$share//t",
    "$share/+/t",
    "$share/#",
];

fn property() -> impl Strategy<Value = Property<'static>> {
    let number = select(&[0, 1, 2, 65_535][..]);
    let texts = (select(TEXTS), select(TEXTS));
    (select(PropertyId::ALL), number, texts).prop_map(|(id, number, (one, two))| {
        let byte = u8::try_from(number).unwrap_or(3);
        let short = u16::try_from(number).unwrap_or_default();
        match id {
            PropertyId::PayloadFormatIndicator => Property::PayloadFormatIndicator(byte),
            PropertyId::MessageExpiryInterval => Property::MessageExpiryInterval(number),
            PropertyId::ContentType => Property::ContentType(one),
            PropertyId::ResponseTopic => Property::ResponseTopic(one),
            PropertyId::CorrelationData => Property::CorrelationData(one.as_bytes()),
            PropertyId::SubscriptionIdentifier => Property::SubscriptionIdentifier(number),
            PropertyId::SessionExpiryInterval => Property::SessionExpiryInterval(number),
            PropertyId::AssignedClientIdentifier => Property::AssignedClientIdentifier(one),
            PropertyId::ServerKeepAlive => Property::ServerKeepAlive(short),
            PropertyId::AuthenticationMethod => Property::AuthenticationMethod(one),
            PropertyId::AuthenticationData => Property::AuthenticationData(one.as_bytes()),
            PropertyId::RequestProblemInformation => Property::RequestProblemInformation(byte),
            PropertyId::WillDelayInterval => Property::WillDelayInterval(number),
            PropertyId::RequestResponseInformation => Property::RequestResponseInformation(byte),
            PropertyId::ResponseInformation => Property::ResponseInformation(one),
            PropertyId::ServerReference => Property::ServerReference(one),
            PropertyId::ReasonString => Property::ReasonString(one),
            PropertyId::ReceiveMaximum => Property::ReceiveMaximum(short),
            PropertyId::TopicAliasMaximum => Property::TopicAliasMaximum(short),
            PropertyId::TopicAlias => Property::TopicAlias(short),
            PropertyId::MaximumQos => Property::MaximumQos(byte),
            PropertyId::RetainAvailable => Property::RetainAvailable(byte),
            PropertyId::UserProperty => Property::UserProperty((one, two)),
            PropertyId::MaximumPacketSize => Property::MaximumPacketSize(number),
            PropertyId::WildcardSubscriptionAvailable => {
                Property::WildcardSubscriptionAvailable(byte)
            }
            PropertyId::SubscriptionIdentifierAvailable => {
                Property::SubscriptionIdentifierAvailable(byte)
            }
            PropertyId::SharedSubscriptionAvailable => Property::SharedSubscriptionAvailable(byte),
        }
    })
}

/// Often none, or such that they may stand in the packet: else nearly everything would be refused for them.
fn properties(place: Option<PropertyPlace>) -> impl Strategy<Value = PropertiesBuf> {
    let one = property().prop_filter("allowed", move |property| {
        place.is_none_or(|place| property.id().is_allowed_in(place))
    });
    prop_oneof![Just(Vec::new()), vec(one, 0..4)].prop_map(|list| buf(&list))
}

pub(super) fn buf(list: &[Property<'_>]) -> PropertiesBuf {
    let mut buf = PropertiesBuf::new();
    for property in list {
        buf.push(*property).unwrap();
    }
    buf
}

pub(super) fn parts(packet: PacketType) -> impl Strategy<Value = Parts> {
    let place = PropertyPlace::ALL
        .into_iter()
        .find(|place| place.name() == packet.name());
    let version = || select(&ProtocolVersion::ALL[..]);
    let code = || prop_oneof![3 => select(&[0, 1, 2, 4, 0x10, 0x11, 0x18, 0x80, 0x87][..]), 1 => any::<u8>()];
    let header = (version(), version(), any::<bool>(), any::<u8>());
    let codes = (code(), vec(code(), 0..3), 0..3u8, 1..=u16::MAX);
    let own = properties(place);
    let some = prop_oneof![4 => own, 1 => properties(None)];
    let lists = (some, properties(Some(PropertyPlace::Will)));
    let texts = (
        option::of(select(TOPICS)),
        vec(select(FILTERS), 1..3),
        select(TEXTS),
        option::of(select(TEXTS)),
        option::of(select(TEXTS)),
        any::<bool>(),
    );
    (header, codes, lists, texts).prop_map(|(header, codes, lists, texts)| Parts {
        version: header.0,
        filter_version: header.1,
        flag: header.2,
        bits: header.3,
        code: codes.0,
        codes: codes.1,
        outcome: codes.2,
        packet_id: PacketId::new(codes.3).unwrap(),
        properties: lists.0,
        will_properties: lists.1,
        topic: texts.0,
        filters: texts.1,
        text: texts.2,
        user_name: texts.3,
        password: texts.4,
        has_will: texts.5,
    })
}

/// Makes a packet and gives it to `use_it`, unless its filters cannot be made.
pub(super) fn with_packet(packet: PacketType, parts: &Parts, use_it: impl FnOnce(&Packet<'_>)) {
    let Parts {
        packet_id, flag, ..
    } = *parts;
    let properties = parts.properties.as_properties();
    let reason = ReasonCode::new(parts.code);
    let outcome = match parts.outcome {
        0 => Outcome::SUCCESS,
        1 => Outcome::new(reason),
        _ => Outcome::with_properties(reason, properties),
    };
    let ack = Ack { packet_id, outcome };
    let filters: Result<Vec<_>, _> = parts
        .filters
        .iter()
        .map(|text| TopicFilter::new(text, parts.filter_version))
        .collect();
    let Ok(filters) = filters else { return };
    let qos = Qos::from_bits(parts.bits % 3).unwrap();
    let topic = |text| TopicName::new(text).unwrap();
    let made = match packet {
        PacketType::Connect => Packet::Connect(Connect {
            version: parts.filter_version,
            clean_start: flag,
            keep_alive: 0,
            properties,
            client_id: parts.text,
            will: parts.has_will.then(|| Will {
                qos,
                retain: flag,
                properties: parts.will_properties.as_properties(),
                topic: topic("w"),
                payload: b"\0",
            }),
            user_name: parts.user_name,
            password: parts.password.map(str::as_bytes),
        }),
        PacketType::Connack => Packet::Connack(Connack {
            session_present: flag,
            reason,
            properties,
        }),
        PacketType::Publish => Packet::Publish(Publish {
            delivery: match qos {
                Qos::AtMostOnce => Delivery::AtMostOnce,
                Qos::AtLeastOnce => Delivery::AtLeastOnce {
                    packet_id,
                    dup: flag,
                },
                Qos::ExactlyOnce => Delivery::ExactlyOnce {
                    packet_id,
                    dup: flag,
                },
            },
            retain: parts.has_will,
            topic: parts.topic.map(topic),
            properties,
            payload: b"\0\xff",
        }),
        PacketType::Puback => Packet::Puback(ack),
        PacketType::Pubrec => Packet::Pubrec(ack),
        PacketType::Pubrel => Packet::Pubrel(ack),
        PacketType::Pubcomp => Packet::Pubcomp(ack),
        PacketType::Subscribe => {
            let handling = RetainHandling::from_bits(parts.bits >> 4)
                .unwrap_or(RetainHandling::SendAtSubscribe);
            let options = SubscriptionOptions {
                qos,
                no_local: flag,
                retain_as_published: false,
                retain_handling: handling,
            };
            let list = filters
                .iter()
                .map(|&filter| Subscription { filter, options });
            let list: Vec<_> = list.collect();
            let mut subscriptions = SubscriptionsBuf::new(list[0]).unwrap();
            for more in &list[1..] {
                subscriptions.push(*more).unwrap();
            }
            let subscribe = Packet::Subscribe(Subscribe {
                packet_id,
                properties,
                subscriptions: subscriptions.as_subscriptions(),
            });
            return use_it(&subscribe);
        }
        PacketType::Unsubscribe => {
            let mut list = FiltersBuf::new(filters[0]).unwrap();
            for more in &filters[1..] {
                list.push(*more).unwrap();
            }
            let unsubscribe = Packet::Unsubscribe(Unsubscribe {
                packet_id,
                properties,
                filters: list.as_filters(),
            });
            return use_it(&unsubscribe);
        }
        PacketType::Suback => Packet::Suback(Suback {
            packet_id,
            properties,
            reasons: &parts.codes,
        }),
        PacketType::Unsuback => Packet::Unsuback(Unsuback {
            packet_id,
            properties,
            reasons: &parts.codes,
        }),
        PacketType::Pingreq => Packet::Pingreq,
        PacketType::Pingresp => Packet::Pingresp,
        PacketType::Disconnect => Packet::Disconnect(Disconnect { outcome }),
        PacketType::Auth => Packet::Auth(Auth { outcome }),
    };
    use_it(&made);
}
