use time::macros::date;
use tradebook_model::{
    BreakQuantity, BulkRule, CustomerId, Derivation, HistoryBasis, ListSource, ListType, Price,
    PriceList, PriceListId, PriceRow, Revision, Terms, Validity,
};

use super::database::Database;
use super::fixture::{
    customer, fill, organization, price_list, price_row, put_agreed_price, put_customer, put_price,
    put_price_list, put_product, set_terms, write,
};
use super::on_each_database;
use crate::own_list::allocate_own_lists;
use crate::{CustomerSelector, StoreError};

on_each_database! {
    a_book_is_read_as_it_was_written,
    customers_are_read_as_their_book_has_them,
    lists_and_rows_keep_every_field,
    organizations_see_nothing_of_each_other,
    own_lists_follow_the_terms,
}

fn a_book_is_read_as_it_was_written(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme");
    fill(&store, acme.id, "A");
    let (revision, book) = database.open().read_book(acme.id).unwrap();
    assert_eq!(revision, Revision(2));
    assert_eq!(book.settings, acme.settings);
    let codes: Vec<_> = book.products.iter().map(|product| product.code.as_str()).collect();
    assert_eq!(codes, ["A-P1", "A-P2"]);
    assert_eq!(book.products[0].cost, Some("1.5".parse().unwrap()));
    assert_eq!(book.lists, [price_list(1, "A-LIST")]);
    assert_eq!(
        book.rows,
        [price_row(1, 1, 1, "3.1"), price_row(1, 1, 10, "2.9"), price_row(1, 2, 1, "7")]
    );
    let lists: Vec<_> =
        book.customers.iter().map(|customer| customer.own_list.map(PriceListId::get)).collect();
    assert_eq!(lists, [None, Some(2)], "the list after the last one");
    assert_eq!(book.agreed_prices.len(), 1);
    assert_eq!(book.agreed_prices[0].validity, Validity::ALWAYS);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());

    let error = store.read_book("99".parse().unwrap()).unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
}

fn customers_are_read_as_their_book_has_them(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let other = organization(&store, "Other").id;
    fill(&store, acme, "A");
    fill(&store, other, "B");
    let (revision, book) = store.read_book(acme).unwrap();
    let ids: Vec<CustomerId> = book.customers.iter().map(|customer| customer.id).collect();
    let nobody = CustomerId::new(99).unwrap();
    let asked: Vec<CustomerId> = ids.iter().copied().chain([nobody]).collect();
    let (same, found) = store.read_book_customers(acme, &asked).unwrap();
    assert_eq!(same, revision);
    let (customers, agreed): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    assert_eq!(customers, book.customers);
    assert_eq!(agreed.concat(), book.agreed_prices);
    assert_eq!(store.read_book_customers(acme, &[nobody]).unwrap(), (revision, vec![]));
    let error = store.read_book_customers("99".parse().unwrap(), &ids).unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}");
}

fn lists_and_rows_keep_every_field(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let (first, last) = (date!(2024 - 05 - 01), date!(2024 - 05 - 31));
    let list = PriceList {
        id: PriceListId::new(2).unwrap(),
        code: "Ünïcode".parse().unwrap(),
        description: Some("A list".parse().unwrap()),
        currency: "KWD".parse().unwrap(),
        list_type: ListType::Promo,
        source: ListSource::Standard,
        vat_inc: true,
        derivation: Some(Derivation {
            base: PriceListId::new(1).unwrap(),
            percent: "-12.345678".parse().unwrap(),
        }),
        rounding: Some("0.05".parse().unwrap()),
        ending: Some("-0.01".parse().unwrap()),
        decimals: Some(6),
        validity: Validity::new(Some(first), Some(last)).unwrap(),
    };
    let rows = [
        PriceRow {
            price: Price::Amount("999999999.999999".parse().unwrap()),
            ..price_row(2, 1, 1, "0")
        },
        PriceRow {
            quantity: BreakQuantity::new(i32::MAX).unwrap(),
            price: Price::OnApplication,
            validity: Validity::new(None, Some(last)).unwrap(),
            ..price_row(2, 1, 1, "0")
        },
        PriceRow {
            validity: Validity::new(Some(date!(0001 - 01 - 01)), Some(date!(9999 - 12 - 31)))
                .unwrap(),
            ..price_row(2, 2, 1, "0")
        },
        PriceRow {
            validity: Validity::new(Some(date!(0000 - 01 - 01)), None).unwrap(),
            ..price_row(2, 3, 1, "0.000001")
        },
    ];
    write(&store, acme, |c, _| {
        for id in [1, 2, 3] {
            put_product(c, acme, id, &format!("P{id}"));
        }
        // A base may follow the list that needs it: the reference counts at the end of the transaction.
        put_price_list(c, acme, &list);
        put_price_list(c, acme, &price_list(1, "BASE"));
        for row in &rows {
            put_price(c, acme, row);
        }
    });
    let (_, book) = store.read_book(acme).unwrap();
    assert_eq!(book.lists.iter().find(|read| read.id == list.id), Some(&list));
    for row in rows {
        assert!(book.rows.contains(&row), "{row:?}");
    }
}

fn organizations_see_nothing_of_each_other(database: &Database) {
    let store = database.migrated();
    let (one, other) = (organization(&store, "One").id, organization(&store, "Other").id);
    fill(&store, one, "A");
    let empty = store.read_book(other).unwrap().1;
    assert!(empty.products.is_empty() && empty.lists.is_empty() && empty.rows.is_empty());
    assert!(empty.customers.is_empty() && empty.agreed_prices.is_empty());
    let selector = CustomerSelector::Reference("A-C1".parse().unwrap());
    assert_eq!(store.find_customer(other, &selector).unwrap(), None);

    // The same ids, other records.
    fill(&store, other, "B");
    let (_, book) = store.read_book(one).unwrap();
    assert!(book.products.iter().all(|product| product.code.as_str().starts_with('A')));
    assert!(book.customers.iter().all(|customer| customer.reference.as_str().starts_with('A')));
    let customer = CustomerSelector::Id(CustomerId::new(2).unwrap());
    let (from, to) = (date!(2024 - 01 - 01), date!(2024 - 12 - 31));
    for (organization, prefix) in [(one, "A"), (other, "B")] {
        let facts = store
            .buying_facts(organization, &customer, HistoryBasis::Invoices, from, to)
            .unwrap()
            .unwrap();
        assert_eq!(facts.lines.len(), 2);
        assert!(facts.products.iter().all(|product| product.code.as_str().starts_with(prefix)));
        assert_eq!(facts.part_numbers[0].1.as_str(), format!("{prefix}-N1"));
    }
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

fn own_lists_follow_the_terms(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let percent = |text: &str| Some(text.parse().unwrap());
    let cases = [
        Terms::default(),
        Terms { normal_discount: percent("0"), ..Terms::default() },
        Terms { markup_on_cost: percent("0"), ..Terms::default() },
        Terms { bulk: BulkRule::Always, ..Terms::default() },
        Terms { bulk: BulkRule::Never, ..Terms::default() },
        Terms { promotions: false, ..Terms::default() },
        Terms { standard_list: Some(PriceListId::new(7).unwrap()), ..Terms::default() },
        Terms { group_list: Some(PriceListId::new(7).unwrap()), ..Terms::default() },
        Terms::default(),
    ];
    write(&store, acme, |c, _| {
        put_product(c, acme, 1, "P1");
        put_price_list(c, acme, &price_list(7, "LIST"));
        for (id, terms) in (1..).zip(cases) {
            let mut customer = customer(id, &format!("C{id}"));
            customer.terms = terms;
            put_customer(c, acme, &customer);
        }
        put_agreed_price(c, acme, 9, 1, "1".parse().unwrap());
        assert_eq!(allocate_own_lists(c, acme).unwrap(), 6);
        assert_eq!(allocate_own_lists(c, acme).unwrap(), 0);
    });
    let own_lists = || -> Vec<_> {
        let (_, book) = store.read_book(acme).unwrap();
        let mut customers = book.customers;
        customers.sort_by_key(|customer| customer.id);
        customers.iter().map(|customer| customer.own_list.map(PriceListId::get)).collect()
    };
    let expected: Vec<_> =
        [None, Some(8), Some(9), Some(10), Some(11), Some(12), None, None, Some(13)].into();
    assert_eq!(own_lists(), expected, "in the order of ids, after the last list");
    for (terms, list) in cases.iter().zip(&expected).take(8) {
        assert_eq!(terms.is_bespoke(), list.is_some(), "{terms:?}");
    }

    // An id once given stays; new customers get later ones.
    write(&store, acme, |c, _| {
        set_terms(c, acme, CustomerId::new(2).unwrap(), Terms::default());
        let late = Terms { promotions: false, ..Terms::default() };
        set_terms(c, acme, CustomerId::new(1).unwrap(), late);
        allocate_own_lists(c, acme).unwrap();
    });
    assert_eq!(own_lists()[..2], [Some(14), Some(8)]);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}
