//! Tokens that open the calls of purchase events.

use time::Duration;
use time::macros::datetime;
use tradebook_model::UserId;

use crate::tests::database::Database;
use crate::tests::fixture::organization;
use crate::tests::on_each_database;
use crate::{NewKey, NewUser, Password, Role, TokenHolder};

on_each_database! {
    tokens_end,
}

fn tokens_end(database: &Database) {
    let store = database.migrated();
    let org = organization(&store, "one").id;
    let now = datetime!(2024-05-31 12:00 UTC);
    let new = NewKey { organization: org, role: Role::Read, label: None, user: None };
    let (key, _) = store.create_key(&new).unwrap();
    let user = store
        .create_user(&NewUser {
            organization: org,
            username: "marie".parse().unwrap(),
            reference: None,
            password: Password::new("correct horse").unwrap(),
        })
        .unwrap();
    let issue = |user: Option<UserId>, key| store.issue_event_token(org, user, key, now).unwrap();
    let (of_key, of_user, other) =
        (issue(None, Some(key.id)), issue(Some(user.id), None), issue(None, Some(key.id)));
    assert!(of_key.expose().len() >= 28 && of_key.expose() != other.expose());
    assert_eq!(format!("{of_key:?}"), "***");

    // Another server knows it as well.
    let there = database.open();
    let expires_at = now + Duration::hours(2);
    let holder = |token: &str, at| there.event_token(token, at).unwrap();
    assert_eq!(
        holder(of_key.expose(), now),
        Some(TokenHolder { organization: org, user: None, key: Some(key.id), expires_at })
    );
    assert_eq!(
        holder(of_user.expose(), expires_at - Duration::seconds(1)),
        Some(TokenHolder { organization: org, user: Some(user.id), key: None, expires_at })
    );
    for token in [of_key.expose(), of_user.expose(), "", "tbe_nobody"] {
        assert_eq!(holder(token, expires_at), None, "two hours, used or not");
    }

    assert!(store.release_event_token(other.expose()).unwrap());
    assert!(!store.release_event_token(other.expose()).unwrap());
    assert_eq!(holder(other.expose(), now), None);
    assert!(store.set_password("marie", &Password::new("another horse").unwrap()).unwrap());
    assert_eq!(holder(of_user.expose(), now), None);
    assert!(store.revoke_key(key.id).unwrap());
    assert_eq!(holder(of_key.expose(), now), None);
}
