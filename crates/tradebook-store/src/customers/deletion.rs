//! Deletes a customer, where nothing else is left of it.

use diesel::prelude::*;
use tradebook_model::{CustomerId, OrganizationId};

use super::fault::{CustomerError, CustomerFault, InUse};
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::schema::{
    accounts_receivable, agreed_prices, customer_part_numbers, customer_payment_types, customers,
    ledger_documents,
};

/// Deletes a customer with its contacts, part numbers and payment types. Sub-customers, sales, accounts and agreed
/// prices keep it.
pub(super) fn delete(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    customer: CustomerId,
) -> Result<(), CustomerError> {
    /// Whether a table has a row of the customer.
    macro_rules! exists {
        ($table:ident.$column:ident) => {
            diesel::select(diesel::dsl::exists(
                $table::table
                    .filter($table::organization_id.eq(organization.get()))
                    .filter($table::$column.eq(customer.get())),
            ))
            .get_result::<bool>(connection)
            .map_err(StoreError::from)?
        };
    }
    if exists!(customers.parent_id) {
        return Err(CustomerFault::InUse(InUse::SubCustomers).into());
    }
    if exists!(ledger_documents.customer_id) {
        return Err(CustomerFault::InUse(InUse::Sales).into());
    }
    if exists!(accounts_receivable.customer_id) {
        return Err(CustomerFault::InUse(InUse::Accounts).into());
    }
    if exists!(agreed_prices.customer_id) {
        return Err(CustomerFault::InUse(InUse::Agreements).into());
    }
    /// Removes the customer's rows of a table.
    macro_rules! remove {
        ($table:ident.$column:ident) => {
            diesel::delete(
                $table::table
                    .filter($table::organization_id.eq(organization.get()))
                    .filter($table::$column.eq(customer.get())),
            )
            .execute(connection)
        };
    }
    remove!(customer_payment_types.customer_id).map_err(StoreError::from)?;
    remove!(customer_part_numbers.customer_id).map_err(StoreError::from)?;
    remove!(customers.id).map_err(|error| match StoreError::from(error) {
        // A table of a later release refers to customers too.
        StoreError::BrokenReference { .. } => CustomerFault::InUse(InUse::Others).into(),
        other => CustomerError::Store(other),
    })?;
    Ok(())
}
