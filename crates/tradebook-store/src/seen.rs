//! The revisions that this process knows of: no read may show an organization as it was before them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use tradebook_model::{OrganizationId, Revision};

/// The latest known revision of each organization, and when it became known.
#[derive(Debug, Default)]
pub(crate) struct SeenRevisions {
    known: Mutex<HashMap<OrganizationId, (Revision, Instant)>>,
}

impl SeenRevisions {
    /// Notes a revision that is committed.
    pub(crate) fn note(&self, organization: OrganizationId, revision: Revision) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = known.entry(organization).or_insert((revision, Instant::now()));
        if entry.0 < revision {
            *entry = (revision, Instant::now());
        }
    }

    /// Notes what the primary said to a question that was asked at `asked_at`. A revision that was known before then and is
    /// gone now was lost with a primary that had not passed it on.
    pub(crate) fn note_all(&self, revisions: &[(OrganizationId, Revision)], asked_at: Instant) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for (organization, revision) in revisions {
            let entry = known.entry(*organization).or_insert((*revision, asked_at));
            if entry.0 < *revision || entry.1 < asked_at {
                *entry = (*revision, asked_at);
            }
        }
    }

    /// The latest known revision; `None` where nothing is known.
    pub(crate) fn revision(&self, organization: OrganizationId) -> Option<Revision> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&organization).map(|(revision, _)| *revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_grow_unless_the_primary_has_lost_them() {
        let seen = SeenRevisions::default();
        let acme = OrganizationId::new(1).unwrap();
        let asked_before = Instant::now();
        seen.note(acme, Revision(5));
        seen.note(acme, Revision(3));
        assert_eq!(seen.revision(acme), Some(Revision(5)));
        seen.note_all(&[(acme, Revision(4))], asked_before);
        assert_eq!(seen.revision(acme), Some(Revision(5)), "the answer is older than the note");
        seen.note_all(&[(acme, Revision(4))], Instant::now());
        assert_eq!(seen.revision(acme), Some(Revision(4)), "it is gone");
        assert_eq!(seen.revision(OrganizationId::new(2).unwrap()), None);
    }
}
