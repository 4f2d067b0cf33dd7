-- Purchases as events: whose account they are booked to, what was bought, and what was spent against them.
--
-- Ids that clients see are texts; inside, rows are tied together by integers. Moments are milliseconds since 1970 in UTC,
-- money and quantities integers scaled by 10^6, rates decimals in canonical text, days Julian day numbers.

ALTER TABLE products ADD COLUMN alternative_code TEXT;

CREATE TABLE product_types (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    -- What products call it. A product may name a type that is not described here.
    name TEXT COLLATE "C" NOT NULL,
    opaque_id TEXT COLLATE "C" NOT NULL,
    alternative_code TEXT COLLATE "C",
    description TEXT,
    classification TEXT,
    service_type TEXT,
    physical_good_type TEXT,
    composition_method TEXT,
    used_for_provisioning BOOLEAN,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, name),
    UNIQUE (organization_id, opaque_id)
);

CREATE TABLE classifications (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    opaque_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    alternative_code TEXT COLLATE "C",
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, opaque_id),
    UNIQUE (organization_id, name)
);
CREATE INDEX classifications_by_code ON classifications (organization_id, alternative_code);

CREATE TABLE units (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    opaque_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    group_name TEXT,
    community_name TEXT,
    alternative_code TEXT COLLATE "C",
    description TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, opaque_id),
    UNIQUE (organization_id, name)
);

CREATE TABLE currency_rate_periods (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    opaque_id TEXT COLLATE "C" NOT NULL,
    currency TEXT NOT NULL,
    rate TEXT,
    inverse_rate TEXT,
    from_date INTEGER,
    to_date INTEGER,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, opaque_id)
);

CREATE TABLE accounts_receivable (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    opaque_id TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    state TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, opaque_id),
    UNIQUE (organization_id, number),
    FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id)
);
CREATE INDEX accounts_receivable_by_name ON accounts_receivable (organization_id, name);
CREATE INDEX accounts_receivable_by_customer ON accounts_receivable (organization_id, customer_id);

-- Of pass codes and one-time passwords only keyed hashes are kept.
CREATE TABLE access_tokens (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    identifier TEXT COLLATE "C" NOT NULL,
    account_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    authentication_code TEXT COLLATE "C",
    pass_code BYTEA,
    one_time_password BYTEA,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, identifier),
    FOREIGN KEY (organization_id, account_id)
        REFERENCES accounts_receivable (organization_id, id)
);
CREATE INDEX access_tokens_by_code ON access_tokens (organization_id, authentication_code);
CREATE INDEX access_tokens_by_account ON access_tokens (organization_id, account_id);
CREATE INDEX access_tokens_by_password ON access_tokens (organization_id, one_time_password);

CREATE TABLE rewards_participants (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    account_id INTEGER NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, number),
    FOREIGN KEY (organization_id, account_id)
        REFERENCES accounts_receivable (organization_id, id)
);
CREATE INDEX rewards_participants_by_account
    ON rewards_participants (organization_id, account_id, number);

-- Classifications, units, rate periods and users have no foreign keys here: their indexes would double the cost of every
-- event; deletes of them look here themselves.
CREATE TABLE purchase_events (
    organization_id INTEGER NOT NULL,
    id BIGINT NOT NULL,
    opaque_id TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    account_id INTEGER NOT NULL,
    classification_id INTEGER,
    performed_on BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT,
    created_by INTEGER,
    updated_by INTEGER,
    cancelled BOOLEAN NOT NULL,
    unit_id INTEGER,
    rate_period_id INTEGER,
    currency TEXT,
    description TEXT,
    reference_number TEXT,
    external_system TEXT,
    external_system_reference_number TEXT,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, opaque_id),
    UNIQUE (organization_id, number),
    FOREIGN KEY (organization_id, account_id)
        REFERENCES accounts_receivable (organization_id, id)
);
-- Each carries all that filters ask of an event itself: what is skipped is never read.
CREATE INDEX purchase_events_by_account
    ON purchase_events (organization_id, account_id, performed_on, number, created, id);
CREATE INDEX purchase_events_by_classification
    ON purchase_events (organization_id, classification_id, performed_on, number, created, id)
    WHERE classification_id IS NOT NULL;
CREATE INDEX purchase_events_by_time
    ON purchase_events (organization_id, performed_on, number, created, id);
CREATE INDEX purchase_events_by_creation
    ON purchase_events (organization_id, created, performed_on, number, id);

-- A line without an id shows one that follows from its event's. Its product has no foreign key, as in the ledger.
CREATE TABLE purchase_event_products (
    organization_id INTEGER NOT NULL,
    event_id BIGINT NOT NULL,
    line INTEGER NOT NULL,
    opaque_id TEXT COLLATE "C",
    product_id INTEGER NOT NULL,
    quantity BIGINT,
    net_amount BIGINT,
    vat_amount BIGINT,
    total_amount BIGINT,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, event_id, line),
    FOREIGN KEY (organization_id, event_id) REFERENCES purchase_events (organization_id, id)
);
CREATE UNIQUE INDEX purchase_event_products_by_id
    ON purchase_event_products (organization_id, opaque_id) WHERE opaque_id IS NOT NULL;

CREATE TABLE spend_requests (
    organization_id INTEGER NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    event_id BIGINT NOT NULL,
    performed_on BIGINT NOT NULL,
    cancelled BOOLEAN NOT NULL,
    instant BOOLEAN NOT NULL,
    automatic BOOLEAN NOT NULL,
    amount BIGINT,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, number),
    FOREIGN KEY (organization_id, event_id) REFERENCES purchase_events (organization_id, id)
);
-- The requests against an event are read from here alone.
CREATE INDEX spend_requests_by_event ON spend_requests
    (organization_id, event_id, performed_on, number, cancelled, instant, automatic, amount);

-- Only the keyed hash of a token is kept.
CREATE TABLE event_tokens (
    hash BYTEA NOT NULL PRIMARY KEY,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    user_id INTEGER,
    key_id INTEGER,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX event_tokens_by_user ON event_tokens (organization_id, user_id);
CREATE INDEX event_tokens_by_end ON event_tokens (expires_at);
