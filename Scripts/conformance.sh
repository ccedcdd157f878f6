#!/usr/bin/env bash
# conformance.sh BINARY [CHECK ...]: drive the app-server with clients that others wrote. A check that fails gets one
# second try, alone: they time processes, and a busy machine is no fault of the server.
set -uo pipefail
binary=$(realpath "$1")
shift
run=${SHARED:-../shared}/conformance/run.sh
[ -f "$run" ] || { echo "no conformance checks at $run" >&2; exit 2; }
output=$(mktemp)
trap 'rm -f "$output"' EXIT
bash "$run" "$binary" ${@:+--only "$@"} | tee "$output"
status=${PIPESTATUS[0]}
failed=$(sed -nE 's/^FAIL ([^ ]+).*/\1/p' "$output")
[ "$status" = 0 ] && exit 0
[ -n "$failed" ] || exit "$status"
echo "== second try: $(echo $failed)"
# shellcheck disable=SC2086 # names without blanks, one word each
exec bash "$run" "$binary" -j 1 --only $failed
