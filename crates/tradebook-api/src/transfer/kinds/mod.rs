//! How the rows of each kind of file become records.

mod account;
mod agreement;
mod contact;
mod customer;
mod event_data;
mod price_list;
mod product;
mod purchase;
mod reference_data;

pub(super) use account::{AccessTokens, Accounts, Participants};
pub(super) use agreement::{AgreedPrices, CustomerPartNumbers};
pub(super) use contact::Contacts;
pub(super) use customer::Customers;
pub(super) use event_data::{Classifications, ProductTypes, RatePeriods, Units};
pub(super) use price_list::{PriceLists, Prices};
pub(super) use product::{Currencies, Products};
pub(super) use purchase::{PurchaseLines, Purchases, SpendRequests};
pub(super) use reference_data::{Categories, PaymentTypes, Regions, Segmentations, Users};

use tradebook_model::Validity;
use tradebook_wire::csv::Column;
use tradebook_wire::valomnia::country_code;

use super::apply::RowContext;

/// A country by its code where it has one.
fn country(column: Column<String>, stored: Option<String>) -> Option<String> {
    column.over(stored).map(|country| country_code(&country).into_owned())
}

/// The period of two days, or a fault of its end.
fn validity(
    from: Option<time::Date>,
    to: Option<time::Date>,
    at: &mut RowContext<'_>,
) -> Option<Validity> {
    let validity = Validity::new(from, to).ok();
    if validity.is_none() {
        at.fault("valid_to", "is before valid_from");
    }
    validity
}
