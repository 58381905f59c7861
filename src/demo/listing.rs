//! What a demo provider says of itself in a place, once it is under contract there.

use super::{files::DemoApproval, stage::Stage};
use crate::{
    commands::approval::PatchListing,
    domain::{approval::ApprovalCommand, role::CallerIdentity, values::ids::DecisionId},
    store::{Failure, StoreError},
};

impl Stage<'_> {
    /// Lists a provider that has not said anything. Answers false where there is nothing to say.
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
        // What a newcomer has ended meanwhile is left alone.
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
