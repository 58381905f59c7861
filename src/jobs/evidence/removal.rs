//! Removal of everything in an evidence store.

use super::{
    binding::{BindingMismatch, Fit, compare, holdings},
    error::EvidenceJobError,
};
use crate::{domain::values::time::Instant, store::Store, vault::Vault};

/// Deletes all files in the store of a database, with the trash and the registry id, and returns their number.
/// A store that is not bound to the database stays unchanged.
pub async fn remove_all(
    store: &Store,
    vault: &Vault,
    now: Instant,
) -> Result<Result<usize, BindingMismatch>, EvidenceJobError> {
    match compare(store, vault, now).await? {
        Ok(Fit::Bound(_)) => Ok(Ok(vault.clear(now).await?)),
        // An interrupted removal has emptied it.
        Err(BindingMismatch::Emptied(_)) => Ok(Ok(0)),
        Ok(Fit::Bindable(_)) => {
            let holdings = holdings(store, vault, now).await?;
            let is_empty = holdings.files == 0;
            Ok(if is_empty { Ok(0) } else { Err(BindingMismatch::Unknown(holdings)) })
        }
        Err(mismatch) => Ok(Err(mismatch)),
    }
}
