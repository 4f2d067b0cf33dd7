-- Orders (ledger 1) and invoices (ledger 2).
-- kind: orders 1 order, 2 credit, 3 return; invoices 1 invoice, 2 credit.
-- status: orders 1 in progress, 2 complete, 3 cancelled; invoices 0.

CREATE TABLE ledger_documents (
    organization_id INTEGER NOT NULL,
    ledger SMALLINT NOT NULL,
    id BIGINT NOT NULL,
    number TEXT NOT NULL,
    kind SMALLINT NOT NULL,
    status SMALLINT NOT NULL,
    customer_id INTEGER NOT NULL,
    date INTEGER NOT NULL,
    currency TEXT,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, ledger, id),
    UNIQUE (organization_id, ledger, number),
    FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id)
) WITHOUT ROWID;
CREATE INDEX ledger_documents_by_customer ON ledger_documents (organization_id, customer_id);

-- Lines repeat what a buying report needs of their document, so that one index answers it without touching a row. The
-- product has no foreign key: its index would double the cost of every line; deletes of products look here themselves.
CREATE TABLE ledger_lines (
    organization_id INTEGER NOT NULL,
    ledger SMALLINT NOT NULL,
    document_id BIGINT NOT NULL,
    line INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    status SMALLINT NOT NULL,
    customer_id INTEGER NOT NULL,
    date INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price BIGINT,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, ledger, document_id, line),
    FOREIGN KEY (organization_id, ledger, document_id)
        REFERENCES ledger_documents (organization_id, ledger, id)
) WITHOUT ROWID;
CREATE INDEX ledger_lines_by_customer ON ledger_lines
    (organization_id, customer_id, ledger, date, product_id, quantity, kind, status);
