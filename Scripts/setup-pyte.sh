#!/usr/bin/env bash
# setup-pyte.sh: bring pyte, the terminal emulator that some journeys look through, from the package index, once, into the
# user's cache folder. Where that can't be done it is said and nothing fails: those journeys are then skipped.
set -uo pipefail
version=0.8.2
folder=${STET_PYTE:-${XDG_CACHE_HOME:-$HOME/.cache}/stet-test-pyte/$version}
has() { PYTHONPATH=$folder python3 -c 'import pyte' 2>/dev/null; }
has && exit 0
bring() {
  local pip
  if python3 -m pip --version >/dev/null 2>&1; then
    pip="python3 -m pip"
  else
    local venv
    venv=$(mktemp -d)
    python3 -m venv "$venv" >/dev/null 2>&1 || { echo "python3 has neither pip nor venv (Debian: python3-pip)" >&2; return 1; }
    pip="$venv/bin/python -m pip"
  fi
  # Beside, then renamed: two runs at a time never see half of it.
  local fresh=$folder.$$
  $pip install -q --disable-pip-version-check --root-user-action=ignore --timeout 20 --retries 1 --target "$fresh" \
    "pyte==$version" || return 1
  rm -rf "$folder"
  mv -T "$fresh" "$folder" 2>/dev/null || rm -rf "$fresh"
}
mkdir -p "$(dirname "$folder")"
bring && has && exit 0
echo "pyte could not be installed, so the journeys through it are skipped" >&2
