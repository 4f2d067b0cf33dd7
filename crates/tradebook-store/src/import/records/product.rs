//! Currencies and products.

use diesel::prelude::*;
use tradebook_model::{
    Barcodes, Currency, CurrencyCode, Money, Percent, Product, ProductId, ProductStatus,
};

use super::{Record, Session, decimal, numbered, shown, stored, text};
use crate::StoreError;
use crate::import::rows::{CurrencyRow, ProductRow};
use crate::rows::optional_day;
use crate::schema::{currencies, products};

impl Record for Currency {
    type Key = CurrencyCode;

    fn key(&self) -> CurrencyCode {
        self.code
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[CurrencyCode],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let codes: Vec<_> = keys.iter().map(ToString::to_string).collect();
        let rows: Vec<CurrencyRow> = currencies::table
            .select(CurrencyRow::ALL)
            .filter(currencies::organization_id.eq(session.organization.get()))
            .filter(currencies::code.eq_any(codes))
            .load(session.connection)?;
        rows.into_iter().map(from_currency_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(currency, touched)| {
                let Self { code, name, exchange_rate, prefix_symbol, suffix_symbol } = currency;
                CurrencyRow {
                    organization_id: session.organization.get(),
                    code: code.to_string(),
                    name: shown(name),
                    exchange_rate: exchange_rate.map(|rate| rate.normalize().to_string()),
                    prefix_symbol: shown(prefix_symbol),
                    suffix_symbol: shown(suffix_symbol),
                    touched: *touched,
                }
            })
            .collect();
        Ok(CurrencyRow::put(session, &rows)?)
    }
}

pub(crate) fn from_currency_row(row: CurrencyRow) -> Result<(Currency, i64), StoreError> {
    let currency = Currency {
        code: stored(row.code.parse())?,
        name: text(row.name)?,
        exchange_rate: decimal(row.exchange_rate)?,
        prefix_symbol: text(row.prefix_symbol)?,
        suffix_symbol: text(row.suffix_symbol)?,
    };
    Ok((currency, row.touched))
}

numbered! {
    Product: ProductRow of products by id: ProductId, to_product_row, from_product_row;
}

fn to_product_row(organization: i32, record: &Product, touched: i64) -> ProductRow {
    let Product {
        id,
        code,
        description,
        status,
        barcodes: Barcodes { item, inner, outer, epos },
        cost,
        vat_rate,
        available,
        next_available,
        product_type,
        alternative_code,
    } = record;
    ProductRow {
        organization_id: organization,
        id: id.get(),
        code: code.to_string(),
        description: shown(description),
        status: status.number(),
        barcode: shown(item),
        inner_barcode: shown(inner),
        outer_barcode: shown(outer),
        epos_barcode: shown(epos),
        cost: cost.map(Money::micros),
        vat_rate: vat_rate.map(Percent::micros),
        available: *available,
        next_available: next_available.map(time::Date::to_julian_day),
        product_type: shown(product_type),
        alternative_code: shown(alternative_code),
        touched,
    }
}

pub(crate) fn from_product_row(row: ProductRow) -> Result<(Product, i64), StoreError> {
    let product = Product {
        id: stored(ProductId::new(row.id))?,
        code: stored(row.code.parse())?,
        description: text(row.description)?,
        status: stored(ProductStatus::from_number(row.status))?,
        barcodes: Barcodes {
            item: text(row.barcode)?,
            inner: text(row.inner_barcode)?,
            outer: text(row.outer_barcode)?,
            epos: text(row.epos_barcode)?,
        },
        cost: stored(row.cost.map(Money::from_micros).transpose())?,
        vat_rate: stored(row.vat_rate.map(Percent::from_micros).transpose())?,
        available: row.available,
        next_available: optional_day(row.next_available)?,
        product_type: text(row.product_type)?,
        alternative_code: text(row.alternative_code)?,
    };
    Ok((product, row.touched))
}
