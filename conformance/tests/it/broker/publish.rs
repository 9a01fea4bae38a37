//! PUBLISH in both directions.

use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

use super::{check, check_both};

#[test]
fn each_qos_is_answered_and_delivered() {
    check_both(
        r##"
        s opens
        s -> CONNECT client-id="s" clean-start
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="t/#" qos=2
        s <- SUBACK id=1 reason=0x02
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> PUBLISH topic="t/0" payload="zero"
        s <- PUBLISH topic="t/0" payload="zero"
        p -> PUBLISH qos=1 id=5 topic="t/1" payload="one"
        p <- PUBACK id=5
        s <- PUBLISH qos=1 id=1 topic="t/1" payload="one"
        s -> PUBACK id=1
        p -> PUBLISH qos=2 id=6 topic="t/2" payload="two"
        p <- PUBREC id=6
        s <- PUBLISH qos=2 id=2 topic="t/2" payload="two"
        s -> PUBREC id=2
        s <- PUBREL id=2
        p -> PUBLISH qos=2 dup id=6 topic="t/2" payload="two"
        p <- PUBREC id=6
        p -> PUBREL id=6
        p <- PUBCOMP id=6
        s -> PUBCOMP id=2
        p -> PUBLISH qos=2 id=6 topic="t/2" payload="new"
        p <- PUBREC id=6
        s <- PUBLISH qos=2 id=3 topic="t/2" payload="new"
        "##,
    );
}

#[test]
fn messages_cross_versions_without_their_properties() {
    check(
        V5_0,
        r##"
        s opens 3.1.1
        s -> CONNECT client-id="s" clean-start
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="a" qos=1
        s <- SUBACK id=1 reason=0x01
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> SUBSCRIBE id=1 filter="b" qos=1
        p <- SUBACK id=1 reason=0x01
        p -> PUBLISH qos=1 id=1 topic="a" payload="x" content-type="text" user-property="k":"v"
        p <- PUBACK id=1
        s <- PUBLISH qos=1 id=1 topic="a" payload="x"
        s -> PUBLISH qos=1 id=9 topic="b" payload="y"
        s <- PUBACK id=9
        p <- PUBLISH qos=1 id=1 topic="b" payload="y"
        "##,
    );
}

#[test]
fn properties_are_forwarded_in_their_order() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 subscription-id=7 filter="t" qos=0
        c <- SUBACK id=1 reason=0x00
        c -> PUBLISH topic="t" payload="x" user-property="b":"1" content-type="text" payload-format=1 user-property="a":"2" response-topic="r" correlation-data=0x"00ff" user-property="b":"1"
        c <- PUBLISH topic="t" payload="x" user-property="b":"1" content-type="text" payload-format=1 user-property="a":"2" response-topic="r" correlation-data=0x"00ff" user-property="b":"1" subscription-id=7
        "##,
    );
}

#[test]
fn topic_aliases_of_the_client_are_resolved() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="#" qos=0
        c <- SUBACK id=1 reason=0x00
        c -> PUBLISH topic="one" topic-alias=16 payload="1"
        c <- PUBLISH topic="one" payload="1"
        c -> PUBLISH topic="" topic-alias=16 payload="2"
        c <- PUBLISH topic="one" payload="2"
        c -> PUBLISH topic="two" topic-alias=16 payload="3"
        c <- PUBLISH topic="two" payload="3"
        c -> PUBLISH topic="" topic-alias=16 payload="4"
        c <- PUBLISH topic="two" payload="4"
        c -> PUBLISH topic="" topic-alias=15 payload="5"
        c <- DISCONNECT reason=0x82 reason-string="a topic alias that stands for nothing"
        c <- closed
        "##,
    );
}

#[test]
fn a_topic_alias_above_the_maximum_is_refused() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> PUBLISH topic="one" topic-alias=17 payload="1"
        c <- DISCONNECT reason=0x94 reason-string="a topic alias out of range"
        c <- closed
        "##,
    );
}

#[test]
fn the_message_expiry_interval_shrinks_and_ends() {
    check(
        V5_0,
        r##"
        s opens
        s -> CONNECT client-id="s" clean-start session-expiry=100
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="t" qos=1
        s <- SUBACK id=1 reason=0x01
        s -> DISCONNECT
        s <- closed
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> PUBLISH qos=1 id=1 topic="t" payload="short" message-expiry=2
        p <- PUBACK id=1
        p -> PUBLISH qos=1 id=2 topic="t" payload="long" message-expiry=10
        p <- PUBACK id=2
        wait 3
        s opens
        s -> CONNECT client-id="s" session-expiry=100
        s <- CONNACK session-present reason=0x00
        s <- PUBLISH qos=1 id=1 topic="t" payload="long" message-expiry=7
        "##,
    );
}

#[test]
fn a_malformed_publish_closes() {
    check(
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> hex 36 05 00 01 "a" 00 01
        c <- closed
        "##,
    );
}

#[test]
fn a_malformed_publish_is_answered() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> hex 36 06 00 01 "a" 00 01 00
        c <- DISCONNECT reason=0x81 reason-string="QoS 3 in PUBLISH; allowed are 0 to 2 (byte 0)"
        c <- closed
        "##,
    );
}

#[test]
fn a_message_that_nobody_wants_is_acknowledged_as_such() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> PUBLISH qos=1 id=1 topic="t" payload="x"
        c <- PUBACK id=1 reason=0x10
        c -> PUBLISH qos=2 id=2 topic="t" payload="x"
        c <- PUBREC id=2 reason=0x10
        c -> PUBREL id=3
        c <- PUBCOMP id=3 reason=0x92 reason-string="no message has this identifier"
        d opens
        d -> CONNECT client-id="d" clean-start request-problem-information=0
        d <- CONNACK reason=0x00
        d -> PUBLISH qos=1 id=1 topic="t" payload="x"
        d <- PUBACK id=1 reason=0x10
        "##,
    );
}
