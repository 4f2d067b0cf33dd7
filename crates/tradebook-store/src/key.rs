//! API keys: made, hashed, revoked and recognised.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use diesel::prelude::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;
use tradebook_model::{
    KeyId, ModelError, OrganizationId, OrganizationName, ShortText, UserReference,
};

use crate::connection::AnyConnection;
use crate::rows::{millis, moment, stored, stored_option};
use crate::schema::{api_keys, organizations, server_state, users};
use crate::transaction::Outcome;
use crate::{Store, StoreError};

/// What every key begins with, so that leaked ones can be searched for.
pub const KEY_PREFIX: &str = "tb_";
/// Random characters of a key, five bits each: 130 bits. With the prefix 29 of the 30 characters that clients carry.
const RANDOM_CHARS: usize = 26;
/// Letters and digits that cannot be taken for each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The only row of the server's state.
pub(crate) const SERVER: i32 = 1;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Role {
    /// Read all of its organization.
    #[default]
    Read,
    /// Change it too.
    Write,
}

impl Role {
    /// `read` or `write`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = ModelError;

    /// Reads `read` or `write`, in either case.
    fn from_str(text: &str) -> Result<Self, ModelError> {
        let word = text.trim();
        [Self::Read, Self::Write]
            .into_iter()
            .find(|role| role.word().eq_ignore_ascii_case(word))
            .ok_or_else(|| ModelError::Unreadable {
                text: word.chars().take(60).collect(),
                expected: "read or write",
            })
    }
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Whose data it opens.
    pub organization: OrganizationId,
    /// What it may do.
    pub role: Role,
    /// What it is for, in the words of whoever made it.
    pub label: Option<ShortText>,
    /// In whose name it acts; a user of the organization.
    pub user: Option<UserReference>,
}

/// What is known of a key, which is not the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its id, unique in the database.
    pub id: KeyId,
    /// Whose data it opens.
    pub organization: OrganizationId,
    /// That organization's name.
    pub organization_name: OrganizationName,
    /// What it may do.
    pub role: Role,
    /// What it is for.
    pub label: Option<ShortText>,
    /// In whose name it acts.
    pub user: Option<UserReference>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Since when it opens nothing any more.
    pub revoked_at: Option<OffsetDateTime>,
}

/// Whom a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The key.
    pub key: KeyId,
    /// Whose data it opens.
    pub organization: OrganizationId,
    /// What it may do.
    pub role: Role,
    /// In whose name it acts.
    pub user: Option<UserReference>,
}

/// A key as its owner uses it: at most 30 characters. It exists once, when it is made, and cannot be printed by accident.
pub struct PlaintextKey(String);

impl PlaintextKey {
    /// The key, to be shown to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A new key or token: what it begins with, and 130 random bits.
    pub(crate) fn generate(prefix: &str) -> Result<Self, StoreError> {
        let mut random = [0_u8; RANDOM_CHARS];
        getrandom::fill(&mut random).map_err(StoreError::Random)?;
        let mut text = String::from(prefix);
        // 256 is a multiple of 32: the remainder of a byte is as random as the byte.
        text.extend(
            random
                .iter()
                .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
                .map(|&c| char::from(c)),
        );
        Ok(Self(text))
    }
}

impl fmt::Debug for PlaintextKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The keyed hash of a key, by which it is recognised: HMAC-SHA-256 under the server's secret. Compared in constant time.
#[derive(Clone, Copy)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for KeyHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for KeyHash {}

impl Hash for KeyHash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The secret under which keys are hashed.
#[derive(Clone)]
pub(crate) struct KeySecret([u8; 32]);

impl KeySecret {
    pub(crate) fn generate() -> Result<Self, StoreError> {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret).map_err(StoreError::Random)?;
        Ok(Self(secret))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn hash(&self, key: &str) -> Result<KeyHash, StoreError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0)
            .map_err(|_| StoreError::corrupt("the secret of the keys"))?;
        mac.update(key.as_bytes());
        Ok(KeyHash(mac.finalize().into_bytes().into()))
    }
}

impl fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Store {
    /// Makes a key. Only its hash is kept: the key itself is in the answer and nowhere else.
    /// [`StoreError::NotFound`] where the organization does not exist, or has no such user.
    pub fn create_key(&self, new: &NewKey) -> Result<(KeyRecord, PlaintextKey), StoreError> {
        let NewKey { organization, role, label, user } = new;
        let key = PlaintextKey::generate(KEY_PREFIX)?;
        let hash = self.hash_key(key.expose())?;
        let record = self.change(|connection| {
            let name: String = organizations::table
                .select(organizations::name)
                .filter(organizations::id.eq(organization.get()))
                .get_result(connection)
                .optional()?
                .ok_or_else(|| StoreError::not_found("organization", organization))?;
            if let Some(user) = user {
                let known: i64 = users::table
                    .filter(users::organization_id.eq(organization.get()))
                    .filter(users::reference.eq(user.as_str()))
                    .count()
                    .get_result(connection)?;
                if known == 0 {
                    return Err(StoreError::not_found("user", user));
                }
            }
            let created_at = millis(OffsetDateTime::now_utc());
            let id: i32 = diesel::insert_into(api_keys::table)
                .values((
                    api_keys::organization_id.eq(organization.get()),
                    api_keys::hash.eq(hash.0.as_slice()),
                    api_keys::role.eq(role.word()),
                    api_keys::label.eq(label.as_ref().map(ShortText::as_str)),
                    api_keys::user_reference.eq(user.as_ref().map(UserReference::as_str)),
                    api_keys::created_at.eq(created_at),
                ))
                .returning(api_keys::id)
                .get_result(connection)?;
            move_keys_revision(connection)?;
            Ok(Outcome::Commit(KeyRecord {
                id: stored("a key's id", KeyId::new(id))?,
                organization: *organization,
                organization_name: stored("an organization's name", name.parse())?,
                role: *role,
                label: label.clone(),
                user: user.clone(),
                created_at: moment(created_at)?,
                revoked_at: None,
            }))
        })?;
        Ok((record, key))
    }

    /// All keys, or those of one organization, by id; also those that have been revoked.
    pub fn keys(&self, organization: Option<OrganizationId>) -> Result<Vec<KeyRecord>, StoreError> {
        let mut query = api_keys::table
            .inner_join(organizations::table.on(organizations::id.eq(api_keys::organization_id)))
            .select((
                api_keys::id,
                api_keys::organization_id,
                organizations::name,
                api_keys::role,
                api_keys::label,
                api_keys::user_reference,
                api_keys::created_at,
                api_keys::revoked_at,
            ))
            .order(api_keys::id)
            .into_boxed();
        if let Some(organization) = organization {
            query = query.filter(api_keys::organization_id.eq(organization.get()));
        }
        let rows: Vec<KeyRow> = query.load(&mut *self.pools().read()?)?;
        rows.into_iter().map(KeyRow::into_record).collect()
    }

    /// Ends a key; `false` where there is none of that id, or it was ended before.
    pub fn revoke_key(&self, key: KeyId) -> Result<bool, StoreError> {
        self.change(|connection| {
            let changed = diesel::update(
                api_keys::table
                    .filter(api_keys::id.eq(key.get()))
                    .filter(api_keys::revoked_at.is_null()),
            )
            .set(api_keys::revoked_at.eq(millis(OffsetDateTime::now_utc())))
            .execute(connection)?;
            if changed == 0 {
                return Ok(Outcome::RollBack(false));
            }
            move_keys_revision(connection)?;
            Ok(Outcome::Commit(true))
        })
    }

    /// The hash of a text that may be a key. Surrounding white space does not count.
    pub fn hash_key(&self, key: &str) -> Result<KeyHash, StoreError> {
        self.key_secret()?.hash(key.trim())
    }

    /// Whom a key stands for; `None` where it is not known or revoked.
    pub fn authenticate(&self, hash: &KeyHash) -> Result<Option<Principal>, StoreError> {
        let row: Option<PrincipalRow> = api_keys::table
            .select(PRINCIPAL)
            .filter(api_keys::hash.eq(hash.0.as_slice()))
            .filter(api_keys::revoked_at.is_null())
            .get_result(&mut *self.pools().read()?)
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        let (found, principal) = row.into_principal()?;
        Ok((found == *hash).then_some(principal))
    }

    /// All keys that have not been revoked, for a table in memory; see [`Store::keys_revision`].
    pub fn active_keys(&self) -> Result<Vec<(KeyHash, Principal)>, StoreError> {
        let rows: Vec<PrincipalRow> = api_keys::table
            .select(PRINCIPAL)
            .filter(api_keys::revoked_at.is_null())
            .order(api_keys::id)
            .load(&mut *self.pools().read()?)?;
        rows.into_iter().map(PrincipalRow::into_principal).collect()
    }

    /// A number that grows with every key made or revoked: while it stays, [`Store::active_keys`] says the same.
    pub fn keys_revision(&self) -> Result<i64, StoreError> {
        server_state::table
            .select(server_state::keys_revision)
            .filter(server_state::id.eq(SERVER))
            .get_result(&mut *self.pools().read()?)
            .optional()?
            .ok_or(StoreError::OldSchema)
    }

    pub(crate) fn key_secret(&self) -> Result<&KeySecret, StoreError> {
        let cell = self.key_secret_cell();
        if let Some(secret) = cell.get() {
            return Ok(secret);
        }
        let bytes: Vec<u8> = server_state::table
            .select(server_state::key_secret)
            .filter(server_state::id.eq(SERVER))
            .get_result(&mut *self.pools().read()?)
            .optional()?
            .ok_or(StoreError::OldSchema)?;
        let bytes = <[u8; 32]>::try_from(bytes)
            .map_err(|_| StoreError::corrupt("the secret of the keys has not 32 bytes"))?;
        Ok(cell.get_or_init(|| KeySecret(bytes)))
    }
}

/// Moves the keys' revision, and announces it to all servers with the transaction's commit.
fn move_keys_revision(connection: &mut AnyConnection) -> QueryResult<()> {
    let row = server_state::table.find(SERVER);
    let next = server_state::keys_revision.eq(server_state::keys_revision + 1);
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(sqlite) => diesel::update(row).set(next).execute(sqlite).map(drop),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => diesel::update(row)
            .set(next)
            .returning(crate::feed::announce_keys())
            .get_result::<String>(postgres)
            .map(drop),
    }
}

#[derive(Queryable)]
struct KeyRow {
    id: i32,
    organization_id: i32,
    organization_name: String,
    role: String,
    label: Option<String>,
    user_reference: Option<String>,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl KeyRow {
    fn into_record(self) -> Result<KeyRecord, StoreError> {
        let Self {
            id,
            organization_id,
            organization_name,
            role,
            label,
            user_reference,
            created_at,
            revoked_at,
        } = self;
        Ok(KeyRecord {
            id: stored("a key's id", KeyId::new(id))?,
            organization: stored("a key's organization", OrganizationId::new(organization_id))?,
            organization_name: stored("an organization's name", organization_name.parse())?,
            role: stored("a key's role", role.parse())?,
            label: stored_option("a key's label", label, |text| text.parse())?,
            user: stored_option("a key's user", user_reference, |text| text.parse())?,
            created_at: moment(created_at)?,
            revoked_at: revoked_at.map(moment).transpose()?,
        })
    }
}

const PRINCIPAL: (
    api_keys::hash,
    api_keys::id,
    api_keys::organization_id,
    api_keys::role,
    api_keys::user_reference,
) = (
    api_keys::hash,
    api_keys::id,
    api_keys::organization_id,
    api_keys::role,
    api_keys::user_reference,
);

#[derive(Queryable)]
struct PrincipalRow {
    hash: Vec<u8>,
    id: i32,
    organization_id: i32,
    role: String,
    user_reference: Option<String>,
}

impl PrincipalRow {
    fn into_principal(self) -> Result<(KeyHash, Principal), StoreError> {
        let Self { hash, id, organization_id, role, user_reference } = self;
        let hash = <[u8; 32]>::try_from(hash)
            .map_err(|_| StoreError::corrupt(format!("the hash of key {id} has not 32 bytes")))?;
        Ok((
            KeyHash(hash),
            Principal {
                key: stored("a key's id", KeyId::new(id))?,
                organization: stored("a key's organization", OrganizationId::new(organization_id))?,
                role: stored("a key's role", role.parse())?,
                user: stored_option("a key's user", user_reference, |text| text.parse())?,
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_random_and_never_printed() {
        let (one, other) = (
            PlaintextKey::generate(KEY_PREFIX).unwrap(),
            PlaintextKey::generate(KEY_PREFIX).unwrap(),
        );
        assert!(one.expose().starts_with("tb_") && one.expose().len() == 29);
        assert_ne!(one.expose(), other.expose());
        assert_eq!(format!("{one:?}"), "***");
        let secret = KeySecret([7; 32]);
        assert_eq!(format!("{secret:?} {:?}", secret.hash("x").unwrap()), "*** ***");
    }

    #[test]
    fn the_hash_is_hmac_sha_256() {
        // RFC 4231, test case 2, with its key filled up with zeros to 32 bytes, which HMAC does anyway.
        let mut secret = [0; 32];
        secret[..4].copy_from_slice(b"Jefe");
        let hash = KeySecret(secret).hash("what do ya want for nothing?").unwrap();
        let hex: String = hash.0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
