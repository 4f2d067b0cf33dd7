//! `purchase_events.csv`, `purchase_event_products.csv` and `spend_requests.csv`.

use tradebook_model::{
    AccountNumber, CurrencyCode, DocumentNumber, LineQuantity, Money, OpaqueId, PostingState,
    ProductCode, ShortText, UserReference,
};

use super::rows;
use crate::csv::Moment;

rows! {
    /// A row of `purchase_events.csv`.
    PurchaseRow of PurchaseEvents {
        /// The key.
        "number" => number: required DocumentNumber,
        /// Assigned where it is absent.
        "id" => id: optional OpaqueId,
        /// The number of the account.
        "accounts_receivable" => account: required AccountNumber,
        /// When it happened.
        "performed_on" => performed_on: required Moment,
        /// When it was created; now by default.
        "created" => created: optional Moment,
        /// The id of the rate period.
        "rate_period" => rate_period: optional OpaqueId,
        /// `POSTED` by default.
        "state" => state: optional PostingState,
        /// The name of its classification.
        "classification" => classification: optional ShortText,
        /// What it was, in words.
        "description" => description: optional ShortText,
        /// A number by which others know it.
        "reference_number" => reference_number: optional ShortText,
        /// The system that it comes from.
        "external_system" => external_system: optional ShortText,
        /// Its number there.
        "external_system_reference_number" => external_system_reference_number: optional ShortText,
        /// The currency of its amounts.
        "currency" => currency: optional CurrencyCode,
        /// The name of the unit that performed it.
        "performed_by_unit" => performed_by_unit: optional ShortText,
        /// The reference of the user who created it.
        "created_by" => created_by: optional UserReference,
        /// When it was changed last.
        "updated" => updated: optional Moment,
        /// The reference of the user who changed it last.
        "updated_by" => updated_by: optional UserReference,
    }

    /// A row of `purchase_event_products.csv`, keyed by event and line.
    PurchaseLineRow of PurchaseEventProducts {
        /// The event's number.
        "event" => event: required DocumentNumber,
        /// The line's number within the event.
        "line" => line: required i32,
        /// Follows from the event's where it is absent.
        "id" => id: optional OpaqueId,
        /// The product's code.
        "product" => product: required ProductCode,
        /// How much of it.
        "quantity" => quantity: optional LineQuantity,
        /// What it cost without tax.
        "net_amount" => net_amount: optional Money,
        /// The tax.
        "vat_amount" => vat_amount: optional Money,
        /// What it cost with tax.
        "total_amount" => total_amount: optional Money,
    }

    /// A row of `spend_requests.csv`.
    SpendRequestRow of SpendRequests {
        /// The key.
        "number" => number: required DocumentNumber,
        /// The event's number.
        "event" => event: required DocumentNumber,
        /// When it happened.
        "performed_on" => performed_on: required Moment,
        /// `POSTED` by default.
        "state" => state: optional PostingState,
        /// Whether it was made with the purchase; false by default.
        "instant" => instant: optional bool,
        /// Whether it was made without anybody asking; false by default.
        "automatic" => automatic: optional bool,
        /// How much is spent.
        "spend_amount" => spend_amount: optional Money,
    }
}
