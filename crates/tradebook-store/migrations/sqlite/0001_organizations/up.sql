-- Tenants, what they have chosen, who may call in their name, and the ids they have handed out.

CREATE TABLE organizations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    -- Grows with every change of the organization's data.
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE organization_settings (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (organization_id, name)
) WITHOUT ROWID;

-- The next id of each kind. Ids are unique within an organization; price lists and customers' own lists share one kind.
CREATE TABLE id_sequences (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    next_id BIGINT NOT NULL,
    PRIMARY KEY (organization_id, kind)
) WITHOUT ROWID;

-- One row: the secret under which keys are hashed, and a number that grows with every change of a key.
CREATE TABLE server_state (
    id INTEGER NOT NULL PRIMARY KEY,
    key_secret BLOB NOT NULL,
    keys_revision BIGINT NOT NULL
);

-- Only the keyed hash of a key is kept. Moments are milliseconds since 1970 in UTC.
CREATE TABLE api_keys (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    label TEXT,
    user_reference TEXT,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX api_keys_by_organization ON api_keys (organization_id);
