SELECT DISTINCT t.relname::text AS table_name, target.relname::text AS target
FROM pg_constraint f
JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class target ON target.oid = f.confrelid
WHERE f.contype = 'f' AND t.relnamespace = current_schema()::regnamespace
    AND t.relname NOT LIKE '\_\_%'
UNION
-- What a trigger keeps.
SELECT 'ledger_lines', 'ledger_documents'
ORDER BY 1, 2
