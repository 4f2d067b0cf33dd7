DROP TABLE customer_part_numbers;
DROP TABLE agreed_prices;
DROP TABLE customer_payment_types;
DROP TABLE customers;
