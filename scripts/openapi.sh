#!/usr/bin/env bash
# Writes openapi/tradebook.v1.json from the routes that are really mounted.
#
#   scripts/openapi.sh            writes it
#   scripts/openapi.sh --check    fails, with the difference, where the file is not what would be written
set -euo pipefail
cd "$(dirname "$0")/.."

document=openapi/tradebook.v1.json
made=$(mktemp)
trap 'rm -f "$made"' EXIT

# The same selection as `make test` has, so that both share one build.
cargo build --quiet --locked --workspace --bins --tests
"${CARGO_TARGET_DIR:-target}/debug/tradebook" openapi >"$made"

case "${1:-}" in
    --check)
        if ! diff --unified "$document" "$made"; then
            echo "openapi: $document is out of date; \`make openapi\` writes it" >&2
            exit 1
        fi
        ;;
    "")
        mkdir -p openapi
        cp "$made" "$document"
        chmod 644 "$document"
        echo "openapi: wrote $document" >&2
        ;;
    *)
        echo "usage: openapi.sh [--check]" >&2
        exit 2
        ;;
esac
