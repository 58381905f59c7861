//! Approvals.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{CommandVisitor, Target, Tx, follow_up::PlanFollowUp};
use crate::{
    domain::{
        Change,
        approval::Approval,
        error::DomainError,
        role::Party,
        values::ids::{ApprovalId, Revision},
    },
    json::public::ApprovalRecord,
    store::{Failure, RelatedChange, Session},
};

impl Target for Approval {
    const NOUN: &'static str = "approval";
    const TAG: &'static str = "approvals";

    fn load(session: &mut Session<'_>, id: Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = session.approval(ApprovalId::new(id))?;
        Ok(found.filter(|it| party.may_see(&it.municipality, &it.provider)))
    }

    fn revision(&self) -> Revision {
        self.revision
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<PlanFollowUp>();
    }
}

/// Counts the next yearly review of an approval from a day.
pub(super) fn review(tx: &mut Tx, id: ApprovalId, on: NaiveDate) -> Result<RelatedChange, Failure> {
    let found = tx.session.approval(id)?;
    let approval = found.ok_or_else(|| DomainError::not_found(Approval::NOUN))?;
    let from = approval.revision;
    let Change { value, event } = approval.reviewed(on);
    tx.session.save_approval(&value, Some(from))?;
    Ok(tx.consequence(event, ApprovalRecord::published(&value, tx.now)))
}
