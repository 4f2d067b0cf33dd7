//! What a price book has of some customers.

use diesel::prelude::*;
use tradebook_model::{AgreedPrice, BookCustomer, CustomerId, OrganizationId, Revision};

use crate::book::{BookAgreementRow, BookCustomerRow};
use crate::schema::{agreed_prices, customers, organizations};
use crate::{Store, StoreError};

/// A customer and the prices agreed with it.
pub type CustomerWithPrices = (BookCustomer, Vec<AgreedPrice>);

impl Store {
    /// Those of some customers that there are, in the order in which they are named, each with its agreed prices, and the
    /// revision that the organization has, at one moment: as [`Store::read_book`] would read them.
    /// [`StoreError::NotFound`] where there is no such organization.
    pub fn read_book_customers(
        &self,
        organization: OrganizationId,
        ids: &[CustomerId],
    ) -> Result<(Revision, Vec<CustomerWithPrices>), StoreError> {
        self.read_of(organization, |connection| {
            let revision: i64 = organizations::table
                .select(organizations::revision)
                .filter(organizations::id.eq(organization.get()))
                .get_result(connection)
                .optional()?
                .ok_or_else(|| StoreError::not_found("organization", organization))?;
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                let customer: Option<BookCustomerRow> = customers::table
                    .select(BookCustomerRow::as_select())
                    .filter(customers::organization_id.eq(organization.get()))
                    .filter(customers::id.eq(id.get()))
                    .get_result(connection)
                    .optional()?;
                let Some(customer) = customer else { continue };
                let agreed: Vec<BookAgreementRow> = agreed_prices::table
                    .select(BookAgreementRow::as_select())
                    .filter(agreed_prices::organization_id.eq(organization.get()))
                    .filter(agreed_prices::customer_id.eq(id.get()))
                    .load(connection)?;
                let agreed = agreed
                    .into_iter()
                    .map(BookAgreementRow::into_domain)
                    .collect::<Result<_, _>>()?;
                found.push((customer.into_domain()?, agreed));
            }
            Ok((Revision(revision), found))
        })
    }
}
