//! The notation: no text does harm, and what is printed is read back.

use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::notation::{Notation, parse, print_bytes};
use mqtt_assay_codec::packet::Sender;

/// Any text.
pub fn notation(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let parsed = match parse(&text) {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(
                text.get(error.span.clone()).is_some(),
                "{error:?} in {text:?}"
            );
            return;
        }
    };
    let printed = parsed.to_string();
    assert_eq!(parse(&printed).as_ref(), Ok(&parsed), "{printed}");
    for version in ProtocolVersion::ALL {
        let bytes = match &parsed {
            Notation::Packet(draft) => draft.to_bytes(version).ok(),
            Notation::Hex(bytes) => Some(bytes.clone()),
        };
        let Some(bytes) = bytes else { continue };
        let printed = print_bytes(&bytes, version, Sender::Either);
        let again = match parse(&printed).unwrap() {
            Notation::Packet(draft) => draft.to_bytes(version).unwrap(),
            Notation::Hex(bytes) => bytes,
        };
        assert_eq!(again, bytes, "{printed}");
    }
}
