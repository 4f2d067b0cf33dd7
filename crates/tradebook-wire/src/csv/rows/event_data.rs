//! What events and their products refer to: `classifications.csv`, `units.csv`, `product_types.csv`, `currency_rate_periods.csv`.

use rust_decimal::Decimal;
use time::Date;
use tradebook_model::{
    CompositionMethod, CurrencyCode, GoodType, OpaqueId, ProductClass, ProductTypeName,
    ServiceType, ShortText,
};

use super::rows;

rows! {
    /// A row of `classifications.csv`.
    ClassificationRow of Classifications {
        /// The key.
        "name" => name: required ShortText,
        /// Assigned where it is absent.
        "id" => id: optional OpaqueId,
        /// Another code.
        "alternative_code" => alternative_code: optional ShortText,
    }

    /// A row of `units.csv`.
    UnitRow of Units {
        /// The key.
        "name" => name: required ShortText,
        /// Assigned where it is absent.
        "id" => id: optional OpaqueId,
        /// The group that it belongs to.
        "group_name" => group_name: optional ShortText,
        /// The community that it belongs to.
        "community_name" => community_name: optional ShortText,
        /// Another code.
        "alternative_code" => alternative_code: optional ShortText,
        /// What it is, in words.
        "description" => description: optional ShortText,
    }

    /// A row of `product_types.csv`.
    ProductTypeRow of ProductTypes {
        /// The key: what products call it.
        "name" => name: required ProductTypeName,
        /// Assigned where it is absent.
        "id" => id: optional OpaqueId,
        /// Another code.
        "alternative_code" => alternative_code: optional ShortText,
        /// What it is, in words.
        "description" => description: optional ShortText,
        /// `SERVICES` or `PHYSICALGOODS`.
        "classification" => classification: optional ProductClass,
        /// How a service is charged.
        "service_type" => service_type: optional ServiceType,
        /// Whether goods are followed one by one.
        "physical_good_type" => physical_good_type: optional GoodType,
        /// What a product of the type is made of.
        "composition_method" => composition_method: optional CompositionMethod,
        /// Whether it is used to set services up.
        "used_for_provisioning" => used_for_provisioning: optional bool,
    }

    /// A row of `currency_rate_periods.csv`.
    RatePeriodRow of CurrencyRatePeriods {
        /// The key.
        "id" => id: required OpaqueId,
        /// The currency.
        "currency" => currency: required CurrencyCode,
        /// Units of it for one of the organization's currency.
        "rate" => rate: optional Decimal,
        /// The other way round.
        "inverse_rate" => inverse_rate: optional Decimal,
        /// The first day.
        "from_date" => from_date: optional Date,
        /// The last day.
        "to_date" => to_date: optional Date,
    }
}
