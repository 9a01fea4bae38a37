//! Limits of either side, and what the broker does not offer.

use mqtt_assay::broker::BrokerOptions;
use mqtt_assay_codec::ProtocolVersion::V5_0;
use mqtt_assay_codec::Qos;

use super::{check, check_with};

fn small() -> BrokerOptions {
    BrokerOptions {
        maximum_packet_size: 100,
        receive_maximum: 1,
        ..BrokerOptions::default()
    }
}

fn poor() -> BrokerOptions {
    BrokerOptions {
        maximum_qos: Qos::AtLeastOnce,
        retain_available: false,
        wildcard_available: false,
        subscription_id_available: false,
        shared_available: false,
        ..BrokerOptions::default()
    }
}

#[test]
fn a_message_too_large_for_the_client_is_left_out() {
    check(
        V5_0,
        r##"
        s opens
        s -> CONNECT client-id="s" clean-start maximum-packet-size=24
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="t" qos=1
        s <- SUBACK id=1 reason=0x01
        s -> PUBLISH qos=1 id=1 topic="t" payload="x"*20
        s <- PUBACK id=1
        s -> PUBLISH qos=1 id=2 topic="t" payload="x"
        s <- PUBACK id=2
        s <- PUBLISH qos=1 id=2 topic="t" payload="x"
        "##,
    );
}

#[test]
fn a_packet_too_large_for_the_broker_is_refused() {
    check_with(
        small(),
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00 receive-maximum=1 maximum-packet-size=100 topic-alias-maximum=16
        c -> PUBLISH topic="t" payload="x"*93
        c -> PUBLISH topic="t" payload="x"*96
        c <- DISCONNECT reason=0x95 reason-string="PUBLISH of 102 bytes; allowed are at most 100 (byte 1)"
        c <- closed
        "##,
    );
}

#[test]
fn receive_maximum_is_enforced() {
    check_with(
        small(),
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00 receive-maximum=1 maximum-packet-size=100 topic-alias-maximum=16
        c -> PUBLISH qos=2 id=1 topic="t" payload="x"
        c <- PUBREC id=1 reason=0x10
        c -> PUBLISH qos=1 id=2 topic="t" payload="x"
        c <- PUBACK id=2 reason=0x10
        c -> PUBLISH qos=2 id=3 topic="t" payload="x"
        c <- DISCONNECT reason=0x93 reason-string="more unfinished messages than receive-maximum"
        c <- closed
        "##,
    );
}

#[test]
fn what_is_not_offered_is_refused() {
    check_with(
        poor(),
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00 receive-maximum=64 maximum-qos=1 retain-available=0 maximum-packet-size=4194304 topic-alias-maximum=16 wildcard-available=0 subscription-id-available=0 shared-available=0
        c -> SUBSCRIBE id=1 filter="t" qos=2
        c <- SUBACK id=1 reason=0x01
        c -> SUBSCRIBE id=2 filter="+" qos=2
        c <- SUBACK id=2 reason-string="filters have no wildcards here" reason=0xa2
        c -> SUBSCRIBE id=3 filter="$share/g/t" qos=2
        c <- SUBACK id=3 reason-string="subscriptions are not shared here" reason=0x9e
        c -> SUBSCRIBE id=4 subscription-id=1 filter="t" qos=2
        c <- SUBACK id=4 reason-string="subscriptions have no identifiers here" reason=0xa1
        c -> PUBLISH qos=2 id=1 topic="t" payload="x"
        c <- DISCONNECT reason=0x9b reason-string="a QoS above the maximum"
        c <- closed
        d opens
        d -> CONNECT client-id="d" clean-start
        d <- CONNACK reason=0x00 receive-maximum=64 maximum-qos=1 retain-available=0 maximum-packet-size=4194304 topic-alias-maximum=16 wildcard-available=0 subscription-id-available=0 shared-available=0
        d -> PUBLISH retain topic="t" payload="x"
        d <- DISCONNECT reason=0x9a reason-string="messages are not retained"
        d <- closed
        e opens
        e -> CONNECT client-id="e" clean-start will-topic="t" will-payload="x" will-retain
        e <- CONNACK reason=0x9a reason-string="a will to be retained"
        e <- closed
        f opens
        f -> CONNECT client-id="f" clean-start will-topic="t" will-payload="x" will-qos=2
        f <- CONNACK reason=0x9b reason-string="the QoS of the will"
        f <- closed
        "##,
    );
}

#[test]
fn aliases_are_used_where_the_client_takes_them() {
    check_with(
        BrokerOptions {
            sends_topic_aliases: true,
            ..BrokerOptions::default()
        },
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start topic-alias-maximum=1
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="#" qos=0
        c <- SUBACK id=1 reason=0x00
        c -> PUBLISH topic="one" payload="1"
        c <- PUBLISH topic="one" payload="1" topic-alias=1
        c -> PUBLISH topic="one" payload="2"
        c <- PUBLISH payload="2" topic-alias=1
        c -> PUBLISH topic="two" payload="3"
        c <- PUBLISH topic="two" payload="3"
        "##,
    );
}

#[test]
fn a_message_goes_without_an_alias_where_there_is_no_room_for_one() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start topic-alias-maximum=2 maximum-packet-size=40
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="#" qos=0
        c <- SUBACK id=1 reason=0x00
        c -> PUBLISH topic="t" payload="x"*33
        c <- PUBLISH topic="t" payload="x"*33
        c -> PUBLISH topic="t" payload="y"
        c <- PUBLISH topic="t" payload="y" topic-alias=1
        c -> PUBLISH topic="t" payload="x"*34
        c <- PUBLISH topic="t" payload="x"*34
        "##,
    );
}

#[test]
fn no_answer_is_larger_than_the_client_takes() {
    check(
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start maximum-packet-size=18 authentication-method="other"
        a <- CONNACK reason=0x8c
        a <- closed
        b opens
        b -> CONNECT client-id="b" clean-start maximum-packet-size=12
        b <- closed
        c opens
        c -> CONNECT client-id="c" clean-start maximum-packet-size=18
        c <- CONNACK reason=0x00
        c -> PUBLISH qos=1 id=1 topic="t" payload="x"
        c <- PUBACK id=1 reason=0x10
        c -> hex 82 00
        c <- DISCONNECT reason=0x81
        c <- closed
        "##,
    );
}
