//! `currencies.csv` and `products.csv`.

use tradebook_model::{
    Barcodes, Currency, CurrencyCode, Money, Percent, Product, ProductId, ProductStatus,
    SignedQuantity,
};
use tradebook_store::import::Coded;
use tradebook_wire::csv::{CurrencyRow, ProductRow};

use crate::transfer::apply::{Kind, RowContext};

pub(in crate::transfer) struct Currencies;

impl Kind for Currencies {
    type Row = CurrencyRow;
    type Record = Currency;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["code"];

    fn key(row: &CurrencyRow, _at: &mut RowContext<'_>) -> Option<CurrencyCode> {
        Some(row.code)
    }

    fn merge(
        _key: &CurrencyCode,
        row: CurrencyRow,
        stored: Option<&Currency>,
        at: &mut RowContext<'_>,
    ) -> Option<Currency> {
        let CurrencyRow { code, name, exchange_rate, prefix_symbol, suffix_symbol } = row;
        let stored = stored.cloned().unwrap_or(Currency {
            code,
            name: None,
            exchange_rate: None,
            prefix_symbol: None,
            suffix_symbol: None,
        });
        let exchange_rate = exchange_rate.over(stored.exchange_rate);
        if exchange_rate.is_some_and(|rate| rate <= rust_decimal::Decimal::ZERO) {
            at.fault("exchange_rate", "must be greater than 0");
            return None;
        }
        Some(Currency {
            code,
            name: name.over(stored.name),
            exchange_rate,
            prefix_symbol: prefix_symbol.over(stored.prefix_symbol),
            suffix_symbol: suffix_symbol.over(stored.suffix_symbol),
        })
    }
}

pub(in crate::transfer) struct Products;

impl Kind for Products {
    type Row = ProductRow;
    type Record = Product;

    const CODED: Option<Coded> = Some(Coded::Products);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["code"];

    fn key(row: &ProductRow, at: &mut RowContext<'_>) -> Option<ProductId> {
        at.own_id(Coded::Products, row.code.as_str(), ProductId::new)
    }

    fn merge(
        key: &ProductId,
        row: ProductRow,
        stored: Option<&Product>,
        at: &mut RowContext<'_>,
    ) -> Option<Product> {
        let ProductRow {
            code,
            id: _,
            description,
            status,
            barcode,
            inner_barcode,
            outer_barcode,
            epos_barcode,
            cost,
            vat_rate,
            available,
            next_available,
            product_type,
            alternative_code,
        } = row;
        let stored = stored.cloned().unwrap_or_else(|| Product {
            id: *key,
            code: code.clone(),
            description: None,
            status: ProductStatus::default(),
            barcodes: Barcodes::default(),
            cost: None,
            vat_rate: None,
            available: 0,
            next_available: None,
            product_type: None,
            alternative_code: None,
        });
        let cost = cost.over(stored.cost);
        if cost.is_some_and(|cost| cost < Money::ZERO) {
            at.fault("cost", "must be 0 or more");
            return None;
        }
        let vat_rate = vat_rate.over(stored.vat_rate);
        if vat_rate.is_some_and(|rate| rate < Percent::ZERO) {
            at.fault("vat_rate", "must be 0 or more");
            return None;
        }
        let available = available
            .over_or(SignedQuantity::new(stored.available), SignedQuantity::default())
            .get();
        Some(Product {
            id: *key,
            code,
            description: description.over(stored.description),
            status: status.over_or(stored.status, ProductStatus::default()),
            barcodes: Barcodes {
                item: barcode.over(stored.barcodes.item),
                inner: inner_barcode.over(stored.barcodes.inner),
                outer: outer_barcode.over(stored.barcodes.outer),
                epos: epos_barcode.over(stored.barcodes.epos),
            },
            cost,
            vat_rate,
            available,
            next_available: next_available.over(stored.next_available),
            product_type: product_type.over(stored.product_type),
            alternative_code: alternative_code.over(stored.alternative_code),
        })
    }

    fn id(record: &Product) -> Option<i32> {
        Some(record.id.get())
    }
}
