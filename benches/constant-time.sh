#!/usr/bin/env bash
# Counts the instructions of judging a wrong MAC, by where its wrong byte stands: first, in the middle, last.
# The counts must be the same. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "valgrind is missing: apt-get install valgrind" >&2; exit 1; }
cargo build --quiet --release --example mismatch
counts=()
for position in 00 15 31; do
  count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/examples/mismatch "$position" 2>&1 |
    sed -n 's/.*Collected : //p')
  echo "wrong byte $position: $count instructions"
  counts+=("$count")
done
[ "${counts[0]}" = "${counts[1]}" ] && [ "${counts[1]}" = "${counts[2]}" ] || { echo "they differ" >&2; exit 1; }
