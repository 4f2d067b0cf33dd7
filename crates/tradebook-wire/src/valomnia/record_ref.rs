//! Naming a record: by id or by reference.

use tradebook_model::RecordRef;

use super::fault::Fault;

/// Reads how a parameter names a record; `None` where it should be a number and is none.
pub(super) fn read(text: &str, by_reference: bool) -> Option<RecordRef> {
    if by_reference {
        return Some(RecordRef::Reference(text.to_owned()));
    }
    text.parse().ok().map(RecordRef::Id)
}

/// The id in a path. One that is no whole number is a fault of the parameter `id`.
pub fn path_id(segment: &str) -> Result<i64, Fault> {
    segment.trim().parse().map_err(|_| Fault::InvalidType("id"))
}
