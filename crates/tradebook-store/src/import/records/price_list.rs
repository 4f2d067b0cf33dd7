//! Price lists and their rows.

use diesel::prelude::*;
use time::Date;
use tradebook_model::{
    BreakQuantity, Derivation, Money, Percent, Price, PriceList, PriceListId, PriceRow, ProductId,
    Validity,
};

use super::{Record, Session, days, first_day, first_day_number, shown, stored, text};
use crate::StoreError;
use crate::import::rows::{PriceListRow, PriceRowRow};
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

impl Record for PriceList {
    type Key = PriceListId;

    fn key(&self) -> PriceListId {
        self.id
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[PriceListId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        let rows: Vec<PriceListRow> = price_lists::table
            .select(PriceListRow::ALL)
            .filter(price_lists::organization_id.eq(session.organization.get()))
            .filter(price_lists::id.eq_any(ids))
            .load(session.connection)?;
        rows.into_iter().map(from_price_list_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(list, touched)| {
                let Self {
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
                } = list;
                PriceListRow {
                    organization_id: session.organization.get(),
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
                    touched: *touched,
                }
            })
            .collect();
        Ok(PriceListRow::put(session.connection, &rows)?)
    }
}

pub(crate) fn from_price_list_row(row: PriceListRow) -> Result<(PriceList, i64), StoreError> {
    let derivation = match row.base_id {
        Some(base) => Some(Derivation {
            base: stored(PriceListId::new(base))?,
            percent: stored(Percent::from_micros(row.percent.unwrap_or_default()))?,
        }),
        None => None,
    };
    let list = PriceList {
        id: stored(PriceListId::new(row.id))?,
        code: stored(row.code.parse())?,
        description: text(row.description)?,
        currency: stored(row.currency.parse())?,
        list_type: stored(row.list_type.parse())?,
        source: stored(row.source.parse())?,
        vat_inc: row.vat_inc,
        derivation,
        rounding: stored(row.rounding.map(Money::from_micros).transpose())?,
        ending: stored(row.ending.map(Money::from_micros).transpose())?,
        decimals: row.decimals.map(|decimals| u8::try_from(decimals).unwrap_or(6)),
        validity: stored(Validity::new(days(row.valid_from)?, days(row.valid_to)?))?,
    };
    Ok((list, row.touched))
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
        Ok(PriceRowRow::put(session.connection, &rows)?)
    }
}

pub(crate) fn from_price_row_row(row: PriceRowRow) -> Result<(PriceRow, i64), StoreError> {
    let price = match row.amount {
        Some(micros) => stored(Money::from_micros(micros).and_then(Price::amount))?,
        None => Price::OnApplication,
    };
    let record = PriceRow {
        list: stored(PriceListId::new(row.list_id))?,
        product: stored(ProductId::new(row.product_id))?,
        quantity: stored(BreakQuantity::new(row.quantity))?,
        price,
        validity: stored(Validity::new(first_day(row.valid_from)?, days(row.valid_to)?))?,
    };
    Ok((record, row.touched))
}
