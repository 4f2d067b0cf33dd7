//! What is wrong with the files of an import.

use std::fmt;

use tradebook_wire::csv::Fault;

/// How many faults are kept; all are counted.
pub const MAX_FAULTS: usize = 100;

/// The faults of an import: the first ones, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults {
    kept: Vec<Fault>,
    total: u64,
}

impl Faults {
    /// The first [`MAX_FAULTS`], in the order in which the files were read.
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
