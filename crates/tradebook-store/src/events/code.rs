//! Codes that are kept as hashes, and ids that follow from others.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tradebook_model::{DocumentNumber, ModelError, OpaqueId, OrganizationId};

use crate::StoreError;
use crate::key::KeySecret;

/// The keyed hash of a pass code or one-time password. Never printed, compared in constant time.
#[derive(Clone)]
pub struct CodeHash(Vec<u8>);

impl CodeHash {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl PartialEq for CodeHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CodeHash {}

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Hashes the codes of an organization's access tokens with the server's secret. Codes are short; that they cannot be found
/// by trying all of them rests on the secret, as with the hashes of keys.
#[derive(Debug, Clone)]
pub struct CodeHasher {
    secret: KeySecret,
    organization: OrganizationId,
}

impl CodeHasher {
    pub(crate) fn new(secret: KeySecret, organization: OrganizationId) -> Self {
        Self { secret, organization }
    }

    /// The hash of the pass code of an access token.
    pub fn pass_code(&self, identifier: &str, code: &str) -> Result<CodeHash, StoreError> {
        // Neither contains a line break.
        self.hash(&format!("pass code\n{}\n{identifier}\n{code}", self.organization))
    }

    /// The hash of a one-time password.
    pub fn one_time_password(&self, password: i64) -> Result<CodeHash, StoreError> {
        self.hash(&format!("one-time password\n{}\n{password}", self.organization))
    }

    fn hash(&self, text: &str) -> Result<CodeHash, StoreError> {
        Ok(CodeHash(self.secret.hash(text)?.bytes().to_vec()))
    }
}

/// The id of a line that came without one.
pub(crate) fn line_id(event: &OpaqueId, line: i32) -> Result<OpaqueId, ModelError> {
    following_id(&["purchase line", event.as_str(), &line.to_string()])
}

/// The id of a spend request, which files know by its number alone.
pub(crate) fn spend_request_id(number: &DocumentNumber) -> Result<OpaqueId, ModelError> {
    following_id(&["spend request", number.as_str()])
}

/// 32 hexadecimal digits that follow from some words and from nothing else.
fn following_id(words: &[&str]) -> Result<OpaqueId, ModelError> {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    OpaqueId::new(&hexadecimal(digest.iter().take(16)))
}

/// Upper-case hexadecimal digits.
pub(crate) fn hexadecimal<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    bytes
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| DIGITS.get(usize::from(digit)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_follow_are_as_long_as_others_and_differ() {
        let event: OpaqueId = "E1".parse().unwrap();
        let id = line_id(&event, 1).unwrap();
        assert_eq!(id.as_str().len(), 32);
        assert!(id.as_str().bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)));
        assert_eq!(id, line_id(&event, 1).unwrap());
        assert_ne!(id, line_id(&event, 2).unwrap());
        assert_ne!(id, line_id(&"E11".parse().unwrap(), 1).unwrap());
        assert_ne!(
            spend_request_id(&"1".parse().unwrap()),
            spend_request_id(&"2".parse().unwrap())
        );
    }

    #[test]
    fn codes_are_hashed_for_one_token_of_one_organization() {
        let secret = KeySecret::generate().unwrap();
        let hasher = |id| CodeHasher::new(secret.clone(), OrganizationId::new(id).unwrap());
        let hash = hasher(1).pass_code("6666", "9999").unwrap();
        assert_eq!(hash, hasher(1).pass_code("6666", "9999").unwrap());
        assert_ne!(hash, hasher(2).pass_code("6666", "9999").unwrap());
        assert_ne!(hash, hasher(1).pass_code("66669", "999").unwrap());
        assert_ne!(hash, hasher(1).one_time_password(9999).unwrap());
        assert_eq!(format!("{hash:?}{:?}", hasher(1)).matches("***").count(), 2);
    }
}
