#!/usr/bin/env bash
# Checks the licences and origins of all dependencies with cargo-deny, which is built into .tools/ the first time.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
deny=.tools/bin/cargo-deny

if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
    echo "deny: building cargo-deny $version, which takes some minutes once" >&2
    # Built in a folder of its own, so that it leaves nothing in the workspace's, and for a short build: it runs for a
    # second or two.
    env -u CARGO_TARGET_DIR \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_PROFILE_RELEASE_DEBUG=false \
        cargo install --quiet --locked --root .tools --version "$version" cargo-deny
fi
exec "$deny" --locked --log-level error check licenses bans sources
