//! Approvals: contract, listing, impartiality, and how they end.

mod contract;
mod ending;
mod impartiality;
mod listing;
mod proposal;

pub use self::{
    contract::{AnnulContract, RecordContract},
    ending::{RevokeApproval, TerminateApproval},
    impartiality::{
        ChallengeApprovalImpartiality, DeclareApprovalImpartiality, RuleOnApprovalImpartiality,
    },
    listing::{ConfirmListing, PatchListing},
    proposal::ProposeRevocation,
};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Aggregate, CommandVisitor, Outcome, Target, TargetView, Tx, decision, follow_up::PlanFollowUp,
    prior_notice::SendPriorNotice,
};
use crate::{
    domain::{
        Change,
        application::Application,
        approval::{Approval, ApprovalStatus},
        error::{DomainError, Noun},
        municipality::Municipality,
        offering::{Ending, Offering, content::OfferingContent},
        prior_notice::PriorNotice,
        role::Party,
        values::ids::{ApprovalId, OfferingId, Revision},
    },
    json::public::{ApprovalRecord, ApprovalView, PublicRecord},
    store::{Failure, corrupt},
};

/// An approval with the data that its guards need.
#[derive(Debug)]
pub struct ApprovalCase {
    /// The approval.
    pub approval: Approval,
    /// The offering that it is for.
    pub offering: Offering,
    /// The governing version.
    pub content: OfferingContent,
    /// The granting municipality.
    pub municipality: Municipality,
    /// Prior notices that may still carry a revocation.
    pub open_notices: Vec<PriorNotice>,
}

impl Target for ApprovalCase {
    type Key = Uuid;
    const NOUN: Noun = Noun::Approval;
    const TAG: &'static str = "approvals";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.approval(ApprovalId::new(*id))?;
        let own = found.filter(|it| party.may_see(&it.municipality, &it.provider));
        let Some(approval) = own else { return Ok(None) };
        let found = tx.session.offering(approval.offering)?;
        let (offering, _) = found.ok_or_else(|| corrupt("approval", approval.id))?;
        let content = tx.session.content(offering.id, approval.version)?;
        let municipality = decision::municipality(tx.session, &approval.municipality)?;
        let open_notices = open_notices(tx, approval.id)?;
        Ok(Some(Self { approval, offering, content, municipality, open_notices }))
    }

    fn key(&self) -> Uuid {
        self.approval.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.approval.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<RecordContract>();
        visitor.visit::<AnnulContract>();
        visitor.visit::<RevokeApproval>();
        visitor.visit::<ProposeRevocation>();
        visitor.visit::<TerminateApproval>();
        visitor.visit::<SendPriorNotice>();
        visitor.visit::<PlanFollowUp>();
        visitor.visit::<PatchListing>();
        visitor.visit::<ConfirmListing>();
        visitor.visit::<DeclareApprovalImpartiality>();
        visitor.visit::<ChallengeApprovalImpartiality>();
        visitor.visit::<RuleOnApprovalImpartiality>();
    }
}

impl Aggregate for Approval {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_approval(self, from)
    }

    /// The evidence of the application is renewed as long as the approval is in effect.
    fn add_consequences(change: &Change<Self>, tx: &mut Tx) -> Result<(), Failure> {
        let approval = &change.value;
        let found = tx.session.application(approval.application)?;
        let application = found.ok_or_else(|| corrupt("approval", approval.id))?;
        Ok(tx.session.save_approved_agenda(&application, &approval.lifecycle)?)
    }

    fn public(&self, tx: &mut Tx) -> Result<Option<PublicRecord>, Failure> {
        Ok(ApprovalRecord::published(self, tx.now))
    }
}

/// The public view of an approval.
type ApprovalAnswer = TargetView<ApprovalCase, ApprovalView>;

impl ApprovalCase {
    /// Saves the changed approval, and answers with its public view.
    fn save(self, change: Change<Approval>, tx: &mut Tx) -> Outcome<ApprovalAnswer> {
        tx.save(change)?.try_map(|approval| Self { approval, ..self }.into_answer(tx))
    }

    fn into_answer(self, tx: &mut Tx) -> Result<ApprovalAnswer, Failure> {
        let Approval { id, revision, .. } = self.approval;
        let view = tx.session.approval_view(&self.approval, tx.now)?;
        Ok(TargetView { target: self, view, revision, path: format!("approvals/{id}") })
    }
}

fn open_notices(tx: &mut Tx, approval: ApprovalId) -> Result<Vec<PriorNotice>, Failure> {
    let mut open = vec![];
    for notice in tx.session.prior_notices_of(approval)? {
        if notice.closure.is_none() && tx.session.is_open_case(notice.id.uuid())? {
            open.push(notice);
        }
    }
    Ok(open)
}

/// Counts the next yearly review of an approval from a day.
pub(super) fn record_review(tx: &mut Tx, id: ApprovalId, on: NaiveDate) -> Result<(), Failure> {
    let found = tx.session.approval(id)?;
    let approval = found.ok_or_else(|| DomainError::not_found(ApprovalCase::NOUN))?;
    let from = approval.revision;
    tx.save_related(approval.reviewed(on), Some(from))?;
    Ok(())
}

/// Saves an approval that a decision on an application gives. It waits for its contract, so the public does not
/// see it.
pub fn insert(
    tx: &mut Tx,
    offering: &Offering,
    application: &Application,
    approval: Approval,
) -> Result<(), Failure> {
    tx.session.save_approval(&approval, None)?;
    let approval = end_with_offering(tx, offering, approval)?;
    Ok(tx.session.save_approved_agenda(application, &approval.lifecycle)?)
}

/// Ends an approval with its offering, if the end of the offering was announced before the approval was
/// granted, restored or put under contract. Call it after the approval is saved.
pub fn end_with_offering(
    tx: &mut Tx,
    offering: &Offering,
    approval: Approval,
) -> Result<Approval, Failure> {
    match offering.lifecycle.ending() {
        Some(ending) if approval.lifecycle.offering_end().is_none() => end(tx, approval, ending),
        _ => Ok(approval),
    }
}

/// Ends every approval of an offering on the day on which it ends. As long as one cannot be ended so, none is.
///
/// # Errors
/// A failing database.
pub fn end_approvals(tx: &mut Tx, offering: OfferingId, ending: &Ending) -> Result<(), Failure> {
    for approval in tx.session.approvals_of(offering)? {
        // A revoked one may be restored on appeal: it ends with the offering too.
        let status = approval.lifecycle.status_at(tx.now);
        if !matches!(status, ApprovalStatus::Ended | ApprovalStatus::Expired) {
            end(tx, approval, ending)?;
        }
    }
    Ok(())
}

fn end(tx: &mut Tx, approval: Approval, ending: &Ending) -> Result<Approval, Failure> {
    let from = approval.revision;
    let change = approval.offering_ends(ending.on, ending.winding_down.clone())?;
    tx.save_related(change, Some(from))
}
