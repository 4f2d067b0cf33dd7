//! `POST customer_events/purchases/list`: what is asked for.

use tradebook_model::{EventFilter, EventPage, EventSelector, TimeZone};

use super::moment::{Side, moment};
use super::selector::selector;
use super::{Fault, FieldsSet, Parameters, parameter};

/// The events that are wanted, and what of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRequest {
    /// Whose or which events.
    pub selector: EventSelector,
    /// What narrows them.
    pub filter: EventFilter,
    /// Which of them; without a limit all.
    pub page: EventPage,
    /// What they show.
    pub fields: FieldsSet,
}

impl ListRequest {
    /// Reads the parameters of a call whose token is valid. `zone` is the organization's, in which dates are.
    pub fn read(parameters: &Parameters, zone: &TimeZone) -> Result<Self, Fault> {
        let at = |name, side| moment(parameters, name, side, zone);
        Ok(Self {
            selector: selector(parameters, zone)?,
            filter: EventFilter {
                // A selector, not a filter.
                created_after: None,
                created_before: at(parameter::CREATED_BEFORE, Side::Before)?,
                submitted_after: at(parameter::SUBMITTED_AFTER, Side::After)?,
                submitted_before: at(parameter::SUBMITTED_BEFORE, Side::Before)?,
                spend_requests_applied: parameters.flag(parameter::SPEND_REQUESTS_APPLIED)?,
                eligible_for_spending: parameters.flag(parameter::ELIGIBLE_FOR_SPENDING)?,
            },
            page: EventPage {
                offset: parameters.count(parameter::OFFSET)?.unwrap_or(0),
                limit: parameters.count(parameter::NUMBER_OF_RESULTS)?,
            },
            fields: FieldsSet::read(parameters)?,
        })
    }
}
