//! Decoding: no panic, hardly any memory, and the same bytes when it is encoded again.

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::Dissection;
use mqtt_assay_codec::{Frame, Packet};

use super::context_of;

/// A byte for version and sender, and bytes that may be a packet.
pub fn decode(data: &[u8]) {
    let Some((&context, bytes)) = data.split_first() else {
        return;
    };
    let (version, sender) = context_of(context);
    let dissection = Dissection::of(bytes, version, sender);
    let ends = dissection.parts.last().map_or(0, |part| part.range.end);
    assert!(ends <= bytes.len(), "{dissection:?}");
    let frame = match Frame::split(bytes, version) {
        Ok(Split::Frame(frame)) => frame,
        Ok(Split::NeedMore(more)) => return assert!(more > 0, "nothing is needed"),
        Err(error) => return assert_eq!(error.offset(), 1, "{error}"),
    };
    let mut decoded = None;
    let memory = allocation_counter::measure(|| {
        decoded = Some(Packet::decode(&frame, version, sender));
    });
    assert_eq!(
        memory.count_total, 0,
        "decoding borrows, and reserves nothing"
    );
    match decoded.unwrap() {
        Ok(packet) => {
            let mut encoded = Vec::new();
            let memory = allocation_counter::measure(|| {
                packet.encode(version, &mut encoded).unwrap();
            });
            assert_eq!(encoded, frame.as_bytes(), "{packet:?}");
            let bytes_max = u64::try_from(frame.len()).unwrap() + HEADER_ROOM;
            assert!(memory.bytes_total <= bytes_max, "one copy: {memory:?}");
            assert_eq!(dissection.violations, [], "{packet:?}");
        }
        Err(error) => {
            assert!(error.offset() <= frame.len(), "{error}");
            assert!(error.reason_code().is_error(), "{error}");
            assert_eq!(error.statement().version(), error.version(), "{error}");
            assert!(!error.to_string().is_empty());
            assert_eq!(dissection.violations.first(), Some(&error));
        }
    }
}

/// Room for a longer header than the packet has.
const HEADER_ROOM: u64 = 16;
