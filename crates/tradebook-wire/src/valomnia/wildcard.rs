//! Patterns of filters: `*` is any run of characters.

/// A pattern: `Ref-6*` begins, `*ef-6` ends, `*ef-6*` contains; without a `*` it is the whole value. Nothing but `*` is
/// special. Compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wildcard(String);

impl Wildcard {
    /// A pattern from a parameter's value.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The pattern as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
