#!/usr/bin/env bash
# Runs Schemathesis on the customers API: all checks, on a server of its own with the data of fixtures/valomnia.
#
#   tests/schemathesis/run.sh [EXAMPLES]    examples for each operation; 50 unless given
#
# SEED decides which examples those are, and is printed; without it, it is the same in every run. TRADEBOOK names the
# binary, target/debug/tradebook unless given. Schemathesis is installed from PyPI into .tools.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly version=4.32.5
examples=${1:-50}
seed=${SEED:-20111}
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

cp -R fixtures/valomnia/data "$work/data"
python3 tests/schemathesis/prepare.py data "$work/data"

export TRADEBOOK_DATABASE="sqlite://$work/book.db"
"$tradebook" organization create entity1 --currency EUR >/dev/null
"$tradebook" organization set entity1 geographical_locations=true >/dev/null
"$tradebook" import --organization entity1 "$work/data" >/dev/null
"$tradebook" user create --organization entity1 --username jane <<<"open sesame 42" >/dev/null
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

# A customer has an image, so that there is one to show.
logo=$(curl --silent --fail --header "Authorization: Bearer $key" --form imageFile=@fixtures/valomnia/images/logo.png \
    "http://$address/api/v2.1/customers/254" | python3 -c 'import json, sys; print(json.load(sys.stdin)["logo"])')
python3 tests/schemathesis/prepare.py config "$logo" >"$work/schemathesis.toml"
cp tests/schemathesis/hooks.py "$work"
# The session of a sign-in, to ask who has signed in.
SESSION=$(curl --silent --fail --output /dev/null --cookie-jar - --data "j_username=jane" --data-urlencode "j_password=open sesame 42" \
    "http://$address/j_spring_security_check" | awk '$6 == "JSESSIONID" { print $7 }')
[ -n "$SESSION" ] || { echo "nobody could sign in" >&2; exit 1; }
export SESSION

echo "Schemathesis $version, SEED=$seed, $examples examples for each operation"
# What it keeps for replays goes with the folder.
cd "$work"
"$st" --config-file "$work/schemathesis.toml" run "http://$address/openapi.json" \
    --include-tag Customers \
    --header "Authorization: Bearer $key" \
    --seed "$seed" --generation-database none --max-examples "$examples" --workers 1
