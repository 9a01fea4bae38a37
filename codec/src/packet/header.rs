//! The check of the first byte of a packet (sections 2.1.2 and 2.1.3).

use super::{PacketType, Sender};
use crate::error::{Context, DecodeError, DecodeErrorKind, Refusal as _};
use crate::version::ProtocolVersion;

/// Whether a packet of this version, from this sender, may start with a byte: a type that it sends, with its flags.
#[inline]
pub(super) fn is_allowed(first: u8, sender: Sender, version: ProtocolVersion) -> bool {
    let row = ALLOWED
        .get(version as usize)
        .and_then(|rows| rows.get(sender as usize));
    let word = row.and_then(|row| row.get(usize::from(first / 64)));
    word.is_some_and(|word| word >> (first % 64) & 1 != 0)
}

/// Why it may not.
#[cold]
pub(super) fn error(first: u8, context: Context) -> DecodeError {
    let (number, found) = (first >> 4, first & 0b1111);
    let reserved = DecodeErrorKind::ReservedPacketType(number);
    let kind = match context.packet {
        None => reserved,
        Some(PacketType::Auth) if !context.version.has_reason_codes() => reserved,
        Some(packet) if !packet.is_sent_by(context.sender, context.version) => {
            DecodeErrorKind::WrongSender(context.sender)
        }
        Some(packet) => {
            let allowed = packet.reserved_flags().unwrap_or(found);
            DecodeErrorKind::ReservedFlags { found, allowed }
        }
    };
    DecodeError::new(kind, 0, context)
}

/// The bytes that are allowed, a bit for each: by version, then by sender.
static ALLOWED: [[[u64; 4]; 3]; 2] = allowed();

#[expect(
    clippy::indexing_slicing,
    reason = "it runs when the crate is compiled"
)]
const fn allowed() -> [[[u64; 4]; 3]; 2] {
    const SENDERS: [Sender; 3] = [Sender::Client, Sender::Server, Sender::Either];
    let mut bits = [[[0; 4]; 3]; 2];
    let mut index = 0;
    while index < ProtocolVersion::ALL.len() * SENDERS.len() * PacketType::ALL.len() {
        let (version, row) = (ProtocolVersion::ALL[index % 2], index / 2);
        let (sender, packet) = (SENDERS[row % 3], PacketType::ALL[row / 3]);
        if packet.is_sent_by(sender, version) {
            let flags = match packet.reserved_flags() {
                Some(flags) => 1 << flags,
                None => 0xffff,
            };
            let first = packet.number() << 4;
            bits[version as usize][sender as usize][first as usize / 64] |= flags << (first % 64);
        }
        index += 1;
    }
    bits
}
