//! Wills: whether and when.

use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

use super::{check, check_both};

#[test]
fn a_will_is_published_when_the_connection_is_lost() {
    check_both(
        r##"
        w opens
        w -> CONNECT client-id="w" clean-start
        w <- CONNACK reason=0x00
        w -> SUBSCRIBE id=1 filter="will" qos=1
        w <- SUBACK id=1 reason=0x01
        c opens
        c -> CONNECT client-id="c" clean-start will-topic="will" will-payload="lost" will-qos=1
        c <- CONNACK reason=0x00
        c drops
        c <- closed
        w <- PUBLISH qos=1 id=1 topic="will" payload="lost"
        "##,
    );
}

#[test]
fn a_will_is_removed_by_disconnect() {
    check_both(
        r##"
        w opens
        w -> CONNECT client-id="w" clean-start
        w <- CONNACK reason=0x00
        w -> SUBSCRIBE id=1 filter="will" qos=1
        w <- SUBACK id=1 reason=0x01
        c opens
        c -> CONNECT client-id="c" clean-start will-topic="will" will-payload="lost"
        c <- CONNACK reason=0x00
        c -> DISCONNECT
        c <- closed
        "##,
    );
}

#[test]
fn a_disconnect_may_ask_for_the_will() {
    check(
        V5_0,
        r##"
        w opens
        w -> CONNECT client-id="w" clean-start
        w <- CONNACK reason=0x00
        w -> SUBSCRIBE id=1 filter="will" qos=1
        w <- SUBACK id=1 reason=0x01
        c opens
        c -> CONNECT client-id="c" clean-start will-topic="will" will-payload="lost"
        c <- CONNACK reason=0x00
        c -> DISCONNECT reason=0x04
        c <- closed
        w <- PUBLISH topic="will" payload="lost"
        "##,
    );
}

#[test]
fn a_protocol_error_publishes_the_will() {
    check_both(
        r##"
        w opens
        w -> CONNECT client-id="w" clean-start
        w <- CONNACK reason=0x00
        w -> SUBSCRIBE id=1 filter="will" qos=0
        w <- SUBACK id=1 reason=0x00
        c opens 3.1.1
        c -> CONNECT client-id="c" clean-start will-topic="will" will-payload="lost"
        c <- CONNACK reason=0x00
        c -> hex 82 00
        c <- closed
        w <- PUBLISH topic="will" payload="lost"
        "##,
    );
}

#[test]
fn a_will_waits_for_its_delay_or_for_the_end_of_the_session() {
    check(
        V5_0,
        r##"
        w opens
        w -> CONNECT client-id="w" clean-start
        w <- CONNACK reason=0x00
        w -> SUBSCRIBE id=1 filter="will" qos=0
        w <- SUBACK id=1 reason=0x00
        c opens
        c -> CONNECT client-id="c" clean-start session-expiry=60 will-topic="will" will-payload="delay" will-delay=5
        c <- CONNACK reason=0x00
        c drops
        c <- closed
        wait 4.9
        wait 0.1
        w <- PUBLISH topic="will" payload="delay"
        c opens
        c -> CONNECT client-id="c" session-expiry=3 will-topic="will" will-payload="end" will-delay=5
        c <- CONNACK session-present reason=0x00
        c drops
        c <- closed
        wait 3
        w <- PUBLISH topic="will" payload="end"
        c opens
        c -> CONNECT client-id="c" session-expiry=9 will-topic="will" will-payload="back" will-delay=5
        c <- CONNACK reason=0x00
        c drops
        c <- closed
        wait 3
        c opens
        c -> CONNECT client-id="c" session-expiry=9
        c <- CONNACK session-present reason=0x00
        wait 9
        "##,
    );
}

#[test]
fn a_takeover_publishes_the_will_unless_it_is_delayed() {
    check(
        V5_0,
        r##"
        w opens
        w -> CONNECT client-id="w" clean-start
        w <- CONNACK reason=0x00
        w -> SUBSCRIBE id=1 filter="will" qos=0
        w <- SUBACK id=1 reason=0x00
        a opens
        a -> CONNECT client-id="c" clean-start session-expiry=60 will-topic="will" will-payload="a"
        a <- CONNACK reason=0x00
        b opens
        b -> CONNECT client-id="c" session-expiry=60 will-topic="will" will-payload="b" will-delay=5
        a <- DISCONNECT reason=0x8e reason-string="another connection"
        a <- closed
        w <- PUBLISH topic="will" payload="a"
        b <- CONNACK session-present reason=0x00
        d opens
        d -> CONNECT client-id="c" session-expiry=60 will-topic="will" will-payload="d" will-delay=5
        b <- DISCONNECT reason=0x8e reason-string="another connection"
        b <- closed
        d <- CONNACK session-present reason=0x00
        e opens
        e -> CONNECT client-id="c" clean-start
        d <- DISCONNECT reason=0x8e reason-string="another connection"
        d <- closed
        w <- PUBLISH topic="will" payload="d"
        e <- CONNACK reason=0x00
        "##,
    );
}

#[test]
fn a_will_at_the_end_of_the_broker_goes_to_those_who_are_away() {
    check(
        V5_0,
        r##"
        s opens
        s -> CONNECT client-id="s" clean-start session-expiry=60
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="will" qos=1
        s <- SUBACK id=1 reason=0x01
        s -> DISCONNECT
        s <- closed
        c opens
        c -> CONNECT client-id="c" clean-start will-topic="will" will-payload="lost" will-qos=1
        c <- CONNACK reason=0x00
        restart
        c <- DISCONNECT reason=0x8b reason-string="the server stops"
        c <- closed
        s opens
        s -> CONNECT client-id="s" session-expiry=60
        s <- CONNACK session-present reason=0x00
        s <- PUBLISH qos=1 id=1 topic="will" payload="lost"
        "##,
    );
}

#[test]
fn a_will_at_the_end_of_the_broker_is_sent_for_the_first_time_afterwards() {
    check(
        V3_1_1,
        r##"
        p opens
        p -> CONNECT client-id="p" clean-start will-topic="w" will-payload="x" will-qos=1
        p <- CONNACK reason=0x00
        s opens
        s -> CONNECT client-id="s"
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="w" qos=1
        s <- SUBACK id=1 reason=0x01
        restart
        p <- closed
        s <- closed
        s opens
        s -> CONNECT client-id="s"
        s <- CONNACK session-present reason=0x00
        s <- PUBLISH qos=1 id=1 topic="w" payload="x"
        "##,
    );
}
