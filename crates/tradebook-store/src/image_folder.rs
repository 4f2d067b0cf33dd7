//! What the database knows of images: the random number in the addresses of an organization's, and whose they are.

use std::collections::HashSet;

use diesel::prelude::*;
use time::OffsetDateTime;
use tradebook_model::{ImageName, OrganizationId};

use crate::connection::each_backend;
use crate::rows::{millis, stored_option};
use crate::schema::{customers, image_folders, organizations};
use crate::transaction::Outcome;
use crate::{Store, StoreError};

/// By how many milliseconds the clocks of a storage and of a server may differ.
const CLOCKS_DIFFER: i64 = 60_000;

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

    /// Those of an organization's images that no customer has. Each comes with the moment at which it was stored; one that was
    /// stored before the organization came to be is another database's, and never among them.
    pub fn unused_images(
        &self,
        organization: OrganizationId,
        images: Vec<(ImageName, OffsetDateTime)>,
    ) -> Result<Vec<ImageName>, StoreError> {
        let names: Vec<&str> = images.iter().map(|(name, _)| name.as_str()).collect();
        let (created, used) = self.read_snapshot(|connection| {
            let created: Option<i64> = organizations::table
                .select(organizations::created_at)
                .find(organization.get())
                .get_result(connection)
                .optional()?;
            let used: Vec<Option<String>> = customers::table
                .select(customers::logo)
                .filter(customers::organization_id.eq(organization.get()))
                .filter(customers::logo.is_not_null())
                .filter(customers::logo.eq_any(&names))
                .load(connection)?;
            Ok((created, used))
        })?;
        let Some(created) = created else { return Ok(Vec::new()) };
        let used: HashSet<String> = used.into_iter().flatten().collect();
        let is_unused = |(name, stored): &(ImageName, OffsetDateTime)| {
            millis(*stored) + CLOCKS_DIFFER >= created && !used.contains(name.as_str())
        };
        Ok(images.into_iter().filter(is_unused).map(|(name, _)| name).collect())
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
            let inserted = each_backend!(connection, |connection| {
                diesel::insert_into(image_folders::table)
                    .values((
                        image_folders::organization_id.eq(organization.get()),
                        image_folders::number.eq(drawn),
                    ))
                    .on_conflict(image_folders::organization_id)
                    .do_nothing()
                    .execute(connection)
            })?;
            if inserted == 0 {
                // Another has been faster by a moment, and its number is committed by now.
                let number = image_folders::table
                    .select(image_folders::number)
                    .find(organization.get())
                    .get_result(connection)?;
                return Ok(Outcome::RollBack(number));
            }
            Ok(Outcome::Commit(drawn))
        })
    }
}
