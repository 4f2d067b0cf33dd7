WITH tables AS (
    SELECT name FROM pragma_table_list
    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'
)
SELECT tables.name AS "table", 'column' AS what,
    c.name || CASE
        WHEN c.type = 'BLOB' THEN ' BYTES' ELSE ' ' || c.type
    END || CASE WHEN c."notnull" OR c.pk > 0 THEN ' NOT NULL' ELSE '' END AS detail
FROM tables JOIN pragma_table_info(tables.name) AS c
WHERE tables.name NOT LIKE '\_\_%' ESCAPE '\'
UNION ALL
SELECT name, 'primary key', (
    SELECT group_concat(c.name, ', ') FROM (
        SELECT name, pk FROM pragma_table_info(tables.name) WHERE pk > 0 ORDER BY pk
    ) AS c
)
FROM tables WHERE name NOT LIKE '\_\_%' ESCAPE '\'
UNION ALL
SELECT tables.name, CASE WHEN i."unique" THEN 'unique' ELSE 'index' END, (
    SELECT group_concat(c.name, ', ') FROM (
        SELECT name, seqno FROM pragma_index_info(i.name) ORDER BY seqno
    ) AS c
)
FROM tables JOIN pragma_index_list(tables.name) AS i
WHERE i.origin <> 'pk' AND tables.name NOT LIKE '\_\_%' ESCAPE '\'
UNION ALL
SELECT table_name, 'foreign key', "from" || ' -> ' || target || ' (' || "to" || ')'
FROM (
    SELECT tables.name AS table_name, f.id, f."table" AS target,
        group_concat(f."from", ', ') AS "from", group_concat(f."to", ', ') AS "to"
    FROM tables JOIN pragma_foreign_key_list(tables.name) AS f
    GROUP BY tables.name, f.id
)
