//! S3-compatible stores; only with the feature `s3`.

use std::sync::Arc;

use object_store::ObjectStore;
#[cfg(feature = "s3")]
use secrecy::ExposeSecret;
use secrecy::SecretString;

use super::error::VaultError;

/// How much is written to a directory at a time.
pub(super) const LOCAL_CHUNK: usize = 256 * 1024;

/// The least that S3 takes as a part of a larger object.
#[cfg(feature = "s3")]
const S3_CHUNK: usize = 5 * 1024 * 1024;

/// Address and credentials of an S3-compatible store; missing ones come from its defaults.
#[derive(Debug, Clone, Default)]
pub struct S3 {
    /// The address of the store.
    pub endpoint: Option<String>,
    pub region: Option<String>,
    /// Key and secret.
    pub key: Option<(String, SecretString)>,
}

#[cfg(feature = "s3")]
pub(super) fn open(bucket: &str, s3: &S3) -> Result<Arc<dyn ObjectStore>, VaultError> {
    let mut builder = object_store::aws::AmazonS3Builder::new().with_bucket_name(bucket);
    if let Some(endpoint) = &s3.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http:"));
    }
    if let Some(region) = &s3.region {
        builder = builder.with_region(region);
    }
    if let Some((id, secret)) = &s3.key {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret.expose_secret());
    }
    Ok(Arc::new(builder.build()?))
}

#[cfg(feature = "s3")]
pub(super) const fn chunk() -> usize {
    S3_CHUNK
}

#[cfg(not(feature = "s3"))]
pub(super) fn open(_: &str, _: &S3) -> Result<Arc<dyn ObjectStore>, VaultError> {
    let detail = "this binary was built without S3: build it with --features s3";
    Err(VaultError::Unavailable(detail.to_owned()))
}

#[cfg(not(feature = "s3"))]
pub(super) const fn chunk() -> usize {
    LOCAL_CHUNK
}
