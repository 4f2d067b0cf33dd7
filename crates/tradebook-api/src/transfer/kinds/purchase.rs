//! `purchase_events.csv`, `purchase_event_products.csv` and `spend_requests.csv`.

use tradebook_model::{DocumentNumber, OpaqueId, PostingState, ProductId, UserId};
use tradebook_store::import::{
    Coded, InternalId, Purchase, PurchaseLineRecord, SpendRequestRecord, TextIds,
};
use tradebook_wire::csv::{Column, PurchaseLineRow, PurchaseRow, SpendRequestRow};

use crate::transfer::apply::{Kind, RowContext};

/// Rows of one batch: more than of other files, since they are short and many.
const ROWS: usize = 4000;

pub(in crate::transfer) struct Purchases;

impl Kind for Purchases {
    type Row = PurchaseRow;
    type Record = Purchase;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] =
        &[Coded::Accounts, Coded::Classifications, Coded::Units, Coded::RatePeriods, Coded::Users];
    const KEY: &'static [&'static str] = &["number"];
    const TEXT_IDS: Option<TextIds> = Some(TextIds::Purchases);
    const ROWS: usize = ROWS;

    fn key(row: &PurchaseRow, _at: &mut RowContext<'_>) -> Option<DocumentNumber> {
        Some(row.number.clone())
    }

    fn merge(
        key: &DocumentNumber,
        row: PurchaseRow,
        stored: Option<&Purchase>,
        at: &mut RowContext<'_>,
    ) -> Option<Purchase> {
        let PurchaseRow {
            number: _,
            id,
            account,
            performed_on,
            created,
            rate_period,
            state,
            classification,
            description,
            reference_number,
            external_system,
            external_system_reference_number,
            currency,
            performed_by_unit,
            created_by,
            updated,
            updated_by,
        } = row;
        let old = |field: fn(&Purchase) -> Option<InternalId>| stored.and_then(field);
        let user = |field: fn(&Purchase) -> Option<UserId>| stored.and_then(field);
        // All of them are looked up, so that all faults of the row are told.
        let account =
            at.refer(Coded::Accounts, "accounts_receivable", account.as_str(), InternalId::new);
        let classification = at.refer_or(
            Coded::Classifications,
            "classification",
            &classification,
            old(|old| old.classification),
            InternalId::new,
        );
        let unit = at.refer_or(
            Coded::Units,
            "performed_by_unit",
            &performed_by_unit,
            old(|old| old.unit),
            InternalId::new,
        );
        let rate_period = at.refer_or(
            Coded::RatePeriods,
            "rate_period",
            &rate_period,
            old(|old| old.rate_period),
            InternalId::new,
        );
        let created_by = at.refer_or(
            Coded::Users,
            "created_by",
            &created_by,
            user(|old| old.created_by),
            UserId::new,
        );
        let updated_by = at.refer_or(
            Coded::Users,
            "updated_by",
            &updated_by,
            user(|old| old.updated_by),
            UserId::new,
        );
        let id = at.text_id(id, stored.map(|stored| &stored.id), key.as_str());
        let zone = &at.settings.time_zone;
        let updated = match updated {
            Column::Absent => stored.and_then(|stored| stored.updated),
            Column::Empty => None,
            Column::Given(updated) => Some(updated.in_zone(zone)),
        };
        let text = |field: fn(&Purchase) -> &Option<tradebook_model::ShortText>| {
            stored.and_then(|stored| field(stored).clone())
        };
        let posted = PostingState::Posted;
        Some(Purchase {
            key: stored.and_then(|stored| stored.key),
            id: id?,
            number: key.clone(),
            account: account?,
            classification: classification?,
            performed_on: performed_on.in_zone(zone),
            created: match created {
                Column::Given(created) => created.in_zone(zone),
                Column::Absent | Column::Empty => {
                    stored.map_or(at.started, |stored| stored.created)
                }
            },
            updated,
            created_by: created_by?,
            updated_by: updated_by?,
            state: state.over_or(stored.map_or(posted, |stored| stored.state), posted),
            unit: unit?,
            rate_period: rate_period?,
            currency: currency.over(stored.and_then(|stored| stored.currency)),
            description: description.over(text(|old| &old.description)),
            reference_number: reference_number.over(text(|old| &old.reference_number)),
            external_system: external_system.over(text(|old| &old.external_system)),
            external_system_reference_number: external_system_reference_number
                .over(text(|old| &old.external_system_reference_number)),
        })
    }

    fn given_id(row: &PurchaseRow) -> Option<&OpaqueId> {
        row.id.as_given()
    }

    fn id_owner(record: &Purchase) -> String {
        record.number.to_string()
    }
}

pub(in crate::transfer) struct PurchaseLines;

impl Kind for PurchaseLines {
    type Row = PurchaseLineRow;
    type Record = PurchaseLineRecord;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] = &[Coded::Products];
    const KEY: &'static [&'static str] = &["event", "line"];
    const TEXT_IDS: Option<TextIds> = Some(TextIds::PurchaseLines);
    const ROWS: usize = ROWS;

    fn key(row: &PurchaseLineRow, at: &mut RowContext<'_>) -> Option<(i64, i32)> {
        let event = at.purchase("event", &row.event);
        if row.line < 0 {
            at.fault("line", "must be 0 or more");
            return None;
        }
        Some((event?, row.line))
    }

    fn merge(
        (event, line): &(i64, i32),
        row: PurchaseLineRow,
        stored: Option<&PurchaseLineRecord>,
        at: &mut RowContext<'_>,
    ) -> Option<PurchaseLineRecord> {
        let PurchaseLineRow {
            event: number,
            line: _,
            id,
            product,
            quantity,
            net_amount,
            vat_amount,
            total_amount,
        } = row;
        let product = at.refer(Coded::Products, "product", product.as_str(), ProductId::new)?;
        let id = match (id.given(), stored.and_then(|stored| stored.id.clone())) {
            (Some(given), Some(stored)) if given != stored => {
                let message =
                    format!("line {line} of `{number}` has the id {stored}, which cannot change");
                at.fault("id", message);
                return None;
            }
            (given, stored) => stored.or(given),
        };
        Some(PurchaseLineRecord {
            event: *event,
            line: *line,
            id,
            product,
            quantity: quantity.over(stored.and_then(|stored| stored.quantity)),
            net_amount: net_amount.over(stored.and_then(|stored| stored.net_amount)),
            vat_amount: vat_amount.over(stored.and_then(|stored| stored.vat_amount)),
            total_amount: total_amount.over(stored.and_then(|stored| stored.total_amount)),
        })
    }

    fn given_id(row: &PurchaseLineRow) -> Option<&OpaqueId> {
        row.id.as_given()
    }

    fn id_owner(record: &PurchaseLineRecord) -> String {
        format!("{}/{}", record.event, record.line)
    }

    fn purchase(row: &PurchaseLineRow) -> Option<&DocumentNumber> {
        Some(&row.event)
    }
}

pub(in crate::transfer) struct SpendRequests;

impl Kind for SpendRequests {
    type Row = SpendRequestRow;
    type Record = SpendRequestRecord;

    const CODED: Option<Coded> = None;
    const REFERS_TO: &'static [Coded] = &[];
    const KEY: &'static [&'static str] = &["number"];
    const ROWS: usize = ROWS;

    fn key(row: &SpendRequestRow, _at: &mut RowContext<'_>) -> Option<DocumentNumber> {
        Some(row.number.clone())
    }

    fn merge(
        key: &DocumentNumber,
        row: SpendRequestRow,
        stored: Option<&SpendRequestRecord>,
        at: &mut RowContext<'_>,
    ) -> Option<SpendRequestRecord> {
        let SpendRequestRow {
            number: _,
            event,
            performed_on,
            state,
            instant,
            automatic,
            spend_amount,
        } = row;
        let posted = PostingState::Posted;
        Some(SpendRequestRecord {
            number: key.clone(),
            event: at.purchase("event", &event)?,
            performed_on: performed_on.in_zone(&at.settings.time_zone),
            state: state.over_or(stored.map_or(posted, |stored| stored.state), posted),
            instant: instant.over_or(stored.is_some_and(|stored| stored.instant), false),
            automatic: automatic.over_or(stored.is_some_and(|stored| stored.automatic), false),
            amount: spend_amount.over(stored.and_then(|stored| stored.amount)),
        })
    }

    fn purchase(row: &SpendRequestRow) -> Option<&DocumentNumber> {
        Some(&row.event)
    }
}
