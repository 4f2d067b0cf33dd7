//! What events share, each read once and held by all that show it.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use diesel::prelude::*;
use tradebook_model::{
    Account, Classification, Currency, EventProduct, ProductType, RatePeriod, RewardsParticipant,
    Unit, User,
};

use crate::StoreError;
use crate::connection::AnyConnection;
use crate::import::records::{
    RatePeriodRecord, from_account_row, from_classification_row, from_currency_row,
    from_participant_row, from_product_type_row, from_rate_period_row, from_unit_row,
};
use crate::import::rows::{
    AccountRow, ClassificationRow, CurrencyRow, ParticipantRow, ProductTypeRow, PurchaseLineRow,
    PurchaseRow, RatePeriodRow, UnitRow,
};
use crate::rows::{stored, stored_option};
use crate::schema::{
    accounts_receivable, classifications, currencies, currency_rate_periods, product_types,
    products, rewards_participants, units, users,
};
use crate::sign_in::{USER, UserRow, user};

/// How many records of a kind are kept from batch to batch: memory does not grow with what was read.
const KEPT: usize = 10_000;

/// Records that were read, by what events know them by. What does not exist is kept as well.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) accounts: Records<i32, Account>,
    /// By account.
    pub(super) participants: Records<i32, RewardsParticipant>,
    pub(super) classifications: Records<i32, Classification>,
    pub(super) units: Records<i32, Unit>,
    pub(super) users: Records<i32, User>,
    pub(super) currencies: Records<String, Currency>,
    pub(super) rate_periods: Records<i32, RatePeriod>,
    pub(super) products: Records<i32, EventProduct>,
    product_types: Records<String, ProductType>,
}

/// Records of one kind.
#[derive(Debug)]
pub(super) struct Records<K, T> {
    by_key: HashMap<K, Option<Arc<T>>>,
}

impl<K, T> Default for Records<K, T> {
    fn default() -> Self {
        Self { by_key: HashMap::new() }
    }
}

impl<K: Ord + Hash + Clone, T> Records<K, T> {
    /// The record of a key, where there is one.
    pub(super) fn get<Q>(&self, key: &Q) -> Option<Arc<T>>
    where
        K: std::borrow::Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.by_key.get(key).cloned().flatten()
    }

    /// The record that an event refers to by a key.
    pub(super) fn optional(&self, key: Option<&K>) -> Option<Arc<T>> {
        key.and_then(|key| self.get(key))
    }

    /// Those of a batch's keys that were not read yet, which count as missing from now on.
    fn missing(&mut self, keys: impl Iterator<Item = K>) -> Vec<K> {
        let keys: BTreeSet<K> = keys.collect();
        if self.by_key.len() > KEPT {
            self.by_key.clear();
        }
        let missing: Vec<K> =
            keys.into_iter().filter(|key| !self.by_key.contains_key(key)).collect();
        for key in &missing {
            self.by_key.insert(key.clone(), None);
        }
        missing
    }

    fn insert(&mut self, key: K, record: T) {
        self.by_key.insert(key, Some(Arc::new(record)));
    }
}

impl Shared {
    /// Reads what a batch of events refers to.
    pub(super) fn read_for_events(
        &mut self,
        connection: &mut AnyConnection,
        organization: i32,
        events: &[PurchaseRow],
    ) -> Result<(), StoreError> {
        self.read_accounts(connection, organization, events)?;
        self.read_kinds(connection, organization, events)?;
        let rate_periods = self.read_rate_periods(connection, organization, events)?;
        let codes = events.iter().filter_map(|event| event.currency.clone());
        let codes = codes.chain(rate_periods.iter().map(|period| period.currency.to_string()));
        for code in self.currencies.missing(codes) {
            // A currency that is known by its code alone.
            let currency = Currency {
                code: stored("an event's currency", code.parse())?,
                name: None,
                exchange_rate: None,
                prefix_symbol: None,
                suffix_symbol: None,
            };
            let row: Option<CurrencyRow> = currencies::table
                .select(CurrencyRow::ALL)
                .find((organization, &code))
                .get_result(connection)
                .optional()?;
            let known = row.map(from_currency_row).transpose()?.map(|(currency, _)| currency);
            self.currencies.insert(code, known.unwrap_or(currency));
        }
        for period in rate_periods {
            let RatePeriodRecord { key, id, currency, rate, inverse_rate, from_date, to_date } =
                period;
            let Some(currency) = self.currencies.get(currency.as_str()) else { continue };
            let currency = Currency::clone(&currency);
            let period = RatePeriod { id, currency, rate, inverse_rate, from_date, to_date };
            self.rate_periods.insert(key.get(), period);
        }
        Ok(())
    }

    fn read_accounts(
        &mut self,
        connection: &mut AnyConnection,
        organization: i32,
        events: &[PurchaseRow],
    ) -> Result<(), StoreError> {
        let accounts = || events.iter().map(|event| event.account_id);
        let ids = self.accounts.missing(accounts());
        if !ids.is_empty() {
            let rows: Vec<AccountRow> = accounts_receivable::table
                .select(AccountRow::ALL)
                .filter(accounts_receivable::organization_id.eq(organization))
                .filter(accounts_receivable::id.eq_any(ids))
                .load(connection)?;
            for row in rows {
                let (record, _) = from_account_row(row)?;
                self.accounts.insert(record.key.get(), record.account);
            }
        }
        let ids = self.participants.missing(accounts());
        if !ids.is_empty() {
            let rows: Vec<ParticipantRow> = rewards_participants::table
                .select(ParticipantRow::ALL)
                .filter(rewards_participants::organization_id.eq(organization))
                .filter(rewards_participants::account_id.eq_any(ids))
                // Of several the one with the least number is shown: it comes last.
                .order((rewards_participants::account_id, rewards_participants::number.desc()))
                .load(connection)?;
            for row in rows {
                let (record, _) = from_participant_row(row)?;
                self.participants.insert(record.account.get(), record.participant);
            }
        }
        Ok(())
    }

    fn read_kinds(
        &mut self,
        connection: &mut AnyConnection,
        organization: i32,
        events: &[PurchaseRow],
    ) -> Result<(), StoreError> {
        let ids =
            self.classifications.missing(events.iter().filter_map(|event| event.classification_id));
        if !ids.is_empty() {
            let rows: Vec<ClassificationRow> = classifications::table
                .select(ClassificationRow::ALL)
                .filter(classifications::organization_id.eq(organization))
                .filter(classifications::id.eq_any(ids))
                .load(connection)?;
            for row in rows {
                let (record, _) = from_classification_row(row)?;
                self.classifications.insert(record.key.get(), record.classification);
            }
        }
        let ids = self.units.missing(events.iter().filter_map(|event| event.unit_id));
        if !ids.is_empty() {
            let rows: Vec<UnitRow> = units::table
                .select(UnitRow::ALL)
                .filter(units::organization_id.eq(organization))
                .filter(units::id.eq_any(ids))
                .load(connection)?;
            for row in rows {
                let (record, _) = from_unit_row(row)?;
                self.units.insert(record.key.get(), record.unit);
            }
        }
        let writers = events.iter().flat_map(|event| [event.created_by, event.updated_by]);
        let ids = self.users.missing(writers.flatten());
        if !ids.is_empty() {
            let rows: Vec<UserRow> = users::table
                .select(USER)
                .filter(users::organization_id.eq(organization))
                .filter(users::id.eq_any(ids))
                .load(connection)?;
            for row in rows {
                let user = user(row)?;
                self.users.insert(user.id.get(), user);
            }
        }
        Ok(())
    }

    fn read_rate_periods(
        &mut self,
        connection: &mut AnyConnection,
        organization: i32,
        events: &[PurchaseRow],
    ) -> Result<Vec<RatePeriodRecord>, StoreError> {
        let ids = self.rate_periods.missing(events.iter().filter_map(|event| event.rate_period_id));
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<RatePeriodRow> = currency_rate_periods::table
            .select(RatePeriodRow::ALL)
            .filter(currency_rate_periods::organization_id.eq(organization))
            .filter(currency_rate_periods::id.eq_any(ids))
            .load(connection)?;
        rows.into_iter().map(|row| Ok(from_rate_period_row(row)?.0)).collect()
    }

    /// Reads the products of a batch of lines, with their types.
    pub(super) fn read_for_lines(
        &mut self,
        connection: &mut AnyConnection,
        organization: i32,
        lines: &[PurchaseLineRow],
    ) -> Result<(), StoreError> {
        type Columns = (i32, String, Option<String>, Option<String>, Option<String>);
        let ids = self.products.missing(lines.iter().map(|line| line.product_id));
        if ids.is_empty() {
            return Ok(());
        }
        let rows: Vec<Columns> = products::table
            .select((
                products::id,
                products::code,
                products::alternative_code,
                products::description,
                products::product_type,
            ))
            .filter(products::organization_id.eq(organization))
            .filter(products::id.eq_any(ids))
            .load(connection)?;
        let names = self.product_types.missing(rows.iter().filter_map(|row| row.4.clone()));
        if !names.is_empty() {
            let rows: Vec<ProductTypeRow> = product_types::table
                .select(ProductTypeRow::ALL)
                .filter(product_types::organization_id.eq(organization))
                .filter(product_types::name.eq_any(names))
                .load(connection)?;
            for row in rows {
                let (product_type, _) = from_product_type_row(row)?;
                self.product_types.insert(product_type.name.to_string(), product_type);
            }
        }
        for (id, code, alternative_code, description, product_type) in rows {
            let product = EventProduct {
                id: stored("a product's id", tradebook_model::ProductId::new(id))?,
                code: stored("a product's code", code.parse())?,
                alternative_code: stored_option(
                    "a product's alternative code",
                    alternative_code,
                    |text| text.parse(),
                )?,
                description: stored_option("a product's description", description, |text| {
                    text.parse()
                })?,
                // A type that is only a name has nothing else to show, and no id.
                product_type: self.product_types.optional(product_type.as_ref()),
            };
            self.products.insert(id, product);
        }
        Ok(())
    }
}
