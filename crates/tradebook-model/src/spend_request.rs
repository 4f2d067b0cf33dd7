//! Requests to spend against a purchase, and when one may be made.

use rust_decimal::Decimal;
use time::{Date, Duration, OffsetDateTime};

use crate::{DocumentNumber, Money, OpaqueId, PostingState, TimeZone};

/// A request to spend against a purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendRequest {
    /// Its id.
    pub id: OpaqueId,
    /// Its number, unique within the organization.
    pub number: DocumentNumber,
    /// Whether it stands.
    pub state: PostingState,
    /// When it happened, to the second.
    pub performed_on: OffsetDateTime,
    /// Whether it was made with the purchase.
    pub instant: bool,
    /// Whether it was made without anybody asking.
    pub automatic: bool,
    /// How much is spent.
    pub amount: Option<Money>,
}

/// How a spend request came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpendKind {
    /// With the purchase. One that is also automatic is of this kind.
    Instant,
    /// Without anybody asking.
    Automatic,
    /// Afterwards, by somebody.
    Additional,
}

impl SpendRequest {
    /// How it came about.
    pub const fn kind(&self) -> SpendKind {
        match (self.instant, self.automatic) {
            (true, _) => SpendKind::Instant,
            (false, true) => SpendKind::Automatic,
            (false, false) => SpendKind::Additional,
        }
    }

    /// Whether it stands.
    pub const fn stands(&self) -> bool {
        matches!(self.state, PostingState::Posted)
    }

    /// Whether it keeps others from being made: it stands, and was not made with the purchase.
    pub const fn blocks(&self) -> bool {
        self.stands() && !matches!(self.kind(), SpendKind::Instant)
    }
}

/// What was spent against a purchase, without what was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpendTotals {
    /// With the purchase.
    pub instant: Decimal,
    /// Without anybody asking.
    pub automatic: Decimal,
    /// Afterwards.
    pub additional: Decimal,
}

impl SpendTotals {
    /// The sums.
    pub fn of(requests: &[SpendRequest]) -> Self {
        let mut totals = Self::default();
        for request in requests.iter().filter(|request| request.stands()) {
            let amount = request.amount.map_or(Decimal::ZERO, Money::to_decimal);
            *match request.kind() {
                SpendKind::Instant => &mut totals.instant,
                SpendKind::Automatic => &mut totals.automatic,
                SpendKind::Additional => &mut totals.additional,
            } += amount;
        }
        totals
    }

    /// All of it.
    pub fn total(&self) -> Decimal {
        self.instant + self.automatic + self.additional
    }
}

/// For how long after a purchase it can be spent against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendPeriod {
    /// The day on which the question is asked.
    pub today: Date,
    /// How many calendar days, the last one included.
    pub days: u32,
    /// The zone in which days begin.
    pub time_zone: TimeZone,
}

impl SpendPeriod {
    /// The moment from which on purchases are young enough. `None` where the calendar does not go back that far, and all are.
    pub fn begin(&self) -> Option<OffsetDateTime> {
        let first = self.today.checked_sub(Duration::days(self.days.into()))?;
        Some(self.time_zone.start_of(first))
    }

    /// Whether a purchase can be spent against: it is young enough or yet to come, and nothing stands against it that was not
    /// made with it.
    pub fn is_eligible(&self, performed_on: OffsetDateTime, requests: &[SpendRequest]) -> bool {
        self.begin().is_none_or(|begin| performed_on >= begin)
            && !requests.iter().any(SpendRequest::blocks)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    fn request(state: PostingState, instant: bool, automatic: bool, amount: &str) -> SpendRequest {
        SpendRequest {
            id: OpaqueId::new("1").unwrap(),
            number: DocumentNumber::new("1").unwrap(),
            state,
            performed_on: datetime!(2024-05-01 10:00 UTC),
            instant,
            automatic,
            amount: Some(amount.parse().unwrap()),
        }
    }

    #[test]
    fn totals_add_up_without_what_was_cancelled() {
        let totals = SpendTotals::of(&[
            request(PostingState::Posted, true, false, "1.5"),
            request(PostingState::Posted, true, true, "0.25"),
            request(PostingState::Posted, false, true, "10"),
            request(PostingState::Posted, false, false, "100"),
            request(PostingState::Cancelled, false, false, "1000"),
        ]);
        assert_eq!(totals.instant, Decimal::new(175, 2));
        assert_eq!(totals.automatic, Decimal::TEN);
        assert_eq!(totals.additional, Decimal::ONE_HUNDRED);
        assert_eq!(totals.total(), Decimal::new(11175, 2));
    }

    #[test]
    fn the_period_counts_the_zones_days() {
        let period = SpendPeriod {
            today: date!(2024 - 03 - 31),
            days: 30,
            time_zone: "Europe/Berlin".parse().unwrap(),
        };
        assert!(!period.is_eligible(datetime!(2024-02-29 22:59:59 UTC), &[]));
        assert!(period.is_eligible(datetime!(2024-02-29 23:00 UTC), &[]));
        assert!(period.is_eligible(datetime!(2030-01-01 00:00 UTC), &[]));
        let same_day = SpendPeriod { days: 0, ..period };
        assert!(same_day.is_eligible(datetime!(2024-03-30 23:00 UTC), &[]));
        assert!(!same_day.is_eligible(datetime!(2024-03-30 22:59:59 UTC), &[]));
    }

    #[test]
    fn what_blocks_stands_and_is_not_instant() {
        for (state, instant, automatic, blocks) in [
            (PostingState::Posted, false, false, true),
            (PostingState::Posted, false, true, true),
            (PostingState::Posted, true, false, false),
            (PostingState::Posted, true, true, false),
            (PostingState::Cancelled, false, false, false),
            (PostingState::Cancelled, false, true, false),
        ] {
            assert_eq!(request(state, instant, automatic, "1").blocks(), blocks);
        }
    }
}
