SELECT t.relname::text AS table_name, a.attname::text AS column_name,
    format_type(a.atttypid, NULL) AS kind,
    COALESCE((
        SELECT k.place FROM pg_index i
        CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
        WHERE i.indrelid = t.oid AND i.indisprimary AND k.attnum = a.attnum
    ), 0)::bigint AS key_place
FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
WHERE t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace
    AND t.relname NOT LIKE '\_\_%' AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY t.relname COLLATE "C", a.attname COLLATE "C"
