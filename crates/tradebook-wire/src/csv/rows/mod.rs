//! The rows of each kind of file. A field's name is the column's unless a comment says otherwise.

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

pub use account::{AccessTokenRow, AccountRow, ParticipantRow, ShownAccessTokenRow};
pub use agreement::{AgreedPriceRow, CustomerPartNumberRow};
pub use contact::ContactRow;
pub use customer::CustomerRow;
pub use event_data::{ClassificationRow, ProductTypeRow, RatePeriodRow, UnitRow};
pub use ledger::{InvoiceLineRow, OrderLineRow};
pub use price_list::{PriceListRow, PriceRow};
pub use product::{CurrencyRow, ProductRow};
pub use purchase::{PurchaseLineRow, PurchaseRow, SpendRequestRow};
pub use reference_data::{CategoryRow, PaymentTypeRow, RegionRow, SegmentationRow, UserRow};

/// Declares rows. Each column is `"name" => field: presence Type`, where the presence is `required` (the column must be there and
/// its cells filled), `key` (part of the key, may be empty or missing) or `optional`.
macro_rules! rows {
    (@type required $type:ty) => { $type };
    (@type key $type:ty) => { Option<$type> };
    (@type optional $type:ty) => { $crate::csv::Column<$type> };
    (@required required) => { true };
    (@required $other:ident) => { false };
    ($(
        $(#[$doc:meta])*
        $name:ident of $kind:ident {
            $($(#[$field_doc:meta])* $column:literal => $field:ident: $presence:ident $type:ty,)*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: rows!(@type $presence $type),)*
        }

        impl $crate::csv::ReadRow for $name {
            const KIND: $crate::csv::FileKind = $crate::csv::FileKind::$kind;
            const COLUMNS: &'static [$crate::csv::ColumnSpec] = &[
                $($crate::csv::ColumnSpec { name: $column, required: rows!(@required $presence) },)*
            ];

            fn read(cells: &mut $crate::csv::Cells<'_>) -> Option<Self> {
                $(let $field = cells.$presence::<$type>();)*
                Some(Self { $($field: $field?,)* })
            }
        }

        impl $crate::csv::Row for $name {
            fn write(&self, cells: &mut $crate::csv::CellWriter<'_>) {
                let Self { $($field,)* } = self;
                $(cells.$presence::<$type>($field);)*
            }
        }
    )*};
}
use rows;

#[cfg(test)]
mod tests;
