//! Takes the broker's password out of results, before anything is printed or stored.

use mqtt_assay_codec::notation;

use crate::verdict::TestResult;

/// Replaces a password wherever a result could show it: in the notation of a CONNECT, and in its bytes.
pub fn redact(result: &mut TestResult, password: &str) {
    let printed = format!("password={}", notation::print_string(password.as_bytes()));
    let hidden = "password=***";
    for entry in &mut result.trace {
        if entry.packet.contains(&printed) {
            entry.packet = entry.packet.replace(&printed, hidden);
            entry.hex = without(&entry.hex, password.as_bytes());
        }
    }
    let texts = [
        Some(&mut result.message),
        result.expected.as_mut(),
        result.actual.as_mut(),
    ];
    for text in texts.into_iter().flatten() {
        *text = text.replace(&printed, hidden);
    }
}

/// The hex without the field that holds the secret; without anything if the field is not found.
fn without(hex: &str, secret: &[u8]) -> String {
    let Ok(len) = u16::try_from(secret.len()) else {
        return String::new();
    };
    let field = notation::hex(&[&len.to_be_bytes(), secret].concat());
    if !hex.contains(&field) {
        return String::new();
    }
    hex.replace(&field, &vec!["**"; secret.len() + 2].join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::TraceEntry;

    #[track_caller]
    fn check(packet: &str, hex: &str, expected_packet: &str, expected_hex: &str) {
        let mut result = crate::report::example("connect/accepted@5.0");
        result.trace.push(TraceEntry {
            t: 0.0,
            client: "c".to_owned(),
            dir: "->",
            packet: packet.to_owned(),
            hex: hex.to_owned(),
            judged: false,
        });
        redact(&mut result, "hi");
        assert_eq!(result.trace[0].packet, expected_packet);
        assert_eq!(result.trace[0].hex, expected_hex);
    }

    #[test]
    fn the_password_is_nowhere_in_the_packet_or_its_bytes() {
        check(
            "CONNECT user=\"u\" password=\"hi\"",
            "10 01 00 02 68 69",
            "CONNECT user=\"u\" password=***",
            "10 01 ** ** ** **",
        );
    }

    #[test]
    fn bytes_that_were_cut_are_left_out_whole() {
        check(
            "CONNECT password=\"hi\"",
            "10 01 00 02 68",
            "CONNECT password=***",
            "",
        );
    }

    #[test]
    fn another_password_is_part_of_the_test() {
        check(
            "CONNECT password=\"hi!\"",
            "10 68 69",
            "CONNECT password=\"hi!\"",
            "10 68 69",
        );
    }
}
