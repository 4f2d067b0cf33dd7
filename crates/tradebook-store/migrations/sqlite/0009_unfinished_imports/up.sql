-- An import that goes on, or was killed: orders and invoices with ids from `first_document` on, and prices that were touched at
-- `first_touch` or later, are not to be seen. Ids of documents are handed out by imports only, of which one goes on at a time.
CREATE TABLE unfinished_imports (
    organization_id INTEGER NOT NULL PRIMARY KEY REFERENCES organizations (id),
    first_document BIGINT NOT NULL,
    first_touch BIGINT NOT NULL
);
