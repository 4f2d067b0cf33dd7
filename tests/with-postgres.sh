#!/bin/sh
# Runs a command with a PostgreSQL of its own: tests/with-postgres.sh cargo test -p tradebook-store
#
# A fresh cluster is made in a temporary folder, reachable through a socket in that folder alone, and stopped and removed
# at the end, whatever the command did. The command finds it in TEST_POSTGRES_URL, a URL of a database whose user may
# create others. Commits are not synced to disk: nothing here outlives the run.
#
# Where TEST_POSTGRES_URL is set already, that server is used. TRADEBOOK_SKIP_POSTGRES=1 runs the command without any.
set -eu

if [ $# -eq 0 ]; then
    echo "usage: tests/with-postgres.sh COMMAND [ARGUMENT...]" >&2
    exit 2
fi
if [ -n "${TEST_POSTGRES_URL:-}" ]; then
    exec "$@"
fi
if [ "${TRADEBOOK_SKIP_POSTGRES:-}" = 1 ]; then
    echo "TRADEBOOK_SKIP_POSTGRES=1: the tests on PostgreSQL are left out" >&2
    exec "$@"
fi

# The newest server that is installed: Debian keeps them out of the path.
bin=
for candidate in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n -r); do
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ]; then
        bin=$candidate
        break
    fi
done
if [ -z "$bin" ] && command -v initdb >/dev/null 2>&1 && command -v postgres >/dev/null 2>&1; then
    bin=$(dirname "$(command -v initdb)")
fi
if [ -z "$bin" ]; then
    echo "PostgreSQL's server programs are missing (package postgresql): \`make test\` installs them," >&2
    echo "TRADEBOOK_SKIP_POSTGRES=1 leaves the tests on PostgreSQL out." >&2
    exit 1
fi

# The path of a socket must be short, so the folder is not below a long TMPDIR.
folder=$(mktemp -d /tmp/tradebook-pg.XXXXXX)

# The server refuses to run as root.
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as_server() { (cd "$folder" && runuser -u postgres -- "$@"); }
else
    as_server() { "$@"; }
fi

stop() {
    status=$?
    trap - EXIT INT TERM HUP
    if [ -f "$folder/data/postmaster.pid" ]; then
        as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    rm -rf "$folder"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

as_server "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -w start -o \
    "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c max_connections=200" \
    >/dev/null || { cat "$folder/data/server.log" >&2; exit 1; }

TEST_POSTGRES_URL="postgres://postgres@localhost/postgres?host=$folder"
export TEST_POSTGRES_URL
"$@"
