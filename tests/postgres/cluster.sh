#!/bin/sh
# A small cluster of PostgreSQL on loopback, for tests: one folder for each node, which all have to be below one folder.
#
#   cluster.sh FOLDER create NODE          a new, empty server
#   cluster.sh FOLDER copy NODE FROM       a streaming replica of a running node
#   cluster.sh FOLDER start NODE           waits until it answers
#   cluster.sh FOLDER stop NODE MODE       fast, or immediate: as if its machine had failed
#   cluster.sh FOLDER promote NODE         makes a replica the primary
#   cluster.sh FOLDER sql NODE SQL         one answer as text
#   cluster.sh FOLDER port NODE
#
# Anybody may connect as `postgres`, from this machine alone.
set -eu

folder=$1
command=$2
node=$3
shift 3
data=$folder/$node

bin=${TEST_POSTGRES_BIN:-}
if [ -z "$bin" ]; then
    for candidate in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -n -r); do
        if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ]; then
            bin=$candidate
            break
        fi
    done
fi
if [ -z "$bin" ]; then
    echo "cluster.sh: PostgreSQL's server programs are missing (package postgresql)" >&2
    exit 1
fi

# The server refuses to run as root.
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as_server() { (cd "$folder" && runuser -u postgres -- "$@"); }
else
    as_server() { "$@"; }
fi

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

new_port() {
    free_port >"$folder/$node.port"
}

port() {
    cat "$folder/$1.port"
}

quietly() {
    "$@" >"$folder/$node.last" 2>&1 || {
        cat "$folder/$node.last" >&2
        exit 1
    }
}

case "$command" in
    create)
        new_port
        quietly as_server "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync
        ;;
    copy)
        new_port
        quietly as_server "$bin/pg_basebackup" -D "$data" -d "host=127.0.0.1 port=$(port "$1") user=postgres" \
            -R -X stream --checkpoint=fast --no-sync
        ;;
    start)
        quietly as_server "$bin/pg_ctl" -D "$data" -l "$data/server.log" -w start -o \
            "-c port=$(port "$node") -c listen_addresses=127.0.0.1 -c unix_socket_directories='' \
             -c max_connections=200 -c wal_level=replica -c max_wal_senders=8 -c wal_keep_size=256MB \
             -c shared_buffers=64MB -c wal_receiver_timeout=2s -c wal_retrieve_retry_interval=200ms"
        ;;
    stop)
        quietly as_server "$bin/pg_ctl" -D "$data" -m "$1" -w stop
        ;;
    promote)
        quietly as_server "$bin/pg_ctl" -D "$data" -w promote
        ;;
    sql)
        exec "$bin/psql" -h 127.0.0.1 -p "$(port "$node")" -U postgres -d postgres -X -A -t -v ON_ERROR_STOP=1 -c "$1"
        ;;
    port)
        port "$node"
        ;;
    *)
        echo "cluster.sh: there is no command \`$command\`" >&2
        exit 2
        ;;
esac
