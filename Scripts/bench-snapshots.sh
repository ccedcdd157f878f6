#!/usr/bin/env bash
# bench-snapshots.sh BINARY: what undo costs in a clean repository of 100,000 files (FILES), beside `git add -A && git
# write-tree` on a private index in the same run. One JSON object on standard output.
set -euo pipefail
binary=$(realpath "$1")
files=${FILES:-100000}
root=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/stet-snapshots.XXXXXX")
trap 'rm -rf "$root"' EXIT
export HOME=$root/home GIT_CONFIG_NOSYSTEM=1
mkdir -p "$root/work" "$HOME"
cd "$root/work"
python3 - "$files" <<'PY'
import os, random, sys
random.seed(1)
count = int(sys.argv[1])
for start in range(0, count, 100):
    folder = f"d{start // 10000}/e{start // 100 % 100}"
    os.makedirs(folder)
    for index in range(start, min(start + 100, count)):
        with open(f"{folder}/f{index}.txt", "w") as file:
            for line in range(random.randrange(10, 80)):
                file.write(f"{index} {line} {random.random()}\n")
PY
git init -q
git -c gc.auto=0 add -A
git -c gc.auto=0 -c user.name=b -c user.email=b@example.org commit -qm all
git gc -q
sleep 3 # the index must be younger than no file
git status --porcelain > /dev/null
sync # what was made above must not be what a flush below waits for
changed=$(git ls-files | awk 'NR % 997 == 0' | head -10)
now() { date +%s%N; }
private() { # milliseconds of git on a private index, the median of seven
  for _ in 1 2 3 4 5 6 7; do
    if [ "$1" = some ]; then for file in $changed; do echo more >> "$file"; done; fi
    from=$(now)
    GIT_INDEX_FILE=$root/index git add -A
    GIT_INDEX_FILE=$root/index git write-tree > /dev/null
    echo $((($(now) - from) / 1000))
  done | sort -n | sed -n 4p | awk '{ printf "%.1f", $1 / 1000 }'
}
# shellcheck disable=SC2086
own=$("$binary" debug snapshots --state "$root/state" $changed)
cp .git/index "$root/index"
GIT_INDEX_FILE=$root/index git add -A
printf '{"files":%s,"stet":%s,"git":{"nothingChangedMs":%s,"filesChangedMs":%s}}\n' \
  "$files" "$own" "$(private none)" "$(private some)"
