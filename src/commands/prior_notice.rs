//! Prior notices: the municipality warns, the provider replies, and a case is closed without a decision.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Aggregate, Command, CommandVisitor, Outcome, Resource, Route, Target, Tx,
    approval::ApprovalCase, follow_up::FollowUpCase, load,
};
use crate::{
    domain::{
        approval::ApprovalCommand,
        error::{DomainError, Noun},
        prior_notice::{PriorNotice, Warning},
        role::{CallerIdentity, CaseWorker, Party, ProviderUser},
        values::{
            ids::{FollowUpId, PriorNoticeId, Revision},
            text::Prose,
            time::Instant,
        },
    },
    json::{decision::GroundToRevoke, form::Form},
    store::Failure,
};

impl Target for PriorNotice {
    type Key = Uuid;
    const NOUN: Noun = Noun::PriorNotice;
    const TAG: &'static str = "approvals";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.prior_notice(PriorNoticeId::new(*id))?;
        Ok(found.filter(|it| party.may_see(&it.municipality, &it.provider)))
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<ReplyToPriorNotice>();
        visitor.visit::<ClosePriorNotice>();
    }
}

impl Aggregate for PriorNotice {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_prior_notice(self, from)
    }
}

impl Resource for PriorNotice {
    const COLLECTION: &'static str = "prior-notices";
}

/// Send a prior notice.
///
/// On grounds that the published terms list (forvaltningsloven § 16). It is available to the provider at once;
/// the time to reply begins when notice of it is sent.
#[derive(Debug, Form)]
#[form(name = "PriorNoticeBody", closed, example({
    "grounds": [{"ground": "terms-breach", "facts": "Tre avvik på oppmøte i april, skriftlig påpekt."}],
    "replyBy": "2026-04-02"
}))]
pub struct SendPriorNotice {
    /// The grounds, each with facts; at least one.
    #[form(min_items = 1, max_items = 20)]
    grounds: Vec<GroundToRevoke>,
    /// The last day to reply. One that is no working day moves to the next.
    reply_by: NaiveDate,
    /// The follow-up that it builds on. `supervisory-breach` and `bankruptcy` need one.
    follow_up_id: Option<FollowUpId>,
}

impl Command for SendPriorNotice {
    type Target = ApprovalCase;
    type Answer = PriorNotice;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::create("send-prior-notice", "priorNoticeSend", "/approvals/{id}/prior-notices");

    fn guard(
        case: &ApprovalCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.approval.may(ApprovalCommand::SendPriorNotice, now)?;
        let staff = &case.municipality.settings.own_provider_staff;
        case.approval.impartiality.impartial(&caller.actor, staff).map(drop)
    }

    fn run(self, case: ApprovalCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<PriorNotice> {
        let Self { grounds, reply_by, follow_up_id } = self;
        let ApprovalCase { approval, content, municipality, .. } = case;
        let party = Party::Municipality(approval.municipality.clone());
        let founded_on =
            follow_up_id.map(|id| load::<FollowUpCase>(tx, &id.uuid(), &party)).transpose()?;
        let warning =
            Warning { grounds, reply_by, founded_on: founded_on.as_ref().map(|it| &it.follow_up) };
        let handled = approval.handled(by, &municipality.settings)?;
        tx.insert(PriorNotice::send(tx.new_id(), handled, warning, &content, tx.now)?)
    }
}

/// Reply to a prior notice.
///
/// Up to 20 times, and after the last day too, as long as the notice is not closed. The municipality waits for the last day to
/// reply, unless one of the replies is `final`.
#[derive(Debug, Form)]
#[form(name = "ReplyBody", closed, example({
    "text": "Avvikene er rettet, se vedlagt plan.", "final": true
}))]
pub struct ReplyToPriorNotice {
    /// The reply.
    text: Prose,
    /// Whether you have nothing to add. Then the case can be decided before the last day to reply.
    #[form(default, name = "final")]
    is_final: bool,
}

impl Command for ReplyToPriorNotice {
    type Target = PriorNotice;
    type Answer = PriorNotice;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change("reply", "priorNoticeReply", "/prior-notices/{id}/reply");

    fn guard(notice: &PriorNotice, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        notice.may_reply()
    }

    fn run(self, notice: PriorNotice, by: &ProviderUser, tx: &mut Tx) -> Outcome<PriorNotice> {
        tx.save(notice.answer(self.text, self.is_final, by, tx.now)?)
    }
}

/// Close the case without a decision.
///
/// The provider is notified that the notice has no consequence (lov 20. juni 2025 nr. 81 § 58 fourth paragraph).
/// A closed notice is no proof for a revocation.
#[derive(Debug, Form)]
#[form(name = "PriorNoticeClosureBody", closed, example({"reason": "Avvikene er rettet i tide."}))]
pub struct ClosePriorNotice {
    /// Why it has no consequence; the provider gets the reason.
    reason: Prose,
}

impl Command for ClosePriorNotice {
    type Target = PriorNotice;
    type Answer = PriorNotice;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change("close", "priorNoticeClose", "/prior-notices/{id}/closure");

    fn guard(notice: &PriorNotice, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        notice.may_close()
    }

    fn run(self, notice: PriorNotice, by: &CaseWorker, tx: &mut Tx) -> Outcome<PriorNotice> {
        tx.save(notice.close(self.reason, by, tx.now)?)
    }
}
