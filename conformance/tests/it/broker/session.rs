//! Sessions, their ends, and takeovers.

use mqtt_assay::broker::BrokerOptions;
use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

use super::{check, check_both, check_with};

#[test]
fn a_session_is_kept_and_found_again() {
    check(
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c"
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="t" qos=1
        c <- SUBACK id=1 reason=0x01
        c -> DISCONNECT
        c <- closed
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> PUBLISH qos=1 id=1 topic="t" payload="x"
        p <- PUBACK id=1
        p -> PUBLISH topic="t" payload="y"
        c opens
        c -> CONNECT client-id="c"
        c <- CONNACK session-present reason=0x00
        c <- PUBLISH qos=1 id=1 topic="t" payload="x"
        c -> PUBACK id=1
        c -> DISCONNECT
        c <- closed
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        p -> PUBLISH qos=1 id=1 topic="t" payload="x"
        p <- PUBACK id=1
        "##,
    );
}

#[test]
fn a_session_expires() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start session-expiry=10
        c <- CONNACK reason=0x00
        c -> DISCONNECT
        c <- closed
        wait 9
        c opens
        c -> CONNECT client-id="c" session-expiry=10
        c <- CONNACK session-present reason=0x00
        c -> DISCONNECT session-expiry=2
        c <- closed
        wait 2
        c opens
        c -> CONNECT client-id="c" session-expiry=10
        c <- CONNACK reason=0x00
        "##,
    );
}

#[test]
fn a_disconnect_cannot_raise_an_expiry_of_zero() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> DISCONNECT session-expiry=2
        c <- DISCONNECT reason=0x82 reason-string="a session expiry interval in DISCONNECT after 0 in CONNECT"
        c <- closed
        "##,
    );
}

#[test]
fn a_second_connection_takes_over() {
    check(
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="c" clean-start session-expiry=10
        a <- CONNACK reason=0x00
        b opens
        b -> CONNECT client-id="c"
        a <- DISCONNECT reason=0x8e reason-string="another connection"
        a <- closed
        b <- CONNACK session-present reason=0x00
        d opens 3.1.1
        d -> CONNECT client-id="c"
        b <- DISCONNECT reason=0x8e reason-string="another connection"
        b <- closed
        d <- CONNACK reason=0x00
        e opens
        e -> CONNECT client-id="c" clean-start
        d <- closed
        e <- CONNACK reason=0x00
        "##,
    );
}

#[test]
fn a_restart_keeps_sessions_or_forgets_them() {
    check_both(
        r##"
        c opens 3.1.1
        c -> CONNECT client-id="c"
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="t" qos=1
        c <- SUBACK id=1 reason=0x01
        restart
        c <- closed
        c opens 3.1.1
        c -> CONNECT client-id="c"
        c <- CONNACK session-present reason=0x00
        restart empty
        c <- closed
        c opens 3.1.1
        c -> CONNECT client-id="c"
        c <- CONNACK reason=0x00
        "##,
    );
}

#[test]
fn a_restart_says_so() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        restart
        c <- DISCONNECT reason=0x8b reason-string="the server stops"
        c <- closed
        "##,
    );
}

#[test]
fn stored_messages_of_qos_0_wait_for_no_acknowledgement() {
    let options = BrokerOptions {
        stores_qos_0: true,
        inflight_max: 1,
        ..BrokerOptions::default()
    };
    check_with(
        options,
        V3_1_1,
        r##"
        s opens
        s -> CONNECT client-id="s"
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="t" qos=1
        s <- SUBACK id=1 reason=0x01
        s -> DISCONNECT
        s <- closed
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        p -> PUBLISH qos=1 id=1 topic="t" payload="1"
        p <- PUBACK id=1
        p -> PUBLISH qos=1 id=2 topic="t" payload="2"
        p <- PUBACK id=2
        p -> PUBLISH topic="t" payload="3"
        s opens
        s -> CONNECT client-id="s"
        s <- CONNACK session-present reason=0x00
        s <- PUBLISH topic="t" payload="3"
        s <- PUBLISH qos=1 id=1 topic="t" payload="1"
        p -> PUBLISH topic="t" payload="4"
        s <- PUBLISH topic="t" payload="4"
        s -> PUBACK id=1
        s <- PUBLISH qos=1 id=2 topic="t" payload="2"
        "##,
    );
}
