-- Customers, what was agreed with them, and their own part numbers.

CREATE TABLE customers (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    id INTEGER NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    standard_list_id INTEGER,
    group_list_id INTEGER,
    normal_discount BIGINT,
    markup_on_cost BIGINT,
    -- 0 by quantity, 1 always, 2 never.
    bulk SMALLINT NOT NULL,
    promotions BOOLEAN NOT NULL,
    -- The id of the customer's own list, from the sequence of price lists.
    own_list_id INTEGER,
    reference2 TEXT,
    category_id INTEGER,
    is_sub_customer BOOLEAN NOT NULL,
    parent_id INTEGER,
    bill_with_parent BOOLEAN NOT NULL,
    segmentation_id INTEGER,
    email TEXT,
    phone TEXT,
    mobile TEXT,
    fax TEXT,
    comment TEXT,
    barcode TEXT,
    is_same_address BOOLEAN NOT NULL,
    billing_country TEXT,
    billing_city TEXT,
    billing_postal_code TEXT,
    billing_address TEXT,
    billing_latitude DOUBLE PRECISION,
    billing_longitude DOUBLE PRECISION,
    shipping_country TEXT,
    shipping_city TEXT,
    shipping_postal_code TEXT,
    shipping_address TEXT,
    shipping_latitude DOUBLE PRECISION,
    shipping_longitude DOUBLE PRECISION,
    credit_limit BIGINT,
    is_active BOOLEAN NOT NULL,
    on_hold BOOLEAN NOT NULL,
    on_hold_reason TEXT,
    user_id INTEGER,
    due_date_config_number INTEGER,
    due_date_config_type SMALLINT,
    website TEXT,
    tax_number TEXT,
    company_registration_number TEXT,
    customer_risk TEXT,
    customer_risk_color TEXT,
    region_id INTEGER,
    date_created BIGINT NOT NULL,
    last_updated BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, reference),
    UNIQUE (organization_id, own_list_id),
    FOREIGN KEY (organization_id, standard_list_id) REFERENCES price_lists (organization_id, id),
    FOREIGN KEY (organization_id, group_list_id) REFERENCES price_lists (organization_id, id),
    FOREIGN KEY (organization_id, category_id) REFERENCES categories (organization_id, id),
    FOREIGN KEY (organization_id, parent_id) REFERENCES customers (organization_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (organization_id, segmentation_id) REFERENCES segmentations (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, region_id) REFERENCES regions (organization_id, id)
);
CREATE INDEX customers_by_parent ON customers (organization_id, parent_id);

CREATE TABLE customer_payment_types (
    organization_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    payment_type_id INTEGER NOT NULL,
    position SMALLINT NOT NULL,
    PRIMARY KEY (organization_id, customer_id, payment_type_id),
    FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id),
    FOREIGN KEY (organization_id, payment_type_id) REFERENCES payment_types (organization_id, id)
);

CREATE TABLE agreed_prices (
    organization_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER,
    price BIGINT NOT NULL,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, customer_id, product_id, valid_from),
    FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id),
    FOREIGN KEY (organization_id, product_id) REFERENCES products (organization_id, id)
);
CREATE INDEX agreed_prices_by_product ON agreed_prices (organization_id, product_id);

CREATE TABLE customer_part_numbers (
    organization_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    part_number TEXT NOT NULL,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, customer_id, product_id),
    FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id),
    FOREIGN KEY (organization_id, product_id) REFERENCES products (organization_id, id)
);
CREATE INDEX customer_part_numbers_by_product ON customer_part_numbers (organization_id, product_id);
