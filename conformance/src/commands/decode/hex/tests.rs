use super::*;

#[track_caller]
fn check(text: &str, expected: &[u8]) {
    assert_eq!(parse(text).as_deref(), Ok(expected), "{text}");
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    let error = parse(text).unwrap_err().to_string();
    assert_eq!(error, format!("{expected}; {ALLOWED}"), "{text}");
}

const CONNECT: [u8; 18] = *b"\x10\x10\0\x04MQTT\x04\x02\0<\0\x04a b|";

#[test]
fn blanks_may_stand_between_bytes() {
    check("", &[]);
    check("c000", &[0xc0, 0]);
    check(" C0 00 ", &[0xc0, 0]);
    check("c0\n\n00\r\n", &[0xc0, 0]);
}

#[test]
fn bytes_may_be_prefixed_and_separated() {
    for text in [
        "0x10 0x0c",
        "0x10,0xc",
        "0X100C",
        "10:0c",
        "10,0c",
        "10-0C",
        "\\x10\\x0c",
        "\"\\x10\\x0c\"",
        "'100c'",
        "{0x10, 0x0c}",
        "{\n  0x10,\n  0x0c,\n};",
        "[\"10\", \"0c\"]",
        "b'\\x10\\x0c'",
        "b\"\\x10\\x0c\"",
    ] {
        check(text, &[0x10, 0x0c]);
    }
}

#[test]
fn a_byte_string_has_characters_and_escapes() {
    check(
        r"b'\x10\x10\x00\x04MQTT\x04\x02\x00<\x00\x04a b|'",
        &CONNECT,
    );
    check(r#"b"ab\0\t\n\r\\\"'""#, b"ab\0\t\n\r\\\"'");
    check("b''", &[]);
    check_error("b'a", "half a byte at the end, column 4");
    check_error(r"b'\q'", "'\\\\' in column 3");
    check_error("b'\u{e9}'", "'é' in column 3");
    // Without quotes, whether a digit behind an escape is text cannot be told.
    check_error(r"\x10ab", "'a' in column 5");
    check_error(r"\x1", "half a byte at the end, column 4");
}

#[test]
fn dumps_are_read() {
    let xxd = "00000000: 1010 0004 4d51 5454 0402 003c 0004 6120  ....MQTT...<..a \n\
               00000010: 627c                                     b|\n";
    check(xxd, &CONNECT);
    let single = "00000000: 10 10 00 04 4d 51 54 54 04 02 00 3c 00 04 61 20  ....MQTT...<..a \n\
                  00000010: 62 7c                                            b|\n";
    check(single, &CONNECT);
    let hexdump = "00000000  10 10 00 04 4d 51 54 54  04 02 00 3c 00 04 61 20  |....MQTT...<..a |\n\
                   00000010  62 7c                                             |b||\n\
                   00000012\n";
    check(hexdump, &CONNECT);
    let tcpdump = "\t0x0000:  1010 0004 4d51 5454 0402 003c 0004 6120  ....MQTT...<..a.\n\
                   \t0x0010:  627c                                     b|\n";
    check(tcpdump, &CONNECT);
}

#[test]
fn what_only_looks_like_a_dump_is_bytes() {
    // Offsets that do not say how many bytes there were.
    check("10100004: 4d51", b"\x10\x10\0\x04MQ");
    check("00000000\n", &[0; 4]);
    check("0000 1010", b"\0\0\x10\x10");
    check("30000000\n00000004", b"\x30\0\0\0\0\0\0\x04");
}

#[test]
fn what_is_no_hex_is_named_by_its_place() {
    check_error("c0 0g", "'g' in column 5");
    check_error("c 0", "' ' in column 2");
    check_error("c00", "half a byte at the end, column 4");
    check_error("\u{e9}", "'é' in column 1");
    check_error("{\u{e9}", "'é' in column 2");
    check_error("c00x00", "'x' in column 4");
    check_error("0x", "half a byte at the end, column 3");
    check_error("0x100", "half a byte at the end, column 6");
    check_error("c0\n00 zz", "'z' in line 2, column 4");
    check_error("00000000: 10zz  ..", "'z' in column 13");
    check_error("00000000  10 zz  |..|", "'z' in column 14");
    // Rows that are left out are not guessed.
    check_error("00000000: 10  .\n*", "'*' in line 2, column 1");
}

/// What the lines are taken for: each text with the count of its bytes.
#[track_caller]
fn check_lines(lines: &[&str], expected: &[usize]) {
    let mut reader = HexReader::default();
    let mut found = Vec::new();
    for line in lines {
        if reader.may_go_on() && !reader.goes_on_with(line) {
            found.push(reader.take().len());
        }
        reader.read(line).unwrap();
        if !reader.may_go_on() {
            found.push(reader.take().len());
        }
    }
    if reader.may_go_on() {
        found.push(reader.take().len());
    }
    assert_eq!(found, expected);
}

#[test]
fn rows_and_brackets_belong_together_and_other_lines_do_not() {
    check_lines(&["c000", "", "c0"], &[2, 0, 1]);
    check_lines(&["{0xc0,", "0x00", "}", "c0"], &[2, 1]);
    check_lines(&["00000000: c000  ..", "00000002: d0  ."], &[3]);
    let twice = ["00000000: c000  ..", "00000000: d0  .", "c000"];
    check_lines(&twice, &[2, 1, 2]);
    check_lines(&["00000000  c0  |.|", "00000001", "00000001"], &[1, 4]);
}
