DROP INDEX customers_by_logo;
DROP INDEX contacts_by_reference;
ALTER TABLE contacts DROP COLUMN reference;
