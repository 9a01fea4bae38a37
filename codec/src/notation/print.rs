//! From packets to text.

/// A string in quotes with its escapes, or `0x".."` where the bytes are no UTF-8.
#[must_use]
pub fn print_string(bytes: &[u8]) -> String {
    let _ = bytes;
    todo!()
}

/// Any frame: its packet in the notation where it is valid, else `hex ..`.
#[must_use]
pub fn print_bytes(bytes: &[u8]) -> String {
    let _ = bytes;
    todo!()
}
