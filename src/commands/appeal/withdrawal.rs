//! An appeal is withdrawn.

use super::AppealCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        appeal::AppealCommand,
        error::DomainError,
        role::{CallerIdentity, CaseParty, Role},
        values::time::Instant,
    },
    json::form::Form,
};

/// Withdraw the appeal.
///
/// Before it is decided. The party withdraws its own; for another appellant a case worker records it.
#[derive(Debug, Form)]
pub struct WithdrawAppeal {}

impl Command for WithdrawAppeal {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = CaseParty;
    const ROUTE: Route = Route::change("withdraw", "appealWithdraw", "/appeals/{id}/withdrawal");

    fn action(_: &AppealCase, role: Role) -> Option<&'static str> {
        Some(withdrawal(role).as_str())
    }

    fn guard(case: &AppealCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.may_be_own(caller)?;
        case.appeal.may(withdrawal(caller.role))
    }

    fn run(self, case: AppealCase, by: &CaseParty, tx: &mut Tx) -> Outcome<AppealCase> {
        let now = tx.now;
        case.update(tx, |appeal, _| match by {
            CaseParty::Provider(by) => appeal.withdraw(by, now),
            CaseParty::Municipality(by) => appeal.record_withdrawal(by, now),
        })
    }
}

/// A party withdraws, a case worker records that another has withdrawn.
const fn withdrawal(role: Role) -> AppealCommand {
    if matches!(role, Role::Provider) {
        AppealCommand::Withdraw
    } else {
        AppealCommand::RecordWithdrawal
    }
}
