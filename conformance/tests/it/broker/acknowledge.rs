//! Unfinished messages: what is sent again, when, and how.

use mqtt_assay_codec::ProtocolVersion::V5_0;

use super::{check, check_both};

#[test]
fn unfinished_messages_are_sent_again_when_the_client_is_back() {
    check_both(
        r##"
        p opens
        p -> CONNECT client-id="p" clean-start
        p <- CONNACK reason=0x00
        s opens 3.1.1
        s -> CONNECT client-id="s"
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="t" qos=2
        s <- SUBACK id=1 reason=0x02
        p -> PUBLISH qos=1 id=1 topic="t" payload="one"
        p <- PUBACK id=1
        s <- PUBLISH qos=1 id=1 topic="t" payload="one"
        p -> PUBLISH qos=2 id=2 topic="t" payload="two"
        p <- PUBREC id=2
        s <- PUBLISH qos=2 id=2 topic="t" payload="two"
        p -> PUBLISH qos=2 id=3 topic="t" payload="three"
        p <- PUBREC id=3
        s <- PUBLISH qos=2 id=3 topic="t" payload="three"
        s -> PUBREC id=2
        s <- PUBREL id=2
        s drops
        s <- closed
        p -> PUBLISH qos=1 id=4 topic="t" payload="four"
        p <- PUBACK id=4
        s opens 3.1.1
        s -> CONNECT client-id="s"
        s <- CONNACK session-present reason=0x00
        s <- PUBREL id=2
        s <- PUBLISH qos=1 dup id=1 topic="t" payload="one"
        s <- PUBLISH qos=2 dup id=3 topic="t" payload="three"
        s <- PUBLISH qos=1 id=4 topic="t" payload="four"
        s -> PUBACK id=1
        s -> PUBCOMP id=2
        s -> PUBREC id=3
        s <- PUBREL id=3
        s -> PUBCOMP id=3
        s -> PUBACK id=4
        "##,
    );
}

#[test]
fn an_error_finishes_a_message() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start session-expiry=60
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="t" qos=2
        c <- SUBACK id=1 reason=0x02
        c -> PUBLISH qos=1 id=1 topic="t" payload="one"
        c <- PUBACK id=1
        c <- PUBLISH qos=1 id=1 topic="t" payload="one"
        c -> PUBLISH qos=2 id=2 topic="t" payload="two"
        c <- PUBREC id=2
        c <- PUBLISH qos=2 id=2 topic="t" payload="two"
        c -> PUBACK id=1 reason=0x80
        c -> PUBREC id=2 reason=0x80
        c drops
        c <- closed
        c opens
        c -> CONNECT client-id="c"
        c <- CONNACK session-present reason=0x00
        "##,
    );
}

#[test]
fn no_more_are_unfinished_than_the_client_takes() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start receive-maximum=1
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="t" qos=2
        c <- SUBACK id=1 reason=0x02
        c -> PUBLISH qos=2 id=1 topic="t" payload="one"
        c <- PUBREC id=1
        c <- PUBLISH qos=2 id=1 topic="t" payload="one"
        c -> PUBLISH qos=1 id=2 topic="t" payload="two"
        c <- PUBACK id=2
        c -> PUBLISH topic="t" payload="zero"
        c <- PUBLISH topic="t" payload="zero"
        c -> PUBREC id=1
        c <- PUBREL id=1
        c -> PUBCOMP id=1
        c <- PUBLISH qos=1 id=2 topic="t" payload="two"
        c -> PUBACK id=2
        "##,
    );
}

#[test]
fn unknown_identifiers_are_answered() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> PUBACK id=9
        c -> PUBREC id=9
        c <- PUBREL id=9 reason=0x92 reason-string="no message has this identifier"
        c -> PUBCOMP id=9
        c -> PUBREL id=9
        c <- PUBCOMP id=9 reason=0x92 reason-string="no message has this identifier"
        "##,
    );
}

#[test]
fn an_acknowledgement_of_the_wrong_type_is_an_error() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="t" qos=2
        c <- SUBACK id=1 reason=0x02
        c -> PUBLISH qos=2 id=2 topic="t" payload="two"
        c <- PUBREC id=2
        c <- PUBLISH qos=2 id=1 topic="t" payload="two"
        c -> PUBACK id=1
        c <- DISCONNECT reason=0x82 reason-string="an acknowledgement of the wrong type"
        c <- closed
        "##,
    );
}
