//! Bytes that arrive in pieces, into packets.

mod time;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mqtt_assay_benches::codec::{self, Codec, floor, ours};
use mqtt_assay_benches::input::Stream;
use mqtt_assay_codec::ProtocolVersion;

use time::ProcessorTime;

fn framing(criterion: &mut Criterion<ProcessorTime>) {
    for version in ProtocolVersion::ALL {
        let stream = Stream::small(version);
        for piece_len in [7, 1_460] {
            measure::<floor::Utf8>(criterion, &stream, piece_len);
            measure::<floor::Copy>(criterion, &stream, piece_len);
            measure::<ours::Borrowed>(criterion, &stream, piece_len);
            measure::<ours::Owned>(criterion, &stream, piece_len);
            #[cfg(feature = "peers")]
            codec::for_each_peer!(measure, criterion, &stream, piece_len);
        }
    }
}

fn measure<C: Codec>(criterion: &mut Criterion<ProcessorTime>, stream: &Stream, piece_len: usize) {
    if let Err(refusal) = codec::check_decode::<C>(stream, piece_len) {
        codec::report(C::NAME, stream, &refusal);
        return;
    }
    let mut group = criterion.benchmark_group(format!("framing/{}/{piece_len}", stream.version));
    group.throughput(Throughput::Bytes(stream.bytes.len() as u64));
    group.bench_function(C::NAME, |bencher| {
        bencher.iter(|| {
            let mut buffer = C::buffer(stream.version);
            let mut count = 0;
            for piece in stream.bytes.chunks(piece_len) {
                C::push(&mut buffer, piece);
                count += C::decode(&mut buffer).unwrap_or_default();
            }
            count
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = time::criterion();
    targets = framing
}
criterion_main!(benches);
