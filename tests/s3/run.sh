#!/usr/bin/env bash
# Runs the tests of images on S3-compatible storage: moto's server on loopback, with a bucket of its own.
#
#   tests/s3/run.sh [TEST...]    parts of the tests' names; `images s3` unless given
#
# Builds the server with the feature `s3` into a folder of its own, so that the usual build stays as it is. moto is installed
# from PyPI into .tools.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly version=5.2.5
moto=.tools/moto
if [ "$("$moto/bin/python" -c 'import moto; print(moto.__version__)' 2>/dev/null || true)" != "$version" ]; then
    python3 -m venv --clear "$moto"
    "$moto/bin/pip" install --quiet --disable-pip-version-check "moto[server]==$version"
fi

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/s3"
cargo build --locked --package tradebook --features s3
cargo test --locked --package tradebook-tests --test customers --no-run

work=$(mktemp -d)
server=
finish() {
    status=$?
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$moto/bin/moto_server" --host 127.0.0.1 --port "$port" >"$work/log" 2>&1 &
server=$!
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_ALLOW_HTTP=true AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
for _ in $(seq 100); do
    if curl --silent --fail --output /dev/null --request PUT "$AWS_ENDPOINT_URL/tradebook-images"; then
        made=yes
        break
    fi
    sleep 0.1
done
[ -n "${made:-}" ] || { cat "$work/log" >&2; exit 1; }

[ $# -gt 0 ] || set -- images s3
TEST_S3_URL=s3://tradebook-images cargo test --locked --package tradebook-tests --test customers -- "$@"
