//! Reading everything that files carry, at one moment and in the order of keys.
//!
//! [`Store::export`] hands out an [`Export`], which reads in pages: memory does not grow with what is stored. Keys are ordered by
//! code point on every database.

use diesel::prelude::*;
use tradebook_model::{
    AgreedPrice, Category, Contact, Currency, Customer, CustomerId, CustomerPartNumber,
    OrganizationId, PaymentType, PriceList, PriceListId, PriceRow, Product, Region, Segmentation,
    User,
};

use crate::connection::AnyConnection;
use crate::import::records::{self, load_codes, with_payment_types};
use crate::import::rows::{
    AgreedPriceRow, CategoryRow, ContactRow, CurrencyRow, CustomerPartNumberRow, CustomerRow,
    DocumentRow, PaymentTypeRow, PriceListRow, PriceRowRow, ProductRow, RegionRow, SegmentationRow,
    UserRow,
};
use crate::import::{Coded, Document, DocumentLine, Ledger, Session};
use crate::schema::{
    agreed_prices, categories, contacts, currencies, customer_part_numbers, customers,
    ledger_documents, payment_types, price_lists, prices, products, regions, segmentations, users,
};
use crate::{Store, StoreError};

/// How many records a page has.
pub const PAGE: i64 = 1000;

/// An export that is going on.
pub struct Export<'c> {
    session: Session<'c>,
}

impl Store {
    /// Reads an organization's data at one moment.
    pub fn export<T, E: From<StoreError>>(
        &self,
        organization: OrganizationId,
        work: impl FnOnce(&mut Export<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.read_once(|connection| {
            Ok(work(&mut Export { session: Session { connection, organization } }))
        })?
    }
}

/// A record that is read in pages by its code.
pub trait Paged: Sized {
    /// Its code.
    fn code(&self) -> &str;

    #[doc(hidden)]
    fn page(session: &mut Session<'_>, after: &str) -> Result<Vec<Self>, StoreError>;
}

macro_rules! paged {
    ($($record:ty: $row:ident of $table:ident by $code:ident, $read:path;)*) => {$(
        impl Paged for $record {
            fn code(&self) -> &str {
                self.$code.as_ref()
            }

            fn page(session: &mut Session<'_>, after: &str) -> Result<Vec<Self>, StoreError> {
                let rows: Vec<$row> = $table::table
                    .select($row::ALL)
                    .filter($table::organization_id.eq(session.organization.get()))
                    .filter($table::$code.gt(after))
                    .order($table::$code)
                    .limit(PAGE)
                    .load(session.connection)?;
                rows.into_iter().map(|row| Ok($read(row)?.0)).collect()
            }
        }
    )*};
}

paged! {
    Product: ProductRow of products by code, records::from_product_row;
    PriceList: PriceListRow of price_lists by code, records::from_price_list_row;
    Category: CategoryRow of categories by reference, records::from_category_row;
    Segmentation: SegmentationRow of segmentations by reference, records::from_segmentation_row;
    PaymentType: PaymentTypeRow of payment_types by reference, records::from_payment_type_row;
    Region: RegionRow of regions by name, records::from_region_row;
    User: UserRow of users by reference, records::from_user_row;
    Contact: ContactRow of contacts by reference, records::from_contact_row;
}

impl Paged for Currency {
    fn code(&self) -> &str {
        self.code.as_str()
    }

    fn page(session: &mut Session<'_>, after: &str) -> Result<Vec<Self>, StoreError> {
        let rows: Vec<CurrencyRow> = currencies::table
            .select(CurrencyRow::ALL)
            .filter(currencies::organization_id.eq(session.organization.get()))
            .filter(currencies::code.gt(after))
            .order(currencies::code)
            .limit(PAGE)
            .load(session.connection)?;
        rows.into_iter().map(|row| Ok(records::from_currency_row(row)?.0)).collect()
    }
}

impl Paged for Customer {
    fn code(&self) -> &str {
        self.reference.as_str()
    }

    fn page(session: &mut Session<'_>, after: &str) -> Result<Vec<Self>, StoreError> {
        let rows: Vec<CustomerRow> = customers::table
            .select(CustomerRow::ALL)
            .filter(customers::organization_id.eq(session.organization.get()))
            .filter(customers::reference.gt(after))
            .order(customers::reference)
            .limit(PAGE)
            .load(session.connection)?;
        let customers = with_payment_types(session.connection, session.organization, rows)?;
        Ok(customers.into_iter().map(|(customer, _)| customer).collect())
    }
}

impl Export<'_> {
    /// The next at most [`PAGE`] records behind a code; `""` comes before all.
    pub fn page<T: Paged>(&mut self, after: &str) -> Result<Vec<T>, StoreError> {
        T::page(&mut self.session, after)
    }

    /// All codes of a kind with their ids, by code.
    pub fn codes(&mut self, coded: Coded) -> Result<Vec<(String, i32)>, StoreError> {
        let mut codes = load_codes(&mut self.session, coded)?;
        codes.sort_unstable();
        Ok(codes)
    }

    /// The rows of a price list, in any order.
    pub fn prices_of(&mut self, list: PriceListId) -> Result<Vec<PriceRow>, StoreError> {
        let rows: Vec<PriceRowRow> = prices::table
            .select(PriceRowRow::ALL)
            .filter(prices::organization_id.eq(self.session.organization.get()))
            .filter(prices::list_id.eq(list.get()))
            .load(self.session.connection)?;
        rows.into_iter().map(|row| Ok(records::from_price_row_row(row)?.0)).collect()
    }

    /// The agreed prices of some customers, in any order.
    pub fn agreed_prices_of(
        &mut self,
        customers: &[CustomerId],
    ) -> Result<Vec<AgreedPrice>, StoreError> {
        let ids: Vec<_> = customers.iter().map(|id| id.get()).collect();
        let rows: Vec<AgreedPriceRow> = agreed_prices::table
            .select(AgreedPriceRow::ALL)
            .filter(agreed_prices::organization_id.eq(self.session.organization.get()))
            .filter(agreed_prices::customer_id.eq_any(ids))
            .load(self.session.connection)?;
        rows.into_iter().map(|row| Ok(records::from_agreed_price_row(row)?.0)).collect()
    }

    /// The part numbers of some customers, in any order.
    pub fn part_numbers_of(
        &mut self,
        customers: &[CustomerId],
    ) -> Result<Vec<CustomerPartNumber>, StoreError> {
        let ids: Vec<_> = customers.iter().map(|id| id.get()).collect();
        let rows: Vec<CustomerPartNumberRow> = customer_part_numbers::table
            .select(CustomerPartNumberRow::ALL)
            .filter(customer_part_numbers::organization_id.eq(self.session.organization.get()))
            .filter(customer_part_numbers::customer_id.eq_any(ids))
            .load(self.session.connection)?;
        rows.into_iter().map(|row| Ok(records::from_part_number_row(row)?.0)).collect()
    }

    /// The next at most [`PAGE`] documents of a ledger behind a number; `""` comes before all.
    pub fn documents(&mut self, ledger: Ledger, after: &str) -> Result<Vec<Document>, StoreError> {
        let rows: Vec<DocumentRow> = ledger_documents::table
            .select(DocumentRow::ALL)
            .filter(ledger_documents::organization_id.eq(self.session.organization.get()))
            .filter(ledger_documents::ledger.eq(ledger.number()))
            .filter(ledger_documents::number.gt(after))
            .order(ledger_documents::number)
            .limit(PAGE)
            .load(self.session.connection)?;
        rows.into_iter().map(|row| Ok(records::from_document_row(ledger, row)?.0)).collect()
    }

    /// The lines of some documents, in any order.
    pub fn lines(
        &mut self,
        ledger: Ledger,
        documents: &[i64],
    ) -> Result<Vec<DocumentLine>, StoreError> {
        let connection: &mut AnyConnection = self.session.connection;
        let organization = self.session.organization;
        let lines = records::load_lines(connection, organization, ledger, documents)?;
        Ok(lines.into_iter().map(|(line, _)| line).collect())
    }
}
