//! Without SQLite, an import is one transaction and has no steps.

use super::Ledger;
use super::records::Session;
use super::rows::{DocumentLineRow, DocumentRow};
use crate::StoreError;

#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "with SQLite they do something")]
impl Session<'_> {
    pub(super) fn is_staged(&self) -> bool {
        false
    }

    pub(super) fn is_hidden(&self, _document: i64) -> bool {
        false
    }

    pub(super) fn begin_step(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn end_step(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn end_step_where_due(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn put_hidden_documents(&mut self, _rows: &[DocumentRow]) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn put_hidden_lines(&mut self, _rows: &[DocumentLineRow]) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn note_read(&mut self, _table: &str, _ids: &[i32]) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn stage_lines(
        &mut self,
        _ledger: Ledger,
        _document: i64,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn gone(&mut self, _table: &str) -> Result<usize, StoreError> {
        Ok(0)
    }
}
