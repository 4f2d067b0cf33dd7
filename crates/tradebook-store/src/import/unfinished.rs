//! What an import has written that nobody is to see: until its end, and after it was killed.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};
use tradebook_model::OrganizationId;

use crate::connection::AnyConnection;
use crate::schema::{prices, unfinished_imports};
use crate::transaction::{Outcome, is_postgres};
use crate::{Store, StoreError};

/// How many rows are removed with one transaction.
const AT_ONCE: usize = 5000;
/// How many prices are looked at with one transaction.
const PRICES_AT_ONCE: i64 = 20_000;

/// Where what is not to be seen of an organization begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hidden {
    /// The first id of orders and invoices.
    pub(crate) document: i64,
    /// The first touch of prices.
    pub(crate) touch: i64,
}

/// What is not to be seen of an organization.
pub(crate) fn hidden(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Hidden, StoreError> {
    let row: Option<(i64, i64)> = if is_postgres(connection) {
        None
    } else {
        unfinished_imports::table
            .select((unfinished_imports::first_document, unfinished_imports::first_touch))
            .find(organization.get())
            .get_result(connection)
            .optional()?
    };
    let (document, touch) = row.unwrap_or((i64::MAX, i64::MAX));
    Ok(Hidden { document, touch })
}

/// Whether a line of orders or invoices may be seen. Where all may, as almost always, nothing is asked of a line, and indexes
/// that do not know its document can answer.
pub(crate) fn is_visible(first_hidden: i64) -> diesel::expression::SqlLiteral<Bool> {
    diesel::dsl::sql::<Bool>(&if first_hidden == i64::MAX {
        "1 = 1".to_owned()
    } else {
        format!("ledger_lines.document_id < {first_hidden}")
    })
}

impl Store {
    /// Removes what imports have left that were killed, of one organization or of all. Nobody has seen it. No import may go on.
    pub(crate) fn discard_unfinished(&self, of: Option<OrganizationId>) -> Result<(), StoreError> {
        let unfinished: Vec<(i32, i64, i64)> = self.read_snapshot(|connection| {
            Ok(unfinished_imports::table
                .select(unfinished_imports::all_columns)
                .load(connection)?)
        })?;
        for (organization, first, first_touch) in unfinished {
            if of.is_some_and(|of| of.get() != organization) {
                continue;
            }
            tracing::debug!(organization, "what an import has left is removed");
            for (table, id, key) in [
                ("ledger_lines", "document_id", "organization_id, ledger, document_id, line"),
                ("ledger_documents", "id", "organization_id, ledger, id"),
            ] {
                for ledger in [1, 2] {
                    let sql = format!(
                        "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} \
                         WHERE organization_id = $1 AND ledger = {ledger} AND {id} >= $2 LIMIT {AT_ONCE})"
                    );
                    while self.delete(&sql, organization, first)? == AT_ONCE {}
                }
            }
            self.discard_prices(organization, first_touch)?;
            self.change(|connection| {
                diesel::delete(unfinished_imports::table.find(organization)).execute(connection)?;
                Ok(Outcome::Commit(()))
            })?;
        }
        Ok(())
    }

    fn delete(&self, sql: &str, organization: i32, first: i64) -> Result<usize, StoreError> {
        self.change(|connection| {
            let deleted = diesel::sql_query(sql)
                .bind::<Integer, _>(organization)
                .bind::<BigInt, _>(first)
                .execute(connection)?;
            Ok(Outcome::Commit(deleted))
        })
    }

    /// Removes hidden prices, a part of all prices at a time: they may lie anywhere.
    fn discard_prices(&self, organization: i32, first_touch: i64) -> Result<(), StoreError> {
        let mut after = (0, 0);
        loop {
            let last: Option<(i32, i32)> = self.read_snapshot(|connection| {
                Ok(prices::table
                    .select((prices::list_id, prices::product_id))
                    .filter(prices::organization_id.eq(organization))
                    .filter(
                        prices::list_id
                            .gt(after.0)
                            .or(prices::list_id.eq(after.0).and(prices::product_id.gt(after.1))),
                    )
                    .order((prices::list_id, prices::product_id))
                    .offset(PRICES_AT_ONCE)
                    .limit(1)
                    .get_result(connection)
                    .optional()?)
            })?;
            let (list, product) = last.unwrap_or((i32::MAX, i32::MAX));
            self.change(|connection| {
                let deleted = diesel::sql_query(
                    "DELETE FROM prices WHERE organization_id = $1 \
                     AND (list_id, product_id) > ($2, $3) AND (list_id, product_id) <= ($4, $5) \
                     AND touched >= $6",
                )
                .bind::<Integer, _>(organization)
                .bind::<Integer, _>(after.0)
                .bind::<Integer, _>(after.1)
                .bind::<Integer, _>(list)
                .bind::<Integer, _>(product)
                .bind::<BigInt, _>(first_touch)
                .execute(connection)?;
                Ok(Outcome::Commit(deleted))
            })?;
            if last.is_none() {
                return Ok(());
            }
            after = (list, product);
        }
    }
}
