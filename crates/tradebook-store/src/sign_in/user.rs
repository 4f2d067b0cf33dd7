//! Users as the command line manages them.

use diesel::prelude::*;
use tradebook_model::{OrganizationId, OrganizationName, ShortText, User, UserId, UserReference};

use super::Password;
use crate::connection::AnyConnection;
use crate::rows::{stored, stored_option};
use crate::schema::{event_tokens, organizations, sessions, users};
use crate::sequence::{Sequence, next_ids};
use crate::transaction::Outcome;
use crate::{Store, StoreError};

/// A user who is to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Whose data the user may read and change.
    pub organization: OrganizationId,
    /// The name to sign in with, unique among those of all organizations; exactly as it will be given.
    pub username: ShortText,
    /// The user's reference; by default the same as the name.
    pub reference: Option<UserReference>,
    /// The password.
    pub password: Password,
}

/// What is known of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// The user's organization.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: OrganizationName,
    /// The user.
    pub user: User,
    /// Whether the user has a password, and so can sign in.
    pub signs_in: bool,
}

/// The columns of a user.
pub(crate) const USER: (users::id, users::reference, users::username, users::name, users::email) =
    (users::id, users::reference, users::username, users::name, users::email);
pub(crate) type UserRow = (i32, String, Option<String>, Option<String>, Option<String>);

pub(crate) fn user(row: UserRow) -> Result<User, StoreError> {
    let (id, reference, username, name, email) = row;
    let text = |text: String| ShortText::new(&text);
    Ok(User {
        id: stored("a user's id", UserId::new(id))?,
        reference: stored("a user's reference", reference.parse())?,
        username: stored_option("a user's sign-in name", username, text)?,
        name: stored_option("a user's name", name, text)?,
        email: stored_option("a user's e-mail address", email, text)?,
    })
}

impl Store {
    /// Adds a user who can sign in, or lets one that was imported with this reference do so. [`StoreError::NotUnique`] where
    /// the name is taken, or the user of that reference has a password already.
    pub fn create_user(&self, new: &NewUser) -> Result<User, StoreError> {
        let NewUser { organization, username, reference, password } = new;
        let reference = match reference {
            Some(reference) => reference.clone(),
            None => stored("a user's reference", username.as_str().parse())?,
        };
        let hash = password.hash()?;
        let taken = || StoreError::NotUnique { what: format!("the user name `{username}`") };
        self.write_transaction(*organization, |connection, _| {
            if who_signs_in(connection, username.as_str())?.is_some() {
                return Err(taken());
            }
            let known: Option<(i32, Option<String>)> = users::table
                .select((users::id, users::password_hash))
                .filter(users::organization_id.eq(organization.get()))
                .filter(users::reference.eq(reference.as_str()))
                .get_result(connection)
                .optional()?;
            let id = match known {
                Some((_, Some(_))) => {
                    return Err(StoreError::NotUnique {
                        what: format!("a password of the user `{reference}`"),
                    });
                }
                Some((id, None)) => {
                    diesel::update(users::table.find((organization.get(), id)))
                        .set((
                            users::username.eq(username.as_str()),
                            users::password_hash.eq(&hash),
                            users::version.eq(users::version + 1),
                        ))
                        .execute(connection)?;
                    id
                }
                None => {
                    let id = next_ids(connection, *organization, Sequence::User, 1)?;
                    let id =
                        i32::try_from(id).map_err(|_| StoreError::NoMoreIds { kind: "user" })?;
                    diesel::insert_into(users::table)
                        .values((
                            users::organization_id.eq(organization.get()),
                            users::id.eq(id),
                            users::reference.eq(reference.as_str()),
                            users::username.eq(username.as_str()),
                            users::password_hash.eq(&hash),
                        ))
                        .execute(connection)?;
                    id
                }
            };
            let row: UserRow =
                users::table.select(USER).find((organization.get(), id)).get_result(connection)?;
            Ok(Outcome::Commit(user(row)?))
        })
        // Of two organizations at once, the second.
        .map_err(|error| match error {
            StoreError::NotUnique { what } if what.starts_with("a record") => taken(),
            other => other,
        })
    }

    /// The users of one organization or of all, by organization and id.
    pub fn users(
        &self,
        organization: Option<OrganizationId>,
    ) -> Result<Vec<UserRecord>, StoreError> {
        let mut query = users::table
            .inner_join(organizations::table.on(organizations::id.eq(users::organization_id)))
            .select((
                organizations::id,
                organizations::name,
                USER,
                users::password_hash.is_not_null(),
            ))
            .order((organizations::id, users::id))
            .into_boxed();
        if let Some(organization) = organization {
            query = query.filter(users::organization_id.eq(organization.get()));
        }
        let rows: Vec<(i32, String, UserRow, bool)> = query.load(&mut *self.pools().read()?)?;
        rows.into_iter()
            .map(|(organization, name, row, signs_in)| {
                Ok(UserRecord {
                    organization: stored(
                        "an organization's id",
                        OrganizationId::new(organization),
                    )?,
                    organization_name: stored("an organization's name", name.parse())?,
                    user: user(row)?,
                    signs_in,
                })
            })
            .collect()
    }

    /// Gives the user of a sign-in name another password and ends the user's sessions; `false` where nobody signs in with
    /// that name.
    pub fn set_password(&self, username: &str, password: &Password) -> Result<bool, StoreError> {
        let hash = password.hash()?;
        self.change(|connection| {
            let Some((organization, id, _)) = who_signs_in(connection, username)? else {
                return Ok(Outcome::RollBack(false));
            };
            diesel::update(users::table.find((organization, id)))
                .set((users::password_hash.eq(&hash), users::version.eq(users::version + 1)))
                .execute(connection)?;
            diesel::delete(
                sessions::table
                    .filter(sessions::organization_id.eq(organization))
                    .filter(sessions::user_id.eq(id)),
            )
            .execute(connection)?;
            diesel::delete(
                event_tokens::table
                    .filter(event_tokens::organization_id.eq(organization))
                    .filter(event_tokens::user_id.eq(id)),
            )
            .execute(connection)?;
            Ok(Outcome::Commit(true))
        })
    }
}

/// Organization, id and password hash of the user who signs in with a name.
pub(super) fn who_signs_in(
    connection: &mut AnyConnection,
    username: &str,
) -> Result<Option<(i32, i32, String)>, StoreError> {
    Ok(users::table
        .select((users::organization_id, users::id, users::password_hash.assume_not_null()))
        .filter(users::username.eq(username.trim()))
        .filter(users::password_hash.is_not_null())
        .get_result(connection)
        .optional()?)
}
