//! What a price book is compiled from.

#[cfg(feature = "sqlite")]
use diesel::connection::DefaultLoadingMode;
#[cfg(feature = "postgres")]
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use tradebook_model::{
    AgreedPrice, BookCustomer, BookData, BookProduct, CustomerId, Money, OrganizationId, Percent,
    PriceListId, ProductId, ProductStatus, Revision, Terms,
};

use crate::connection::AnyConnection;
use crate::import::records::{from_price_list_row, from_price_row_row};
use crate::import::rows::{PriceListRow, PriceRowRow};
use crate::import::unfinished::hidden;
use crate::organization::read_settings;
use crate::rows::{bulk_rule, key_period, stored, stored_option};
use crate::schema::{agreed_prices, customers, organizations, price_lists, prices, products};
use crate::{Store, StoreError};

impl Store {
    /// Everything that an organization's price book is made of, and the revision it has, at one moment.
    /// [`StoreError::NotFound`] where there is no such organization.
    pub fn read_book(
        &self,
        organization: OrganizationId,
    ) -> Result<(Revision, BookData), StoreError> {
        self.read_apart(organization, |connection| {
            let revision: i64 = organizations::table
                .select(organizations::revision)
                .filter(organizations::id.eq(organization.get()))
                .get_result(connection)
                .optional()?
                .ok_or_else(|| StoreError::not_found("organization", organization))?;
            let data = BookData {
                settings: read_settings(connection, organization)?,
                products: read_products(connection, organization)?,
                lists: read_lists(connection, organization)?,
                rows: read_rows(connection, organization)?,
                customers: read_customers(connection, organization)?,
                agreed_prices: read_agreed_prices(connection, organization)?,
            };
            Ok((Revision(revision), data))
        })
    }
}

/// Turns rows into what they mean while the database sends them: they are never in memory all at once.
macro_rules! streamed {
    ($connection:expr, $query:expr, $row:ty, $into:expr) => {
        match $connection {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(sqlite) => $query
                .load_iter::<$row, DefaultLoadingMode>(sqlite)?
                .map(|row| $into(row?))
                .collect(),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(postgres) => $query
                .load_iter::<$row, PgRowByRowLoadingMode>(postgres)?
                .map(|row| $into(row?))
                .collect(),
        }
    };
}

fn read_products(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<BookProduct>, StoreError> {
    streamed!(
        connection,
        products::table
            .select((products::id, products::code, products::status, products::cost))
            .filter(products::organization_id.eq(organization.get())),
        (i32, String, i16, Option<i64>),
        product
    )
}

fn product(
    (id, code, status, cost): (i32, String, i16, Option<i64>),
) -> Result<BookProduct, StoreError> {
    Ok(BookProduct {
        id: stored("a product's id", ProductId::new(id))?,
        code: stored("a product's code", code.parse())?,
        status: stored("a product's status", ProductStatus::from_number(status))?,
        cost: stored_option("a product's cost", cost, Money::from_micros)?,
    })
}

fn read_lists(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<tradebook_model::PriceList>, StoreError> {
    let rows: Vec<PriceListRow> = price_lists::table
        .select(PriceListRow::ALL)
        .filter(price_lists::organization_id.eq(organization.get()))
        .load(connection)?;
    rows.into_iter().map(|row| Ok(from_price_list_row(row)?.0)).collect()
}

fn read_rows(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<tradebook_model::PriceRow>, StoreError> {
    let hidden = hidden(connection, organization)?;
    let price_row = |row| from_price_row_row(row).map(|(row, _)| row);
    streamed!(
        connection,
        prices::table
            .select(PriceRowRow::ALL)
            .filter(prices::organization_id.eq(organization.get()))
            .filter(prices::touched.lt(hidden.touch)),
        PriceRowRow,
        price_row
    )
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = customers)]
pub(crate) struct BookCustomerRow {
    id: i32,
    reference: String,
    name: String,
    currency: String,
    standard_list_id: Option<i32>,
    group_list_id: Option<i32>,
    normal_discount: Option<i64>,
    markup_on_cost: Option<i64>,
    bulk: i16,
    promotions: bool,
    own_list_id: Option<i32>,
}

fn read_customers(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<BookCustomer>, StoreError> {
    streamed!(
        connection,
        customers::table
            .select(BookCustomerRow::as_select())
            .filter(customers::organization_id.eq(organization.get())),
        BookCustomerRow,
        BookCustomerRow::into_domain
    )
}

impl BookCustomerRow {
    pub(crate) fn into_domain(self) -> Result<BookCustomer, StoreError> {
        let Self {
            id,
            reference,
            name,
            currency,
            standard_list_id,
            group_list_id,
            normal_discount,
            markup_on_cost,
            bulk,
            promotions,
            own_list_id,
        } = self;
        let list = |id| stored_option("a customer's price list", id, PriceListId::new);
        let percent = |micros| stored_option("a customer's terms", micros, Percent::from_micros);
        Ok(BookCustomer {
            id: stored("a customer's id", CustomerId::new(id))?,
            reference: stored("a customer's reference", reference.parse())?,
            name: stored("a customer's name", name.parse())?,
            currency: stored("a customer's currency", currency.parse())?,
            terms: Terms {
                standard_list: list(standard_list_id)?,
                group_list: list(group_list_id)?,
                normal_discount: percent(normal_discount)?,
                markup_on_cost: percent(markup_on_cost)?,
                bulk: bulk_rule(bulk)?,
                promotions,
            },
            own_list: list(own_list_id)?,
        })
    }
}

fn read_agreed_prices(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<AgreedPrice>, StoreError> {
    streamed!(
        connection,
        agreed_prices::table
            .select(BookAgreementRow::as_select())
            .filter(agreed_prices::organization_id.eq(organization.get())),
        BookAgreementRow,
        BookAgreementRow::into_domain
    )
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = agreed_prices)]
pub(crate) struct BookAgreementRow {
    customer_id: i32,
    product_id: i32,
    valid_from: i32,
    valid_to: Option<i32>,
    price: i64,
}

impl BookAgreementRow {
    pub(crate) fn into_domain(self) -> Result<AgreedPrice, StoreError> {
        let Self { customer_id, product_id, valid_from, valid_to, price } = self;
        Ok(AgreedPrice {
            customer: stored("an agreement's customer", CustomerId::new(customer_id))?,
            product: stored("an agreement's product", ProductId::new(product_id))?,
            price: stored("an agreed price", Money::from_micros(price))?,
            validity: key_period(valid_from, valid_to)?,
        })
    }
}
