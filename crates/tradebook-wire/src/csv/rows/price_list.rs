//! `price_lists.csv` and `prices.csv`.

use time::Date;
use tradebook_model::{
    BreakQuantity, CurrencyCode, ListName, ListSource, ListType, Money, Percent, PriceListCode,
    PriceListId, ProductCode,
};

use super::rows;

rows! {
    /// A row of `price_lists.csv`.
    PriceListRow of PriceLists {
        /// The key.
        "code" => code: required PriceListCode,
        /// Assigned where it is absent.
        "id" => id: optional PriceListId,
        /// Its name.
        "description" => description: optional ListName,
        /// The currency of all its prices.
        "currency" => currency: required CurrencyCode,
        /// Column `type`; `NORMAL` by default.
        "type" => list_type: optional ListType,
        /// `STD` by default.
        "source" => source: optional ListSource,
        /// Whether its prices include value added tax; false by default.
        "vat_inc" => vat_inc: optional bool,
        /// The code of the list it is derived from.
        "base" => base: optional PriceListCode,
        /// What is added to the base list's prices; nothing by default.
        "percent" => percent: optional Percent,
        /// Computed prices are rounded to a multiple of this.
        "rounding" => rounding: optional Money,
        /// Added to a computed price after rounding.
        "ending" => ending: optional Money,
        /// The decimals of computed prices.
        "decimals" => decimals: optional u8,
        /// The first day on which it holds.
        "valid_from" => valid_from: optional Date,
        /// The last day on which it holds.
        "valid_to" => valid_to: optional Date,
    }

    /// A row of `prices.csv`, keyed by list, product, quantity and first day.
    PriceRow of Prices {
        /// The list's code.
        "price_list" => price_list: required PriceListCode,
        /// The product's code.
        "product" => product: required ProductCode,
        /// The quantity from which it applies; 1 where it is absent.
        "quantity" => quantity: key BreakQuantity,
        /// The price each.
        "price" => price: optional Money,
        /// Whether the price is on application; false by default.
        "poa" => poa: optional bool,
        /// The first day on which it holds.
        "valid_from" => valid_from: key Date,
        /// The last day on which it holds.
        "valid_to" => valid_to: optional Date,
    }
}
