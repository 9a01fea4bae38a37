//! Packets in test tables: hexadecimal digits, with text in quotes.

/// The bytes of a text such as `82 08 0001 0003 'a/b' 00`.
#[track_caller]
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, part) in text.split('\'').enumerate() {
        if index % 2 == 1 {
            bytes.extend_from_slice(part.as_bytes());
            continue;
        }
        let digits: Vec<char> = part.chars().filter(|it| !it.is_whitespace()).collect();
        for pair in digits.chunks(2) {
            let pair: String = pair.iter().collect();
            bytes.push(u8::from_str_radix(&pair, 16).unwrap());
        }
    }
    bytes
}

/// A packet of a first byte and a body; the remaining length is made to fit.
#[track_caller]
pub(crate) fn packet(text: &str) -> Vec<u8> {
    let all = bytes(text);
    let (first, body) = all.split_first().unwrap();
    let mut packet = vec![*first];
    let mut rest = body.len();
    loop {
        let byte = u8::try_from(rest % 128).unwrap();
        rest /= 128;
        packet.push(if rest > 0 { byte | 0x80 } else { byte });
        if rest == 0 {
            break;
        }
    }
    packet.extend_from_slice(body);
    packet
}
