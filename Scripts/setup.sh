#!/usr/bin/env bash
# setup.sh [tests]: install what a build (and, with "tests", a test run) needs and this machine lacks.
# Root installs with apt-get, others through sudo; with neither, the exact command is printed and nothing changes.
set -euo pipefail

packages=(libncurses-dev libcurl4-openssl-dev libgit2-dev libsqlite3-dev libmd4c-dev libzstd-dev libseccomp-dev libssl-dev libpng-dev libturbojpeg0-dev bubblewrap)
[ "${1:-}" = tests ] && packages+=(tmux git ripgrep ncurses-term)

if ! command -v swift >/dev/null; then
  echo "stet needs the Swift 6.3 toolchain: no \`swift\` on the PATH. Install it from swift.org, then run this again." >&2
  exit 1
fi
if ! command -v dpkg-query >/dev/null; then
  echo "This is no Debian system: install the development packages of ncurses, libcurl, libgit2, SQLite, md4c, zstd," >&2
  echo "libseccomp, OpenSSL, libpng, libturbojpeg and bubblewrap with your package manager; setup goes on and trusts" >&2
  echo "that they are there." >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -eq 0 ]; then
  elevate=
elif command -v sudo >/dev/null; then
  elevate=sudo
else
  echo "These packages are missing: ${missing[*]}" >&2
  echo "Ask an administrator to run:  apt-get update && $install" >&2
  exit 1
fi
echo "Installing ${missing[*]}"
$elevate apt-get update -qq
DEBIAN_FRONTEND=noninteractive $elevate $install
