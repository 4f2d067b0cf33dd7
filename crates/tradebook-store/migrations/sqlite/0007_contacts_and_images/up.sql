-- Files know a contact by its reference. Those that are there already take their ids for it.
CREATE TABLE new_contacts (
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    reference TEXT NOT NULL,
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
INSERT INTO new_contacts (
    organization_id, id, reference,
    customer_id, first_name, last_name, phone, phone2, mobile, fax, email, job, address, city,
    country, postal_code, comment, version, touched
)
SELECT organization_id, id, CAST(id AS TEXT),
    customer_id, first_name, last_name, phone, phone2, mobile, fax, email, job, address, city,
    country, postal_code, comment, version, touched
FROM contacts;
DROP TABLE contacts;
ALTER TABLE new_contacts RENAME TO contacts;
CREATE INDEX contacts_by_customer ON contacts (organization_id, customer_id);
CREATE UNIQUE INDEX contacts_by_reference ON contacts (organization_id, reference);

-- Whether an image is any customer's.
CREATE INDEX customers_by_logo ON customers (organization_id, logo) WHERE logo IS NOT NULL;
