//! Framing: however the bytes arrive, the frames and the error are the same.

use mqtt_assay_codec::{DecodeError, Framer, ProtocolVersion};

use super::context_of;

/// A byte for the version, a byte for the size of the pieces, and a stream.
pub fn stream(data: &[u8]) {
    let Some((&[context, size], stream)) = data.split_first_chunk() else {
        return;
    };
    let (version, _) = context_of(context);
    let whole = frames(std::iter::once(stream), version);
    let size = usize::from(size).max(1);
    assert_eq!(
        frames(stream.chunks(size), version),
        whole,
        "pieces of {size}"
    );
    // Pieces that grow start at other places of each frame.
    let mut rest = stream;
    let mut len = 0;
    let growing = std::iter::from_fn(|| {
        len += 1;
        let (piece, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    });
    assert_eq!(frames(growing, version), whole, "pieces that grow");
    let memory = allocation_counter::measure(|| drop(frames(stream.chunks(size), version)));
    // The framer's buffer may grow by doubling, and the list of frames too.
    let bytes_max = 64 * stream.len() + 4_096;
    assert!(
        memory.bytes_max <= u64::try_from(bytes_max).unwrap(),
        "{memory:?}"
    );
}

/// The frames, what is left, and the error at the end.
type Frames = (Vec<Vec<u8>>, Vec<u8>, Option<DecodeError>);

fn frames<'a>(pieces: impl Iterator<Item = &'a [u8]>, version: ProtocolVersion) -> Frames {
    let mut framer = Framer::new(version, FRAME_LEN_MAX);
    let mut frames = Vec::new();
    for piece in pieces {
        framer.push(piece);
        loop {
            // To be kept and lent in turn: neither disturbs the other.
            let next = if frames.len() % 2 == 0 {
                framer.next_frame().map(|frame| frame.map(Vec::from))
            } else {
                let lent = framer.lend_frame().map_err(Clone::clone);
                lent.map(|frame| frame.map(|frame| frame.as_bytes().to_vec()))
            };
            match next {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(framer.next_frame(), Err(error.clone()), "an error stays");
                    return (frames, Vec::new(), Some(error));
                }
            }
        }
    }
    (frames, framer.pending().to_vec(), None)
}

/// Less than some lengths that are found, so that these are refused.
const FRAME_LEN_MAX: usize = 100_000;
