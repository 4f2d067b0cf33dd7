//! `agreed_prices.csv` and `customer_part_numbers.csv`.

use time::Date;
use tradebook_model::{CustomerReference, Money, PartNumber, ProductCode};

use super::rows;

rows! {
    /// A row of `agreed_prices.csv`, keyed by customer, product and first day.
    AgreedPriceRow of AgreedPrices {
        /// The customer's reference.
        "customer" => customer: required CustomerReference,
        /// The product's code.
        "product" => product: required ProductCode,
        /// The price each, in the customer's currency.
        "price" => price: required Money,
        /// The first day on which it holds.
        "valid_from" => valid_from: key Date,
        /// The last day on which it holds.
        "valid_to" => valid_to: optional Date,
    }

    /// A row of `customer_part_numbers.csv`, keyed by customer and product.
    CustomerPartNumberRow of CustomerPartNumbers {
        /// The customer's reference.
        "customer" => customer: required CustomerReference,
        /// The product's code.
        "product" => product: required ProductCode,
        /// The customer's number for it.
        "part_number" => part_number: required PartNumber,
    }
}
