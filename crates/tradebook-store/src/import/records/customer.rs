//! Customers.

use std::collections::HashMap;

use diesel::prelude::*;
use tradebook_model::{
    CategoryId, Customer, CustomerId, CustomerProfile, DueDateRule, Money, OrganizationId,
    PaymentTypeId, Percent, Place, PriceListId, RegionId, SegmentationId, Terms, UserId,
};

use super::{Record, Session};
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::import::rows::{CustomerPaymentTypeRow, CustomerRow};
use crate::rows::{bulk_number, bulk_rule, stored, stored_option};
use crate::schema::{customer_payment_types, customers};

impl Record for Customer {
    type Key = CustomerId;

    fn key(&self) -> CustomerId {
        self.id
    }

    fn load(
        session: &mut Session<'_>,
        keys: &[CustomerId],
    ) -> Result<Vec<(Self, i64)>, StoreError> {
        let ids: Vec<_> = keys.iter().map(|id| id.get()).collect();
        session.note_read("customers", &ids)?;
        let rows: Vec<CustomerRow> = customers::table
            .select(CustomerRow::ALL)
            .filter(customers::organization_id.eq(session.organization.get()))
            .filter(customers::id.eq_any(&ids))
            .load(session.connection)?;
        with_payment_types(session.connection, session.organization, rows)
    }

    fn put(session: &mut Session<'_>, records: &[(&Self, i64)]) -> Result<(), StoreError> {
        let now = now_millis();
        let rows: Vec<_> = records
            .iter()
            .map(|(customer, touched)| {
                to_customer_row(session.organization.get(), customer, (now, now), *touched)
            })
            .collect();
        CustomerRow::put(session, &rows)?;

        let ids: Vec<_> = records.iter().map(|(customer, _)| customer.id.get()).collect();
        // Those that wait for the end of the import take the place of all that the customer has.
        if !session.is_staged() {
            diesel::delete(
                customer_payment_types::table
                    .filter(customer_payment_types::organization_id.eq(session.organization.get()))
                    .filter(customer_payment_types::customer_id.eq_any(ids)),
            )
            .execute(session.connection)?;
        }
        let rows: Vec<_> = records
            .iter()
            .flat_map(|(customer, _)| {
                customer.profile.payment_types.iter().zip(0..).map(|(payment_type, position)| {
                    CustomerPaymentTypeRow {
                        organization_id: session.organization.get(),
                        customer_id: customer.id.get(),
                        payment_type_id: payment_type.get(),
                        position,
                    }
                })
            })
            .collect();
        Ok(CustomerPaymentTypeRow::put(session, &rows)?)
    }
}

/// Customers of their rows, with the payment types that another table keeps.
pub(crate) fn with_payment_types(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    rows: Vec<CustomerRow>,
) -> Result<Vec<(Customer, i64)>, StoreError> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let links: Vec<CustomerPaymentTypeRow> = customer_payment_types::table
        .select(CustomerPaymentTypeRow::ALL)
        .filter(customer_payment_types::organization_id.eq(organization.get()))
        .filter(customer_payment_types::customer_id.eq_any(ids))
        .order((customer_payment_types::customer_id, customer_payment_types::position))
        .load(connection)?;
    let mut payment_types: HashMap<i32, Vec<PaymentTypeId>> = HashMap::new();
    for link in links {
        let payment_type =
            stored("a customer's payment type", PaymentTypeId::new(link.payment_type_id))?;
        payment_types.entry(link.customer_id).or_default().push(payment_type);
    }
    rows.into_iter()
        .map(|row| {
            let payment_types = payment_types.remove(&row.id).unwrap_or_default();
            from_customer_row(row, payment_types)
        })
        .collect()
}

/// In whole seconds, in which instants are shown: customers of one second are sorted by id, as they seem to be.
fn now_millis() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp() * 1000
}

/// The row of a customer that came to be at the first of two `moments` and last changed at the other.
pub(crate) fn to_customer_row(
    organization: i32,
    customer: &Customer,
    (created, updated): (i64, i64),
    touched: i64,
) -> CustomerRow {
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
    CustomerRow {
        organization_id: organization,
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
        last_updated: updated,
        touched,
        date_created: created,
    }
}

/// The customer of a row, with its payment types, which come from a table of their own.
pub(crate) fn from_customer_row(
    row: CustomerRow,
    payment_types: Vec<PaymentTypeId>,
) -> Result<(Customer, i64), StoreError> {
    let CustomerRow {
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
        touched,
        date_created: _,
    } = row;
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
        credit_limit: stored_option("a customer's credit limit", credit_limit, Money::from_micros)?,
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
    let customer = Customer {
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
            group_list: stored_option("a customer's group list", group_list_id, PriceListId::new)?,
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
    };
    Ok((customer, touched))
}
