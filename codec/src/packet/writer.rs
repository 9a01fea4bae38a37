//! The writing of a packet: its length first, then its bytes.

use super::{Packet, Sender};
use crate::error::EncodeError;
use crate::frame::Frame;
use crate::version::ProtocolVersion;
use crate::wire::{Count, Sink, VARIABLE_BYTE_INTEGER_MAX};

/// What the remaining length counts, but for the payload of a PUBLISH.
pub(super) trait Body {
    /// Whether a decoder takes what [`Body::encode`] writes. Where this is false, it is asked.
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool;

    /// Writes the fields.
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError>;
}

/// PINGREQ and PINGRESP have no body.
impl Body for () {
    #[inline]
    fn is_surely_valid(&self, _: ProtocolVersion) -> bool {
        true
    }

    #[inline]
    fn encode(&self, _: ProtocolVersion, _: &mut impl Sink) -> Result<(), EncodeError> {
        Ok(())
    }
}

/// What becomes of the payload of a PUBLISH.
#[derive(Clone, Copy, Debug)]
pub(super) enum Payload {
    /// It is written behind the rest.
    Copied,
    /// It stays where it is, and is sent from there.
    Apart,
}

/// What a frame needs beside its body.
#[derive(Clone, Copy)]
pub(super) struct Writer {
    /// The first byte: type and flags.
    pub(super) first: u8,
    pub(super) version: ProtocolVersion,
}

impl Writer {
    /// Appends the fixed header and a body; `out` is as it was when that is no packet.
    #[inline]
    pub(super) fn write(self, body: &impl Body, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.write_before(body, 0, &[], out)
    }

    /// As [`Writer::write`], before a payload of that length: appends it where it is to be copied.
    #[inline]
    pub(super) fn write_before(
        self,
        body: &impl Body,
        payload_len: usize,
        copied: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let mut count = Count::default();
        body.encode(self.version, &mut count)?;
        let Count(body_len) = count;
        let len = body_len + payload_len;
        let Ok(remaining_len @ 0..=VARIABLE_BYTE_INTEGER_MAX) = u32::try_from(len) else {
            return Err(EncodeError::PacketTooLong { len });
        };
        let start = out.len();
        out.reserve(HEADER_LEN_MAX + body_len + copied.len());
        if let Ok(len @ 0..=0x7f) = u8::try_from(remaining_len) {
            out.put(&[self.first, len]);
        } else {
            out.byte(self.first);
            out.variable(remaining_len);
        }
        let mut written = body.encode(self.version, out);
        debug_assert!(written.is_ok(), "what cannot be written was not counted");
        if written.is_ok() && !body.is_surely_valid(self.version) {
            written = check(out.get(start..).unwrap_or_default(), self.version);
        }
        match written {
            Ok(()) => out.put(copied),
            Err(_) => out.truncate(start),
        }
        written
    }
}

/// Asks the decoder about a packet that was written, but for the payload of a PUBLISH, which can have no fault.
#[cold]
fn check(bytes: &[u8], version: ProtocolVersion) -> Result<(), EncodeError> {
    let Some(frame) = Frame::without_end(bytes) else {
        debug_assert!(false, "it starts with its header");
        return Ok(());
    };
    match Packet::decode(&frame, version, Sender::Either) {
        Ok(_) => Ok(()),
        Err(error) => Err(EncodeError::Refused(error)),
    }
}

/// The longest fixed header in bytes: the first byte, and four of remaining length (section 2.1).
const HEADER_LEN_MAX: usize = 5;
