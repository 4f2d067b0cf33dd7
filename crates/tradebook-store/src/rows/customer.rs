//! Customers.

use diesel::prelude::*;
use diesel::upsert::excluded;
use time::OffsetDateTime;
use tradebook_model::{
    BulkRule, CategoryId, Customer, CustomerId, CustomerProfile, DueDateRule, Money,
    OrganizationId, PaymentTypeId, Percent, Place, PriceListId, RegionId, SegmentationId, Terms,
    UserId,
};

use super::{millis, stored, stored_option};
use crate::StoreError;
use crate::connection::{AnyConnection, each_backend};
use crate::schema::{customer_payment_types, customers};

/// Rows of one statement: their values stay below the 32,766 parameters that SQLite takes.
const ROWS_AT_ONCE: usize = 500;

/// What the store knows of a customer beyond the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CustomerStamps {
    /// When the customer came to be; kept from the first time on.
    pub(crate) created: OffsetDateTime,
    /// When it last changed.
    pub(crate) updated: OffsetDateTime,
    /// The revision of the import that last saw it, 0 where none has.
    pub(crate) touched: i64,
}

/// Declares the row and the statement that writes all of its columns.
macro_rules! customer_row {
    ($($column:ident: $type:ty,)*) => {
        /// A customer without its payment types, its own list and its version, which have ways of their own.
        #[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
        #[diesel(table_name = customers, treat_none_as_default_value = false)]
        pub(crate) struct CustomerRow {
            pub(crate) organization_id: i32,
            pub(crate) id: i32,
            $(pub(crate) $column: $type,)*
            pub(crate) date_created: i64,
        }

        impl CustomerRow {
            /// Inserts new customers and updates those that are there, whose creation stays as it was.
            pub(crate) fn put(connection: &mut AnyConnection, rows: &[Self]) -> QueryResult<()> {
                for chunk in rows.chunks(ROWS_AT_ONCE) {
                    each_backend!(connection, |connection| {
                        diesel::insert_into(customers::table)
                            .values(chunk)
                            .on_conflict((customers::organization_id, customers::id))
                            .do_update()
                            .set((
                                $(customers::$column.eq(excluded(customers::$column)),)*
                                customers::version.eq(customers::version + 1),
                            ))
                            .execute(connection)
                    })?;
                }
                Ok(())
            }
        }
    };
}

customer_row! {
    reference: String,
    name: String,
    currency: String,
    standard_list_id: Option<i32>,
    group_list_id: Option<i32>,
    normal_discount: Option<i64>,
    markup_on_cost: Option<i64>,
    bulk: i16,
    promotions: bool,
    reference2: Option<String>,
    category_id: Option<i32>,
    is_sub_customer: bool,
    parent_id: Option<i32>,
    bill_with_parent: bool,
    segmentation_id: Option<i32>,
    email: Option<String>,
    phone: Option<String>,
    mobile: Option<String>,
    fax: Option<String>,
    comment: Option<String>,
    barcode: Option<String>,
    is_same_address: bool,
    billing_country: Option<String>,
    billing_city: Option<String>,
    billing_postal_code: Option<String>,
    billing_address: Option<String>,
    billing_latitude: Option<f64>,
    billing_longitude: Option<f64>,
    shipping_country: Option<String>,
    shipping_city: Option<String>,
    shipping_postal_code: Option<String>,
    shipping_address: Option<String>,
    shipping_latitude: Option<f64>,
    shipping_longitude: Option<f64>,
    credit_limit: Option<i64>,
    is_active: bool,
    on_hold: bool,
    on_hold_reason: Option<String>,
    user_id: Option<i32>,
    due_date_config_number: Option<i32>,
    due_date_config_type: Option<i16>,
    website: Option<String>,
    tax_number: Option<String>,
    company_registration_number: Option<String>,
    customer_risk: Option<String>,
    customer_risk_color: Option<String>,
    region_id: Option<i32>,
    last_updated: i64,
    touched: i64,
}

impl CustomerRow {
    pub(crate) fn new(
        organization: OrganizationId,
        customer: &Customer,
        stamps: CustomerStamps,
    ) -> Self {
        let Customer { id, reference, name, currency, terms, profile } = customer;
        let Terms { standard_list, group_list, normal_discount, markup_on_cost, bulk, promotions } =
            *terms;
        let CustomerProfile {
            reference2,
            category,
            is_sub_customer,
            parent,
            bill_with_parent,
            segmentation,
            email,
            phone,
            mobile,
            fax,
            comment,
            barcode,
            is_same_address,
            billing,
            shipping,
            credit_limit,
            is_active,
            on_hold,
            on_hold_reason,
            user,
            due_date_config_number,
            due_date_config_type,
            // In a table of their own, see `put_payment_types`.
            payment_types: _,
            website,
            tax_number,
            company_registration_number,
            customer_risk,
            customer_risk_color,
            region,
        } = profile.clone();
        let CustomerStamps { created, updated, touched } = stamps;
        let Place {
            country: billing_country,
            city: billing_city,
            postal_code: billing_postal_code,
            address: billing_address,
            latitude: billing_latitude,
            longitude: billing_longitude,
        } = billing;
        let Place {
            country: shipping_country,
            city: shipping_city,
            postal_code: shipping_postal_code,
            address: shipping_address,
            latitude: shipping_latitude,
            longitude: shipping_longitude,
        } = shipping;
        Self {
            organization_id: organization.get(),
            id: id.get(),
            reference: reference.to_string(),
            name: name.to_string(),
            currency: currency.to_string(),
            standard_list_id: standard_list.map(PriceListId::get),
            group_list_id: group_list.map(PriceListId::get),
            normal_discount: normal_discount.map(Percent::micros),
            markup_on_cost: markup_on_cost.map(Percent::micros),
            bulk: bulk_number(bulk),
            promotions,
            reference2,
            category_id: category.map(CategoryId::get),
            is_sub_customer,
            parent_id: parent.map(CustomerId::get),
            bill_with_parent,
            segmentation_id: segmentation.map(SegmentationId::get),
            email,
            phone,
            mobile,
            fax,
            comment,
            barcode,
            is_same_address,
            billing_country,
            billing_city,
            billing_postal_code,
            billing_address,
            billing_latitude,
            billing_longitude,
            shipping_country,
            shipping_city,
            shipping_postal_code,
            shipping_address,
            shipping_latitude,
            shipping_longitude,
            credit_limit: credit_limit.map(Money::micros),
            is_active,
            on_hold,
            on_hold_reason,
            user_id: user.map(UserId::get),
            due_date_config_number,
            due_date_config_type: due_date_config_type.map(DueDateRule::number),
            website,
            tax_number,
            company_registration_number,
            customer_risk,
            customer_risk_color,
            region_id: region.map(RegionId::get),
            last_updated: millis(updated),
            touched,
            date_created: millis(created),
        }
    }

    /// The customer, with its payment types, which come from a table of their own.
    pub(crate) fn into_domain(
        self,
        payment_types: Vec<PaymentTypeId>,
    ) -> Result<Customer, StoreError> {
        let Self {
            organization_id: _,
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
            reference2,
            category_id,
            is_sub_customer,
            parent_id,
            bill_with_parent,
            segmentation_id,
            email,
            phone,
            mobile,
            fax,
            comment,
            barcode,
            is_same_address,
            billing_country,
            billing_city,
            billing_postal_code,
            billing_address,
            billing_latitude,
            billing_longitude,
            shipping_country,
            shipping_city,
            shipping_postal_code,
            shipping_address,
            shipping_latitude,
            shipping_longitude,
            credit_limit,
            is_active,
            on_hold,
            on_hold_reason,
            user_id,
            due_date_config_number,
            due_date_config_type,
            website,
            tax_number,
            company_registration_number,
            customer_risk,
            customer_risk_color,
            region_id,
            last_updated: _,
            touched: _,
            date_created: _,
        } = self;
        let profile = CustomerProfile {
            reference2,
            category: stored_option("a customer's category", category_id, CategoryId::new)?,
            is_sub_customer,
            parent: stored_option("a customer's parent", parent_id, CustomerId::new)?,
            bill_with_parent,
            segmentation: stored_option(
                "a customer's segmentation",
                segmentation_id,
                SegmentationId::new,
            )?,
            email,
            phone,
            mobile,
            fax,
            comment,
            barcode,
            is_same_address,
            billing: Place {
                country: billing_country,
                city: billing_city,
                postal_code: billing_postal_code,
                address: billing_address,
                latitude: billing_latitude,
                longitude: billing_longitude,
            },
            shipping: Place {
                country: shipping_country,
                city: shipping_city,
                postal_code: shipping_postal_code,
                address: shipping_address,
                latitude: shipping_latitude,
                longitude: shipping_longitude,
            },
            credit_limit: stored_option(
                "a customer's credit limit",
                credit_limit,
                Money::from_micros,
            )?,
            is_active,
            on_hold,
            on_hold_reason,
            user: stored_option("a customer's user", user_id, UserId::new)?,
            due_date_config_number,
            due_date_config_type: stored_option(
                "a customer's due date",
                due_date_config_type,
                |number| number.to_string().parse(),
            )?,
            payment_types,
            website,
            tax_number,
            company_registration_number,
            customer_risk,
            customer_risk_color,
            region: stored_option("a customer's region", region_id, RegionId::new)?,
        };
        Ok(Customer {
            id: stored("a customer's id", CustomerId::new(id))?,
            reference: stored("a customer's reference", reference.parse())?,
            name: stored("a customer's name", name.parse())?,
            currency: stored("a customer's currency", currency.parse())?,
            terms: Terms {
                standard_list: stored_option(
                    "a customer's standard list",
                    standard_list_id,
                    PriceListId::new,
                )?,
                group_list: stored_option(
                    "a customer's group list",
                    group_list_id,
                    PriceListId::new,
                )?,
                normal_discount: stored_option(
                    "a customer's discount",
                    normal_discount,
                    Percent::from_micros,
                )?,
                markup_on_cost: stored_option(
                    "a customer's mark-up",
                    markup_on_cost,
                    Percent::from_micros,
                )?,
                bulk: bulk_rule(bulk)?,
                promotions,
            },
            profile,
        })
    }
}

/// The number by which a bulk rule is kept.
pub(crate) const fn bulk_number(rule: BulkRule) -> i16 {
    match rule {
        BulkRule::ByQuantity => 0,
        BulkRule::Always => 1,
        BulkRule::Never => 2,
    }
}

/// The bulk rule of a number.
pub(crate) fn bulk_rule(number: i16) -> Result<BulkRule, StoreError> {
    match number {
        0 => Ok(BulkRule::ByQuantity),
        1 => Ok(BulkRule::Always),
        2 => Ok(BulkRule::Never),
        _ => Err(StoreError::corrupt(format!("{number} is no bulk rule of a customer"))),
    }
}

/// The payment types of customers whose ids lie between two, both included, by customer and then in order.
pub(crate) fn load_payment_types(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    from: CustomerId,
    to: CustomerId,
) -> Result<Vec<(CustomerId, PaymentTypeId)>, StoreError> {
    let rows: Vec<(i32, i32)> = customer_payment_types::table
        .select((customer_payment_types::customer_id, customer_payment_types::payment_type_id))
        .filter(customer_payment_types::organization_id.eq(organization.get()))
        .filter(customer_payment_types::customer_id.between(from.get(), to.get()))
        .order((customer_payment_types::customer_id, customer_payment_types::position))
        .load(connection)?;
    rows.into_iter()
        .map(|(customer, payment_type)| {
            Ok((
                stored("a customer's id", CustomerId::new(customer))?,
                stored("a customer's payment type", PaymentTypeId::new(payment_type))?,
            ))
        })
        .collect()
}

/// Replaces the payment types of a customer.
pub(crate) fn put_payment_types(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    customer: CustomerId,
    payment_types: &[PaymentTypeId],
) -> Result<(), StoreError> {
    diesel::delete(
        customer_payment_types::table
            .filter(customer_payment_types::organization_id.eq(organization.get()))
            .filter(customer_payment_types::customer_id.eq(customer.get())),
    )
    .execute(connection)?;
    for (position, payment_type) in (1_i16..).zip(payment_types) {
        diesel::insert_into(customer_payment_types::table)
            .values((
                customer_payment_types::organization_id.eq(organization.get()),
                customer_payment_types::customer_id.eq(customer.get()),
                customer_payment_types::payment_type_id.eq(payment_type.get()),
                customer_payment_types::position.eq(position),
            ))
            .execute(connection)?;
    }
    Ok(())
}
