//! Retained messages.

use mqtt_assay::broker::{AccessRule, BrokerOptions, Denied};
use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

use super::{check, check_both, check_with};

#[test]
fn the_last_retained_message_goes_to_new_subscriptions() {
    check_both(
        r##"
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> PUBLISH retain qos=1 id=1 topic="t/1" payload="first"
        p <- PUBACK id=1
        p -> PUBLISH retain qos=1 id=2 topic="t/1" payload="last"
        p <- PUBACK id=2
        p -> PUBLISH qos=1 id=3 topic="t/1" payload="live"
        p <- PUBACK id=3
        p -> SUBSCRIBE id=4 filter="t/+" qos=0
        p <- SUBACK id=4 reason=0x00
        p <- PUBLISH retain topic="t/1" payload="last"
        p -> SUBSCRIBE id=5 filter="t/+" qos=0
        p <- SUBACK id=5 reason=0x00
        p <- PUBLISH retain topic="t/1" payload="last"
        p -> PUBLISH retain topic="t/1" payload=""
        p <- PUBLISH topic="t/1"
        p -> SUBSCRIBE id=6 filter="t/+" qos=0
        p <- SUBACK id=6 reason=0x00
        "##,
    );
}

#[test]
fn retain_handling_decides_when() {
    check(
        V5_0,
        r##"
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> PUBLISH retain topic="t" payload="x"
        p -> SUBSCRIBE id=1 filter="t" qos=0 retain-handling=2
        p <- SUBACK id=1 reason=0x00
        p -> SUBSCRIBE id=2 filter="t" qos=0 retain-handling=1
        p <- SUBACK id=2 reason=0x00
        p -> UNSUBSCRIBE id=3 filter="t"
        p <- UNSUBACK id=3 reason=0x00
        p -> SUBSCRIBE id=4 filter="t" qos=0 retain-handling=1 subscription-id=5
        p <- SUBACK id=4 reason=0x00
        p <- PUBLISH retain topic="t" payload="x" subscription-id=5
        p -> SUBSCRIBE id=5 filter="$share/g/t" qos=0
        p <- SUBACK id=5 reason=0x00
        "##,
    );
}

#[test]
fn retain_as_published_keeps_the_flag() {
    check(
        V5_0,
        r##"
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> SUBSCRIBE id=1 filter="a" qos=0 retain-as-published
        p <- SUBACK id=1 reason=0x00
        p -> SUBSCRIBE id=2 filter="b" qos=0
        p <- SUBACK id=2 reason=0x00
        p -> PUBLISH retain topic="a" payload="x"
        p <- PUBLISH retain topic="a" payload="x"
        p -> PUBLISH retain topic="b" payload="x"
        p <- PUBLISH topic="b" payload="x"
        "##,
    );
}

#[test]
fn a_retained_message_expires() {
    check(
        V5_0,
        r##"
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> PUBLISH retain topic="t" payload="x" message-expiry=5
        wait 2
        p -> SUBSCRIBE id=1 filter="t" qos=0
        p <- SUBACK id=1 reason=0x00
        p <- PUBLISH retain topic="t" payload="x" message-expiry=3
        wait 3
        p -> SUBSCRIBE id=2 filter="t" qos=0
        p <- SUBACK id=2 reason=0x00
        "##,
    );
}

#[test]
fn what_may_not_be_subscribed_to_is_not_sent_for_a_wider_filter() {
    let options = BrokerOptions {
        denied: vec![AccessRule {
            filter: "secret".to_owned(),
            denied: Denied::Subscribe,
        }],
        ..BrokerOptions::default()
    };
    check_with(
        options,
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> PUBLISH retain topic="secret" payload="x"
        c -> PUBLISH retain topic="open" payload="y"
        c -> SUBSCRIBE id=1 filter="#" qos=0
        c <- SUBACK id=1 reason=0x00
        c <- PUBLISH retain topic="open" payload="y"
        "##,
    );
}
