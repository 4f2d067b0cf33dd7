//! Records that an import reads, merges and writes in batches.

mod account;
mod agreement;
mod contact;
mod customer;
mod event_data;
mod ledger;
mod price_list;
mod product;
mod purchase;
mod reference_data;

use std::hash::Hash;

use diesel::prelude::*;
use rust_decimal::Decimal;
use time::Date;
use tradebook_model::{ModelError, OrganizationId};

use crate::StoreError;
use crate::connection::AnyConnection;
use crate::import::Coded;
use crate::rows::optional_day;
use crate::schema::{
    accounts_receivable, categories, classifications, contacts, currency_rate_periods, customers,
    payment_types, price_lists, products, regions, rewards_participants, segmentations, units,
    users,
};
use crate::sequence::{self, Sequence};

/// A connection within a transaction, and the organization that it is about.
pub struct Session<'c> {
    pub(crate) connection: &'c mut AnyConnection,
    pub(crate) organization: OrganizationId,
    /// Whether no row that is written is there already.
    pub(crate) writes_new: bool,
    /// Set where what is written waits for the end of the import, or is hidden until then.
    #[cfg(feature = "sqlite")]
    pub(super) steps: Option<&'c mut super::steps::Steps>,
}

impl<'c> Session<'c> {
    pub(crate) fn new(connection: &'c mut AnyConnection, organization: OrganizationId) -> Self {
        Self {
            connection,
            organization,
            writes_new: false,
            #[cfg(feature = "sqlite")]
            steps: None,
        }
    }

    /// Hands out ids in a row and returns the first.
    pub(super) fn next_ids(&mut self, sequence: Sequence, count: i64) -> Result<i64, StoreError> {
        self.begin_step()?;
        sequence::next_ids(self.connection, self.organization, sequence, count)
    }
}

pub use account::{AccessToken, AccountRecord, ParticipantRecord};
pub(crate) use account::{from_access_token_row, from_account_row, from_participant_row};
pub use agreement::{AgreedPriceKey, PartNumberKey};
pub(crate) use agreement::{from_agreed_price_row, from_part_number_row};
pub(crate) use contact::from_contact_row;
pub(crate) use customer::{from_customer_row, to_customer_row, with_payment_types};
pub use event_data::{ClassificationRecord, RatePeriodRecord, UnitRecord};
pub(crate) use event_data::{
    from_classification_row, from_product_type_row, from_rate_period_row, from_unit_row,
};
pub use ledger::{Document, DocumentClass, DocumentHead, DocumentLine, Ledger};
pub(crate) use ledger::{from_document_row, load_lines};
pub(super) use ledger::{load_documents, put_documents, put_lines, spread_head};
pub use price_list::PriceKey;
pub(crate) use price_list::{from_price_list_row, from_price_row_row};
pub(crate) use product::{from_currency_row, from_product_row};
pub use purchase::{Purchase, PurchaseLineRecord, SpendRequestRecord};
pub(crate) use purchase::{from_purchase_line_row, from_purchase_row, from_spend_request_row};
pub(crate) use reference_data::{
    from_category_row, from_payment_type_row, from_region_row, from_segmentation_row, from_user_row,
};

/// A record that an import reads, merges and writes in batches.
pub trait Record: Clone + PartialEq + Sized {
    /// What finds it within the organization.
    type Key: Clone + Eq + Hash;

    /// Its key.
    fn key(&self) -> Self::Key;

    #[doc(hidden)]
    fn load(session: &mut Session<'_>, keys: &[Self::Key]) -> Result<Vec<(Self, i64)>, StoreError>;

    #[doc(hidden)]
    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError>;
}

/// Implements [`Record`] for what is found by a number within the organization: a record's row, the column of the record that
/// is its key, and how one is made of the other.
macro_rules! numbered {
    ($($record:ident: $row:ident of $table:ident by $key:ident: $id:ident, $to:ident, $from:ident;)*) => {$(
        impl Record for $record {
            type Key = $id;

            fn key(&self) -> $id {
                self.$key
            }

            fn load(
                session: &mut Session<'_>,
                keys: &[$id],
            ) -> Result<Vec<(Self, i64)>, StoreError> {
                let ids: Vec<_> = keys.iter().map(|key| key.get()).collect();
                session.note_read(stringify!($table), &ids)?;
                let rows: Vec<$row> = $table::table
                    .select($row::ALL)
                    .filter($table::organization_id.eq(session.organization.get()))
                    .filter($table::id.eq_any(ids))
                    .load(session.connection)?;
                rows.into_iter().map($from).collect()
            }

            fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
                let organization = session.organization.get();
                let rows: Vec<_> = records
                    .iter()
                    .map(|(record, touched)| $to(organization, record, *touched))
                    .collect();
                Ok($row::put(session, &rows)?)
            }
        }
    )*};
}
use numbered;

/// An id that ties records together inside the database. Clients see another one, which is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InternalId(i32);

impl InternalId {
    /// An id from its number, which must be positive.
    pub fn new(value: i32) -> Result<Self, ModelError> {
        if value > 0 {
            Ok(Self(value))
        } else {
            Err(ModelError::OutOfRange {
                what: "an internal id",
                range: "a positive 32-bit number",
                value: value.to_string(),
            })
        }
    }

    /// The number.
    pub const fn get(self) -> i32 {
        self.0
    }
}

/// The value of a stored column in its type.
pub(super) fn stored<T>(value: Result<T, ModelError>) -> Result<T, StoreError> {
    value.map_err(|error| StoreError::stored("a column", error))
}

fn text<T: std::str::FromStr<Err = ModelError>>(
    value: Option<String>,
) -> Result<Option<T>, StoreError> {
    stored(value.as_deref().map(str::parse).transpose())
}

/// A decimal out of its canonical text.
fn decimal(text: Option<String>) -> Result<Option<Decimal>, StoreError> {
    let read = |text: String| {
        Decimal::from_str_exact(&text)
            .map_err(|_| ModelError::Unreadable { text, expected: "a decimal number" })
    };
    stored(text.map(read).transpose())
}

pub(crate) fn shown<T: ToString>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

fn id<T>(
    value: Option<i32>,
    new: impl FnOnce(i32) -> Result<T, ModelError>,
) -> Result<Option<T>, StoreError> {
    stored(value.map(new).transpose())
}

/// The first day of a key, in which 0 is an open beginning.
pub(super) fn first_day(number: i32) -> Result<Option<Date>, StoreError> {
    optional_day(Some(number).filter(|number| *number != 0))
}

fn first_day_number(day: Option<Date>) -> i32 {
    day.map_or(0, Date::to_julian_day)
}

/// All codes of a kind with their ids, in any order.
pub(crate) fn load_codes(
    session: &mut Session<'_>,
    coded: Coded,
) -> Result<Vec<(String, i32)>, StoreError> {
    macro_rules! codes {
        ($table:ident, $code:ident) => {
            $table::table
                .select(($table::$code, $table::id))
                .filter($table::organization_id.eq(session.organization.get()))
                .load(session.connection)
        };
    }
    Ok(match coded {
        Coded::Accounts => codes!(accounts_receivable, number),
        Coded::Participants => codes!(rewards_participants, number),
        Coded::Classifications => codes!(classifications, name),
        Coded::Units => codes!(units, name),
        Coded::RatePeriods => codes!(currency_rate_periods, opaque_id),
        Coded::Products => codes!(products, code),
        Coded::PriceLists => codes!(price_lists, code),
        Coded::Categories => codes!(categories, reference),
        Coded::Segmentations => codes!(segmentations, reference),
        Coded::PaymentTypes => codes!(payment_types, reference),
        Coded::Regions => codes!(regions, name),
        Coded::Users => codes!(users, reference),
        Coded::Customers => codes!(customers, reference),
        Coded::Contacts => codes!(contacts, reference),
    }?)
}
