//! `customers.csv`.

use tradebook_model::{
    BulkRule, CategoryId, Customer, CustomerId, CustomerProfile, ModelError, PaymentTypeId, Place,
    PriceListId, RegionId, SegmentationId, Terms, UserId,
};
use tradebook_store::import::Coded;
use tradebook_wire::csv::{Column, CustomerRow};

use crate::transfer::apply::{Kind, RowContext};

pub(in crate::transfer) struct Customers;

impl Kind for Customers {
    type Row = CustomerRow;
    type Record = Customer;

    const CODED: Option<Coded> = Some(Coded::Customers);
    const REFERS_TO: &'static [Coded] = &[
        Coded::PriceLists,
        Coded::Categories,
        Coded::Segmentations,
        Coded::PaymentTypes,
        Coded::Regions,
        Coded::Users,
    ];
    const KEY: &'static [&'static str] = &["reference"];

    fn key(row: &CustomerRow, at: &mut RowContext<'_>) -> Option<CustomerId> {
        at.own_id(Coded::Customers, row.reference.as_str(), CustomerId::new)
    }

    fn merge(
        key: &CustomerId,
        row: CustomerRow,
        stored: Option<&Customer>,
        at: &mut RowContext<'_>,
    ) -> Option<Customer> {
        let CustomerRow {
            reference,
            id: _,
            name,
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
            billing_country,
            billing_city,
            billing_postal_code,
            billing_address,
            billing_lat,
            billing_lng,
            country,
            city,
            postal_code,
            address,
            latitude,
            longitude,
            credit_limit,
            is_active,
            on_hold,
            on_hold_reason,
            user,
            due_date_config_number,
            due_date_config_type,
            payment_types,
            website,
            tax_number,
            company_registration_number,
            customer_risk,
            customer_risk_color,
            region,
            currency,
            standard_price_list,
            group_price_list,
            normal_discount,
            markup_on_cost,
            always_gets_bulk,
            never_gets_bulk,
            promotions,
        } = row;
        let name = match name {
            Column::Given(name) => Some(name),
            Column::Absent if stored.is_some() => stored.map(|stored| stored.name.clone()),
            Column::Absent | Column::Empty => {
                at.fault("name", "must not be empty");
                None
            }
        };
        let default_currency = at.settings.currency;
        let currency = currency
            .over_or(stored.map_or(default_currency, |stored| stored.currency), default_currency);

        let old = stored.map(|stored| stored.terms).unwrap_or_default();
        let lists = Coded::PriceLists;
        let terms = Terms {
            standard_list: relation(
                standard_price_list.as_str(),
                old.standard_list,
                (lists, "standard_price_list"),
                PriceListId::new,
                at,
            )?,
            group_list: relation(
                group_price_list.as_str(),
                old.group_list,
                (lists, "group_price_list"),
                PriceListId::new,
                at,
            )?,
            normal_discount: normal_discount.over(old.normal_discount),
            markup_on_cost: markup_on_cost.over(old.markup_on_cost),
            bulk: bulk(&always_gets_bulk, &never_gets_bulk, old.bulk, at)?,
            promotions: promotions.over_or(old.promotions, true),
        };
        check_terms(terms, at)?;

        let old = stored.map(|stored| stored.profile.clone()).unwrap_or_default();
        let (is_sub_customer, parent) = parent_of(&is_sub_customer, &parent, &old, at)?;
        let profile = CustomerProfile {
            reference2: reference2.over(old.reference2),
            category: relation(
                category.as_str(),
                old.category,
                (Coded::Categories, "category"),
                CategoryId::new,
                at,
            )?,
            is_sub_customer,
            parent,
            bill_with_parent: bill_with_parent.over_or(old.bill_with_parent, false),
            segmentation: relation(
                segmentation.as_str(),
                old.segmentation,
                (Coded::Segmentations, "segmentation"),
                SegmentationId::new,
                at,
            )?,
            email: email.over(old.email),
            phone: phone.over(old.phone),
            mobile: mobile.over(old.mobile),
            fax: fax.over(old.fax),
            comment: comment.over(old.comment),
            barcode: barcode.over(old.barcode),
            is_same_address: is_same_address.over_or(old.is_same_address, true),
            billing: Place {
                country: super::country(billing_country, old.billing.country),
                city: billing_city.over(old.billing.city),
                postal_code: billing_postal_code.over(old.billing.postal_code),
                address: billing_address.over(old.billing.address),
                latitude: billing_lat.over(old.billing.latitude),
                longitude: billing_lng.over(old.billing.longitude),
            },
            shipping: Place {
                country: super::country(country, old.shipping.country),
                city: city.over(old.shipping.city),
                postal_code: postal_code.over(old.shipping.postal_code),
                address: address.over(old.shipping.address),
                latitude: latitude.over(old.shipping.latitude),
                longitude: longitude.over(old.shipping.longitude),
            },
            credit_limit: credit_limit.over(old.credit_limit),
            is_active: is_active.over_or(old.is_active, true),
            on_hold: on_hold.over_or(old.on_hold, false),
            on_hold_reason: on_hold_reason.over(old.on_hold_reason),
            user: relation(user.as_str(), old.user, (Coded::Users, "user"), UserId::new, at)?,
            due_date_config_number: due_date_config_number.over(old.due_date_config_number),
            due_date_config_type: due_date_config_type.over(old.due_date_config_type),
            payment_types: match payment_types {
                Column::Absent => old.payment_types,
                Column::Empty => Vec::new(),
                Column::Given(references) => references
                    .iter()
                    .map(|reference| {
                        let kind = Coded::PaymentTypes;
                        at.refer(kind, "payment_types", reference.as_str(), PaymentTypeId::new)
                    })
                    .collect::<Option<_>>()?,
            },
            website: website.over(old.website),
            tax_number: tax_number.over(old.tax_number),
            company_registration_number: company_registration_number
                .over(old.company_registration_number),
            customer_risk: customer_risk.over(old.customer_risk),
            customer_risk_color: customer_risk_color.over(old.customer_risk_color),
            region: relation(
                region.as_str(),
                old.region,
                (Coded::Regions, "region"),
                RegionId::new,
                at,
            )?,
        };
        check_profile(&profile, at)?;
        Some(Customer { id: *key, reference, name: name?, currency, terms, profile })
    }

    fn id(record: &Customer) -> Option<i32> {
        Some(record.id.get())
    }
}

/// The code that a column names.
trait Named {
    fn as_str(&self) -> Column<&str>;
}

impl<T: AsRef<str>> Named for Column<T> {
    fn as_str(&self) -> Column<&str> {
        match self {
            Self::Absent => Column::Absent,
            Self::Empty => Column::Empty,
            Self::Given(code) => Column::Given(code.as_ref()),
        }
    }
}

/// The record that a column refers to, or the stored one. `None` with a fault.
fn relation<T>(
    column: Column<&str>,
    stored: Option<T>,
    (coded, name): (Coded, &'static str),
    new: impl FnOnce(i32) -> Result<T, ModelError>,
    at: &mut RowContext<'_>,
) -> Option<Option<T>> {
    match column {
        Column::Absent => Some(stored),
        Column::Empty => Some(None),
        Column::Given(code) => at.refer(coded, name, code, new).map(Some),
    }
}

fn bulk(
    always: &Column<bool>,
    never: &Column<bool>,
    stored: BulkRule,
    at: &mut RowContext<'_>,
) -> Option<BulkRule> {
    let always = always.clone().over_or(stored == BulkRule::Always, false);
    let never = never.clone().over_or(stored == BulkRule::Never, false);
    let rule = BulkRule::from_flags(always, never).ok();
    if rule.is_none() {
        at.fault("never_gets_bulk", "cannot be true where always_gets_bulk is true");
    }
    rule
}

/// Whether a customer is a sub-customer, and whose. One with a parent is, unless the file says otherwise; one that is not has none.
fn parent_of(
    is_sub_customer: &Column<bool>,
    parent: &Column<tradebook_model::CustomerReference>,
    stored: &CustomerProfile,
    at: &mut RowContext<'_>,
) -> Option<(bool, Option<CustomerId>)> {
    let named = match parent {
        Column::Absent => stored.parent,
        Column::Empty => None,
        Column::Given(reference) => {
            let own = Coded::Customers;
            Some(at.refer_to_own_kind(own, "parent", reference.as_str(), CustomerId::new)?)
        }
    };
    let is_sub_customer = match is_sub_customer {
        Column::Given(is_sub_customer) => *is_sub_customer,
        Column::Empty => named.is_some(),
        Column::Absent if parent.is_absent() => stored.is_sub_customer,
        Column::Absent => named.is_some(),
    };
    match (is_sub_customer, named) {
        (true, None) => {
            at.fault("parent", "must not be empty where is_sub_customer is true");
            None
        }
        (true, Some(parent)) => Some((true, Some(parent))),
        (false, _) => Some((false, None)),
    }
}

fn check_terms(terms: Terms, at: &mut RowContext<'_>) -> Option<()> {
    let discount = Terms { normal_discount: terms.normal_discount, ..Terms::default() };
    at.check("normal_discount", discount.checked())?;
    let markup = Terms { markup_on_cost: terms.markup_on_cost, ..Terms::default() };
    at.check("markup_on_cost", markup.checked())?;
    Some(())
}

fn check_profile(profile: &CustomerProfile, at: &mut RowContext<'_>) -> Option<()> {
    if profile.due_date_config_type.is_some() && profile.due_date_config_number.is_none() {
        at.fault("due_date_config_number", "must not be empty where due_date_config_type is given");
        return None;
    }
    let Err(faults) = profile.faults() else { return Some(()) };
    for (field, message) in faults {
        at.fault(column(&field), message);
    }
    None
}

/// The column of a field of the profile.
fn column(field: &str) -> String {
    match field.split_once('.') {
        Some(("billing", "latitude")) => "billing_lat".to_owned(),
        Some(("billing", "longitude")) => "billing_lng".to_owned(),
        Some(("billing", part)) => format!("billing_{part}"),
        Some((_, part)) => part.to_owned(),
        None => field.to_owned(),
    }
}
