//! The contract of an approval.

use super::{ApprovalAnswer, ApprovalCase, end_with_offering};
use crate::{
    commands::{Command, Outcome, Route, Target, Tx},
    domain::{
        approval::{ApprovalCommand, Contract},
        error::DomainError,
        role::{CallerIdentity, DecisionMaker},
        values::{text::Prose, time::Instant},
    },
    json::{
        form::Form,
        public::{PublicRecord, Tombstone},
    },
    store::CommandOutcome,
};

/// Record the contract.
///
/// From its first day citizens can choose the provider.
#[derive(Debug, Form)]
#[form(name = "ContractBody", closed, example({
    "number": "2026/114", "signedOn": "2026-04-10", "from": "2026-05-01", "to": "2029-04-30"
}))]
pub struct RecordContract {
    /// The contract.
    #[form(flatten)]
    contract: Contract,
}

impl Command for RecordContract {
    type Target = ApprovalCase;
    type Answer = ApprovalAnswer;
    type Role = DecisionMaker;
    const ROUTE: Route =
        Route::change("record-contract", "approvalRecordContract", "/approvals/{id}/contract");

    fn guard(case: &ApprovalCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.approval.may(ApprovalCommand::RecordContract, now)
    }

    fn run(self, case: ApprovalCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<ApprovalAnswer> {
        let outcome = tx.save(case.approval.record_contract(self.contract, by, tx.now)?)?;
        outcome.try_map(|approval| {
            let approval = end_with_offering(tx, &case.offering, approval)?;
            ApprovalCase { approval, ..case }.into_answer(tx)
        })
    }
}

/// Annul a contract.
///
/// Only one recorded by mistake, and only before its first day, when it was not yet open to choice. The
/// approval waits for its contract again. The public record is removed: the change feed has it with `data:
/// null`.
#[derive(Debug, Form)]
#[form(name = "ContractAnnulmentBody", closed, example({
    "reason": "Kontrakten gjelder et annet område og ble ført på feil godkjenning."
}))]
pub struct AnnulContract {
    /// The mistake. It is in the journal, not public.
    reason: Prose,
}

impl Command for AnnulContract {
    type Target = ApprovalCase;
    type Answer = ApprovalAnswer;
    type Role = DecisionMaker;
    const ROUTE: Route = Route::change(
        "annul-contract",
        "approvalAnnulContract",
        "/approvals/{id}/contract-annulment",
    );

    fn guard(case: &ApprovalCase, _: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.approval.may(ApprovalCommand::AnnulContract, now)
    }

    fn run(self, case: ApprovalCase, by: &DecisionMaker, tx: &mut Tx) -> Outcome<ApprovalAnswer> {
        let removed = Tombstone { approval: case.key(), at: tx.now };
        let change = case.approval.clone().annul_contract(&self.reason, by, tx.now)?;
        let outcome = case.save(change, tx)?;
        Ok(match outcome {
            CommandOutcome::Changed(mut done) => {
                done.public = Some(PublicRecord::Removed(removed));
                CommandOutcome::Changed(done)
            }
            unchanged @ CommandOutcome::Unchanged(_) => unchanged,
        })
    }
}
