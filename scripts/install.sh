#!/usr/bin/env bash
# Installs the Debian packages that a group of tasks needs, and only those that are missing.
#
#   scripts/install.sh build          what cargo needs beside the Rust toolchain
#   scripts/install.sh build test     that, and what the tests start: PostgreSQL and a headless browser
#   scripts/install.sh build bench    that, and what `make bench` measures with and against: wrk, nginx, PostgreSQL
#
# Nothing is done, and nobody is asked for a password, where all of it is there already.
set -euo pipefail

# Each line: the package, and a command that succeeds where it is not needed any more.
needed_for() {
    case "$1" in
        build)
            cat <<'LIST'
gcc command -v cc
libc6-dev test -e /usr/include/stdio.h
make command -v make
perl command -v perl
pkg-config command -v pkg-config
libssl-dev pkg-config --exists openssl
LIST
            ;;
        test)
            # As tests/with-postgres.sh has it: a server may be there already, or the tests on it left out.
            [ -n "${TEST_POSTGRES_URL:-}" ] || [ "${TRADEBOOK_SKIP_POSTGRES:-}" = 1 ] || cat <<'LIST'
postgresql ls /usr/lib/postgresql/*/bin/initdb || command -v initdb
LIST
            [ "${TRADEBOOK_SKIP_POSTGRES:-}" = 1 ] || cat <<'LIST'
postgresql-client command -v psql && command -v pg_dump
LIST
            cat <<'LIST'
chromium command -v chromium
chromium-driver command -v chromedriver
python3 command -v python3
python3-venv python3 -c 'import ensurepip'
sqlite3 command -v sqlite3
curl command -v curl
LIST
            ;;
        deploy)
            cat <<'LIST'
python3 command -v python3
python3-venv python3 -c 'import ensurepip'
curl command -v curl
haproxy command -v haproxy
LIST
            ;;
        bench)
            cat <<'LIST'
nginx-light command -v nginx || test -x /usr/sbin/nginx
postgresql ls /usr/lib/postgresql/*/bin/initdb
python3 command -v python3
python3-venv python3 -c 'import ensurepip'
sqlite3 command -v sqlite3
wrk command -v wrk
zstd command -v zstd
LIST
            ;;
        *)
            echo "install.sh: there is no group \`$1\`; the groups are build, test, deploy and bench" >&2
            exit 2
            ;;
    esac
}

missing_packages() {
    local group list package probe
    for group in "$@"; do
        list=$(needed_for "$group")
        while read -r package probe; do
            bash -c "$probe" >/dev/null 2>&1 || echo "$package"
        done <<<"$list"
    done
}

give_up() {
    echo "install.sh: $1" >&2
    echo "install.sh: please install these Debian packages, or what your system calls them: ${missing[*]}" >&2
    exit 1
}

install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --quiet --no-install-recommends "${missing[@]}" >&2
}

update() {
    "${as_root[@]}" apt-get update --quiet >&2
}

if [ $# -eq 0 ]; then
    echo "usage: install.sh build|test|bench…" >&2
    exit 2
fi

# Not `mapfile < <(…)`, which would hide a failure.
found=$(missing_packages "$@")
[ -n "$found" ] || exit 0
mapfile -t missing <<<"$found"

command -v apt-get >/dev/null || give_up "this system has no apt-get"
if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo)
else
    give_up "installing needs root, and sudo is not available without a password"
fi

echo "install.sh: installing ${missing[*]}" >&2
# A fresh machine has no package lists yet; an old one may have outdated ones, so a failure is answered with fresh lists
# and one more try.
if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
    update || give_up "apt-get update failed"
fi
install || { update && install; } || give_up "apt-get install failed"

found=$(missing_packages "$@")
if [ -n "$found" ]; then
    mapfile -t missing <<<"$found"
    give_up "apt-get reported success, but something is still missing"
fi
