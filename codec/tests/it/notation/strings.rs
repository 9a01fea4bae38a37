//! Tokens, and strings as they are printed.

use mqtt_assay_codec::notation::{TokenKind, lex, print_string, start_of};

use super::show_error;

fn tokens_of(line: &str) -> String {
    let tokens = match lex(line) {
        Ok(tokens) => tokens,
        Err(error) => return show_error(&error),
    };
    let show = |kind: &TokenKind| match kind {
        TokenKind::Word(word) => word.clone(),
        TokenKind::Number(number) => format!("#{number}"),
        TokenKind::Bytes(text) => {
            let bytes = text.to_bytes();
            assert_eq!(
                (text.len(), text.is_empty()),
                (bytes.len(), bytes.is_empty())
            );
            print_string(&bytes)
        }
        TokenKind::Symbol(symbol) => format!("`{symbol}`"),
    };
    let shown: Vec<String> = tokens.iter().map(|token| show(&token.kind)).collect();
    shown.join(" ")
}

#[track_caller]
fn check_lex(line: &str, expected: &str) {
    assert_eq!(tokens_of(line), expected, "{line}");
}

#[test]
fn a_line_of_a_scenario_is_cut_into_tokens() {
    check_lex(
        r#"[5.0] sub <- PUBLISH qos=2 dup=no id=?m topic="{ns}t" message-expiry=1..3 within 2s | weak closed   @ v3-4.4.0-1 v5-3.3.1-10"#,
        r#"`[` 5.0 `]` sub `<-` PUBLISH qos `=` #2 dup `=` no id `=` `?` m topic `=` "{ns}t" message-expiry `=` #1 `..` #3 within 2s `|` weak closed `@` v3-4.4.0-1 v5-3.3.1-10"#,
    );
    check_lex(
        "scenario qos2/name-of-scenario",
        "scenario qos2/name-of-scenario",
    );
    check_lex("500ms 3.1.1 60s client-id", "500ms 3.1.1 60s client-id");
    check_lex(r#""k":"v""#, r#""k" `:` "v""#);
    check_lex("a->b c<-d ..5 5..", "a `->` b c `<-` d `..` #5 #5 `..`");
    check_lex("byte@3=0x82 id=$m", "byte `@` #3 `=` #130 id `=` `$` m");
    check_lex("versions 5.0 # a comment \" of any kind", "versions 5.0");
    check_lex("{ns}x _", "{ns}x _");
    check_lex("", "");
}

#[test]
fn a_number_has_a_base() {
    check_lex("7 0x82 0b1111 268_435_455", "#7 #130 #15 #268435455");
    check_lex(
        "18446744073709551615 18446744073709551616",
        "#18446744073709551615 18446744073709551616",
    );
    check_lex("0x 0b 0b2 0xg 1x", "0x 0b 0b2 0xg 1x");
}

#[test]
fn a_string_has_escapes() {
    check_lex(r#""\n\r\t\0\\\"\u{41}é""#, r#""\n\r\t\0\\\"Aé""#);
    check_lex(r#"0x"c328" 0x"" 0x"4142""#, r#"0x"c328" "" "AB""#);
    check_lex(r#""x"*3 "ab"*0 0x"ff"*2"#, r#""xxx" "" 0x"ffff""#);
    check_lex(
        r#""x"*99999999999999999999"#,
        "4..24: no number of repeats behind `*`",
    );
    check_lex(r#""x" * 3"#, r#""x" `*` #3"#);
    check_lex(r#"a="x"#, "2..4: string without a closing quote");
    check_lex(
        r#""\"#,
        r#"1..2: unknown escape; allowed are \n \r \t \0 \\ \" \u{..}"#,
    );
    check_lex(
        r#""\é""#,
        r#"1..4: unknown escape; allowed are \n \r \t \0 \\ \" \u{..}"#,
    );
    check_lex(
        r#""\u{d800}""#,
        r"1..8: no character; allowed is \u{..} with a code point in hex, no surrogate",
    );
    check_lex(
        r#"0x"c32""#,
        r#"3..6: no hex bytes; allowed are two digits each, as in 0x"c328""#,
    );
    check_lex(
        "a < b",
        "2..3: character `<`, which is part of no token (did you mean `<-`?)",
    );
    check_lex(
        "a \u{202e}",
        r"2..5: character `\u{202e}`, which is part of no token",
    );
}

#[test]
fn a_printed_string_never_moves_a_cursor() {
    let check = |bytes: &[u8], expected: &str| assert_eq!(print_string(bytes), expected);
    check(b"it's \"a\"\n", r#""it's \"a\"\n""#);
    check(
        "\u{1b}[2J\u{7f}\u{9b}".as_bytes(),
        r#""\u{1b}[2J\u{7f}\u{9b}""#,
    );
    check(
        "a\u{202e}b\u{200b}\u{feff}\u{ffff}\u{2028}".as_bytes(),
        r#""a\u{202e}b\u{200b}\u{feff}\u{ffff}\u{2028}""#,
    );
    check("\u{301}é日".as_bytes(), r#""\u{301}é日""#);
    check(b"", r#""""#);
    check(&[0xc3, 0x28], r#"0x"c328""#);
    check(&[b'x'; 32], &format!("\"{}\"", "x".repeat(32)));
    check(&[b'x'; 33], r#""x"*33"#);
    check("日".repeat(40).as_bytes(), r#""日"*40"#);
    check(&[0xff; 40], r#"0x"ff"*40"#);
    check("+/".repeat(40).as_bytes(), r#""+/"*40"#);
}

#[test]
fn of_a_long_string_the_start_is_shown_unless_it_is_a_repeat() {
    let check = |bytes: &[u8], expected: &[u8]| assert_eq!(start_of(bytes, 4), expected);
    check(b"four", b"four");
    check(b"five!", b"five");
    check("aé日本".as_bytes(), "aé".as_bytes());
    check(&[0xff, 0xfe, 1, 2, 3], &[0xff, 0xfe, 1, 2]);
    check(&[b'x'; 33], &[b'x'; 33]);
}
