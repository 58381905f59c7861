//! Trash: files without a row, by the day of their removal. They return if the row reappears, and are deleted
//! 30 days later at the earliest.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};
use object_store::{ObjectStoreExt, path::Path};

use super::{Vault, VaultError, id_of};
use crate::domain::values::{ids::FileId, time::Instant};

/// The folder or prefix.
const TRASH: &str = "trash";
/// Minimum days of a file in the trash.
const KEPT_DAYS: Days = Days::new(30);

/// A file in the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trashed {
    pub id: FileId,
    /// The day on which it was moved there, in UTC.
    pub day: NaiveDate,
}

impl Trashed {
    /// Whether it has lain there long enough to be deleted.
    #[must_use]
    pub fn may_be_deleted(&self, now: Instant) -> bool {
        self.day.checked_add_days(KEPT_DAYS).is_some_and(|last| now.date_naive() > last)
    }
}

impl Vault {
    /// Moves a file to the trash.
    pub async fn discard(&self, id: FileId, now: Instant) -> Result<(), VaultError> {
        let trashed = Trashed { id, day: now.date_naive() };
        match self.objects.rename(&self.key(id), &self.trash_key(&trashed)).await {
            // Another instance was first.
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Restores a file from the trash; returns whether it was there.
    pub async fn restore(&self, id: FileId) -> Result<bool, VaultError> {
        for day in self.trash_days().await?.into_keys().rev() {
            match self.objects.rename(&self.trash_key(&Trashed { id, day }), &self.key(id)).await {
                Ok(()) => {
                    tracing::warn!(%id, %day, "a file of evidence was put back from the trash");
                    return Ok(true);
                }
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(false)
    }

    /// Deletes a file in the trash.
    pub async fn delete_trashed(&self, trashed: &Trashed) -> Result<(), VaultError> {
        match self.objects.delete(&self.trash_key(trashed)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// All files in the trash, the oldest first.
    pub async fn trash(&self) -> Result<Vec<Trashed>, VaultError> {
        let mut all = vec![];
        for (day, folder) in self.trash_days().await? {
            let files = self.objects.list_with_delimiter(Some(&folder)).await?.objects;
            let ids = files.iter().filter_map(|file| id_of(&file.location));
            all.extend(ids.map(|id| Trashed { id, day }));
        }
        Ok(all)
    }

    /// Deletes all files, the trash, the last sweep, and the registry id at last. Returns the number of files.
    pub async fn clear(&self, now: Instant) -> Result<usize, VaultError> {
        // However young they are.
        let later = now + TimeDelta::days(365);
        self.remove_partial_uploads(later).await?;
        let trash = self.trash().await?;
        for trashed in &trash {
            self.delete_trashed(trashed).await?;
        }
        let files = self.stored_before(later).await?;
        for id in &files {
            self.remove(*id).await?;
        }
        self.forget_identity().await?;
        Ok(files.len() + trash.len())
    }

    /// The days of the trash with their folders.
    async fn trash_days(&self) -> Result<BTreeMap<NaiveDate, Path>, VaultError> {
        let trash = self.prefix.clone().join(TRASH);
        let folders = match self.objects.list_with_delimiter(Some(&trash)).await {
            Ok(found) => found.common_prefixes,
            Err(object_store::Error::NotFound { .. }) => vec![],
            Err(error) => return Err(error.into()),
        };
        let days = folders.into_iter().filter_map(|folder| {
            let day = folder.filename()?.parse().ok()?;
            Some((day, folder))
        });
        Ok(days.collect())
    }

    fn trash_key(&self, trashed: &Trashed) -> Path {
        let day = trashed.day.to_string();
        self.prefix.clone().join(TRASH).join(day).join(trashed.id.to_string())
    }
}
