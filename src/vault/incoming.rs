//! Files on their way in.

use std::fmt;

use aws_lc_rs::digest;
use bytes::Bytes;
use object_store::{ObjectStoreExt, WriteMultipart};

use super::{
    Refused, Vault, VaultError, container,
    content::{DetectedType, Sniffer},
};
use crate::domain::{evidence::MediaType, values::ids::FileId};

/// Properties of the received bytes.
#[derive(Debug)]
pub struct ReceivedBytes {
    /// How many bytes.
    pub bytes: i64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// The detected type.
    pub media_type: MediaType,
}

impl Vault {
    /// Begins to take in a file.
    pub async fn begin(&self, id: FileId) -> Result<Incoming, VaultError> {
        let upload = self.objects.put_multipart(&self.key(id)).await?;
        Ok(Incoming {
            vault: self.clone(),
            id,
            upload: WriteMultipart::new_with_chunk_size(upload, self.chunk),
            digest: digest::Context::new(&digest::SHA256),
            sniffer: Sniffer::default(),
            bytes: 0,
        })
    }
}

/// A file on its way in: written, counted, hashed and looked at, a piece at a time.
pub struct Incoming {
    vault: Vault,
    id: FileId,
    upload: WriteMultipart,
    digest: digest::Context,
    sniffer: Sniffer,
    bytes: u64,
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("id", &self.id)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl Incoming {
    /// Takes the next piece.
    pub async fn write(&mut self, piece: Bytes) -> Result<(), Refused> {
        self.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if self.bytes > self.vault.limits.file {
            return Err(Refused::TooLarge(self.vault.limits.file));
        }
        self.digest.update(&piece);
        self.sniffer.feed(&piece);
        // One part on its way at a time, so that a slow store slows the sender and not the memory.
        self.upload.wait_for_capacity(1).await.map_err(VaultError::from)?;
        self.upload.put(piece);
        Ok(())
    }

    /// Makes the bytes visible and returns their properties.
    pub async fn finish(self) -> Result<ReceivedBytes, Refused> {
        let Self { vault, id, upload, digest, sniffer, bytes } = self;
        let found = match sniffer.found() {
            Ok(found) => found,
            Err(why) => {
                give_up(upload).await;
                return Err(Refused::NotAllowed(why));
            }
        };
        upload.finish().await.map_err(VaultError::from)?;
        let media_type = match found {
            DetectedType::Plainly(media_type) => media_type,
            DetectedType::Container => match container::media_type(&vault, id, bytes).await {
                Ok(media_type) => media_type,
                Err(refused) => {
                    // If this fails, the sweeper removes the file later.
                    if let Err(error) = vault.remove(id).await {
                        tracing::warn!(%error, "rejected bytes are left to the sweep");
                    }
                    return Err(refused);
                }
            },
        };
        let sha256 = hex::encode(digest.finish().as_ref());
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        Ok(ReceivedBytes { bytes, sha256, media_type })
    }

    /// Aborts the upload; nothing is kept.
    pub async fn abort(self) {
        give_up(self.upload).await;
    }
}

async fn give_up(upload: WriteMultipart) {
    if let Err(error) = upload.abort().await {
        tracing::warn!(%error, "a partial upload is left to the sweep");
    }
}
