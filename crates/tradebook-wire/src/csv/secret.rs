//! Cells that must not be shown.

use std::fmt;

use super::Cell;

/// A value that is not printed by accident, nor shown where it is at fault.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(pub T);

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T: Cell> Cell for Secret<T> {
    fn read(text: &str) -> Result<Self, String> {
        T::read(text).map(Self).map_err(|_| "cannot be read as one (it is not shown)".to_owned())
    }

    fn write(&self, into: &mut String) {
        self.0.write(into);
    }
}
