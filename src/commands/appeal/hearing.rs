//! The provider's statement on the appeal of another (forvaltningsloven § 33 third paragraph).

use chrono::NaiveDate;

use super::AppealCase;
use crate::{
    commands::{Command, Outcome, Route, Tx},
    domain::{
        appeal::{AppealCommand, Appellant},
        error::DomainError,
        role::{CallerIdentity, CaseWorker, ProviderUser, Role},
        values::{text::Prose, time::Instant},
    },
    json::form::Form,
};

/// Send the appeal of another to the provider.
///
/// With a deadline for its statement. The appeal is reviewed after that day, or after a final statement
/// (forvaltningsloven § 33).
#[derive(Debug, Form)]
#[form(name = "CounterpartyHearingBody", closed, example({"deadline": "2026-04-28"}))]
pub struct HearCounterparty {
    /// The last day for a statement. One that is no working day moves to the next.
    deadline: NaiveDate,
}

impl Command for HearCounterparty {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::change("hear-counterparty", "appealHearCounterparty", "/appeals/{id}/hearing");

    fn guard(case: &AppealCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.may_be_prepared(AppealCommand::HearCounterparty, caller)
    }

    /// The party's own appeal has no counterparty.
    fn action(case: &AppealCase, _: Role) -> Option<&'static str> {
        is_by_another(case).then_some(Self::ROUTE.action)
    }

    fn run(self, case: AppealCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<AppealCase> {
        let now = tx.now;
        case.prepare(tx, |appeal, against, staff| {
            appeal.hear_counterparty(self.deadline, against.decided_case(), staff, by, now)
        })
    }
}

/// State the provider's view of the appeal of another.
///
/// Up to 20 times, and after the last day too, until the appeal is decided. The municipality waits for the last day,
/// unless one of the statements is `final`.
#[derive(Debug, Form)]
#[form(name = "CounterpartyStatementBody", closed, example({
    "text": "Vi oppfyller kravene og har vist det i søknaden.", "final": true
}))]
pub struct StateAsCounterparty {
    /// The statement.
    text: Prose,
    /// Whether you have nothing to add. Then the municipality need not wait for the last day.
    #[form(default, name = "final")]
    is_final: bool,
}

impl Command for StateAsCounterparty {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = ProviderUser;
    const ROUTE: Route = Route::change("state", "appealState", "/appeals/{id}/statements");

    fn guard(case: &AppealCase, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.appeal.may(AppealCommand::State)
    }

    /// The party's own appeal has no counterparty.
    fn action(case: &AppealCase, _: Role) -> Option<&'static str> {
        is_by_another(case).then_some(Self::ROUTE.action)
    }

    fn run(self, case: AppealCase, by: &ProviderUser, tx: &mut Tx) -> Outcome<AppealCase> {
        let now = tx.now;
        case.update(tx, |appeal, _| appeal.state_as_counterparty(self.text, self.is_final, by, now))
    }
}

fn is_by_another(case: &AppealCase) -> bool {
    matches!(case.appeal.appellant, Appellant::Other { .. })
}
