#!/usr/bin/env bash
# Bring this checkout to where `main.py` runs: Debian packages, virtual environment, locked Python packages.
# Usage: .ci/setup.sh [--tests]     Quick when nothing is missing; may be run as often as one likes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamp=.setup-stamp
oldest='import sys; sys.exit(sys.version_info < (3, 11))'

say() { printf 'setup: %s\n' "$*" >&2; }

# Ubuntu and newer Debian call some of these libraries NAMEt64.
installed() {
  # dpkg-query fails when it knows only one of the two names, but prints that one's state.
  [[ "$(dpkg-query -W -f '${db:Status-Abbrev} ' "$1" "$1t64" 2>/dev/null || true)" == *ii* ]]
}

privileged() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif ! command -v sudo >/dev/null; then return 1
  elif [ -t 0 ]; then sudo "$@"
  else sudo -n "$@"; fi
}

apt_install() {
  privileged env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    privileged env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

# Install what is missing, or name it and go on: the user may have these libraries from elsewhere.
ensure_packages() {
  command -v dpkg-query >/dev/null || { say "not a Debian system; see to the libraries of .ci/packages-*.txt"; return 0; }
  local missing=() name
  for name in "$@"; do installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  apt_install "${missing[@]}" 9<&- || say "could not install; please run: apt-get install ${missing[*]}"
}

# On a CI machine the tests also meet the machine's own PostgreSQL; its packaging need not start a server.
ensure_system_postgresql() {
  [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || return 0
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  ensure_packages postgresql
}

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14 python; do
    if command -v "$name" >/dev/null && "$name" -c "$oldest" 2>/dev/null; then echo "$name"; return 0; fi
  done
  return 1
}

ensure_environment() {
  .venv/bin/python -c "$oldest" 2>/dev/null && .venv/bin/python -m pip --version >/dev/null 2>&1 && return 0
  local python
  find_python >/dev/null || ensure_packages python3
  python=$(find_python) || { say "Python 3.11 or newer is needed"; return 1; }
  "$python" -c 'import ensurepip, venv' 2>/dev/null || ensure_packages python3-venv
  rm -f "$stamp"
  "$python" -m venv --clear .venv
}

ensure_python_packages() {
  local wanted
  wanted="$(sha256sum <requirements.lock) $(.venv/bin/python -c 'import sys; print(sys.version)')"
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  say "installing the Python packages of requirements.lock"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --retries 5 --timeout 60 --require-hashes -r requirements.lock
  printf '%s\n' "$wanted" >"$stamp"
}

# Two programs that set up at once take turns.
if command -v flock >/dev/null; then exec 9<requirements.lock; flock 9; fi
mapfile -t packages <.ci/packages-run.txt
if [ "${1:-}" = --tests ]; then
  mapfile -t -O "${#packages[@]}" packages <.ci/packages-test.txt
  ensure_system_postgresql
fi
ensure_packages "${packages[@]}"
ensure_environment
ensure_python_packages
