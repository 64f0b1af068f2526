#!/usr/bin/env bash
# What the web sides of `main.py bench wall` need: node, Chromium, the locked packages. Nothing else of the project does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

missing=()
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v "${CHROMIUM:-/usr/bin/chromium}" >/dev/null || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then
  echo "setup-bench: installing ${missing[*]}" >&2
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
if [ "$(cat node_modules/.wanted 2>/dev/null)" != "$(sha256sum <package-lock.json)" ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  sha256sum <package-lock.json >node_modules/.wanted
fi
