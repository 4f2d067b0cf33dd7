//! Agreed prices and customers' own part numbers.

use diesel::prelude::*;
use time::Date;
use tradebook_model::{AgreedPrice, CustomerId, CustomerPartNumber, Money, ProductId};

use super::{Record, Session, first_day_number, stored};
use crate::StoreError;
use crate::import::rows::{AgreedPriceRow, CustomerPartNumberRow};
use crate::rows::key_period;
use crate::schema::{agreed_prices, customer_part_numbers};

/// What finds an agreed price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AgreedPriceKey {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
    /// The first day on which it holds.
    pub valid_from: Option<Date>,
}

/// What finds a customer's own part number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartNumberKey {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
}

impl Record for AgreedPrice {
    type Key = AgreedPriceKey;

    fn key(&self) -> AgreedPriceKey {
        AgreedPriceKey {
            customer: self.customer,
            product: self.product,
            valid_from: self.validity.from(),
        }
    }

    /// Loads all rows of the keys' products and customers.
    fn load(
        session: &mut Session<'_>,
        keys: &[AgreedPriceKey],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let customers = distinct(keys.iter().map(|key| key.customer.get()));
        let products = distinct(keys.iter().map(|key| key.product.get()));
        let rows: Vec<AgreedPriceRow> = agreed_prices::table
            .select(AgreedPriceRow::ALL)
            .filter(agreed_prices::organization_id.eq(session.organization.get()))
            .filter(agreed_prices::customer_id.eq_any(customers))
            .filter(agreed_prices::product_id.eq_any(products))
            .load(session.connection)?;
        rows.into_iter().map(from_agreed_price_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { customer, product, price, validity } = record;
                AgreedPriceRow {
                    organization_id: session.organization.get(),
                    customer_id: customer.get(),
                    product_id: product.get(),
                    valid_from: first_day_number(validity.from()),
                    valid_to: validity.to().map(Date::to_julian_day),
                    price: price.micros(),
                    touched: *touched,
                }
            })
            .collect();
        Ok(AgreedPriceRow::put(session, &rows)?)
    }
}

pub(crate) fn from_agreed_price_row(row: AgreedPriceRow) -> Result<(AgreedPrice, i64), StoreError> {
    let record = AgreedPrice {
        customer: stored(CustomerId::new(row.customer_id))?,
        product: stored(ProductId::new(row.product_id))?,
        price: stored(Money::from_micros(row.price))?,
        validity: key_period(row.valid_from, row.valid_to)?,
    };
    Ok((record, row.touched))
}

impl Record for CustomerPartNumber {
    type Key = PartNumberKey;

    fn key(&self) -> PartNumberKey {
        PartNumberKey { customer: self.customer, product: self.product }
    }

    /// Loads all rows of the keys' products and customers.
    fn load(
        session: &mut Session<'_>,
        keys: &[PartNumberKey],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let customers = distinct(keys.iter().map(|key| key.customer.get()));
        let products = distinct(keys.iter().map(|key| key.product.get()));
        let rows: Vec<CustomerPartNumberRow> = customer_part_numbers::table
            .select(CustomerPartNumberRow::ALL)
            .filter(customer_part_numbers::organization_id.eq(session.organization.get()))
            .filter(customer_part_numbers::customer_id.eq_any(customers))
            .filter(customer_part_numbers::product_id.eq_any(products))
            .load(session.connection)?;
        rows.into_iter().map(from_part_number_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { customer, product, part_number } = record;
                CustomerPartNumberRow {
                    organization_id: session.organization.get(),
                    customer_id: customer.get(),
                    product_id: product.get(),
                    part_number: part_number.to_string(),
                    touched: *touched,
                }
            })
            .collect();
        Ok(CustomerPartNumberRow::put(session, &rows)?)
    }
}

pub(crate) fn from_part_number_row(
    row: CustomerPartNumberRow,
) -> Result<(CustomerPartNumber, i64), StoreError> {
    let record = CustomerPartNumber {
        customer: stored(CustomerId::new(row.customer_id))?,
        product: stored(ProductId::new(row.product_id))?,
        part_number: stored(row.part_number.parse())?,
    };
    Ok((record, row.touched))
}

fn distinct(ids: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
