#!/usr/bin/env bash
# requirements.sh [LETTERS [NUMBER ...]]: the numbered requirements of the design pages that no test carries, and the
# tests that carry one but assert nothing. LETTERS: AR for those of A and R; NUMBER: single ones, such as X9. Fails if
# there are any.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${STET_SHARED:-../shared}
[ -d "$shared/design" ] || { echo "no design pages at $shared/design; STET_SHARED names their folder" >&2; exit 2; }
letters=${1:-}
shift || true
singles=" $* "

wanted() { # NUMBER: is it asked for?
  [ -z "$letters$singles" ] || [ "$singles$letters" = "  " ] && return 0
  [[ "$singles" == *" $1 "* ]] && return 0
  [ -n "$letters" ] && [[ "$1" == [$letters]* ]]
}

numbers=$(grep -rhoE '^ *→ [A-Z][0-9]+ ' "$shared/design" | grep -oE '[A-Z][0-9]+' | sort -uV)

# Every test with its numbers, its place, and whether it asserts anything: NUMBER<tab>FILE:LINE<tab>yes|no.
# A test's text goes from its @Test to the next one; numbers stand before the colon of its title, or at the start of its
# function's name (`r6_forkCopiesNothing`).
tests=$(find Tests -name '*.swift' -print0 | sort -z | xargs -0 awk '
  function finish(  list, count, i) {
    if (!open) return
    asserts = body ~ /#expect|#require|Issue\.record|expect[A-Za-z]*\(|assert[A-Z][A-Za-z]*\(|check[A-Z]?[A-Za-z]*\(|Golden|roundTrip|\.expect\(/
    title = body
    if (match(title, /@Test\([ \n]*"[^"]*"/)) title = substr(title, RSTART, RLENGTH); else title = ""
    sub(/^@Test\([ \n]*"/, "", title)
    colon = index(title, ":")
    head = colon ? substr(title, 1, colon - 1) : title
    while (match(head, /[A-Z][0-9]+/)) { seen[substr(head, RSTART, RLENGTH)] = 1; head = substr(head, RSTART + RLENGTH) }
    name = body
    while (match(name, /func [a-z][0-9]+_/)) {
      seen[toupper(substr(name, RSTART + 5, RLENGTH - 6))] = 1
      name = substr(name, RSTART + RLENGTH)
    }
    for (number in seen) print number "\t" place "\t" (asserts ? "yes" : "no")
    delete seen
    open = 0
  }
  FNR == 1 { finish() }
  /@Test/ { finish(); open = 1; body = ""; place = FILENAME ":" FNR }
  /@Suite/ && !/@Test/ { finish() }
  open { body = body $0 "\n" }
  END { finish() }')

bad=0
for number in $numbers; do
  wanted "$number" || continue
  carried=$(awk -F'\t' -v n="$number" '$1 == n' <<< "$tests")
  if [ -z "$carried" ]; then
    echo "$number: no test carries it"
    bad=$((bad + 1))
  elif ! grep -q $'\tyes$' <<< "$carried"; then
    echo "$number: only tests that assert nothing: $(cut -f2 <<< "$carried" | paste -sd ' ')"
    bad=$((bad + 1))
  fi
done
while IFS=$'\t' read -r number place asserts; do
  [ "$asserts" = no ] && wanted "$number" && echo "$place: carries $number and asserts nothing" && bad=$((bad + 1))
done <<< "$tests"
[ "$bad" = 0 ] && echo "every requirement asked for has a test"
exit $((bad > 0))
