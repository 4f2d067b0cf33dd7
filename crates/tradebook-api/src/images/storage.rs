//! Where images are kept: `object_store` behind a URL.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;
use tradebook_model::{ImageName, OrganizationId};

use super::Size;
use super::serving::parse_name;

/// Why images cannot be kept where they should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImagesError {
    /// The URL's scheme is not known, or not compiled in.
    #[error("images cannot be kept in `{0}`; give a folder, file:///FOLDER{s3}", s3 = if cfg!(feature = "s3") { " or s3://BUCKET/PREFIX" } else { " (this program was built without S3)" })]
    Scheme(String),
    /// The folder cannot be made.
    #[error("the folder for images {folder} cannot be made: {source}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The storage cannot be used.
    #[error("images cannot be kept in `{url}`: {source}")]
    Storage {
        /// The URL as configured.
        url: String,
        /// What the storage says.
        source: object_store::Error,
    },
}

/// One size of an image that is stored.
pub(super) struct Stored {
    pub(super) organization: OrganizationId,
    pub(super) name: ImageName,
    /// When it was stored.
    pub(super) modified: Option<OffsetDateTime>,
}

/// A folder or bucket, with one folder in it for each organization.
#[derive(Clone)]
pub(super) struct Storage {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl Storage {
    pub(super) fn open(url: &str) -> Result<Self, ImagesError> {
        let storage = |source| ImagesError::Storage { url: url.to_owned(), source };
        match url.split_once("://") {
            None => folder(FilePath::new(url), url),
            Some(("file", path)) => {
                let path = percent_decode_str(path).decode_utf8_lossy();
                folder(FilePath::new(path.as_ref()), url)
            }
            #[cfg(feature = "s3")]
            Some(("s3", place)) => {
                let (_, prefix) = place.split_once('/').unwrap_or((place, ""));
                // A client waits for its answer: better tell it to come again than try for minutes.
                let retry = object_store::RetryConfig {
                    max_retries: 3,
                    retry_timeout: std::time::Duration::from_secs(5),
                    ..object_store::RetryConfig::default()
                };
                let store = object_store::aws::AmazonS3Builder::from_env()
                    .with_url(url)
                    .with_retry(retry)
                    .build()
                    .map_err(storage)?;
                let prefix = Path::parse(prefix).map_err(|error| storage(error.into()))?;
                Ok(Self { store: Arc::new(store), prefix })
            }
            Some(_) => {
                let _ = storage;
                Err(ImagesError::Scheme(url.to_owned()))
            }
        }
    }

    /// Asks whether images can be kept here. Storage that does not answer may do so later; one that refuses will not.
    pub(super) async fn check(&self, url: &str) -> Result<(), ImagesError> {
        let Err(source) = self.store.list(Some(&self.prefix)).try_next().await else {
            return Ok(());
        };
        // Why a list failed is in its text alone. An object that is not there tells whether there was an answer.
        match self.store.head(&self.prefix.clone().join("none")).await {
            Err(
                object_store::Error::NotFound { .. }
                | object_store::Error::PermissionDenied { .. }
                | object_store::Error::Unauthenticated { .. },
            )
            | Ok(_) => Err(ImagesError::Storage { url: url.to_owned(), source }),
            Err(error) => {
                tracing::warn!(url, %error, "images cannot be read or kept for now");
                Ok(())
            }
        }
    }

    pub(super) async fn put(
        &self,
        organization: OrganizationId,
        size: Size,
        name: &ImageName,
        bytes: Bytes,
    ) -> Result<(), object_store::Error> {
        self.store.put(&self.path(organization, size, name), bytes.into()).await.map(drop)
    }

    pub(super) async fn get(
        &self,
        organization: OrganizationId,
        size: Size,
        name: &ImageName,
    ) -> Result<Bytes, object_store::Error> {
        self.store.get(&self.path(organization, size, name)).await?.bytes().await
    }

    pub(super) async fn delete(
        &self,
        organization: OrganizationId,
        size: Size,
        name: &ImageName,
    ) -> Result<(), object_store::Error> {
        self.store.delete(&self.path(organization, size, name)).await
    }

    /// All sizes of all images, in any order. What lies beside them is passed over.
    pub(super) fn list(&self) -> BoxStream<'_, Result<Stored, object_store::Error>> {
        self.store
            .list(Some(&self.prefix))
            .try_filter_map(|object| std::future::ready(Ok(self.stored(&object))))
            .boxed()
    }

    /// What an object is, where it is an image.
    fn stored(&self, object: &ObjectMeta) -> Option<Stored> {
        let mut parts = object.location.prefix_match(&self.prefix)?;
        let (folder, file) = (parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let organization = folder.as_ref().parse().ok()?;
        let (_, name) = parse_name(file.as_ref())?;
        let modified = OffsetDateTime::from_unix_timestamp(object.last_modified.timestamp()).ok();
        Some(Stored { organization, name, modified })
    }

    /// Made of an id and a checked name alone: nothing that a client says leads elsewhere.
    fn path(&self, organization: OrganizationId, size: Size, name: &ImageName) -> Path {
        self.prefix.clone().join(organization.to_string()).join(format!("{}{name}", size.prefix()))
    }
}

fn folder(folder: &FilePath, url: &str) -> Result<Storage, ImagesError> {
    std::fs::create_dir_all(folder)
        .map_err(|source| ImagesError::Folder { folder: folder.to_owned(), source })?;
    let store = LocalFileSystem::new_with_prefix(folder)
        .map_err(|source| ImagesError::Storage { url: url.to_owned(), source })?
        // An image is on disk before the customer that refers to it is.
        .with_fsync(true);
    Ok(Storage { store: Arc::new(store), prefix: Path::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_schemes_are_refused_by_name() {
        for url in ["ftp://x/y", "https://x", "://"] {
            let error = Storage::open(url).err().unwrap();
            assert!(matches!(error, ImagesError::Scheme(_)), "{error}");
        }
    }

    #[actix_web::test]
    async fn a_folder_keeps_reads_and_forgets() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("new folder");
        let url = format!("file://{}", place.display().to_string().replace(' ', "%20"));
        let storage = Storage::open(&url).unwrap();
        let organization = OrganizationId::new(7).unwrap();
        let name: ImageName = "1_logo.png".parse().unwrap();
        storage.put(organization, Size::Small, &name, Bytes::from_static(b"x")).await.unwrap();
        assert_eq!(std::fs::read(place.join("7/small_1_logo.png")).unwrap(), b"x");
        assert_eq!(storage.get(organization, Size::Small, &name).await.unwrap(), "x");
        assert!(storage.get(organization, Size::Full, &name).await.is_err());
        storage.delete(organization, Size::Small, &name).await.unwrap();
        assert!(storage.get(organization, Size::Small, &name).await.is_err());
    }
}
