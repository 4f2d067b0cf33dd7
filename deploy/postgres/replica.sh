#!/bin/bash
# Starts a streaming replica, from a copy of the primary where there is none yet.
set -euo pipefail

export PGDATA=${PGDATA:-/var/lib/postgresql/data}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    install --directory --owner postgres --group postgres --mode 0700 "$PGDATA"
    export PGPASSWORD=$REPLICATION_PASSWORD
    until gosu postgres pg_basebackup --host primary --username replication --pgdata "$PGDATA" \
        --wal-method stream --write-recovery-conf --checkpoint fast; do
        echo "replica: the primary is not there yet" >&2
        rm -rf "${PGDATA:?}"/*
        sleep 1
    done
fi
exec gosu postgres postgres -c hot_standby=on
