//! Approvals.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Aggregate, CommandVisitor, Target, Tx, follow_up::PlanFollowUp};
use crate::{
    domain::{
        approval::Approval,
        error::DomainError,
        role::Party,
        values::ids::{ApprovalId, Revision},
    },
    json::public::{ApprovalRecord, PublicRecord},
    store::Failure,
};

impl Target for Approval {
    type Key = Uuid;
    const NOUN: &'static str = "approval";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.approval(ApprovalId::new(*id))?;
        Ok(found.filter(|it| party.may_see(&it.municipality, &it.provider)))
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<PlanFollowUp>();
    }
}

impl Aggregate for Approval {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_approval(self, from)
    }

    fn public(&self, tx: &mut Tx) -> Result<Option<PublicRecord>, Failure> {
        Ok(ApprovalRecord::published(self, tx.now))
    }
}

/// Counts the next yearly review of an approval from a day.
pub(super) fn record_review(tx: &mut Tx, id: ApprovalId, on: NaiveDate) -> Result<(), Failure> {
    let found = tx.session.approval(id)?;
    let approval = found.ok_or_else(|| DomainError::not_found(Approval::NOUN))?;
    let from = approval.revision;
    tx.save_related(approval.reviewed(on), Some(from))?;
    Ok(())
}
