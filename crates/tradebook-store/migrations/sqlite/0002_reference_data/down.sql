DROP TABLE users;
DROP TABLE regions;
DROP TABLE payment_types;
DROP TABLE segmentations;
DROP TABLE categories;
DROP TABLE currencies;
