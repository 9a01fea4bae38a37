//! A mutator that knows what a packet is.

use arbitrary::{Arbitrary, Unstructured};
use mqtt_assay_codec::arbitrary::{ValidPacket, Violated};

/// Changes an input of [`oracle::decode`](crate::oracle::decode) or [`oracle::stream`](crate::oracle::stream).
///
/// Most changes are the fuzzer's own (`inner`), with the remaining length made to fit again, so that what was changed
/// is read at all. Others put a valid packet, or one with a violation, in place of the last.
pub fn mutate(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    seed: u32,
    inner: fn(&mut [u8], usize, usize) -> usize,
) -> usize {
    let generated = generated(seed);
    match (seed % 8, generated) {
        (0, Some(packet)) => put(data, CONTEXT_LEN, max_size, &packet),
        (1, Some(packet)) => put(data, size, max_size, &packet),
        (2, _) => inner(data, size, max_size),
        _ => {
            let size = inner(data, size, max_size);
            fit_remaining_length(data, size);
            size
        }
    }
}

/// A packet made from a seed: every other one is valid.
fn generated(seed: u32) -> Option<Vec<u8>> {
    let mut state = u64::from(seed) | 1 << 40;
    let random: Vec<u8> = (0..RANDOM_LEN)
        .map(|_| {
            // A linear congruence, by Knuth's factor, is random enough for choices.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state.to_le_bytes()[5]
        })
        .collect();
    let mut u = Unstructured::new(&random);
    if seed & 0x100 == 0 {
        Some(ValidPacket::arbitrary(&mut u).ok()?.to_bytes())
    } else {
        Some(Violated::arbitrary(&mut u).ok()?.bytes)
    }
}

/// Puts a packet behind the first `at` bytes, if there is room, and gives the new size.
fn put(data: &mut [u8], at: usize, max_size: usize, packet: &[u8]) -> usize {
    let end = at.saturating_add(packet.len());
    match data.get_mut(at..end) {
        Some(room) if end <= max_size => {
            room.copy_from_slice(packet);
            end
        }
        Some(_) | None => at.min(max_size),
    }
}

/// Makes a remaining length of one byte that of the first packet, if that is short enough.
fn fit_remaining_length(data: &mut [u8], size: usize) {
    let body_len = size.checked_sub(CONTEXT_LEN + 2);
    let short = body_len.and_then(|len| u8::try_from(len).ok());
    if let (Some(len @ 0..0x80), Some(byte)) = (short, data.get_mut(CONTEXT_LEN + 1)) {
        *byte = len;
    }
}

/// The bytes before the packet in the inputs of both oracles, or one more.
const CONTEXT_LEN: usize = 1;

/// Enough for the choices of any packet.
const RANDOM_LEN: usize = 800;
