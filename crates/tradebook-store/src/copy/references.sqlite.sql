SELECT DISTINCT tables.name AS table_name, f."table" AS target
FROM pragma_table_list AS tables JOIN pragma_foreign_key_list(tables.name) AS f
WHERE tables.schema = 'main' AND tables.type = 'table' AND tables.name NOT LIKE '\_\_%' ESCAPE '\'
ORDER BY 1, 2
