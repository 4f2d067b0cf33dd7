//! Removing what the files of an import no longer have.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use super::{Coded, Import, Ledger};
use crate::StoreError;
use crate::schema::{
    agreed_prices, categories, contacts, currencies, customer_part_numbers, customer_payment_types,
    customers, ledger_documents, ledger_lines, payment_types, price_lists, prices, products,
    regions, segmentations, users,
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
}

impl Import<'_> {
    /// Removes what this import has not seen, and says how much that was.
    pub fn remove_unseen(&mut self, unseen: Unseen) -> Result<u64, StoreError> {
        let (organization, first) = (self.session.organization.get(), self.first_touch());
        let mut within = |table: &str, owner: &str| {
            diesel::sql_query(format!(
                "DELETE FROM {table} WHERE organization_id = $1 AND touched < $2 AND {owner} IN \
                 (SELECT {owner} FROM {table} WHERE organization_id = $1 AND touched >= $2)"
            ))
            .bind::<Integer, _>(organization)
            .bind::<BigInt, _>(first)
            .execute(self.session.connection)
        };
        let removed = match unseen {
            Unseen::Prices => within("prices", "list_id")?,
            Unseen::AgreedPrices => within("agreed_prices", "customer_id")?,
            Unseen::PartNumbers => within("customer_part_numbers", "customer_id")?,
            Unseen::Currencies => diesel::delete(
                currencies::table
                    .filter(currencies::organization_id.eq(organization))
                    .filter(currencies::touched.lt(first)),
            )
            .execute(self.session.connection)?,
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
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }

    /// Removes rows that belong to records that are to be removed, and that this import has not seen.
    pub fn remove_belongings(&mut self, unseen: Unseen, ids: &[i32]) -> Result<u64, StoreError> {
        let (organization, first) = (self.session.organization.get(), self.first_touch());
        let mut removed = 0;
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
                Unseen::Currencies | Unseen::Lines(_) => 0,
            };
        }
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
                Coded::Users => refers_nullable!(Referrer::Customers, customers, user_id),
                Coded::PaymentTypes => {
                    refers!(Referrer::Customers, customer_payment_types, payment_type_id);
                }
                Coded::Contacts => {}
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
                Coded::Customers => {
                    remove!(customer_payment_types, customer_id);
                    remove!(customers, id)
                }
            };
        }
        Ok(())
    }
}
