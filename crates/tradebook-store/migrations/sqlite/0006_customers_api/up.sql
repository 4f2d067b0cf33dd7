-- What the customers API needs: search, order, counts, contacts, images, people who sign in, and answers kept for retries.

-- Name and reference with case folded away, by which customers are searched. NULL: not folded yet; the store folds what
-- a transaction has left so before it commits.
ALTER TABLE customers ADD COLUMN search_name TEXT;
ALTER TABLE customers ADD COLUMN search_reference TEXT;
-- The file name of the logo.
ALTER TABLE customers ADD COLUMN logo TEXT;

CREATE INDEX customers_by_date_created ON customers (organization_id, date_created, id);
CREATE INDEX customers_by_last_updated ON customers (organization_id, last_updated, id);
-- With what searches for too few characters have to read.
CREATE INDEX customers_by_name ON customers (organization_id, name, id, search_name);
CREATE INDEX customers_by_category ON customers (organization_id, category_id);
CREATE INDEX customers_to_fold ON customers (organization_id, id) WHERE search_name IS NULL;

CREATE TRIGGER customers_unfolded AFTER UPDATE OF name, reference ON customers
WHEN (new.name <> old.name OR new.reference <> old.reference)
    AND new.search_name IS old.search_name AND new.search_reference IS old.search_reference
    AND new.search_name IS NOT NULL
BEGIN
    UPDATE customers SET search_name = NULL, search_reference = NULL
    WHERE organization_id = new.organization_id AND id = new.id;
END;

-- Trigrams of the folded texts. A row's id is the organization's times 2^32 plus the customer's, so that an organization
-- is a range, and a hit needs no other table to be counted.
CREATE VIRTUAL TABLE customers_search USING fts5 (
    name, reference, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER customers_search_insert AFTER INSERT ON customers WHEN new.search_name IS NOT NULL
BEGIN
    INSERT INTO customers_search (rowid, name, reference)
    VALUES (new.organization_id * 4294967296 + new.id, new.search_name, new.search_reference);
END;
CREATE TRIGGER customers_search_update AFTER UPDATE OF search_name, search_reference ON customers
WHEN new.search_name IS NOT old.search_name OR new.search_reference IS NOT old.search_reference
BEGIN
    DELETE FROM customers_search
    WHERE rowid = old.organization_id * 4294967296 + old.id AND old.search_name IS NOT NULL;
    INSERT INTO customers_search (rowid, name, reference)
    SELECT new.organization_id * 4294967296 + new.id, new.search_name, new.search_reference
    WHERE new.search_name IS NOT NULL;
END;
CREATE TRIGGER customers_search_delete AFTER DELETE ON customers WHEN old.search_name IS NOT NULL
BEGIN
    DELETE FROM customers_search WHERE rowid = old.organization_id * 4294967296 + old.id;
END;

-- How many customers an organization has, so that a list need not count them.
CREATE TABLE customer_counts (
    organization_id INTEGER NOT NULL PRIMARY KEY REFERENCES organizations (id),
    customers BIGINT NOT NULL,
    active BIGINT NOT NULL
);
INSERT INTO customer_counts (organization_id, customers, active)
SELECT organization_id, COUNT(*), COALESCE(SUM(is_active), 0) FROM customers GROUP BY organization_id;
CREATE TRIGGER customer_counts_insert AFTER INSERT ON customers
BEGIN
    INSERT INTO customer_counts (organization_id, customers, active)
    VALUES (new.organization_id, 1, new.is_active)
    ON CONFLICT (organization_id) DO UPDATE
    SET customers = customers + 1, active = active + excluded.active;
END;
CREATE TRIGGER customer_counts_update AFTER UPDATE OF is_active ON customers
WHEN new.is_active <> old.is_active
BEGIN
    UPDATE customer_counts SET active = active + new.is_active - old.is_active
    WHERE organization_id = new.organization_id;
END;
CREATE TRIGGER customer_counts_delete AFTER DELETE ON customers
BEGIN
    UPDATE customer_counts SET customers = customers - 1, active = active - old.is_active
    WHERE organization_id = old.organization_id;
END;

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
    hash BLOB NOT NULL PRIMARY KEY,
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
    name_hash BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_at);

-- Answers kept so that a request that is sent again is answered again.
CREATE TABLE kept_answers (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    retry_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    status SMALLINT NOT NULL,
    body BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, retry_key)
);
CREATE INDEX kept_answers_by_time ON kept_answers (organization_id, created_at);
