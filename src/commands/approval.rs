//! Approvals.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Aggregate, CommandVisitor, Target, Tx, follow_up::PlanFollowUp, prior_notice::SendPriorNotice,
};
use crate::{
    domain::{
        approval::{Approval, ApprovalStatus},
        error::DomainError,
        offering::Ending,
        role::Party,
        values::ids::{ApprovalId, OfferingId, Revision},
    },
    json::public::{ApprovalRecord, PublicRecord},
    store::{Failure, corrupt},
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
        visitor.visit::<SendPriorNotice>();
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

/// Ends an approval that was given, given back or put under contract after the end of its offering was announced,
/// like those that were there before. Nothing where no end is announced. Call it once the approval is saved.
pub fn end_with_offering(tx: &mut Tx, approval: &Approval) -> Result<(), Failure> {
    let found = tx.session.offering(approval.offering)?;
    let (offering, _) = found.ok_or_else(|| corrupt("approval", approval.id))?;
    match offering.lifecycle.ending() {
        Some(ending) if approval.lifecycle.offering_end().is_none() => {
            end(tx, approval.clone(), ending)
        }
        _ => Ok(()),
    }
}

/// Ends every approval of an offering on the day on which it ends. As long as one cannot be ended so, none is.
pub fn end_approvals(tx: &mut Tx, offering: OfferingId, ending: &Ending) -> Result<(), Failure> {
    for approval in tx.session.approvals_of(offering)? {
        // One that is revoked may come back on appeal: it ends with the offering too.
        let status = approval.lifecycle.status_at(tx.now);
        if !matches!(status, ApprovalStatus::Ended | ApprovalStatus::Expired) {
            end(tx, approval, ending)?;
        }
    }
    Ok(())
}

fn end(tx: &mut Tx, approval: Approval, ending: &Ending) -> Result<(), Failure> {
    let from = approval.revision;
    tx.save_related(approval.offering_ends(ending.on, ending.winding_down.clone())?, Some(from))?;
    Ok(())
}
