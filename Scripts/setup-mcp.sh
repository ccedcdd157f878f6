#!/usr/bin/env bash
# setup-mcp.sh: bring the MCP servers that some tests talk to, and the SDK that one is written with, from the package index,
# once, into the user's cache folder. Where that can't be done it is said and nothing fails: those tests are then skipped.
set -uo pipefail
version=1
packages=(mcp==2.3.0 mcp-server-time==2026.10.19 mcp-server-git==2026.10.19 mcp-server-fetch==2026.10.24)
folder=${STET_MCP_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/stet-test-mcp/$version}
# The last thing that is made, so that two runs at a time and one that was cut off never see half of it.
[ -e "$folder/whole" ] && "$folder/bin/python" -c 'import mcp' 2>/dev/null && exit 0
bring() {
  mkdir -p "$(dirname "$folder")" || return 1
  exec 9>"$folder.lock" && flock 9
  [ -e "$folder/whole" ] && return 0
  rm -rf "$folder"
  # A virtual environment knows its own place: it can't be made beside and renamed.
  python3 -m venv "$folder" >/dev/null 2>&1 || { echo "python3 has no venv (Debian: python3-venv)" >&2; return 1; }
  "$folder/bin/python" -m pip install -q --disable-pip-version-check --timeout 20 --retries 1 "${packages[@]}" || return 1
  "$folder/bin/python" -c 'import mcp' && touch "$folder/whole"
}
bring && exit 0
echo "the MCP servers could not be installed, so the tests with them are skipped" >&2
