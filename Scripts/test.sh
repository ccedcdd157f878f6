#!/usr/bin/env bash
# test.sh COMMAND...: run tests, and say at the end which ones failed and why: thousands of lines lie between.
set -uo pipefail
log=$(mktemp "${TMPDIR:-/tmp}/stet-tests.XXXXXX")
trap 'rm -f "$log"' EXIT
"$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  echo "--- exit code $status; what failed:"
  # Of an issue, the lines behind it hold what was compared.
  grep -aE -A2 '✘ Test .* recorded an issue|Fatal error|error: ' "$log" | cut -c1-300 | tail -n 60
fi
exit "$status"
