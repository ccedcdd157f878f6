#!/usr/bin/env bash
# test-codex.sh COMMAND...: run a test command with the real Codex in $STET_CODEX. The program comes from
# the package index once, into a virtual environment in the user's cache folder.
set -euo pipefail
version=0.163.0
venv=${STET_CODEX_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/stet-test-codex/$version}
if [ -z "${STET_CODEX:-}" ]; then
  if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import codex_cli_bin' 2>/dev/null; then
    python3 -m venv "$venv" || { echo "python3 with venv is needed (Debian: python3-venv)" >&2; exit 2; }
    "$venv/bin/pip" install -q "openai-codex-cli-bin==$version"
  fi
  STET_CODEX=$("$venv/bin/python" -c 'import codex_cli_bin, pathlib; print(pathlib.Path(codex_cli_bin.__file__).parent / "bin" / "codex")')
fi
[ -x "$STET_CODEX" ] || { echo "$STET_CODEX is no program" >&2; exit 2; }
echo "on $("$STET_CODEX" --version)"
export STET_CODEX
exec "$@"
