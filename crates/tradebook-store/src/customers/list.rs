//! Lists of customers: which ones, in which order, and how many there are.
//!
//! A list asks twice: how many customers there are, which also tells by which road the page is found quickest, and for the
//! ids of the page. The road is either an index of what is looked for, whose hits are then sorted, or the index of the order,
//! whose customers are then tried one after the other: with many hits a page is soon full.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use tradebook_model::{OffsetDateTime, OrganizationId};

use super::query::{CustomerFilter, CustomerQuery, CustomerSort, InstantBounds};
use super::read;
use super::record::{CustomerPage, Page};
use super::wildcard::Wildcard;
use crate::connection::AnyConnection;
use crate::schema::{categories, customer_counts};
use crate::sql::{Bind, Sql};
use crate::transaction::is_postgres;
use crate::{Store, StoreError};

impl Store {
    /// A page of an organization's customers, and how many there are.
    pub fn list_customers(
        &self,
        organization: OrganizationId,
        query: &CustomerQuery,
    ) -> Result<CustomerPage, StoreError> {
        self.read_of(organization, |connection| {
            let Some(search) = Search::new(connection, organization, &query.filter)? else {
                return Ok(Page { total: 0, records: Vec::new() });
            };
            let everyone = counted(connection, organization)?;
            let total = search.count(connection, everyone)?;
            let postgres = is_postgres(connection);
            let Some((sql, backwards)) = search.page(query, everyone, total, postgres) else {
                return Ok(Page { total, records: Vec::new() });
            };
            let found: Vec<Found> = sql.load(connection)?;
            let mut ids: Vec<i32> = found.into_iter().map(|found| found.id).collect();
            if backwards {
                ids.reverse();
            }
            let records = read::by_ids(connection, organization, &ids)?;
            Ok(Page { total, records })
        })
    }
}

/// The question that finds a page which is not empty, for tests of how the database answers it.
#[cfg(test)]
pub(crate) fn page_sql(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    query: &CustomerQuery,
) -> Result<Sql, StoreError> {
    let search = Search::new(connection, organization, &query.filter)?.unwrap();
    let everyone = counted(connection, organization)?;
    let total = search.count(connection, everyone)?;
    Ok(search.page(query, everyone, total, is_postgres(connection)).unwrap().0)
}

/// Customers of an organization: all of them, and the active ones.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    customers: u64,
    active: u64,
}

fn counted(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Counted, StoreError> {
    let row: Option<(i64, i64)> = customer_counts::table
        .select((customer_counts::customers, customer_counts::active))
        .find(organization.get())
        .get_result(connection)
        .optional()?;
    let number = |count: i64| {
        u64::try_from(count).map_err(|_| StoreError::corrupt("the number of customers is negative"))
    };
    row.map_or(Ok(Counted::default()), |(customers, active)| {
        Ok(Counted { customers: number(customers)?, active: number(active)? })
    })
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Integer)]
    id: i32,
}

/// What is looked for, as the database understands it.
struct Search {
    organization: OrganizationId,
    /// All conditions, each beginning with ` AND `.
    conditions: Sql,
    /// What the index of trigrams on SQLite is asked, where it can be.
    trigrams: Option<String>,
    /// Whether it finds exactly what is looked for, and not only all of it.
    trigrams_suffice: bool,
    /// Whether a state is all that is asked for, and which.
    only_active: Option<bool>,
    /// Whether nothing is asked for.
    everyone: bool,
}

impl Search {
    /// `None` where nothing can be found.
    fn new(
        connection: &mut AnyConnection,
        organization: OrganizationId,
        filter: &CustomerFilter,
    ) -> Result<Option<Self>, StoreError> {
        let CustomerFilter { reference, name, category_reference, is_active, created, updated } =
            filter;
        let mut conditions = Sql::default();
        let mut trigrams = Vec::new();
        let mut trigrams_suffice = true;
        for (column, wildcard) in [("name", name), ("reference", reference)] {
            let Some(wildcard) = wildcard else { continue };
            if wildcard.is_hopeless() {
                return Ok(None);
            }
            if wildcard.is_any() {
                continue;
            }
            conditions.push(
                &format!(" AND customers.search_{column} LIKE ? ESCAPE '\\'"),
                [Bind::Text(wildcard.like())],
            );
            trigrams_suffice &= wildcard.is_one_run();
            if let Some(phrases) = wildcard.phrases() {
                trigrams.push(format!("({column} : ({phrases}))"));
            }
        }
        let texts = !conditions.is_empty();
        let mut others = Sql::default();
        if let Some(wildcard) = category_reference {
            let ids = categories_of(connection, organization, wildcard)?;
            if ids.is_empty() {
                return Ok(None);
            }
            others.push(&format!(" AND customers.category_id IN ({})", ids.join(", ")), []);
        }
        for (column, bounds) in [("date_created", created), ("last_updated", updated)] {
            push_bounds(&mut others, column, bounds);
        }
        let only_active = is_active.filter(|_| !texts && others.is_empty());
        match is_active {
            Some(true) => others.push(" AND customers.is_active", []),
            Some(false) => others.push(" AND NOT customers.is_active", []),
            None => &mut others,
        };
        trigrams_suffice &= others.is_empty();
        conditions.append(&others);
        Ok(Some(Self {
            organization,
            everyone: conditions.is_empty(),
            conditions,
            trigrams: (!trigrams.is_empty() && !is_postgres(connection))
                .then(|| trigrams.join(" AND ")),
            trigrams_suffice,
            only_active,
        }))
    }

    fn organization(&self) -> Bind {
        Bind::Id(self.organization.get())
    }

    /// Asks the index of trigrams, whose rows are numbered by organization and customer.
    fn ask_trigrams(&self, select: &str, trigrams: &str, join: bool) -> Sql {
        let first = i64::from(self.organization.get()) << 32;
        let mut sql = Sql::default();
        sql.push(&format!("SELECT {select} FROM customers_search"), []);
        if join {
            sql.push(
                " CROSS JOIN customers ON customers.organization_id = ? \
                 AND customers.id = (customers_search.rowid & 4294967295)",
                [self.organization()],
            );
        }
        sql.push(
            " WHERE customers_search MATCH ? AND customers_search.rowid BETWEEN ? AND ?",
            [
                Bind::Text(trigrams.to_owned()),
                Bind::Number(first),
                Bind::Number(first + i64::from(i32::MAX)),
            ],
        );
        if join && !self.trigrams_suffice {
            sql.append(&self.conditions);
        }
        sql
    }

    fn ask_customers(&self, select: &str) -> Sql {
        let mut sql = Sql::default();
        sql.push(
            &format!("SELECT {select} FROM customers WHERE customers.organization_id = ?"),
            [self.organization()],
        );
        sql.append(&self.conditions);
        sql
    }

    fn count(&self, connection: &mut AnyConnection, everyone: Counted) -> Result<u64, StoreError> {
        if self.everyone {
            return Ok(everyone.customers);
        }
        match self.only_active {
            Some(true) => return Ok(everyone.active),
            Some(false) => return Ok(everyone.customers.saturating_sub(everyone.active)),
            None => {}
        }
        let sql = match &self.trigrams {
            Some(trigrams) => {
                self.ask_trigrams("COUNT(*) AS count", trigrams, !self.trigrams_suffice)
            }
            None => self.ask_customers("COUNT(*) AS count"),
        };
        let count: Vec<Count> = sql.load(connection)?;
        Ok(count.first().map_or(0, |count| count.count.unsigned_abs()))
    }

    /// The question for the ids of a page, and whether its answer is the page from its end; `None` where it is empty.
    fn page(
        &self,
        query: &CustomerQuery,
        everyone: Counted,
        total: u64,
        postgres: bool,
    ) -> Option<(Sql, bool)> {
        let rows = u64::from(query.max).min(total.saturating_sub(query.offset));
        if rows == 0 {
            return None;
        }
        // What lies nearer to the end is counted from there.
        let from_end = total - query.offset - rows;
        let backwards = from_end < query.offset;
        let offset = if backwards { from_end } else { query.offset };
        let descending = query.descending != backwards;
        // Of every `everyone / total` customers in order one is shown.
        let tried = (offset + rows).saturating_mul(everyone.customers) / total;
        let sql = match &self.trigrams {
            Some(trigrams) if total.saturating_mul(tries_for_a_hit(query.sort)) <= tried => {
                self.ask_trigrams("customers.id AS id", trigrams, true)
            }
            _ => self.ask_customers("customers.id AS id"),
        };
        Some((ordered(sql, query.sort, descending, postgres, rows, offset), backwards))
    }
}

/// The ids of the categories whose references are found, as text.
fn categories_of(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    wildcard: &Wildcard,
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(i32, String)> = categories::table
        .select((categories::id, categories::reference))
        .filter(categories::organization_id.eq(organization.get()))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .filter(|(_, reference)| wildcard.matches(reference))
        .map(|(id, _)| id.to_string())
        .collect())
}

/// Bounds of instants that are shown, and so compared, in whole seconds.
fn push_bounds(sql: &mut Sql, column: &str, bounds: &InstantBounds) {
    let InstantBounds { after, from, before, to } = bounds;
    let floor = |instant: &OffsetDateTime| instant.unix_timestamp();
    let ceil =
        |instant: &OffsetDateTime| instant.unix_timestamp() + i64::from(instant.nanosecond() > 0);
    for (sign, second) in [
        (">=", after.as_ref().map(|instant| floor(instant) + 1)),
        (">=", from.as_ref().map(ceil)),
        ("<", before.as_ref().map(ceil)),
        ("<", to.as_ref().map(|instant| floor(instant) + 1)),
    ] {
        if let Some(second) = second {
            sql.push(
                &format!(" AND customers.{column} {sign} ?"),
                [Bind::Number(second.saturating_mul(1000))],
            );
        }
    }
}

/// How many customers can be tried in an order while one hit of the index of trigrams is looked up. By creation they lie as
/// they are stored, and the index of names has what is searched; other indexes lead all over the table, and other orders have
/// no index.
const fn tries_for_a_hit(sort: CustomerSort) -> u64 {
    match sort {
        CustomerSort::Id | CustomerSort::Created | CustomerSort::Name => 8,
        CustomerSort::Reference | CustomerSort::Updated => 1,
        _ => 0,
    }
}

fn ordered(
    mut sql: Sql,
    sort: CustomerSort,
    descending: bool,
    postgres: bool,
    rows: u64,
    offset: u64,
) -> Sql {
    let direction = if descending { "DESC" } else { "ASC" };
    sql.push(" ORDER BY ", []);
    let column = sort.column();
    if !column.is_empty() && sort != CustomerSort::Id {
        // SQLite compares by code point and puts absent values first by itself.
        let collation = if postgres && sort.is_text() { " COLLATE \"C\"" } else { "" };
        let nulls = match (postgres && sort.is_optional(), descending) {
            (false, _) => "",
            (true, false) => " NULLS FIRST",
            (true, true) => " NULLS LAST",
        };
        sql.push(&format!("{column}{collation} {direction}{nulls}"), []);
    }
    // References are unique: an index of them is in order already.
    if sort != CustomerSort::Reference {
        let comma = if column.is_empty() || sort == CustomerSort::Id { "" } else { ", " };
        sql.push(&format!("{comma}customers.id {direction}"), []);
    }
    sql.push(&format!(" LIMIT {rows} OFFSET {offset}"), []);
    sql
}
