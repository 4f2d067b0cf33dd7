//! The ids that an organization hands out.
//!
//! They are greater than all that were handed out before, and than those that came from files. Ids from [`FAR_ID`] on are the
//! exception: they do not move a sequence, or a single one near the end would leave no ids for later records. A sequence
//! that gets that far itself passes over those that are taken.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use tradebook_model::OrganizationId;

use crate::StoreError;
use crate::connection::AnyConnection;
use crate::schema::id_sequences;

/// A kind of record with ids of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sequence {
    Account,
    Category,
    Classification,
    Contact,
    Customer,
    /// Orders and invoices, whose ids are not shown.
    Document,
    Participant,
    PaymentType,
    /// Price lists, and the lists of customers' own.
    PriceList,
    Product,
    /// Purchase events, whose ids are not shown.
    PurchaseEvent,
    RatePeriod,
    Region,
    Segmentation,
    Unit,
    User,
}

/// Where ids that come from files stop moving what is handed out.
pub const FAR_ID: i64 = 2_000_000_000;

impl Sequence {
    pub(crate) const ALL: [Self; 16] = [
        Self::Account,
        Self::Category,
        Self::Classification,
        Self::Contact,
        Self::Customer,
        Self::Document,
        Self::Participant,
        Self::PaymentType,
        Self::PriceList,
        Self::Product,
        Self::PurchaseEvent,
        Self::RatePeriod,
        Self::Region,
        Self::Segmentation,
        Self::Unit,
        Self::User,
    ];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Account => "account receivable",
            Self::Category => "category",
            Self::Classification => "classification",
            Self::Contact => "contact",
            Self::Customer => "customer",
            Self::Document => "document",
            Self::Participant => "rewards participant",
            Self::PaymentType => "payment type",
            Self::PriceList => "price list",
            Self::Product => "product",
            Self::PurchaseEvent => "purchase event",
            Self::RatePeriod => "currency rate period",
            Self::Region => "region",
            Self::Segmentation => "segmentation",
            Self::Unit => "unit",
            Self::User => "user",
        }
    }

    /// The columns, by table, of the ids that the sequence hands out.
    pub(crate) const fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Account => &[("accounts_receivable", "id")],
            Self::Category => &[("categories", "id")],
            Self::Classification => &[("classifications", "id")],
            Self::Contact => &[("contacts", "id")],
            Self::Customer => &[("customers", "id")],
            Self::Document => &[("ledger_documents", "id")],
            Self::Participant => &[("rewards_participants", "id")],
            Self::PaymentType => &[("payment_types", "id")],
            Self::PriceList => &[("price_lists", "id"), ("customers", "own_list_id")],
            Self::Product => &[("products", "id")],
            Self::PurchaseEvent => &[("purchase_events", "id")],
            Self::RatePeriod => &[("currency_rate_periods", "id")],
            Self::Region => &[("regions", "id")],
            Self::Segmentation => &[("segmentations", "id")],
            Self::Unit => &[("units", "id")],
            Self::User => &[("users", "id")],
        }
    }

    /// From where on an id may be taken that the sequence has not come to yet.
    pub(crate) const fn far(self) -> i64 {
        match self {
            // They are handed out only, and have 64 bits.
            Self::Document | Self::PurchaseEvent => i64::MAX,
            _ => FAR_ID,
        }
    }
}

/// Hands out `count` ids in a row and returns the first. Within a write transaction of the organization.
pub(crate) fn next_ids(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    sequence: Sequence,
    count: i64,
) -> Result<i64, StoreError> {
    let row = id_sequences::table.find((organization.get(), sequence.word()));
    let next: Option<i64> = diesel::update(row)
        .set(id_sequences::next_id.eq(id_sequences::next_id + count))
        .returning(id_sequences::next_id)
        .get_result(connection)
        .optional()?;
    let next = match next {
        Some(next) => next,
        None => insert(connection, organization, sequence, 1 + count)?,
    };
    let first = next - count;
    if next <= sequence.far() {
        return Ok(first);
    }
    let free = free_ids(connection, organization, sequence, first, count)?;
    if free + count - 1 > i64::from(i32::MAX) {
        return Err(StoreError::NoMoreIds { kind: sequence.word() });
    }
    diesel::update(row).set(id_sequences::next_id.eq(free + count)).execute(connection)?;
    Ok(free)
}

/// The first of `count` ids in a row, from `from` on, that no record has.
fn free_ids(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    sequence: Sequence,
    from: i64,
    count: i64,
) -> Result<i64, StoreError> {
    let mut taken: Vec<i64> = Vec::new();
    for (table, column) in sequence.columns() {
        let ids: Vec<Taken> = diesel::sql_query(format!(
            "SELECT CAST({column} AS BIGINT) AS id FROM {table} \
             WHERE organization_id = $1 AND {column} >= $2"
        ))
        .bind::<Integer, _>(organization.get())
        .bind::<BigInt, _>(from)
        .load(connection)?;
        taken.extend(ids.into_iter().map(|taken| taken.id));
    }
    taken.sort_unstable();
    let mut free = from;
    for id in taken {
        if id - free >= count {
            break;
        }
        free = id + 1;
    }
    Ok(free)
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Moves a sequence past an id that came from outside.
pub(crate) fn skip_past(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    sequence: Sequence,
    id: i64,
) -> Result<(), StoreError> {
    if id >= sequence.far() {
        return Ok(());
    }
    let row = id_sequences::table.find((organization.get(), sequence.word()));
    let changed = diesel::update(row)
        .set(
            id_sequences::next_id.eq(case_when(
                id_sequences::next_id.le(id),
                (id + 1).into_sql::<BigInt>(),
            )
            .otherwise(id_sequences::next_id)),
        )
        .execute(connection)?;
    if changed == 0 {
        insert(connection, organization, sequence, id + 1)?;
    }
    Ok(())
}

fn insert(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    sequence: Sequence,
    next: i64,
) -> Result<i64, StoreError> {
    diesel::insert_into(id_sequences::table)
        .values((
            id_sequences::organization_id.eq(organization.get()),
            id_sequences::kind.eq(sequence.word()),
            id_sequences::next_id.eq(next),
        ))
        .execute(connection)?;
    Ok(next)
}
