//! What can be wrong with a value that comes from outside.

/// Why a value was refused. The text says what is wrong and what would be right, and is fit to be shown to the
/// person who supplied the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A text that must be there is empty or only white space.
    #[error("{what} is empty")]
    Empty {
        /// What the value is, in the field's words.
        what: &'static str,
    },
    /// A text is longer than the interfaces can carry.
    #[error("{what} has {length} characters, at most {max} are allowed")]
    TooLong {
        /// What the value is.
        what: &'static str,
        /// Its length in characters.
        length: usize,
        /// The longest that is allowed.
        max: usize,
    },
    /// A text contains a control character such as a tab or a line break.
    #[error("{what} contains a control character")]
    ControlCharacter {
        /// What the value is.
        what: &'static str,
    },
    /// A number, date or word that cannot be read.
    #[error("`{text}` is not {expected}")]
    Unreadable {
        /// The text as given, shortened where it is very long.
        text: String,
        /// What was expected, with its article: `a decimal number`.
        expected: &'static str,
    },
    /// More digits after the point than are kept.
    #[error("`{text}` has more than {max} decimals")]
    TooPrecise {
        /// The text as given.
        text: String,
        /// How many decimals are kept.
        max: u32,
    },
    /// A value outside its range.
    #[error("{what} must be {range}, not {value}")]
    OutOfRange {
        /// What the value is.
        what: &'static str,
        /// The range in words: `between 0 and 100`.
        range: &'static str,
        /// The value as given.
        value: String,
    },
    /// Two values that exclude each other, or one that needs another.
    #[error("{0}")]
    Contradiction(&'static str),
    /// A setting that does not exist.
    #[error("there is no setting `{name}`; the settings are {known}")]
    UnknownSetting {
        /// The name as given.
        name: String,
        /// All names, separated by commas.
        known: String,
    },
}

impl ModelError {
    pub(crate) fn unreadable(text: &str, expected: &'static str) -> Self {
        let mut text: String = text.chars().take(60).collect();
        if text.chars().count() == 60 {
            text.push('…');
        }
        Self::Unreadable { text, expected }
    }

    pub(crate) fn out_of_range(
        what: &'static str,
        range: &'static str,
        value: impl ToString,
    ) -> Self {
        Self::OutOfRange { what, range, value: value.to_string() }
    }
}
