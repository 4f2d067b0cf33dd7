#!/usr/bin/env bash
# Runs Schemathesis on the customers API: a server of its own on the data of fixtures/valomnia, with the same
# examples in every run.
#
#   tests/schemathesis/run.sh [EXAMPLES]    examples for each operation; 50 unless given
#
# TRADEBOOK names the binary, target/debug/tradebook unless given. Schemathesis is installed from PyPI into .tools.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly version=4.32.5
examples=${1:-50}
tradebook=$(realpath "${TRADEBOOK:-${CARGO_TARGET_DIR:-target}/debug/tradebook}")
root=$PWD
st=$root/.tools/schemathesis/bin/st
if [ "$("$st" --version 2>/dev/null | grep -o '[0-9.]*$' || true)" != "$version" ]; then
    python3 -m venv --clear .tools/schemathesis
    .tools/schemathesis/bin/pip install --quiet --disable-pip-version-check "schemathesis==$version"
fi

work=$(mktemp -d)
server=
finish() {
    status=$?
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT

export TRADEBOOK_DATABASE="sqlite://$work/book.db"
"$tradebook" organization create entity1 --currency EUR >/dev/null
"$tradebook" organization set entity1 geographical_locations=true >/dev/null
"$tradebook" import --organization entity1 fixtures/valomnia/data >/dev/null
key=$("$tradebook" key create --organization entity1 --role write --user emp-002)

"$tradebook" serve --listen 127.0.0.1:0 --log-format json 2>"$work/log" &
server=$!
address=
for _ in $(seq 100); do
    address=$(sed -n 's/.*"message":"serving".*"address":"\([^"]*\)".*/\1/p; s/.*"address":"\([^"]*\)".*"message":"serving".*/\1/p' "$work/log" | head -1)
    [ -z "$address" ] || break
    sleep 0.1
done
[ -n "$address" ] || { cat "$work/log" >&2; exit 1; }

# What it keeps for replays goes with the folder.
cd "$work"
"$st" --config-file "$root/tests/schemathesis/schemathesis.toml" run "http://$address/openapi.json" \
    --include-tag Customers \
    --header "Authorization: Bearer $key" \
    --generation-deterministic --max-examples "$examples" --workers 1
