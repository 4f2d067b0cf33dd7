//! How the rows of each kind of file become records.

mod agreement;
mod customer;
mod price_list;
mod product;
mod reference_data;

pub(super) use agreement::{AgreedPrices, CustomerPartNumbers};
pub(super) use customer::Customers;
pub(super) use price_list::{PriceLists, Prices};
pub(super) use product::{Currencies, Products};
pub(super) use reference_data::{Categories, PaymentTypes, Regions, Segmentations, Users};

use tradebook_model::Validity;

use super::apply::RowContext;

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
