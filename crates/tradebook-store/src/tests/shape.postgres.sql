WITH tables AS (
    SELECT c.oid, c.relname::text AS name FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname NOT LIKE '\_\_%'
)
SELECT tables.name AS "table", 'column' AS what,
    a.attname || ' ' || CASE format_type(a.atttypid, NULL)
        WHEN 'bytea' THEN 'BYTES' ELSE upper(format_type(a.atttypid, NULL))
    END || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS detail
FROM tables JOIN pg_attribute a ON a.attrelid = tables.oid
WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT tables.name,
    CASE WHEN i.indisprimary THEN 'primary key' WHEN i.indisunique THEN 'unique' ELSE 'index' END,
    (
        SELECT string_agg(a.attname, ', ' ORDER BY k.place)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = tables.oid AND a.attnum = k.attnum
    )
FROM tables JOIN pg_index i ON i.indrelid = tables.oid
-- Searches have an index of another kind on each database.
JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam AND am.amname = 'btree'
UNION ALL
SELECT tables.name, 'foreign key', (
        SELECT string_agg(a.attname, ', ' ORDER BY k.place)
        FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
    ) || ' -> ' || f.confrelid::regclass::text || ' (' || (
        SELECT string_agg(a.attname, ', ' ORDER BY k.place)
        FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum
    ) || ')'
FROM tables JOIN pg_constraint f ON f.conrelid = tables.oid AND f.contype = 'f'
UNION ALL
-- What a trigger keeps.
SELECT 'ledger_lines', 'foreign key',
    'organization_id, ledger, document_id -> ledger_documents (organization_id, ledger, id)'
FROM pg_trigger WHERE tgname = 'ledger_lines_have_documents'
