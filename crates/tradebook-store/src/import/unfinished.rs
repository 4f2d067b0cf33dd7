//! What an import has written that nobody is to see: until its end, and after it was killed.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};
use tradebook_model::OrganizationId;

use crate::connection::AnyConnection;
use crate::schema::unfinished_imports;
use crate::transaction::{Outcome, is_postgres};
use crate::{Store, StoreError};

/// How many rows are removed with one transaction.
const AT_ONCE: usize = 5000;

/// The first id of the organization's orders and invoices that are not to be seen.
pub(crate) fn first_hidden_document(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<i64, StoreError> {
    if is_postgres(connection) {
        return Ok(i64::MAX);
    }
    let first: Option<i64> = unfinished_imports::table
        .select(unfinished_imports::first_document)
        .find(organization.get())
        .get_result(connection)
        .optional()?;
    Ok(first.unwrap_or(i64::MAX))
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
        let unfinished: Vec<(i32, i64)> = self.read_snapshot(|connection| {
            Ok(unfinished_imports::table
                .select((unfinished_imports::organization_id, unfinished_imports::first_document))
                .load(connection)?)
        })?;
        for (organization, first) in unfinished {
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
}
