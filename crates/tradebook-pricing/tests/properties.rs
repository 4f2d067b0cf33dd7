//! What holds for every book: order does not matter, parts agree with the whole, no price above the public one without a
//! reason.

#![expect(clippy::unwrap_used, reason = "a test stops where its own data is wrong")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::RngSeed;
use time::macros::date;
use tradebook_model::{
    AgreedPrice, BookCustomer, BookData, BookProduct, BreakQuantity, BulkRule, CustomerId, Date,
    Derivation, ListSource, ListType, Money, Percent, Price, PriceList, PriceListId, PriceRow,
    ProductId, ProductStatus, Settings, Terms, TimeZone, Validity,
};
use tradebook_pricing::{
    AgreedPriceChange, BookChanges, Buyer, CustomerChange, ItemRow, ListBasis, ListHandle,
    ListOrigin, ListSelection, PriceBook, PriceRowChange, PriceSource, ProductChange, ProductIndex,
    Quote, QuoteRequest, Step, explain, quote,
};

const DAYS: [Date; 3] = [date!(2024 - 06 - 14), date!(2024 - 06 - 15), date!(2024 - 06 - 16)];
const PRODUCTS: i32 = 4;
const QUANTITIES: [i32; 5] = [1, 2, 5, 10, 50];
/// Standard, derived from it, group, group derived, promotion, a second promotion, retail.
const LISTS: i32 = 7;

fn product_id(id: i32) -> ProductId {
    ProductId::new(id).unwrap()
}

fn list_id(id: i32) -> PriceListId {
    PriceListId::new(id).unwrap()
}

fn money(cents: i64) -> Money {
    Money::from_micros(cents * 10_000).unwrap()
}

/// Always, or one of the two halves that meet between the second day and the third.
fn validity(half: u8) -> Validity {
    match half {
        0 => Validity::ALWAYS,
        1 => Validity::new(None, Some(DAYS[1])).unwrap(),
        _ => Validity::new(Some(DAYS[2]), None).unwrap(),
    }
}

fn price() -> impl Strategy<Value = Price> {
    prop_oneof![
        8 => (1_i64..2000).prop_map(|cents| Price::Amount(money(cents))),
        1 => Just(Price::OnApplication),
        1 => Just(Price::Amount(Money::ZERO)),
    ]
}

/// Rows with distinct keys: at each key nothing, one row of some period, or one row in each half.
fn rows() -> impl Strategy<Value = Vec<PriceRow>> {
    let keys: Vec<(i32, i32, i32)> = (1..=LISTS)
        .flat_map(|list| (1..=PRODUCTS).map(move |product| (list, product)))
        .flat_map(|(list, product)| QUANTITIES.map(|quantity| (list, product, quantity)))
        .collect();
    let count = keys.len();
    subsequence(keys, 10..count / 2).prop_flat_map(|keys| {
        let filled = vec((price(), price(), 0_u8..4), keys.len());
        (Just(keys), filled).prop_map(|(keys, filled)| {
            keys.into_iter()
                .zip(filled)
                .flat_map(|((list, product, quantity), (first, second, half))| {
                    let row = |price, half| PriceRow {
                        list: list_id(list),
                        product: product_id(product),
                        quantity: BreakQuantity::new(quantity).unwrap(),
                        price,
                        validity: validity(half),
                    };
                    match half {
                        3 => vec![row(first, 1), row(second, 2)],
                        half => vec![row(first, half)],
                    }
                })
                .collect()
        })
    })
}

fn lists() -> Vec<PriceList> {
    let list = |id, list_type, source, base: Option<(i32, i64)>| PriceList {
        id: list_id(id),
        code: format!("L{id}").parse().unwrap(),
        description: None,
        currency: "EUR".parse().unwrap(),
        list_type,
        source,
        vat_inc: false,
        derivation: base.map(|(base, percent)| Derivation {
            base: list_id(base),
            percent: Percent::from_micros(percent * 10_000).unwrap(),
        }),
        rounding: (id == 2).then(|| money(5)),
        ending: (id == 4).then(|| money(-1)),
        decimals: None,
        validity: Validity::ALWAYS,
    };
    use {
        ListSource::{Group, Standard},
        ListType::{Normal, Promo, Rrp},
    };
    vec![
        list(1, Normal, Standard, None),
        list(2, Normal, Standard, Some((1, -1033))),
        list(3, Normal, Group, None),
        list(4, Normal, Group, Some((2, 250))),
        list(5, Promo, Standard, None),
        list(6, Promo, Standard, None),
        list(7, Rrp, Standard, None),
    ]
}

fn terms() -> impl Strategy<Value = Terms> {
    let percent = |range| {
        proptest::option::weighted(0.4, range)
            .prop_map(|percent| percent.map(|n: i64| Percent::from_micros(n * 125_000).unwrap()))
    };
    let bulk = prop_oneof![
        2 => Just(BulkRule::ByQuantity),
        1 => Just(BulkRule::Always),
        1 => Just(BulkRule::Never)
    ];
    (
        prop_oneof![Just(None), Just(Some(1)), Just(Some(2))],
        prop_oneof![Just(None), Just(Some(3)), Just(Some(4))],
        percent(0_i64..800),
        percent(-100_i64..800),
        bulk,
        any::<bool>(),
    )
        .prop_map(|(standard, group, normal_discount, markup_on_cost, bulk, promotions)| {
            Terms {
                standard_list: standard.map(list_id),
                group_list: group.map(list_id),
                normal_discount,
                markup_on_cost,
                bulk,
                promotions,
            }
        })
}

fn customers() -> impl Strategy<Value = Vec<BookCustomer>> {
    vec(terms(), 1..4).prop_map(|terms| {
        (1..)
            .zip(terms)
            .map(|(id, terms)| BookCustomer {
                id: CustomerId::new(id).unwrap(),
                reference: format!("C{id}").parse().unwrap(),
                name: format!("Customer {id}").parse().unwrap(),
                currency: "EUR".parse().unwrap(),
                terms,
                own_list: Some(list_id(100 + id)),
            })
            .collect()
    })
}

fn agreed_prices(customers: usize) -> impl Strategy<Value = Vec<AgreedPrice>> {
    let keys: Vec<(i32, i32)> = (1..=i32::try_from(customers).unwrap())
        .flat_map(|customer| (1..=PRODUCTS).map(move |product| (customer, product)))
        .collect();
    let count = keys.len();
    subsequence(keys, 0..count).prop_flat_map(|keys| {
        let filled = vec((1_i64..2000, 0_u8..3), keys.len());
        (Just(keys), filled).prop_map(|(keys, filled)| {
            keys.into_iter()
                .zip(filled)
                .map(|((customer, product), (cents, half))| AgreedPrice {
                    customer: CustomerId::new(customer).unwrap(),
                    product: product_id(product),
                    price: money(cents),
                    validity: validity(half),
                })
                .collect()
        })
    })
}

fn products() -> impl Strategy<Value = Vec<BookProduct>> {
    let facts = (0_i16..12, proptest::option::of(0_i64..1500));
    vec(facts, 4).prop_map(|facts| {
        (1..=PRODUCTS)
            .zip(facts)
            .map(|(id, (status, cost))| BookProduct {
                id: product_id(id),
                code: format!("P{}", PRODUCTS - id).parse().unwrap(),
                status: ProductStatus::from_number(status.clamp(1, 3)).unwrap(),
                cost: cost.map(money),
            })
            .map(|mut product| {
                // Most products are for sale.
                if product.status == ProductStatus::NotForSale && product.id.get() != 1 {
                    product.status = ProductStatus::Active;
                }
                product
            })
            .collect()
    })
}

fn book_data() -> impl Strategy<Value = BookData> {
    (products(), rows(), customers(), any::<bool>()).prop_flat_map(
        |(products, rows, customers, agreed_bulk_protection)| {
            agreed_prices(customers.len()).prop_map(move |agreed_prices| {
                let mut settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
                settings.agreed_bulk_protection = agreed_bulk_protection;
                BookData {
                    settings,
                    products: products.clone(),
                    lists: lists(),
                    rows: rows.clone(),
                    customers: customers.clone(),
                    agreed_prices,
                }
            })
        },
    )
}

/// Everyone who can ask: all customers and all stored lists.
fn buyers(book: &PriceBook) -> Vec<(Buyer, ListOrigin)> {
    let lists = (1..=LISTS).map(|id| book.find_list_by_id(list_id(id)).unwrap());
    book.customers()
        .map(|customer| (Buyer::Customer(customer), ListOrigin::Customer(customer)))
        .chain(lists.map(|list| (Buyer::List(list), ListOrigin::Stored(list))))
        .collect()
}

fn ladder(book: &PriceBook, origin: ListOrigin, product: ProductIndex, day: Date) -> Vec<ItemRow> {
    let mut rows = Vec::new();
    book.list_rows(&ListHandle::new(origin, day), product, &mut rows);
    rows
}

/// Calls `check` for everyone, every product and every day.
fn for_all(
    book: &PriceBook,
    mut check: impl FnMut(Buyer, ListOrigin, ProductIndex, Date) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    for (buyer, origin) in buyers(book) {
        for product in book.products() {
            for day in DAYS {
                check(buyer, origin, product, day)?;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        // The same cases in every run.
        rng_seed: RngSeed::Fixed(20_240_615),
        failure_persistence: None,
        ..ProptestConfig::with_cases(192)
    })]

    #[test]
    fn input_order_does_not_matter(data in book_data(), seed in any::<u64>()) {
        let mut shuffled = data.clone();
        shuffle(&mut shuffled.products, seed);
        shuffle(&mut shuffled.lists, seed);
        shuffle(&mut shuffled.rows, seed);
        shuffle(&mut shuffled.customers, seed);
        shuffle(&mut shuffled.agreed_prices, seed);
        prop_assert_eq!(PriceBook::compile(data), PriceBook::compile(shuffled));
    }

    #[test]
    fn a_quote_is_the_row_that_the_quantity_reaches(data in book_data()) {
        let book = PriceBook::compile(data).unwrap();
        for_all(&book, |buyer, origin, product, day| {
            let rows = ladder(&book, origin, product, day);
            prop_assert!(rows.is_sorted_by(|a, b| a.quantity < b.quantity), "{:?}", rows);
            for quantity in [-60, -5, 0, 1, 2, 3, 4, 5, 9, 10, 11, 49, 50, 51, i32::MAX, i32::MIN] {
                let request = QuoteRequest { buyer, product, quantity };
                let size = quantity.unsigned_abs().max(1);
                let reached = rows.iter().rev().find(|row| row.quantity.get() <= size).copied();
                let expected = Quote { row: reached };
                prop_assert_eq!(quote(&request, &book, day), expected);
                let (explained, trace) = explain(&request, &book, day);
                prop_assert_eq!(explained, expected);
                let ends_there = matches!(trace.steps().last(), Some(Step::Reached { .. }));
                prop_assert!(ends_there);
            }
            Ok(())
        })?;
    }

    #[test]
    fn rows_are_sound(data in book_data()) {
        let book = PriceBook::compile(data).unwrap();
        for_all(&book, |_, origin, product, day| {
            for row in ladder(&book, origin, product, day) {
                prop_assert!(row.price >= Money::ZERO);
                prop_assert!(row.was.is_none_or(|was| row.price < was), "{:?}", row);
                prop_assert_eq!(row.was.is_some(), row.promotion.is_some());
                prop_assert!(!row.on_application || (row.price == Money::ZERO && row.was.is_none()));
                if matches!(row.source, PriceSource::Agreed | PriceSource::MarkUp) {
                    prop_assert!(row.custom);
                }
                if matches!(row.source, PriceSource::StandardList(_)) {
                    prop_assert!(!row.custom);
                }
            }
            Ok(())
        })?;
    }

    /// Above the public price only by a contract, an own list, a mark-up, the flag that denies breaks, or by being denied
    /// promotions; and the trace says so.
    #[test]
    fn never_above_the_public_price_without_a_reason(data in book_data()) {
        let book = PriceBook::compile(data).unwrap();
        for customer in book.customers() {
            let standard = book.customer(customer).unwrap().terms.standard_list;
            let Some(standard) = standard.and_then(|id| book.find_list_by_id(id)) else { continue };
            for product in book.products() {
                for day in DAYS {
                    for quantity in QUANTITIES {
                        let ask = |buyer| explain(&QuoteRequest { buyer, product, quantity }, &book, day);
                        let (public, _) = ask(Buyer::List(standard));
                        let (own, trace) = ask(Buyer::Customer(customer));
                        let (Some(Price::Amount(public)), Some(Price::Amount(own))) =
                            (public.price(), own.price())
                        else { continue };
                        if own <= public {
                            continue;
                        }
                        let reason = trace.steps().iter().any(|step| match step {
                            Step::Taken { source, .. } => !matches!(source, PriceSource::StandardList(_)),
                            Step::Bulk { rule, .. } => *rule == BulkRule::Never,
                            Step::PromotionsDenied => true,
                            _ => false,
                        });
                        prop_assert!(reason, "{own} above {public}:\n{trace}");
                    }
                }
            }
        }
    }

    /// Where the entered prices only fall with quantity, a customer of the standard list never pays more for more.
    #[test]
    fn a_deeper_break_never_raises_a_price_that_may_fall(data in book_data(), discount in 0_i64..100) {
        let mut data = data;
        data.rows.retain(|row| row.price != Price::OnApplication);
        data.rows.sort_by_key(|row| (row.list, row.product, row.quantity, row.validity.from()));
        for at in 1..data.rows.len() {
            let (before, row) = (data.rows[at - 1], data.rows[at]);
            let continues = (before.list, before.product) == (row.list, row.product);
            if let (true, Price::Amount(before), Price::Amount(price)) = (continues, before.price, row.price) {
                data.rows[at].price = Price::Amount(price.min(before));
            }
        }
        for customer in &mut data.customers {
            customer.terms.standard_list = Some(list_id(1 + customer.id.get() % 2));
            customer.terms.group_list = None;
            customer.terms.markup_on_cost = None;
            customer.terms.normal_discount = Some(Percent::from_micros(discount * 1_000_000).unwrap());
        }
        // A derived row between two own ones need not fall.
        data.rows.retain(|row| row.list != list_id(2));
        data.settings.agreed_bulk_protection = true;
        let book = PriceBook::compile(data).unwrap();
        for customer in book.customers() {
            for product in book.products() {
                for day in DAYS {
                    let rows = ladder(&book, ListOrigin::Customer(customer), product, day);
                    prop_assert!(rows.is_sorted_by(|a, b| a.price >= b.price), "{:?}", rows);
                }
            }
        }
    }

    #[test]
    fn an_incremental_book_equals_a_rebuilt_one(before in book_data(), after in book_data()) {
        // From one book to another that has the same customers, by changes only.
        let mut after = after;
        after.settings = before.settings.clone();
        after.customers = before
            .customers
            .iter()
            .zip(after.customers.iter().cycle())
            .map(|(customer, other)| BookCustomer { terms: other.terms, ..customer.clone() })
            .collect();
        after.agreed_prices.retain(|agreed| after.customers.iter().any(|c| c.id == agreed.customer));
        let old = PriceBook::compile(before.clone()).unwrap();
        let changed = old.with_changes(changes(&before, &after)).unwrap();
        prop_assert_eq!(&changed, &PriceBook::compile(after.clone()).unwrap());
        let back = changed.with_changes(changes(&after, &before)).unwrap();
        prop_assert_eq!(&back, &old);
        prop_assert_eq!(old.with_changes(BookChanges::default()).unwrap(), old);
    }

    /// The same with customers who come, go and change as a whole.
    #[test]
    fn customers_come_and_go_without_a_rebuild(before in book_data(), after in book_data(), gone in 1_i32..4) {
        let mut after = BookData {
            customers: after.customers.clone(),
            agreed_prices: after.agreed_prices.clone(),
            ..before.clone()
        };
        let gone = CustomerId::new(gone).unwrap();
        after.customers.retain(|customer| customer.id != gone);
        after.agreed_prices.retain(|agreed| agreed.customer != gone);
        // References and own lists go round, so that each is another customer's now.
        let keys: Vec<_> =
            after.customers.iter().map(|c| (c.reference.clone(), c.own_list)).collect();
        for (customer, (reference, own_list)) in
            after.customers.iter_mut().zip(keys.into_iter().cycle().skip(1))
        {
            customer.reference = reference;
            customer.own_list = own_list;
        }
        let old = PriceBook::compile(before.clone()).unwrap();
        let rebuilt = PriceBook::compile(after.clone()).unwrap();
        let changed = old.with_changes(customer_changes(&before, &after)).unwrap();
        prop_assert_eq!(&changed, &rebuilt);
        prop_assert_eq!(&changed.with_changes(customer_changes(&after, &before)).unwrap(), &old);
        for book in [&changed, &rebuilt] {
            prop_assert_eq!(book.customer_count(), after.customers.len());
            for id in 1..5 {
                let customer = after.customers.iter().find(|customer| customer.id.get() == id);
                let found = book.find_customer_by_id(CustomerId::new(id).unwrap());
                prop_assert_eq!(found.is_some(), customer.is_some());
                let reference = format!("C{id}");
                let owner = after.customers.iter().find(|c| c.reference.as_str() == reference);
                let found = book.find_customer_by_reference(&reference);
                prop_assert_eq!(found.map(|at| book.customer(at).unwrap().id), owner.map(|c| c.id));
            }
        }
        if changed.shares_all_items(&old) {
            prop_assert!(changed.stored_lists().all(|list| changed.shares_items(list, 0, &old)));
        }
        // A list that is the same for all that is known of it has the same rows.
        for list in changed.stored_lists().filter(|list| changed.shares_items(*list, 0, &old)) {
            for product in changed.products() {
                let origin = ListOrigin::Stored(list);
                prop_assert_eq!(ladder(&changed, origin, product, DAYS[0]), ladder(&old, origin, product, DAYS[0]));
            }
        }
    }

    /// Customers' lists share what they are based on, but for their agreed prices.
    #[test]
    fn a_list_is_its_basis_and_its_own_products(data in book_data()) {
        let book = PriceBook::compile(data).unwrap();
        for_all(&book, |_, origin, product, day| {
            let list = ListHandle::new(origin, day);
            let (basis, own) = book.basis(&list).unwrap();
            prop_assert!(own.is_sorted());
            if own.contains(&product) {
                return Ok(());
            }
            let shared = match basis {
                ListBasis::List(list) => ladder(&book, ListOrigin::Stored(list), product, day),
                ListBasis::Terms(terms) => {
                    let mut rows = Vec::new();
                    book.terms_view(&terms, day).rows(product, &mut rows);
                    rows
                }
            };
            prop_assert_eq!(ladder(&book, origin, product, day), shared);
            Ok(())
        })?;
    }

    #[test]
    fn a_book_that_shares_is_the_same_book(before in book_data(), after in book_data(), place in any::<prop::sample::Index>()) {
        let mut nearly = before.clone();
        let row = place.get(&before.rows);
        nearly.rows.retain(|other| other != row);
        let old = PriceBook::compile(before.clone()).unwrap();
        for data in [after, nearly, before] {
            let book = PriceBook::compile(data.clone()).unwrap();
            let sharing = book.clone().sharing(&old);
            prop_assert_eq!(&sharing, &book);
            for list in sharing.stored_lists().filter(|list| sharing.shares_items(*list, 0, &old)) {
                for product in sharing.products() {
                    for day in DAYS {
                        let origin = ListOrigin::Stored(list);
                        prop_assert_eq!(ladder(&sharing, origin, product, day), ladder(&old, origin, product, day));
                    }
                }
            }
            if book == old {
                prop_assert!(sharing.stored_lists().all(|list| sharing.shares_items(list, 0, &old)));
            }
        }
    }

    #[test]
    fn every_list_names_the_customers_that_buy_from_it(data in book_data()) {
        let book = PriceBook::compile(data).unwrap();
        for day in DAYS {
            let lists = book.price_lists(&ListSelection::all(ListType::Normal), day);
            let ids: Vec<_> = lists.iter().map(|list| book.list_header(list).unwrap().id).collect();
            prop_assert!(ids.is_sorted_by(|a, b| a < b));
            for customer in book.customers() {
                let users: Vec<_> =
                    lists.iter().filter(|list| book.list_customers(list).contains(&customer)).collect();
                let own = book.customer_list(customer, day);
                prop_assert_eq!(users, own.iter().collect::<Vec<_>>());
                let agreement = book.agreement(customer, day).unwrap();
                prop_assert_eq!(agreement.price_list, own.map(|own| book.list_header(&own).unwrap().id));
                // Who buys from a standard list, or from a list of its own, pays what the list shows. A group's list may
                // leave out what its customers take from different standard lists.
                let Some(list) = own else { continue };
                for product in book.products() {
                    let shown = ladder(&book, list.origin(), product, day);
                    let paid = ladder(&book, ListOrigin::Customer(customer), product, day);
                    match agreement.price_list.map(PriceListId::get) {
                        Some(3 | 4) => prop_assert!(shown.len() <= paid.len()),
                        _ => prop_assert_eq!(shown, paid),
                    }
                }
            }
        }
    }
}

/// The changes that lead from one book's data to another's.
fn changes(before: &BookData, after: &BookData) -> BookChanges {
    let row_key = |row: &PriceRow| (row.list, row.product, row.quantity, row.validity.from());
    let agreed_key =
        |agreed: &AgreedPrice| (agreed.customer, agreed.product, agreed.validity.from());
    let removed_rows = before
        .rows
        .iter()
        .filter(|row| after.rows.iter().all(|other| row_key(other) != row_key(row)))
        .map(|row| PriceRowChange::Remove {
            list: row.list,
            product: row.product,
            quantity: row.quantity,
            valid_from: row.validity.from(),
        });
    let removed_agreed = before
        .agreed_prices
        .iter()
        .filter(|row| after.agreed_prices.iter().all(|other| agreed_key(other) != agreed_key(row)))
        .map(|agreed| AgreedPriceChange::Remove {
            customer: agreed.customer,
            product: agreed.product,
            valid_from: agreed.validity.from(),
        });
    let put_agreed = after.agreed_prices.iter().copied().map(AgreedPriceChange::Put);
    BookChanges {
        rows: removed_rows.chain(after.rows.iter().copied().map(PriceRowChange::Put)).collect(),
        agreed_prices: removed_agreed.chain(put_agreed).collect(),
        customers: after
            .customers
            .iter()
            .map(|customer| CustomerChange::Terms {
                customer: customer.id,
                terms: customer.terms,
                own_list: customer.own_list,
            })
            .collect(),
        products: after
            .products
            .iter()
            .map(|product| ProductChange {
                product: product.id,
                status: product.status,
                cost: product.cost,
            })
            .collect(),
    }
}

/// The changes that lead from one book's customers to another's, each as a whole.
fn customer_changes(before: &BookData, after: &BookData) -> BookChanges {
    let gone = before
        .customers
        .iter()
        .filter(|customer| after.customers.iter().all(|other| other.id != customer.id))
        .map(|customer| CustomerChange::Remove(customer.id));
    let put = after.customers.iter().map(|customer| CustomerChange::Put {
        customer: customer.clone(),
        agreed_prices: after
            .agreed_prices
            .iter()
            .filter(|agreed| agreed.customer == customer.id)
            .copied()
            .collect(),
    });
    BookChanges { customers: gone.chain(put).collect(), ..BookChanges::default() }
}

fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed | 1;
    for at in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let other = usize::try_from(state >> 33).unwrap() % (at + 1);
        items.swap(at, other);
    }
}
