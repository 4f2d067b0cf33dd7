//! What is wrong with the files of an import.

use std::fmt;

use tradebook_wire::csv::{Fault, Source};

/// How many faults are kept; all are counted.
pub const MAX_FAULTS: usize = 100;

/// The faults of an import: the first ones, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults {
    kept: Vec<Fault>,
    total: u64,
}

impl Faults {
    /// The first [`MAX_FAULTS`] that were found, in the order of the files and their lines.
    pub fn shown(&self) -> &[Fault] {
        &self.kept
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn push(&mut self, fault: Fault) {
        self.total += 1;
        if self.kept.len() < MAX_FAULTS {
            self.kept.push(fault);
        }
    }

    pub(super) fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            self.push(fault);
        }
    }

    /// Brings the faults into the order of the files and their lines; those of a file as a whole come behind its lines.
    pub(super) fn sort(&mut self, files: &[Source]) {
        self.kept.sort_by_cached_key(|fault| {
            let file = files.iter().position(|source| source.name == fault.file);
            (file, fault.line.unwrap_or(u64::MAX))
        });
    }

    /// Counts faults that were found but not described.
    pub(super) fn count(&mut self, more: u64) {
        self.total += more;
    }
}

impl fmt::Display for Faults {
    /// One fault a line, and a last line that counts those not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.kept.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        let shown = u64::try_from(self.kept.len()).unwrap_or(u64::MAX);
        match self.total.saturating_sub(shown) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}
