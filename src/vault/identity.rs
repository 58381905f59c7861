//! Identity of a store: its registry id, and that registry's position at the last sweep. Both are objects in
//! the store itself.

use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{Vault, VaultError};

/// The object with the registry id.
const OWNER: &str = "registry.json";
/// The object with the last sweep.
const SWEPT: &str = "swept.json";

#[derive(Serialize, Deserialize)]
struct Owner {
    registry: Uuid,
}

/// Where the journal ended when the store was swept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepMark {
    /// The position of the last row.
    pub position: i64,
    /// The hash of that row, in hexadecimal.
    pub hash: String,
}

impl Vault {
    /// The id of the registry that the store belongs to.
    pub async fn owner(&self) -> Result<Option<Uuid>, VaultError> {
        Ok(self.object::<Owner>(OWNER).await?.map(|owner| owner.registry))
    }

    /// Writes the registry id into a store that has none; returns the id that it has.
    pub async fn claim(&self, registry: Uuid) -> Result<Uuid, VaultError> {
        match self.put(OWNER, &Owner { registry }, PutMode::Create).await {
            Ok(()) => Ok(registry),
            Err(object_store::Error::AlreadyExists { .. }) => {
                let gone = || VaultError::Unavailable(format!("{OWNER} exists and cannot be read"));
                self.owner().await?.ok_or_else(gone)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Writes another registry id into the store.
    pub async fn set_owner(&self, registry: Uuid) -> Result<(), VaultError> {
        Ok(self.put(OWNER, &Owner { registry }, PutMode::Overwrite).await?)
    }

    /// Where the journal ended at the last sweep.
    pub async fn last_sweep(&self) -> Result<Option<SweepMark>, VaultError> {
        self.object(SWEPT).await
    }

    /// Remembers where the journal ended at a sweep.
    pub async fn set_last_sweep(&self, mark: &SweepMark) -> Result<(), VaultError> {
        Ok(self.put(SWEPT, mark, PutMode::Overwrite).await?)
    }

    /// Deletes the last sweep and the registry id.
    pub(super) async fn forget_identity(&self) -> Result<(), VaultError> {
        for name in [SWEPT, OWNER] {
            match self.objects.delete(&self.prefix.clone().join(name)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn object<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, VaultError> {
        let found = match self.objects.get(&self.prefix.clone().join(name)).await {
            Ok(found) => found.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let read = serde_json::from_slice(&found);
        read.map(Some).map_err(|error| VaultError::Unavailable(format!("{name}: {error}")))
    }

    async fn put(
        &self,
        name: &str,
        value: &impl Serialize,
        mode: PutMode,
    ) -> Result<(), object_store::Error> {
        let bytes = serde_json::to_vec(value).unwrap_or_default();
        let (key, options) = (self.prefix.clone().join(name), PutOptions::from(mode));
        self.objects.put_opts(&key, PutPayload::from(bytes), options).await.map(drop)
    }
}
