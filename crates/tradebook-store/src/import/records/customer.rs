//! Customers.

use std::collections::HashMap;

use diesel::prelude::*;
use tradebook_model::{
    BulkRule, CategoryId, Customer, CustomerId, CustomerProfile, DueDateRule, Money,
    OrganizationId, PaymentTypeId, Percent, Place, PriceListId, RegionId, SegmentationId, Terms,
    UserId,
};

use super::{Record, Session, id, stored};
use crate::StoreError;
use crate::connection::AnyConnection;
use crate::import::rows::{CustomerPaymentTypeRow, CustomerRow};
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
            .map(|(customer, touched)| to_row(session.organization, customer, *touched, now))
            .collect();
        CustomerRow::put(session.connection, &rows)?;

        let ids: Vec<_> = records.iter().map(|(customer, _)| customer.id.get()).collect();
        diesel::delete(
            customer_payment_types::table
                .filter(customer_payment_types::organization_id.eq(session.organization.get()))
                .filter(customer_payment_types::customer_id.eq_any(ids)),
        )
        .execute(session.connection)?;
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
        Ok(CustomerPaymentTypeRow::put(session.connection, &rows)?)
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
        let payment_type = stored(PaymentTypeId::new(link.payment_type_id))?;
        payment_types.entry(link.customer_id).or_default().push(payment_type);
    }
    rows.into_iter()
        .map(|row| {
            let payment_types = payment_types.remove(&row.id).unwrap_or_default();
            from_row(row, payment_types)
        })
        .collect()
}

fn now_millis() -> i64 {
    let nanos = time::OffsetDateTime::now_utc().unix_timestamp_nanos();
    i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX)
}

fn to_row(
    organization: OrganizationId,
    customer: &Customer,
    touched: i64,
    now: i64,
) -> CustomerRow {
    let Customer { id, reference, name, currency, terms, profile } = customer;
    let Terms { standard_list, group_list, normal_discount, markup_on_cost, bulk, promotions } =
        terms;
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
        payment_types: _,
        website,
        tax_number,
        company_registration_number,
        customer_risk,
        customer_risk_color,
        region,
    } = profile.clone();
    CustomerRow {
        organization_id: organization.get(),
        id: id.get(),
        reference: reference.to_string(),
        name: name.to_string(),
        currency: currency.to_string(),
        standard_list_id: standard_list.map(PriceListId::get),
        group_list_id: group_list.map(PriceListId::get),
        normal_discount: normal_discount.map(Percent::micros),
        markup_on_cost: markup_on_cost.map(Percent::micros),
        bulk: match bulk {
            BulkRule::ByQuantity => 0,
            BulkRule::Always => 1,
            BulkRule::Never => 2,
        },
        promotions: *promotions,
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
        billing_country: billing.country,
        billing_city: billing.city,
        billing_postal_code: billing.postal_code,
        billing_address: billing.address,
        billing_latitude: billing.latitude,
        billing_longitude: billing.longitude,
        shipping_country: shipping.country,
        shipping_city: shipping.city,
        shipping_postal_code: shipping.postal_code,
        shipping_address: shipping.address,
        shipping_latitude: shipping.latitude,
        shipping_longitude: shipping.longitude,
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
        last_updated: now,
        touched,
        date_created: now,
    }
}

fn from_row(
    row: CustomerRow,
    payment_types: Vec<PaymentTypeId>,
) -> Result<(Customer, i64), StoreError> {
    let bulk = match row.bulk {
        0 => BulkRule::ByQuantity,
        1 => BulkRule::Always,
        2 => BulkRule::Never,
        other => return Err(StoreError::corrupt(format!("bulk rule {other} of a customer"))),
    };
    let due_date_config_type = match row.due_date_config_type {
        None => None,
        Some(1) => Some(DueDateRule::AfterInvoiceDate),
        Some(2) => Some(DueDateRule::AfterEndOfInvoiceMonth),
        Some(other) => {
            return Err(StoreError::corrupt(format!("due date rule {other} of a customer")));
        }
    };
    let customer = Customer {
        id: stored(CustomerId::new(row.id))?,
        reference: stored(row.reference.parse())?,
        name: stored(row.name.parse())?,
        currency: stored(row.currency.parse())?,
        terms: Terms {
            standard_list: id(row.standard_list_id, PriceListId::new)?,
            group_list: id(row.group_list_id, PriceListId::new)?,
            normal_discount: stored(row.normal_discount.map(Percent::from_micros).transpose())?,
            markup_on_cost: stored(row.markup_on_cost.map(Percent::from_micros).transpose())?,
            bulk,
            promotions: row.promotions,
        },
        profile: CustomerProfile {
            reference2: row.reference2,
            category: id(row.category_id, CategoryId::new)?,
            is_sub_customer: row.is_sub_customer,
            parent: id(row.parent_id, CustomerId::new)?,
            bill_with_parent: row.bill_with_parent,
            segmentation: id(row.segmentation_id, SegmentationId::new)?,
            email: row.email,
            phone: row.phone,
            mobile: row.mobile,
            fax: row.fax,
            comment: row.comment,
            barcode: row.barcode,
            is_same_address: row.is_same_address,
            billing: Place {
                country: row.billing_country,
                city: row.billing_city,
                postal_code: row.billing_postal_code,
                address: row.billing_address,
                latitude: row.billing_latitude,
                longitude: row.billing_longitude,
            },
            shipping: Place {
                country: row.shipping_country,
                city: row.shipping_city,
                postal_code: row.shipping_postal_code,
                address: row.shipping_address,
                latitude: row.shipping_latitude,
                longitude: row.shipping_longitude,
            },
            credit_limit: stored(row.credit_limit.map(Money::from_micros).transpose())?,
            is_active: row.is_active,
            on_hold: row.on_hold,
            on_hold_reason: row.on_hold_reason,
            user: id(row.user_id, UserId::new)?,
            due_date_config_number: row.due_date_config_number,
            due_date_config_type,
            payment_types,
            website: row.website,
            tax_number: row.tax_number,
            company_registration_number: row.company_registration_number,
            customer_risk: row.customer_risk,
            customer_risk_color: row.customer_risk_color,
            region: id(row.region_id, RegionId::new)?,
        },
    };
    Ok((customer, row.touched))
}
