#!/usr/bin/env bash
# All measurements, one after the other; each writes its section of bench/RESULTS.md. Takes about an hour on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements-bench.lock
npm ci --silent --prefix bench || echo "no npm: feelin is left out"
for bench in "${@:-bench/bench_*.py}"; do
  for file in $bench; do
    echo "== $file"
    .venv/bin/python "$file"
  done
done
