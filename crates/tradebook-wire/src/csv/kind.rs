//! Which files there are.

/// What a file is about, told by its name.
///
/// The order of the variants is the one in which files are applied: a kind refers only to kinds before it, and to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `currencies.csv`
    Currencies,
    /// `products.csv`
    Products,
    /// `price_lists.csv`
    PriceLists,
    /// `prices.csv`
    Prices,
    /// `categories.csv`
    Categories,
    /// `segmentations.csv`
    Segmentations,
    /// `payment_types.csv`
    PaymentTypes,
    /// `regions.csv`
    Regions,
    /// `users.csv`
    Users,
    /// `customers.csv`
    Customers,
    /// `contacts.csv`
    Contacts,
    /// `agreed_prices.csv`
    AgreedPrices,
    /// `customer_part_numbers.csv`
    CustomerPartNumbers,
    /// `order_lines.csv`
    OrderLines,
    /// `invoice_lines.csv`
    InvoiceLines,
    /// `accounts_receivable.csv`
    AccountsReceivable,
    /// `access_tokens.csv`
    AccessTokens,
    /// `rewards_participants.csv`
    RewardsParticipants,
    /// `classifications.csv`
    Classifications,
    /// `units.csv`
    Units,
    /// `product_types.csv`
    ProductTypes,
    /// `currency_rate_periods.csv`
    CurrencyRatePeriods,
    /// `purchase_events.csv`
    PurchaseEvents,
    /// `purchase_event_products.csv`
    PurchaseEventProducts,
    /// `spend_requests.csv`
    SpendRequests,
}

/// A column of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Its name in the header.
    pub name: &'static str,
    /// Whether a file without it is refused.
    pub required: bool,
}

/// What the name of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileName {
    /// A file that can be imported.
    Known(FileKind),
    /// A `.csv` file of any other name.
    Unknown,
}

impl FileKind {
    /// All kinds, in the order in which they are applied.
    pub const ALL: [Self; 25] = [
        Self::Currencies,
        Self::Products,
        Self::PriceLists,
        Self::Prices,
        Self::Categories,
        Self::Segmentations,
        Self::PaymentTypes,
        Self::Regions,
        Self::Users,
        Self::Customers,
        Self::Contacts,
        Self::AgreedPrices,
        Self::CustomerPartNumbers,
        Self::OrderLines,
        Self::InvoiceLines,
        Self::AccountsReceivable,
        Self::AccessTokens,
        Self::RewardsParticipants,
        Self::Classifications,
        Self::Units,
        Self::ProductTypes,
        Self::CurrencyRatePeriods,
        Self::PurchaseEvents,
        Self::PurchaseEventProducts,
        Self::SpendRequests,
    ];

    /// The file's name.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Currencies => "currencies.csv",
            Self::Products => "products.csv",
            Self::PriceLists => "price_lists.csv",
            Self::Prices => "prices.csv",
            Self::Categories => "categories.csv",
            Self::Segmentations => "segmentations.csv",
            Self::PaymentTypes => "payment_types.csv",
            Self::Regions => "regions.csv",
            Self::Users => "users.csv",
            Self::Customers => "customers.csv",
            Self::Contacts => "contacts.csv",
            Self::AgreedPrices => "agreed_prices.csv",
            Self::CustomerPartNumbers => "customer_part_numbers.csv",
            Self::OrderLines => "order_lines.csv",
            Self::InvoiceLines => "invoice_lines.csv",
            Self::AccountsReceivable => "accounts_receivable.csv",
            Self::AccessTokens => "access_tokens.csv",
            Self::RewardsParticipants => "rewards_participants.csv",
            Self::Classifications => "classifications.csv",
            Self::Units => "units.csv",
            Self::ProductTypes => "product_types.csv",
            Self::CurrencyRatePeriods => "currency_rate_periods.csv",
            Self::PurchaseEvents => "purchase_events.csv",
            Self::PurchaseEventProducts => "purchase_event_products.csv",
            Self::SpendRequests => "spend_requests.csv",
        }
    }

    /// What one row of the file is, in the singular: `price list`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Currencies => "currency",
            Self::Products => "product",
            Self::PriceLists => "price list",
            Self::Prices => "price",
            Self::Categories => "category",
            Self::Segmentations => "segmentation",
            Self::PaymentTypes => "payment type",
            Self::Regions => "region",
            Self::Users => "user",
            Self::Customers => "customer",
            Self::Contacts => "contact",
            Self::AgreedPrices => "agreed price",
            Self::CustomerPartNumbers => "customer part number",
            Self::OrderLines => "order line",
            Self::InvoiceLines => "invoice line",
            Self::AccountsReceivable => "account receivable",
            Self::AccessTokens => "access token",
            Self::RewardsParticipants => "rewards participant",
            Self::Classifications => "classification",
            Self::Units => "unit",
            Self::ProductTypes => "product type",
            Self::CurrencyRatePeriods => "currency rate period",
            Self::PurchaseEvents => "purchase event",
            Self::PurchaseEventProducts => "purchase event product",
            Self::SpendRequests => "spend request",
        }
    }

    /// The names of all files that can be imported, for messages.
    pub fn all_file_names() -> String {
        Self::ALL.map(Self::file_name).join(", ")
    }
}

impl FileName {
    /// What a name without its folder and compression suffix says, in either case: `prices.csv`. `None` where it does not end in
    /// `.csv`.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        name.ends_with(".csv").then(|| {
            let known = FileKind::ALL.into_iter().find(|kind| kind.file_name() == name);
            known.map_or(Self::Unknown, Self::Known)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_kind() {
        for kind in FileKind::ALL {
            assert_eq!(FileName::parse(kind.file_name()), Some(FileName::Known(kind)));
        }
        assert_eq!(FileName::parse("PRICES.CSV"), Some(FileName::Known(FileKind::Prices)));
        assert_eq!(FileName::parse("price.csv"), Some(FileName::Unknown));
        assert_eq!(FileName::parse("prices.txt"), None);
    }
}
