//! Images of customers: checked, re-encoded and resized when they arrive, kept in a folder or in S3-compatible storage, and
//! served under the addresses that answers name.

mod rendering;
mod serving;
mod storage;
mod sweep;

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{Mutex, MutexGuard, Semaphore};
use tradebook_model::{ImageName, OrganizationId};

pub(crate) use rendering::{Rendered, Size, Unsupported};
pub(crate) use serving::{address, photo};
pub use storage::ImagesError;
use storage::Storage;

/// The most bytes that an image may have.
pub(crate) const MAX_BYTES: usize = 2 * 1024 * 1024;

/// How many images are decoded at one time. One needs up to 200 MB for a moment.
const DECODERS: usize = 1;

/// The images of all organizations.
#[derive(Clone)]
pub(crate) struct Images {
    storage: Storage,
    decoders: Arc<Semaphore>,
    changes: Arc<Mutex<()>>,
}

/// Why an image was not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeepError {
    #[error(transparent)]
    Storage(#[from] object_store::Error),
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
    #[error(transparent)]
    Name(#[from] tradebook_model::ModelError),
}

impl Images {
    /// The images in a folder or bucket; see [`crate::ServeOptions::images`].
    pub(crate) fn open(url: &str) -> Result<Self, ImagesError> {
        Ok(Self {
            storage: Storage::open(url)?,
            decoders: Arc::new(Semaphore::new(DECODERS)),
            changes: Arc::default(),
        })
    }

    /// Asks the storage at `url`, which these were opened with, whether it takes images.
    pub(crate) async fn check(&self, url: &str) -> Result<(), ImagesError> {
        self.storage.check(url).await
    }

    /// Held while a customer's image is replaced.
    pub(crate) async fn in_order(&self) -> MutexGuard<'_, ()> {
        self.changes.lock().await
    }

    /// Decodes an image and makes its sizes, away from the threads that answer requests.
    pub(crate) async fn render(&self, bytes: Bytes) -> Result<Rendered, Unsupported> {
        // The semaphore is never closed.
        let Ok(_permit) = self.decoders.acquire().await else { return Err(Unsupported) };
        match actix_web::web::block(move || Rendered::new(&bytes)).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(%error, "an image could not be decoded");
                Err(Unsupported)
            }
        }
    }

    /// Keeps all sizes of an image under a new name. `original` is what the client called it.
    pub(crate) async fn keep(
        &self,
        organization: OrganizationId,
        original: &str,
        image: Rendered,
    ) -> Result<ImageName, KeepError> {
        let number = getrandom::u64().map_err(KeepError::Random)?;
        let name = ImageName::new(number, original, image.extension())?;
        for (size, bytes) in image.into_sizes() {
            if let Err(error) = self.storage.put(organization, size, &name, bytes).await {
                self.remove(organization, &name).await;
                return Err(error.into());
            }
        }
        Ok(name)
    }

    /// Removes all sizes of an image. One that cannot be removed is logged: nothing refers to it any more.
    pub(crate) async fn remove(&self, organization: OrganizationId, name: &ImageName) {
        for size in Size::ALL {
            match self.storage.delete(organization, size, name).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => {
                    tracing::warn!(%organization, %name, %error, "an image stays behind");
                }
            }
        }
    }

    /// One size of an image; `None` where there is none.
    pub(crate) async fn read(
        &self,
        organization: OrganizationId,
        size: Size,
        name: &ImageName,
    ) -> Result<Option<Bytes>, object_store::Error> {
        match self.storage.get(organization, size, name).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
