//! CONNECT, CONNACK, and what must not be a CONNECT.

use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

use super::{check, check_both};

#[test]
fn a_connect_is_accepted() {
    check_both(
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start keep-alive=30
        c <- CONNACK reason=0x00
        c -> PINGREQ
        c <- PINGRESP
        c -> DISCONNECT
        c <- closed
        "##,
    );
}

#[test]
fn nothing_but_connect_may_come_first() {
    check_both(
        r##"
        c opens
        c -> PINGREQ
        c <- closed
        "##,
    );
}

#[test]
fn an_unknown_level_is_answered_in_the_shape_of_the_packet() {
    check(
        V5_0,
        r##"
        a opens 3.1.1
        a -> CONNECT protocol-level=6 client-id="a" clean-start
        a <- CONNACK reason=0x01
        a <- closed
        b opens 5.0
        b -> CONNECT protocol-level=6 client-id="b" clean-start
        b <- CONNACK reason=0x84 reason-string="a protocol level that is not spoken here"
        b <- closed
        c opens 3.1.1
        c -> hex 10 0d 00 04 "MQTX" 04 02 00 00 00 01 "c"
        c <- closed
        "##,
    );
}

#[test]
fn a_malformed_connect_is_closed_without_an_answer() {
    check(
        V3_1_1,
        r##"
        c opens
        c -> hex 10 0d 00 04 "MQTT" 04 03 00 00 00 01 "c"
        c <- closed
        "##,
    );
}

#[test]
fn a_malformed_connect_is_answered() {
    check(
        V5_0,
        r##"
        c opens
        c -> hex 10 0e 00 04 "MQTT" 05 03 00 00 00 00 01 "c"
        c <- CONNACK reason=0x81
        c <- closed
        d opens
        d -> CONNECT client-id="d" clean-start receive-maximum=0
        d <- CONNACK reason=0x82
        d <- closed
        "##,
    );
}

#[test]
fn an_empty_client_id_cannot_keep_a_session() {
    check(
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id=""
        c <- CONNACK reason=0x02
        c <- closed
        d opens
        d -> CONNECT client-id="" clean-start
        d <- CONNACK reason=0x00
        "##,
    );
}

#[test]
fn an_empty_client_id_is_assigned() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id=""
        c <- CONNACK reason=0x00 assigned-client-id="assay1"
        d opens
        d -> CONNECT client-id="" clean-start
        d <- CONNACK reason=0x00 assigned-client-id="assay2"
        "##,
    );
}

#[test]
fn a_second_connect_closes() {
    check(
        V3_1_1,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> CONNECT client-id="c" clean-start
        c <- closed
        "##,
    );
}

#[test]
fn a_second_connect_is_a_protocol_error() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> CONNECT client-id="c" clean-start
        c <- DISCONNECT reason=0x82 reason-string="a second CONNECT on one connection"
        c <- closed
        "##,
    );
}

#[test]
fn a_second_connect_of_an_unknown_level_is_malformed() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start
        c <- CONNACK reason=0x00
        c -> hex 10 0d 00 04 "MQTT" 09 02 00 00 00 01 "c"
        c <- DISCONNECT reason=0x82 reason-string="protocol level 9 in CONNECT; allowed are 4 and 5 (byte 8)"
        c <- closed
        "##,
    );
}

#[test]
fn a_connect_that_never_comes_closes() {
    check_both(
        r##"
        c opens
        wait 9.9
        wait 0.2
        c <- closed
        "##,
    );
}

#[test]
fn silence_of_one_and_a_half_keep_alives_closes() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start keep-alive=10
        c <- CONNACK reason=0x00
        wait 14.9
        c -> PINGREQ
        c <- PINGRESP
        wait 14.9
        wait 0.1
        c <- DISCONNECT reason=0x8d reason-string="one and a half times the keep alive passed in silence"
        c <- closed
        "##,
    );
}

#[test]
fn response_information_comes_on_request() {
    check(
        V5_0,
        r##"
        c opens
        c -> CONNECT client-id="c" clean-start request-response-information=1
        c <- CONNACK reason=0x00 response-information="response/"
        "##,
    );
}
