#!/usr/bin/env bash
# bench.sh BINARY [BENCH ...]: measure the app-server with the instruments beside the project (PEERS.md there has other
# agents' figures). BENCH: rpc, resume, exec; all by default. Results go to $BENCH_DIR/results, one JSON each.
set -euo pipefail
binary=$(realpath "$1")
shift
shared=${SHARED:-../shared}
[ -d "$shared/bench" ] || { echo "no instruments at $shared/bench" >&2; exit 2; }
python=${PY:-python3}
export STET=$binary BENCH_DIR=${BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/stet-bench}
mkdir -p "$BENCH_DIR/results"
for bench in ${*:-rpc resume exec}; do
  echo "== $bench"
  "$python" "$shared/bench/${bench}_bench.py" --cmd stet --out "$BENCH_DIR/results/$bench-stet.json"
done
