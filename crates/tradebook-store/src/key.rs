//! API keys.

/// The secret under which keys are hashed.
pub(crate) struct KeySecret(pub(crate) [u8; 32]);

impl std::fmt::Debug for KeySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
