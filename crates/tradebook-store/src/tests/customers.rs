use diesel::prelude::*;
use time::macros::datetime;
use tradebook_model::{
    BulkRule, Customer, CustomerId, DueDateRule, OrganizationId, PaymentTypeId, Place, Terms,
};

use super::database::Database;
use super::fixture::{customer, organization, price_list, put_price_list, write};
use super::on_each_database;
use crate::Store;
use crate::rows::{CustomerRow, CustomerStamps, load_payment_types, millis, put_payment_types};
use crate::schema::{categories, customers, payment_types, regions, segmentations, users};

on_each_database! {
    customers_keep_every_field,
    an_update_keeps_the_creation_and_counts_the_version,
}

fn read(store: &Store, organization: OrganizationId, id: i32) -> Customer {
    let id = CustomerId::new(id).unwrap();
    store
        .read_snapshot(|c| {
            let row: CustomerRow = customers::table
                .select(CustomerRow::as_select())
                .filter(customers::organization_id.eq(organization.get()))
                .filter(customers::id.eq(id.get()))
                .get_result(c)?;
            let payment_types = load_payment_types(c, organization, id, id)?;
            row.into_domain(
                payment_types.into_iter().map(|(_, payment_type)| payment_type).collect(),
            )
        })
        .unwrap()
}

/// A customer that has everything.
fn complete() -> Customer {
    let text = |text: &str| Some(text.to_owned());
    let place = |name: &str, latitude| Place {
        country: text("GB"),
        city: Some(format!("{name} city")),
        postal_code: text("EC1A 1BB"),
        address: Some(format!("1 {name} Street\nFloor 2")),
        latitude: Some(latitude),
        longitude: Some(-0.1 - 0.2),
    };
    let mut customer = customer(2, "C2");
    customer.terms = Terms {
        standard_list: Some("1".parse().unwrap()),
        group_list: Some("2".parse().unwrap()),
        normal_discount: Some("7.5".parse().unwrap()),
        markup_on_cost: Some("0".parse().unwrap()),
        bulk: BulkRule::Never,
        promotions: false,
    };
    let profile = &mut customer.profile;
    profile.reference2 = text("second");
    profile.category = Some("3".parse().unwrap());
    profile.is_sub_customer = true;
    profile.parent = Some("1".parse().unwrap());
    profile.bill_with_parent = true;
    profile.segmentation = Some("4".parse().unwrap());
    profile.email = text("a@example.com");
    profile.phone = text("1");
    profile.mobile = text("2");
    profile.fax = text("3");
    profile.comment = text("Remarks.\n\"More\" — ünïcode");
    profile.barcode = text("5012345678900");
    profile.is_same_address = false;
    profile.billing = place("Billing", 51.500_7);
    profile.shipping = place("Shipping", -89.999_999_9);
    profile.credit_limit = Some("123456789.123456".parse().unwrap());
    profile.is_active = false;
    profile.on_hold = true;
    profile.on_hold_reason = text("unpaid");
    profile.user = Some("5".parse().unwrap());
    profile.due_date_config_number = Some(30);
    profile.due_date_config_type = Some(DueDateRule::AfterEndOfInvoiceMonth);
    profile.payment_types = [8, 7].map(|id| PaymentTypeId::new(id).unwrap()).to_vec();
    profile.website = text("https://example.com");
    profile.tax_number = text("GB1");
    profile.company_registration_number = text("123");
    profile.customer_risk = text("high");
    profile.customer_risk_color = text("#ff0000");
    profile.region = Some("6".parse().unwrap());
    customer
}

fn customers_keep_every_field(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let moment = datetime!(2024-05-01 12:00 UTC);
    let stamps = CustomerStamps { created: moment, updated: moment, touched: 3 };
    let (plain, complete) = (customer(1, "C1"), complete());
    write(&store, acme, |c, _| {
        put_price_list(c, acme, &price_list(1, "L1"));
        put_price_list(c, acme, &price_list(2, "L2"));
        macro_rules! referred_to {
            ($($table:ident, $id:literal, $key:ident;)*) => {$(
                diesel::insert_into($table::table)
                    .values((
                        $table::organization_id.eq(acme.get()),
                        $table::id.eq($id),
                        $table::$key.eq(stringify!($table)),
                    ))
                    .execute(c)
                    .unwrap();
            )*};
        }
        referred_to! {
            categories, 3, reference;
            segmentations, 4, reference;
            users, 5, reference;
            regions, 6, name;
        }
        for id in [7, 8] {
            diesel::insert_into(payment_types::table)
                .values((
                    payment_types::organization_id.eq(acme.get()),
                    payment_types::id.eq(id),
                    payment_types::reference.eq(format!("T{id}")),
                ))
                .execute(c)
                .unwrap();
        }
        // The sub-customer comes first.
        let rows = [&complete, &plain].map(|customer| CustomerRow::new(acme, customer, stamps));
        CustomerRow::put(c, &rows).unwrap();
        put_payment_types(c, acme, complete.id, &complete.profile.payment_types).unwrap();
    });
    assert_eq!(read(&store, acme, 1), plain);
    assert_eq!(read(&store, acme, 2), complete);

    // Every field can be cleared again.
    let cleared = Customer { id: complete.id, ..customer(2, "C2") };
    write(&store, acme, |c, _| {
        CustomerRow::put(c, &[CustomerRow::new(acme, &cleared, stamps)]).unwrap();
        put_payment_types(c, acme, cleared.id, &[]).unwrap();
    });
    assert_eq!(read(&store, acme, 2), cleared);
}

fn an_update_keeps_the_creation_and_counts_the_version(database: &Database) {
    let store = database.migrated();
    let acme = organization(&store, "Acme").id;
    let (then, now) = (datetime!(2024-05-01 12:00 UTC), datetime!(2024-05-02 12:00 UTC));
    for moment in [then, now] {
        let stamps = CustomerStamps { created: moment, updated: moment, touched: 0 };
        write(&store, acme, |c, _| {
            CustomerRow::put(c, &[CustomerRow::new(acme, &customer(1, "C1"), stamps)]).unwrap();
        });
    }
    let stamps: (i64, i64, i64) = store
        .read_snapshot(|c| {
            Ok(customers::table
                .select((customers::date_created, customers::last_updated, customers::version))
                .get_result(c)?)
        })
        .unwrap();
    assert_eq!(stamps, (millis(then), millis(now), 2));
}
