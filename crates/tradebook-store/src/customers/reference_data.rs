//! Lists of what customers refer to. There are few of each, so they are read whole, and searched and sorted here.

use diesel::prelude::*;
use tradebook_model::{
    Category, CategoryId, Contact, Currency, OrganizationId, PaymentType, PaymentTypeId, RecordRef,
    Region, RegionId, Segmentation, SegmentationId, ShortText, User, UserId,
};

use super::record::Page;
use super::wildcard::Wildcard;
use crate::import::records::from_contact_row;
use crate::import::rows::ContactRow;
use crate::rows::{stored, stored_option};
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
    show_payment_type, load_listed_payment_types -> PaymentType;
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

/// Reads a table of id, reference and name into records that have exactly these.
macro_rules! load_named {
    ($store:expr, $organization:expr, $table:ident, $id:ident, $record:ident) => {{
        let rows: Vec<(i32, String, Option<String>)> = $table::table
            .select(($table::id, $table::reference, $table::name))
            .filter($table::organization_id.eq($organization.get()))
            .load(&mut *$store.pools().read()?)?;
        rows.into_iter()
            .map(|(id, reference, name)| {
                let record = $record {
                    id: stored("the id of a record", $id::new(id))?,
                    reference: stored("the reference of a record", reference.parse())?,
                    name: optional_text(name.as_deref())?,
                };
                Ok(Listed { id, reference, name, record })
            })
            .collect()
    }};
}

fn optional_text(text: Option<&str>) -> Result<Option<ShortText>, StoreError> {
    stored_option("a text of a record", text, ShortText::new)
}

impl Store {
    fn load_segmentations(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<Listed<Segmentation>>, StoreError> {
        load_named!(self, organization, segmentations, SegmentationId, Segmentation)
    }

    fn load_listed_payment_types(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<Listed<PaymentType>>, StoreError> {
        load_named!(self, organization, payment_types, PaymentTypeId, PaymentType)
    }

    fn load_categories(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<Listed<Category>>, StoreError> {
        let rows: Vec<(i32, String, Option<String>, Option<i32>)> = categories::table
            .select((
                categories::id,
                categories::reference,
                categories::name,
                categories::parent_id,
            ))
            .filter(categories::organization_id.eq(organization.get()))
            .load(&mut *self.pools().read()?)?;
        rows.into_iter()
            .map(|(id, reference, name, parent)| {
                let record = Category {
                    id: stored("a category's id", CategoryId::new(id))?,
                    reference: stored("a category's reference", reference.parse())?,
                    name: optional_text(name.as_deref())?,
                    parent: stored_option("a category's parent", parent, CategoryId::new)?,
                };
                Ok(Listed { id, reference, name, record })
            })
            .collect()
    }

    fn load_regions(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<Listed<Region>>, StoreError> {
        let rows: Vec<(i32, String, Option<i32>)> = regions::table
            .select((regions::id, regions::name, regions::parent_id))
            .filter(regions::organization_id.eq(organization.get()))
            .load(&mut *self.pools().read()?)?;
        rows.into_iter()
            .map(|(id, name, parent)| {
                let record = Region {
                    id: stored("a region's id", RegionId::new(id))?,
                    name: stored("a region's name", name.parse())?,
                    parent: stored_option("a region's parent", parent, RegionId::new)?,
                };
                Ok(Listed { id, reference: name.clone(), name: Some(name), record })
            })
            .collect()
    }

    fn load_users(&self, organization: OrganizationId) -> Result<Vec<Listed<User>>, StoreError> {
        type Row = (i32, String, Option<String>, Option<String>, Option<String>);
        let rows: Vec<Row> = users::table
            .select((users::id, users::reference, users::username, users::name, users::email))
            .filter(users::organization_id.eq(organization.get()))
            .load(&mut *self.pools().read()?)?;
        rows.into_iter()
            .map(|(id, reference, username, name, email)| {
                let record = User {
                    id: stored("a user's id", UserId::new(id))?,
                    reference: stored("a user's reference", reference.parse())?,
                    username: optional_text(username.as_deref())?,
                    name: optional_text(name.as_deref())?,
                    email: optional_text(email.as_deref())?,
                };
                Ok(Listed { id, reference, name, record })
            })
            .collect()
    }

    fn load_currencies(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<Listed<Currency>>, StoreError> {
        type Row = (String, Option<String>, Option<String>, Option<String>, Option<String>);
        let rows: Vec<Row> = currencies::table
            .select((
                currencies::code,
                currencies::name,
                currencies::exchange_rate,
                currencies::prefix_symbol,
                currencies::suffix_symbol,
            ))
            .filter(currencies::organization_id.eq(organization.get()))
            .order(currencies::code)
            .load(&mut *self.pools().read()?)?;
        // They have no ids; their places in the order of their codes sort as ids do. 0 is named by none.
        rows.into_iter()
            .map(|(code, name, rate, prefix_symbol, suffix_symbol)| {
                let record = Currency {
                    code: stored("a currency's code", code.parse())?,
                    name: optional_text(name.as_deref())?,
                    exchange_rate: rate
                        .map(|rate| {
                            rate.parse().map_err(|_| {
                                StoreError::corrupt(format!("{rate} is no exchange rate"))
                            })
                        })
                        .transpose()?,
                    prefix_symbol: optional_text(prefix_symbol.as_deref())?,
                    suffix_symbol: optional_text(suffix_symbol.as_deref())?,
                };
                Ok(Listed { id: 0, reference: code, name, record })
            })
            .collect()
    }

    fn load_contacts(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<Listed<Contact>>, StoreError> {
        let rows: Vec<ContactRow> = contacts::table
            .select(ContactRow::ALL)
            .filter(contacts::organization_id.eq(organization.get()))
            .load(&mut *self.pools().read()?)?;
        rows.into_iter()
            .map(|row| {
                let (record, _) = from_contact_row(row)?;
                let names: Vec<&str> = [&record.last_name, &record.first_name]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect();
                let name = (!names.is_empty()).then(|| names.join(" "));
                let reference = record.reference.to_string();
                Ok(Listed { id: record.id.get(), reference, name, record })
            })
            .collect()
    }
}
