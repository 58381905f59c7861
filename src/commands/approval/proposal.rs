//! A revocation without a prior notice is proposed by one person before another signs.

use super::{ApprovalCase, impartiality::save};
use crate::{
    commands::{Command, Outcome, Route, TargetView, Tx},
    domain::{
        approval::{Approval, ApprovalCommand, RevocationProposal},
        error::{DomainError, Noun},
        prior_notice::Exception,
        role::{CallerIdentity, CaseWorker},
        values::time::Instant,
    },
    json::{decision::GroundToRevoke, form::Form},
};

/// Propose a revocation without a prior notice.
///
/// If the law excuses the notice (forvaltningsloven § 16 third paragraph). Another person signs the revocation.
/// A later proposal replaces an earlier one; the provider does not see it.
#[derive(Debug, Form)]
#[form(name = "RevocationProposalBody", closed, example({
    "exception": {"kind": "not-possible", "reasons": "Brukerne er uten hjelp i dag."},
    "grounds": [{"ground": "terms-breach", "facts": "Ingen vakter har møtt siden fredag."}]
}))]
pub struct ProposeRevocation {
    /// Why the law excuses the notice.
    exception: Exception,
    /// The grounds, each with facts; at least one.
    #[form(min_items = 1, max_items = 20)]
    grounds: Vec<GroundToRevoke>,
}

impl Command for ProposeRevocation {
    type Target = ApprovalCase;
    type Answer = TargetView<ApprovalCase, RevocationProposal>;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change(
        "propose-revocation",
        "approvalProposeRevocation",
        "/approvals/{id}/revocation-proposal",
    );

    fn guard(
        case: &ApprovalCase,
        caller: &CallerIdentity,
        now: Instant,
    ) -> Result<(), DomainError> {
        case.approval.may(ApprovalCommand::ProposeRevocation, now)?;
        let staff = &case.municipality.settings.own_provider_staff;
        case.approval.impartiality.impartial(&caller.actor, staff).map(drop)
    }

    fn run(self, case: ApprovalCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<Self::Answer> {
        let handled = case.approval.handled(by, &case.municipality.settings)?;
        let Self { exception, grounds } = self;
        let change =
            Approval::propose_revocation(handled, exception, grounds, &case.content, tx.now)?;
        let proposal = change.value.proposal.clone();
        let proposal = proposal.ok_or_else(|| DomainError::not_found(Noun::Approval))?;
        save(case, change, proposal, tx)
    }
}
