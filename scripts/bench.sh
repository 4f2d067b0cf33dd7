#!/usr/bin/env bash
# Measures what BENCHMARKS.md reports.
set -euo pipefail
cd "$(dirname "$0")/.."

# The engines, by criterion.
cargo bench --locked --workspace --benches
