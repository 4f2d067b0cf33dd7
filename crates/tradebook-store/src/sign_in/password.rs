//! Passwords, which are kept as argon2id hashes.

use std::fmt;
use std::sync::{Condvar, Mutex, PoisonError};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use tradebook_model::ModelError;

use crate::StoreError;

/// How many hashes are computed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 4;
/// A hash of no password, verified where there is no user so that both take as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password: 1 to 1024 bytes. Cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Box<str>);

impl Password {
    /// The most bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Checks a new password. White space counts.
    pub fn new(text: &str) -> Result<Self, ModelError> {
        let what = "the password";
        if text.is_empty() {
            return Err(ModelError::Empty { what });
        }
        if text.len() > Self::MAX_BYTES {
            return Err(ModelError::TooLong { what, length: text.len(), max: Self::MAX_BYTES });
        }
        Ok(Self(text.into()))
    }

    /// The hash to keep: argon2id with a random salt, in the PHC format.
    pub(super) fn hash(&self) -> Result<String, StoreError> {
        let _turn = Turn::wait();
        let hash: PasswordHash =
            Argon2::default().hash_password(self.0.as_bytes()).map_err(failed)?;
        Ok(hash.to_string())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Whether a text is the password of a hash. Without a hash it is not, and takes as long.
pub(super) fn verify(given: &str, hash: Option<&str>) -> Result<bool, StoreError> {
    if given.len() > Password::MAX_BYTES {
        return Ok(false);
    }
    let _turn = Turn::wait();
    let verified = PasswordVerifier::<str>::verify_password(
        &Argon2::default(),
        given.as_bytes(),
        hash.unwrap_or(NOBODY),
    );
    match verified {
        Ok(()) => Ok(hash.is_some()),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

fn failed(error: Error) -> StoreError {
    StoreError::corrupt(format!("the hash of a password: {error}"))
}

/// The right to compute a hash.
struct Turn;

static RUNNING: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

impl Turn {
    fn wait() -> Self {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        while *running >= AT_ONCE {
            running = ENDED.wait(running).unwrap_or_else(PoisonError::into_inner);
        }
        *running += 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ENDED.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_verified_and_never_printed() {
        let password = Password::new("correct horse").unwrap();
        let hash = password.hash().unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(password.hash().unwrap(), hash, "salted");
        assert!(verify("correct horse", Some(&hash)).unwrap());
        for wrong in ["correct horse ", "Correct horse", "", &"x".repeat(2000)] {
            assert!(!verify(wrong, Some(&hash)).unwrap(), "{wrong}");
        }
        assert!(!verify("correct horse", None).unwrap());
        assert!(verify("correct horse", Some("?")).is_err());
        assert_eq!(format!("{password:?}"), "***");
        assert!(Password::new("").is_err() && Password::new(&"x".repeat(1025)).is_err());
    }
}
