//! Vault: the bytes of files of evidence, in a directory or an S3-compatible store.
//!
//! Bytes are stored under the id of their file, never under a name. They are written first and become visible
//! as a whole; the row in the database follows. A crash in between leaves bytes without a row, which go to the
//! trash.

pub mod container;
pub mod content;
mod error;
pub mod identity;
pub mod incoming;
pub(crate) mod reasons;
mod s3;
pub mod scanner;
pub mod trash;

use std::{collections::BTreeSet, ops::Range, path::PathBuf, sync::Arc};

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::stream::BoxStream;
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path};

pub use self::{
    error::{Refused, VaultError},
    s3::S3,
};
use self::{s3::LOCAL_CHUNK, scanner::Scanner};
use crate::domain::{
    evidence::{CaseLimit, ProviderLimit},
    values::{
        ids::{FileId, Id},
        time::Instant,
    },
};

/// Maximum sizes in bytes, and the retention time of unused files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadLimits {
    /// Of one file.
    pub file: u64,
    /// Of all files of one case.
    pub case: CaseLimit,
    /// Of all files of one provider.
    pub provider: ProviderLimit,
    /// Retention time of an unused file.
    pub unused: TimeDelta,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self {
            file: 25 << 20,
            case: CaseLimit(250 << 20),
            provider: ProviderLimit(1 << 30),
            unused: TimeDelta::days(90),
        }
    }
}

/// The bytes of all files.
#[derive(Debug, Clone)]
pub struct Vault {
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
    /// The directory, where it is one.
    directory: Option<PathBuf>,
    chunk: usize,
    /// How much is taken in.
    pub limits: UploadLimits,
    /// The virus scanner.
    pub scanner: Option<Scanner>,
}

impl Vault {
    /// Opens `file:path` or `s3://bucket/prefix`.
    pub fn open(
        address: &str,
        s3: &S3,
        limits: UploadLimits,
        scanner: Option<Scanner>,
    ) -> Result<Self, VaultError> {
        if let Some(path) = directory(address) {
            std::fs::create_dir_all(&path)
                .map_err(|error| VaultError::Unavailable(format!("{}: {error}", path.display())))?;
            // A file that was accepted survives a power cut, as its row does.
            let objects = LocalFileSystem::new_with_prefix(&path)?.with_fsync(true);
            let (objects, directory) = (Arc::new(objects), Some(path));
            let prefix = Path::default();
            return Ok(Self { objects, prefix, directory, chunk: LOCAL_CHUNK, limits, scanner });
        }
        let Some(place) = address.strip_prefix("s3://") else {
            let detail = "the address must begin with file: or s3://";
            return Err(VaultError::Unavailable(detail.to_owned()));
        };
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let objects = s3::open(bucket, s3)?;
        let prefix = Path::from(prefix);
        Ok(Self { objects, prefix, directory: None, chunk: s3::chunk(), limits, scanner })
    }

    fn key(&self, id: FileId) -> Path {
        self.prefix.clone().join(id.to_string())
    }

    /// The bytes of a file, as a stream. A file in the trash is restored first.
    pub async fn read(
        &self,
        id: FileId,
    ) -> Result<BoxStream<'static, Result<Bytes, object_store::Error>>, VaultError> {
        let key = self.key(id);
        let found = match self.objects.get(&key).await {
            Err(object_store::Error::NotFound { .. }) => {
                self.restore(id).await?;
                self.objects.get(&key).await
            }
            found => found,
        };
        match found {
            Ok(found) => Ok(found.into_stream()),
            Err(object_store::Error::NotFound { .. }) => Err(VaultError::Missing(id)),
            Err(error) => Err(error.into()),
        }
    }

    /// Some bytes of a file.
    pub async fn read_part(&self, id: FileId, part: Range<u64>) -> Result<Bytes, VaultError> {
        Ok(self.objects.get_range(&self.key(id), part).await?)
    }

    /// Deletes bytes; missing ones are no error.
    pub async fn remove(&self, id: FileId) -> Result<(), VaultError> {
        match self.objects.delete(&self.key(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The ids of all files that were written before an instant, without those in the trash.
    pub async fn stored_before(&self, instant: Instant) -> Result<BTreeSet<FileId>, VaultError> {
        let all = self.objects.list_with_delimiter(Some(&self.prefix)).await?.objects;
        let old = all.iter().filter(|object| object.last_modified < instant);
        Ok(old.filter_map(|object| id_of(&object.location)).collect())
    }

    /// Deletes the remains of interrupted uploads in the directory, unchanged since an instant; returns their
    /// number. In an S3-compatible store a rule of the bucket does that.
    pub async fn remove_partial_uploads(&self, before: Instant) -> Result<usize, VaultError> {
        let Some(directory) = self.directory.clone() else { return Ok(0) };
        let work = move || -> std::io::Result<usize> {
            let mut removed = 0;
            for entry in std::fs::read_dir(directory)? {
                let entry = entry?;
                let name = entry.file_name();
                // The library stages an upload as its key, `#` and a number, and never lists it.
                let half = name.to_str().and_then(|name| name.split_once('#'));
                let ours = half.is_some_and(|(id, _)| uuid::Uuid::parse_str(id).is_ok());
                if ours && Instant::from(entry.metadata()?.modified()?) < before {
                    std::fs::remove_file(entry.path())?;
                    removed += 1;
                }
            }
            Ok(removed)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done.map_err(|error| VaultError::Unavailable(error.to_string())),
            Err(error) => Err(VaultError::Unavailable(error.to_string())),
        }
    }
}

/// The directory that an address names, where it names one.
pub fn directory(address: &str) -> Option<PathBuf> {
    let path = address.strip_prefix("file:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

/// The id of the file at a location; `None` for other objects.
fn id_of(location: &Path) -> Option<FileId> {
    let name = location.filename()?;
    uuid::Uuid::parse_str(name).ok().map(Id::new)
}
