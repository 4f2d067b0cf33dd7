//! A wholesaler's book: 100,000 products with three breaks each, a group list, promotions, a derived list, 400 customers.
//!
//! `cargo bench -p tradebook-pricing`. Aims: a quote under 300 ns, a complete customer list under 60 ms.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark stops where its own data is wrong"
)]

use std::hint::black_box;

use criterion::{BatchSize, Criterion};
use time::macros::date;
use tradebook_model::{
    AgreedPrice, BookCustomer, BookData, BookProduct, BreakQuantity, BulkRule, CurrencyCode,
    CustomerId, Date, Derivation, ListSource, ListType, Money, Percent, Price, PriceList,
    PriceListId, PriceRow, ProductId, ProductStatus, Settings, Terms, TimeZone, Validity,
};
use tradebook_pricing::{
    BookChanges, Buyer, CustomerIndex, ListHandle, ListOrigin, PriceBook, PriceRowChange,
    ProductIndex, QuoteRequest, explain, quote,
};

const PRODUCTS: i32 = 100_000;
const CUSTOMERS: i32 = 400;
const DAY: Date = date!(2024 - 06 - 15);

fn main() {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let data = data();
    let book = PriceBook::compile(data.clone()).unwrap();
    println!(
        "book: {} products, {} rows, {} agreed prices: {} bytes, {} a product",
        book.product_count(),
        data.rows.len(),
        data.agreed_prices.len(),
        book.heap_bytes(),
        book.heap_bytes() / book.product_count(),
    );
    quotes(&mut criterion, &book);
    customer_lists(&mut criterion, &book);
    building(&mut criterion, &book, &data);
    criterion.final_summary();
}

fn quotes(criterion: &mut Criterion, book: &PriceBook) {
    let requests: Vec<QuoteRequest> = mixed(4096)
        .map(|(customer, product, quantity)| QuoteRequest {
            buyer: Buyer::Customer(CustomerIndex(customer + 1)),
            product: ProductIndex(product),
            quantity,
        })
        .collect();
    let mut next = requests.iter().cycle();
    criterion.bench_function("quote, any customer", |b| {
        b.iter(|| quote(black_box(next.next().unwrap()), book, DAY));
    });
    for (name, customer) in KINDS {
        let mut next = requests.iter().cycle();
        let buyer = Buyer::Customer(CustomerIndex(customer + 1));
        criterion.bench_function(&format!("quote, {name}"), |b| {
            b.iter(|| {
                let request = QuoteRequest { buyer, ..*next.next().unwrap() };
                quote(black_box(&request), book, DAY)
            });
        });
    }
    let mut next = requests.iter().cycle();
    criterion.bench_function("quote with trace", |b| {
        b.iter(|| explain(black_box(next.next().unwrap()), book, DAY));
    });
    let codes: Vec<String> = mixed(4096).map(|(_, product, _)| code(product)).collect();
    let mut next = codes.iter().cycle();
    criterion.bench_function("find a product by code", |b| {
        b.iter(|| book.find_product_by_code(black_box(next.next().unwrap())));
    });
}

/// One customer of each kind: see [`terms`].
const KINDS: [(&str, u32); 5] = [
    ("standard list", 0),
    ("discount", 1),
    ("group list", 2),
    ("derived list, discount", 3),
    ("mark-up, always bulk", 4),
];

fn customer_lists(criterion: &mut Criterion, book: &PriceBook) {
    for (name, customer) in KINDS {
        let list = ListHandle::new(ListOrigin::Customer(CustomerIndex(customer + 1)), DAY);
        criterion.bench_function(&format!("complete list, {name}"), |b| {
            let mut rows = Vec::new();
            b.iter(|| {
                let mut count = 0;
                for product in book.products() {
                    rows.clear();
                    book.list_rows(&list, product, &mut rows);
                    count += black_box(&rows).len();
                }
                count
            });
        });
    }
}

fn building(criterion: &mut Criterion, book: &PriceBook, data: &BookData) {
    criterion.bench_function("compile the book", |b| {
        b.iter_batched(|| data.clone(), PriceBook::compile, BatchSize::PerIteration);
    });
    let put = PriceRowChange::Put(PriceRow {
        price: Price::Amount(Money::from_micros(1_000_000).unwrap()),
        ..data.rows[1000]
    });
    criterion.bench_function("change one price", |b| {
        b.iter(|| book.with_changes(BookChanges { rows: vec![put], ..BookChanges::default() }));
    });
}

fn code(product: u32) -> String {
    format!("{product:06}-X")
}

/// Customers, products and quantities in no order, the same in every run.
fn mixed(count: u32) -> impl Iterator<Item = (u32, u32, i32)> {
    let mut state = 0x2545_F491_u64;
    (0..count).map(move |_| {
        let mut below = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u32::try_from((state >> 33) % bound).unwrap()
        };
        (below(400), below(100_000), i32::try_from(below(100)).unwrap())
    })
}

fn eur() -> CurrencyCode {
    "EUR".parse().unwrap()
}

fn data() -> BookData {
    BookData {
        settings: Settings::new(eur(), TimeZone::UTC),
        products: (0..PRODUCTS)
            .map(|n| BookProduct {
                id: ProductId::new(n + 1).unwrap(),
                code: code(n.unsigned_abs()).parse().unwrap(),
                status: ProductStatus::Active,
                cost: (n % 3 != 0).then(|| cents(i64::from(n % 5000) + 50)),
            })
            .collect(),
        lists: vec![
            list(1, ListType::Normal, ListSource::Standard, None),
            list(2, ListType::Normal, ListSource::Group, None),
            list(3, ListType::Normal, ListSource::Standard, Some(-5)),
            list(4, ListType::Promo, ListSource::Standard, None),
        ],
        rows: rows(),
        customers: (1..=CUSTOMERS).map(customer).collect(),
        agreed_prices: (1..=CUSTOMERS)
            .flat_map(|customer| {
                (0..100).map(move |n| AgreedPrice {
                    customer: CustomerId::new(customer).unwrap(),
                    product: ProductId::new((n * 991 + customer * 13) % PRODUCTS + 1).unwrap(),
                    price: cents(500),
                    validity: Validity::ALWAYS,
                })
            })
            .collect(),
    }
}

fn rows() -> Vec<PriceRow> {
    let row = |list, n: i32, quantity, price| PriceRow {
        list: PriceListId::new(list).unwrap(),
        product: ProductId::new(n + 1).unwrap(),
        quantity: BreakQuantity::new(quantity).unwrap(),
        price: Price::Amount(cents(price)),
        validity: Validity::ALWAYS,
    };
    (0..PRODUCTS)
        .flat_map(|n| {
            let price = i64::from(n % 5000) + 100;
            let standard = [(1, 100), (12, 92), (48, 85)]
                .map(|(quantity, percent)| row(1, n, quantity, price * percent / 100));
            let group = (n % 20 == 0).then(|| row(2, n, 1, price * 80 / 100));
            let promotion = (n % 30 == 0).then(|| row(4, n, 6, price * 75 / 100));
            standard.into_iter().chain(group).chain(promotion)
        })
        .collect()
}

fn list(id: i32, list_type: ListType, source: ListSource, percent: Option<i64>) -> PriceList {
    PriceList {
        id: PriceListId::new(id).unwrap(),
        code: format!("L{id}").parse().unwrap(),
        description: None,
        currency: eur(),
        list_type,
        source,
        vat_inc: false,
        derivation: percent.map(|percent| Derivation {
            base: PriceListId::new(1).unwrap(),
            percent: Percent::from_micros(percent * 1_000_000).unwrap(),
        }),
        rounding: None,
        ending: None,
        decimals: None,
        validity: Validity::ALWAYS,
    }
}

fn customer(id: i32) -> BookCustomer {
    BookCustomer {
        id: CustomerId::new(id).unwrap(),
        reference: format!("C{id:05}").parse().unwrap(),
        name: format!("Customer {id}").parse().unwrap(),
        currency: eur(),
        terms: terms(id - 1),
        own_list: Some(PriceListId::new(1000 + id).unwrap()),
    }
}

fn terms(n: i32) -> Terms {
    let list = |id| Some(PriceListId::new(id).unwrap());
    let percent = |n: i64| Some(Percent::from_micros(n * 500_000).unwrap());
    let standard = Terms { standard_list: list(1), ..Terms::default() };
    match n % 5 {
        0 => standard,
        1 => Terms { normal_discount: percent(15), ..standard },
        2 => Terms { group_list: list(2), ..standard },
        3 => Terms { standard_list: list(3), normal_discount: percent(9), ..standard },
        _ => Terms { markup_on_cost: percent(41), bulk: BulkRule::Always, ..standard },
    }
}

fn cents(cents: i64) -> Money {
    Money::from_micros(cents * 10_000).unwrap()
}
