//! Folds the names and references that a transaction has left unfolded, so that searches find them.

use diesel::prelude::*;
use tradebook_model::OrganizationId;

use super::wildcard::fold;
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::schema::customers;
use crate::sql::{Bind, Sql};

/// How many customers are folded with one statement.
const AT_ONCE: i64 = 500;

/// Folds what is left to fold. Where nothing is, as almost always, this is a look into an empty index.
pub(crate) fn fold_customers(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    let mut last = 0;
    loop {
        let rows: Vec<(i32, String, String)> = customers::table
            .select((customers::id, customers::name, customers::reference))
            .filter(customers::organization_id.eq(organization.get()))
            .filter(customers::search_name.is_null())
            // What was folded a moment ago may still lie in the index.
            .filter(customers::id.gt(last))
            .order(customers::id)
            .limit(AT_ONCE)
            .load(connection)?;
        let Some((id, ..)) = rows.last() else { return Ok(()) };
        last = *id;
        let mut update = Sql::default();
        update.push(
            "UPDATE customers SET search_name = folded.column2, search_reference = folded.column3 FROM (VALUES ",
            [],
        );
        for (place, (id, name, reference)) in rows.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            let values = [Bind::Id(*id), Bind::Text(fold(name)), Bind::Text(fold(reference))];
            update.push(&format!("{comma}(?, ?, ?)"), values);
        }
        update.push(
            ") AS folded WHERE customers.organization_id = ? AND customers.id = folded.column1",
            [Bind::Id(organization.get())],
        );
        update.execute(connection)?;
    }
}
