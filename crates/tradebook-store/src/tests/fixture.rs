//! Small data to test with.

use diesel::prelude::*;
use tradebook_model::{
    BreakQuantity, BulkRule, Customer, CustomerId, CustomerProfile, Date, ListSource, ListType,
    Money, Organization, OrganizationId, Percent, Price, PriceList, PriceListId, PriceRow,
    ProductId, Revision, Settings, Terms, TimeZone, Validity,
};

use crate::connection::AnyConnection;
use crate::ledger::Ledger;
use crate::own_list::allocate_own_lists;
use crate::rows::{OPEN_BEGINNING, day_number};
use crate::schema::{
    agreed_prices, customer_part_numbers, customers, ledger_documents, ledger_lines, price_lists,
    prices, products,
};
use crate::sequence::{Sequence, skip_past};
use crate::transaction::Outcome;
use crate::{Store, StoreError};

pub(super) fn organization(store: &Store, name: &str) -> Organization {
    let settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
    store.create_organization(&name.parse().unwrap(), &settings).unwrap()
}

/// A write that is committed.
pub(super) fn write<T>(
    store: &Store,
    organization: OrganizationId,
    mut work: impl FnMut(&mut AnyConnection, Revision) -> T,
) -> T {
    store
        .write_transaction(organization, |c, revision| Ok(Outcome::Commit(work(c, revision))))
        .unwrap()
}

pub(super) fn customer(id: i32, reference: &str) -> Customer {
    Customer {
        id: CustomerId::new(id).unwrap(),
        reference: reference.parse().unwrap(),
        name: format!("Customer {reference}").parse().unwrap(),
        currency: "EUR".parse().unwrap(),
        terms: Terms::default(),
        profile: CustomerProfile::default(),
    }
}

pub(super) fn put_customer(
    c: &mut AnyConnection,
    organization: OrganizationId,
    customer: &Customer,
) {
    let Customer { id, reference, name, currency, terms, profile } = customer;
    diesel::insert_into(customers::table)
        .values((
            customers::organization_id.eq(organization.get()),
            customers::id.eq(id.get()),
            customers::reference.eq(reference.as_str()),
            customers::name.eq(name.as_str()),
            customers::currency.eq(currency.as_str()),
            customers::bulk.eq(0),
            customers::promotions.eq(true),
            customers::is_sub_customer.eq(profile.is_sub_customer),
            customers::parent_id.eq(profile.parent.map(CustomerId::get)),
            customers::bill_with_parent.eq(false),
            customers::is_same_address.eq(true),
            customers::is_active.eq(true),
            customers::on_hold.eq(false),
            customers::date_created.eq(0),
            customers::last_updated.eq(0),
        ))
        .execute(c)
        .unwrap();
    set_terms(c, organization, *id, *terms);
    skip_past(c, organization, Sequence::Customer, id.get().into()).unwrap();
}

pub(super) fn set_terms(
    c: &mut AnyConnection,
    organization: OrganizationId,
    customer: CustomerId,
    terms: Terms,
) {
    let Terms { standard_list, group_list, normal_discount, markup_on_cost, bulk, promotions } =
        terms;
    let bulk: i16 = match bulk {
        BulkRule::ByQuantity => 0,
        BulkRule::Always => 1,
        BulkRule::Never => 2,
    };
    let changed = diesel::update(customers::table.find((organization.get(), customer.get())))
        .set((
            customers::standard_list_id.eq(standard_list.map(PriceListId::get)),
            customers::group_list_id.eq(group_list.map(PriceListId::get)),
            customers::normal_discount.eq(normal_discount.map(Percent::micros)),
            customers::markup_on_cost.eq(markup_on_cost.map(Percent::micros)),
            customers::bulk.eq(bulk),
            customers::promotions.eq(promotions),
        ))
        .execute(c)
        .unwrap();
    assert_eq!(changed, 1);
}

pub(super) fn put_product(
    c: &mut AnyConnection,
    organization: OrganizationId,
    id: i32,
    code: &str,
) {
    diesel::insert_into(products::table)
        .values((
            products::organization_id.eq(organization.get()),
            products::id.eq(id),
            products::code.eq(code),
            products::description.eq(format!("Product {code}")),
            products::status.eq(1),
            products::cost.eq(1_500_000),
            products::available.eq(5),
        ))
        .execute(c)
        .unwrap();
    skip_past(c, organization, Sequence::Product, id.into()).unwrap();
}

pub(super) fn price_list(id: i32, code: &str) -> PriceList {
    PriceList {
        id: PriceListId::new(id).unwrap(),
        code: code.parse().unwrap(),
        description: None,
        currency: "EUR".parse().unwrap(),
        list_type: ListType::Normal,
        source: ListSource::Standard,
        vat_inc: false,
        derivation: None,
        rounding: None,
        ending: None,
        decimals: None,
        validity: Validity::ALWAYS,
    }
}

pub(super) fn put_price_list(
    c: &mut AnyConnection,
    organization: OrganizationId,
    list: &PriceList,
) {
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
    diesel::insert_into(price_lists::table)
        .values((
            price_lists::organization_id.eq(organization.get()),
            price_lists::id.eq(id.get()),
            price_lists::code.eq(code.as_str()),
            price_lists::description.eq(description.as_ref().map(ToString::to_string)),
            price_lists::currency.eq(currency.as_str()),
            price_lists::list_type.eq(list_type.word()),
            price_lists::source.eq(source.word()),
            price_lists::vat_inc.eq(vat_inc),
            price_lists::base_id.eq(derivation.map(|derivation| derivation.base.get())),
            price_lists::percent.eq(derivation.map(|derivation| derivation.percent.micros())),
            price_lists::rounding.eq(rounding.map(Money::micros)),
            price_lists::ending.eq(ending.map(Money::micros)),
            price_lists::decimals.eq(decimals.map(i16::from)),
            price_lists::valid_from.eq(validity.from().map(day_number)),
            price_lists::valid_to.eq(validity.to().map(day_number)),
        ))
        .execute(c)
        .unwrap();
    skip_past(c, organization, Sequence::PriceList, list.id.get().into()).unwrap();
}

pub(super) fn price_row(list: i32, product: i32, quantity: i32, price: &str) -> PriceRow {
    PriceRow {
        list: PriceListId::new(list).unwrap(),
        product: ProductId::new(product).unwrap(),
        quantity: BreakQuantity::new(quantity).unwrap(),
        price: Price::Amount(price.parse().unwrap()),
        validity: Validity::ALWAYS,
    }
}

pub(super) fn put_price(c: &mut AnyConnection, organization: OrganizationId, row: &PriceRow) {
    diesel::insert_into(prices::table)
        .values((
            prices::organization_id.eq(organization.get()),
            prices::list_id.eq(row.list.get()),
            prices::product_id.eq(row.product.get()),
            prices::quantity.eq(i32::try_from(row.quantity.get()).unwrap()),
            prices::valid_from.eq(row.validity.from().map_or(OPEN_BEGINNING, day_number)),
            prices::valid_to.eq(row.validity.to().map(day_number)),
            prices::amount.eq(match row.price {
                Price::Amount(money) => Some(money.micros()),
                Price::OnApplication => None,
            }),
        ))
        .execute(c)
        .unwrap();
}

pub(super) fn put_agreed_price(
    c: &mut AnyConnection,
    organization: OrganizationId,
    customer: i32,
    product: i32,
    price: Money,
) {
    diesel::insert_into(agreed_prices::table)
        .values((
            agreed_prices::organization_id.eq(organization.get()),
            agreed_prices::customer_id.eq(customer),
            agreed_prices::product_id.eq(product),
            agreed_prices::valid_from.eq(0),
            agreed_prices::price.eq(price.micros()),
        ))
        .execute(c)
        .unwrap();
}

pub(super) fn put_part_number(
    c: &mut AnyConnection,
    organization: OrganizationId,
    customer: i32,
    product: i32,
    number: &str,
) {
    diesel::insert_into(customer_part_numbers::table)
        .values((
            customer_part_numbers::organization_id.eq(organization.get()),
            customer_part_numbers::customer_id.eq(customer),
            customer_part_numbers::product_id.eq(product),
            customer_part_numbers::part_number.eq(number),
        ))
        .execute(c)
        .unwrap();
}

/// A document with lines of one product and quantity each.
pub(super) struct Document<'a> {
    pub(super) ledger: Ledger,
    pub(super) id: i64,
    pub(super) kind: i16,
    pub(super) status: i16,
    pub(super) customer: i32,
    pub(super) date: Date,
    pub(super) lines: &'a [(i32, i32)],
}

pub(super) fn put_document(
    c: &mut AnyConnection,
    organization: OrganizationId,
    document: &Document<'_>,
) {
    let Document { ledger, id, kind, status, customer, date, lines } = document;
    diesel::insert_into(ledger_documents::table)
        .values((
            ledger_documents::organization_id.eq(organization.get()),
            ledger_documents::ledger.eq(ledger.number()),
            ledger_documents::id.eq(id),
            ledger_documents::number.eq(format!("D{id}")),
            ledger_documents::kind.eq(kind),
            ledger_documents::status.eq(status),
            ledger_documents::customer_id.eq(customer),
            ledger_documents::date.eq(day_number(*date)),
        ))
        .execute(c)
        .unwrap();
    for (line, (product, quantity)) in (1..).zip(lines.iter()) {
        diesel::insert_into(ledger_lines::table)
            .values((
                ledger_lines::organization_id.eq(organization.get()),
                ledger_lines::ledger.eq(ledger.number()),
                ledger_lines::document_id.eq(id),
                ledger_lines::line.eq(line),
                ledger_lines::kind.eq(kind),
                ledger_lines::status.eq(status),
                ledger_lines::customer_id.eq(customer),
                ledger_lines::date.eq(day_number(*date)),
                ledger_lines::product_id.eq(product),
                ledger_lines::quantity.eq(quantity),
            ))
            .execute(c)
            .unwrap();
    }
    skip_past(c, organization, Sequence::Document, *id).unwrap();
}

/// Two products, a list with three prices, two customers of whom the second has an agreed price, one invoice for each.
pub(super) fn fill(store: &Store, organization: OrganizationId, prefix: &str) {
    write(store, organization, |c, _| {
        put_product(c, organization, 1, &format!("{prefix}-P1"));
        put_product(c, organization, 2, &format!("{prefix}-P2"));
        put_price_list(c, organization, &price_list(1, &format!("{prefix}-LIST")));
        put_price(c, organization, &price_row(1, 1, 1, "3.10"));
        put_price(c, organization, &price_row(1, 1, 10, "2.90"));
        put_price(c, organization, &price_row(1, 2, 1, "7"));
        for id in [1, 2] {
            put_customer(c, organization, &customer(id, &format!("{prefix}-C{id}")));
            put_document(
                c,
                organization,
                &Document {
                    ledger: Ledger::Invoices,
                    id: id.into(),
                    kind: 1,
                    status: 0,
                    customer: id,
                    date: time::macros::date!(2024 - 05 - 02),
                    lines: &[(1, id * 10), (2, 1)],
                },
            );
        }
        put_agreed_price(c, organization, 2, 1, "2.50".parse().unwrap());
        put_part_number(c, organization, 2, 1, &format!("{prefix}-N1"));
        allocate_own_lists(c, organization).unwrap();
    });
}

pub(super) fn is_busy(error: &StoreError) -> bool {
    matches!(error, StoreError::Busy)
}
