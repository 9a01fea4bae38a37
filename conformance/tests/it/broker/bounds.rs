//! What the broker keeps for its clients is bounded: what happens at each bound, and that all is given back.

use mqtt_assay::broker::{BrokerOptions, Usage};
use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

use super::{Stage, check_with};

#[test]
fn there_are_no_more_sessions_than_allowed() {
    let options = || BrokerOptions {
        sessions_max: 1,
        ..BrokerOptions::default()
    };
    check_with(
        options(),
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" session-expiry=60
        a <- CONNACK reason=0x00
        a drops
        a <- closed
        b opens
        b -> CONNECT client-id="b" clean-start
        b <- CONNACK reason=0x97 reason-string="too many sessions"
        b <- closed
        a opens
        a -> CONNECT client-id="a"
        a <- CONNACK session-present reason=0x00
        a drops
        a <- closed
        b opens
        b -> CONNECT client-id="b" clean-start
        b <- CONNACK reason=0x00
        "##,
    );
    check_with(
        options(),
        V3_1_1,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start
        a <- CONNACK reason=0x00
        b opens
        b -> CONNECT client-id="b" clean-start
        b <- CONNACK reason=0x03
        b <- closed
        "##,
    );
}

#[test]
fn there_are_no_more_subscriptions_than_allowed() {
    let chart = r##"
        a opens
        a -> CONNECT client-id="a" clean-start
        a <- CONNACK reason=0x00
        a -> SUBSCRIBE id=1 filter="abc" qos=0 filter="$share/g/t" qos=0 filter="d" qos=0
        a <- SUBACK id=1 reason-string="too many subscriptions" reason=0x00 reason=0x00 reason=0x97
        a -> SUBSCRIBE id=2 filter="abc" qos=1
        a <- SUBACK id=2 reason=0x01
        b opens
        b -> CONNECT client-id="b" clean-start
        b <- CONNACK reason=0x00
        b -> SUBSCRIBE id=1 filter="d" qos=0
        b <- SUBACK id=1 reason-string="too many subscriptions" reason=0x97
        a -> UNSUBSCRIBE id=3 filter="$share/g/t"
        a <- UNSUBACK id=3 reason=0x00
        b -> SUBSCRIBE id=1 filter="d" qos=0
        b <- SUBACK id=1 reason=0x00
        "##;
    let default = BrokerOptions::default;
    let by_count = BrokerOptions {
        subscriptions_total_max: 2,
        ..default()
    };
    check_with(by_count, V5_0, chart);
    let by_bytes = BrokerOptions {
        filter_bytes_total_max: 13,
        ..default()
    };
    check_with(by_bytes, V5_0, chart);
}

#[test]
fn a_session_for_which_too_much_waits_ends_and_its_client_is_told() {
    let chart = r##"
        s opens
        s -> CONNECT client-id="s" session-expiry=60 receive-maximum=1 will-topic="w" will-payload="gone"
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="t" qos=1
        s <- SUBACK id=1 reason=0x01
        o opens
        o -> CONNECT client-id="o" clean-start
        o <- CONNACK reason=0x00
        o -> SUBSCRIBE id=1 filter="w" qos=0
        o <- SUBACK id=1 reason=0x00
        o -> PUBLISH qos=1 id=1 topic="t" payload="1"
        o <- PUBACK id=1
        s <- PUBLISH qos=1 id=1 topic="t" payload="1"
        o -> PUBLISH qos=1 id=2 topic="t" payload="2"
        o <- PUBACK id=2
        o -> PUBLISH topic="t" payload="dropped"
        s <- PUBLISH topic="t" payload="dropped"
        o -> PUBLISH qos=1 id=3 topic="t" payload="3"
        o <- PUBACK id=3
        s <- DISCONNECT reason=0x97 reason-string="more waits for the client than may"
        s <- closed
        o <- PUBLISH topic="w" payload="gone"
        s opens
        s -> CONNECT client-id="s" session-expiry=60
        s <- CONNACK reason=0x00
        s -> SUBSCRIBE id=1 filter="t" qos=1
        s <- SUBACK id=1 reason=0x01
        s drops
        s <- closed
        o -> PUBLISH qos=1 id=1 topic="t" payload="1"
        o <- PUBACK id=1
        o -> PUBLISH qos=1 id=2 topic="t" payload="2"
        o <- PUBACK id=2
        o -> PUBLISH qos=1 id=3 topic="t" payload="3"
        o <- PUBACK id=3
        s opens
        s -> CONNECT client-id="s" session-expiry=60
        s <- CONNACK reason=0x00
        "##;
    let default = BrokerOptions::default;
    let by_count = BrokerOptions {
        queued_messages_max: 2,
        ..default()
    };
    check_with(by_count, V5_0, chart);
    // Two messages of 130 bytes each, as they are counted.
    let by_bytes = BrokerOptions {
        queued_bytes_max: 300,
        ..default()
    };
    check_with(by_bytes, V5_0, chart);
    let in_total = BrokerOptions {
        queued_bytes_total_max: 300,
        ..default()
    };
    check_with(in_total, V5_0, chart);
}

#[test]
fn there_are_no_more_retained_messages_than_allowed() {
    let options = || BrokerOptions {
        retained_messages_max: 1,
        reports_no_subscribers: false,
        ..BrokerOptions::default()
    };
    check_with(
        options(),
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> PUBLISH qos=1 id=1 retain topic="a" payload="1"
        c <- PUBACK id=1
        c -> PUBLISH qos=1 id=1 retain topic="a" payload="2"
        c <- PUBACK id=1
        c -> PUBLISH qos=1 id=1 retain topic="b" payload="3"
        c <- PUBACK id=1 reason=0x97 reason-string="too many retained messages"
        c -> PUBLISH qos=2 id=1 retain topic="b" payload="3"
        c <- PUBREC id=1 reason=0x97 reason-string="too many retained messages"
        c -> PUBREL id=1
        c <- PUBCOMP id=1 reason=0x92 reason-string="no message has this identifier"
        c -> PUBLISH retain topic="b" payload="3"
        c -> SUBSCRIBE id=1 filter="#" qos=0
        c <- SUBACK id=1 reason=0x00
        c <- PUBLISH retain topic="a" payload="2"
        c -> PUBLISH retain topic="b" payload="3"
        c <- PUBLISH topic="b" payload="3"
        c -> PUBLISH retain topic="a" payload=""
        c <- PUBLISH topic="a"
        c -> PUBLISH qos=1 id=1 retain topic="b" payload="3"
        c <- PUBACK id=1
        c <- PUBLISH topic="b" payload="3"
        "##,
    );
    check_with(
        options(),
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> PUBLISH qos=1 id=1 retain topic="a" payload="1"
        c <- PUBACK id=1
        c -> PUBLISH qos=1 id=1 retain topic="b" payload="3"
        c <- closed
        "##,
    );
    let by_bytes = BrokerOptions {
        retained_bytes_max: 150,
        reports_no_subscribers: false,
        ..BrokerOptions::default()
    };
    check_with(
        by_bytes,
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> PUBLISH qos=1 id=1 retain topic="a" payload="x"*20
        c <- PUBACK id=1
        c -> PUBLISH qos=1 id=1 retain topic="a" payload="x"*30
        c <- PUBACK id=1 reason=0x97 reason-string="too many retained messages"
        "##,
    );
}

#[test]
fn there_is_no_more_room_for_wills_than_allowed() {
    let options = BrokerOptions {
        will_bytes_total_max: 100,
        ..BrokerOptions::default()
    };
    check_with(
        options,
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start will-topic="t" will-payload="x"*90
        a <- CONNACK reason=0x00
        b opens
        b -> CONNECT client-id="b" clean-start will-topic="t" will-payload="x"*20
        b <- CONNACK reason=0x97 reason-string="too many wills"
        b <- closed
        a -> DISCONNECT
        a <- closed
        b opens
        b -> CONNECT client-id="b" clean-start will-topic="t" will-payload="x"*20
        b <- CONNACK reason=0x00
        "##,
    );
}

#[test]
fn unfinished_packets_take_no_more_room_than_allowed() {
    let options = BrokerOptions {
        input_bytes_total_max: 12,
        ..BrokerOptions::default()
    };
    check_with(
        options,
        V5_0,
        r##"
        a opens
        a -> CONNECT client-id="a" clean-start
        a <- CONNACK reason=0x00
        b opens
        c opens
        a -> hex 30 7f 00 01 74 00 01 02
        b -> hex 10 7f 00 04
        c -> hex 10 7f
        a <- DISCONNECT reason=0x97 reason-string="too many packets are on their way here"
        a <- closed
        c -> hex 00 04 4d 51 54 54 05
        c <- closed
        b -> hex 4d
        "##,
    );
}

#[test]
fn all_is_given_back() {
    let mut stage = Stage::new(BrokerOptions::default());
    stage.run(
        r##"
        a opens
        a -> CONNECT client-id="a" session-expiry=60 will-topic="w" will-payload="x" will-delay=30
        a -> SUBSCRIBE id=1 filter="t" qos=2 filter="$share/g/t" qos=1
        b opens
        b -> CONNECT client-id="b" session-expiry=60 receive-maximum=1
        b -> SUBSCRIBE id=1 filter="#" qos=2
        b -> PUBLISH qos=2 id=1 topic="t" payload="1"
        b -> PUBLISH qos=2 id=2 retain topic="t" payload="2" message-expiry=10
        b -> hex 30 05
        "##,
        V5_0,
    );
    let usage = stage.broker.usage();
    assert_eq!((usage.connections, usage.sessions, usage.wills), (2, 2, 1));
    assert_eq!((usage.subscriptions, usage.incoming_messages), (3, 2));
    assert_eq!((usage.queued_messages, usage.retained_messages), (6, 1));
    assert!(usage.queued_bytes > 0 && usage.retained_bytes > 0 && usage.will_bytes > 0);
    assert_eq!((usage.input_bytes, usage.timers), (2, 2));
    stage.run("a drops\nb drops\nwait 61", V5_0);
    let usage = stage.broker.usage();
    assert_eq!((usage.retained_messages, usage.queued_bytes), (1, 0));
    stage.run(
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c -> SUBSCRIBE id=1 filter="#" qos=0
        c -> DISCONNECT
        "##,
        V5_0,
    );
    // What expired was forgotten at the latest now.
    assert_eq!(stage.broker.usage(), Usage::default());
}
