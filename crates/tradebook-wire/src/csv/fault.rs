//! What is wrong with a file, and where.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Something wrong in an import file. Shown as `file:line: column: what is wrong`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file as the user named it; an entry of an archive as `archive.zip/entry.csv`.
    pub file: Arc<str>,
    /// The physical line on which the record starts, counted from 1; absent where the file as a whole is meant.
    pub line: Option<u64>,
    /// The column by its name in the header; absent where the line as a whole is meant.
    pub column: Option<Cow<'static, str>>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Fault {
    /// A fault of a cell.
    pub fn cell(
        file: &Arc<str>,
        line: u64,
        column: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            file: Arc::clone(file),
            line: Some(line),
            column: Some(column.into()),
            message: message.into(),
        }
    }

    /// A fault of a line as a whole.
    pub fn line(file: &Arc<str>, line: u64, message: impl Into<String>) -> Self {
        Self { file: Arc::clone(file), line: Some(line), column: None, message: message.into() }
    }

    /// A fault of a file as a whole.
    pub fn file(file: &Arc<str>, message: impl Into<String>) -> Self {
        Self { file: Arc::clone(file), line: None, column: None, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ": {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}
