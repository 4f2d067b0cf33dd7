//! Price lists and their rows.

use diesel::prelude::*;
use time::Date;
use tradebook_model::{
    BreakQuantity, Derivation, Money, Percent, Price, PriceList, PriceListId, PriceRow, ProductId,
};

use super::{Record, Session, first_day_number, numbered, shown};
use crate::StoreError;
use crate::import::rows::{PriceListRow, PriceRowRow};
use crate::rows::{key_period, period, stored, stored_option};
use crate::schema::{price_lists, prices};

/// What finds a row of a price list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PriceKey {
    /// The list.
    pub list: PriceListId,
    /// The product.
    pub product: ProductId,
    /// The quantity from which it applies.
    pub quantity: BreakQuantity,
    /// The first day on which it holds.
    pub valid_from: Option<Date>,
}

numbered! {
    PriceList: PriceListRow of price_lists by id: PriceListId, to_price_list_row, from_price_list_row;
}

fn to_price_list_row(organization: i32, record: &PriceList, touched: i64) -> PriceListRow {
    let PriceList {
        id,
        code,
        description,
        currency,
        list_type,
        source,
        vat_inc,
        derivation,
        rounding,
        ending,
        decimals,
        validity,
    } = record;
    PriceListRow {
        organization_id: organization,
        id: id.get(),
        code: code.to_string(),
        description: shown(description),
        currency: currency.to_string(),
        list_type: list_type.to_string(),
        source: source.to_string(),
        vat_inc: *vat_inc,
        base_id: derivation.map(|derivation| derivation.base.get()),
        percent: derivation.map(|derivation| derivation.percent.micros()),
        rounding: rounding.map(Money::micros),
        ending: ending.map(Money::micros),
        decimals: decimals.map(i16::from),
        valid_from: validity.from().map(Date::to_julian_day),
        valid_to: validity.to().map(Date::to_julian_day),
        touched,
    }
}

pub(crate) fn from_price_list_row(row: PriceListRow) -> Result<(PriceList, i64), StoreError> {
    let PriceListRow {
        organization_id: _,
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
        touched,
    } = row;
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
    let list = PriceList {
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
    };
    Ok((list, touched))
}

impl Record for PriceRow {
    type Key = PriceKey;

    fn key(&self) -> PriceKey {
        PriceKey {
            list: self.list,
            product: self.product,
            quantity: self.quantity,
            valid_from: self.validity.from(),
        }
    }

    /// Loads all rows of the keys' products in the keys' lists.
    fn load(session: &mut Session<'_>, keys: &[PriceKey]) -> Result<Vec<(Self, i64)>, StoreError> {
        let mut lists: Vec<_> = keys.iter().map(|key| key.list.get()).collect();
        lists.sort_unstable();
        lists.dedup();
        let mut product_ids: Vec<_> = keys.iter().map(|key| key.product.get()).collect();
        product_ids.sort_unstable();
        product_ids.dedup();
        let rows: Vec<PriceRowRow> = prices::table
            .select(PriceRowRow::ALL)
            .filter(prices::organization_id.eq(session.organization.get()))
            .filter(prices::list_id.eq_any(lists))
            .filter(prices::product_id.eq_any(product_ids))
            .load(session.connection)?;
        rows.into_iter().map(from_price_row_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(row, touched)| {
                let Self { list, product, quantity, price, validity } = row;
                PriceRowRow {
                    organization_id: session.organization.get(),
                    list_id: list.get(),
                    product_id: product.get(),
                    quantity: i32::try_from(quantity.get()).unwrap_or(i32::MAX),
                    valid_from: first_day_number(validity.from()),
                    valid_to: validity.to().map(Date::to_julian_day),
                    amount: match price {
                        Price::Amount(amount) => Some(amount.micros()),
                        Price::OnApplication => None,
                    },
                    touched: *touched,
                }
            })
            .collect();
        Ok(PriceRowRow::put(session, &rows)?)
    }
}

pub(crate) fn from_price_row_row(row: PriceRowRow) -> Result<(PriceRow, i64), StoreError> {
    let PriceRowRow {
        organization_id: _,
        list_id,
        product_id,
        quantity,
        valid_from,
        valid_to,
        amount,
        touched,
    } = row;
    let record = PriceRow {
        list: stored("a price's list", PriceListId::new(list_id))?,
        product: stored("a price's product", ProductId::new(product_id))?,
        quantity: stored("a price's quantity", BreakQuantity::new(quantity))?,
        price: match amount {
            None => Price::OnApplication,
            Some(micros) => stored("a price", Money::from_micros(micros).and_then(Price::amount))?,
        },
        validity: key_period(valid_from, valid_to)?,
    };
    Ok((record, touched))
}
