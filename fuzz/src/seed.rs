//! Inputs to start from: the packet vectors and the scenarios, in the form that each oracle takes.

use std::path::{Path, PathBuf};
use std::{fs, io};

use mqtt_assay::scenario;
use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::packet::Sender;
use toml::{Table, Value};

use crate::oracle::context_byte;

/// A name and an input.
pub type Seed = (String, Vec<u8>);

/// What a target starts from.
///
/// # Errors
///
/// When the fixtures cannot be read.
pub fn seeds(target: &str) -> io::Result<Vec<Seed>> {
    Ok(match target {
        "decode" => of_vectors(|vector| {
            let context = context_byte(vector.version, vector.from);
            [&[context], vector.bytes.as_slice()].concat()
        })?,
        "stream" => streams()?,
        "notation" => of_vectors(|vector| vector.notation.clone().into_bytes())?,
        "scenario" => scenario::embedded()
            .into_iter()
            .map(|file| (file.name.replace('/', "-"), file.text.into_bytes()))
            .collect(),
        // The choices of a generator: what is read from them does not show in the bytes.
        _ => (0..GENERATED_COUNT).map(random).collect(),
    })
}

/// What was kept in `fixtures/corpus`.
///
/// # Errors
///
/// When a file cannot be read.
pub fn corpus(target: &str) -> io::Result<Vec<Seed>> {
    let folder = fixtures().join("corpus").join(target);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder)?;
    entries
        .map(|entry| {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Ok((name.into_owned(), fs::read(&path)?))
        })
        .collect()
}

struct Vector {
    name: String,
    version: ProtocolVersion,
    from: Sender,
    bytes: Vec<u8>,
    notation: String,
}

fn of_vectors(input: impl Fn(&Vector) -> Vec<u8>) -> io::Result<Vec<Seed>> {
    let vectors = vectors()?;
    let seeds = vectors.iter().map(|it| (it.name.clone(), input(it)));
    Ok(seeds.filter(|(_, bytes)| !bytes.is_empty()).collect())
}

/// All packets of a file in one stream, in pieces of seven bytes.
fn streams() -> io::Result<Vec<Seed>> {
    let vectors = vectors()?;
    let mut seeds: Vec<Seed> = Vec::new();
    for vector in &vectors {
        let packet = vector.name.split_once('.').unwrap_or_default().0;
        let name = format!("{}-{packet}", vector.version);
        match seeds.last_mut().filter(|(last, _)| *last == name) {
            Some((_, stream)) => stream.extend_from_slice(&vector.bytes),
            None => {
                let context = context_byte(vector.version, vector.from);
                seeds.push((name, [&[context, 7], vector.bytes.as_slice()].concat()));
            }
        }
    }
    Ok(seeds)
}

fn vectors() -> io::Result<Vec<Vector>> {
    let mut vectors = Vec::new();
    for version in ProtocolVersion::ALL {
        let folder = fixtures().join("packets").join(version.name());
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let file: Table = fs::read_to_string(&path)?
                .parse()
                .map_err(io::Error::other)?;
            let packet = path.file_stem().unwrap_or_default().to_string_lossy();
            let rows = file.get("packet").and_then(Value::as_array);
            for row in rows.into_iter().flatten() {
                let text = |field| row.get(field).and_then(Value::as_str).unwrap_or_default();
                vectors.push(Vector {
                    name: format!("{packet}.{}.{version}", text("name")),
                    version,
                    from: match text("from") {
                        "client" => Sender::Client,
                        "server" => Sender::Server,
                        _ => Sender::Either,
                    },
                    bytes: hex(text("hex")),
                    notation: text("notation").to_owned(),
                });
            }
        }
    }
    Ok(vectors)
}

fn hex(text: &str) -> Vec<u8> {
    let bytes = text.split_whitespace();
    bytes
        .filter_map(|byte| u8::from_str_radix(byte, 16).ok())
        .collect()
}

/// Bytes that look random and are the same each time.
#[must_use]
pub fn random(number: u64) -> Seed {
    let mut state = number;
    let bytes = (0..GENERATED_LEN).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.to_le_bytes()[5]
    });
    (format!("generated-{number}"), bytes.collect())
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

const GENERATED_COUNT: u64 = 64;
const GENERATED_LEN: usize = 700;
