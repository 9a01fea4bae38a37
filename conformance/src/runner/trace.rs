//! The record of a test: every packet with its time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mqtt_assay_codec::PacketType;
use mqtt_assay_codec::notation::{self, Draft, Field, Value};
use tokio::time::Instant;

use super::value;
use crate::verdict::TraceEntry;

/// The packets of a test, in the order in which they were sent and seen.
#[derive(Debug)]
pub(crate) struct Trace {
    start: Instant,
    entries: Mutex<Vec<Option<TraceEntry>>>,
}

impl Trace {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            entries: Mutex::default(),
        }
    }

    /// Notes an event of a connection.
    pub(crate) fn event(&self, client: &str, dir: &'static str, what: &str) {
        let _index = self.push(client, dir, what.to_owned(), String::new());
    }

    /// Notes bytes; a packet that can be named is named later.
    pub(crate) fn raw(&self, client: &str, dir: &'static str, bytes: &[u8]) -> usize {
        let packet = format!("hex {}", shorten(bytes, HEX_SHOWN));
        self.push(client, dir, packet, shorten(bytes, HEX_KEPT))
    }

    /// Gives an entry the notation of its packet.
    pub(crate) fn name(&self, index: usize, draft: &Draft) {
        if let Some(Some(entry)) = self.lock().get_mut(index) {
            entry.packet = print(draft);
        }
    }

    /// Notes a packet that is sent.
    pub(crate) fn sent(
        &self,
        client: &str,
        draft: Option<&Draft>,
        bytes: &[u8],
        is_mutated: bool,
    ) -> usize {
        let hides = value::packet_type_of(bytes) == Some(PacketType::Connect)
            && draft.is_some_and(|draft| draft.all("password").next().is_some());
        let packet = match draft {
            Some(draft) if is_mutated => format!("{} (changed on purpose)", print(draft)),
            Some(draft) => print(draft),
            None => format!("hex {}", shorten(bytes, HEX_SHOWN)),
        };
        let hex = if hides {
            "(not shown: it has a password)".to_owned()
        } else {
            shorten(bytes, HEX_KEPT)
        };
        self.push(client, "->", packet, hex)
    }

    /// When the test last did something to a connection.
    pub(crate) fn last_action(&self) -> Option<Instant> {
        let entries = self.lock();
        let last = entries.iter().flatten().rfind(|entry| entry.dir == "->")?;
        Some(self.start + Duration::from_secs_f64(last.t))
    }

    /// Takes an entry out: a message of another test.
    pub(crate) fn remove(&self, index: usize) {
        if let Some(entry) = self.lock().get_mut(index) {
            *entry = None;
        }
    }

    /// The packet of an entry.
    pub(crate) fn packet_at(&self, index: usize) -> String {
        match self.lock().get(index) {
            Some(Some(entry)) => entry.packet.clone(),
            _ => String::new(),
        }
    }

    /// All entries, with the one that decided marked; of very many the first, the last, and those around that one.
    pub(crate) fn entries(&self, judged: Option<usize>) -> Vec<TraceEntry> {
        let entries = self.lock();
        let last = entries.len().saturating_sub(ENTRIES_KEPT);
        let is_kept = |index: usize| {
            index < ENTRIES_KEPT
                || index >= last
                || judged.is_some_and(|judged| index.abs_diff(judged) < ENTRIES_KEPT)
        };
        let mut kept: Vec<TraceEntry> = Vec::new();
        let mut left_out = 0;
        for (index, entry) in entries.iter().enumerate() {
            let Some(entry) = entry else { continue };
            if !is_kept(index) {
                left_out += 1;
                continue;
            }
            if left_out > 0 {
                kept.push(TraceEntry {
                    t: entry.t,
                    client: String::new(),
                    dir: "..",
                    packet: format!("({left_out} more)"),
                    hex: String::new(),
                    judged: false,
                });
                left_out = 0;
            }
            let judged = judged == Some(index);
            kept.push(TraceEntry {
                judged,
                ..entry.clone()
            });
        }
        kept
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn push(&self, client: &str, dir: &'static str, packet: String, hex: String) -> usize {
        let t = (self.start.elapsed().as_secs_f64() * 1e6).round() / 1e6;
        let client = client.to_owned();
        let mut entries = self.lock();
        entries.push(Some(TraceEntry {
            t,
            client,
            dir,
            packet,
            hex,
            judged: false,
        }));
        entries.len() - 1
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<TraceEntry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The notation of a packet for people: no password, and no value longer than a screen.
pub(crate) fn print(draft: &Draft) -> String {
    let mut left_out = 0;
    let fields = draft
        .fields
        .iter()
        .map(|field| match (&field.value, field.name) {
            (Value::Bytes(_), "password") => Field {
                name: field.name,
                value: Value::Bytes(b"(hidden)".to_vec().into()),
            },
            (Value::Bytes(bytes), name) => {
                let start = notation::start_of(bytes, PACKET_SHOWN);
                left_out += bytes.len() - start.len();
                let value = Value::Bytes(bytes.slice_ref(start));
                Field { name, value }
            }
            _ => field.clone(),
        });
    let text = Draft {
        packet_type: draft.packet_type,
        fields: fields.collect(),
    }
    .to_string();
    if text.len() + left_out <= PACKET_SHOWN {
        return text;
    }
    let end = (0..=PACKET_SHOWN)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let kept = text.get(..end).unwrap_or_default();
    format!("{kept}… ({} characters more)", text.len() - end + left_out)
}

/// Bytes in hex, the first ones only where there are many.
fn shorten(bytes: &[u8], shown: usize) -> String {
    match bytes.get(..shown) {
        Some(start) if bytes.len() > shown => {
            format!("{} … ({} bytes in all)", notation::hex(start), bytes.len())
        }
        _ => notation::hex(bytes),
    }
}

/// How many bytes of a frame that is no packet stand in a line.
const HEX_SHOWN: usize = 32;
/// How many bytes of each packet the report keeps.
const HEX_KEPT: usize = 256;
/// How many entries are kept at each end of a trace that has more than all of them: some thousand times what a reader
/// looks at, and enough for every test but those that go to the limits.
const ENTRIES_KEPT: usize = 2_000;
/// How long a packet may be in print, in bytes.
const PACKET_SHOWN: usize = 600;
