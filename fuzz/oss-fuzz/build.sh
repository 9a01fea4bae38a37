#!/bin/bash -eu
# Builds the fuzz targets for OSS-Fuzz and ClusterFuzzLite: $SRC and $OUT are theirs.

cd "$SRC/mqtt-assay/fuzz"
# The release profile is tuned for the binary that people run, and would link each target for minutes.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
cargo fuzz build -O --debug-assertions --fuzz-dir . --features libfuzzer

seeds=$(mktemp -d)
# The seeds are made by a program that is not fuzzed, so without the flags of the fuzzer.
RUSTFLAGS='' cargo run --quiet -p mqtt-assay-fuzz --bin seeds -- "$seeds"

built=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
for target in fuzz_targets/*.rs; do
  name=$(basename "$target" .rs)
  cp "$built/x86_64-unknown-linux-gnu/release/$name" "$OUT/"
  cp mqtt.dict "$OUT/$name.dict"
  (cd "$seeds/$name" && zip -q -r "$OUT/${name}_seed_corpus.zip" .)
done
