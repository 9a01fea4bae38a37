#!/usr/bin/env bash
# Counts the instructions of the hot paths, and fails when one takes noticeably more than instructions.txt says.
#
#   benches/instructions.sh            compare
#   benches/instructions.sh --update   write what is counted now
#
# Instructions are the same on a busy machine and on a quiet one, which times are not. They depend on the compiler and
# on the standard library, so the margin is wide enough for small changes there.
set -eu
cd "$(dirname "$0")/.."
figures=benches/instructions.txt
margin_percent=15

if ! command -v valgrind >/dev/null; then
  echo "SKIPPED: valgrind is not installed, so the instructions of the hot paths are not counted" >&2
  exit 0
fi
cargo build --release --quiet -p mqtt-assay-benches --bin instructions
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
paths="$target/release/instructions"

# Instructions for one item of a path (a packet, a match), in tenths.
count() {
  local output items collected
  output=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no \
    --toggle-collect='*measured*' "$paths" "$1" 2>&1) || { echo "$output" >&2; return 1; }
  items=$(sed -n 's/^items: //p' <<<"$output")
  collected=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' <<<"$output")
  echo $((collected * 10 / items))
}

counted=$(mktemp)
trap 'rm -f "$counted"' EXIT
failed=0
printf '%-24s %10s %10s\n' path committed counted
for path in $("$paths"); do
  now=$(count "$path")
  echo "$path $now" >>"$counted"
  before=$(sed -n "s|^$path ||p" "$figures" 2>/dev/null || true)
  verdict=
  if [ -z "$before" ]; then
    verdict="no committed figure"
    failed=1
  elif [ $((now * 100)) -gt $((before * (100 + margin_percent))) ]; then
    verdict="SLOWER by more than $margin_percent %"
    failed=1
  elif [ $((now * (100 + margin_percent))) -lt $((before * 100)) ]; then
    verdict="faster: commit the new figure (--update)"
  fi
  printf '%-24s %10s %10s %s\n' "$path" "${before:+$((before / 10)).$((before % 10))}" "$((now / 10)).$((now % 10))" "$verdict"
done
if [ "${1:-}" = --update ]; then
  cp "$counted" "$figures"
  exit 0
fi
exit $failed
