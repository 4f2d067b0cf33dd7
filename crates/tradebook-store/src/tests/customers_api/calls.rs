use tradebook_model::{
    Change, CustomerChanges, CustomerId, DueDateRule, Money, PlaceChanges, RecordRef, Setting,
};

use super::{create, faults, named, reference, reference_data, some};
use crate::tests::database::Database;
use crate::tests::fixture::{fill, organization};
use crate::tests::on_each_database;
use crate::{Created, CustomerFault, InUse, Relation, RequiredField};

on_each_database! {
    a_customer_has_what_it_was_given,
    faults_come_one_at_a_time_in_order,
    a_sub_customer_has_a_parent,
    what_is_not_given_stays,
    a_customer_in_use_is_not_deleted,
    a_new_customer_is_in_the_price_book,
    wrong_counts_and_unfolded_names_are_found,
    referenced_records_are_listed_and_shown,
}

fn a_customer_has_what_it_was_given(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    store
        .update_settings(org, |settings| settings.set(Setting::GeographicalLocations, "true"))
        .unwrap()
        .unwrap();
    reference_data(&store, org);
    let changes = CustomerChanges {
        category: some(RecordRef::Id(2)),
        segmentation: some(reference("seg_a")),
        payment_types: Change::Set(vec![RecordRef::Id(8), reference("cash"), RecordRef::Id(8)]),
        region: some(RecordRef::Id(2)),
        currency: some("usd".to_owned()),
        credit_limit: some("5000".parse::<Money>().unwrap()),
        due_date_config_number: some(7),
        due_date_config_type: some(DueDateRule::AfterInvoiceDate),
        billing: PlaceChanges { city: some("Nice".to_owned()), ..PlaceChanges::default() },
        ..named("NC-3", "Marie's Jewelry")
    };
    let user = "emp-002".parse().unwrap();
    let Created::New(record) = store.create_customer(org, changes, Some(user), None).unwrap()
    else {
        panic!("it is new");
    };
    assert_eq!(record.category.as_ref().unwrap().reference, "jewelry");
    assert_eq!(record.segmentation.as_ref().unwrap().name.as_deref(), Some("Segmentation A"));
    let payment_types: Vec<i32> = record.payment_types.iter().map(|named| named.id).collect();
    assert_eq!(payment_types, [8, 7], "in order, once each");
    assert_eq!(record.region.as_ref().unwrap().name.as_deref(), Some("California"));
    assert_eq!(record.user.as_ref().unwrap().reference, "emp-002");
    assert_eq!(record.customer.currency.as_str(), "USD");
    assert_eq!((record.created, record.version), (record.updated, 1));
    assert_eq!(record.organization.as_str(), "one");
    for given in [RecordRef::Id(record.customer.id.get().into()), reference(" NC-3 ")] {
        assert_eq!(store.show_customer(org, &given).unwrap().as_ref(), Some(&record), "{given}");
    }
    for given in [RecordRef::Id(0), RecordRef::Id(i64::MAX), reference("nc-3"), reference("")] {
        assert_eq!(store.show_customer(org, &given).unwrap(), None, "{given}");
    }
    let other = organization(&store, "two").id;
    assert_eq!(store.show_customer(other, &reference("NC-3")).unwrap(), None);
    let plain = create(&store, org, named("plain", "Plain")).unwrap();
    assert_eq!(plain.category.unwrap().reference, "root");
    assert_eq!(plain.customer.currency.as_str(), "EUR");
    assert_eq!(store.check().unwrap(), [""; 0]);
}

fn faults_come_one_at_a_time_in_order(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    reference_data(&store, org);
    create(&store, org, named("taken", "Taken")).unwrap();
    let unknown = |relation, given| CustomerFault::UnknownRelation { relation, given };
    // Everything is wrong; each round one thing is put right.
    let mut changes = CustomerChanges {
        is_sub_customer: Change::Set(true),
        due_date_config_type: some(DueDateRule::AfterEndOfInvoiceMonth),
        email: some("x".repeat(256)),
        category: some(RecordRef::Id(9)),
        segmentation: some(reference("none")),
        user: some(RecordRef::Id(999)),
        currency: some("GmBP".to_owned()),
        payment_types: Change::Set(vec![RecordRef::Id(7), RecordRef::Id(999)]),
        // Not looked at where regions are not shown.
        region: some(RecordRef::Id(999)),
        ..CustomerChanges::default()
    };
    let missing = CustomerFault::Missing;
    type Repair = fn(&mut CustomerChanges);
    let rounds: [(CustomerFault, Repair); 13] = [
        (missing(RequiredField::Reference), |c| {
            c.reference = Change::Set("taken".parse().unwrap())
        }),
        (missing(RequiredField::Name), |c| c.name = Change::Set("Name".parse().unwrap())),
        (missing(RequiredField::ParentCustomer), |c| c.parent = some(RecordRef::Id(188_911))),
        (missing(RequiredField::DueDateConfigNumber), |c| c.due_date_config_number = some(3)),
        (
            CustomerFault::InvalidValue {
                field: "email".to_owned(),
                message: "has more than 255 characters".to_owned(),
            },
            |c| c.email = some("x".repeat(255)),
        ),
        (unknown(Relation::Category, RecordRef::Id(9)), |c| c.category = Change::Keep),
        (unknown(Relation::ParentCustomer, RecordRef::Id(188_911)), |c| {
            c.parent = some(RecordRef::Id(1));
        }),
        (unknown(Relation::Segmentation, reference("none")), |c| c.segmentation = Change::Keep),
        (unknown(Relation::User, RecordRef::Id(999)), |c| c.user = some(RecordRef::Id(2))),
        (CustomerFault::UnknownCurrency("GmBP".to_owned()), |c| {
            c.currency = some("gbp".to_owned())
        }),
        (CustomerFault::CurrencyNotConfigured("GBP".parse().unwrap()), |c| {
            c.currency = some("CHF".to_owned());
        }),
        // In the table, but without a rate.
        (CustomerFault::CurrencyNotConfigured("CHF".parse().unwrap()), |c| {
            c.currency = some("EUR".to_owned());
        }),
        (unknown(Relation::PaymentType, RecordRef::Id(999)), |c| {
            c.payment_types = Change::Set(vec![RecordRef::Id(7)]);
        }),
    ];
    for (fault, repair) in rounds {
        assert_eq!(create(&store, org, changes.clone()), Err(fault));
        repair(&mut changes);
    }
    assert_eq!(create(&store, org, changes.clone()), Err(CustomerFault::ReferenceTaken));
    changes.reference = Change::Set("free".parse().unwrap());
    let record = create(&store, org, changes).unwrap();
    assert_eq!(record.customer.id.get(), 2, "what failed has used no id");
    assert_eq!(record.region, None);
}

fn a_sub_customer_has_a_parent(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let parent = create(&store, org, named("parent", "Parent")).unwrap().customer.id;
    create(&store, org, named("child", "Child")).unwrap();
    let change = |is_sub_customer, parent| {
        let changes = CustomerChanges { is_sub_customer, parent, ..CustomerChanges::default() };
        faults(store.update_customer(org, reference("child"), changes))
            .map(|r| (r.customer.profile.is_sub_customer, r.parent.map(|parent| parent.id)))
    };
    let id = Some(parent.get());
    let missing = Err(CustomerFault::Missing(RequiredField::ParentCustomer));
    assert_eq!(change(Change::Set(true), Change::Keep), missing);
    assert_eq!(change(Change::Keep, some(reference("parent"))), Ok((true, id)));
    assert_eq!(change(Change::Set(true), Change::Keep), Ok((true, id)), "it has one");
    assert_eq!(change(Change::Set(true), Change::Set(None)), missing);
    assert_eq!(change(Change::Set(false), Change::Keep), Ok((false, None)));
    assert_eq!(change(Change::Set(false), some(reference("parent"))), Ok((false, None)));
    assert_eq!(change(Change::Set(true), some(reference("parent"))), Ok((true, id)));
    assert_eq!(change(Change::Keep, Change::Set(None)), Ok((false, None)));
    assert_eq!(change(Change::Keep, some(reference("child"))), Err(CustomerFault::SelfParent));
}

fn what_is_not_given_stays(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    reference_data(&store, org);
    let email = CustomerChanges { email: some("a@b.c".to_owned()), ..named("C1", "One") };
    let first = create(&store, org, email).unwrap();
    let kept = store.update_customer(org, reference("C1"), CustomerChanges::default()).unwrap();
    assert_eq!(kept.customer, first.customer);
    assert_eq!((kept.created, kept.version), (first.created, 2));
    let changes = CustomerChanges {
        reference: Change::Set("C2".parse().unwrap()),
        email: Change::Set(None),
        ..CustomerChanges::default()
    };
    let upserted = store.upsert_customer(org, "C1".parse().unwrap(), changes, None).unwrap();
    assert!(!upserted.created && upserted.record.customer.profile.email.is_none());
    assert_eq!(store.show_customer(org, &reference("C1")).unwrap(), None);
    assert_eq!(
        store.show_customer(org, &reference("C2")).unwrap().unwrap().customer.id,
        first.customer.id
    );
    let unnamed = CustomerChanges::default();
    assert_eq!(
        faults(store.upsert_customer(org, "C1".parse().unwrap(), unnamed, None)),
        Err(CustomerFault::Missing(RequiredField::Name))
    );
    let created =
        store.upsert_customer(org, "C1".parse().unwrap(), named("other", "New"), None).unwrap();
    assert!(created.created && created.record.customer.reference.as_str() == "C1");
    assert_eq!(
        faults(store.update_customer(org, reference("C3"), CustomerChanges::default())),
        Err(CustomerFault::UnknownCustomer(reference("C3")))
    );
}

fn a_customer_in_use_is_not_deleted(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    fill(&store, org, "A");
    create(&store, org, named("parent", "Parent")).unwrap();
    let changes = CustomerChanges { parent: some(reference("parent")), ..named("child", "Child") };
    create(&store, org, changes).unwrap();
    let delete = |given| faults(store.delete_customer(org, given)).map(|record| record.customer.id);
    assert_eq!(delete(reference("A-C1")), Err(CustomerFault::InUse(InUse::Sales)));
    assert_eq!(delete(reference("parent")), Err(CustomerFault::InUse(InUse::SubCustomers)));
    let child = CustomerId::new(4).unwrap();
    assert_eq!(delete(reference("child")), Ok(child));
    assert_eq!(delete(RecordRef::Id(4)), Err(CustomerFault::UnknownCustomer(RecordRef::Id(4))));
    assert!(delete(reference("parent")).is_ok());
    assert_eq!(store.check().unwrap(), [""; 0]);
}

fn a_new_customer_is_in_the_price_book(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    fill(&store, org, "A");
    let (before, _) = store.read_book(org).unwrap();
    let record = create(&store, org, named("NEW", "New")).unwrap();
    let (after, book) = store.read_book(org).unwrap();
    assert!(after > before);
    assert!(book.customers.iter().any(|customer| customer.id == record.customer.id));
    // A request that fails changes nothing, and says so.
    create(&store, org, named("NEW", "New")).unwrap_err();
    assert_eq!(store.read_book(org).unwrap().0, after);
}

fn wrong_counts_and_unfolded_names_are_found(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    create(&store, org, named("C1", "One")).unwrap();
    let run = |statement: &'static str| {
        store
            .change(|c| {
                diesel::RunQueryDsl::execute(diesel::sql_query(statement), c)?;
                Ok(crate::transaction::Outcome::Commit(()))
            })
            .unwrap();
    };
    assert_eq!(store.check().unwrap(), [""; 0]);
    run("UPDATE customer_counts SET active = active + 1");
    assert_eq!(
        store.check().unwrap(),
        ["there are 1 organizations whose customers are counted wrongly"]
    );
    run("UPDATE customer_counts SET active = active - 1");
    run("UPDATE customers SET search_name = NULL");
    assert_eq!(store.check().unwrap(), ["there are 1 customers that searches do not find"]);
}

fn referenced_records_are_listed_and_shown(database: &Database) {
    use crate::{ReferenceQuery, ReferenceSort, Wildcard};
    let store = database.migrated();
    let org = organization(&store, "one").id;
    reference_data(&store, org);
    let page = store.list_categories(org, &ReferenceQuery::default()).unwrap();
    assert_eq!((page.total, page.records.len()), (2, 2));
    let query = ReferenceQuery {
        reference: Some(Wildcard::new("*E*")),
        sort: ReferenceSort::Reference,
        descending: true,
        offset: 1,
        max: 1,
        ..ReferenceQuery::default()
    };
    let page = store.list_payment_types(org, &query).unwrap();
    assert_eq!((page.total, page.records.len()), (1, 0));
    let category = store.show_category(org, &RecordRef::Id(2)).unwrap().unwrap();
    assert_eq!(category.parent.map(|id| id.get()), Some(1));
    assert_eq!(store.show_category(org, &reference("Root")).unwrap(), None);
    assert!(store.show_region(org, &reference("California")).unwrap().is_some());
    assert!(store.show_user(org, &reference("emp-002")).unwrap().is_some());
    assert!(store.show_segmentation(org, &RecordRef::Id(1)).unwrap().is_some());
    assert!(store.show_currency(org, &reference("USD")).unwrap().is_some());
    assert!(store.show_currency(org, &RecordRef::Id(0)).unwrap().is_none());
    assert!(store.show_contact(org, &RecordRef::Id(1)).unwrap().is_none());
}
