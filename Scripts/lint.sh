#!/usr/bin/env bash
# lint.sh BINARY: what a reviewer should not have to look for. Prints every offender, then fails.
set -uo pipefail
cd "$(dirname "$0")/.."
binary=$1
failures=0
complain() { echo "$1" >&2; failures=$((failures + 1)); }

swift format lint --strict -r -p Sources Tests Package.swift || complain "formatting: run \`make format\`"

# 500 lines are the end (AGENTS.md).
while read -r lines file; do
  complain "$file has $lines lines; 500 is the end"
done < <(git ls-files 'Sources/*.swift' 'Tests/*.swift' 'Sources/*.c' 'Sources/*.h' | xargs wc -l | awk '$2 != "total" && $1 > 500 {print $1, $2}')

# The first symbol out of full Foundation costs 44 MB and milliseconds of start-up.
while read -r hit; do
  complain "$hit: import FoundationEssentials, never full Foundation"
done < <(git grep -nE '^(@_?[a-z]+ )?(public )?import (Foundation|FoundationNetworking|Dispatch)$' -- 'Sources/*.swift' 'Tests/*.swift')

while read -r hit; do
  complain "$hit: swallowed or forced in sources"
done < <(git grep -nE '\btry!|\bas! |catch *\{ *\}' -- 'Sources/*.swift')

# Support code may pause between two looks at another process, and end a wait that found nothing; a test may not.
while read -r hit; do
  complain "$hit: a test must not sleep"
done < <(git grep -nE 'Task\.sleep|usleep\(|Thread\.sleep' -- 'Tests/*.swift' ':!Tests/*/Support/*')

# 20 MB is the aim; the protocol's Codable types alone are 4 MB of code, and splitting them comes with the work on speed.
limit=$((32 * 1024 * 1024))
size=$(stat -c %s "$binary")
[ "$size" -le "$limit" ] || complain "$binary is $size bytes; the limit is $limit"
# The binary is stripped, so ICU shows by its data's name instead of by its symbols.
grep -q 'icudt[0-9]' "$binary" && complain "$binary links ICU"
# Without this name libgit2 reads every certificate of the system when it starts (CPlatform/git2.c).
nm -D "$binary" | grep ' T mbedtls_x509_crt_parse_file$' >/dev/null || complain "$binary does not export mbedtls_x509_crt_parse_file"
# A package that imports full Foundation lends its members to every file that sees it: these objects call one.
while read -r object; do
  complain "$object calls a member of full Foundation (contains(String), range(of:), …); use the standard library's"
done < <(find "$(dirname "$binary")"/{Stet*,stet}.build -name '*.o' -print0 2>/dev/null | xargs -0 nm -u -A 2>/dev/null | grep -E '10FoundationE|[$]s10Foundation' | cut -d: -f1 | sort -u)

if [ "$failures" -gt 0 ]; then
  echo "lint: $failures offenders" >&2
  exit 1
fi
echo "lint: clean; the binary has $size bytes"
