-- Files know a contact by its reference. Those that are there already take their ids for it.
ALTER TABLE contacts ADD COLUMN reference TEXT COLLATE "C";
UPDATE contacts SET reference = id::text;
ALTER TABLE contacts ALTER COLUMN reference SET NOT NULL;
CREATE UNIQUE INDEX contacts_by_reference ON contacts (organization_id, reference);

-- Whether an image is any customer's.
CREATE INDEX customers_by_logo ON customers (organization_id, logo) WHERE logo IS NOT NULL;
