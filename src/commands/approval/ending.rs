//! How approvals end: revocation after a prior notice, and notice by either side.

use chrono::NaiveDate;

use super::{ApprovalAnswer, ApprovalCase};
use crate::{
    commands::{
        Command, Outcome, Route, Tx,
        decision::{DecisionCase, SignedDecision, application_of, signing_context},
    },
    domain::{
        Change,
        approval::{ApprovalCommand, WindingDown},
        decision::{Reasons, RevocationTerms},
        error::DomainError,
        message::fields,
        prior_notice::Exception,
        role::{CallerIdentity, ContractParty, DecisionMaker, Role},
        rules::{
            ground::{Grounded, RevocationGround},
            notification::Channel,
        },
        validation::ValidationErrors,
        values::{ids::PriorNoticeId, text::Prose, time::Instant},
    },
    json::form::{Form, Object},
};

/// Revoke.
///
/// After a prior notice with a reply or an expired deadline, on grounds in both the notice and the published
/// terms, with a last day of service and a successor.
#[derive(Debug, Form)]
#[form(name = "RevocationBody", closed, check = RevokeApproval::check)]
pub struct RevokeApproval {
    /// The prior notice that the provider was sent. Without one, or an exception, there is no revocation.
    prior_notice_id: Option<PriorNoticeId>,
    /// Why the law excuses the notice here (forvaltningsloven § 16 third paragraph); instead of `priorNoticeId`.
    /// A case worker other than the caller must have proposed it.
    exception: Option<Exception>,
    /// The grounds, at least one; each must be in the notice and in the published terms.
    #[form(min_items = 1, max_items = 20)]
    grounds: Vec<Grounded<RevocationGround>>,
    /// Rules, facts and considerations, all three.
    reasons: Reasons,
    /// Channel of the provider's notification; electronic by default.
    #[form(default)]
    channel: Channel,
    /// Time of effect; by default at once.
    effective_at: Option<Instant>,
    /// How users are taken over. Required where citizens can choose the provider when it takes effect.
    winding_down: Option<WindingDown>,
}

impl RevokeApproval {
    fn check(&self, errors: &mut ValidationErrors) {
        let both = self.prior_notice_id.is_some() && self.exception.is_some();
        let detail = fields::unexpected_notice_and_exception();
        errors.unexpected("/exception", both, detail);
    }

    /// Guards state and impartiality.
    fn may_sign(
        case: &ApprovalCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.approval.may(ApprovalCommand::Revoke, now)?;
        let staff = &case.municipality.settings.own_provider_staff;
        case.approval.impartiality.impartial_to_decide(&caller.actor, staff).map(drop)
    }
}

impl Command for RevokeApproval {
    type Target = ApprovalCase;
    type Answer = SignedDecision;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::create("revoke", "approvalRevoke", "/approvals/{id}/revocation");

    fn guard(
        case: &ApprovalCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        Self::may_sign(case, caller, now)?;
        let settings = &case.municipality.settings;
        let proposed =
            case.approval.proposal.iter().filter_map(|it| it.excuses(&it.exception).ok());
        let heard = case.open_notices.iter().filter_map(|it| it.heard(now).ok());
        let mut obstacle = DomainError::prior_notice_missing();
        for heard in heard.chain(proposed) {
            match case.approval.may_be_signed_on(heard, &caller.actor, settings) {
                Ok(()) => return Ok(()),
                Err(error) => obstacle = error,
            }
        }
        Err(obstacle)
    }

    /// Whether the notice or the proposal that is named carries it is said of that one.
    fn check(
        &self,
        case: &ApprovalCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        Self::may_sign(case, caller, now)
    }

    fn run(self, case: ApprovalCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<SignedDecision> {
        let ApprovalCase { approval, content, municipality, offering, .. } = case;
        let Self { grounds, reasons, channel, .. } = self;
        let notice = match self.prior_notice_id {
            Some(notice) => tx.session.prior_notice(notice)?,
            None => None,
        };
        let notice = notice.filter(|notice| notice.municipality == approval.municipality);
        let proposal = approval.proposal.clone();
        let heard = match (&notice, &self.exception, &proposal) {
            (Some(notice), ..) => notice.heard(tx.now)?,
            (None, Some(exception), Some(proposal)) => proposal.excuses(exception)?,
            (None, Some(_), None) => return Err(DomainError::revocation_unproposed().into()),
            (None, None, _) => return Err(DomainError::prior_notice_missing().into()),
        };
        let terms = RevocationTerms {
            effective_at: self.effective_at.unwrap_or(tx.now),
            winding_down: self.winding_down,
        };
        let context = signing_context(tx, &municipality, channel)?;
        let Change { value: (approval, decision), event } =
            approval.revoke(heard, grounds, reasons, terms, &content, context, by)?;
        // A revocation that was reversed has used the notices before it (forvaltningsloven § 16).
        if let Some(notice) = &notice
            && !tx.session.is_open_case(notice.id.uuid())?
        {
            return Err(DomainError::prior_notice_concluded().into());
        }
        let history = tx.save_signed(&decision, &by.actor)?;
        let outcome = tx.save(Change { value: approval, event })?;
        tx.session.conclude_prior_notices(outcome.answer().id)?;
        outcome.try_map(|approval| {
            let signed = DecisionCase {
                places: tx.session.places(&offering, &content, tx.now)?,
                application: application_of(tx.session, &decision)?,
                approval: Some(approval),
                decision,
                history,
                municipality,
                open_application: None,
                reversed: None,
                now: tx.now,
            };
            Ok(signed.into())
        })
    }
}

/// Give notice.
///
/// By the provider, or by a decision maker of the municipality, with the contractual notice period. Users are
/// served until the last day. It is the ordinary end of a contract, not a revocation; if all who qualify are
/// approved the municipality cannot give it.
#[derive(Debug, Form)]
#[form(name = "TerminationBody", closed, example({"effectiveOn": "2026-09-30"}))]
pub struct TerminateApproval {
    /// The last day of the contract; by default the end of the contractual notice period.
    effective_on: Option<NaiveDate>,
    /// Why: required of the municipality, and only from it; it is public.
    reason: Option<Prose>,
    /// Transfer of the users. Required of the municipality.
    winding_down: Option<WindingDown>,
}

impl Command for TerminateApproval {
    type Target = ApprovalCase;
    type Answer = ApprovalAnswer;
    type Role = ContractParty;
    const ROUTE: Route =
        Route::change("terminate", "approvalTerminate", "/approvals/{id}/termination");

    fn guard(
        case: &ApprovalCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        match caller.role {
            Role::DecisionMaker => case.approval.may_terminate(&case.content, now),
            _ => case.approval.may(ApprovalCommand::Terminate, now),
        }
    }

    fn check_for_role(fields: &Object<'_>, role: Role, errors: &mut ValidationErrors) {
        if role == Role::Provider {
            let detail = fields::unexpected_by_municipality();
            errors.unexpected("/reason", fields.has("reason"), detail);
        } else {
            errors.require("/reason", fields.has("reason").then_some(()));
            errors.require("/windingDown", fields.has("windingDown").then_some(()));
        }
    }

    fn run(self, case: ApprovalCase, by: &ContractParty, tx: &mut Tx) -> Outcome<ApprovalAnswer> {
        let (approval, content) = (case.approval.clone(), &case.content);
        let Self { effective_on, reason, winding_down } = self;
        let now = tx.now;
        let change = match by {
            ContractParty::Provider(by) => {
                approval.terminate_as_provider(effective_on, winding_down, content, by, now)?
            }
            ContractParty::Municipality(by) => {
                let mut errors = ValidationErrors::default();
                let reason = errors.require("/reason", reason);
                let winding_down = errors.require("/windingDown", winding_down);
                let both = errors.finish(reason.zip(winding_down));
                let (reason, winding_down) = both.map_err(DomainError::validation)?;
                approval.terminate_as_municipality(
                    effective_on,
                    reason,
                    winding_down,
                    content,
                    by,
                    now,
                )?
            }
        };
        case.save(change, tx)
    }
}
