#!/bin/sh
# Runs a command that may make clusters of PostgreSQL, with a primary and replicas, below $TEST_CLUSTER:
#
#   tests/with-replica.sh cargo test -p tradebook-tests --test cluster -- --test-threads=1 --nocapture
#
# Whatever the command did, their servers are stopped and the folder is removed in the end. tests/postgres/cluster.sh makes
# them; without TEST_CLUSTER, tests that need them are left out. TRADEBOOK_SKIP_POSTGRES=1 runs the command without.
set -eu

if [ $# -eq 0 ]; then
    echo "usage: tests/with-replica.sh COMMAND [ARGUMENT...]" >&2
    exit 2
fi

if [ "${TRADEBOOK_SKIP_POSTGRES:-}" = 1 ]; then
    echo "TRADEBOOK_SKIP_POSTGRES=1: the tests on clusters of PostgreSQL are left out" >&2
    exec "$@"
fi

TEST_CLUSTER=$(mktemp -d /tmp/tradebook-cluster.XXXXXX)
export TEST_CLUSTER
chmod 755 "$TEST_CLUSTER"

stop() {
    status=$?
    trap - EXIT INT TERM HUP
    for pid_file in "$TEST_CLUSTER"/*/*/postmaster.pid; do
        [ -f "$pid_file" ] || continue
        # The server's own id is the first line; SIGQUIT stops it at once.
        kill -QUIT "$(head -n 1 "$pid_file")" 2>/dev/null || true
    done
    # They write on for a moment.
    for attempt in 1 2 3 4 5; do
        rm -rf "$TEST_CLUSTER" 2>/dev/null && break
        sleep "$attempt"
    done
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

"$@"
