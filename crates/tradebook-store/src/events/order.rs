//! The keys of the wanted events, in their order: by the moment they were performed on, then by number as text.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tradebook_model::{EventFilter, EventPage, OffsetDateTime, OrganizationId, SpendPeriod};

use super::query::EventQuery;
use super::resolve::Scope;
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::rows::millis;
use crate::sql::{Bind, Sql};
use crate::transaction::is_postgres;

/// Up to how many events that were created late enough are sorted; where there are more, the index of their order is walked.
const FEW: u64 = if cfg!(test) { 20 } else { 20_000 };

/// How many of the first events in order are looked at to see whether the walk should begin with them.
const SAMPLE: u64 = if cfg!(test) { 5 } else { 1000 };

/// A walk over the events of a query, batch by batch.
pub(super) struct Walk {
    organization: i32,
    scope: Scope,
    /// The conditions of the filter, each beginning with ` AND `.
    filter: Sql,
    page: EventPage,
    road: Option<Road>,
}

/// How the events are come by.
enum Road {
    /// Along an index of the order, on behind the last event that was found.
    Index { index: &'static str, scope: Sql, last: Option<(i64, String)> },
    /// All were found at once: the rest of them, the next one last.
    Sorted(Vec<i64>),
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = BigInt)]
    performed_on: i64,
    #[diesel(sql_type = Text)]
    number: String,
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Walk {
    pub(super) fn new(organization: OrganizationId, scope: Scope, query: &EventQuery) -> Self {
        Self {
            organization: organization.get(),
            scope,
            filter: conditions(&query.filter, &query.period),
            page: query.page,
            road: None,
        }
    }

    /// The internal ids of at most `size` further events; none at the end.
    pub(super) fn next(
        &mut self,
        connection: &mut AnyConnection,
        size: u64,
    ) -> Result<Vec<i64>, StoreError> {
        let size = self.page.limit.map_or(size, |left| left.min(size));
        if size == 0 {
            return Ok(Vec::new());
        }
        let mut road = match self.road.take() {
            Some(road) => road,
            None => self.road(connection)?,
        };
        let ids = match &mut road {
            Road::Sorted(ids) => {
                let wanted = usize::try_from(size).unwrap_or(usize::MAX);
                let mut batch = ids.split_off(ids.len().saturating_sub(wanted));
                batch.reverse();
                batch
            }
            Road::Index { index, scope, last } => {
                let sql = self.question(index, scope, last.as_ref(), size, is_postgres(connection));
                let mut keys: Vec<Key> = sql.load(connection)?;
                self.page.offset = 0;
                let ids = keys.iter().map(|key| key.id).collect();
                *last = keys.pop().map(|key| (key.performed_on, key.number));
                ids
            }
        };
        if let Some(left) = &mut self.page.limit {
            *left = left.saturating_sub(u64::try_from(ids.len()).unwrap_or(u64::MAX));
        }
        self.road = Some(road);
        Ok(ids)
    }

    fn road(&self, connection: &mut AnyConnection) -> Result<Road, StoreError> {
        let (index, scope) = match self.scope {
            Scope::Account(account) => {
                ("purchase_events_by_account", sql(" AND account_id = ?", Bind::Id(account)))
            }
            Scope::Classification(id) => (
                "purchase_events_by_classification",
                sql(" AND classification_id = ?", Bind::Id(id)),
            ),
            Scope::CreatedAfter(moment) => return self.road_by_creation(connection, moment),
        };
        Ok(Road::Index { index, scope, last: None })
    }

    /// Few events are found by when they were created, and sorted. With many, the index of the order is walked: from the first
    /// event on where the first ones are among them, else from the first of them on.
    fn road_by_creation(
        &self,
        connection: &mut AnyConnection,
        moment: OffsetDateTime,
    ) -> Result<Road, StoreError> {
        let postgres = is_postgres(connection);
        let created = sql(" AND created > ?", Bind::Number(millis(moment)));
        let mut matching = self.select("created", "purchase_events_by_creation", postgres);
        matching.append(&created).push(&format!(" LIMIT {}", FEW + 1), []);
        if count(connection, &matching)? <= FEW {
            return Ok(Road::Sorted(self.sorted(connection, &created)?));
        }
        let index = "purchase_events_by_time";
        let mut first = self.select("created", index, postgres);
        first.push(&format!(" ORDER BY performed_on, number LIMIT {SAMPLE}"), []);
        let mut among_first = Sql::default();
        among_first
            .push("SELECT created FROM (", [])
            .append(&first)
            .push(") AS sample WHERE created > ?", [Bind::Number(millis(moment))]);
        let mut scope = created.clone();
        if count(connection, &among_first)? == 0 {
            let mut earliest =
                self.select("MIN(performed_on) AS number", "purchase_events_by_creation", postgres);
            earliest.append(&created);
            let earliest: Vec<Number> = earliest.load(connection)?;
            let earliest = earliest.into_iter().map(|row| Bind::Number(row.number));
            scope.push(" AND performed_on >= ?", earliest);
        }
        Ok(Road::Index { index, scope, last: None })
    }

    /// The wanted page of the few events that were created late enough, the first one last.
    fn sorted(
        &self,
        connection: &mut AnyConnection,
        created: &Sql,
    ) -> Result<Vec<i64>, StoreError> {
        let columns = "performed_on, number, id";
        let index = "purchase_events_by_creation";
        let mut question = self.select(columns, index, is_postgres(connection));
        question.append(created).append(&self.filter);
        let mut keys: Vec<Key> = question.load(connection)?;
        keys.sort_unstable_by(|a, b| (a.performed_on, &a.number).cmp(&(b.performed_on, &b.number)));
        let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let limit = self.page.limit.map_or(usize::MAX, number);
        let wanted = keys.into_iter().skip(number(self.page.offset)).take(limit);
        let mut ids: Vec<i64> = wanted.map(|key| key.id).collect();
        ids.reverse();
        Ok(ids)
    }

    /// The question for the next batch along an index.
    fn question(
        &self,
        index: &str,
        scope: &Sql,
        last: Option<&(i64, String)>,
        size: u64,
        postgres: bool,
    ) -> Sql {
        let mut question = self.select("performed_on, number, id", index, postgres);
        question.append(scope).append(&self.filter);
        if let Some((performed_on, number)) = last {
            let behind = [Bind::Number(*performed_on), Bind::Text(number.clone())];
            question.push(" AND (performed_on, number) > (?, ?)", behind);
        }
        let offset = i64::try_from(self.page.offset).unwrap_or(i64::MAX);
        question.push(&format!(" ORDER BY performed_on, number LIMIT {size} OFFSET {offset}"), []);
        question
    }

    /// `SELECT … FROM purchase_events … WHERE organization_id = ?`. SQLite knows nothing of how many rows an index would find
    /// and has to be told which one.
    fn select(&self, columns: &str, index: &str, postgres: bool) -> Sql {
        let by = if postgres { String::new() } else { format!(" INDEXED BY {index}") };
        sql(
            &format!("SELECT {columns} FROM purchase_events{by} WHERE organization_id = ?"),
            Bind::Id(self.organization),
        )
    }
}

fn sql(text: &str, bind: Bind) -> Sql {
    let mut sql = Sql::default();
    sql.push(text, [bind]);
    sql
}

fn count(connection: &mut AnyConnection, rows: &Sql) -> Result<u64, StoreError> {
    let mut question = Sql::default();
    question.push("SELECT COUNT(*) AS number FROM (", []).append(rows).push(") AS counted", []);
    let counts: Vec<Number> = question.load(connection)?;
    Ok(counts.first().and_then(|row| u64::try_from(row.number).ok()).unwrap_or_default())
}

/// What [`EventFilter::admits`] says, as the database understands it.
fn conditions(filter: &EventFilter, period: &SpendPeriod) -> Sql {
    const REQUESTS: &str = "EXISTS (SELECT 1 FROM spend_requests \
         WHERE spend_requests.organization_id = purchase_events.organization_id \
         AND spend_requests.event_id = purchase_events.id";
    const BLOCKING: &str = " AND NOT spend_requests.cancelled AND NOT spend_requests.instant)";
    let EventFilter {
        created_after,
        created_before,
        submitted_after,
        submitted_before,
        spend_requests_applied,
        eligible_for_spending,
    } = *filter;
    let mut all = Sql::default();
    for (column, after, before) in [
        ("created", created_after, created_before),
        ("performed_on", submitted_after, submitted_before),
    ] {
        if let Some(after) = after {
            all.push(&format!(" AND {column} > ?"), [Bind::Number(millis(after))]);
        }
        if let Some(before) = before {
            all.push(&format!(" AND {column} < ?"), [Bind::Number(millis_up(before))]);
        }
    }
    match spend_requests_applied {
        Some(true) => all.push(&format!(" AND {REQUESTS})"), []),
        Some(false) => all.push(&format!(" AND NOT {REQUESTS})"), []),
        None => &mut all,
    };
    let begin = period.begin().map(|begin| Bind::Number(millis(begin)));
    match (eligible_for_spending, begin) {
        (Some(true), Some(begin)) => {
            all.push(&format!(" AND performed_on >= ? AND NOT {REQUESTS}{BLOCKING}"), [begin])
        }
        (Some(false), Some(begin)) => {
            all.push(&format!(" AND (performed_on < ? OR {REQUESTS}{BLOCKING})"), [begin])
        }
        (Some(true), None) => all.push(&format!(" AND NOT {REQUESTS}{BLOCKING}"), []),
        (Some(false), None) => all.push(&format!(" AND {REQUESTS}{BLOCKING}"), []),
        (None, _) => &mut all,
    };
    all
}

/// Milliseconds, rounded up: before a moment within a millisecond is what is before the next one.
fn millis_up(moment: OffsetDateTime) -> i64 {
    let floor = millis(moment);
    if moment.nanosecond().is_multiple_of(1_000_000) { floor } else { floor.saturating_add(1) }
}

/// The questions of a query, for tests of how the database answers them.
#[cfg(test)]
pub(crate) fn questions(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    codes: &super::CodeHasher,
    query: &EventQuery,
) -> Vec<Sql> {
    let scope = super::resolve::scope(connection, organization, codes, &query.selector).unwrap();
    let walk = Walk::new(organization, scope, query);
    let postgres = is_postgres(connection);
    match walk.road(connection).unwrap() {
        Road::Index { index, scope, .. } => {
            let last = (0, "a".to_owned());
            [None, Some(&last)]
                .map(|last| walk.question(index, &scope, last, 500, postgres))
                .to_vec()
        }
        Road::Sorted(_) => {
            let index = "purchase_events_by_creation";
            let mut sql = walk.select("performed_on, number, id", index, postgres);
            if let Scope::CreatedAfter(moment) = scope {
                sql.push(" AND created > ?", [Bind::Number(millis(moment))]);
            }
            sql.append(&walk.filter);
            vec![sql]
        }
    }
}
