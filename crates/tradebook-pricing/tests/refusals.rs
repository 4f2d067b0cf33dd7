//! Data and changes that no book is made of, and how the refusal names the place. What the vectors show is not repeated.
#![expect(clippy::unwrap_used, reason = "a test stops where its own data is wrong")]

use tradebook_model::{
    AgreedPrice, BookCustomer, BookData, BookProduct, BreakQuantity, CustomerId, ListSource,
    ListType, Money, Price, PriceList, PriceListId, PriceRow, ProductId, ProductStatus, Settings,
    Terms, TimeZone, Validity,
};
use tradebook_pricing::{
    AgreedPriceChange, BookChanges, CustomerChange, PriceBook, PriceRowChange, ProductChange,
};

fn product_id(id: i32) -> ProductId {
    ProductId::new(id).unwrap()
}

fn list_id(id: i32) -> PriceListId {
    PriceListId::new(id).unwrap()
}

fn customer_id(id: i32) -> CustomerId {
    CustomerId::new(id).unwrap()
}

fn product(id: i32, code: &str) -> BookProduct {
    BookProduct {
        id: product_id(id),
        code: code.parse().unwrap(),
        status: ProductStatus::Active,
        cost: None,
    }
}

fn list(id: i32, code: &str) -> PriceList {
    PriceList {
        id: list_id(id),
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

fn customer(id: i32, reference: &str, own_list: Option<i32>) -> BookCustomer {
    BookCustomer {
        id: customer_id(id),
        reference: reference.parse().unwrap(),
        name: reference.parse().unwrap(),
        currency: "EUR".parse().unwrap(),
        terms: Terms { standard_list: Some(list_id(1)), ..Terms::default() },
        own_list: own_list.map(list_id),
    }
}

fn row(list: i32, product: i32) -> PriceRow {
    PriceRow {
        list: list_id(list),
        product: product_id(product),
        quantity: BreakQuantity::ONE,
        price: Price::OnApplication,
        validity: Validity::ALWAYS,
    }
}

fn agreed(customer: i32, product: i32) -> AgreedPrice {
    AgreedPrice {
        customer: customer_id(customer),
        product: product_id(product),
        price: Money::ZERO,
        validity: Validity::ALWAYS,
    }
}

fn sound() -> BookData {
    BookData {
        settings: Settings::new("EUR".parse().unwrap(), TimeZone::UTC),
        products: vec![product(1, "A"), product(2, "B")],
        lists: vec![list(1, "STD")],
        rows: vec![row(1, 1)],
        customers: vec![customer(1, "C1", Some(9)), customer(2, "C2", None)],
        agreed_prices: vec![agreed(1, 1)],
    }
}

#[test]
fn unsound_data_is_refused_by_name() {
    let refused = |change: fn(&mut BookData), text: &str| {
        let mut data = sound();
        change(&mut data);
        let error = PriceBook::compile(data).unwrap_err().to_string();
        assert_eq!(error, text);
    };
    assert!(PriceBook::compile(sound()).is_ok());
    refused(|data| data.products.push(product(1, "C")), "product id 1 is used by `A` and by `C`");
    refused(|data| data.lists.push(list(1, "S2")), "price list id 1 is used twice");
    refused(|data| data.lists.push(list(9, "S2")), "price list id 9 is used twice");
    refused(
        |data| data.customers.push(customer(3, "C3", Some(9))),
        "price list id 9 is used twice",
    );
    refused(|data| data.customers.push(customer(1, "C3", None)), "customer id 1 is used twice");
    refused(
        |data| data.rows.push(row(5, 1)),
        "a price row names price list 5, which does not exist",
    );
    refused(
        |data| data.agreed_prices.push(agreed(7, 1)),
        "an agreed price names customer 7, which does not exist",
    );
    refused(
        |data| data.agreed_prices.push(agreed(1, 7)),
        "an agreed price of customer `C1` names product 7, which does not exist",
    );
    refused(
        |data| data.agreed_prices.push(agreed(2, 1)),
        "customer `C2` has bespoke terms but no price list id of its own",
    );
}

#[test]
fn unsound_changes_are_refused_and_leave_the_book_alone() {
    let book = PriceBook::compile(sound()).unwrap();
    let before = book.clone();
    let refused = |changes: BookChanges, text: &str| {
        assert_eq!(book.with_changes(changes).unwrap_err().to_string(), text);
    };
    let rows = |change| BookChanges { rows: vec![change], ..BookChanges::default() };
    let agreed_prices =
        |change| BookChanges { agreed_prices: vec![change], ..BookChanges::default() };
    refused(
        rows(PriceRowChange::Put(row(5, 1))),
        "a price row names price list 5, which does not exist",
    );
    refused(
        rows(PriceRowChange::Put(row(1, 5))),
        "a row of price list `STD` names product 5, which does not exist",
    );
    refused(
        rows(PriceRowChange::Remove {
            list: list_id(1),
            product: product_id(2),
            quantity: BreakQuantity::ONE,
            valid_from: None,
        }),
        "price list `STD` has no row for product `B` from quantity 1 on that could be removed",
    );
    let from_june = Validity::new(Some(time::macros::date!(2024 - 06 - 01)), None).unwrap();
    refused(
        rows(PriceRowChange::Put(PriceRow { validity: from_june, ..row(1, 1) })),
        "price list `STD` has two rows for product `A` from quantity 1 on that hold at once: \
         always and from 2024-06-01",
    );
    refused(
        agreed_prices(AgreedPriceChange::Put(AgreedPrice { validity: from_june, ..agreed(1, 1) })),
        "customer `C1` has two agreed prices for product `A` that hold at once: always and from \
         2024-06-01",
    );
    refused(
        agreed_prices(AgreedPriceChange::Remove {
            customer: customer_id(1),
            product: product_id(2),
            valid_from: None,
        }),
        "customer `C1` has no agreed price for product `B` that could be removed",
    );
    refused(
        agreed_prices(AgreedPriceChange::Put(agreed(8, 1))),
        "a change names customer 8, which does not exist",
    );
    let product =
        ProductChange { product: product_id(8), status: ProductStatus::Active, cost: None };
    refused(
        BookChanges { products: vec![product], ..BookChanges::default() },
        "a change names product 8, which does not exist",
    );
    let terms = CustomerChange::Terms {
        customer: customer_id(2),
        terms: Terms { standard_list: Some(list_id(4)), ..Terms::default() },
        own_list: None,
    };
    refused(
        BookChanges { customers: vec![terms], ..BookChanges::default() },
        "customer `C2` names price list 4, which does not exist",
    );
    let taken = CustomerChange::Terms {
        customer: customer_id(2),
        terms: Terms::default(),
        own_list: Some(list_id(9)),
    };
    refused(
        BookChanges { customers: vec![taken], ..BookChanges::default() },
        "price list id 9 is used twice",
    );
    assert_eq!(book, before);
}

#[test]
fn records_are_found_by_id_and_by_code() {
    let book = PriceBook::compile(sound()).unwrap();
    let product = book.find_product_by_code("B").unwrap();
    assert_eq!(book.find_product_by_id(product_id(2)), Some(product));
    assert_eq!(book.product(product).unwrap().code.as_str(), "B");
    let customer = book.find_customer_by_reference("C2").unwrap();
    assert_eq!(book.find_customer_by_id(customer_id(2)), Some(customer));
    assert_eq!(book.customer(customer).unwrap().name, "C2");
    let list = book.find_list_by_code("STD").unwrap();
    assert_eq!(book.find_list_by_id(list_id(1)), Some(list));
    assert_eq!(book.find_product_by_code("b"), None, "codes are compared case and all");
    assert_eq!(book.find_product_by_id(product_id(3)), None);
    assert_eq!(book.find_customer_by_reference("c2"), None);
    assert_eq!(book.find_customer_by_id(customer_id(3)), None);
    assert_eq!(book.find_list_by_code("std"), None);
    assert_eq!(book.find_list_by_id(list_id(9)), None, "customers' own lists are not stored");
    assert_eq!((book.product_count(), book.products().len(), book.customer_count()), (2, 2, 2));
}
