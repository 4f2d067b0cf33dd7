//! `customers.csv`.

use tradebook_model::{
    CategoryReference, CurrencyCode, CustomerId, CustomerReference, DueDateRule, Money,
    PaymentTypeReference, Percent, PriceListCode, RegionName, SegmentationReference, ShortText,
    UserReference,
};

use super::rows;

rows! {
    /// A row of `customers.csv`.
    CustomerRow of Customers {
        /// The key: the account number.
        "reference" => reference: required CustomerReference,
        /// Assigned where it is absent.
        "id" => id: optional CustomerId,
        /// Its name, which a new customer needs.
        "name" => name: optional ShortText,
        /// A second reference.
        "reference2" => reference2: optional String,
        /// The reference of its category.
        "category" => category: optional CategoryReference,
        /// Whether it belongs to a parent customer; by default where it has one.
        "is_sub_customer" => is_sub_customer: optional bool,
        /// The reference of its parent customer.
        "parent" => parent: optional CustomerReference,
        /// Whether the parent is invoiced; false by default.
        "bill_with_parent" => bill_with_parent: optional bool,
        /// The reference of its segmentation.
        "segmentation" => segmentation: optional SegmentationReference,
        /// E-mail address.
        "email" => email: optional String,
        /// Telephone.
        "phone" => phone: optional String,
        /// Mobile telephone.
        "mobile" => mobile: optional String,
        /// Fax.
        "fax" => fax: optional String,
        /// Remarks.
        "comment" => comment: optional String,
        /// The customer's barcode.
        "barcode" => barcode: optional String,
        /// Whether goods go to the billing address; true by default.
        "is_same_address" => is_same_address: optional bool,
        /// Country of the billing address.
        "billing_country" => billing_country: optional String,
        /// Town of the billing address.
        "billing_city" => billing_city: optional String,
        /// Postal code of the billing address.
        "billing_postal_code" => billing_postal_code: optional String,
        /// Street and number of the billing address.
        "billing_address" => billing_address: optional String,
        /// Degrees north of the billing address.
        "billing_lat" => billing_lat: optional f64,
        /// Degrees east of the billing address.
        "billing_lng" => billing_lng: optional f64,
        /// Country of the shipping address.
        "country" => country: optional String,
        /// Town of the shipping address.
        "city" => city: optional String,
        /// Postal code of the shipping address.
        "postal_code" => postal_code: optional String,
        /// Street and number of the shipping address.
        "address" => address: optional String,
        /// Degrees north of the shipping address.
        "latitude" => latitude: optional f64,
        /// Degrees east of the shipping address.
        "longitude" => longitude: optional f64,
        /// The most it may owe.
        "credit_limit" => credit_limit: optional Money,
        /// Whether it is active; true by default.
        "is_active" => is_active: optional bool,
        /// Whether deliveries are stopped; false by default.
        "on_hold" => on_hold: optional bool,
        /// Why.
        "on_hold_reason" => on_hold_reason: optional String,
        /// The reference of the user who looks after it.
        "user" => user: optional UserReference,
        /// Days until payment.
        "due_date_config_number" => due_date_config_number: optional i32,
        /// From when they count: `1` or `2`.
        "due_date_config_type" => due_date_config_type: optional DueDateRule,
        /// The references of the ways it may pay, separated by `|`.
        "payment_types" => payment_types: optional Vec<PaymentTypeReference>,
        /// Web site.
        "website" => website: optional String,
        /// Tax number.
        "tax_number" => tax_number: optional String,
        /// Number in the companies' register.
        "company_registration_number" => company_registration_number: optional String,
        /// How risky it is, in words.
        "customer_risk" => customer_risk: optional String,
        /// The colour of that risk.
        "customer_risk_color" => customer_risk_color: optional String,
        /// The name of its region.
        "region" => region: optional RegionName,
        /// The currency it trades in; the organization's by default.
        "currency" => currency: optional CurrencyCode,
        /// The code of its standard list.
        "standard_price_list" => standard_price_list: optional PriceListCode,
        /// The code of its group's list.
        "group_price_list" => group_price_list: optional PriceListCode,
        /// Per cent off the standard list's single price.
        "normal_discount" => normal_discount: optional Percent,
        /// Per cent on top of cost.
        "markup_on_cost" => markup_on_cost: optional Percent,
        /// Whether it gets the lowest price at any quantity; false by default.
        "always_gets_bulk" => always_gets_bulk: optional bool,
        /// Whether it gets the first break at any quantity; false by default.
        "never_gets_bulk" => never_gets_bulk: optional bool,
        /// Whether it gets promotional prices; true by default.
        "promotions" => promotions: optional bool,
    }
}
