//! `price_lists.csv` and `prices.csv`.

use tradebook_model::{
    BreakQuantity, Derivation, ListSource, ListType, Money, Percent, Price, PriceList, PriceListId,
    PriceRow as Record, ProductCode, ProductId, Validity,
};
use tradebook_store::import::{Coded, PriceKey};
use tradebook_wire::csv::{Column, PriceListRow, PriceRow};

use super::validity;
use crate::transfer::apply::{Kind, RowContext};
use crate::transfer::report::PriceOwner;

pub(in crate::transfer) struct PriceLists;

impl Kind for PriceLists {
    type Row = PriceListRow;
    type Record = PriceList;

    const CODED: Option<Coded> = Some(Coded::PriceLists);
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["code"];

    fn key(row: &PriceListRow, at: &mut RowContext<'_>) -> Option<PriceListId> {
        at.own_id(Coded::PriceLists, row.code.as_str(), PriceListId::new)
    }

    fn merge(
        key: &PriceListId,
        row: PriceListRow,
        stored: Option<&PriceList>,
        at: &mut RowContext<'_>,
    ) -> Option<PriceList> {
        let PriceListRow {
            code,
            id: _,
            description,
            currency,
            list_type,
            source,
            vat_inc,
            base,
            percent,
            rounding,
            ending,
            decimals,
            valid_from,
            valid_to,
        } = row;
        let stored = stored.cloned().unwrap_or_else(|| PriceList {
            id: *key,
            code: code.clone(),
            description: None,
            currency,
            list_type: ListType::Normal,
            source: ListSource::Standard,
            vat_inc: false,
            derivation: None,
            rounding: None,
            ending: None,
            decimals: None,
            validity: Validity::ALWAYS,
        });
        let base = match base {
            Column::Absent => stored.derivation.map(|derivation| derivation.base),
            Column::Empty => None,
            Column::Given(base) if base == code => {
                at.fault("base", "a price list cannot be its own base");
                return None;
            }
            Column::Given(base) => {
                let lists = Coded::PriceLists;
                Some(at.refer_to_own_kind(lists, "base", base.as_str(), PriceListId::new)?)
            }
        };
        if base.is_none() && matches!(percent, Column::Given(percent) if percent != Percent::ZERO) {
            at.fault("percent", "needs a base");
            return None;
        }
        let percent = percent.over_or(
            stored.derivation.map(|derivation| derivation.percent).unwrap_or_default(),
            Percent::ZERO,
        );
        let derivation = base.map(|base| Derivation { base, percent });
        if percent.micros() <= -100_000_000 {
            at.fault("percent", "must be greater than -100");
            return None;
        }
        let list_type = list_type.over_or(stored.list_type, ListType::Normal);
        let source = source.over_or(stored.source, ListSource::Standard);
        if source == ListSource::Group && list_type != ListType::Normal {
            at.fault("source", "a list of source CPG must be of type NORMAL");
            return None;
        }
        let rounding = rounding.over(stored.rounding);
        if rounding.is_some_and(|rounding| rounding <= Money::ZERO) {
            at.fault("rounding", "must be greater than 0");
            return None;
        }
        let decimals = decimals.over(stored.decimals);
        if decimals.is_some_and(|decimals| decimals > 6) {
            at.fault("decimals", "must be between 0 and 6");
            return None;
        }
        let validity = validity(
            valid_from.over(stored.validity.from()),
            valid_to.over(stored.validity.to()),
            at,
        )?;
        let list = PriceList {
            id: *key,
            code,
            description: description.over(stored.description),
            currency,
            list_type,
            source,
            vat_inc: vat_inc.over_or(stored.vat_inc, false),
            derivation,
            rounding,
            ending: ending.over(stored.ending),
            decimals,
            validity,
        };
        at.check("code", list.checked())
    }

    fn id(record: &PriceList) -> Option<i32> {
        Some(record.id.get())
    }
}

pub(in crate::transfer) struct Prices;

impl Kind for Prices {
    type Row = PriceRow;
    type Record = Record;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] = &[Coded::PriceLists, Coded::Products];
    const KEY: &'static [&'static str] = &["price_list", "product", "quantity", "valid_from"];

    fn key(row: &PriceRow, at: &mut RowContext<'_>) -> Option<PriceKey> {
        let lists = Coded::PriceLists;
        let list = at.refer(lists, "price_list", row.price_list.as_str(), PriceListId::new);
        let product = at.refer(Coded::Products, "product", row.product.as_str(), ProductId::new);
        Some(PriceKey {
            list: list?,
            product: product?,
            quantity: row.quantity.unwrap_or(BreakQuantity::ONE),
            valid_from: row.valid_from,
        })
    }

    fn merge(
        key: &PriceKey,
        row: PriceRow,
        stored: Option<&Record>,
        at: &mut RowContext<'_>,
    ) -> Option<Record> {
        let PriceRow {
            price_list: _,
            product: _,
            quantity: _,
            price,
            poa,
            valid_from: _,
            valid_to,
        } = row;
        let stored_price = stored.map(|stored| stored.price);
        let was_on_application = stored_price == Some(Price::OnApplication);
        let on_application = poa.over_or(
            // A price that is given replaces one on application where the file does not speak of it.
            was_on_application && !matches!(price, Column::Given(_)),
            false,
        );
        let price = if on_application {
            Price::OnApplication
        } else {
            match (price, stored_price) {
                (Column::Given(amount), _) => at.check("price", Price::amount(amount))?,
                (Column::Absent, Some(Price::Amount(amount))) => Price::Amount(amount),
                (Column::Absent | Column::Empty, _) => {
                    at.fault("price", "must not be empty unless poa is true");
                    return None;
                }
            }
        };
        let valid_to = valid_to.over(stored.and_then(|stored| stored.validity.to()));
        let validity = validity(key.valid_from, valid_to, at)?;
        Some(Record {
            list: key.list,
            product: key.product,
            quantity: key.quantity,
            price,
            validity,
        })
    }

    fn priced(row: &PriceRow) -> Option<(PriceOwner, ProductCode)> {
        let quantity = row.quantity.unwrap_or(BreakQuantity::ONE);
        Some((PriceOwner::List(row.price_list.clone(), quantity), row.product.clone()))
    }

    fn price(record: &Record) -> Option<(Price, Option<time::Date>)> {
        Some((record.price, record.validity.from()))
    }
}
