//! The writing of a packet: its length first, then its bytes.

use crate::error::EncodeError;
use crate::version::ProtocolVersion;
use crate::wire::{Count, Sink, VARIABLE_BYTE_INTEGER_MAX};

/// What the remaining length counts, but for the payload of a PUBLISH.
pub(super) trait Body {
    /// Writes the fields.
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError>;
}

/// PINGREQ and PINGRESP have no body.
impl Body for () {
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
    /// Appends the fixed header and a body; `out` is as it was when the body cannot be expressed.
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
        let too_long = EncodeError::PacketTooLong { len };
        let remaining_len = u32::try_from(len).map_err(|_| too_long)?;
        if remaining_len > VARIABLE_BYTE_INTEGER_MAX {
            return Err(too_long);
        }
        let start = out.len();
        out.reserve(HEADER_LEN_MAX + body_len + copied.len());
        if let Ok(len @ 0..=0x7f) = u8::try_from(remaining_len) {
            out.put(&[self.first, len]);
        } else {
            out.byte(self.first);
            out.variable(remaining_len);
        }
        let written = body.encode(self.version, out);
        debug_assert!(written.is_ok(), "what cannot be written was not counted");
        if written.is_err() {
            out.truncate(start);
            return written;
        }
        out.put(copied);
        Ok(())
    }
}

/// The longest fixed header in bytes: the first byte, and four of remaining length (section 2.1).
const HEADER_LEN_MAX: usize = 5;
