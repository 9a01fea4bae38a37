//! Packets into bytes, one behind the other in a buffer that is used again.

mod time;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mqtt_assay_benches::codec::{self, Codec, floor, ours};
use mqtt_assay_benches::input::Stream;
use mqtt_assay_codec::ProtocolVersion;

use time::ProcessorTime;

fn encode(criterion: &mut Criterion<ProcessorTime>) {
    for version in ProtocolVersion::ALL {
        for stream in [
            Stream::small(version),
            Stream::mixed(version),
            Stream::payload_64k(version),
            Stream::payload_1m(version),
        ] {
            measure::<floor::Copy>(criterion, &stream);
            measure::<ours::Borrowed>(criterion, &stream);
            measure::<ours::Vectored>(criterion, &stream);
            #[cfg(feature = "peers")]
            codec::for_each_peer!(measure, criterion, &stream);
        }
    }
}

fn measure<C: Codec>(criterion: &mut Criterion<ProcessorTime>, stream: &Stream) {
    let packets = match codec::check_encode::<C>(stream) {
        Ok(packets) => packets,
        Err(refusal) => {
            codec::report(C::NAME, stream, &refusal);
            return;
        }
    };
    let mut group = criterion.benchmark_group(format!("encode/{}/{}", stream.version, stream.name));
    group.throughput(Throughput::Bytes(stream.bytes.len() as u64));
    group.bench_function(C::NAME, |bencher| {
        let mut out = C::Output::default();
        bencher.iter(|| C::encode(stream.version, &packets, &mut out));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = time::criterion();
    targets = encode
}
criterion_main!(benches);
