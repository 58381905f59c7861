//! What a demo provider says of itself in a place, once it is under contract there.

use crate::{
    document::public::ApprovalRecord,
    domain::{
        approval::Act,
        ids::DecisionId,
        role::{Caller, ProviderUser},
    },
    store::{Done, Error, Failure},
};

use super::{acts::Stage, files::Place};

impl Stage<'_> {
    /// Lists a provider that has not said anything. Answers false where there is nothing to say.
    pub(super) fn list(
        &self,
        decision: DecisionId,
        place: &Place,
        by: &Caller,
    ) -> Result<bool, Failure> {
        let Some(said) = &place.listing else { return Ok(false) };
        let approval = self.store.read(|session| -> Result<_, Error> {
            match session.decision(decision)?.and_then(|decision| decision.outcome.approval()) {
                Some(id) => session.approval(id),
                None => Ok(None),
            }
        })?;
        let now = self.context.now();
        // What a newcomer has ended meanwhile is left alone.
        let silent = approval.filter(|it| it.listing.is_none() && it.standing.contract().is_some());
        let Some(approval) = silent.filter(|it| it.may(Act::ChangeListing, now).is_ok()) else {
            return Ok(false);
        };
        self.act(by, |session, by: &ProviderUser, now| {
            let from = Some(approval.revision);
            let change = approval.change_listing(said.settle(now)?, by, now)?;
            session.keep_approval(&change.value, from)?;
            let public = ApprovalRecord::published(&change.value, now);
            Ok(Done { event: change.event, public, also: vec![], answer: () })
        })?;
        Ok(true)
    }
}
