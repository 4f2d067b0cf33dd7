#!/usr/bin/env bash
# Measures Tradebook beside others on this machine and writes what it finds into BENCHMARKS.md. Nothing else should run beside it.
#
#   scripts/bench.sh [--only lists,prices…]    builds everything for release, then measures; half an hour on two cores
#   scripts/bench.sh --smoke                   tiny data, one short round, on the debug binaries, which are built if they are not there
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install.sh build bench

target=${CARGO_TARGET_DIR:-target}
case " $* " in
    *" --smoke "*)
        profile=debug
        # As `make test` has left them: built in this way again they would be others, with other features.
        if [ ! -x "$target/debug/tradebook" ] || [ ! -x "$target/debug/tradebook-bench" ]; then
            cargo build --locked --package tradebook --package tradebook-bench
        fi
        ;;
    *)
        profile=release
        cargo build --locked --release --package tradebook --package tradebook-bench
        ;;
esac
exec python3 scripts/bench --binaries "$target/$profile" --target "$target" "$@"
