//! Bytes that have all arrived, into packets.

mod time;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mqtt_assay_benches::codec::{self, Codec, floor, ours};
use mqtt_assay_benches::input::Stream;
use mqtt_assay_codec::ProtocolVersion;

use time::ProcessorTime;

fn decode(criterion: &mut Criterion<ProcessorTime>) {
    for version in ProtocolVersion::ALL {
        for stream in [
            Stream::small(version),
            Stream::mixed(version),
            Stream::payload_64k(version),
            Stream::payload_1m(version),
        ] {
            measure::<floor::Utf8>(criterion, &stream);
            measure::<floor::Copy>(criterion, &stream);
            measure::<ours::Borrowed>(criterion, &stream);
            measure::<ours::Owned>(criterion, &stream);
            #[cfg(feature = "peers")]
            codec::for_each_peer!(measure, criterion, &stream);
        }
    }
}

fn measure<C: Codec>(criterion: &mut Criterion<ProcessorTime>, stream: &Stream) {
    if let Err(refusal) = codec::check_decode::<C>(stream, stream.bytes.len()) {
        codec::report(C::NAME, stream, &refusal);
        return;
    }
    let mut group = criterion.benchmark_group(format!("decode/{}/{}", stream.version, stream.name));
    group.throughput(Throughput::Bytes(stream.bytes.len() as u64));
    let full = || {
        let mut buffer = C::buffer(stream.version);
        C::push(&mut buffer, stream.bytes);
        buffer
    };
    group.bench_function(C::NAME, |bencher| {
        bencher.iter_batched_ref(full, C::decode, BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = time::criterion();
    targets = decode
}
criterion_main!(benches);
