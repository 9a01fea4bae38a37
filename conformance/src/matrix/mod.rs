//! The malformed matrix: every packet that a client may send, with every class of mistake.
//!
//! It is made from the codec's tables and written as scenario files, so that it is shown, listed, counted and run like
//! all others. What a broker must do is what the strict decoder says of the very bytes that are sent; `outcome` has the
//! answers that a fair judge accepts beside the right one.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "picks a few of many errors, places and packet types; one more would be nothing to these places"
)]

mod connect;
mod cut;
mod header;
mod mistake;
mod outcome;
mod packets;
mod properties;
mod sheet;
mod strings;
mod values;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use mqtt_assay_codec::{DecodeError, ProtocolVersion};

use crate::scenario::SourceFile;
use sheet::Sheet;

/// A packet of the matrix, as it is on the wire.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Specimen {
    /// The id of its test.
    pub test: String,
    /// The version of the connection.
    pub version: ProtocolVersion,
    /// Its bytes, in a namespace that stands for any.
    pub bytes: Vec<u8>,
    /// What is wrong with it; `None` where it is only sent at a wrong time.
    pub error: Option<DecodeError>,
}

/// The scenario files of the matrix, one for each packet type.
#[must_use]
pub fn files() -> Vec<SourceFile> {
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for sheet in SHEETS.iter() {
        let text = texts.entry(sheet.topic()).or_default();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&sheet.to_text());
    }
    let file = |(topic, text)| SourceFile {
        name: format!("matrix/{topic}.mqtt"),
        text,
    };
    texts.into_iter().map(file).collect()
}

/// Every packet of the matrix.
#[must_use]
pub fn specimens() -> Vec<Specimen> {
    SHEETS.iter().flat_map(Sheet::specimens).collect()
}

/// The valid packets that the mistakes are made in.
#[must_use]
pub fn bases() -> Vec<(ProtocolVersion, Vec<u8>)> {
    packets::all()
        .filter_map(|(version, packet)| Some((version, mistake::bytes(&packet, version, &[])?)))
        .collect()
}

static SHEETS: LazyLock<Vec<Sheet>> = LazyLock::new(|| {
    let mut sheets = Vec::new();
    header::add(&mut sheets);
    cut::add(&mut sheets);
    properties::add(&mut sheets);
    strings::add(&mut sheets);
    values::add(&mut sheets);
    connect::add(&mut sheets);
    sheets.retain(|sheet| !sheet.is_empty());
    sheets
});
