use diesel::prelude::*;

use crate::schema::{sessions, sign_in_failures, users};
use crate::tests::database::Database;
use crate::tests::fixture::{organization, write};
use crate::tests::on_each_database;
use crate::transaction::Outcome;
use crate::{NewUser, Password, SESSION_PREFIX, SignIn, Store, StoreError};

on_each_database! {
    people_sign_in_and_out,
    names_to_sign_in_with_are_unique,
    guessing_becomes_slow,
}

fn user(
    store: &Store,
    organization: &str,
    username: &str,
    reference: Option<&str>,
) -> Result<tradebook_model::User, StoreError> {
    store.create_user(&NewUser {
        organization: store.find_organization(&organization.parse().unwrap()).unwrap().unwrap().id,
        username: username.parse().unwrap(),
        reference: reference.map(|reference| reference.parse().unwrap()),
        password: Password::new("correct horse").unwrap(),
    })
}

fn people_sign_in_and_out(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let created = user(&store, "one", "marie", Some("emp-1")).unwrap();
    let SignIn::Accepted { token, session } = store.sign_in(" marie", "correct horse").unwrap()
    else {
        panic!("the credentials are right");
    };
    assert!(token.expose().starts_with(SESSION_PREFIX));
    assert_eq!((session.organization, &session.user), (org, &created));
    let hash = store.hash_key(token.expose()).unwrap();
    assert_eq!(database.open().session(&hash).unwrap(), Some(session));
    assert_eq!(store.session(&store.hash_key("tbs_other").unwrap()).unwrap(), None);
    for (name, password) in [("marie", "wrong horse"), ("Marie", "correct horse"), ("x", "")] {
        assert!(matches!(store.sign_in(name, password).unwrap(), SignIn::Refused), "{name}");
    }
    assert!(store.sign_out(&hash).unwrap() && !store.sign_out(&hash).unwrap());
    assert_eq!(store.session(&hash).unwrap(), None);

    let SignIn::Accepted { token, .. } = store.sign_in("marie", "correct horse").unwrap() else {
        panic!("the credentials are right");
    };
    let hash = store.hash_key(token.expose()).unwrap();
    let expire = |to: i64| {
        store
            .change(|c| {
                diesel::update(sessions::table).set(sessions::expires_at.eq(to)).execute(c)?;
                Ok(Outcome::Commit(()))
            })
            .unwrap();
    };
    expire(1);
    assert_eq!(store.session(&hash).unwrap(), None);
    expire(i64::from(i32::MAX) * 1000);
    assert!(store.session(&hash).unwrap().is_some());
    assert!(store.set_password("marie", &Password::new("battery staple").unwrap()).unwrap());
    assert_eq!(store.session(&hash).unwrap(), None, "ended by the new password");
    assert!(!store.set_password("nobody", &Password::new("battery staple").unwrap()).unwrap());
    assert!(matches!(store.sign_in("marie", "correct horse").unwrap(), SignIn::Refused));
    assert!(matches!(store.sign_in("marie", "battery staple").unwrap(), SignIn::Accepted { .. }));
}

fn names_to_sign_in_with_are_unique(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    organization(&store, "two");
    user(&store, "one", "marie", None).unwrap();
    let taken = user(&store, "two", "marie", Some("emp-1")).unwrap_err();
    assert_eq!(taken.to_string(), "the user name `marie` already exists");
    assert!(user(&store, "one", "other", Some("marie")).is_err(), "she has a password");
    // One that was imported may sign in from now on.
    write(&store, org, |c, _| {
        diesel::insert_into(users::table)
            .values((
                users::organization_id.eq(org.get()),
                users::id.eq(9),
                users::reference.eq("emp-9"),
                users::name.eq("Nine"),
            ))
            .execute(c)
            .unwrap()
    });
    assert_eq!(user(&store, "one", "nine", Some("emp-9")).unwrap().id.get(), 9);
    let listed: Vec<_> = store
        .users(Some(org))
        .unwrap()
        .into_iter()
        .map(|record| (record.user.reference.to_string(), record.signs_in))
        .collect();
    assert_eq!(listed, [("marie".to_owned(), true), ("emp-9".to_owned(), true)]);
    assert_eq!(store.users(None).unwrap().len(), 2);
}

fn guessing_becomes_slow(database: &Database) {
    let store = database.migrated();
    organization(&store, "one");
    user(&store, "one", "marie", None).unwrap();
    user(&store, "one", "other", None).unwrap();
    for name in ["marie", "nobody"] {
        for attempt in 1..=5 {
            let refused = store.sign_in(name, "wrong").unwrap();
            assert!(matches!(refused, SignIn::Refused), "{name} {attempt}");
        }
        let SignIn::TooEarly { retry_after } =
            database.open().sign_in(name, "correct horse").unwrap()
        else {
            panic!("{name}: too many failures");
        };
        assert!(retry_after.is_positive() && retry_after <= time::Duration::seconds(1));
    }
    assert!(matches!(store.sign_in("other", "correct horse").unwrap(), SignIn::Accepted { .. }));
    // When the wait is over the right password counts, and all is forgotten.
    store
        .change(|c| {
            diesel::update(sign_in_failures::table)
                .set(sign_in_failures::blocked_until.eq(0))
                .execute(c)?;
            Ok(Outcome::Commit(()))
        })
        .unwrap();
    assert!(matches!(store.sign_in("marie", "correct horse").unwrap(), SignIn::Accepted { .. }));
    assert!(matches!(store.sign_in("marie", "wrong").unwrap(), SignIn::Refused));
    assert!(matches!(store.sign_in("marie", "correct horse").unwrap(), SignIn::Accepted { .. }));
}
