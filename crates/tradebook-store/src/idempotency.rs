//! Answers that are kept so that a request sent again is answered again instead of done again.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use diesel::prelude::*;
use time::{Duration, OffsetDateTime};
use tradebook_model::{ModelError, OrganizationId};

use crate::StoreError;
use crate::connection::AnyConnection;
use crate::customers::CustomerRecord;
use crate::rows::millis;
use crate::schema::kept_answers;

/// How long an answer is kept.
const KEPT_FOR: Duration = Duration::hours(24);

/// What a client calls a request, so that it can be sent again (`Idempotency-Key`): 1 to 255 visible characters of ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RetryKey(Box<str>);

impl RetryKey {
    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RetryKey {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let text = text.trim();
        let what = "the key for retries";
        match text.len() {
            0 => Err(ModelError::Empty { what }),
            length @ 256.. => Err(ModelError::TooLong { what, length, max: 255 }),
            _ if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
                Err(ModelError::ControlCharacter { what })
            }
            _ => Ok(Self(text.into())),
        }
    }
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// How a request that may be sent again is recognised, and how it is answered.
#[derive(Clone)]
pub struct Retry {
    /// What the client calls the request.
    pub key: RetryKey,
    /// A hash of all that the request says, such as SHA-256: the same key with another hash is another request.
    pub request_hash: [u8; 32],
    /// Writes the answer, which is kept in the same transaction as what it answers.
    pub answer: Arc<dyn Fn(&CustomerRecord) -> StoredAnswer + Send + Sync>,
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What is known of a key.
pub(crate) enum Kept {
    /// It is new.
    Nothing,
    /// The request was answered before.
    Answer(StoredAnswer),
    /// Another request had this key.
    OtherRequest,
}

/// Looks for the answer to a request, and forgets answers that are too old. Within a write transaction.
pub(crate) fn kept_answer(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    retry: &Retry,
) -> Result<Kept, StoreError> {
    let oldest = millis(OffsetDateTime::now_utc() - KEPT_FOR);
    diesel::delete(
        kept_answers::table
            .filter(kept_answers::organization_id.eq(organization.get()))
            .filter(kept_answers::created_at.lt(oldest)),
    )
    .execute(connection)?;
    let found: Option<(Vec<u8>, i16, Vec<u8>)> = kept_answers::table
        .select((kept_answers::request_hash, kept_answers::status, kept_answers::body))
        .find((organization.get(), retry.key.as_str()))
        .get_result(connection)
        .optional()?;
    let Some((hash, status, body)) = found else { return Ok(Kept::Nothing) };
    if hash != retry.request_hash {
        return Ok(Kept::OtherRequest);
    }
    let status = u16::try_from(status)
        .map_err(|_| StoreError::corrupt(format!("{status} is no status of an answer")))?;
    Ok(Kept::Answer(StoredAnswer { status, body }))
}

/// Keeps the answer to a request. Within the transaction that did what was asked.
pub(crate) fn keep_answer(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    retry: &Retry,
    record: &CustomerRecord,
) -> Result<(), StoreError> {
    let StoredAnswer { status, body } = (retry.answer)(record);
    let status = i16::try_from(status)
        .map_err(|_| StoreError::corrupt(format!("{status} is no status of an answer")))?;
    diesel::insert_into(kept_answers::table)
        .values((
            kept_answers::organization_id.eq(organization.get()),
            kept_answers::retry_key.eq(retry.key.as_str()),
            kept_answers::request_hash.eq(retry.request_hash.as_slice()),
            kept_answers::status.eq(status),
            kept_answers::body.eq(body),
            kept_answers::created_at.eq(millis(OffsetDateTime::now_utc())),
        ))
        .execute(connection)?;
    Ok(())
}
