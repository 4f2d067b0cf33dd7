DROP TABLE ledger_lines;
DROP TABLE ledger_documents;
DROP FUNCTION ledger_lines_have_documents;
DROP FUNCTION ledger_documents_have_no_lines;
DROP FUNCTION ledger_keys_stay;
