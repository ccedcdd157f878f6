#!/usr/bin/env bash
# bench.sh BINARY [PROGRAM ...]: measure whole programs with the instruments beside the project and print one table.
#
# PROGRAM: stet, codex, floor (the cheapest C program that does the same); all that are there by default. Codex is looked
# for below $PEERS (~/peers), where the instruments' setup_peers.sh puts it. PARTS names the instruments (tui foot exec
# tool rpc resume), PY the Python that has theirs. Results: $BENCH_DIR/results, one JSON a program and instrument; what is
# not measured in this run is shown as it was measured last.
set -euo pipefail
binary=$(realpath "$1")
shift
here=$(dirname "$(realpath "$0")")
shared=${SHARED:-../shared}
instruments=$(realpath -q "$shared/bench") || { echo "no instruments at $shared/bench" >&2; exit 2; }
python=${PY:-python3}
"$python" -c 'import pyte' || { echo "the instruments need pyte: name a Python that has it with PY=…" >&2; exit 2; }
export STET=$binary PEERS=${PEERS:-$HOME/peers} BENCH_DIR=${BENCH_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/stet-bench}
results=$BENCH_DIR/results
mkdir -p "$results"

programs=("$@")
if [ $# = 0 ]; then
  programs=(stet floor)
  [ -x "$PEERS/cli/codex_cli_bin/bin/codex" ] && programs+=(codex)
fi

# measure NAME INSTRUMENT PROGRAM [ARGUMENT ...]
measure() {
  local name=$1 instrument=$2 program=$3
  shift 3
  case " ${PARTS:-tui foot exec tool rpc resume} " in *" $name "*) ;; *) return 0 ;; esac
  echo "== $program: $name" >&2
  "$python" "$instruments/$instrument.py" --cmd "$program" --out "$results/$name-$program.json" "$@" \
    >/dev/null 2>"$results/$name-$program.log" \
    || { echo "   failed; the end of $results/$name-$program.log:" >&2; tail -n 3 "$results/$name-$program.log" >&2; }
}

for program in "${programs[@]}"; do
  measure tui tui_latency "$program" --phases start,submit,echo,echo_stream,burst,stream,paced50,idle,resize
  measure foot footprint "$program"
  measure exec exec_bench "$program"
  if [ "$program" = floor ]; then measure tool tool_bench "$program" --parts flood; else measure tool tool_bench "$program"; fi
  measure rpc rpc_bench "$program"
  if [ "$program" != floor ]; then measure resume resume_bench "$program"; fi
done
"$python" "$here/bench-table.py" "$results" "${programs[@]}"
