//! The one entry through which request bodies are read.

use super::negotiation::{BodyFormat, Charset};
use super::{ModelState, Request, json, text, xml};

/// How much a body may contain.
///
/// The size of the body itself is limited by whoever receives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How many levels of objects and lists, or of elements, may lie inside each other: 256.
    pub depth: usize,
    /// How many elements a list may have: 100,000.
    pub list_items: usize,
    /// How many attributes an XML element may have: 64.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 256, list_items: 100_000, attributes: 64 }
    }
}

/// A request as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound<T> {
    /// The members that could be read; the others have their defaults.
    ///
    /// An empty body, JSON `null` and a root with `xsi:nil` give the default: a request without a key.
    pub value: T,
    /// The members that could not be read, and why.
    pub faults: ModelState,
}

impl<T: Request> Bound<T> {
    /// The request, if everything could be read and every rule is kept; otherwise all faults.
    pub fn checked(self) -> Result<T, ModelState> {
        let Self { value, mut faults } = self;
        value.check(&mut faults);
        if faults.is_empty() { Ok(value) } else { Err(faults) }
    }
}

/// A body that is not a request in the format it claims to be in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct Unreadable {
    /// What is wrong, in words.
    pub reason: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

impl Unreadable {
    /// From a byte offset into a text.
    pub(crate) fn at(text: &str, offset: usize, reason: impl Into<String>) -> Self {
        let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            reason: reason.into(),
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        }
    }

    /// As the `ModelState` of an error body, under the name `body`.
    pub fn model_state(&self) -> ModelState {
        let mut state = ModelState::new();
        state.add("body", format!("The body cannot be read: {self}."));
        state
    }
}

/// Reads a request within the default [`Limits`].
pub fn read<T: Request>(
    body: &[u8],
    format: BodyFormat,
    charset: Charset,
) -> Result<Bound<T>, Unreadable> {
    read_within(body, format, charset, &Limits::default())
}

/// Reads a request within other limits.
pub fn read_within<T: Request>(
    body: &[u8],
    format: BodyFormat,
    charset: Charset,
    limits: &Limits,
) -> Result<Bound<T>, Unreadable> {
    if body.is_empty() {
        return Ok(Bound { value: T::default(), faults: ModelState::new() });
    }
    match format {
        BodyFormat::Json => json::bind(&text::json_text(body, charset)?, limits),
        BodyFormat::Xml => {
            let text = text::xml_text(body, charset)?;
            xml::bind(&text, charset, limits)
        }
    }
}
