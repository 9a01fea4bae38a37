#!/bin/sh
# Builds every fuzz target, and runs each for a few seconds from its seeds.
#
#   fuzz/smoke.sh [SECONDS]      5 if not said
#
# The stable compiler can count what an input reaches, so this needs neither a nightly one nor cargo-fuzz. What it lacks
# is the address sanitizer, which has little to find where no line is `unsafe`.
set -eu

seconds=${1:-5}
cd "$(dirname "$0")"
host=$(rustc -vV | sed -n 's/^host: //p')
built=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/fuzz

corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
# The seeds are made by a program that is not fuzzed, so without the flags below.
cargo run --quiet --release --bin seeds -- "$corpus"

# What the compiler notes for libFuzzer, as cargo-fuzz has it: the edges that are reached, and what is compared there.
passes="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
targets=$(cd fuzz_targets && ls | sed 's/\.rs$//')
# The release profile is tuned for the binary that people run, and would link each target for minutes.
CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
CARGO_PROFILE_RELEASE_DEBUG=0 RUSTFLAGS="$passes --cfg fuzzing -Cdebug-assertions" \
    cargo build --release --target "$host" --target-dir "$built" --features libfuzzer \
    $(printf -- '--bin %s ' $targets)

for target in $targets; do
    echo "fuzz: $target for $seconds s"
    "$built/$host/release/$target" "$corpus/$target" -artifact_prefix="$corpus/" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -dict=mqtt.dict -verbosity=0 -print_final_stats=0 ||
        { echo "fuzz: $target found this, in hex:"; cat "$corpus"/crash-* "$corpus"/timeout-* "$corpus"/oom-* 2>/dev/null | od -An -v -tx1; exit 1; }
done
echo "fuzz: every target ran, nothing was found"
