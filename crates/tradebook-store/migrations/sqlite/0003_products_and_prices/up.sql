-- Money and percentages are integers scaled by 10^6. Days are Julian day numbers.

CREATE TABLE products (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    description TEXT,
    status SMALLINT NOT NULL,
    barcode TEXT,
    inner_barcode TEXT,
    outer_barcode TEXT,
    epos_barcode TEXT,
    cost BIGINT,
    vat_rate BIGINT,
    available INTEGER NOT NULL,
    next_available INTEGER,
    product_type TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, code)
);

CREATE TABLE price_lists (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    description TEXT,
    currency TEXT NOT NULL,
    list_type TEXT NOT NULL,
    source TEXT NOT NULL,
    vat_inc BOOLEAN NOT NULL,
    base_id INTEGER,
    percent BIGINT,
    rounding BIGINT,
    ending BIGINT,
    decimals SMALLINT,
    valid_from INTEGER,
    valid_to INTEGER,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, code),
    FOREIGN KEY (organization_id, base_id) REFERENCES price_lists (organization_id, id)
        DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX price_lists_by_base ON price_lists (organization_id, base_id);

-- A row without an amount is price on application. `valid_from` is part of the key: 0 is an open beginning.
CREATE TABLE prices (
    organization_id INTEGER NOT NULL,
    list_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER,
    amount BIGINT,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, list_id, product_id, quantity, valid_from),
    FOREIGN KEY (organization_id, list_id) REFERENCES price_lists (organization_id, id),
    FOREIGN KEY (organization_id, product_id) REFERENCES products (organization_id, id)
) WITHOUT ROWID;
CREATE INDEX prices_by_product ON prices (organization_id, product_id);
