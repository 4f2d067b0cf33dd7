//! `currencies.csv` and `products.csv`.

use rust_decimal::Decimal;
use time::Date;
use tradebook_model::{
    Barcode, CurrencyCode, Description, Money, Percent, ProductCode, ProductId, ProductStatus,
    ProductTypeName, ShortText, SignedQuantity,
};

use super::rows;

rows! {
    /// A row of `currencies.csv`.
    CurrencyRow of Currencies {
        /// The key.
        "code" => code: required CurrencyCode,
        /// Its name in words.
        "name" => name: optional ShortText,
        /// Units of the organization's currency for one of this.
        "exchange_rate" => exchange_rate: optional Decimal,
        /// A symbol before amounts.
        "prefix_symbol" => prefix_symbol: optional ShortText,
        /// A symbol behind amounts.
        "suffix_symbol" => suffix_symbol: optional ShortText,
    }

    /// A row of `products.csv`.
    ProductRow of Products {
        /// The key.
        "code" => code: required ProductCode,
        /// Assigned where it is absent.
        "id" => id: optional ProductId,
        /// What it is called.
        "description" => description: optional Description,
        /// `1`, `2` or `3`; active by default.
        "status" => status: optional ProductStatus,
        /// The item itself.
        "barcode" => barcode: optional Barcode,
        /// The inner pack.
        "inner_barcode" => inner_barcode: optional Barcode,
        /// The outer carton.
        "outer_barcode" => outer_barcode: optional Barcode,
        /// What a till scans.
        "epos_barcode" => epos_barcode: optional Barcode,
        /// What one costs to buy, in the organization's currency.
        "cost" => cost: optional Money,
        /// Value added tax in per cent.
        "vat_rate" => vat_rate: optional Percent,
        /// How many can be sold now; none by default.
        "available" => available: optional SignedQuantity,
        /// The day on which it is next available.
        "next_available" => next_available: optional Date,
        /// The name of its product type.
        "product_type" => product_type: optional ProductTypeName,
        /// Another code, by which events show it.
        "alternative_code" => alternative_code: optional ShortText,
    }
}
