//! Every fast way to an answer gives the bytes of the plain one, in which each price is computed and written for itself.

use std::io::Read as _;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use time::macros::date;
use tradebook_model::{
    AgreedPrice, BookCustomer, BookData, BookProduct, BreakQuantity, BulkRule, CustomerId, Date,
    Derivation, ListSource, ListType, Money, NullDecimals, Percent, Price, PriceList,
    PriceListCustomers, PriceListId, PriceRow, ProductId, ProductStatus, Settings, Terms, TimeZone,
    Validity,
};
use tradebook_pricing::{
    BookChanges, ListHandle, ListSelection, PriceBook, PriceRowChange, ProductIndex,
};
use tradebook_wire::caliq::MediaType;

use super::documents::{PriceListsDocument, ProductSelection};
use super::exports::{Coding, compress};
use super::rendered::{Budget, Earlier, RenderedLists};
use super::stream::{Chunks, Whole};
use crate::books::Book;

const DAYS: [Date; 2] = [date!(2024 - 06 - 15), date!(2024 - 06 - 16)];
const CUSTOMERS: i32 = 8;

/// Numbers that follow from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        i64::try_from((self.0 >> 33) % bound).unwrap()
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn id(&mut self, bound: i32) -> i32 {
        i32::try_from(self.below(u64::try_from(bound).unwrap())).unwrap() + 1
    }
}

fn list(id: i32, list_type: ListType, source: ListSource, base: Option<i32>) -> PriceList {
    PriceList {
        id: PriceListId::new(id).unwrap(),
        code: format!("L{id}").parse().unwrap(),
        description: (id != 2).then(|| format!("<List> \"{id}\" & more").parse().unwrap()),
        currency: "EUR".parse().unwrap(),
        list_type,
        source,
        vat_inc: id == 2,
        derivation: base.map(|base| Derivation {
            base: PriceListId::new(base).unwrap(),
            percent: Percent::from_micros(-3_330_000).unwrap(),
        }),
        rounding: None,
        ending: None,
        decimals: None,
        validity: Validity::ALWAYS,
    }
}

fn validity(numbers: &mut Numbers) -> Validity {
    match numbers.below(12) {
        0 => Validity::new(Some(DAYS[1]), None).unwrap(),
        1 => Validity::new(None, Some(DAYS[0])).unwrap(),
        _ => Validity::ALWAYS,
    }
}

fn money(numbers: &mut Numbers) -> Money {
    let unit = if numbers.one_in(9) { 1 } else { 10_000 };
    Money::from_micros(numbers.below(200_000) * unit).unwrap()
}

/// Standard, derived, group, derived group and promotional lists; customers on all kinds of terms.
fn data(products: i32, seed: u64) -> BookData {
    use {
        ListSource::{Group, Standard},
        ListType::{Normal, Promo},
    };
    let mut numbers = Numbers(seed);
    let n = &mut numbers;
    let mut settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
    settings.agreed_bulk_protection = n.one_in(3);
    settings.null_decimals_in_xml = [NullDecimals::Omit, NullDecimals::Nil, NullDecimals::Zero]
        [usize::try_from(n.below(3)).unwrap()];
    settings.price_list_customers =
        [PriceListCustomers::None, PriceListCustomers::Custom, PriceListCustomers::All]
            [usize::try_from(n.below(3)).unwrap()];
    let product = |n: &mut Numbers, id: i32| BookProduct {
        id: ProductId::new(id).unwrap(),
        code: if n.one_in(40) { format!("P&{id:05}é") } else { format!("P{id:05}") }
            .parse()
            .unwrap(),
        status: ProductStatus::from_number(if n.one_in(20) { 3 } else { 1 }).unwrap(),
        cost: (!n.one_in(4)).then(|| money(n)),
    };
    let mut rows = Vec::new();
    // The group's list prices few products, the promotion some.
    for (list, share) in [(1, 9), (3, 1), (4, 1), (5, 2)] {
        for id in 1..=products {
            if n.below(10) >= share {
                continue;
            }
            for quantity in [1, 10, 144].into_iter().take(usize::try_from(n.id(3)).unwrap()) {
                let price = match n.below(15) {
                    0 => Price::OnApplication,
                    _ => Price::Amount(money(n)),
                };
                rows.push(PriceRow {
                    list: PriceListId::new(list).unwrap(),
                    product: ProductId::new(id).unwrap(),
                    quantity: BreakQuantity::new(quantity).unwrap(),
                    price,
                    validity: validity(n),
                });
            }
        }
    }
    let percent = |n: &mut Numbers| {
        n.one_in(3).then(|| Percent::from_micros(n.below(300) * 100_000).unwrap())
    };
    let list_id = |id| PriceListId::new(id).unwrap();
    let customer = |n: &mut Numbers, id| BookCustomer {
        id: CustomerId::new(id).unwrap(),
        reference: format!("C{id}").parse().unwrap(),
        name: format!("Customer <{id}>").parse().unwrap(),
        currency: "EUR".parse().unwrap(),
        terms: Terms {
            standard_list: (!n.one_in(5)).then(|| list_id(n.id(2))),
            group_list: n.one_in(3).then(|| list_id(2 + n.id(2))),
            normal_discount: percent(n),
            markup_on_cost: percent(n).filter(|_| id % 2 == 0),
            bulk: [BulkRule::ByQuantity, BulkRule::Always, BulkRule::Never]
                [usize::try_from(n.below(5).saturating_sub(2).max(0)).unwrap()],
            promotions: !n.one_in(4),
        },
        own_list: Some(list_id(100 + id)),
    };
    let mut agreed_prices = Vec::new();
    for id in 1..=CUSTOMERS {
        for product in 1..=products {
            if id % 2 == 1 && n.one_in(25) {
                agreed_prices.push(AgreedPrice {
                    customer: CustomerId::new(id).unwrap(),
                    product: ProductId::new(product).unwrap(),
                    price: money(n),
                    validity: validity(n),
                });
            }
        }
    }
    BookData {
        settings,
        products: (1..=products).map(|id| product(n, id)).collect(),
        lists: vec![
            list(1, Normal, Standard, None),
            list(2, Normal, Standard, Some(1)),
            list(3, Normal, Group, None),
            list(4, Normal, Group, Some(1)),
            list(5, Promo, Standard, None),
        ],
        rows,
        customers: (1..=CUSTOMERS).map(|id| customer(n, id)).collect(),
        agreed_prices,
    }
}

fn render(book: &Book, day: Date, earlier: Option<Earlier<'_>>) -> Arc<RenderedLists> {
    let budget = Arc::new(Budget::new(u64::MAX));
    let moment = (day, time::OffsetDateTime::UNIX_EPOCH);
    Arc::new(RenderedLists::new(&book.prices, book.answer_options(), moment, earlier, &budget))
}

/// Which lists of which products are asked for.
#[derive(Debug, Clone)]
struct Asked {
    customers: Option<Vec<i32>>,
    only_public: bool,
    products: Option<Vec<prop::sample::Index>>,
    media: MediaType,
    day: Date,
}

fn asked() -> impl Strategy<Value = Asked> {
    (
        prop::option::of(prop::collection::vec(1..=CUSTOMERS, 0..3)),
        any::<bool>(),
        prop::option::of(prop::collection::vec(any::<prop::sample::Index>(), 0..40)),
        prop::sample::select(MediaType::ALL.to_vec()),
        prop::sample::select(DAYS.to_vec()),
    )
        .prop_map(|(customers, only_public, products, media, day)| Asked {
            customers,
            only_public,
            products,
            media,
            day,
        })
}

impl Asked {
    fn lists(&self, book: &Book) -> Vec<ListHandle> {
        let customers = self.customers.as_ref().map(|ids| {
            let ids = ids.iter().map(|id| CustomerId::new(*id).unwrap());
            ids.filter_map(|id| book.prices.find_customer_by_id(id)).collect()
        });
        let selection = ListSelection {
            exclude_customer_lists: self.only_public,
            customers,
            ..ListSelection::all(ListType::Normal)
        };
        book.prices.price_lists(&selection, self.day)
    }

    fn document(
        &self,
        book: &Arc<Book>,
        rendered: Option<&Arc<RenderedLists>>,
    ) -> PriceListsDocument {
        let products = match &self.products {
            Some(products) if book.prices.product_count() > 0 => {
                let count = u32::try_from(book.prices.product_count()).unwrap();
                let mut only: Vec<ProductIndex> = products
                    .iter()
                    .map(|at| {
                        ProductIndex(u32::try_from(at.index(count.try_into().unwrap())).unwrap())
                    })
                    .collect();
                only.sort_unstable();
                only.dedup();
                ProductSelection::Only(only)
            }
            _ => ProductSelection::All,
        };
        let lists = self.lists(book);
        PriceListsDocument::new(Arc::clone(book), rendered.cloned(), lists, products, self.media)
    }

    fn bytes(&self, book: &Arc<Book>, rendered: Option<&Arc<RenderedLists>>) -> Vec<u8> {
        Chunks::new(self.document(book, rendered)).collect::<Vec<_>>().concat()
    }
}

/// The bytes, as text where they differ.
fn same(fast: &[u8], plain: &[u8]) -> Result<(), TestCaseError> {
    if fast == plain {
        return Ok(());
    }
    let at = fast.iter().zip(plain).take_while(|(a, b)| a == b).count();
    let around = |bytes: &[u8]| {
        let from = at.saturating_sub(80);
        String::from_utf8_lossy(&bytes[from..bytes.len().min(at + 80)]).into_owned()
    };
    Err(TestCaseError::fail(format!("at {at}: {} instead of {}", around(fast), around(plain))))
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(20_240_615),
        failure_persistence: None,
        ..ProptestConfig::with_cases(12)
    })]

    #[test]
    fn all_ways_lead_to_the_same_bytes(
        products in prop::sample::select(vec![0, 1, 40, 1024, 1500, 2100]),
        seed in any::<u64>(),
        asked in prop::collection::vec(asked(), 6),
    ) {
        let book = Book::of(PriceBook::compile(data(products, seed)).unwrap());
        let days = DAYS.map(|day| render(&book, day, None));
        for asked in asked {
            let plain = asked.bytes(&book, None);
            for rendered in &days {
                // On another day than theirs rendered lists are not used. Twice, as pages are kept.
                for _ in 0..2 {
                    same(&asked.bytes(&book, Some(rendered)), &plain)?;
                }
                let document = asked.document(&book, Some(rendered));
                if document.is_rendered() {
                    let whole = Whole::of(document);
                    prop_assert_eq!(whole.length(), u64::try_from(plain.len()).unwrap());
                    let mut unzipped = Vec::new();
                    let gzip = compress(&whole, Coding::Gzip).unwrap();
                    // One member only: anything after it would be left over.
                    let mut decoder = flate2::bufread::GzDecoder::new(&gzip[..]);
                    decoder.read_to_end(&mut unzipped).unwrap();
                    prop_assert!(decoder.into_inner().is_empty());
                    same(&unzipped, &plain)?;
                    let zstd = compress(&whole, Coding::Zstd).unwrap();
                    same(&zstd::stream::decode_all(&zstd[..]).unwrap(), &plain)?;
                }
            }
        }
    }

    #[test]
    fn lists_of_a_changed_book_are_as_if_rendered_anew(
        products in prop::sample::select(vec![30, 1500, 2100]),
        seed in any::<u64>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0_i64..9999), 1..4),
        asked in prop::collection::vec(asked(), 3),
    ) {
        let before = data(products, seed);
        let mut after = before.clone();
        let mut changed = Vec::new();
        for (at, cents) in changes {
            let row = at.get(&before.rows);
            let price = Price::Amount(Money::from_micros(cents * 10_000).unwrap());
            let row = PriceRow { price, ..*row };
            let place = after.rows.iter().position(|other| {
                let key = |row: &PriceRow| (row.list, row.product, row.quantity, row.validity.from());
                key(other) == key(&row)
            });
            after.rows[place.unwrap()] = row;
            changed.push(PriceRowChange::Put(row));
        }
        let old = Book::of(PriceBook::compile(before).unwrap());
        let rebuilt = PriceBook::compile(after).unwrap();
        let changes = BookChanges { rows: changed, ..BookChanges::default() };
        let patched = old.prices.with_changes(changes).unwrap();
        for prices in [rebuilt.sharing(&old.prices), patched] {
            let new = Book::of(prices);
            for asked in &asked {
                let plain = asked.bytes(&new, None);
                for day in DAYS {
                    let rendered = render(&old, day, None);
                    let earlier = Earlier { prices: &old.prices, rendered: &rendered };
                    let rendered = render(&new, asked.day, Some(earlier));
                    same(&asked.bytes(&new, Some(&rendered)), &plain)?;
                }
            }
        }
    }
}
