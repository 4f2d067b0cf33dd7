//! Images that no customer has.
//!
//! An image is stored before the customer that refers to it, so that no customer ever refers to nothing. A server that is
//! killed in between leaves an image behind. Servers look for such images when they start.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _};
use time::{Duration, OffsetDateTime};
use tradebook_model::{ImageName, OrganizationId};
use tradebook_store::{Store, StoreError};

use super::Images;
use super::storage::Stored;
use crate::blocking::blocking;

/// How old an image must be. The customer of a younger one may be on its way, on any server that shares the storage.
const GRACE: Duration = Duration::HOUR;

/// How many images are looked up at once.
const BATCH: usize = 500;

/// Why not all images were looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SweepError {
    #[error(transparent)]
    Storage(#[from] object_store::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Images {
    /// Removes the images that no customer has, and logs how many these were.
    pub(crate) async fn tidy(&self, store: &Store, now: OffsetDateTime) {
        match self.sweep(store, now).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "images that no customer has are removed"),
            Err(error) => tracing::warn!(%error, "images that no customer has may stay behind"),
        }
    }

    /// Removes the images that no customer has, and says how many these were. Files that are no images of ours stay, as do
    /// images of organizations that the database does not have.
    pub(crate) async fn sweep(
        &self,
        store: &Store,
        now: OffsetDateTime,
    ) -> Result<usize, SweepError> {
        let mut removed = BTreeSet::new();
        let old = self.storage.list().try_filter(|stored| {
            std::future::ready(stored.modified.is_some_and(|modified| modified < now - GRACE))
        });
        let mut batches = old.chunks(BATCH);
        while let Some(batch) = batches.next().await {
            let mut by_organization: BTreeMap<OrganizationId, Vec<(ImageName, OffsetDateTime)>> =
                BTreeMap::new();
            for stored in batch {
                let Stored { organization, name, modified } = stored?;
                let Some(modified) = modified else { continue };
                by_organization.entry(organization).or_default().push((name, modified));
            }
            for (organization, mut images) in by_organization {
                // The sizes of one image are one image.
                images.sort_unstable();
                images.dedup_by(|one, other| one.0 == other.0);
                let store = store.clone();
                for name in blocking(move || store.unused_images(organization, images)).await? {
                    self.remove(organization, &name).await;
                    removed.insert((organization, name));
                }
            }
        }
        Ok(removed.len())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tradebook_model::{Change, CustomerChanges, Settings, TimeZone};
    use tradebook_store::StoreOptions;

    use super::*;
    use crate::images::{Rendered, Size};

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn picture() -> Rendered {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(2, 2).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        Rendered::new(bytes.get_ref()).unwrap()
    }

    #[actix_web::test]
    async fn old_images_that_no_customer_has_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("book.db");
        let store =
            Store::open(&format!("sqlite://{}", database.display()), &StoreOptions::default());
        let store = store.unwrap();
        store.migrate().unwrap();
        let settings = Settings::new("EUR".parse().unwrap(), TimeZone::UTC);
        let organization =
            store.create_organization(&"one".parse().unwrap(), &settings).unwrap().id;
        let images = Images::open(&folder.path().join("images").display().to_string()).unwrap();

        let used = images.keep(organization, "used.png", picture()).await.unwrap();
        let changes = CustomerChanges {
            reference: Change::Set("C".parse().unwrap()),
            name: Change::Set("Customer".parse().unwrap()),
            logo: Change::Set(Some(used.clone())),
            ..CustomerChanges::default()
        };
        store.create_customer(organization, changes, None, None).unwrap();
        let orphan = images.keep(organization, "orphan.png", picture()).await.unwrap();
        let stranger = OrganizationId::new(99).unwrap();
        images.keep(stranger, "other.png", picture()).await.unwrap();
        let own = folder.path().join("images").join(organization.to_string());
        std::fs::write(own.join("notes.txt"), "not ours").unwrap();

        let now = OffsetDateTime::now_utc();
        assert_eq!(images.sweep(&store, now).await.unwrap(), 0, "all are young");
        let later = now + 2 * GRACE;
        assert_eq!(images.sweep(&store, later).await.unwrap(), 1);
        let mut expected: Vec<String> =
            Size::ALL.map(|size| format!("{}{used}", size.prefix())).to_vec();
        expected.push("notes.txt".to_owned());
        expected.sort();
        assert_eq!(names(&own), expected);
        assert_eq!(names(&folder.path().join("images/99")).len(), 3);
        assert!(images.read(organization, Size::Small, &orphan).await.unwrap().is_none());
        assert_eq!(images.sweep(&store, later).await.unwrap(), 0);
    }
}
