//! Customers as the table holds them.

use diesel::prelude::*;
use time::OffsetDateTime;
use tradebook_model::{Customer, CustomerId, ImageName, OrganizationId, PaymentTypeId};

use crate::StoreError;
use crate::connection::AnyConnection;
use crate::import::records::{from_customer_row, to_customer_row};
use crate::import::rows::CustomerRow as Columns;
use crate::rows::{millis, moment, stored_option};
use crate::schema::{customer_payment_types, customers};

/// What the store knows of a customer beyond the domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamps {
    /// When the customer came to be.
    pub(super) created: OffsetDateTime,
    /// When it last changed.
    pub(super) updated: OffsetDateTime,
    /// Grows with every change.
    pub(super) version: i64,
}

/// A customer without its payment types, its own list and what searches read, which have ways of their own.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = customers)]
pub(super) struct CustomerRow {
    /// What imports know too.
    #[diesel(embed)]
    pub(super) columns: Columns,
    #[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
    logo: Option<String>,
    version: i64,
}

impl CustomerRow {
    pub(super) fn new(
        organization: OrganizationId,
        customer: &Customer,
        logo: Option<&ImageName>,
        stamps: &Stamps,
    ) -> Self {
        let Stamps { created, updated, version } = stamps;
        let moments = (millis(*created), millis(*updated));
        Self {
            // No import has seen it as it is now.
            columns: to_customer_row(organization.get(), customer, moments, 0),
            logo: logo.map(ToString::to_string),
            version: *version,
        }
    }

    /// The customer, with its payment types, which come from a table of their own; its logo; when it changed.
    pub(super) fn into_domain(
        self,
        payment_types: Vec<PaymentTypeId>,
    ) -> Result<(Customer, Option<ImageName>, Stamps), StoreError> {
        let Self { columns, logo, version } = self;
        let stamps = Stamps {
            created: moment(columns.date_created)?,
            updated: moment(columns.last_updated)?,
            version,
        };
        let (customer, _) = from_customer_row(columns, payment_types)?;
        let logo = stored_option("a customer's logo", logo, |name| name.parse())?;
        Ok((customer, logo, stamps))
    }
}

/// Replaces the payment types of a customer.
pub(super) fn put_payment_types(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    customer: CustomerId,
    payment_types: &[PaymentTypeId],
) -> Result<(), StoreError> {
    diesel::delete(
        customer_payment_types::table
            .filter(customer_payment_types::organization_id.eq(organization.get()))
            .filter(customer_payment_types::customer_id.eq(customer.get())),
    )
    .execute(connection)?;
    for (position, payment_type) in (1_i16..).zip(payment_types) {
        diesel::insert_into(customer_payment_types::table)
            .values((
                customer_payment_types::organization_id.eq(organization.get()),
                customer_payment_types::customer_id.eq(customer.get()),
                customer_payment_types::payment_type_id.eq(payment_type.get()),
                customer_payment_types::position.eq(position),
            ))
            .execute(connection)?;
    }
    Ok(())
}
