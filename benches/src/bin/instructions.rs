//! The hot paths, each alone, for `benches/instructions.sh` to count their instructions.
//!
//! `instructions NAME` runs one path and says over how many items; `instructions` lists the names.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "it has nothing else to say, and no figure is better than a wrong one"
)]

use std::env;
use std::hint::black_box;
use std::process::ExitCode;

use mqtt_assay_benches::codec::{self, Codec, ours};
use mqtt_assay_benches::input::Stream;
use mqtt_assay_benches::topics::{self, Tree};
use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

/// Runs a path, and answers over how many items.
type Path = fn() -> usize;

/// Every path, by name.
const PATHS: [(&str, Path); 10] = [
    ("decode/3.1.1/small", || {
        decode::<ours::Borrowed>(&Stream::small(V3_1_1))
    }),
    ("decode/3.1.1/mixed", || {
        decode::<ours::Borrowed>(&Stream::mixed(V3_1_1))
    }),
    ("decode/5.0/small", || {
        decode::<ours::Borrowed>(&Stream::small(V5_0))
    }),
    ("decode/5.0/mixed", || {
        decode::<ours::Borrowed>(&Stream::mixed(V5_0))
    }),
    ("decode/5.0/small/owned", || {
        decode::<ours::Owned>(&Stream::small(V5_0))
    }),
    ("framing/5.0/7", || framing(&Stream::small(V5_0))),
    ("encode/3.1.1/small", || encode(&Stream::small(V3_1_1))),
    ("encode/5.0/small", || encode(&Stream::small(V5_0))),
    ("encode/5.0/mixed", || encode(&Stream::mixed(V5_0))),
    ("topic/tree/1k", tree),
];

fn main() -> ExitCode {
    let Some(name) = env::args().nth(1) else {
        for (name, _) in PATHS {
            println!("{name}");
        }
        return ExitCode::SUCCESS;
    };
    let Some((_, path)) = PATHS.iter().find(|(path, _)| *path == name) else {
        return ExitCode::FAILURE;
    };
    println!("items: {}", path());
    ExitCode::SUCCESS
}

/// What runs in here is counted: the script knows this function by its name.
#[inline(never)]
fn measured<T>(run: impl FnOnce() -> T) -> T {
    black_box(run())
}

fn decode<C: Codec>(stream: &Stream) -> usize {
    let mut buffer = C::buffer(stream.version);
    C::push(&mut buffer, stream.bytes);
    let count = measured(|| C::decode(&mut buffer));
    checked(stream, count)
}

fn framing(stream: &Stream) -> usize {
    let mut buffer = ours::Owned::buffer(stream.version);
    let count = measured(|| {
        stream.bytes.chunks(7).try_fold(0, |count, piece| {
            ours::Owned::push(&mut buffer, piece);
            ours::Owned::decode(&mut buffer).map(|more| count + more)
        })
    });
    checked(stream, count)
}

fn encode(stream: &Stream) -> usize {
    let packets = ours::Borrowed::packets(stream).expect("the stream is valid");
    let mut out = Vec::with_capacity(2 * stream.bytes.len());
    let len = measured(|| ours::Borrowed::encode(stream.version, &packets, &mut out));
    assert_eq!(len, Ok(stream.bytes.len()), "all of it is encoded");
    stream.packet_count
}

fn tree() -> usize {
    let tree = topics::Ours::of(&topics::filters(1_000));
    let topics = topics::topics();
    let count =
        measured(|| -> usize { topics.iter().map(|topic| tree.count_matches(topic)).sum() });
    assert_ne!(count, 0, "some filters match");
    topics.len()
}

fn checked(stream: &Stream, count: Result<usize, codec::Refusal>) -> usize {
    let count = count.expect("the stream is valid");
    assert_eq!(count, stream.packet_count, "all of it is decoded");
    count
}
