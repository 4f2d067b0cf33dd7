use tradebook_model::{ModelError, Revision, Setting, Settings, TimeZone};

use super::database::Database;
use super::fixture::organization;
use super::on_each_database;
use crate::StoreError;

on_each_database! {
    organizations_are_found_by_name_and_id,
    settings_are_changed_as_a_whole_or_not_at_all,
    revisions_move_with_every_change,
}

fn organizations_are_found_by_name_and_id(database: &Database) {
    let store = database.migrated();
    assert_eq!(store.organizations().unwrap(), []);
    let zeta = organization(&store, "Zeta");
    let acme = organization(&store, "Acme");
    let error = store.create_organization(&acme.name, &acme.settings).unwrap_err();
    assert!(matches!(error, StoreError::NotUnique { .. }), "{error:?}");
    assert_eq!(error.to_string(), "the organization `Acme` already exists");
    // Names are compared exactly, and listed by code point on either database.
    let lower = organization(&store, "acme");
    assert_eq!(store.organizations().unwrap(), [acme.clone(), zeta.clone(), lower]);
    assert_eq!(store.find_organization(&acme.name).unwrap(), Some(acme.clone()));
    assert_eq!(store.find_organization(&"ACME".parse().unwrap()).unwrap(), None);
    assert_eq!(store.organization(zeta.id).unwrap(), Some(zeta));
    assert_eq!(store.organization("99".parse().unwrap()).unwrap(), None);
}

fn settings_are_changed_as_a_whole_or_not_at_all(database: &Database) {
    let store = database.migrated();
    let mut settings = Settings::new("JPY".parse().unwrap(), TimeZone::UTC);
    for (setting, value) in Setting::ALL.into_iter().zip([
        "KWD",
        "Europe/Berlin",
        "true",
        "7",
        "all",
        "true",
        "true",
        "nil",
        "true",
    ]) {
        settings.set(setting, value).unwrap();
    }
    let acme = store.create_organization(&"Acme".parse().unwrap(), &settings).unwrap();
    assert_eq!(database.open().organization(acme.id).unwrap().unwrap().settings, settings);

    let changed = store
        .update_settings(acme.id, |settings| settings.set(Setting::SpendPeriodDays, "8"))
        .unwrap()
        .unwrap();
    assert_eq!(changed.spend_period_days, 8);
    let refused: Result<Settings, ModelError> = store
        .update_settings(acme.id, |settings| {
            settings.set(Setting::SpendPeriodDays, "9")?;
            settings.set(Setting::Currency, "EURO")
        })
        .unwrap();
    assert!(refused.is_err());
    assert_eq!(store.organization(acme.id).unwrap().unwrap().settings, changed);
    assert_eq!(store.revisions().unwrap(), [(acme.id, Revision(2))]);

    let error =
        store.update_settings("99".parse().unwrap(), |_| Ok::<(), ModelError>(())).unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "organization", .. }), "{error:?}");
}

fn revisions_move_with_every_change(database: &Database) {
    let store = database.migrated();
    let (one, other) = (organization(&store, "One").id, organization(&store, "Other").id);
    assert_eq!(store.revisions().unwrap(), [(one, Revision(1)), (other, Revision(1))]);
    super::fixture::write(&store, other, |_, revision| assert_eq!(revision, Revision(2)));
    assert_eq!(store.revisions().unwrap(), [(one, Revision(1)), (other, Revision(2))]);
}
