-- What customers and documents refer to. `touched` is the revision of the import that last saw a row.

CREATE TABLE currencies (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    code TEXT COLLATE "C" NOT NULL,
    name TEXT,
    -- A decimal in canonical text: rates have more decimals than money.
    exchange_rate TEXT,
    prefix_symbol TEXT,
    suffix_symbol TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, code)
);

CREATE TABLE categories (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    name TEXT,
    parent_id INTEGER,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, reference),
    FOREIGN KEY (organization_id, parent_id) REFERENCES categories (organization_id, id)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX categories_by_parent ON categories (organization_id, parent_id);

CREATE TABLE segmentations (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    name TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, reference)
);

CREATE TABLE payment_types (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    name TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, reference)
);

CREATE TABLE regions (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    parent_id INTEGER,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name),
    FOREIGN KEY (organization_id, parent_id) REFERENCES regions (organization_id, id)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX regions_by_parent ON regions (organization_id, parent_id);

CREATE TABLE users (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    username TEXT COLLATE "C",
    name TEXT,
    email TEXT,
    password_hash TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, reference)
);
