#!/usr/bin/env bash
# The whole suite: everything on SQLite with the browser, then all that touches a database again on PostgreSQL.
set -euo pipefail
cd "$(dirname "$0")/.."
export YZT_HOME="${YZT_TEST_HOME:-$(mktemp -d)}"
trap 'rm -rf "$YZT_HOME"' EXIT
if [ ! -d "${YZT_SHARED:-../shared}" ]; then
  echo "YZT_SHARED does not lead to the folder of page, data and rule cases: the tests that need it are skipped"
fi
echo '== SQLite'
.venv/bin/pytest -n "${YZT_TEST_WORKERS:-2}" --dist loadfile "$@"
echo '== PostgreSQL'
YZT_TEST_DATABASE=postgres .venv/bin/pytest -n "${YZT_TEST_WORKERS:-2}" --dist loadfile -m 'not browser' \
  src/yizhantong/kernel src/yizhantong/zones src/yizhantong/web tests/races "$@"
