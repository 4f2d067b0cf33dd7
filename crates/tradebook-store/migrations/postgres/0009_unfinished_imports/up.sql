-- Imports that go on in steps, which they do on SQLite only: orders and invoices with ids from `first_document` on, and prices that
-- were touched at `first_touch` or later, are not to be seen. Here others see nothing of a transaction before its end, and the
-- table stays empty.
CREATE TABLE unfinished_imports (
    organization_id INTEGER NOT NULL PRIMARY KEY REFERENCES organizations (id),
    first_document BIGINT NOT NULL,
    first_touch BIGINT NOT NULL
);
