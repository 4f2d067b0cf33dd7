//! Which purchase events are wanted.

use time::OffsetDateTime;

use crate::{
    AccountIdentifier, ClassificationIdentifier, ParticipantIdentifier, SpendPeriod, SpendRequest,
};

/// Whose or which events are wanted. A request gives exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EventSelector {
    /// Those of the account of a rewards participant.
    Participant(ParticipantIdentifier),
    /// Those of an account.
    Account(AccountIdentifier),
    /// Those of a classification.
    Classification(ClassificationIdentifier),
    /// Those created after a moment.
    CreatedAfter(OffsetDateTime),
}

/// What narrows the events further; all that is given must hold. Bounds are strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// Created after this moment.
    pub created_after: Option<OffsetDateTime>,
    /// Created before this moment.
    pub created_before: Option<OffsetDateTime>,
    /// Performed after this moment.
    pub submitted_after: Option<OffsetDateTime>,
    /// Performed before this moment.
    pub submitted_before: Option<OffsetDateTime>,
    /// Whether any spend request was made against them, in any state.
    pub spend_requests_applied: Option<bool>,
    /// Whether they can be spent against.
    pub eligible_for_spending: Option<bool>,
}

impl EventFilter {
    /// Whether an event passes.
    pub fn admits(
        &self,
        created: OffsetDateTime,
        performed_on: OffsetDateTime,
        requests: &[SpendRequest],
        period: &SpendPeriod,
    ) -> bool {
        let Self {
            created_after,
            created_before,
            submitted_after,
            submitted_before,
            spend_requests_applied,
            eligible_for_spending,
        } = *self;
        let within = |moment, after: Option<OffsetDateTime>, before: Option<OffsetDateTime>| {
            after.is_none_or(|after| moment > after) && before.is_none_or(|before| moment < before)
        };
        within(created, created_after, created_before)
            && within(performed_on, submitted_after, submitted_before)
            && spend_requests_applied.is_none_or(|applied| applied != requests.is_empty())
            && eligible_for_spending
                .is_none_or(|eligible| eligible == period.is_eligible(performed_on, requests))
    }
}

/// Which of the matching events are wanted, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EventPage {
    /// How many are skipped.
    pub offset: u64,
    /// How many come then; without a limit all do.
    pub limit: Option<u64>,
}

/// Which parts of an event have to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventParts {
    /// Its lines.
    pub lines: bool,
    /// The spend requests against it.
    pub spend_requests: bool,
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;
    use crate::TimeZone;

    #[test]
    fn bounds_are_strict_and_all_must_hold() {
        let period =
            SpendPeriod { today: date!(2024 - 05 - 10), days: 9, time_zone: TimeZone::UTC };
        let created = datetime!(2024-05-02 09:00 UTC);
        let performed_on = datetime!(2024-05-01 10:00 UTC);
        let none = EventFilter::default();
        for (filter, admitted) in [
            (none, true),
            (EventFilter { created_after: Some(created), ..none }, false),
            (EventFilter { created_before: Some(created), ..none }, false),
            (EventFilter { created_after: Some(performed_on), ..none }, true),
            (EventFilter { submitted_after: Some(performed_on), ..none }, false),
            (EventFilter { submitted_before: Some(performed_on), ..none }, false),
            (EventFilter { submitted_before: Some(created), ..none }, true),
            (EventFilter { spend_requests_applied: Some(true), ..none }, false),
            (EventFilter { spend_requests_applied: Some(false), ..none }, true),
            (EventFilter { eligible_for_spending: Some(true), ..none }, true),
            (EventFilter { eligible_for_spending: Some(false), ..none }, false),
            (
                EventFilter {
                    submitted_before: Some(created),
                    eligible_for_spending: Some(false),
                    ..none
                },
                false,
            ),
        ] {
            assert_eq!(filter.admits(created, performed_on, &[], &period), admitted, "{filter:?}");
        }
    }
}
