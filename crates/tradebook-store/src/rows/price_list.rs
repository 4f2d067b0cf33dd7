//! Price lists and their rows.

use diesel::prelude::*;
use tradebook_model::{
    BreakQuantity, Derivation, Money, OrganizationId, Percent, Price, PriceList, PriceListId,
    PriceRow, ProductId,
};

use super::{day_number, key_day, key_period, period, stored, stored_option};
use crate::StoreError;
use crate::schema::{price_lists, prices};

/// A price list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = price_lists, primary_key(organization_id, id))]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct PriceListRow {
    pub(crate) organization_id: i32,
    pub(crate) id: i32,
    pub(crate) code: String,
    pub(crate) description: Option<String>,
    pub(crate) currency: String,
    pub(crate) list_type: String,
    pub(crate) source: String,
    pub(crate) vat_inc: bool,
    pub(crate) base_id: Option<i32>,
    pub(crate) percent: Option<i64>,
    pub(crate) rounding: Option<i64>,
    pub(crate) ending: Option<i64>,
    pub(crate) decimals: Option<i16>,
    pub(crate) valid_from: Option<i32>,
    pub(crate) valid_to: Option<i32>,
    pub(crate) touched: i64,
}

impl PriceListRow {
    pub(crate) fn new(organization: OrganizationId, list: &PriceList, touched: i64) -> Self {
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
        } = list;
        Self {
            organization_id: organization.get(),
            id: id.get(),
            code: code.to_string(),
            description: description.as_ref().map(ToString::to_string),
            currency: currency.to_string(),
            list_type: list_type.to_string(),
            source: source.to_string(),
            vat_inc: *vat_inc,
            base_id: derivation.map(|derivation| derivation.base.get()),
            percent: derivation.map(|derivation| derivation.percent.micros()),
            rounding: rounding.map(Money::micros),
            ending: ending.map(Money::micros),
            decimals: decimals.map(i16::from),
            valid_from: validity.from().map(day_number),
            valid_to: validity.to().map(day_number),
            touched,
        }
    }

    pub(crate) fn into_domain(self) -> Result<PriceList, StoreError> {
        let Self {
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
            touched: _,
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
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = prices, treat_none_as_default_value = false)]
pub(crate) struct PriceRowRow {
    pub(crate) organization_id: i32,
    pub(crate) list_id: i32,
    pub(crate) product_id: i32,
    pub(crate) quantity: i32,
    pub(crate) valid_from: i32,
    pub(crate) valid_to: Option<i32>,
    pub(crate) amount: Option<i64>,
    pub(crate) touched: i64,
}

impl PriceRowRow {
    pub(crate) fn new(
        organization: OrganizationId,
        row: &PriceRow,
        touched: i64,
    ) -> Result<Self, StoreError> {
        let PriceRow { list, product, quantity, price, validity } = row;
        Ok(Self {
            organization_id: organization.get(),
            list_id: list.get(),
            product_id: product.get(),
            quantity: i32::try_from(quantity.get()).map_err(|_| StoreError::Unsupported {
                message: format!("{quantity} is too large a break"),
            })?,
            valid_from: key_day(*validity),
            valid_to: validity.to().map(day_number),
            amount: match price {
                Price::Amount(money) => Some(money.micros()),
                Price::OnApplication => None,
            },
            touched,
        })
    }

    pub(crate) fn into_domain(self) -> Result<PriceRow, StoreError> {
        let Self {
            organization_id: _,
            list_id,
            product_id,
            quantity,
            valid_from,
            valid_to,
            amount,
            touched: _,
        } = self;
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
