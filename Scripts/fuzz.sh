#!/usr/bin/env bash
# fuzz.sh [SECONDS]: build the fuzz targets and run each for SECONDS (15): a minute in all. A failing input is left in
# .build-fuzz/TARGET/ and named; run it again with: FUZZ_TARGET=TARGET .build-fuzz/debug/fuzz FILE
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-15}
swift=${SWIFT:-swift}
# swift-backtrace holds the pipe of a crashed child for minutes.
export SWIFT_BACKTRACE=enable=no
resources=$($swift -print-target-info 2>/dev/null | sed -nE 's/.*"runtimeResourcePath": "([^"]*)".*/\1/p' | head -1)
[ -n "$resources" ] || resources=$(dirname "$(dirname "$(realpath "$(command -v swift)")")")/lib/swift
driver=$(find -L "$resources" "$(dirname "$resources")" -name 'libclang_rt.fuzzer_no_main-*.a' 2>/dev/null | head -1)
[ -n "$driver" ] || { echo "the toolchain has no libFuzzer driver (libclang_rt.fuzzer_no_main)" >&2; exit 2; }
STET_FUZZ=$driver $swift build --scratch-path .build-fuzz --product fuzz --sanitize=address \
  -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table
# Swift's runtime keeps what it has made of types; that is no leak.
export ASAN_OPTIONS=detect_leaks=0
# Logs are files: in memory where that can be had, for a disk would be what is measured.
FUZZ_HOME=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)/stet-fuzz.XXXXXX")
export FUZZ_HOME
trap 'rm -rf "$FUZZ_HOME"' EXIT
status=0
for target in lines frames messages logs; do
  mkdir -p ".build-fuzz/$target/corpus"
  # Recorded messages are where a decoder begins to be interesting.
  Scripts/fuzz-seeds.sh "$target" ".build-fuzz/$target/corpus"
  echo "== $target: $seconds s"
  FUZZ_TARGET=$target .build-fuzz/debug/fuzz -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix=".build-fuzz/$target/" ".build-fuzz/$target/corpus" || status=1
done
exit $status
