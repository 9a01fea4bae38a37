//! Subscriptions: matching, options, identifiers and groups.

use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

use super::{check, check_both};

#[test]
fn subscriptions_are_granted_in_their_order_and_removed() {
    check(
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="a" qos=2 filter="b" qos=0 filter="c" qos=1
        c <- SUBACK id=1 reason=0x02 reason=0x00 reason=0x01
        c -> PUBLISH qos=1 id=1 topic="b" payload="x"
        c <- PUBACK id=1
        c <- PUBLISH topic="b" payload="x"
        c -> UNSUBSCRIBE id=2 filter="b"
        c <- UNSUBACK id=2
        c -> PUBLISH topic="b" payload="y"
        "##,
    );
}

#[test]
fn an_unknown_filter_cannot_be_removed() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="a" qos=2
        c <- SUBACK id=1 reason=0x02
        c -> UNSUBSCRIBE id=2 filter="b" filter="a"
        c <- UNSUBACK id=2 reason=0x11 reason=0x00
        "##,
    );
}

#[test]
fn overlapping_subscriptions_make_one_copy_at_the_highest_qos() {
    check_both(
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="a/#" qos=1 filter="a/+" qos=2
        c <- SUBACK id=1 reason=0x01 reason=0x02
        c -> PUBLISH qos=2 id=1 topic="a/b" payload="x"
        c <- PUBREC id=1
        c <- PUBLISH qos=2 id=1 topic="a/b" payload="x"
        "##,
    );
}

#[test]
fn a_copy_has_all_identifiers() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 subscription-id=9 filter="a/#" qos=0
        c <- SUBACK id=1 reason=0x00
        c -> SUBSCRIBE id=2 subscription-id=4 filter="a/+" qos=0
        c <- SUBACK id=2 reason=0x00
        c -> PUBLISH topic="a/b" payload="x"
        c <- PUBLISH topic="a/b" payload="x" subscription-id=4 subscription-id=9
        c -> SUBSCRIBE id=3 filter="a/+" qos=0
        c <- SUBACK id=3 reason=0x00
        c -> PUBLISH topic="a/b" payload="x"
        c <- PUBLISH topic="a/b" payload="x" subscription-id=9
        "##,
    );
}

#[test]
fn no_local_leaves_out_the_clients_own() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="a" qos=0 no-local
        c <- SUBACK id=1 reason=0x00
        c -> PUBLISH topic="a" payload="x"
        "##,
    );
}

#[test]
fn wildcards_do_not_match_topics_with_a_dollar() {
    check_both(
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="#" qos=0 filter="+/x" qos=0
        c <- SUBACK id=1 reason=0x00 reason=0x00
        c -> PUBLISH topic="$other/x" payload="x"
        c -> SUBSCRIBE id=2 filter="$other/#" qos=0
        c <- SUBACK id=2 reason=0x00
        c -> PUBLISH topic="$other/x" payload="x"
        c <- PUBLISH topic="$other/x" payload="x"
        "##,
    );
}

#[test]
fn a_shared_subscription_takes_turns() {
    check(
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start
        a <- CONNACK reason=0x00
        a -> SUBSCRIBE id=1 filter="$share/g/t" qos=1
        a <- SUBACK id=1 reason=0x01
        b opens
        b -> CONNECT client-id="b" clean-start
        b <- CONNACK reason=0x00
        b -> SUBSCRIBE id=1 filter="$share/g/t" qos=1 filter="$share/h/t" qos=0
        b <- SUBACK id=1 reason=0x01 reason=0x00
        a -> PUBLISH topic="t" payload="1"
        a <- PUBLISH topic="t" payload="1"
        b <- PUBLISH topic="t" payload="1"
        a -> PUBLISH topic="t" payload="2"
        b <- PUBLISH topic="t" payload="2"
        b <- PUBLISH topic="t" payload="2"
        a drops
        a <- closed
        b -> PUBLISH topic="t" payload="3"
        b <- PUBLISH topic="t" payload="3"
        b <- PUBLISH topic="t" payload="3"
        "##,
    );
}

#[test]
fn members_that_are_there_come_before_those_that_are_away() {
    check(
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" session-expiry=60
        a <- CONNACK reason=0x00
        a -> SUBSCRIBE id=1 filter="$share/g/t" qos=1
        a <- SUBACK id=1 reason=0x01
        b opens
        b -> CONNECT client-id="b" session-expiry=60
        b <- CONNACK reason=0x00
        b -> SUBSCRIBE id=1 filter="$share/g/t" qos=1
        b <- SUBACK id=1 reason=0x01
        b drops
        b <- closed
        o opens
        o -> CONNECT client-id="o" clean-start
        o <- CONNACK reason=0x00
        o -> PUBLISH qos=1 id=1 topic="t" payload="1"
        o <- PUBACK id=1
        a <- PUBLISH qos=1 id=1 topic="t" payload="1"
        o -> PUBLISH qos=1 id=1 topic="t" payload="2"
        o <- PUBACK id=1
        a <- PUBLISH qos=1 id=2 topic="t" payload="2"
        a drops
        a <- closed
        o -> PUBLISH qos=1 id=1 topic="t" payload="3"
        o <- PUBACK id=1
        o -> PUBLISH qos=1 id=1 topic="t" payload="4"
        o <- PUBACK id=1
        b opens
        b -> CONNECT client-id="b" session-expiry=60
        b <- CONNACK session-present reason=0x00
        b <- PUBLISH qos=1 id=1 topic="t" payload="3"
        o -> PUBLISH qos=1 id=1 topic="t" payload="5"
        o <- PUBACK id=1
        b <- PUBLISH qos=1 id=2 topic="t" payload="5"
        b -> UNSUBSCRIBE id=2 filter="$share/g/t"
        b <- UNSUBACK id=2 reason=0x00
        o -> PUBLISH qos=1 id=1 topic="t" payload="6"
        o <- PUBACK id=1
        a opens
        a -> CONNECT client-id="a" session-expiry=60
        a <- CONNACK session-present reason=0x00
        a <- PUBLISH qos=1 dup id=1 topic="t" payload="1"
        a <- PUBLISH qos=1 dup id=2 topic="t" payload="2"
        a <- PUBLISH qos=1 id=3 topic="t" payload="4"
        a <- PUBLISH qos=1 id=4 topic="t" payload="6"
        "##,
    );
}

#[test]
fn there_are_no_shared_subscriptions_before_5_0() {
    check(
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="$share/g/t" qos=1
        c <- SUBACK id=1 reason=0x01
        c -> PUBLISH topic="t" payload="1"
        c -> PUBLISH topic="$share/g/t" payload="2"
        c <- PUBLISH topic="$share/g/t" payload="2"
        "##,
    );
}

#[test]
fn an_invalid_filter_closes() {
    check(
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="a#" qos=1
        c <- closed
        "##,
    );
}

#[test]
fn an_invalid_filter_is_answered() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> SUBSCRIBE id=1 filter="a#" qos=1
        c <- DISCONNECT reason=0x8f reason-string="misplaced \"#\" in SUBSCRIBE; allowed alone in the last level only (byte 8)"
        c <- closed
        "##,
    );
}
