//! Asks the engine what a vector asks, and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use tradebook_model::{BulkRule, Date, Price, PriceListId};
use tradebook_pricing::{
    Buyer, ItemRow, ListHandle, ListOrigin, ListSelection, PriceBook, PriceSource, QuoteRequest,
    explain, quote,
};

use crate::book::date;
use crate::format::{AskedAgreement, AskedQuote, Case, Ladder, LadderRow, ListCustomers, Lists};

/// What is wrong with the engine's answers; nothing if all is well.
pub(crate) fn check(case: &Case) -> Vec<String> {
    let mut failures = Vec::new();
    let book = match (PriceBook::compile(case.book.data()), &case.refused) {
        (Ok(book), None) => book,
        (Err(error), Some(text)) if error.to_string().contains(text) => return failures,
        (Err(error), Some(text)) => return vec![format!("refused with {error:?}, not {text:?}")],
        (Err(error), None) => return vec![format!("refused: {error}")],
        (Ok(_), Some(text)) => return vec![format!("not refused, expected {text:?}")],
    };
    let asked = Asked { book: &book, as_of: date(&case.as_of), failures: &mut failures };
    asked.all(case);
    failures
}

struct Asked<'a> {
    book: &'a PriceBook,
    as_of: Date,
    failures: &'a mut Vec<String>,
}

impl Asked<'_> {
    fn all(mut self, case: &Case) {
        case.ladders.iter().for_each(|ladder| self.ladder(ladder));
        case.quotes.iter().for_each(|asked| self.quote(asked));
        case.lists.iter().for_each(|lists| self.lists(lists));
        case.list_customers.iter().for_each(|asked| self.list_customers(asked));
        case.agreements.iter().for_each(|asked| self.agreement(asked));
    }

    fn same<T: PartialEq + Debug>(&mut self, what: &str, found: T, expected: T) {
        if found != expected {
            self.failures
                .push(format!("{what}:\n    found    {found:?}\n    expected {expected:?}"));
        }
    }

    fn buyer(&self, customer: &Option<String>, list: &Option<String>) -> (Buyer, ListOrigin) {
        match (customer, list) {
            (Some(reference), None) => {
                let customer = self.book.find_customer_by_reference(reference).unwrap();
                (Buyer::Customer(customer), ListOrigin::Customer(customer))
            }
            (None, Some(code)) => {
                let list = self.book.find_list_by_code(code).unwrap();
                (Buyer::List(list), ListOrigin::Stored(list))
            }
            _ => panic!("a question names a customer or a list"),
        }
    }

    fn ladder(&mut self, ladder: &Ladder) {
        let (buyer, origin) = self.buyer(&ladder.customer, &ladder.list);
        let product = self.book.find_product_by_code(&ladder.product).unwrap();
        let mut rows = Vec::new();
        self.book.list_rows(&ListHandle::new(origin, self.as_of), product, &mut rows);
        let found: Vec<LadderRow> = rows.iter().map(|row| self.ladder_row(row)).collect();
        let what = format!("ladder of {}", ladder.product);
        self.same(&what, found.as_slice(), ladder.rows.as_slice());
        for quantity in around(&rows) {
            let request = QuoteRequest { buyer, product, quantity };
            let found = quote(&request, self.book, self.as_of).row;
            let reached =
                rows.iter().rev().find(|row| i64::from(row.quantity.get()) <= quantity.into());
            self.same(&format!("quote of {quantity} {}", ladder.product), found.as_ref(), reached);
        }
    }

    fn ladder_row(&self, row: &ItemRow) -> LadderRow {
        LadderRow {
            q: row.quantity.get(),
            p: row.price.to_string(),
            w: row.was.map(|was| was.to_string()),
            c: row.custom,
            poa: row.on_application,
            source: match row.source {
                PriceSource::Agreed => "agreed".to_owned(),
                PriceSource::MarkUp => "markup".to_owned(),
                PriceSource::OwnList(list) => format!("own:{}", self.list_name(list.unwrap())),
                PriceSource::StandardList(list) => {
                    format!("standard:{}", self.list_name(list.unwrap()))
                }
            },
            promotion: row.promotion.map(|list| self.list_name(list)),
        }
    }

    fn list_name(&self, id: PriceListId) -> String {
        match self.book.find_list_by_id(id) {
            Some(list) => self.book.list(list).unwrap().code.to_string(),
            None => {
                let owner = self
                    .book
                    .customers()
                    .map(|customer| self.book.customer(customer).unwrap())
                    .find(|customer| customer.own_list == Some(id));
                format!("CPA:{}", owner.unwrap().reference)
            }
        }
    }

    fn quote(&mut self, asked: &AskedQuote) {
        let (buyer, _) = self.buyer(&asked.customer, &asked.list);
        let product = self.book.find_product_by_code(&asked.product).unwrap();
        let request = QuoteRequest { buyer, product, quantity: asked.quantity };
        let found = quote(&request, self.book, self.as_of);
        let (explained, trace) = explain(&request, self.book, self.as_of);
        let shown = |price: Option<Price>| {
            price.map(|price| match price {
                Price::Amount(amount) => amount.to_string(),
                Price::OnApplication => "POA".to_owned(),
            })
        };
        let what = format!("quote of {} {}", asked.quantity, asked.product);
        self.same(&what, shown(found.price()), asked.price.clone());
        if asked.list_price.is_some() {
            self.same(&what, shown(found.list_price()), asked.list_price.clone());
        }
        self.same(&format!("{what}, explained"), explained, found);
        self.same(&format!("{what}, has a trace"), trace.to_string().is_empty(), false);
    }

    fn lists(&mut self, asked: &Lists) {
        let find = |reference: &String| self.book.find_customer_by_reference(reference).unwrap();
        let selection = ListSelection {
            list_type: asked.list_type.parse().unwrap(),
            currency: asked.currency.as_ref().map(|code| code.parse().unwrap()),
            exclude_customer_lists: asked.exclude_customer_lists,
            customers: asked
                .customers
                .as_ref()
                .map(|named| named.iter().map(find).collect::<BTreeSet<_>>()),
        };
        let lists = self.book.price_lists(&selection, self.as_of);
        let headers: Vec<_> =
            lists.iter().map(|list| self.book.list_header(list).unwrap()).collect();
        let found: Vec<String> = headers.iter().map(|list| self.list_name(list.id)).collect();
        self.same("lists", &found, &asked.expect);
        for (header, name) in headers.iter().zip(&found) {
            self.same("type", header.list_type, asked.list_type.as_str());
            self.same("source", header.source == "CPA", name.starts_with("CPA:"));
        }
    }

    fn list_customers(&mut self, asked: &ListCustomers) {
        let origin = match asked.list.strip_prefix("CPA:") {
            Some(reference) => {
                ListOrigin::Customer(self.book.find_customer_by_reference(reference).unwrap())
            }
            None => ListOrigin::Stored(self.book.find_list_by_code(&asked.list).unwrap()),
        };
        let found: Vec<String> = self
            .book
            .list_customers(&ListHandle::new(origin, self.as_of))
            .into_iter()
            .map(|customer| self.book.customer(customer).unwrap().reference.to_string())
            .collect();
        self.same(&format!("customers of {}", asked.list), &found, &asked.expect);
    }

    fn agreement(&mut self, asked: &AskedAgreement) {
        let customer = self.book.find_customer_by_reference(&asked.customer).unwrap();
        let found = self.book.agreement(customer, self.as_of).unwrap();
        let name = |list: Option<PriceListId>| list.map(|list| self.list_name(list));
        let (list, standard) = (name(found.price_list), name(found.standard_list));
        self.same("price list", list, asked.price_list.clone());
        self.same("standard list", standard, asked.standard_list.clone());
        if let Some(name) = &asked.name {
            self.same("name", found.price_list_name, Some(name.as_str()));
        }
        if let Some(discount) = &asked.normal_discount {
            let found = found.normal_discount.map(|percent| percent.to_string());
            self.same("discount", found.as_ref(), Some(discount));
        }
        if let Some(markup) = &asked.markup_on_cost {
            let found = found.markup_on_cost.map(|percent| percent.to_string());
            self.same("mark-up", found.as_ref(), Some(markup));
        }
        let bulk = match found.bulk {
            BulkRule::ByQuantity => None,
            BulkRule::Always => Some("always"),
            BulkRule::Never => Some("never"),
        };
        self.same("bulk", bulk, asked.bulk.as_deref());
        if let Some(prices) = &asked.prices {
            let found: Vec<(String, String)> = found
                .agreed_prices()
                .map(|agreed| (agreed.product.code.to_string(), agreed.price.to_string()))
                .collect();
            let sorted: BTreeMap<_, _> = found.iter().cloned().collect();
            self.same("agreed prices", &sorted, prices);
            self.same("their order", found, sorted.into_iter().collect());
        }
    }
}

/// Quantities at, before and after each row's, and some others.
fn around(rows: &[ItemRow]) -> BTreeSet<i32> {
    rows.iter()
        .map(|row| i32::try_from(row.quantity.get()).unwrap())
        .flat_map(|at| [at.saturating_sub(1).max(1), at, at.saturating_add(1)])
        .chain([1, 7, i32::MAX])
        .collect()
}
