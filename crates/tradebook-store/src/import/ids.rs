//! Ids that are texts: whose they are, and those that come with no file.

use diesel::prelude::*;
use sha2::{Digest, Sha256};
use tradebook_model::{DocumentNumber, ModelError, OpaqueId, Revision};

use super::{Import, Place};
use crate::StoreError;
use crate::events::hexadecimal;
use crate::schema::{
    accounts_receivable, classifications, product_types, purchase_event_products, purchase_events,
    units,
};

/// A kind of record whose ids are texts, unique within the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextIds {
    /// Of accounts receivable.
    Accounts,
    /// Of classifications.
    Classifications,
    /// Of units.
    Units,
    /// Of product types.
    ProductTypes,
    /// Of purchase events.
    Purchases,
    /// Of the lines of purchase events.
    PurchaseLines,
}

impl Import<'_> {
    /// Which of some ids are taken, and by the record of which key: numbers and names as they are, lines as `event/line` with
    /// the number by which the event is known inside.
    pub fn id_owners(
        &mut self,
        kind: TextIds,
        ids: &[&str],
    ) -> Result<Vec<(String, String)>, StoreError> {
        let organization = self.session.organization.get();
        macro_rules! owners {
            ($table:ident, $key:ident) => {
                $table::table
                    .select(($table::opaque_id, $table::$key))
                    .filter($table::organization_id.eq(organization))
                    .filter($table::opaque_id.eq_any(ids))
                    .load(self.session.connection)?
            };
        }
        Ok(match kind {
            TextIds::Accounts => owners!(accounts_receivable, number),
            TextIds::Classifications => owners!(classifications, name),
            TextIds::Units => owners!(units, name),
            TextIds::ProductTypes => owners!(product_types, name),
            TextIds::Purchases => owners!(purchase_events, number),
            TextIds::PurchaseLines => {
                let rows: Vec<(String, i64, i32)> = purchase_event_products::table
                    .select((
                        purchase_event_products::opaque_id.assume_not_null(),
                        purchase_event_products::event_id,
                        purchase_event_products::line,
                    ))
                    .filter(purchase_event_products::organization_id.eq(organization))
                    .filter(purchase_event_products::opaque_id.eq_any(ids))
                    .load(self.session.connection)?;
                rows.into_iter().map(|(id, event, line)| (id, format!("{event}/{line}"))).collect()
            }
        })
    }

    /// What finds the purchase events of some numbers inside; those that do not exist are left out.
    pub fn purchases(
        &mut self,
        numbers: &[&DocumentNumber],
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let numbers: Vec<&str> = numbers.iter().map(|number| number.as_str()).collect();
        Ok(purchase_events::table
            .select((purchase_events::number, purchase_events::id))
            .filter(purchase_events::organization_id.eq(self.session.organization.get()))
            .filter(purchase_events::number.eq_any(numbers))
            .load(self.session.connection)?)
    }
}

/// An id for the record of a key that comes without one: 32 hexadecimal digits. No two records get the same, since no two
/// places of an organization's imports are the same; and those of one import stand side by side in an index, however many
/// they are.
///
/// # Errors
///
/// None: what is made here is an id.
pub fn assigned_id(revision: Revision, place: Place, key: &str) -> Result<OpaqueId, ModelError> {
    /// So that ids do not begin with a row of zeros.
    const FIRST: [u8; 10] = [0x9E, 0x37, 0x79, 0xB9, 0x7F, 0x4A, 0x7C, 0x15, 0xF3, 0x9C];
    let [_, _, revision @ ..] = revision.0.to_be_bytes();
    let place = place.to_be_bytes();
    let mut hash = Sha256::new();
    hash.update(key.as_bytes());
    let hash = hash.finalize();
    let counted = revision.iter().chain(&place).zip(FIRST).map(|(byte, first)| byte ^ first);
    let bytes: Vec<u8> = counted.chain(hash.iter().take(6).copied()).collect();
    OpaqueId::new(&hexadecimal(bytes.iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigned_ids_differ_and_stand_side_by_side() {
        let id = |revision, place, key| assigned_id(Revision(revision), place, key).unwrap();
        assert_eq!(id(1, 2, "a").as_str().len(), 32);
        assert_eq!(id(1, 2, "a"), id(1, 2, "a"));
        for other in [id(1, 2, "b"), id(1, 3, "a"), id(2, 2, "a")] {
            assert_ne!(id(1, 2, "a"), other);
        }
        assert_eq!(id(1, 2, "a").as_str()[..19], id(1, 3, "b").as_str()[..19]);
    }
}
