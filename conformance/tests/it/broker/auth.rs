//! Who may do what.

use mqtt_assay::broker::{AccessRule, BrokerOptions, Denied};
use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

use super::{check, check_with};

fn with_user() -> BrokerOptions {
    BrokerOptions {
        users: [("user".to_owned(), b"secret".to_vec())].into(),
        allows_anonymous: false,
        ..BrokerOptions::default()
    }
}

fn with_denial() -> BrokerOptions {
    BrokerOptions {
        denied: vec![AccessRule {
            filter: "denied/#".to_owned(),
            denied: Denied::Everything,
        }],
        ..BrokerOptions::default()
    }
}

#[test]
fn passwords_are_checked() {
    check_with(
        with_user(),
        V3_1_1,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start user-name="user" password="secret"
        a <- CONNACK reason=0x00
        b opens
        b -> CONNECT client-id="b" clean-start user-name="user" password="wrong"
        b <- CONNACK reason=0x04
        b <- closed
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x05
        c <- closed
        "##,
    );
}

#[test]
fn passwords_are_checked_with_reasons() {
    check_with(
        with_user(),
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start user-name="user" password="secret"
        a <- CONNACK reason=0x00
        b opens
        b -> CONNECT client-id="b" clean-start user-name="user" password="wrong"
        b <- CONNACK reason=0x86 reason-string="the user name or the password"
        b <- closed
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x87 reason-string="a user name is required"
        c <- closed
        "##,
    );
}

#[test]
fn a_challenge_is_answered() {
    check(
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start authentication-method="assay-challenge"
        a <- AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="challenge" reason-string="a response is awaited"
        a -> AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="response"
        a <- CONNACK reason=0x00 authentication-method="assay-challenge"
        a -> AUTH reason=0x19 authentication-method="assay-challenge"
        a <- AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="challenge" reason-string="a response is awaited"
        a -> AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="response"
        a <- AUTH reason=0x00 authentication-method="assay-challenge"
        a -> AUTH reason=0x19 authentication-method="assay-challenge"
        a <- AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="challenge" reason-string="a response is awaited"
        a -> AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="wrong"
        a <- DISCONNECT reason=0x87 reason-string="the response to the challenge"
        a <- closed
        "##,
    );
}

#[test]
fn a_wrong_answer_is_refused() {
    check(
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start authentication-method="assay-challenge"
        a <- AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="challenge" reason-string="a response is awaited"
        a -> AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="wrong"
        a <- CONNACK reason=0x87 reason-string="the response to the challenge"
        a <- closed
        b opens
        b -> CONNECT client-id="b" clean-start authentication-method="assay-challenge"
        b <- AUTH reason=0x18 authentication-method="assay-challenge" authentication-data="challenge" reason-string="a response is awaited"
        b -> PINGREQ
        b <- CONNACK reason=0x82 reason-string="only AUTH may follow a challenge"
        b <- closed
        c opens
        c -> CONNECT client-id="c" clean-start authentication-method="other"
        c <- CONNACK reason=0x8c reason-string="the authentication method"
        c <- closed
        d opens
        d -> CONNECT client-id="d" clean-start
        d <- CONNACK reason=0x00
        d -> AUTH reason=0x19 authentication-method="assay-challenge"
        d <- DISCONNECT reason=0x82 reason-string="AUTH on a connection without an authentication method"
        d <- closed
        "##,
    );
}

#[test]
fn denied_topics_are_acknowledged_and_dropped() {
    check_with(
        with_denial(),
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="denied/a" qos=1 filter="#" qos=1
        c <- SUBACK id=1 reason=0x80 reason=0x01
        c -> PUBLISH qos=1 id=2 topic="denied/a" payload="x"
        c <- PUBACK id=2
        c -> PUBLISH qos=2 id=3 topic="denied/a" payload="x"
        c <- PUBREC id=3
        c -> PUBREL id=3
        c <- PUBCOMP id=3
        "##,
    );
}

#[test]
fn denied_topics_are_refused() {
    check_with(
        with_denial(),
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="denied/a" qos=1 filter="#" qos=1
        c <- SUBACK id=1 reason-string="subscribing is denied" reason=0x87 reason=0x01
        c -> PUBLISH qos=1 id=2 topic="denied/a" payload="x"
        c <- PUBACK id=2 reason=0x87 reason-string="publishing is denied"
        c -> PUBLISH qos=2 id=3 topic="denied/a" payload="x"
        c <- PUBREC id=3 reason=0x87 reason-string="publishing is denied"
        c -> PUBREL id=3
        c <- PUBCOMP id=3 reason=0x92 reason-string="no message has this identifier"
        d opens
        d -> CONNECT client-id="d" clean-start will-topic="denied/a" will-payload="x"
        d <- CONNACK reason=0x87 reason-string="the topic of the will"
        d <- closed
        "##,
    );
}
