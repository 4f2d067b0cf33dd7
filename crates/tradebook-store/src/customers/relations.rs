//! Finds what a customer is to refer to.

use diesel::dsl::min;
use diesel::prelude::*;
use tradebook_model::{
    CategoryId, CurrencyCode, CustomerId, OrganizationId, PaymentTypeId, RecordRef, RegionId,
    SegmentationId, Setting, UserId,
};

use super::fault::{CustomerError, CustomerFault, Relation};
use super::iso_4217::is_listed;
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::rows::{stored, stored_option};
use crate::schema::{
    categories, currencies, customers, organization_settings, payment_types, regions,
    segmentations, users,
};

macro_rules! finders {
    ($($(#[$doc:meta])* $name:ident: $table:ident.$reference:ident, $id:ident, $relation:ident;)*) => {$(
        $(#[$doc])*
        pub(super) fn $name(
            connection: &mut AnyConnection,
            organization: OrganizationId,
            given: &RecordRef,
        ) -> Result<$id, CustomerError> {
            let query = $table::table
                .select($table::id)
                .filter($table::organization_id.eq(organization.get()));
            let id: Option<i32> = match given {
                RecordRef::Id(id) => match i32::try_from(*id) {
                    Ok(id) => query.filter($table::id.eq(id)).get_result(connection).optional(),
                    Err(_) => Ok(None),
                },
                RecordRef::Reference(reference) => query
                    .filter($table::$reference.eq(reference.trim()))
                    .get_result(connection)
                    .optional(),
            }
            .map_err(StoreError::from)?;
            let id = id.ok_or_else(|| CustomerFault::UnknownRelation {
                relation: Relation::$relation,
                given: given.clone(),
            })?;
            Ok(stored("the id of a record", $id::new(id))?)
        }
    )*};
}

finders! {
    category: categories.reference, CategoryId, Category;
    segmentation: segmentations.reference, SegmentationId, Segmentation;
    parent: customers.reference, CustomerId, ParentCustomer;
    user: users.reference, UserId, User;
    payment_type: payment_types.reference, PaymentTypeId, PaymentType;
    /// Regions have no reference; their name is as unique.
    region: regions.name, RegionId, Region;
}

/// The category that customers have who name none: the one without a parent, of several the first; `None` where there are
/// no categories.
pub(super) fn root_category(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<CategoryId>, StoreError> {
    let id: Option<i32> = categories::table
        .select(min(categories::id))
        .filter(categories::organization_id.eq(organization.get()))
        .filter(categories::parent_id.is_null())
        .get_result(connection)?;
    stored_option("a category's id", id, CategoryId::new)
}

/// The value of a setting; `None` where it has its default.
pub(super) fn setting(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    setting: Setting,
) -> Result<Option<String>, StoreError> {
    Ok(organization_settings::table
        .select(organization_settings::value)
        .find((organization.get(), setting.name()))
        .get_result(connection)
        .optional()?)
}

/// The organization's own currency.
pub(super) fn own_currency(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<CurrencyCode, StoreError> {
    let value = setting(connection, organization, Setting::Currency)?
        .ok_or_else(|| StoreError::not_found("organization", organization))?;
    stored("an organization's currency", value.parse())
}

/// A currency as given: the organization's own, or one with an exchange rate.
pub(super) fn currency(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    given: &str,
) -> Result<CurrencyCode, CustomerError> {
    let unknown = || CustomerFault::UnknownCurrency(given.trim().to_owned());
    let code: CurrencyCode = given.parse().map_err(|_| unknown())?;
    if code == own_currency(connection, organization)? {
        return Ok(code);
    }
    let configured: i64 = currencies::table
        .filter(currencies::organization_id.eq(organization.get()))
        .filter(currencies::code.eq(code.as_str()))
        .filter(currencies::exchange_rate.is_not_null())
        .count()
        .get_result(connection)
        .map_err(StoreError::from)?;
    if configured > 0 {
        return Ok(code);
    }
    Err(if is_listed(code.as_str()) {
        CustomerFault::CurrencyNotConfigured(code)
    } else {
        unknown()
    }
    .into())
}
