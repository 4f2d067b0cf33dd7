#!/bin/bash
# Runs once, when the primary's data folder is made: lets the replica in.
set -euo pipefail

psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
    --set password="$REPLICATION_PASSWORD" <<'SQL'
CREATE ROLE replication WITH REPLICATION LOGIN PASSWORD :'password';
-- The search index of the customers API. Only a superuser or the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
SQL
echo "host replication replication all scram-sha-256" >>"$PGDATA/pg_hba.conf"
