#!/usr/bin/env bash
# Measures Tradebook beside others on this machine and writes what it finds into BENCHMARKS.md. Nothing else should run beside it.
#
#   scripts/bench.sh [--only lists,prices…]    builds everything for release, then measures; half an hour on two cores
#   scripts/bench.sh --smoke                   tiny data, one short round, on the debug binaries that `make test` has built
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh build bench

target=${CARGO_TARGET_DIR:-target}
case " $* " in
    *" --smoke "*)
        profile=debug
        ;;
    *)
        profile=release
        cargo build --locked --release --package tradebook --package tradebook-bench
        ;;
esac
exec python3 scripts/bench --binaries "$target/$profile" --target "$target" "$@"
