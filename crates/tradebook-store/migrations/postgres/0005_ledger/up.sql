-- Orders (ledger 1) and invoices (ledger 2).
-- kind: orders 1 order, 2 credit, 3 return; invoices 1 invoice, 2 credit.
-- status: orders 1 in progress, 2 complete, 3 cancelled; invoices 0.

CREATE TABLE ledger_documents (
    organization_id INTEGER NOT NULL,
    ledger SMALLINT NOT NULL,
    id BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    kind SMALLINT NOT NULL,
    status SMALLINT NOT NULL,
    customer_id INTEGER NOT NULL,
    date INTEGER NOT NULL,
    currency TEXT COLLATE "C",
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, ledger, id),
    UNIQUE (organization_id, ledger, number),
    FOREIGN KEY (organization_id, customer_id) REFERENCES customers (organization_id, id)
);
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
    PRIMARY KEY (organization_id, ledger, document_id, line)
);
CREATE INDEX ledger_lines_by_customer ON ledger_lines
    (organization_id, customer_id, ledger, date, product_id, quantity, kind, status);

-- Each line has its document, as a foreign key would have it. A foreign key looks for the document once for each line, which
-- takes longer than writing the line; these look once for each statement. They can, because writers of an organization wait
-- for each other and keys never change. Both go by key, whatever the planner believes of tables that have just been filled.
CREATE FUNCTION ledger_lines_have_documents() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT organization_id, ledger, document_id FROM added) AS line
        WHERE NOT EXISTS (
            SELECT FROM ledger_documents AS document
            WHERE document.organization_id = line.organization_id AND document.ledger = line.ledger
                AND document.id = line.document_id
        )
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a line of "ledger_lines" has no document';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_lines_have_documents AFTER INSERT ON ledger_lines
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_have_documents();

CREATE FUNCTION ledger_documents_have_no_lines() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (
        SELECT FROM removed AS document WHERE EXISTS (
            SELECT FROM ledger_lines AS line
            WHERE line.organization_id = document.organization_id AND line.ledger = document.ledger
                AND line.document_id = document.id
        )
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a document of "ledger_documents" still has lines';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_documents_have_no_lines AFTER DELETE ON ledger_documents
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ledger_documents_have_no_lines();

CREATE FUNCTION ledger_keys_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE foreign_key_violation USING MESSAGE = format('keys of %I do not change', TG_TABLE_NAME);
END
$$;
CREATE TRIGGER ledger_documents_keys_stay BEFORE UPDATE OF organization_id, ledger, id ON ledger_documents
FOR EACH ROW EXECUTE FUNCTION ledger_keys_stay();
CREATE TRIGGER ledger_lines_keys_stay BEFORE UPDATE OF organization_id, ledger, document_id ON ledger_lines
FOR EACH ROW EXECUTE FUNCTION ledger_keys_stay();
