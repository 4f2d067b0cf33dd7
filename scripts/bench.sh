#!/usr/bin/env bash
# Measures what BENCHMARKS.md reports. Half an hour on two cores; nothing else should run beside it.
#
#   scripts/bench.sh [FOLDER]    FOLDER: an import folder whose ledger is imported instead of a made-up one
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh build bench

echo "== The pricing engine"
cargo bench --locked --package tradebook-pricing

echo "== The buying report"
cargo bench --locked --package tradebook-api --bench buying_report

echo "== The customers API's store"
cargo bench --locked --package tradebook-store --bench customers

echo "== The import"
cargo build --locked --release --package tradebook
scripts/bench_import.py "${CARGO_TARGET_DIR:-target}/release/tradebook" "$@"
