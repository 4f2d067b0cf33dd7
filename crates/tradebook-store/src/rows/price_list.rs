//! Price lists and their rows.

use diesel::prelude::*;
use tradebook_model::{
    BreakQuantity, Derivation, Money, Percent, Price, PriceList, PriceListId, PriceRow, ProductId,
};

use super::{key_period, period, stored, stored_option};
use crate::StoreError;
use crate::schema::{price_lists, prices};

/// A price list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = price_lists)]
pub(crate) struct PriceListRow {
    id: i32,
    code: String,
    description: Option<String>,
    currency: String,
    list_type: String,
    source: String,
    vat_inc: bool,
    base_id: Option<i32>,
    percent: Option<i64>,
    rounding: Option<i64>,
    ending: Option<i64>,
    decimals: Option<i16>,
    valid_from: Option<i32>,
    valid_to: Option<i32>,
}

impl PriceListRow {
    pub(crate) fn into_domain(self) -> Result<PriceList, StoreError> {
        let Self {
            id,
            code,
            description,
            currency,
            list_type,
            source,
            vat_inc,
            base_id,
            percent,
            rounding,
            ending,
            decimals,
            valid_from,
            valid_to,
        } = self;
        let derivation = match base_id {
            None => None,
            Some(base) => Some(Derivation {
                base: stored("a list's base", PriceListId::new(base))?,
                percent: stored(
                    "a list's percentage",
                    Percent::from_micros(percent.unwrap_or_default()),
                )?,
            }),
        };
        let decimals = decimals
            .map(|decimals| {
                u8::try_from(decimals)
                    .map_err(|_| StoreError::corrupt(format!("{decimals} decimals of a list")))
            })
            .transpose()?;
        Ok(PriceList {
            id: stored("a list's id", PriceListId::new(id))?,
            code: stored("a list's code", code.parse())?,
            description: stored_option("a list's description", description, |text| text.parse())?,
            currency: stored("a list's currency", currency.parse())?,
            list_type: stored("a list's type", list_type.parse())?,
            source: stored("a list's source", source.parse())?,
            vat_inc,
            derivation,
            rounding: stored_option("a list's rounding", rounding, Money::from_micros)?,
            ending: stored_option("a list's ending", ending, Money::from_micros)?,
            decimals,
            validity: period(valid_from, valid_to)?,
        })
    }
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = prices)]
pub(crate) struct PriceRowRow {
    list_id: i32,
    product_id: i32,
    quantity: i32,
    valid_from: i32,
    valid_to: Option<i32>,
    amount: Option<i64>,
}

impl PriceRowRow {
    pub(crate) fn into_domain(self) -> Result<PriceRow, StoreError> {
        let Self { list_id, product_id, quantity, valid_from, valid_to, amount } = self;
        Ok(PriceRow {
            list: stored("a price's list", PriceListId::new(list_id))?,
            product: stored("a price's product", ProductId::new(product_id))?,
            quantity: stored("a price's quantity", BreakQuantity::new(quantity))?,
            price: match amount {
                None => Price::OnApplication,
                Some(micros) => {
                    stored("a price", Money::from_micros(micros).and_then(Price::amount))?
                }
            },
            validity: key_period(valid_from, valid_to)?,
        })
    }
}
