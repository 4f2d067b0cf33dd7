//! Why data makes no price book.

use tradebook_model::{
    BreakQuantity, CurrencyCode, CustomerId, CustomerReference, PriceListCode, PriceListId,
    ProductCode, ProductId, Validity,
};

/// Why data was refused. Each error names its place by the codes that an ERP knows, and is fit to be shown to the person
/// who supplied the data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BookError {
    /// Two products have one id.
    #[error("product id {id} is used by `{first}` and by `{second}`")]
    DuplicateProductId {
        /// The id.
        id: ProductId,
        /// One of the two, the first by code.
        first: ProductCode,
        /// The other.
        second: ProductCode,
    },
    /// Two products have one code.
    #[error("product code `{0}` is used twice")]
    DuplicateProductCode(ProductCode),
    /// Two price lists, or a price list and a customer's own list, have one id.
    #[error("price list id {0} is used twice")]
    DuplicateListId(PriceListId),
    /// Two price lists have one code.
    #[error("price list code `{0}` is used twice")]
    DuplicateListCode(PriceListCode),
    /// Two customers have one id.
    #[error("customer id {0} is used twice")]
    DuplicateCustomerId(CustomerId),
    /// Two customers have one reference.
    #[error("customer reference `{0}` is used twice")]
    DuplicateCustomerReference(CustomerReference),
    /// A list is derived from one that does not exist.
    #[error("price list `{list}` is derived from price list {base}, which does not exist")]
    UnknownBase {
        /// The derived list.
        list: PriceListCode,
        /// The base that is missing.
        base: PriceListId,
    },
    /// A list is derived from one in another currency.
    #[error("price list `{list}` is in {currency}, its base `{base}` in {base_currency}")]
    BaseCurrency {
        /// The derived list.
        list: PriceListCode,
        /// Its currency.
        currency: CurrencyCode,
        /// Its base.
        base: PriceListCode,
        /// The base's currency.
        base_currency: CurrencyCode,
    },
    /// Lists are derived from each other in a circle.
    #[error("price list `{list}` is derived from itself: {path}")]
    DerivationCycle {
        /// The list, the first of the circle by id.
        list: PriceListCode,
        /// The circle: `A → B → A`.
        path: String,
    },
    /// A row names a list that does not exist.
    #[error("a price row names price list {0}, which does not exist")]
    RowOfUnknownList(PriceListId),
    /// A row names a product that does not exist.
    #[error("a row of price list `{list}` names product {product}, which does not exist")]
    RowOfUnknownProduct {
        /// The row's list.
        list: PriceListCode,
        /// The product that is missing.
        product: ProductId,
    },
    /// Two rows say what a product costs in a list from a quantity on, on the same days.
    #[error(
        "price list `{list}` has two rows for product `{product}` from quantity {quantity} on that \
         hold at once: {} and {}", Days(*.first), Days(*.second)
    )]
    OverlappingRows {
        /// The list.
        list: PriceListCode,
        /// The product.
        product: ProductCode,
        /// The quantity.
        quantity: BreakQuantity,
        /// The period that begins earlier.
        first: Validity,
        /// The other.
        second: Validity,
    },
    /// An agreed price names a customer that does not exist.
    #[error("an agreed price names customer {0}, which does not exist")]
    AgreedWithUnknownCustomer(CustomerId),
    /// An agreed price names a product that does not exist.
    #[error(
        "an agreed price of customer `{customer}` names product {product}, which does not exist"
    )]
    AgreedForUnknownProduct {
        /// The customer.
        customer: CustomerReference,
        /// The product that is missing.
        product: ProductId,
    },
    /// Two prices are agreed with a customer for a product on the same days.
    #[error(
        "customer `{customer}` has two agreed prices for product `{product}` that hold at once: \
         {} and {}", Days(*.first), Days(*.second)
    )]
    OverlappingAgreedPrices {
        /// The customer.
        customer: CustomerReference,
        /// The product.
        product: ProductCode,
        /// The period that begins earlier.
        first: Validity,
        /// The other.
        second: Validity,
    },
    /// A customer's terms name a list that does not exist.
    #[error("customer `{customer}` names price list {list}, which does not exist")]
    CustomerWithUnknownList {
        /// The customer.
        customer: CustomerReference,
        /// The list that is missing.
        list: PriceListId,
    },
    /// A customer has bespoke terms or agreed prices, but no id for the list that they make.
    #[error("customer `{0}` has bespoke terms but no price list id of its own")]
    NoOwnList(CustomerReference),
    /// A change names a product that the book does not have; new products need a new book.
    #[error("a change names product {0}, which does not exist")]
    ChangeOfUnknownProduct(ProductId),
    /// A change names a customer that the book does not have; new customers need a new book.
    #[error("a change names customer {0}, which does not exist")]
    ChangeOfUnknownCustomer(CustomerId),
    /// A change removes a row that is not there.
    #[error(
        "price list `{list}` has no row for product `{product}` from quantity {quantity} on that \
         could be removed"
    )]
    NoSuchRow {
        /// The list.
        list: PriceListCode,
        /// The product.
        product: ProductCode,
        /// The quantity.
        quantity: BreakQuantity,
    },
    /// A change removes an agreed price that is not there.
    #[error(
        "customer `{customer}` has no agreed price for product `{product}` that could be removed"
    )]
    NoSuchAgreedPrice {
        /// The customer.
        customer: CustomerReference,
        /// The product.
        product: ProductCode,
    },
    /// More records than 32 bits can count.
    #[error("there are more than 4294967294 {0}")]
    TooMany(&'static str),
}

/// A period in words: `always`, `from 2024-05-01`, `until 2024-05-31`, `2024-05-01 to 2024-05-31`.
struct Days(Validity);

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0.from(), self.0.to()) {
            (None, None) => f.write_str("always"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(to)) => write!(f, "until {to}"),
            (Some(from), Some(to)) => write!(f, "{from} to {to}"),
        }
    }
}
