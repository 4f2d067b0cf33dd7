//! The ids of customers' own price lists.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use tradebook_model::OrganizationId;

use crate::StoreError;
use crate::connection::AnyConnection;
use crate::sequence::{Sequence, next_ids};

/// Which customers need a list of their own: those with bespoke terms (as `Terms::is_bespoke` has it) or any agreed
/// price. SQL and the domain must agree; a test compares them.
pub(crate) const NEEDS_OWN_LIST: &str = "(\
     normal_discount IS NOT NULL OR markup_on_cost IS NOT NULL OR bulk <> 0 OR NOT promotions \
     OR EXISTS (SELECT 1 FROM agreed_prices \
                WHERE agreed_prices.organization_id = customers.organization_id \
                AND agreed_prices.customer_id = customers.id))";

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Gives every customer that needs a list of its own and has none the next id of the price lists, in the order of the
/// customers' ids. To be called at the end of every transaction that changes customers or agreed prices. An id once
/// given stays, so that clients find the list again. Returns how many were given.
pub(crate) fn allocate_own_lists(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<i64, StoreError> {
    let Counted { count } = diesel::sql_query(format!(
        "SELECT COUNT(*) AS count FROM customers WHERE organization_id = $1 AND own_list_id IS NULL AND {NEEDS_OWN_LIST}"
    ))
    .bind::<Integer, _>(organization.get())
    .get_result(connection)?;
    if count == 0 {
        return Ok(0);
    }
    let first = next_ids(connection, organization, Sequence::PriceList, count)?;
    // SQLite counts parameters as they first appear, whatever their numbers.
    diesel::sql_query(format!(
        "UPDATE customers SET own_list_id = $1 + ranked.place \
         FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place FROM customers \
               WHERE organization_id = $2 AND own_list_id IS NULL AND {NEEDS_OWN_LIST}) AS ranked \
         WHERE customers.organization_id = $2 AND customers.id = ranked.id"
    ))
    .bind::<BigInt, _>(first)
    .bind::<Integer, _>(organization.get())
    .execute(connection)?;
    Ok(count)
}
