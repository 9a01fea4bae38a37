//! Packets in test tables: hexadecimal digits, text in quotes, and what is counted in brackets.

/// The bytes of a text such as `82 08 0001 [0b 01] 0003 'a/b' 00`; `[..]` is preceded by its length in one byte.
#[track_caller]
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut section = None;
    let mut rest = text.chars().filter(|it| !it.is_whitespace());
    while let Some(next) = rest.next() {
        match next {
            '\'' => bytes.extend(
                rest.by_ref()
                    .take_while(|&it| it != '\'')
                    .map(|it| it as u8),
            ),
            '[' => {
                section = Some(bytes.len());
                bytes.push(0);
            }
            ']' => {
                let start = section.take().unwrap();
                bytes[start] = u8::try_from(bytes.len() - start - 1).unwrap();
                assert!(bytes[start] < 0x80, "{text}");
            }
            digit => {
                let pair = String::from_iter([digit, rest.next().unwrap()]);
                bytes.push(u8::from_str_radix(&pair, 16).unwrap());
            }
        }
    }
    bytes
}

/// A packet of a first byte and a body; the remaining length is made to fit.
#[track_caller]
pub(crate) fn packet(text: &str) -> Vec<u8> {
    let all = bytes(text);
    let (first, body) = all.split_first().unwrap();
    packet_of(*first, body)
}

/// A packet of a first byte and a body.
pub(crate) fn packet_of(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
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
