//! Reading everything that files carry, at one moment and in the order of keys.
//!
//! [`Store::export`] hands out an [`Export`], which reads in pages: memory does not grow with what is stored. Keys are ordered by
//! code point on every database.

use diesel::prelude::*;
use tradebook_model::{
    AgreedPrice, Category, Contact, Currency, Customer, CustomerId, CustomerPartNumber,
    OrganizationId, PaymentType, PriceList, PriceListId, PriceRow, Product, ProductType, Region,
    Segmentation, User,
};

use crate::connection::AnyConnection;
use crate::import::records::{self, load_codes, with_payment_types};
use crate::import::rows::{
    AccessTokenRow, AccountRow, AgreedPriceRow, CategoryRow, ClassificationRow, ContactRow,
    CurrencyRow, CustomerPartNumberRow, CustomerRow, DocumentRow, ParticipantRow, PaymentTypeRow,
    PriceListRow, PriceRowRow, ProductRow, ProductTypeRow, PurchaseLineRow, PurchaseRow,
    RatePeriodRow, RegionRow, SegmentationRow, SpendRequestRow, UnitRow, UserRow,
};
use crate::import::unfinished::hidden;
use crate::import::{
    AccessToken, AccountRecord, ClassificationRecord, Coded, Document, DocumentLine, Ledger,
    ParticipantRecord, Purchase, PurchaseLineRecord, RatePeriodRecord, Session, SpendRequestRecord,
    UnitRecord,
};
use crate::schema::{
    access_tokens, accounts_receivable, agreed_prices, categories, classifications, contacts,
    currencies, currency_rate_periods, customer_part_numbers, customers, ledger_documents,
    payment_types, price_lists, prices, product_types, products, purchase_event_products,
    purchase_events, regions, rewards_participants, segmentations, spend_requests, units, users,
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
            Ok(work(&mut Export { session: Session::new(connection, organization) }))
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
    (@code $record:ident $column:ident) => { $record.$column.as_ref() };
    (@code $record:ident $column:ident $($field:ident).+) => { $record.$($field).+.as_ref() };
    ($($record:ty: $row:ident of $table:ident by $(($($field:ident).+))? $code:ident, $read:path;)*) => {$(
        impl Paged for $record {
            fn code(&self) -> &str {
                let record = self;
                paged!(@code record $code $($($field).+)?)
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
    ProductType: ProductTypeRow of product_types by name, records::from_product_type_row;
    AccessToken: AccessTokenRow of access_tokens by identifier, records::from_access_token_row;
    SpendRequestRecord: SpendRequestRow of spend_requests by number, records::from_spend_request_row;
    Purchase: PurchaseRow of purchase_events by number, records::from_purchase_row;
    AccountRecord: AccountRow of accounts_receivable by (account.number) number, records::from_account_row;
    ParticipantRecord: ParticipantRow of rewards_participants by (participant.number) number, records::from_participant_row;
    ClassificationRecord: ClassificationRow of classifications by (classification.name) name, records::from_classification_row;
    UnitRecord: UnitRow of units by (unit.name) name, records::from_unit_row;
    RatePeriodRecord: RatePeriodRow of currency_rate_periods by (id) opaque_id, records::from_rate_period_row;
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
        let hidden = hidden(self.session.connection, self.session.organization)?;
        let rows: Vec<PriceRowRow> = prices::table
            .select(PriceRowRow::ALL)
            .filter(prices::organization_id.eq(self.session.organization.get()))
            .filter(prices::touched.lt(hidden.touch))
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
        let hidden = hidden(self.session.connection, self.session.organization)?;
        let rows: Vec<DocumentRow> = ledger_documents::table
            .select(DocumentRow::ALL)
            .filter(ledger_documents::organization_id.eq(self.session.organization.get()))
            .filter(ledger_documents::id.lt(hidden.document))
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

    /// The lines of some purchase events, by event and line.
    pub fn purchase_lines(
        &mut self,
        events: &[i64],
    ) -> Result<Vec<PurchaseLineRecord>, StoreError> {
        let rows: Vec<PurchaseLineRow> = purchase_event_products::table
            .select(PurchaseLineRow::ALL)
            .filter(purchase_event_products::organization_id.eq(self.session.organization.get()))
            .filter(purchase_event_products::event_id.eq_any(events))
            .order((purchase_event_products::event_id, purchase_event_products::line))
            .load(self.session.connection)?;
        rows.into_iter().map(|row| Ok(records::from_purchase_line_row(row)?.0)).collect()
    }

    /// The numbers of some purchase events, in any order, with what finds these inside.
    pub fn purchase_numbers(&mut self, events: &[i64]) -> Result<Vec<(i64, String)>, StoreError> {
        Ok(purchase_events::table
            .select((purchase_events::id, purchase_events::number))
            .filter(purchase_events::organization_id.eq(self.session.organization.get()))
            .filter(purchase_events::id.eq_any(events))
            .load(self.session.connection)?)
    }
}
