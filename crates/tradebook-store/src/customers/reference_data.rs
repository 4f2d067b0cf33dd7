//! Lists of what customers refer to. There are few of each, so they are read whole, and searched and sorted here.

use diesel::prelude::*;
use tradebook_model::{
    Category, Contact, Currency, OrganizationId, PaymentType, RecordRef, Region, Segmentation, User,
};

use super::record::Page;
use super::wildcard::Wildcard;
use crate::import::records::{
    from_category_row, from_contact_row, from_currency_row, from_payment_type_row, from_region_row,
    from_segmentation_row, from_user_row, shown,
};
use crate::import::rows::{
    CategoryRow, ContactRow, CurrencyRow, PaymentTypeRow, RegionRow, SegmentationRow, UserRow,
};
use crate::schema::{
    categories, contacts, currencies, payment_types, regions, segmentations, users,
};
use crate::{Store, StoreError};

/// By what a list of referenced records is sorted; within the same value by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReferenceSort {
    /// By id; currencies by code.
    #[default]
    Id,
    /// By reference; regions by name, currencies by code.
    Reference,
    /// By name, absent ones first; contacts by last and then first name.
    Name,
}

/// A page of a list of referenced records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceQuery {
    /// Of the reference; of a region's name, of a currency's code.
    pub reference: Option<Wildcard>,
    /// Of the name; one that is absent is not found.
    pub name: Option<Wildcard>,
    /// The order.
    pub sort: ReferenceSort,
    /// From the greatest value to the least.
    pub descending: bool,
    /// How many are passed over.
    pub offset: u64,
    /// How many are shown at most.
    pub max: u32,
}

impl Default for ReferenceQuery {
    /// The first hundred by id.
    fn default() -> Self {
        Self {
            reference: None,
            name: None,
            sort: ReferenceSort::Id,
            descending: false,
            offset: 0,
            max: 100,
        }
    }
}

/// What lists know of a record.
struct Listed<T> {
    id: i32,
    reference: String,
    name: Option<String>,
    record: T,
}

impl ReferenceQuery {
    fn page<T>(&self, mut listed: Vec<Listed<T>>) -> Page<T> {
        listed.retain(|listed| {
            let reference =
                self.reference.as_ref().is_none_or(|search| search.matches(&listed.reference));
            let name = self
                .name
                .as_ref()
                .is_none_or(|search| listed.name.as_ref().is_some_and(|name| search.matches(name)));
            reference && name
        });
        listed.sort_by(|one, other| {
            let by_value = match self.sort {
                ReferenceSort::Id => std::cmp::Ordering::Equal,
                ReferenceSort::Reference => one.reference.cmp(&other.reference),
                ReferenceSort::Name => one.name.cmp(&other.name),
            };
            by_value.then(one.id.cmp(&other.id))
        });
        if self.descending {
            listed.reverse();
        }
        let total = u64::try_from(listed.len()).unwrap_or(u64::MAX);
        let skip = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(self.max).unwrap_or(usize::MAX);
        let records =
            listed.into_iter().skip(skip).take(take).map(|listed| listed.record).collect();
        Page { total, records }
    }
}

/// The record that a request names.
fn pick<T>(listed: Vec<Listed<T>>, given: &RecordRef) -> Option<T> {
    listed
        .into_iter()
        .find(|listed| match given {
            RecordRef::Id(id) => listed.id > 0 && i64::from(listed.id) == *id,
            RecordRef::Reference(reference) => listed.reference == reference.trim(),
        })
        .map(|listed| listed.record)
}

macro_rules! reference_lists {
    ($($(#[$list_doc:meta])* $list:ident, $(#[$show_doc:meta])* $show:ident, $load:ident -> $record:ty;)*) => {
        impl Store {$(
            $(#[$list_doc])*
            pub fn $list(
                &self,
                organization: OrganizationId,
                query: &ReferenceQuery,
            ) -> Result<Page<$record>, StoreError> {
                Ok(query.page(self.$load(organization)?))
            }

            $(#[$show_doc])*
            pub fn $show(
                &self,
                organization: OrganizationId,
                given: &RecordRef,
            ) -> Result<Option<$record>, StoreError> {
                Ok(pick(self.$load(organization)?, given))
            }
        )*}
    };
}

reference_lists! {
    /// A page of the customer categories.
    list_categories,
    /// A customer category.
    show_category, load_categories -> Category;
    /// A page of the customer segmentations.
    list_segmentations,
    /// A customer segmentation.
    show_segmentation, load_segmentations -> Segmentation;
    /// A page of the ways to pay.
    list_payment_types,
    /// A way to pay.
    show_payment_type, load_payment_types -> PaymentType;
    /// A page of the regions.
    list_regions,
    /// A region, by its id or name.
    show_region, load_regions -> Region;
    /// A page of the users.
    list_users,
    /// A user.
    show_user, load_users -> User;
    /// A page of the configured currencies, the organization's own among them only where it was configured too.
    list_currencies,
    /// A configured currency, by its code in upper case; it has no id.
    show_currency, load_currencies -> Currency;
    /// A page of the contacts of all customers.
    list_contacts,
    /// A contact, by its id or the reference that files know it by.
    show_contact, load_contacts -> Contact;
}

/// Declares what lists know of each kind of record: its id, its reference and its name.
macro_rules! loads {
    ($(
        $load:ident: $row:ident of $table:ident by $key:ident, $read:ident -> $record:ident,
            |$it:ident| ($id:expr, $reference:expr, $name:expr);
    )*) => {
        impl Store {$(
            fn $load(
                &self,
                organization: OrganizationId,
            ) -> Result<Vec<Listed<$record>>, StoreError> {
                let rows: Vec<$row> = $table::table
                    .select($row::ALL)
                    .filter($table::organization_id.eq(organization.get()))
                    .order($table::$key)
                    .load(&mut *self.pools().read()?)?;
                rows.into_iter()
                    .map(|row| {
                        let ($it, _) = $read(row)?;
                        let (id, reference, name) = ($id, $reference.to_string(), $name);
                        Ok(Listed { id, reference, name, record: $it })
                    })
                    .collect()
            }
        )*}
    };
}

loads! {
    load_categories: CategoryRow of categories by id, from_category_row -> Category,
        |it| (it.id.get(), it.reference, shown(&it.name));
    load_segmentations: SegmentationRow of segmentations by id, from_segmentation_row -> Segmentation,
        |it| (it.id.get(), it.reference, shown(&it.name));
    load_payment_types: PaymentTypeRow of payment_types by id, from_payment_type_row -> PaymentType,
        |it| (it.id.get(), it.reference, shown(&it.name));
    load_regions: RegionRow of regions by id, from_region_row -> Region,
        |it| (it.id.get(), it.name, Some(it.name.to_string()));
    load_users: UserRow of users by id, from_user_row -> User,
        |it| (it.id.get(), it.reference, shown(&it.name));
    // They have no ids; their places in the order of their codes sort as ids do. 0 is named by none.
    load_currencies: CurrencyRow of currencies by code, from_currency_row -> Currency,
        |it| (0, it.code, shown(&it.name));
    load_contacts: ContactRow of contacts by id, from_contact_row -> Contact,
        |it| (it.id.get(), it.reference, full_name(&it));
}

/// The last and the first name, as far as there are any.
fn full_name(contact: &Contact) -> Option<String> {
    let names: Vec<&str> = [&contact.last_name, &contact.first_name]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!names.is_empty()).then(|| names.join(" "))
}
