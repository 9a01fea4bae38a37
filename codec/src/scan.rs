//! The search for bytes that a text may not have.

/// Whether any of the wanted bytes is there.
///
/// It looks at a block at a time, without a branch in it, so that the compiler compares all bytes of a block at once.
#[inline]
pub(crate) fn has_any<const COUNT: usize>(bytes: &[u8], wanted: [u8; COUNT]) -> bool {
    // The last block overlaps the one before it.
    if let Some(last) = bytes.last_chunk::<LONG>() {
        let (blocks, _) = bytes.as_chunks::<LONG>();
        return block_has_any(last, wanted)
            || blocks.iter().any(|block| block_has_any(block, wanted));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<SHORT>(), bytes.last_chunk::<SHORT>()) {
        return block_has_any(first, wanted) | block_has_any(last, wanted);
    }
    bytes.iter().any(|byte| wanted.contains(byte))
}

#[inline]
fn block_has_any<const LEN: usize, const COUNT: usize>(
    block: &[u8; LEN],
    wanted: [u8; COUNT],
) -> bool {
    // Numbers instead of booleans: these the compiler turns into comparisons of whole vectors.
    let mut found = 0;
    for byte in block {
        for it in &wanted {
            found |= u8::from(byte == it);
        }
    }
    found != 0
}

/// The length of a block in bytes: a vector register.
const LONG: usize = 16;

/// The length of a block in bytes where the text is shorter than [`LONG`].
const SHORT: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for len in 0..70 {
            let mut bytes = vec![b'x'; len];
            assert!(!has_any(&bytes, [0, b'+']), "{len}");
            for at in 0..len {
                for wanted in [0, b'+'] {
                    bytes[at] = wanted;
                    assert!(has_any(&bytes, [0, b'+']), "{wanted} at {at} of {len}");
                    assert!(!has_any(&bytes, [b'#']), "{wanted} at {at} of {len}");
                }
                bytes[at] = b'x';
            }
        }
    }
}
