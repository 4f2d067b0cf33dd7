//! Customers as the table holds them, and their conversion from and to the domain, field by field.

use diesel::prelude::*;
use time::OffsetDateTime;
use tradebook_model::{
    CategoryId, Customer, CustomerId, CustomerProfile, DueDateRule, ImageName, Money,
    OrganizationId, PaymentTypeId, Percent, Place, PriceListId, RegionId, SegmentationId, Terms,
    UserId,
};

use crate::StoreError;
use crate::connection::AnyConnection;
use crate::rows::{bulk_number, bulk_rule, millis, moment, stored, stored_option};
use crate::schema::{customer_payment_types, customers};

/// What the store knows of a customer beyond the domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamps {
    /// When the customer came to be.
    pub(super) created: OffsetDateTime,
    /// When it last changed.
    pub(super) updated: OffsetDateTime,
    /// Grows with every change.
    pub(super) version: i64,
}

/// A customer without its payment types, its own list and what searches read, which have ways of their own.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = customers, primary_key(organization_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct CustomerRow {
    pub(super) organization_id: i32,
    pub(super) id: i32,
    pub(super) reference: String,
    pub(super) name: String,
    pub(super) currency: String,
    pub(super) standard_list_id: Option<i32>,
    pub(super) group_list_id: Option<i32>,
    pub(super) normal_discount: Option<i64>,
    pub(super) markup_on_cost: Option<i64>,
    pub(super) bulk: i16,
    pub(super) promotions: bool,
    pub(super) reference2: Option<String>,
    pub(super) category_id: Option<i32>,
    pub(super) is_sub_customer: bool,
    pub(super) parent_id: Option<i32>,
    pub(super) bill_with_parent: bool,
    pub(super) segmentation_id: Option<i32>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) mobile: Option<String>,
    pub(super) fax: Option<String>,
    pub(super) comment: Option<String>,
    pub(super) barcode: Option<String>,
    pub(super) is_same_address: bool,
    pub(super) billing_country: Option<String>,
    pub(super) billing_city: Option<String>,
    pub(super) billing_postal_code: Option<String>,
    pub(super) billing_address: Option<String>,
    pub(super) billing_latitude: Option<f64>,
    pub(super) billing_longitude: Option<f64>,
    pub(super) shipping_country: Option<String>,
    pub(super) shipping_city: Option<String>,
    pub(super) shipping_postal_code: Option<String>,
    pub(super) shipping_address: Option<String>,
    pub(super) shipping_latitude: Option<f64>,
    pub(super) shipping_longitude: Option<f64>,
    pub(super) credit_limit: Option<i64>,
    pub(super) is_active: bool,
    pub(super) on_hold: bool,
    pub(super) on_hold_reason: Option<String>,
    pub(super) user_id: Option<i32>,
    pub(super) due_date_config_number: Option<i32>,
    pub(super) due_date_config_type: Option<i16>,
    pub(super) website: Option<String>,
    pub(super) tax_number: Option<String>,
    pub(super) company_registration_number: Option<String>,
    pub(super) customer_risk: Option<String>,
    pub(super) customer_risk_color: Option<String>,
    pub(super) region_id: Option<i32>,
    pub(super) logo: Option<String>,
    pub(super) date_created: i64,
    pub(super) last_updated: i64,
    pub(super) version: i64,
}

impl CustomerRow {
    pub(super) fn new(
        organization: OrganizationId,
        customer: &Customer,
        logo: Option<&ImageName>,
        stamps: &Stamps,
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
        let Stamps { created, updated, version } = stamps;
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
            logo: logo.map(ToString::to_string),
            date_created: millis(*created),
            last_updated: millis(*updated),
            version: *version,
        }
    }

    /// The customer, with its payment types, which come from a table of their own; its logo; when it changed.
    pub(super) fn into_domain(
        self,
        payment_types: Vec<PaymentTypeId>,
    ) -> Result<(Customer, Option<ImageName>, Stamps), StoreError> {
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
            logo,
            date_created,
            last_updated,
            version,
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
        };
        let logo = stored_option("a customer's logo", logo, |name| name.parse())?;
        let stamps =
            Stamps { created: moment(date_created)?, updated: moment(last_updated)?, version };
        Ok((customer, logo, stamps))
    }
}

/// Replaces the payment types of a customer.
pub(super) fn put_payment_types(
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
