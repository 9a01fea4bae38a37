//! Reads `fixtures/packets`; `fixtures/README.md` says what stands in it.

use std::path::Path;
use std::{fmt, fs};

use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::packet::Sender;
use toml::{Table, Value};

/// A packet, and what is to be said of it.
#[derive(Clone, Debug)]
pub(super) struct Vector {
    /// The file, without its ending.
    pub(super) packet: String,
    pub(super) name: String,
    pub(super) version: ProtocolVersion,
    pub(super) from: Sender,
    pub(super) bytes: Vec<u8>,
    pub(super) notation: Option<String>,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Valid,
    Refused(Refused),
}

/// Why a packet is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) is_malformed: bool,
    pub(super) statement: String,
    pub(super) offset: usize,
    pub(super) reason: u8,
    pub(super) message: String,
}

impl fmt::Display for Vector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.version, self.packet, self.name)
    }
}

/// Every vector of both versions.
pub(super) fn all() -> Vec<Vector> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packets");
    let mut vectors = Vec::new();
    for version in ProtocolVersion::ALL {
        let folder = root.join(version.name());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let table: Table = fs::read_to_string(&path).unwrap().parse().unwrap();
            let packet = path.file_stem().unwrap().to_str().unwrap();
            for row in table["packet"].as_array().unwrap() {
                let row = row.as_table().unwrap();
                vectors.push(vector(version, packet, row));
            }
        }
    }
    vectors
}

fn vector(version: ProtocolVersion, packet: &str, row: &Table) -> Vector {
    let name = text(row, "name").to_owned();
    for field in row.keys() {
        assert!(FIELDS.contains(&field.as_str()), "{packet}/{name}: {field}");
    }
    Vector {
        packet: packet.to_owned(),
        version,
        from: match text(row, "from") {
            "client" => Sender::Client,
            "server" => Sender::Server,
            "either" => Sender::Either,
            other => panic!("{packet}/{name}: from {other}"),
        },
        bytes: crate::hex::bytes(text(row, "hex")),
        notation: row
            .get("notation")
            .and_then(Value::as_str)
            .map(str::to_owned),
        verdict: match text(row, "verdict") {
            "valid" => Verdict::Valid,
            word => Verdict::Refused(Refused {
                is_malformed: match word {
                    "malformed" => true,
                    "protocol-error" => false,
                    other => panic!("{packet}/{name}: verdict {other}"),
                },
                statement: text(row, "statement").to_owned(),
                offset: usize::try_from(number(row, "offset")).unwrap(),
                reason: u8::try_from(number(row, "reason")).unwrap(),
                message: text(row, "message").to_owned(),
            }),
        },
        name,
    }
}

fn text<'a>(row: &'a Table, field: &str) -> &'a str {
    let value = row.get(field).and_then(Value::as_str);
    value.unwrap_or_else(|| panic!("no {field} in {row}"))
}

fn number(row: &Table, field: &str) -> i64 {
    let value = row.get(field).and_then(Value::as_integer);
    value.unwrap_or_else(|| panic!("no {field} in {row}"))
}

/// The fields of a vector; another one is misspelt.
const FIELDS: [&str; 9] = [
    "name",
    "from",
    "hex",
    "notation",
    "verdict",
    "statement",
    "offset",
    "reason",
    "message",
];
