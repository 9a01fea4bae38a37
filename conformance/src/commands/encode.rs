//! `encode`: the bytes of a packet in the notation, valid or not.

use std::io::Write as _;

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{self, Notation};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{Frame, Packet, ProtocolVersion};

use super::{Exit, Failure};
use crate::args::EncodeArgs;
use crate::report::text::escape;

/// Prints the bytes in hex, and warns if no decoder would take them.
pub(super) fn encode(args: &EncodeArgs) -> Result<Exit, Failure> {
    let bytes = match notation::parse(&args.packet) {
        Ok(Notation::Hex(bytes)) => bytes,
        Ok(Notation::Packet(draft)) => draft
            .to_bytes(args.mqtt)
            .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?,
        Err(error) => {
            let start = args.packet.get(..error.span.start).unwrap_or_default();
            let indent = " ".repeat(start.chars().count());
            let carets = "^".repeat(error.span.len().max(1));
            let (text, message) = (escape(&args.packet), error.to_string());
            let message = format!("error: {}\n  {text}\n  {indent}{carets}", escape(&message));
            return Err(Failure::rendered(Exit::Usage, message).maybe_hint(error.hint));
        }
    };
    writeln!(anstream::stdout(), "{}", notation::hex(&bytes))?;
    if let Some(complaint) = complaint(&bytes, args.mqtt) {
        anstream::eprintln!("warning: {}", escape(&complaint));
    }
    Ok(Exit::AsExpected)
}

/// Why a strict decoder would not take the bytes.
fn complaint(bytes: &[u8], version: ProtocolVersion) -> Option<String> {
    let error = match Frame::split(bytes, version) {
        Ok(Split::NeedMore(more)) => {
            return Some(format!("incomplete: at least {more} bytes are missing"));
        }
        Ok(Split::Frame(frame)) if frame.len() < bytes.len() => {
            return Some(format!(
                "{} bytes behind the packet",
                bytes.len() - frame.len()
            ));
        }
        Ok(Split::Frame(frame)) => Packet::decode(&frame, version, Sender::Either).err()?,
        Err(error) => error,
    };
    Some(format!(
        "not valid in MQTT {version}: {error} ({})",
        error.statement()
    ))
}
