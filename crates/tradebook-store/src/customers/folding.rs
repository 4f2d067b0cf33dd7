//! Folds the names and references that a transaction has left unfolded, so that searches find them.

use diesel::prelude::*;
use tradebook_model::OrganizationId;

use super::wildcard::fold;
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::schema::customers;

/// How many customers are folded between two questions.
const AT_ONCE: i64 = 10_000;

/// Folds what is left to fold. Where nothing is, as almost always, this is a look into an empty index.
pub(crate) fn fold_customers(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    loop {
        let rows: Vec<(i32, String, String)> = customers::table
            .select((customers::id, customers::name, customers::reference))
            .filter(customers::organization_id.eq(organization.get()))
            .filter(customers::search_name.is_null())
            .limit(AT_ONCE)
            .load(connection)?;
        if rows.is_empty() {
            return Ok(());
        }
        for (id, name, reference) in rows {
            diesel::update(customers::table.find((organization.get(), id)))
                .set((
                    customers::search_name.eq(fold(&name)),
                    customers::search_reference.eq(fold(&reference)),
                ))
                .execute(connection)?;
        }
    }
}
