//! The search for bytes that a text may not have.
//!
//! It looks at a block at a time, without a branch in it, so that the compiler compares all bytes of a block at once.

/// Whether a text is ASCII without U+0000: most are, and then nothing more is to be looked at.
#[inline]
pub(crate) fn is_plain(text: &[u8]) -> bool {
    !any(text, is_unusual)
}

/// Whether a topic name is ASCII without U+0000 and without a wildcard, as most are.
#[inline]
pub(crate) fn is_plain_name(text: &[u8]) -> bool {
    !any(text, |byte| {
        is_unusual(byte) | (byte == b'+') | (byte == b'#')
    })
}

/// Whether a text has U+0000.
#[inline]
pub(crate) fn has_nul(text: &[u8]) -> bool {
    any(text, |byte| byte == 0)
}

/// Whether a name has U+0000 or a wildcard.
#[inline]
pub(crate) fn has_nul_or_wildcard(text: &[u8]) -> bool {
    any(text, |byte| (byte == 0) | (byte == b'+') | (byte == b'#'))
}

/// Whether a byte is zero, or no ASCII: as signed numbers, these are the ones that are not positive.
#[inline]
const fn is_unusual(byte: u8) -> bool {
    byte.cast_signed() <= 0
}

/// Where a byte stands first.
#[inline]
pub(crate) fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (word, start) in words.iter().zip((0..).step_by(8)) {
        // The lowest byte that is equal becomes zero, and then alone has its highest bit set by the subtraction: what
        // stands above it does not matter.
        let word = u64::from_le_bytes(*word) ^ u64::from_ne_bytes([wanted; 8]);
        let found = word.wrapping_sub(LOW_BITS) & !word & HIGH_BITS;
        if found != 0 {
            return Some(start + (found.trailing_zeros() / 8) as usize);
        }
    }
    let at = rest.iter().position(|&byte| byte == wanted)?;
    Some(bytes.len() - rest.len() + at)
}

/// The lowest bit of each byte of a word.
const LOW_BITS: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte of a word.
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Whether any byte is wanted.
#[inline]
fn any(bytes: &[u8], is_wanted: impl Fn(u8) -> bool + Copy) -> bool {
    // The last block overlaps the one before it; of a shorter text, the first half and the last are one block.
    if let Some(last) = bytes.last_chunk::<LONG>() {
        let (blocks, _) = bytes.as_chunks::<LONG>();
        return any_of_block(last, is_wanted)
            || blocks.iter().any(|block| any_of_block(block, is_wanted));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        let [first, last] = [*first, *last].map(u64::from_ne_bytes);
        let block = u128::from(first) | u128::from(last) << 64;
        return any_of_block(&block.to_ne_bytes(), is_wanted);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let [first, last] = [*first, *last].map(u32::from_ne_bytes);
        let block = u64::from(first) | u64::from(last) << 32;
        return any_of_block(&block.to_ne_bytes(), is_wanted);
    }
    bytes.iter().any(|&byte| is_wanted(byte))
}

#[inline]
fn any_of_block<const LEN: usize>(block: &[u8; LEN], is_wanted: impl Fn(u8) -> bool) -> bool {
    // Numbers instead of booleans: these the compiler turns into comparisons of whole vectors.
    block
        .iter()
        .fold(0, |found, &byte| found | u8::from(is_wanted(byte)))
        != 0
}

/// The length of a block in bytes: a vector register.
const LONG: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    // Lengths up to two words or blocks and a part of a third: nothing else happens with more of them. Miri, which is
    // slow, takes a few.
    const STEP: usize = if cfg!(miri) { 7 } else { 1 };

    #[test]
    fn the_first_place_of_a_byte_is_found() {
        for len in (0..22).step_by(STEP) {
            for wanted in [0, b'/', 0x80, 0xff] {
                // Neighbours that differ in one bit, and a second one behind.
                for other in [wanted ^ 1, wanted ^ 0x80, wanted.wrapping_add(1)] {
                    let mut bytes = vec![other; len];
                    assert_eq!(position(&bytes, wanted), None, "{len}");
                    for at in (0..len).rev() {
                        bytes[at] = wanted;
                        assert_eq!(position(&bytes, wanted), Some(at), "{wanted} {other} {len}");
                    }
                }
            }
        }
    }

    #[track_caller]
    fn check(bytes: &[u8], byte: u8) {
        let found = (
            is_plain(bytes),
            is_plain_name(bytes),
            has_nul(bytes),
            has_nul_or_wildcard(bytes),
        );
        let is_ascii = byte != 0 && byte < 0x80;
        let is_wildcard = matches!(byte, b'+' | b'#');
        let expected = (
            is_ascii,
            is_ascii && !is_wildcard,
            byte == 0,
            byte == 0 || is_wildcard,
        );
        assert_eq!(found, expected, "{byte} in {bytes:02x?}");
    }

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for len in (0..40).step_by(STEP) {
            let mut bytes = vec![b'x'; len];
            check(&bytes, b'x');
            for at in 0..len {
                for byte in [0, b'#', b'+', 0x80, 0xff] {
                    bytes[at] = byte;
                    check(&bytes, byte);
                }
                bytes[at] = b'x';
            }
        }
    }

    #[test]
    fn each_byte_is_what_it_is_in_a_text_of_any_length() {
        for len in [1, 4, 8, 16, 17] {
            for byte in (0..=u8::MAX).step_by(STEP) {
                check(&vec![byte; len], byte);
            }
        }
    }
}
