SELECT t.relname::text AS table_name, a.attname::text AS target
FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
WHERE t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace
    AND a.attidentity <> '' AND NOT a.attisdropped
ORDER BY 1, 2
