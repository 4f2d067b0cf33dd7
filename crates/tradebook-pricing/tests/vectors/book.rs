//! From a vector's book to the engine's data.

use time::macros::format_description;
use tradebook_model::{
    AgreedPrice, BookCustomer, BookData, BookProduct, BreakQuantity, BulkRule, CustomerId, Date,
    Derivation, ListSource, ListType, Percent, Price, PriceList, PriceListId, PriceRow, ProductId,
    ProductStatus, Settings, Terms, TimeZone, Validity,
};

use crate::format::{Book, Customer, List};

/// The id of what is not in the book.
const UNKNOWN: i32 = 999;

pub(crate) fn date(text: &str) -> Date {
    Date::parse(text, format_description!("[year]-[month]-[day]")).unwrap()
}

fn validity(from: &Option<String>, to: &Option<String>) -> Validity {
    Validity::new(from.as_deref().map(date), to.as_deref().map(date)).unwrap()
}

fn id_of<'a>(mut codes: impl Iterator<Item = &'a String>, code: &str) -> i32 {
    codes.position(|known| known == code).map_or(UNKNOWN, |at| i32::try_from(at).unwrap() + 1)
}

impl Book {
    fn product(&self, code: &str) -> ProductId {
        ProductId::new(id_of(self.products.iter().map(|p| &p.code), code)).unwrap()
    }

    fn list(&self, code: &str) -> PriceListId {
        PriceListId::new(id_of(self.lists.iter().map(|l| &l.code), code)).unwrap()
    }

    pub(crate) fn data(&self) -> BookData {
        let mut settings = Settings::new(self.currency.parse().unwrap(), TimeZone::UTC);
        settings.agreed_bulk_protection = self.agreed_bulk_protection;
        BookData {
            settings,
            products: (1..)
                .zip(&self.products)
                .map(|(id, product)| BookProduct {
                    id: ProductId::new(id).unwrap(),
                    code: product.code.parse().unwrap(),
                    status: ProductStatus::from_number(product.status.unwrap_or(1)).unwrap(),
                    cost: product.cost.as_ref().map(|cost| cost.parse().unwrap()),
                })
                .collect(),
            lists: (1..).zip(&self.lists).map(|(id, list)| self.price_list(id, list)).collect(),
            rows: (1..).zip(&self.lists).flat_map(|(id, list)| self.price_rows(id, list)).collect(),
            customers: (1..)
                .zip(&self.customers)
                .map(|(id, c)| self.book_customer(id, c))
                .collect(),
            agreed_prices: (1..)
                .zip(&self.customers)
                .flat_map(|(id, customer)| {
                    customer.agreed.iter().map(move |agreed| AgreedPrice {
                        customer: CustomerId::new(id).unwrap(),
                        product: self.product(&agreed.product),
                        price: agreed.price.parse().unwrap(),
                        validity: validity(&agreed.valid_from, &agreed.valid_to),
                    })
                })
                .collect(),
        }
    }

    fn price_list(&self, id: i32, list: &List) -> PriceList {
        PriceList {
            id: PriceListId::new(id).unwrap(),
            code: list.code.parse().unwrap(),
            description: Some(format!("{} list", list.code).parse().unwrap()),
            currency: list.currency.as_ref().unwrap_or(&self.currency).parse().unwrap(),
            list_type: list.list_type.as_ref().map_or(ListType::Normal, |t| t.parse().unwrap()),
            source: list.source.as_ref().map_or(ListSource::Standard, |s| s.parse().unwrap()),
            vat_inc: false,
            derivation: list.base.as_ref().map(|base| Derivation {
                base: self.list(base),
                percent: list.percent.as_ref().map_or(Percent::ZERO, |p| p.parse().unwrap()),
            }),
            rounding: list.rounding.as_ref().map(|money| money.parse().unwrap()),
            ending: list.ending.as_ref().map(|money| money.parse().unwrap()),
            decimals: list.decimals,
            validity: validity(&list.valid_from, &list.valid_to),
        }
        .checked()
        .unwrap()
    }

    fn price_rows(&self, id: i32, list: &List) -> Vec<PriceRow> {
        list.rows
            .iter()
            .map(|row| PriceRow {
                list: PriceListId::new(id).unwrap(),
                product: self.product(&row.product),
                quantity: BreakQuantity::new(row.quantity).unwrap(),
                price: match &row.price {
                    Some(price) if !row.poa => Price::amount(price.parse().unwrap()).unwrap(),
                    None if row.poa => Price::OnApplication,
                    _ => panic!("a row has either a price or `poa`"),
                },
                validity: validity(&row.valid_from, &row.valid_to),
            })
            .collect()
    }

    fn book_customer(&self, id: i32, customer: &Customer) -> BookCustomer {
        let terms = Terms {
            standard_list: customer.standard.as_ref().map(|list| self.list(list)),
            group_list: customer.group.as_ref().map(|list| self.list(list)),
            normal_discount: customer.discount.as_ref().map(|percent| percent.parse().unwrap()),
            markup_on_cost: customer.markup.as_ref().map(|percent| percent.parse().unwrap()),
            bulk: match customer.bulk.as_deref() {
                None => BulkRule::ByQuantity,
                Some("always") => BulkRule::Always,
                Some("never") => BulkRule::Never,
                Some(other) => panic!("unknown bulk rule {other}"),
            },
            promotions: customer.promotions,
        }
        .checked()
        .unwrap();
        let has_own_list = terms.is_bespoke() || !customer.agreed.is_empty();
        BookCustomer {
            id: CustomerId::new(id).unwrap(),
            reference: customer.reference.parse().unwrap(),
            name: format!("Customer {}", customer.reference).parse().unwrap(),
            currency: customer.currency.as_ref().unwrap_or(&self.currency).parse().unwrap(),
            terms,
            own_list: has_own_list.then(|| PriceListId::new(1000 + id).unwrap()),
        }
    }
}
