//! What can be judged only when all files are applied.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use time::Date;
use tradebook_model::{BreakQuantity, CustomerId, PriceList, PriceListId, ProductId};

use super::{Coded, Import, Place, records};
use crate::StoreError;
use crate::import::rows::PriceListRow;
use crate::schema::{categories, customers, price_lists, regions};

/// Two rows of a list for one product and quantity that hold on the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceOverlap {
    /// The list.
    pub list: PriceListId,
    /// The product.
    pub product: ProductId,
    /// The quantity from which both apply.
    pub quantity: BreakQuantity,
    /// The first day of the earlier row, and where this import has seen it.
    pub earlier: (Option<Date>, Option<Place>),
    /// The first day of the later row, and where this import has seen it.
    pub later: (Option<Date>, Option<Place>),
}

/// Two agreed prices of a customer for one product that hold on the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreementOverlap {
    /// The customer.
    pub customer: CustomerId,
    /// The product.
    pub product: ProductId,
    /// The first day of the earlier one, and where this import has seen it.
    pub earlier: (Option<Date>, Option<Place>),
    /// The first day of the later one, and where this import has seen it.
    pub later: (Option<Date>, Option<Place>),
}

/// Two access tokens with one authentication code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedCode {
    /// The identifier of the one that was there first.
    pub first: String,
    /// The identifier of the other, and where this import has seen it.
    pub second: (String, Option<Place>),
}

#[derive(QueryableByName)]
struct RepeatedRow {
    #[diesel(sql_type = Text)]
    first: String,
    #[diesel(sql_type = Text)]
    second: String,
    #[diesel(sql_type = BigInt)]
    touched: i64,
}

#[derive(QueryableByName)]
struct OverlapRow {
    #[diesel(sql_type = Integer)]
    owner_id: i32,
    #[diesel(sql_type = Integer)]
    product_id: i32,
    #[diesel(sql_type = Integer)]
    quantity: i32,
    #[diesel(sql_type = Integer)]
    earlier_from: i32,
    #[diesel(sql_type = Integer)]
    later_from: i32,
    #[diesel(sql_type = BigInt)]
    earlier_touched: i64,
    #[diesel(sql_type = BigInt)]
    later_touched: i64,
}

#[derive(QueryableByName)]
pub(super) struct CountRow {
    #[diesel(sql_type = BigInt)]
    pub(super) number: i64,
}

const PRICE_OVERLAPS: &str = "FROM prices a JOIN prices b ON b.organization_id = a.organization_id \
     AND b.list_id = a.list_id AND b.product_id = a.product_id AND b.quantity = a.quantity \
     AND b.valid_from > a.valid_from \
     WHERE a.organization_id = $1 AND (a.valid_to IS NULL OR a.valid_to >= b.valid_from) \
     AND (a.touched >= $2 OR b.touched >= $2)";

const AGREEMENT_OVERLAPS: &str = "FROM agreed_prices a JOIN agreed_prices b \
     ON b.organization_id = a.organization_id AND b.customer_id = a.customer_id \
     AND b.product_id = a.product_id AND b.valid_from > a.valid_from \
     WHERE a.organization_id = $1 AND (a.valid_to IS NULL OR a.valid_to >= b.valid_from) \
     AND (a.touched >= $2 OR b.touched >= $2)";

const REPEATED_CODES: &str = "FROM access_tokens a JOIN access_tokens b \
     ON b.organization_id = a.organization_id AND b.authentication_code = a.authentication_code \
     AND (b.touched > a.touched OR (b.touched = a.touched AND b.identifier > a.identifier)) \
     WHERE a.organization_id = $1 AND b.touched >= $2";

/// Counts the rows of a join. SQLite joins views row by row only where it does not count them itself.
fn counted(condition: &str) -> String {
    format!(
        "SELECT COUNT(*) AS number FROM (SELECT 1 AS one {condition} LIMIT 9223372036854775807) AS rows"
    )
}

impl Import<'_> {
    /// Access tokens that this import has seen and that share their authentication code with another: the first `limit`, and
    /// how many there are.
    pub fn repeated_codes(&mut self, limit: u32) -> Result<(Vec<RepeatedCode>, u64), StoreError> {
        let (organization, first) = (self.session.organization.get(), self.first_touch());
        let columns = "a.identifier AS first, b.identifier AS second, b.touched AS touched";
        let rows: Vec<RepeatedRow> = diesel::sql_query(format!(
            "SELECT {columns} {REPEATED_CODES} ORDER BY b.touched, a.touched, 1 LIMIT {limit}"
        ))
        .bind::<Integer, _>(organization)
        .bind::<BigInt, _>(first)
        .load(self.session.connection)?;
        let count: CountRow = diesel::sql_query(counted(REPEATED_CODES))
            .bind::<Integer, _>(organization)
            .bind::<BigInt, _>(first)
            .get_result(self.session.connection)?;
        let repeated = rows.into_iter().map(|row| RepeatedCode {
            first: row.first,
            second: (row.second, self.seen_at(row.touched)),
        });
        Ok((repeated.collect(), u64::try_from(count.number).unwrap_or_default()))
    }

    /// Rows of price lists that this import has seen and that overlap with others: the first `limit`, and how many there are.
    pub fn price_overlaps(&mut self, limit: u32) -> Result<(Vec<PriceOverlap>, u64), StoreError> {
        let columns = "a.list_id AS owner_id, a.product_id, a.quantity";
        let (rows, number) = self.overlaps(columns, PRICE_OVERLAPS, limit)?;
        let overlaps = rows.into_iter().map(|row| {
            Ok(PriceOverlap {
                list: records::stored(PriceListId::new(row.owner_id))?,
                product: records::stored(ProductId::new(row.product_id))?,
                quantity: records::stored(BreakQuantity::new(row.quantity))?,
                earlier: self.seen_row(row.earlier_from, row.earlier_touched)?,
                later: self.seen_row(row.later_from, row.later_touched)?,
            })
        });
        Ok((overlaps.collect::<Result<_, StoreError>>()?, number))
    }

    /// Agreed prices that this import has seen and that overlap with others: the first `limit`, and how many there are.
    pub fn agreement_overlaps(
        &mut self,
        limit: u32,
    ) -> Result<(Vec<AgreementOverlap>, u64), StoreError> {
        let columns = "a.customer_id AS owner_id, a.product_id, 1 AS quantity";
        let (rows, number) = self.overlaps(columns, AGREEMENT_OVERLAPS, limit)?;
        let overlaps = rows.into_iter().map(|row| {
            Ok(AgreementOverlap {
                customer: records::stored(CustomerId::new(row.owner_id))?,
                product: records::stored(ProductId::new(row.product_id))?,
                earlier: self.seen_row(row.earlier_from, row.earlier_touched)?,
                later: self.seen_row(row.later_from, row.later_touched)?,
            })
        });
        Ok((overlaps.collect::<Result<_, StoreError>>()?, number))
    }

    /// All price lists, by code.
    pub fn price_lists(&mut self) -> Result<Vec<PriceList>, StoreError> {
        let rows: Vec<PriceListRow> = price_lists::table
            .select(PriceListRow::ALL)
            .filter(price_lists::organization_id.eq(self.session.organization.get()))
            .order(price_lists::code)
            .load(self.session.connection)?;
        rows.into_iter().map(|row| Ok(records::from_price_list_row(row)?.0)).collect()
    }

    /// The records of a kind that have one above them, and that one: pairs of ids. Empty for kinds without levels.
    pub fn parents(&mut self, coded: Coded) -> Result<Vec<(i32, i32)>, StoreError> {
        macro_rules! parents {
            ($table:ident) => {
                $table::table
                    .select(($table::id, $table::parent_id.assume_not_null()))
                    .filter($table::organization_id.eq(self.session.organization.get()))
                    .filter($table::parent_id.is_not_null())
                    .load(self.session.connection)?
            };
        }
        Ok(match coded {
            Coded::Categories => parents!(categories),
            Coded::Regions => parents!(regions),
            Coded::Customers => parents!(customers),
            Coded::Products
            | Coded::PriceLists
            | Coded::Segmentations
            | Coded::PaymentTypes
            | Coded::Users
            | Coded::Contacts
            | Coded::Accounts
            | Coded::Participants
            | Coded::Classifications
            | Coded::Units
            | Coded::RatePeriods => Vec::new(),
        })
    }

    fn overlaps(
        &mut self,
        columns: &str,
        condition: &str,
        limit: u32,
    ) -> Result<(Vec<OverlapRow>, u64), StoreError> {
        let (organization, first) = (self.session.organization.get(), self.first_touch());
        let query = format!(
            "SELECT {columns}, a.valid_from AS earlier_from, b.valid_from AS later_from, \
             a.touched AS earlier_touched, b.touched AS later_touched {condition} \
             ORDER BY b.touched, a.touched LIMIT {limit}"
        );
        let rows: Vec<OverlapRow> = diesel::sql_query(query)
            .bind::<Integer, _>(organization)
            .bind::<BigInt, _>(first)
            .load(self.session.connection)?;
        if u32::try_from(rows.len()).is_ok_and(|found| found < limit) {
            let number = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            return Ok((rows, number));
        }
        let count: CountRow = diesel::sql_query(counted(condition))
            .bind::<Integer, _>(organization)
            .bind::<BigInt, _>(first)
            .get_result(self.session.connection)?;
        Ok((rows, u64::try_from(count.number).unwrap_or_default()))
    }

    fn seen_row(
        &self,
        valid_from: i32,
        touched: i64,
    ) -> Result<(Option<Date>, Option<Place>), StoreError> {
        Ok((records::first_day(valid_from)?, self.seen_at(touched)))
    }
}
