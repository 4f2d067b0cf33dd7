//! Events by their internal ids, with everything that belongs to them.

use std::collections::HashMap;

use diesel::prelude::*;
use tradebook_model::{
    EventParts, LogInformation, OpaqueId, OrganizationId, PurchaseEvent, PurchaseLine, SpendRequest,
};

use super::code::{line_id, spend_request_id};
use super::shared::Shared;
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::import::records::{
    Purchase, PurchaseLineRecord, SpendRequestRecord, from_purchase_line_row, from_purchase_row,
    from_spend_request_row,
};
use crate::import::rows::{PurchaseLineRow, PurchaseRow, SpendRequestRow};
use crate::rows::stored;
use crate::schema::{purchase_event_products, purchase_events, spend_requests};

/// Reads batches of events.
pub(super) struct Reader {
    organization: i32,
    parts: EventParts,
    shared: Shared,
}

impl Reader {
    pub(super) fn new(organization: OrganizationId, parts: EventParts) -> Self {
        Self { organization: organization.get(), parts, shared: Shared::default() }
    }

    /// The events of some internal ids, in the order of these.
    pub(super) fn read(
        &mut self,
        connection: &mut AnyConnection,
        ids: &[i64],
    ) -> Result<Vec<PurchaseEvent>, StoreError> {
        let rows: Vec<PurchaseRow> = purchase_events::table
            .select(PurchaseRow::ALL)
            .filter(purchase_events::organization_id.eq(self.organization))
            .filter(purchase_events::id.eq_any(ids))
            .load(connection)?;
        self.shared.read_for_events(connection, self.organization, &rows)?;
        let lines = self.lines(connection, ids)?;
        let mut requests = self.requests(connection, ids)?;
        let mut events: HashMap<i64, PurchaseEvent> = HashMap::with_capacity(rows.len());
        for row in rows {
            let id = row.id;
            let mut event = self.event(row)?;
            event.spend_requests = requests.remove(&id).unwrap_or_default();
            events.insert(id, event);
        }
        for row in lines {
            let (line, _) = from_purchase_line_row(row)?;
            if let Some(event) = events.get_mut(&line.event) {
                let line = self.line(line, &event.id)?;
                event.lines.push(line);
            }
        }
        Ok(ids.iter().filter_map(|id| events.remove(id)).collect())
    }

    fn event(&self, row: PurchaseRow) -> Result<PurchaseEvent, StoreError> {
        let currency = row.currency.clone();
        let (purchase, _) = from_purchase_row(row)?;
        let Purchase {
            key: _,
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
            currency: _,
            description,
            reference_number,
            external_system,
            external_system_reference_number,
        } = purchase;
        let shared = &self.shared;
        let user = |id: Option<tradebook_model::UserId>| {
            shared.users.optional(id.map(tradebook_model::UserId::get).as_ref())
        };
        let account = account.get();
        Ok(PurchaseEvent {
            state,
            performed_on,
            description,
            reference_number,
            external_system,
            external_system_reference_number,
            account: shared
                .accounts
                .get(&account)
                .ok_or_else(|| StoreError::corrupt(format!("event {number} has no account")))?,
            rewards_participant: shared.participants.get(&account),
            classification: shared
                .classifications
                .optional(classification.map(|id| id.get()).as_ref()),
            performed_by: shared.units.optional(unit.map(|id| id.get()).as_ref()),
            currency: shared.currencies.optional(currency.as_ref()),
            rate_period: shared.rate_periods.optional(rate_period.map(|id| id.get()).as_ref()),
            log: LogInformation {
                created,
                updated,
                created_by: user(created_by),
                updated_by: user(updated_by),
            },
            id,
            number,
            lines: Vec::new(),
            spend_requests: Vec::new(),
        })
    }

    /// The lines of some events, by line; none where they are not wanted.
    fn lines(
        &mut self,
        connection: &mut AnyConnection,
        events: &[i64],
    ) -> Result<Vec<PurchaseLineRow>, StoreError> {
        if !self.parts.lines {
            return Ok(Vec::new());
        }
        let lines: Vec<PurchaseLineRow> = purchase_event_products::table
            .select(PurchaseLineRow::ALL)
            .filter(purchase_event_products::organization_id.eq(self.organization))
            .filter(purchase_event_products::event_id.eq_any(events))
            .order((purchase_event_products::event_id, purchase_event_products::line))
            .load(connection)?;
        self.shared.read_for_lines(connection, self.organization, &lines)?;
        Ok(lines)
    }

    fn line(
        &self,
        record: PurchaseLineRecord,
        event: &OpaqueId,
    ) -> Result<PurchaseLine, StoreError> {
        let PurchaseLineRecord {
            event: _,
            line,
            id,
            product,
            quantity,
            net_amount,
            vat_amount,
            total_amount,
        } = record;
        let id = match id {
            Some(id) => id,
            None => stored("a line's id", line_id(event, line))?,
        };
        let product = self
            .shared
            .products
            .get(&product.get())
            .ok_or_else(|| StoreError::corrupt(format!("line {id} has no product")))?;
        Ok(PurchaseLine { id, line, product, quantity, net_amount, vat_amount, total_amount })
    }

    /// The spend requests against some events, in their order; none where they are not wanted.
    fn requests(
        &self,
        connection: &mut AnyConnection,
        events: &[i64],
    ) -> Result<HashMap<i64, Vec<SpendRequest>>, StoreError> {
        let mut requests: HashMap<i64, Vec<SpendRequest>> = HashMap::new();
        if !self.parts.spend_requests {
            return Ok(requests);
        }
        type Columns = (i64, i64, String, bool, bool, bool, Option<i64>);
        // What the index by event has, and nothing else.
        let rows: Vec<Columns> = spend_requests::table
            .select((
                spend_requests::event_id,
                spend_requests::performed_on,
                spend_requests::number,
                spend_requests::cancelled,
                spend_requests::instant,
                spend_requests::automatic,
                spend_requests::amount,
            ))
            .filter(spend_requests::organization_id.eq(self.organization))
            .filter(spend_requests::event_id.eq_any(events))
            .order((spend_requests::event_id, spend_requests::performed_on, spend_requests::number))
            .load(connection)?;
        for (event_id, performed_on, number, cancelled, instant, automatic, amount) in rows {
            let (record, _) = from_spend_request_row(SpendRequestRow {
                organization_id: self.organization,
                number,
                event_id,
                performed_on,
                cancelled,
                instant,
                automatic,
                amount,
                touched: 0,
            })?;
            let SpendRequestRecord {
                number,
                event,
                performed_on,
                state,
                instant,
                automatic,
                amount,
            } = record;
            let id = stored("a spend request's id", spend_request_id(&number))?;
            let request =
                SpendRequest { id, number, state, performed_on, instant, automatic, amount };
            requests.entry(event).or_default().push(request);
        }
        Ok(requests)
    }
}
