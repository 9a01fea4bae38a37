//! Reader and writer of the data types of section 1.5.

use std::marker::PhantomData;
use std::mem;
use std::str;

use crate::error::{Context, DecodeErrorKind, EncodeError, Field, Refusal};
use crate::packet::PacketId;
use crate::scan;

/// The largest value of a variable byte integer, and so the largest remaining length (section 1.5.5).
pub const VARIABLE_BYTE_INTEGER_MAX: u32 = 268_435_455;

/// The most bytes of a variable byte integer (section 1.5.5).
pub(crate) const VARIABLE_BYTE_INTEGER_LEN_MAX: usize = 4;

/// The bytes of the length before a string (section 1.5.4).
pub(crate) const STRING_LENGTH_LEN: usize = 2;

/// What the first bytes of a slice say as a variable byte integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VariableByteInteger {
    /// A number, and how many bytes it took.
    Number(u32, usize),
    /// The slice ends within it.
    Cut,
    /// A fifth byte would follow.
    TooLong,
    /// Its last byte is zero, so that fewer bytes would do.
    NotMinimal,
}

/// Reads a variable byte integer (section 1.5.5; the remaining length of 3.1.1, section 2.2.3).
#[inline]
pub(crate) fn variable_byte_integer(bytes: &[u8]) -> VariableByteInteger {
    // Most numbers are below 128.
    match bytes.first() {
        Some(&byte) if byte < 0x80 => VariableByteInteger::Number(u32::from(byte), 1),
        _ => long_variable_byte_integer(bytes),
    }
}

fn long_variable_byte_integer(bytes: &[u8]) -> VariableByteInteger {
    let mut number = 0;
    for (index, &byte) in bytes.iter().take(VARIABLE_BYTE_INTEGER_LEN_MAX).enumerate() {
        number |= u32::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            // The caller took the numbers of one byte, so this is not the first.
            if byte == 0 {
                return VariableByteInteger::NotMinimal;
            }
            return VariableByteInteger::Number(number, index + 1);
        }
    }
    if bytes.len() < VARIABLE_BYTE_INTEGER_LEN_MAX {
        VariableByteInteger::Cut
    } else {
        VariableByteInteger::TooLong
    }
}

/// Reads the fields of one packet, left to right; its offsets count from the packet's first byte.
#[derive(Debug)]
pub(crate) struct Reader<'a, E> {
    /// What is left; cut short where a nested length ends.
    rest: &'a [u8],
    /// Where that ends, from the packet's first byte.
    end: usize,
    context: Context,
    refusal: PhantomData<E>,
}

impl<'a, E: Refusal> Reader<'a, E> {
    /// A reader of a packet that has read up to `at`.
    #[inline]
    pub(crate) fn new(bytes: &'a [u8], at: usize, context: Context) -> Self {
        Self {
            rest: bytes.get(at..).unwrap_or_default(),
            end: bytes.len(),
            context,
            refusal: PhantomData,
        }
    }

    /// A reader of as many bytes as follow; `None` where the packet has fewer.
    #[inline]
    pub(crate) fn nested(&mut self, len: usize) -> Option<Self> {
        let rest = self.take(len)?;
        Some(Self {
            rest,
            end: self.offset(),
            context: self.context,
            refusal: PhantomData,
        })
    }

    #[inline]
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    #[inline]
    fn array<const LEN: usize>(&mut self, field: Field) -> Result<[u8; LEN], E> {
        let Some((array, rest)) = self.rest.split_first_chunk() else {
            return Err(self.error(DecodeErrorKind::Truncated(field)));
        };
        self.rest = rest;
        Ok(*array)
    }

    /// One byte.
    #[inline]
    pub(crate) fn byte(&mut self, field: Field) -> Result<u8, E> {
        self.array::<1>(field).map(|[byte]| byte)
    }

    /// A two byte integer.
    #[inline]
    pub(crate) fn two_byte(&mut self, field: Field) -> Result<u16, E> {
        self.array(field).map(u16::from_be_bytes)
    }

    /// A four byte integer.
    #[inline]
    pub(crate) fn four_byte(&mut self, field: Field) -> Result<u32, E> {
        self.array(field).map(u32::from_be_bytes)
    }

    /// A variable byte integer in its shortest form.
    #[inline]
    pub(crate) fn variable(&mut self, field: Field) -> Result<u32, E> {
        let kind = match variable_byte_integer(self.rest) {
            VariableByteInteger::Number(number, len) => {
                self.take(len);
                return Ok(number);
            }
            VariableByteInteger::Cut => DecodeErrorKind::Truncated(field),
            VariableByteInteger::TooLong => DecodeErrorKind::VariableByteIntegerTooLong(field),
            VariableByteInteger::NotMinimal => {
                DecodeErrorKind::VariableByteIntegerNotMinimal(field)
            }
        };
        Err(self.error(kind))
    }

    /// Binary data behind its length.
    #[inline]
    pub(crate) fn binary(&mut self, field: Field) -> Result<&'a [u8], E> {
        let start = self.offset();
        let len = usize::from(self.two_byte(field)?);
        self.take(len)
            .ok_or_else(|| self.error_at(DecodeErrorKind::Truncated(field), start))
    }

    /// A UTF-8 string behind its length (sections 1.5.4, and 1.5.3 of 3.1.1).
    #[inline]
    pub(crate) fn text(&mut self, field: Field) -> Result<&'a str, E> {
        let bytes = self.binary(field)?;
        let text = utf8(bytes, self.offset(), field, self.context)?;
        if scan::has_nul(bytes) {
            return Err(nul_error(bytes, self.offset(), field, self.context));
        }
        Ok(text)
    }

    /// A UTF-8 string behind its length, as checked bytes: from them to text is one check more.
    #[inline(always)]
    pub(crate) fn text_bytes(&mut self, field: Field) -> Result<&'a [u8], E> {
        let bytes = self.binary(field)?;
        if scan::is_plain(bytes) {
            return Ok(bytes);
        }
        check_unusual_text(bytes, self.offset(), field, self.context)?;
        Ok(bytes)
    }

    /// A UTF-8 string that may have U+0000 still: whoever reads it looks for more than that.
    #[inline]
    pub(crate) fn text_unless_nul(&mut self, field: Field) -> Result<&'a str, E> {
        let bytes = self.binary(field)?;
        utf8(bytes, self.offset(), field, self.context)
    }

    /// A packet identifier, which is never zero.
    #[inline]
    pub(crate) fn packet_id(&mut self) -> Result<PacketId, E> {
        let start = self.offset();
        let number = self.two_byte(Field::PacketId)?;
        PacketId::new(number).ok_or_else(|| self.error_at(DecodeErrorKind::PacketIdZero, start))
    }

    /// Everything that is left, taken.
    #[inline]
    pub(crate) fn take_rest(&mut self) -> &'a [u8] {
        mem::take(&mut self.rest)
    }

    /// Everything that is left.
    #[inline]
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Whether nothing is left.
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Where the reader stands, from the packet's first byte.
    #[inline]
    pub(crate) const fn offset(&self) -> usize {
        self.end - self.rest.len()
    }

    /// The packet that it reads, by whose rules.
    #[inline]
    pub(crate) const fn context(&self) -> Context {
        self.context
    }

    /// An error here.
    #[inline]
    pub(crate) fn error(&self, kind: DecodeErrorKind) -> E {
        self.error_at(kind, self.offset())
    }

    /// An error at an offset from the packet's first byte.
    #[inline]
    pub(crate) fn error_at(&self, kind: DecodeErrorKind, offset: usize) -> E {
        // It takes values, not the reader: one whose address nobody wants can live in registers.
        E::new(kind, offset, self.context)
    }

    /// Proves that nothing is left.
    #[inline]
    pub(crate) fn finish(&self) -> Result<(), E> {
        if self.is_empty() {
            return Ok(());
        }
        Err(self.error(DecodeErrorKind::TrailingBytes {
            len: self.rest.len(),
        }))
    }
}

/// The text of bytes that end at an offset, if they are UTF-8.
#[inline]
pub(crate) fn utf8<E: Refusal>(
    bytes: &[u8],
    end: usize,
    field: Field,
    context: Context,
) -> Result<&str, E> {
    str::from_utf8(bytes).map_err(|error| {
        let offset = end - bytes.len() + error.valid_up_to();
        E::new(DecodeErrorKind::IllFormedUtf8(field), offset, context)
    })
}

/// Checks a string that is not plain ASCII, and ends at an offset.
fn check_unusual_text<E: Refusal>(
    bytes: &[u8],
    end: usize,
    field: Field,
    context: Context,
) -> Result<(), E> {
    utf8(bytes, end, field, context)?;
    if scan::has_nul(bytes) {
        return Err(nul_error(bytes, end, field, context));
    }
    Ok(())
}

/// The error of a string with U+0000 that ends at an offset.
#[cold]
fn nul_error<E: Refusal>(bytes: &[u8], end: usize, field: Field, context: Context) -> E {
    let nul = bytes.iter().position(|&byte| byte == 0).unwrap_or_default();
    let offset = end - bytes.len() + nul;
    E::new(DecodeErrorKind::NulCharacter(field), offset, context)
}

/// What fields are written to: bytes, or their count, so that a length is known before what it counts.
pub(crate) trait Sink {
    /// Appends bytes.
    fn put(&mut self, bytes: &[u8]);

    /// One byte.
    #[inline]
    fn byte(&mut self, byte: u8) {
        self.put(&[byte]);
    }

    /// A two byte integer.
    #[inline]
    fn two_byte(&mut self, number: u16) {
        self.put(&number.to_be_bytes());
    }

    /// A four byte integer.
    #[inline]
    fn four_byte(&mut self, number: u32) {
        self.put(&number.to_be_bytes());
    }

    /// A variable byte integer in its shortest form; the number is at most [`VARIABLE_BYTE_INTEGER_MAX`].
    #[inline]
    fn variable(&mut self, number: u32) {
        debug_assert!(
            number <= VARIABLE_BYTE_INTEGER_MAX,
            "whoever writes a length has checked it"
        );
        // Most numbers are below 128.
        if let Ok(byte @ 0..=0x7f) = u8::try_from(number) {
            self.byte(byte);
            return;
        }
        let mut rest = number;
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                self.byte(low & 0x7f);
                return;
            }
            self.byte(low | 0x80);
        }
    }

    /// Binary data, or the bytes of a string, behind their length.
    #[inline]
    fn binary(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        let len = bytes.len();
        let len = u16::try_from(len).map_err(|_| EncodeError::FieldTooLong { len })?;
        self.two_byte(len);
        self.put(bytes);
        Ok(())
    }
}

impl Sink for Vec<u8> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// A sink that only counts bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count(pub(crate) usize);

impl Sink for Count {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.0 += bytes.len();
    }
}
