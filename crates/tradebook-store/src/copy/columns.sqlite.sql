SELECT tables.name AS table_name, c.name AS column_name, c.type AS kind, c.pk AS key_place
FROM pragma_table_list AS tables JOIN pragma_table_info(tables.name) AS c
WHERE tables.schema = 'main' AND tables.type = 'table'
    AND tables.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND tables.name NOT LIKE '\_\_%' ESCAPE '\'
ORDER BY tables.name, c.name
