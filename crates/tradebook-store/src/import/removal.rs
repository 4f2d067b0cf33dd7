//! Removing what the files of an import no longer have.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};

use super::{Coded, Import, Ledger};
use crate::StoreError;
use crate::schema::{
    access_tokens, accounts_receivable, agreed_prices, categories, classifications, contacts,
    currencies, currency_rate_periods, customer_part_numbers, customer_payment_types, customers,
    ledger_documents, ledger_lines, payment_types, price_lists, prices, product_types, products,
    purchase_event_products, purchase_events, regions, rewards_participants, segmentations,
    spend_requests, units, users,
};

/// How many ids go into one statement.
const IDS: usize = 10_000;

/// Records without codes that an import may remove because it has not seen them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// Currencies, of the organization.
    Currencies,
    /// Rows of the price lists of which it has seen others.
    Prices,
    /// Agreed prices of the customers of whom it has seen others.
    AgreedPrices,
    /// Part numbers of the customers of whom it has seen others.
    PartNumbers,
    /// Lines of a ledger, and documents that have none left.
    Lines(Ledger),
    /// Product types, of the organization.
    ProductTypes,
    /// Access tokens, of the organization.
    AccessTokens,
    /// Purchase events, of the organization. Nothing may belong to them any more.
    Purchases,
    /// Lines of purchase events, of the organization.
    PurchaseLines,
    /// Spend requests, of the organization.
    SpendRequests,
}

impl Unseen {
    const fn table(self) -> &'static str {
        match self {
            Self::Currencies => "currencies",
            Self::Prices => "prices",
            Self::AgreedPrices => "agreed_prices",
            Self::PartNumbers => "customer_part_numbers",
            Self::Lines(_) => "ledger_lines",
            Self::ProductTypes => "product_types",
            Self::AccessTokens => "access_tokens",
            Self::Purchases => "purchase_events",
            Self::PurchaseLines => "purchase_event_products",
            Self::SpendRequests => "spend_requests",
        }
    }
}

/// A purchase event that this import has not seen and that cannot be removed, because something belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseInUse {
    /// Its number.
    pub number: String,
    /// What belongs to it.
    pub by: Vec<Referrer>,
}

#[derive(QueryableByName)]
struct InUseRow {
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = Bool)]
    has_lines: bool,
    #[diesel(sql_type = Bool)]
    has_requests: bool,
}

/// A record refers to one that is to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The id of the record that is referred to.
    pub to: i32,
    /// What refers to it.
    pub from: Referrer,
}

/// What refers to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Referrer {
    /// Rows of price lists.
    Prices,
    /// The derivation of a price list.
    PriceLists,
    /// Customers.
    Customers,
    /// Contacts.
    Contacts,
    /// Agreed prices.
    AgreedPrices,
    /// Customers' own part numbers.
    PartNumbers,
    /// Orders.
    Orders,
    /// Invoices.
    Invoices,
    /// The level below a category.
    Categories,
    /// The level below a region.
    Regions,
    /// Accounts receivable.
    Accounts,
    /// Access tokens.
    AccessTokens,
    /// Rewards participants.
    Participants,
    /// Purchase events.
    Purchases,
    /// Lines of purchase events.
    PurchaseLines,
    /// Spend requests.
    SpendRequests,
}

impl Import<'_> {
    /// Removes what this import has not seen, and says how much that was.
    pub fn remove_unseen(&mut self, unseen: Unseen) -> Result<u64, StoreError> {
        let (organization, first) = (self.session.organization.get(), self.first_touch());
        let before = self.session.gone(unseen.table())?;
        let mut within = |table: &str, owner: &str| {
            diesel::sql_query(format!(
                "DELETE FROM {table} WHERE organization_id = $1 AND touched < $2 AND {owner} IN \
                 (SELECT {owner} FROM {table} WHERE organization_id = $1 AND touched >= $2)"
            ))
            .bind::<Integer, _>(organization)
            .bind::<BigInt, _>(first)
            .execute(self.session.connection)
        };
        macro_rules! of_organization {
            ($table:ident) => {
                diesel::delete(
                    $table::table
                        .filter($table::organization_id.eq(organization))
                        .filter($table::touched.lt(first)),
                )
                .execute(self.session.connection)?
            };
        }
        let removed = match unseen {
            Unseen::Prices => within("prices", "list_id")?,
            Unseen::AgreedPrices => within("agreed_prices", "customer_id")?,
            Unseen::PartNumbers => within("customer_part_numbers", "customer_id")?,
            Unseen::Currencies => of_organization!(currencies),
            Unseen::ProductTypes => of_organization!(product_types),
            Unseen::AccessTokens => of_organization!(access_tokens),
            Unseen::Purchases => of_organization!(purchase_events),
            Unseen::PurchaseLines => of_organization!(purchase_event_products),
            Unseen::SpendRequests => of_organization!(spend_requests),
            Unseen::Lines(ledger) => {
                let lines = diesel::delete(
                    ledger_lines::table
                        .filter(ledger_lines::organization_id.eq(organization))
                        .filter(ledger_lines::ledger.eq(ledger.number()))
                        .filter(ledger_lines::touched.lt(first)),
                )
                .execute(self.session.connection)?;
                diesel::delete(
                    ledger_documents::table
                        .filter(ledger_documents::organization_id.eq(organization))
                        .filter(ledger_documents::ledger.eq(ledger.number()))
                        .filter(ledger_documents::touched.lt(first)),
                )
                .execute(self.session.connection)?;
                lines
            }
        };
        // What is only marked is not counted by the database.
        let removed = removed + self.session.gone(unseen.table())? - before;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }

    /// Purchase events that this import has not seen and to which something belongs: the first `limit` by number, and how many
    /// there are.
    pub fn purchases_in_use(
        &mut self,
        limit: u32,
    ) -> Result<(Vec<PurchaseInUse>, u64), StoreError> {
        let (organization, first) = (self.session.organization.get(), self.first_touch());
        let belongs = |table: &str| {
            format!(
                "EXISTS (SELECT 1 FROM {table} WHERE {table}.organization_id = \
                 purchase_events.organization_id AND {table}.event_id = purchase_events.id)"
            )
        };
        let (lines, requests) = (belongs("purchase_event_products"), belongs("spend_requests"));
        let of_unseen = format!(
            "FROM purchase_events WHERE organization_id = $1 AND touched < $2 \
             AND ({lines} OR {requests})"
        );
        let rows: Vec<InUseRow> = diesel::sql_query(format!(
            "SELECT number, {lines} AS has_lines, {requests} AS has_requests {of_unseen} \
             ORDER BY number LIMIT {limit}"
        ))
        .bind::<Integer, _>(organization)
        .bind::<BigInt, _>(first)
        .load(self.session.connection)?;
        let count: super::checks::CountRow =
            diesel::sql_query(format!("SELECT COUNT(*) AS number {of_unseen}"))
                .bind::<Integer, _>(organization)
                .bind::<BigInt, _>(first)
                .get_result(self.session.connection)?;
        let in_use = rows.into_iter().map(|row| {
            let lines = row.has_lines.then_some(Referrer::PurchaseLines);
            let requests = row.has_requests.then_some(Referrer::SpendRequests);
            PurchaseInUse { number: row.number, by: lines.into_iter().chain(requests).collect() }
        });
        Ok((in_use.collect(), u64::try_from(count.number).unwrap_or_default()))
    }

    /// Removes rows that belong to records that are to be removed, and that this import has not seen.
    pub fn remove_belongings(&mut self, unseen: Unseen, ids: &[i32]) -> Result<u64, StoreError> {
        let (organization, first) = (self.session.organization.get(), self.first_touch());
        let mut removed = 0;
        let before = self.session.gone(unseen.table())?;
        for ids in ids.chunks(IDS) {
            macro_rules! remove {
                ($table:ident, $owner:ident) => {
                    diesel::delete(
                        $table::table
                            .filter($table::organization_id.eq(organization))
                            .filter($table::touched.lt(first))
                            .filter($table::$owner.eq_any(ids)),
                    )
                    .execute(self.session.connection)?
                };
            }
            removed += match unseen {
                Unseen::Prices => remove!(prices, list_id),
                Unseen::AgreedPrices => remove!(agreed_prices, customer_id),
                Unseen::PartNumbers => remove!(customer_part_numbers, customer_id),
                Unseen::Currencies
                | Unseen::Lines(_)
                | Unseen::ProductTypes
                | Unseen::AccessTokens
                | Unseen::Purchases
                | Unseen::PurchaseLines
                | Unseen::SpendRequests => 0,
            };
        }
        let removed = removed + self.session.gone(unseen.table())? - before;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }

    /// What refers to records that are to be removed, apart from each other: one of each kind of referrer.
    pub fn references(&mut self, coded: Coded, ids: &[i32]) -> Result<Vec<Reference>, StoreError> {
        let organization = self.session.organization.get();
        let mut found = Vec::new();
        for chunk in ids.chunks(IDS) {
            macro_rules! refers {
                ($referrer:expr, $table:ident, $column:ident $(, $filter:expr)?) => {{
                    let to: Vec<i32> = $table::table
                        .select($table::$column)
                        .filter($table::organization_id.eq(organization))
                        .filter($table::$column.eq_any(chunk))
                        $(.filter($filter))?
                        .distinct()
                        .load(self.session.connection)?;
                    found.extend(to.into_iter().map(|to| Reference { to, from: $referrer }));
                }};
            }
            // Within one kind, those that are to be removed themselves do not count.
            macro_rules! refers_nullable {
                ($referrer:expr, $table:ident, $column:ident $(, except $except:expr)?) => {{
                    let pairs: Vec<(i32, i32)> = $table::table
                        .select(($table::id, $table::$column.assume_not_null()))
                        .filter($table::organization_id.eq(organization))
                        .filter($table::$column.eq_any(chunk))
                        .load(self.session.connection)?;
                    let mut to: Vec<i32> = pairs
                        .into_iter()
                        $(.filter(|(id, _)| $except.binary_search(id).is_err()))?
                        .map(|(_, to)| to)
                        .collect();
                    to.sort_unstable();
                    to.dedup();
                    found.extend(to.into_iter().map(|to| Reference { to, from: $referrer }));
                }};
            }
            // Purchase events that may refer to nothing have ids of 64 bits.
            macro_rules! purchases_refer {
                ($column:ident) => {{
                    let to: Vec<i32> = purchase_events::table
                        .select(purchase_events::$column.assume_not_null())
                        .filter(purchase_events::organization_id.eq(organization))
                        .filter(purchase_events::$column.eq_any(chunk))
                        .distinct()
                        .load(self.session.connection)?;
                    let from = Referrer::Purchases;
                    found.extend(to.into_iter().map(|to| Reference { to, from }));
                }};
            }
            let mut sorted = ids.to_vec();
            sorted.sort_unstable();
            match coded {
                Coded::Products => {
                    refers!(Referrer::Prices, prices, product_id);
                    refers!(Referrer::AgreedPrices, agreed_prices, product_id);
                    refers!(Referrer::PartNumbers, customer_part_numbers, product_id);
                    for (referrer, ledger) in
                        [(Referrer::Orders, Ledger::Orders), (Referrer::Invoices, Ledger::Invoices)]
                    {
                        let of_ledger = ledger_lines::ledger.eq(ledger.number());
                        refers!(referrer, ledger_lines, product_id, of_ledger);
                    }
                    refers!(Referrer::PurchaseLines, purchase_event_products, product_id);
                }
                Coded::PriceLists => {
                    refers!(Referrer::Prices, prices, list_id);
                    refers_nullable!(Referrer::PriceLists, price_lists, base_id, except sorted);
                    refers_nullable!(Referrer::Customers, customers, standard_list_id);
                    refers_nullable!(Referrer::Customers, customers, group_list_id);
                }
                Coded::Customers => {
                    refers!(Referrer::Contacts, contacts, customer_id);
                    refers!(Referrer::AgreedPrices, agreed_prices, customer_id);
                    refers!(Referrer::PartNumbers, customer_part_numbers, customer_id);
                    for (referrer, ledger) in
                        [(Referrer::Orders, Ledger::Orders), (Referrer::Invoices, Ledger::Invoices)]
                    {
                        let of_ledger = ledger_documents::ledger.eq(ledger.number());
                        refers!(referrer, ledger_documents, customer_id, of_ledger);
                    }
                    refers_nullable!(Referrer::Customers, customers, parent_id, except sorted);
                    refers!(Referrer::Accounts, accounts_receivable, customer_id);
                }
                Coded::Categories => {
                    refers_nullable!(Referrer::Customers, customers, category_id);
                    refers_nullable!(Referrer::Categories, categories, parent_id, except sorted);
                }
                Coded::Regions => {
                    refers_nullable!(Referrer::Customers, customers, region_id);
                    refers_nullable!(Referrer::Regions, regions, parent_id, except sorted);
                }
                Coded::Segmentations => {
                    refers_nullable!(Referrer::Customers, customers, segmentation_id);
                }
                Coded::Users => {
                    refers_nullable!(Referrer::Customers, customers, user_id);
                    purchases_refer!(created_by);
                    purchases_refer!(updated_by);
                }
                Coded::PaymentTypes => {
                    refers!(Referrer::Customers, customer_payment_types, payment_type_id);
                }
                Coded::Accounts => {
                    refers!(Referrer::AccessTokens, access_tokens, account_id);
                    refers!(Referrer::Participants, rewards_participants, account_id);
                    refers!(Referrer::Purchases, purchase_events, account_id);
                }
                Coded::Classifications => purchases_refer!(classification_id),
                Coded::Units => purchases_refer!(unit_id),
                Coded::RatePeriods => purchases_refer!(rate_period_id),
                Coded::Contacts | Coded::Participants => {}
            }
        }
        Ok(found)
    }

    /// Removes records by their ids. Nothing else may refer to them.
    pub fn remove(&mut self, coded: Coded, ids: &[i32]) -> Result<(), StoreError> {
        let organization = self.session.organization.get();
        for ids in ids.chunks(IDS) {
            macro_rules! remove {
                ($table:ident, $id:ident) => {
                    diesel::delete(
                        $table::table
                            .filter($table::organization_id.eq(organization))
                            .filter($table::$id.eq_any(ids)),
                    )
                    .execute(self.session.connection)?
                };
            }
            match coded {
                Coded::Products => remove!(products, id),
                Coded::PriceLists => remove!(price_lists, id),
                Coded::Categories => remove!(categories, id),
                Coded::Segmentations => remove!(segmentations, id),
                Coded::PaymentTypes => remove!(payment_types, id),
                Coded::Regions => remove!(regions, id),
                Coded::Users => remove!(users, id),
                Coded::Contacts => remove!(contacts, id),
                Coded::Accounts => remove!(accounts_receivable, id),
                Coded::Participants => remove!(rewards_participants, id),
                Coded::Classifications => remove!(classifications, id),
                Coded::Units => remove!(units, id),
                Coded::RatePeriods => remove!(currency_rate_periods, id),
                Coded::Customers => {
                    remove!(customer_payment_types, customer_id);
                    remove!(customers, id)
                }
            };
        }
        Ok(())
    }
}
