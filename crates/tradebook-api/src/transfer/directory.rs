//! The codes of records and their ids, stored and of this import.

use std::collections::{HashMap, HashSet};

use tradebook_store::StoreError;
use tradebook_store::import::{Coded, FAR_ID, Import, Place};

/// The records of one kind by their codes.
#[derive(Debug, Default)]
pub(super) struct Directory {
    entries: HashMap<Box<str>, Entry>,
    ids: HashSet<i32>,
    /// Ids of records that this import has named but not written: yet, or for a fault.
    unwritten: HashSet<i32>,
    /// Codes that wait for an id, in the order of the files.
    pending: Vec<Box<str>>,
    /// Among those that move what is handed out.
    greatest_given: i32,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// 0 while it waits for one.
    id: i32,
    /// Where this import names it.
    place: Option<Place>,
}

/// A record as the directory knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) id: i32,
    /// Where this import names it.
    pub(super) place: Option<Place>,
    /// Whether the database has it.
    pub(super) is_written: bool,
}

/// Why a row of a file cannot enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Another row has the same code.
    Duplicate(Place),
    /// The id belongs to a record of another code, or to a customer's own list, which has none.
    IdTaken(Option<String>),
    /// The stored record has another id.
    IdChanged(i32),
}

impl Directory {
    pub(super) fn load(import: &mut Import<'_>, coded: Coded) -> Result<Self, StoreError> {
        let codes = import.codes(coded)?;
        let mut directory = Self {
            ids: codes.iter().map(|(_, id)| *id).collect(),
            entries: codes
                .into_iter()
                .map(|(code, id)| (code.into(), Entry { id, place: None }))
                .collect(),
            ..Self::default()
        };
        directory.ids.extend(import.uncoded_ids(coded)?);
        Ok(directory)
    }

    /// Enters a row of a file.
    pub(super) fn enter(
        &mut self,
        code: &str,
        given: Option<i32>,
        place: Place,
    ) -> Result<(), Refusal> {
        if let Some(entry) = self.entries.get_mut(code) {
            if let Some(first) = entry.place {
                return Err(Refusal::Duplicate(first));
            }
            entry.place = Some(place);
            return match given {
                Some(id) if id != entry.id => Err(Refusal::IdChanged(entry.id)),
                _ => Ok(()),
            };
        }
        let id = match given {
            None => {
                self.pending.push(code.into());
                0
            }
            Some(id) => {
                if !self.ids.insert(id) {
                    let owner = self.entries.iter().find(|(_, entry)| entry.id == id);
                    return Err(Refusal::IdTaken(owner.map(|(code, _)| code.to_string())));
                }
                self.unwritten.insert(id);
                if i64::from(id) < FAR_ID {
                    self.greatest_given = self.greatest_given.max(id);
                }
                id
            }
        };
        self.entries.insert(code.into(), Entry { id, place: Some(place) });
        Ok(())
    }

    /// Gives ids to the rows that came without, once all files of the kind were entered.
    pub(super) fn assign_ids(
        &mut self,
        import: &mut Import<'_>,
        coded: Coded,
    ) -> Result<(), StoreError> {
        if self.greatest_given > 0 {
            import.skip_past(coded, self.greatest_given)?;
        }
        let mut pending = std::mem::take(&mut self.pending).into_iter().peekable();
        while pending.peek().is_some() {
            let count = pending.len();
            let first = import.next_ids(coded, count)?;
            for id in (first..).take(count) {
                // Where ids become few, this import may have given some of them to its own rows.
                if !self.ids.insert(id) {
                    continue;
                }
                let Some(code) = pending.next() else { break };
                if let Some(entry) = self.entries.get_mut(&code) {
                    entry.id = id;
                    self.unwritten.insert(id);
                }
            }
        }
        Ok(())
    }

    pub(super) fn get(&self, code: &str) -> Option<Known> {
        let entry = self.entries.get(code)?;
        let is_written = !self.unwritten.contains(&entry.id);
        Some(Known { id: entry.id, place: entry.place, is_written })
    }

    pub(super) fn written(&mut self, ids: impl Iterator<Item = i32>) {
        for id in ids {
            self.unwritten.remove(&id);
        }
    }

    /// The stored records that this import does not name, by code.
    pub(super) fn unseen(&self) -> Vec<(&str, i32)> {
        let mut unseen: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.place.is_none())
            .map(|(code, entry)| (code.as_ref(), entry.id))
            .collect();
        unseen.sort_unstable();
        unseen
    }

    /// The codes of some ids, and where this import names them.
    pub(super) fn describe(&self, ids: &HashSet<i32>) -> HashMap<i32, (String, Option<Place>)> {
        self.entries
            .iter()
            .filter(|(_, entry)| ids.contains(&entry.id))
            .map(|(code, entry)| (entry.id, (code.to_string(), entry.place)))
            .collect()
    }
}
