DROP TABLE api_keys;
DROP TABLE server_state;
DROP TABLE id_sequences;
DROP TABLE organization_settings;
DROP TABLE organizations;
