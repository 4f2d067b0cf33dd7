//! Purchase events, their lines, and the spend requests against them.

use diesel::prelude::*;
use tradebook_model::{
    CurrencyCode, DocumentNumber, LineQuantity, Money, OffsetDateTime, OpaqueId, PostingState,
    ProductId, ShortText, UserId,
};

use super::{InternalId, Record, Session, id, shown, stored, text};
use crate::StoreError;
use crate::import::rows::{PurchaseLineRow, PurchaseRow, SpendRequestRow};
use crate::rows::{millis, moment};
use crate::schema::{purchase_event_products, purchase_events, spend_requests};
use crate::sequence::Sequence;

/// A purchase event by what it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// What finds it inside; a new one gets it when it is written.
    pub key: Option<i64>,
    /// Its id.
    pub id: OpaqueId,
    /// Its number, unique within the organization.
    pub number: DocumentNumber,
    /// The account that it is booked to.
    pub account: InternalId,
    /// What kind of event it is.
    pub classification: Option<InternalId>,
    /// When it happened, to the second.
    pub performed_on: OffsetDateTime,
    /// When it was created, to the second.
    pub created: OffsetDateTime,
    /// When it was changed last, to the second.
    pub updated: Option<OffsetDateTime>,
    /// Who created it.
    pub created_by: Option<UserId>,
    /// Who changed it last.
    pub updated_by: Option<UserId>,
    /// Whether it stands.
    pub state: PostingState,
    /// Who performed it.
    pub unit: Option<InternalId>,
    /// The rate at which its amounts count in another currency.
    pub rate_period: Option<InternalId>,
    /// The currency of its amounts.
    pub currency: Option<CurrencyCode>,
    /// What it was, in words.
    pub description: Option<ShortText>,
    /// A number by which others know it.
    pub reference_number: Option<ShortText>,
    /// The system that it comes from.
    pub external_system: Option<ShortText>,
    /// Its number there.
    pub external_system_reference_number: Option<ShortText>,
}

/// A line of a purchase by what it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseLineRecord {
    /// The event, by what finds it inside.
    pub event: i64,
    /// The line's number within it.
    pub line: i32,
    /// Its id, where one was given.
    pub id: Option<OpaqueId>,
    /// What was bought.
    pub product: ProductId,
    /// How much of it.
    pub quantity: Option<LineQuantity>,
    /// What it cost without tax.
    pub net_amount: Option<Money>,
    /// The tax.
    pub vat_amount: Option<Money>,
    /// What it cost with tax.
    pub total_amount: Option<Money>,
}

/// A spend request by what it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendRequestRecord {
    /// Its number, unique within the organization.
    pub number: DocumentNumber,
    /// The event, by what finds it inside.
    pub event: i64,
    /// When it happened, to the second.
    pub performed_on: OffsetDateTime,
    /// Whether it stands.
    pub state: PostingState,
    /// Whether it was made with the purchase.
    pub instant: bool,
    /// Whether it was made without anybody asking.
    pub automatic: bool,
    /// How much is spent.
    pub amount: Option<Money>,
}

const fn is_cancelled(state: PostingState) -> bool {
    matches!(state, PostingState::Cancelled)
}

/// Whether an event or a request stands.
pub(crate) const fn posting_state(is_cancelled: bool) -> PostingState {
    if is_cancelled { PostingState::Cancelled } else { PostingState::Posted }
}

impl Record for Purchase {
    type Key = DocumentNumber;

    fn key(&self) -> DocumentNumber {
        self.number.clone()
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[DocumentNumber],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let numbers: Vec<_> = keys.iter().map(DocumentNumber::as_str).collect();
        let rows: Vec<PurchaseRow> = purchase_events::table
            .select(PurchaseRow::ALL)
            .filter(purchase_events::organization_id.eq(session.organization.get()))
            .filter(purchase_events::number.eq_any(numbers))
            .load(session.connection)?;
        rows.into_iter().map(from_purchase_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let new = records.iter().filter(|(record, _)| record.key.is_none()).count();
        let mut next = match i64::try_from(new) {
            Ok(0) | Err(_) => 0,
            Ok(new) => session.next_ids(Sequence::PurchaseEvent, new)?,
        };
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self {
                    key,
                    id,
                    number,
                    account,
                    classification,
                    performed_on,
                    created,
                    updated,
                    created_by,
                    updated_by,
                    state,
                    unit,
                    rate_period,
                    currency,
                    description,
                    reference_number,
                    external_system,
                    external_system_reference_number,
                } = record;
                let internal = key.unwrap_or_else(|| {
                    next += 1;
                    next - 1
                });
                PurchaseRow {
                    organization_id: session.organization.get(),
                    id: internal,
                    opaque_id: id.to_string(),
                    number: number.to_string(),
                    account_id: account.get(),
                    classification_id: classification.map(InternalId::get),
                    performed_on: millis(*performed_on),
                    created: millis(*created),
                    updated: updated.map(millis),
                    created_by: created_by.map(UserId::get),
                    updated_by: updated_by.map(UserId::get),
                    cancelled: is_cancelled(*state),
                    unit_id: unit.map(InternalId::get),
                    rate_period_id: rate_period.map(InternalId::get),
                    currency: shown(currency),
                    description: shown(description),
                    reference_number: shown(reference_number),
                    external_system: shown(external_system),
                    external_system_reference_number: shown(external_system_reference_number),
                    touched: *touched,
                }
            })
            .collect();
        Ok(PurchaseRow::put(session, &rows)?)
    }
}

pub(crate) fn from_purchase_row(row: PurchaseRow) -> Result<(Purchase, i64), StoreError> {
    let record = Purchase {
        key: Some(row.id),
        id: stored(OpaqueId::new(&row.opaque_id))?,
        number: stored(DocumentNumber::new(&row.number))?,
        account: stored(InternalId::new(row.account_id))?,
        classification: id(row.classification_id, InternalId::new)?,
        performed_on: moment(row.performed_on)?,
        created: moment(row.created)?,
        updated: row.updated.map(moment).transpose()?,
        created_by: id(row.created_by, UserId::new)?,
        updated_by: id(row.updated_by, UserId::new)?,
        state: posting_state(row.cancelled),
        unit: id(row.unit_id, InternalId::new)?,
        rate_period: id(row.rate_period_id, InternalId::new)?,
        currency: text(row.currency)?,
        description: text(row.description)?,
        reference_number: text(row.reference_number)?,
        external_system: text(row.external_system)?,
        external_system_reference_number: text(row.external_system_reference_number)?,
    };
    Ok((record, row.touched))
}

impl Record for PurchaseLineRecord {
    type Key = (i64, i32);

    fn key(&self) -> (i64, i32) {
        (self.event, self.line)
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[(i64, i32)],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let mut events: Vec<i64> = keys.iter().map(|(event, _)| *event).collect();
        events.sort_unstable();
        events.dedup();
        let rows: Vec<PurchaseLineRow> = purchase_event_products::table
            .select(PurchaseLineRow::ALL)
            .filter(purchase_event_products::organization_id.eq(session.organization.get()))
            .filter(purchase_event_products::event_id.eq_any(events))
            .load(session.connection)?;
        rows.into_iter().map(from_purchase_line_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self {
                    event,
                    line,
                    id,
                    product,
                    quantity,
                    net_amount,
                    vat_amount,
                    total_amount,
                } = record;
                PurchaseLineRow {
                    organization_id: session.organization.get(),
                    event_id: *event,
                    line: *line,
                    opaque_id: shown(id),
                    product_id: product.get(),
                    quantity: quantity.map(LineQuantity::micros),
                    net_amount: net_amount.map(Money::micros),
                    vat_amount: vat_amount.map(Money::micros),
                    total_amount: total_amount.map(Money::micros),
                    touched: *touched,
                }
            })
            .collect();
        Ok(PurchaseLineRow::put(session, &rows)?)
    }
}

pub(crate) fn from_purchase_line_row(
    row: PurchaseLineRow,
) -> Result<(PurchaseLineRecord, i64), StoreError> {
    let money = |micros: Option<i64>| stored(micros.map(Money::from_micros).transpose());
    let record = PurchaseLineRecord {
        event: row.event_id,
        line: row.line,
        id: text(row.opaque_id)?,
        product: stored(ProductId::new(row.product_id))?,
        quantity: stored(row.quantity.map(LineQuantity::from_micros).transpose())?,
        net_amount: money(row.net_amount)?,
        vat_amount: money(row.vat_amount)?,
        total_amount: money(row.total_amount)?,
    };
    Ok((record, row.touched))
}

impl Record for SpendRequestRecord {
    type Key = DocumentNumber;

    fn key(&self) -> DocumentNumber {
        self.number.clone()
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[DocumentNumber],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let numbers: Vec<_> = keys.iter().map(DocumentNumber::as_str).collect();
        let rows: Vec<SpendRequestRow> = spend_requests::table
            .select(SpendRequestRow::ALL)
            .filter(spend_requests::organization_id.eq(session.organization.get()))
            .filter(spend_requests::number.eq_any(numbers))
            .load(session.connection)?;
        rows.into_iter().map(from_spend_request_row).collect()
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let rows: Vec<_> = records
            .iter()
            .map(|(record, touched)| {
                let Self { number, event, performed_on, state, instant, automatic, amount } =
                    record;
                SpendRequestRow {
                    organization_id: session.organization.get(),
                    number: number.to_string(),
                    event_id: *event,
                    performed_on: millis(*performed_on),
                    cancelled: is_cancelled(*state),
                    instant: *instant,
                    automatic: *automatic,
                    amount: amount.map(Money::micros),
                    touched: *touched,
                }
            })
            .collect();
        Ok(SpendRequestRow::put(session, &rows)?)
    }
}

pub(crate) fn from_spend_request_row(
    row: SpendRequestRow,
) -> Result<(SpendRequestRecord, i64), StoreError> {
    let record = SpendRequestRecord {
        number: stored(DocumentNumber::new(&row.number))?,
        event: row.event_id,
        performed_on: moment(row.performed_on)?,
        state: posting_state(row.cancelled),
        instant: row.instant,
        automatic: row.automatic,
        amount: stored(row.amount.map(Money::from_micros).transpose())?,
    };
    Ok((record, row.touched))
}
