//! The members of an event: their names, their order, and what each shows.

use tradebook_model::{
    PurchaseEvent, PurchaseTotals, SpendKind, SpendRequest, SpendTotals, TimeZone,
};

use super::json::{display, null, optional_number, optional_text, shortest};
use super::moment::Written;
use super::objects;
use crate::caliq::json_text;

/// A member of an event.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// Which part of the event it shows.
    pub(super) needs: Needs,
    /// Writes its value.
    pub(super) write: fn(&Shown<'_>, &mut Vec<u8>),
}

/// The parts of an event that are read only where they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Lines,
    SpendRequests,
}

/// An event on its way to a client.
pub(super) struct Shown<'e> {
    event: &'e PurchaseEvent,
    zone: &'e TimeZone,
    totals: PurchaseTotals,
    spent: SpendTotals,
}

impl<'e> Shown<'e> {
    pub(super) fn new(event: &'e PurchaseEvent, zone: &'e TimeZone) -> Self {
        let totals = PurchaseTotals::of(&event.lines);
        Self { event, zone, totals, spent: SpendTotals::of(&event.spend_requests) }
    }

    /// The latest standing spend request of a kind; requests come in the order in which they happened.
    fn latest(&self, kind: SpendKind) -> Option<&'e SpendRequest> {
        let mut standing = self.event.spend_requests.iter().filter(|request| request.stands());
        standing.rfind(|request| request.kind() == kind)
    }

    fn spend_request(&self, kind: SpendKind, out: &mut Vec<u8>) {
        optional(out, self.latest(kind), |request, out| {
            objects::spend_request(request, self.zone, out);
        });
    }
}

fn optional<T>(out: &mut Vec<u8>, value: Option<T>, write: impl FnOnce(T, &mut Vec<u8>)) {
    match value {
        Some(value) => write(value, out),
        None => null(out),
    }
}

const fn plain(name: &'static str, write: fn(&Shown<'_>, &mut Vec<u8>)) -> Field {
    Field { name, needs: Needs::Nothing, write }
}

const fn of_lines(name: &'static str, write: fn(&Shown<'_>, &mut Vec<u8>)) -> Field {
    Field { name, needs: Needs::Lines, write }
}

const fn of_spend_requests(name: &'static str, write: fn(&Shown<'_>, &mut Vec<u8>)) -> Field {
    Field { name, needs: Needs::SpendRequests, write }
}

/// A documented member of which nothing is kept here.
const fn nothing(name: &'static str) -> Field {
    plain(name, |_, out| null(out))
}

/// The members, in the order in which they are written: that of the API's page of the object.
pub(super) static FIELDS: &[Field] = &[
    plain("id", |e, out| json_text(out, e.event.id.as_str())),
    plain("number", |e, out| json_text(out, e.event.number.as_str())),
    plain("type", |_, out| json_text(out, "PURCHASE")),
    plain("life_cycle_state", |e, out| json_text(out, e.event.state.word())),
    plain("performed_on", |e, out| display(out, &Written::instant(e.event.performed_on, e.zone))),
    plain("description", |e, out| optional_text(out, e.event.description.as_ref())),
    nothing("process_immediately"),
    plain("reference_number", |e, out| optional_text(out, e.event.reference_number.as_ref())),
    nothing("payment_medium_identifier"),
    nothing("payment_medium_brand"),
    nothing("payment_medium_type"),
    of_lines("total_amount", |e, out| optional_number(out, e.totals.total.map(shortest))),
    of_lines("net_amount", |e, out| optional_number(out, e.totals.net.map(shortest))),
    of_lines("vat_amount", |e, out| optional_number(out, e.totals.vat.map(shortest))),
    plain("external_system", |e, out| optional_text(out, e.event.external_system.as_ref())),
    plain("external_system_reference_number", |e, out| {
        optional_text(out, e.event.external_system_reference_number.as_ref());
    }),
    nothing("requested_spend_amount"),
    nothing("requested_spend_alternative_amount"),
    nothing("total_awarded_amount"),
    nothing("total_awarded_alternative_amount"),
    of_spend_requests("total_spend_amount", |e, out| display(out, &shortest(e.spent.total()))),
    nothing("total_spend_alternative_amount"),
    of_spend_requests("total_instant_spend_amount", |e, out| {
        display(out, &shortest(e.spent.instant));
    }),
    nothing("total_instant_spend_alternative_amount"),
    of_spend_requests("total_automatic_spend_amount", |e, out| {
        display(out, &shortest(e.spent.automatic));
    }),
    nothing("total_automatic_spend_alternative_amount"),
    of_spend_requests("total_additional_spend_amount", |e, out| {
        display(out, &shortest(e.spent.additional));
    }),
    nothing("total_additional_spend_alternative_amount"),
    nothing("udf_string_1"),
    nothing("udf_string_2"),
    nothing("udf_string_3"),
    nothing("udf_string_4"),
    nothing("udf_string_5"),
    nothing("udf_string_6"),
    nothing("udf_string_7"),
    nothing("udf_string_8"),
    nothing("udf_float_1"),
    nothing("udf_float_2"),
    nothing("udf_float_3"),
    nothing("udf_float_4"),
    nothing("udf_date_1"),
    nothing("udf_date_2"),
    nothing("udf_date_3"),
    nothing("udf_date_4"),
    plain("classification", |e, out| {
        optional(out, e.event.classification.as_deref(), objects::classification);
    }),
    plain("accounts_receivable", |e, out| objects::account(&e.event.account, out)),
    plain("rewards_participant", |e, out| {
        optional(out, e.event.rewards_participant.as_deref(), objects::participant);
    }),
    plain("performed_by_unit", |e, out| {
        optional(out, e.event.performed_by.as_deref(), objects::unit);
    }),
    nothing("performed_by_tap"),
    nothing("invoice"),
    plain("log_information", |e, out| objects::log(&e.event.log, e.zone, out)),
    plain("currency", |e, out| optional(out, e.event.currency.as_deref(), objects::currency)),
    plain("currency_rate_period", |e, out| {
        optional(out, e.event.rate_period.as_deref(), objects::rate_period);
    }),
    of_spend_requests("instant_spend_request", |e, out| e.spend_request(SpendKind::Instant, out)),
    of_spend_requests("automatic_spend_request", |e, out| {
        e.spend_request(SpendKind::Automatic, out);
    }),
    plain("award_reward_transactions_set", |_, out| out.extend_from_slice(b"[]")),
    of_lines("products_set", |e, out| objects::lines(&e.event.lines, out)),
];
