//! The account of a price, word for word, for some of the vectors.

use tradebook_pricing::{Buyer, PriceBook, QuoteRequest, explain};

use crate::book::date;
use crate::format::Case;

/// The case, the quantity that customer `C` asks for of product `A`, and the lines of the trace.
const TRACES: [(&str, i32, &[&str]); 8] = [
    (
        "rule-03-discount-beats-break",
        10,
        &[
            "agreed price: passed over, there is none",
            "own list: passed over, there is none",
            "mark-up on cost: passed over, there is none",
            "list `STD`, from quantity 1: 10",
            "list `STD`, from quantity 10: 9.5",
            "normal discount: 10 less 10 % = 9, to 2 decimals: 9",
            "from quantity 1: the lower of 9 (discounted) and 10 (row)",
            "from quantity 10: the lower of 9 (discounted) and 9.5 (row)",
            "standard list 1: taken, decides from quantity 1",
            "quantity 10 reaches the row from 10: 9",
        ],
    ),
    (
        "rule-02-ladder-of-three-sources",
        3,
        &[
            "agreed price: passed over, there is none",
            "list `GRP`, from quantity 10: 3",
            "own list 2: taken, decides from quantity 10",
            "mark-up on cost: 2 plus 100 % = 4, to 2 decimals: 4",
            "mark-up on cost: taken, decides from quantity 1 and below 10",
            "standard list 1: passed over, a more specific source decides for every quantity",
            "quantity 3 reaches the row from 1: 4",
        ],
    ),
    (
        "rule-02-bulk-protection-lower-break",
        10,
        &[
            "agreed at 9, at any quantity",
            "list `STD`, from quantity 1: 10",
            "list `STD`, from quantity 10: 8",
            "list `STD`, from quantity 50: 6",
            "bulk protection from quantity 1: the lower of 9 (agreed) and 10 (standard)",
            "bulk protection from quantity 10: the lower of 9 (agreed) and 8 (standard)",
            "bulk protection from quantity 50: the lower of 9 (agreed) and 6 (standard)",
            "agreed price: taken, decides from quantity 1",
            "own list: passed over, a more specific source decides for every quantity",
            "mark-up on cost: passed over, a more specific source decides for every quantity",
            "standard list 1: passed over, a more specific source decides for every quantity",
            "quantity 10 reaches the row from 10: 8",
        ],
    ),
    (
        "rule-05-foreign-currency-next-source",
        1,
        &[
            "agreed price: passed over, there is none",
            "own list: passed over, there is none",
            "mark-up on cost: passed over, the cost is in EUR",
            "list `STD`, from quantity 1: 20",
            "standard list 1: taken, decides from quantity 1",
            "quantity 1 reaches the row from 1: 20",
        ],
    ),
    (
        "rule-06-added-row-keeps-c-of-the-replaced-one",
        5,
        &[
            "agreed at 9, at any quantity",
            "agreed price: taken, decides from quantity 1",
            "own list: passed over, a more specific source decides for every quantity",
            "mark-up on cost: passed over, a more specific source decides for every quantity",
            "standard list 1: passed over, a more specific source decides for every quantity",
            "list `PROMO`, from quantity 5: 7",
            "promotion from quantity 5: 7 replaces 9",
            "quantity 5 reaches the row from 5: 7",
        ],
    ),
    (
        "rule-07-poa-from-a-quantity",
        100,
        &[
            "agreed price: passed over, there is none",
            "own list: passed over, there is none",
            "mark-up on cost: passed over, there is none",
            "list `STD`, from quantity 1: 10",
            "list `STD`, from quantity 100: on application",
            "standard list 1: taken, decides from quantity 1",
            "quantity 100 reaches the row from 100: on application",
        ],
    ),
    (
        "rule-09-ending-is-added-after-rounding",
        1,
        &[
            "agreed price: passed over, there is none",
            "own list: passed over, there is none",
            "mark-up on cost: passed over, there is none",
            "list `STD`, from quantity 1: 12.34",
            "list `D` from `STD`: 12.34 × 1.05 = 12.957, to a multiple of 1, to 2 decimals, \
             ending -0.01 added: 12.99",
            "standard list 2: taken, decides from quantity 1",
            "quantity 1 reaches the row from 1: 12.99",
        ],
    ),
    (
        "rule-01-expired-own-list-is-passed-over",
        1,
        &[
            "agreed price: passed over, there is none",
            "own list 2: passed over, it does not hold on the day",
            "mark-up on cost: passed over, there is none",
            "list `STD`, from quantity 1: 10",
            "standard list 1: taken, decides from quantity 1",
            "quantity 1 reaches the row from 1: 10",
        ],
    ),
];

/// What is wrong with the traces; nothing if all is well.
pub(crate) fn check(cases: &[Case]) -> Vec<String> {
    let mut failures = Vec::new();
    for (name, quantity, expected) in TRACES {
        let case = cases.iter().find(|case| case.case == name).unwrap();
        let book = PriceBook::compile(case.book.data()).unwrap();
        let request = QuoteRequest {
            buyer: Buyer::Customer(book.find_customer_by_reference("C").unwrap()),
            product: book.find_product_by_code("A").unwrap(),
            quantity,
        };
        let (_, trace) = explain(&request, &book, date(&case.as_of));
        let found = trace.to_string();
        if !found.lines().eq(expected.iter().copied()) {
            failures.push(format!("{name}:\n{found}expected:\n{}", expected.join("\n")));
        }
    }
    failures
}
