//! The random number in the addresses of an organization's images.

use diesel::prelude::*;
use tradebook_model::OrganizationId;

use crate::rows::stored_option;
use crate::schema::image_folders;
use crate::transaction::Outcome;
use crate::{Store, StoreError};

impl Store {
    /// The number in the addresses of an organization's images. Drawn when it is first asked for; it stays.
    pub fn image_folder(&self, organization: OrganizationId) -> Result<u64, StoreError> {
        let known: Option<i64> = image_folders::table
            .select(image_folders::number)
            .find(organization.get())
            .get_result(&mut *self.pools().read()?)
            .optional()?;
        let number = match known {
            Some(number) => number,
            None => self.draw_image_folder(organization)?,
        };
        u64::try_from(number).map_err(|_| StoreError::corrupt("a negative image folder"))
    }

    /// The organization whose images are under a number; `None` where there is none.
    pub fn organization_of_image_folder(
        &self,
        number: u64,
    ) -> Result<Option<OrganizationId>, StoreError> {
        let Ok(number) = i64::try_from(number) else { return Ok(None) };
        let id: Option<i32> = image_folders::table
            .select(image_folders::organization_id)
            .filter(image_folders::number.eq(number))
            .get_result(&mut *self.pools().read()?)
            .optional()?;
        stored_option("an organization's id", id, OrganizationId::new)
    }

    fn draw_image_folder(&self, organization: OrganizationId) -> Result<i64, StoreError> {
        // Thirteen digits, as many as the numbers of the emulated service have.
        let drawn = getrandom::u64().map_err(StoreError::Random)? % 9_000_000_000_000;
        let drawn = 1_000_000_000_000 + i64::try_from(drawn).unwrap_or_default();
        self.change(|connection| {
            let known: Option<i64> = image_folders::table
                .select(image_folders::number)
                .find(organization.get())
                .get_result(connection)
                .optional()?;
            if let Some(number) = known {
                return Ok(Outcome::RollBack(number));
            }
            diesel::insert_into(image_folders::table)
                .values((
                    image_folders::organization_id.eq(organization.get()),
                    image_folders::number.eq(drawn),
                ))
                .execute(connection)?;
            Ok(Outcome::Commit(drawn))
        })
    }
}
