use std::collections::HashSet;

use diesel::prelude::*;
use tradebook_model::{KeyId, OrganizationId};

use super::database::Database;
use super::fixture::{organization, write};
use super::on_each_database;
use crate::schema::users;
use crate::{NewKey, Role, StoreError};

on_each_database! {
    keys_open_their_organization_until_revoked,
    keys_act_for_users_that_exist,
    keys_are_kept_as_hashes_only,
}

fn key_of(organization: OrganizationId) -> NewKey {
    NewKey { organization, role: Role::Read, label: None, user: None }
}

fn keys_open_their_organization_until_revoked(database: &Database) {
    let store = database.migrated();
    let (one, other) = (organization(&store, "One"), organization(&store, "Other"));
    let start = store.keys_revision().unwrap();
    let label = Some("the shop".parse().unwrap());
    let new = NewKey { role: Role::Write, label: label.clone(), ..key_of(one.id) };
    let (record, key) = store.create_key(&new).unwrap();
    let (second, second_key) = store.create_key(&key_of(other.id)).unwrap();
    assert_eq!((record.organization, record.role, &record.label), (one.id, Role::Write, &label));
    assert_eq!(record.organization_name, one.name);
    assert_eq!(store.keys(None).unwrap(), [record.clone(), second.clone()]);
    assert_eq!(store.keys(Some(other.id)).unwrap(), std::slice::from_ref(&second));

    // Another process recognises the key as well.
    let there = database.open();
    let hash = there.hash_key(&format!(" {} ", key.expose())).unwrap();
    let principal = there.authenticate(&hash).unwrap().unwrap();
    assert_eq!((principal.key, principal.organization), (record.id, one.id));
    assert_eq!((principal.role, &principal.user), (Role::Write, &None));
    let second_hash = there.hash_key(second_key.expose()).unwrap();
    let active = there.active_keys().unwrap();
    assert_eq!(active.iter().map(|(hash, _)| *hash).collect::<Vec<_>>(), [hash, second_hash]);
    for wrong in ["", "tb_", &key.expose().to_uppercase(), &key.expose()[1..]] {
        assert_eq!(there.authenticate(&there.hash_key(wrong).unwrap()).unwrap(), None, "{wrong}");
    }

    assert!(store.revoke_key(record.id).unwrap());
    assert!(!store.revoke_key(record.id).unwrap());
    assert!(!store.revoke_key(KeyId::new(99).unwrap()).unwrap());
    assert_eq!(there.authenticate(&hash).unwrap(), None);
    assert_eq!(there.active_keys().unwrap().len(), 1);
    assert!(store.keys(Some(one.id)).unwrap()[0].revoked_at.is_some());
    assert_eq!(there.keys_revision().unwrap(), start + 3);
}

fn keys_act_for_users_that_exist(database: &Database) {
    let store = database.migrated();
    let (one, other) = (organization(&store, "One").id, organization(&store, "Other").id);
    write(&store, one, |c, _| {
        diesel::insert_into(users::table)
            .values((
                users::organization_id.eq(one.get()),
                users::id.eq(1),
                users::reference.eq("anna"),
            ))
            .execute(c)
            .unwrap();
    });
    let user = Some("anna".parse().unwrap());
    let new = NewKey { user: user.clone(), ..key_of(one) };
    let (record, key) = store.create_key(&new).unwrap();
    assert_eq!(record.user, user);
    let principal = store.authenticate(&store.hash_key(key.expose()).unwrap()).unwrap().unwrap();
    assert_eq!(principal.user, user);
    let error = store.create_key(&NewKey { user, ..key_of(other) }).unwrap_err();
    assert_eq!(error.to_string(), "there is no user `anna`");
    let error = store.create_key(&key_of("99".parse().unwrap())).unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "organization", .. }), "{error:?}");
    assert_eq!(store.keys(None).unwrap().len(), 1);
}

fn keys_are_kept_as_hashes_only(database: &Database) {
    let store = database.migrated();
    let one = organization(&store, "One").id;
    let keys: Vec<_> = (0..50).map(|_| store.create_key(&key_of(one)).unwrap().1).collect();
    let hashes: HashSet<_> = keys.iter().map(|key| store.hash_key(key.expose()).unwrap()).collect();
    assert_eq!(hashes.len(), 50);
    for key in &keys {
        let found = store.authenticate(&store.hash_key(key.expose()).unwrap()).unwrap();
        assert!(found.is_some());
    }
    let Some(file) = database.file() else { return };
    let folder = file.parent().unwrap();
    let files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.iter().any(|file| file.to_string_lossy().ends_with("-wal")), "{files:?}");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        for key in &keys {
            let secret = key.expose().trim_start_matches("tb_").as_bytes();
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "a key is in {}", file.display());
        }
    }
}
