//! CONNECT, CONNACK, and what must not be a CONNECT.

use super::*;

#[test]
fn a_connect_is_accepted() {
    check_both(
        r#"
        c opens
        c -> CONNECT client-id="c" clean-start keep-alive=30
        c <- CONNACK reason=0x00
        c -> PINGREQ
        c <- PINGRESP
        c -> DISCONNECT
        c <- closed
        "#,
    );
}
