-- What the customers API needs: search, order, counts, contacts, images, people who sign in, and answers kept for retries.

-- Name and reference with case folded away, by which customers are searched. NULL: not folded yet; the store folds what
-- a transaction has left so before it commits.
ALTER TABLE customers ADD COLUMN search_name TEXT COLLATE "C";
ALTER TABLE customers ADD COLUMN search_reference TEXT COLLATE "C";
-- The file name of the logo.
ALTER TABLE customers ADD COLUMN logo TEXT;

CREATE INDEX customers_by_date_created ON customers (organization_id, date_created, id);
CREATE INDEX customers_by_last_updated ON customers (organization_id, last_updated, id);
-- With what searches for too few characters have to read.
CREATE INDEX customers_by_name ON customers (organization_id, name COLLATE "C", id, search_name);
CREATE INDEX customers_by_category ON customers (organization_id, category_id);
CREATE INDEX customers_to_fold ON customers (organization_id, id) WHERE search_name IS NULL;

CREATE FUNCTION customers_unfolded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.search_name := NULL;
    new.search_reference := NULL;
    RETURN new;
END
$$;
CREATE TRIGGER customers_unfolded BEFORE UPDATE OF name, reference ON customers FOR EACH ROW
WHEN ((new.name <> old.name OR new.reference <> old.reference)
    AND new.search_name IS NOT DISTINCT FROM old.search_name
    AND new.search_reference IS NOT DISTINCT FROM old.search_reference)
EXECUTE FUNCTION customers_unfolded();

-- Trigrams of the folded texts. Without the extension searches give the same results, by reading every customer.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX customers_search_name ON customers USING gin (search_name gin_trgm_ops);
    CREATE INDEX customers_search_reference ON customers USING gin (search_reference gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
    RAISE WARNING 'the extension pg_trgm cannot be created (%): searches for customers will read all of them. Create it '
        'as a superuser, then: CREATE INDEX customers_search_name ON customers USING gin (search_name gin_trgm_ops); '
        'CREATE INDEX customers_search_reference ON customers USING gin (search_reference gin_trgm_ops);', SQLERRM;
END
$$;

-- How many customers an organization has, so that a list need not count them.
CREATE TABLE customer_counts (
    organization_id INTEGER NOT NULL PRIMARY KEY REFERENCES organizations (id),
    customers BIGINT NOT NULL,
    active BIGINT NOT NULL
);
INSERT INTO customer_counts (organization_id, customers, active)
SELECT organization_id, COUNT(*), COUNT(*) FILTER (WHERE is_active) FROM customers GROUP BY organization_id;
CREATE FUNCTION customer_counts_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customer_counts AS counts (organization_id, customers, active)
    SELECT organization_id, COUNT(*), COUNT(*) FILTER (WHERE is_active)
    FROM added GROUP BY organization_id
    ON CONFLICT (organization_id) DO UPDATE
    SET customers = counts.customers + excluded.customers, active = counts.active + excluded.active;
    RETURN NULL;
END
$$;
CREATE FUNCTION customer_counts_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_counts AS counts SET active = counts.active + changed.active
    FROM (
        SELECT organization_id, SUM(active) AS active FROM (
            SELECT organization_id, COUNT(*) FILTER (WHERE is_active) AS active FROM added GROUP BY 1
            UNION ALL
            SELECT organization_id, -COUNT(*) FILTER (WHERE is_active) FROM removed GROUP BY 1
        ) AS both_sides GROUP BY organization_id
    ) AS changed
    WHERE counts.organization_id = changed.organization_id AND changed.active <> 0;
    RETURN NULL;
END
$$;
CREATE FUNCTION customer_counts_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customer_counts AS counts
    SET customers = counts.customers - changed.customers, active = counts.active - changed.active
    FROM (
        SELECT organization_id, COUNT(*) AS customers, COUNT(*) FILTER (WHERE is_active) AS active
        FROM removed GROUP BY organization_id
    ) AS changed
    WHERE counts.organization_id = changed.organization_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER customer_counts_insert AFTER INSERT ON customers
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION customer_counts_insert();
CREATE TRIGGER customer_counts_update AFTER UPDATE ON customers
REFERENCING NEW TABLE AS added OLD TABLE AS removed
FOR EACH STATEMENT EXECUTE FUNCTION customer_counts_update();
CREATE TRIGGER customer_counts_delete AFTER DELETE ON customers
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION customer_counts_delete();

CREATE TABLE contacts (
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    first_name TEXT,
    last_name TEXT,
    phone TEXT,
    phone2 TEXT,
    mobile TEXT,
    fax TEXT,
    email TEXT,
    job TEXT,
    address TEXT,
    city TEXT,
    country TEXT,
    postal_code TEXT,
    comment TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id)
        ON DELETE CASCADE
);
CREATE INDEX contacts_by_customer ON contacts (organization_id, customer_id);

-- The random number in the addresses of an organization's images.
CREATE TABLE image_folders (
    organization_id INTEGER NOT NULL PRIMARY KEY REFERENCES organizations (id),
    number BIGINT NOT NULL
);

-- A name to sign in with names one person of one organization. Names of those who cannot sign in may repeat.
CREATE UNIQUE INDEX users_who_sign_in ON users (username) WHERE password_hash IS NOT NULL;

-- Only the keyed hash of a session's token is kept.
CREATE TABLE sessions (
    hash BYTEA NOT NULL PRIMARY KEY,
    organization_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_user ON sessions (organization_id, user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Wrong credentials, by the keyed hash of the name that was given: it may be a password typed into the wrong field.
CREATE TABLE sign_in_failures (
    name_hash BYTEA NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);

-- Answers kept so that a request that is sent again is answered again.
CREATE TABLE kept_answers (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    retry_key TEXT COLLATE "C" NOT NULL,
    request_hash BYTEA NOT NULL,
    status SMALLINT NOT NULL,
    body BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, retry_key)
);
CREATE INDEX kept_answers_by_time ON kept_answers (organization_id, created_at);
