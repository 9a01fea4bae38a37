#!/bin/sh
# Builds every fuzz target, and runs each for a few seconds from its seeds.
#
#   fuzz/smoke.sh [SECONDS]      5 if not said
#
# Where the machine lacks a nightly compiler or cargo-fuzz, it says so and succeeds: the corpora are replayed on stable
# by `cargo test -p mqtt-assay-fuzz` anyway.
set -eu

seconds=${1:-5}
cd "$(dirname "$0")"

skip() {
    echo "fuzz: SKIPPED, $1"
    echo "fuzz: to fuzz here, $2"
    exit 0
}

rustc +nightly --version >/dev/null 2>&1 ||
    skip "no nightly compiler" "run: rustup toolchain install nightly"
cargo fuzz --version >/dev/null 2>&1 ||
    skip "no cargo-fuzz" "run: cargo install cargo-fuzz"

# The release profile is tuned for the binary that people run, and would link each target for minutes.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16

corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
cargo run --quiet -p mqtt-assay-fuzz --bin seeds -- "$corpus"
cargo +nightly fuzz build --fuzz-dir . --features libfuzzer

for target in fuzz_targets/*.rs; do
    target=$(basename "$target" .rs)
    echo "fuzz: $target for $seconds s"
    cargo +nightly fuzz run --fuzz-dir . --features libfuzzer "$target" "$corpus/$target" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -dict=mqtt.dict \
        -verbosity=0 -print_final_stats=0
done
echo "fuzz: every target ran, nothing was found"
