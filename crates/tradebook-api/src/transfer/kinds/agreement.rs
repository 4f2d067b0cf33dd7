//! `agreed_prices.csv` and `customer_part_numbers.csv`.

use tradebook_model::{
    AgreedPrice, CustomerId, CustomerPartNumber, Money, Price, ProductCode, ProductId,
};
use tradebook_store::import::{AgreedPriceKey, Coded, PartNumberKey};
use tradebook_wire::csv::{AgreedPriceRow, CustomerPartNumberRow};

use super::validity;
use crate::transfer::apply::{Kind, RowContext};
use crate::transfer::report::PriceOwner;

pub(in crate::transfer) struct AgreedPrices;

impl Kind for AgreedPrices {
    type Row = AgreedPriceRow;
    type Record = AgreedPrice;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] = &[Coded::Customers, Coded::Products];
    const KEY: &'static [&'static str] = &["customer", "product", "valid_from"];

    fn key(row: &AgreedPriceRow, at: &mut RowContext<'_>) -> Option<AgreedPriceKey> {
        let customers = Coded::Customers;
        let customer = at.refer(customers, "customer", row.customer.as_str(), CustomerId::new);
        let product = at.refer(Coded::Products, "product", row.product.as_str(), ProductId::new);
        Some(AgreedPriceKey { customer: customer?, product: product?, valid_from: row.valid_from })
    }

    fn merge(
        key: &AgreedPriceKey,
        row: AgreedPriceRow,
        stored: Option<&AgreedPrice>,
        at: &mut RowContext<'_>,
    ) -> Option<AgreedPrice> {
        let AgreedPriceRow { customer: _, product: _, price, valid_from: _, valid_to } = row;
        if price < Money::ZERO {
            at.fault("price", "must be 0 or more");
            return None;
        }
        let valid_to = valid_to.over(stored.and_then(|stored| stored.validity.to()));
        let validity = validity(key.valid_from, valid_to, at)?;
        Some(AgreedPrice { customer: key.customer, product: key.product, price, validity })
    }

    fn priced(row: &AgreedPriceRow) -> Option<(PriceOwner, ProductCode)> {
        Some((PriceOwner::Customer(row.customer.clone()), row.product.clone()))
    }

    fn price(record: &AgreedPrice) -> Option<(Price, Option<time::Date>)> {
        Some((Price::Amount(record.price), record.validity.from()))
    }
}

pub(in crate::transfer) struct CustomerPartNumbers;

impl Kind for CustomerPartNumbers {
    type Row = CustomerPartNumberRow;
    type Record = CustomerPartNumber;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] = &[Coded::Customers, Coded::Products];
    const KEY: &'static [&'static str] = &["customer", "product"];

    fn key(row: &CustomerPartNumberRow, at: &mut RowContext<'_>) -> Option<PartNumberKey> {
        let customers = Coded::Customers;
        let customer = at.refer(customers, "customer", row.customer.as_str(), CustomerId::new);
        let product = at.refer(Coded::Products, "product", row.product.as_str(), ProductId::new);
        Some(PartNumberKey { customer: customer?, product: product? })
    }

    fn merge(
        key: &PartNumberKey,
        row: CustomerPartNumberRow,
        _stored: Option<&CustomerPartNumber>,
        _at: &mut RowContext<'_>,
    ) -> Option<CustomerPartNumber> {
        let CustomerPartNumberRow { customer: _, product: _, part_number } = row;
        Some(CustomerPartNumber { customer: key.customer, product: key.product, part_number })
    }
}
