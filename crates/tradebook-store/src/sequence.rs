//! The ids that an organization hands out.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tradebook_model::OrganizationId;

use crate::StoreError;
use crate::connection::AnyConnection;
use crate::schema::id_sequences;

/// A kind of record with ids of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sequence {
    Category,
    Contact,
    Customer,
    /// Orders and invoices, whose ids are not shown.
    Document,
    PaymentType,
    /// Price lists, and the lists of customers' own.
    PriceList,
    Product,
    Region,
    Segmentation,
    User,
}

impl Sequence {
    pub(crate) const ALL: [Self; 10] = [
        Self::Category,
        Self::Contact,
        Self::Customer,
        Self::Document,
        Self::PaymentType,
        Self::PriceList,
        Self::Product,
        Self::Region,
        Self::Segmentation,
        Self::User,
    ];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Contact => "contact",
            Self::Customer => "customer",
            Self::Document => "document",
            Self::PaymentType => "payment type",
            Self::PriceList => "price list",
            Self::Product => "product",
            Self::Region => "region",
            Self::Segmentation => "segmentation",
            Self::User => "user",
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
    if next - 1 > i64::from(i32::MAX) && sequence != Sequence::Document {
        return Err(StoreError::NoMoreIds { kind: sequence.word() });
    }
    Ok(next - count)
}

/// Moves a sequence past an id that came from outside.
pub(crate) fn skip_past(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    sequence: Sequence,
    id: i64,
) -> Result<(), StoreError> {
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
