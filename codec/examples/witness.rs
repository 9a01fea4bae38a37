//! What the codec says of packets, one a line, for others to check: see `tests/witness/README.md`.
//!
//! `witness generate COUNT` makes packets of both versions. `witness read VERSION` reads hex from standard input, and
//! says the same of each packet, or why it is none; the packet is encoded again before its hex is printed.
//!
//! `witness judge` reads a version and hex a line, separated by a tab, and says of each packet whether it is valid, or
//! incomplete, or what is wrong with it: kind, statement, offset and reason code, separated by tabs.
//!
//! A line of the others has the version, the hex, the packet type and the fields, separated by tabs; a field is its
//! name, `=`, and `n7` for a number, `f1` for a flag, `x6162` for bytes, `x6b:x76` for a pair.

use std::error::Error;
use std::io::{self, BufRead as _, Write as _};
use std::{env, fmt};

use arbitrary::{Arbitrary as _, Unstructured};
use mqtt_assay_codec::arbitrary::ValidPacket;
use mqtt_assay_codec::error::ErrorClass;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Draft, Value};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{Frame, Packet, ProtocolVersion};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = io::stdout().lock();
    match words.as_slice() {
        ["generate", count] => {
            for number in 0..count.parse()? {
                let packet = generate(number)?;
                writeln!(out, "{}", describe(&packet.to_bytes(), packet.version)?)?;
            }
        }
        ["read", version] => {
            let version: ProtocolVersion = version.parse()?;
            for line in io::stdin().lock().lines() {
                let bytes = bytes_of(&line?)?;
                match describe(&bytes, version) {
                    Ok(line) => writeln!(out, "{line}")?,
                    Err(error) => writeln!(out, "error: {error}")?,
                }
            }
        }
        ["judge"] => {
            for line in io::stdin().lock().lines() {
                let line = line?;
                let (version, hex) = line.split_once('\t').ok_or("a line without a tab")?;
                writeln!(out, "{}", judge(&bytes_of(hex)?, version.parse()?))?;
            }
        }
        _ => {
            return Err(
                "usage: witness generate COUNT | witness read VERSION | witness judge".into(),
            );
        }
    }
    Ok(())
}

/// A packet that is the same each time; a CONNECT is of the version of its connection.
fn generate(number: u64) -> Result<ValidPacket, arbitrary::Error> {
    let mut state = number;
    loop {
        let random: Vec<u8> = (0..1_000)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                state.to_le_bytes()[6]
            })
            .collect();
        let packet = ValidPacket::arbitrary(&mut Unstructured::new(&random))?;
        if packet.draft.all("protocol-level").next().is_none() {
            return Ok(packet);
        }
    }
}

/// The line of a packet, from what the strict decoder gives, and from what is encoded again.
fn describe(bytes: &[u8], version: ProtocolVersion) -> Result<String, Box<dyn Error>> {
    let Split::Frame(frame) = Frame::split(bytes, version)? else {
        return Err("more bytes needed".into());
    };
    if frame.len() != bytes.len() {
        return Err("bytes behind the packet".into());
    }
    let packet = Packet::decode(&frame, version, Sender::Either)?;
    let mut encoded = Vec::new();
    packet.encode(version, &mut encoded)?;
    let draft = Draft::of(&packet, version);
    let mut line = format!("{version}\t{}\t{}", Hex(&encoded), draft.packet_type.name());
    for field in &draft.fields {
        let value = match &field.value {
            Value::Flag(is_set) => format!("f{}", u8::from(*is_set)),
            Value::Number(number) => format!("n{number}"),
            Value::Bytes(bytes) => format!("x{}", Hex(bytes)),
            Value::Pair(name, value) => format!("x{}:x{}", Hex(name), Hex(value)),
        };
        line.push_str(&format!("\t{}={value}", field.name));
    }
    Ok(line)
}

/// What the strict decoder says of the first packet of some bytes.
fn judge(bytes: &[u8], version: ProtocolVersion) -> String {
    let decoded = Frame::split(bytes, version).and_then(|split| match split {
        Split::Frame(frame) => {
            Packet::decode(&frame, version, Sender::Either).map(|_| Some(frame.len()))
        }
        Split::NeedMore(_) => Ok(None),
    });
    match decoded {
        Ok(Some(len)) => format!("valid\t{len}"),
        Ok(None) => "incomplete".to_owned(),
        Err(error) => {
            let kind = match error.class() {
                ErrorClass::Malformed => "malformed",
                ErrorClass::ProtocolError => "protocol-error",
            };
            let (statement, reason) = (error.statement(), error.reason_code().code());
            format!("{kind}\t{statement}\t{}\t{reason}", error.offset())
        }
    }
}

fn bytes_of(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let digits = text.as_bytes().chunks(2);
    let bytes = digits.map(|pair| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?));
    bytes.collect()
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
