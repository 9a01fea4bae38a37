//! Scenario files: no text does harm, and what was laid out stays as it is.

use mqtt_assay::scenario::{format, parse};

/// Any text.
pub fn scenario(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(errors) = parse("fuzz/any.mqtt", &text) {
        assert!(!errors.is_empty());
        for error in errors {
            assert!(!error.render(&text, false).is_empty());
        }
    }
    if let Ok(once) = format(&text) {
        let twice = format(&once).unwrap_or_else(|errors| panic!("{errors:?}\n{once}"));
        assert_eq!(twice, once, "laid out twice");
    }
}
