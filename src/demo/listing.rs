//! A demo provider's listing, once it is under contract.

use super::{files::DemoApproval, stage::Stage};
use crate::{
    commands::approval::PatchListing,
    domain::{approval::ApprovalCommand, role::CallerIdentity, values::ids::DecisionId},
    store::{Failure, StoreError},
};

impl Stage<'_> {
    /// Creates the listing of a provider without one. Returns false if there is nothing to do.
    pub(super) fn list(
        &self,
        decision: DecisionId,
        place: &DemoApproval,
        by: &CallerIdentity,
    ) -> Result<bool, Failure> {
        let Some(value) = &place.listing else { return Ok(false) };
        let approval = self.store.read(|session| -> Result<_, StoreError> {
            match session.decision(decision)?.and_then(|decision| decision.outcome.approval()) {
                Some(id) => session.approval(id),
                None => Ok(None),
            }
        })?;
        let now = self.context.now();
        // An approval ended by a user is left unchanged.
        let silent =
            approval.filter(|it| it.listing.is_none() && it.lifecycle.contract().is_some());
        let Some(approval) =
            silent.filter(|it| it.may(ApprovalCommand::ChangeListing, now).is_ok())
        else {
            return Ok(false);
        };
        self.send::<PatchListing>(value.clone(), &[], &approval.id.uuid(), by)?;
        Ok(true)
    }
}
