//! Appeals: corrected, admitted, reviewed and sent on by the lower body; withdrawn; costs.

mod costs;
mod outcome;
mod receipt;

pub use self::{
    costs::{ClaimCosts, DecideCosts},
    outcome::{DecideAppeal, DismissAppeal},
    receipt::{AppellantKind, CreateAppeal},
};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Aggregate, Answer, Command, CommandVisitor, Outcome, Route, Target, Tx, decision};
use crate::{
    domain::{
        Change,
        appeal::{Appeal, AppealCommand, Appellant, Excuse, LateGround},
        application::Application,
        decision::{Decision, history::DecisionHistory},
        error::DomainError,
        role::{CallerIdentity, CaseParty, CaseWorker, Party, Role},
        rules::impartiality::Staff,
        validation::ValidationErrors,
        values::{
            ids::{AppealId, Revision},
            text::{Line, Prose},
            time::Instant,
        },
    },
    json::form::Form,
    store::Failure,
};

impl Target for Appeal {
    type Key = Uuid;
    const NOUN: &'static str = "appeal";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.appeal(AppealId::new(*id))?;
        Ok(found.filter(|it| party.may_see(&it.municipality, &it.provider)))
    }

    fn key(&self) -> Uuid {
        self.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<AskToCorrectAppeal>();
        visitor.visit::<CorrectAppeal>();
        visitor.visit::<AdmitAppeal>();
        visitor.visit::<ReviewAppeal>();
        visitor.visit::<ForwardAppeal>();
        visitor.visit::<DismissAppeal>();
        visitor.visit::<DecideAppeal>();
        visitor.visit::<WithdrawAppeal>();
        visitor.visit::<ClaimCosts>();
        visitor.visit::<DecideCosts>();
    }
}

impl Aggregate for Appeal {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        tx.session.save_appeal(self, from)
    }

    /// A closed appeal is noted in the history of its decision; with the last one a suspended effect ends.
    fn add_consequences(change: &Change<Self>, tx: &mut Tx) -> Result<(), Failure> {
        let appeal = &change.value;
        if appeal.state.is_open() || appeal.outcome().is_some() {
            return Ok(());
        }
        let party = Party::Municipality(appeal.municipality.clone());
        let (decision, history) = decision::load(tx.session, appeal.decision, &party)?;
        let from = history.revision;
        let closed = history.record_closed_appeal(appeal.id, tx.now);
        tx.session.save_history(&closed.value, Some(from))?;
        tx.relate(closed.event, None);
        if closed.value.open_appeals().next().is_none() {
            decision::end_suspension(tx, &decision)?;
        }
        Ok(())
    }
}

impl Answer for Appeal {
    type Target = Self;

    fn target(&self) -> &Self {
        self
    }

    fn revision(&self) -> Revision {
        self.revision
    }

    fn path(&self) -> String {
        format!("appeals/{}", self.id)
    }
}

/// What an appeal is about: the decision, its history, and the application behind it.
struct AppealCase {
    decision: Decision,
    history: DecisionHistory,
    application: Application,
}

impl AppealCase {
    fn load(tx: &mut Tx, appeal: &Appeal) -> Result<Self, Failure> {
        let party = Party::Municipality(appeal.municipality.clone());
        let (decision, history) = decision::load(tx.session, appeal.decision, &party)?;
        let application = decision::application_of(tx.session, &decision)?;
        Ok(Self { decision, history, application })
    }

    /// Who works in the municipality's own provider.
    fn staff(&self, tx: &mut Tx) -> Result<Staff, Failure> {
        let municipality = decision::municipality(tx.session, &self.application.municipality)?;
        Ok(municipality.settings.own_provider_staff)
    }
}

/// Ask the appellant to correct the appeal.
///
/// When it does not say which change is wanted, or is not signed (forvaltningsloven § 32).
#[derive(Debug, Form)]
#[form(name = "MendingRequestBody", closed, example({"deadline": "2026-04-14"}))]
pub struct AskToCorrectAppeal {
    /// The last day to correct it. One that is no working day moves to the next.
    deadline: NaiveDate,
}

impl Command for AskToCorrectAppeal {
    type Target = Appeal;
    type Answer = Appeal;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::change("ask-to-mend", "appealAskToMend", "/appeals/{id}/mending-request");
    const TAG: &'static str = "appeals";

    fn guard(appeal: &Appeal, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        appeal.may(AppealCommand::AskToMend)
    }

    fn run(self, appeal: Appeal, by: &CaseWorker, tx: &mut Tx) -> Outcome<Appeal> {
        let case = AppealCase::load(tx, &appeal)?;
        let staff = case.staff(tx)?;
        tx.save(appeal.ask_to_correct(self.deadline, &case.application, &staff, by, tx.now)?)
    }
}

/// Correct the appeal.
///
/// By the party that appealed, or by a case worker with what came in a letter.
#[derive(Debug, Form)]
#[form(name = "MendingBody", closed, example({
    "wantedChange": "Søknaden innvilges.", "signedBy": "Ola Eksempel"
}))]
pub struct CorrectAppeal {
    /// The change that is wanted.
    wanted_change: Prose,
    /// Who signs it.
    signed_by: Line,
}

impl Command for CorrectAppeal {
    type Target = Appeal;
    type Answer = Appeal;
    type Role = CaseParty;
    const ROUTE: Route = Route::change("mend", "appealMend", "/appeals/{id}/mending");
    const TAG: &'static str = "appeals";

    fn guard(appeal: &Appeal, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        appeal.may(AppealCommand::Mend)
    }

    /// The party cannot correct what another wrote.
    fn action(appeal: &Appeal, role: Role) -> Option<&'static str> {
        let is_own = role != Role::Provider || appeal.appellant == Appellant::Party;
        is_own.then_some(Self::ROUTE.action)
    }

    fn run(self, appeal: Appeal, by: &CaseParty, tx: &mut Tx) -> Outcome<Appeal> {
        tx.save(appeal.correct(self.wanted_change, self.signed_by, by)?)
    }
}

/// Take the appeal.
///
/// A late one only on a ground of forvaltningsloven § 31, with reasons, and never after a year.
#[derive(Debug, Form)]
#[form(name = "AdmissionBody", closed, check = AdmitAppeal::check, example({
    "lateGround": "no-blame", "reasons": "Varselet gikk til en adresse som kommunen hadde feil."
}))]
pub struct AdmitAppeal {
    /// Why a late appeal is taken; for a late one alone.
    late_ground: Option<LateGround>,
    /// Why the ground holds; with `lateGround` alone.
    reasons: Option<Prose>,
}

impl AdmitAppeal {
    fn check(&self, errors: &mut ValidationErrors) {
        match (&self.late_ground, &self.reasons) {
            (None, reasons) => {
                let detail =
                    "Reasons belong to the ground of a late appeal: name it, or leave them out.";
                errors.unexpected("/reasons", reasons.is_some(), detail);
            }
            (Some(_), reasons) => {
                errors.require("/reasons", reasons.as_ref());
            }
        }
    }
}

impl Command for AdmitAppeal {
    type Target = Appeal;
    type Answer = Appeal;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change("admit", "appealAdmit", "/appeals/{id}/admission");
    const TAG: &'static str = "appeals";

    fn guard(appeal: &Appeal, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        appeal.may(AppealCommand::Admit)
    }

    fn run(self, appeal: Appeal, by: &CaseWorker, tx: &mut Tx) -> Outcome<Appeal> {
        let case = AppealCase::load(tx, &appeal)?;
        let staff = case.staff(tx)?;
        let excuse = self.late_ground.zip(self.reasons);
        let excuse = excuse.map(|(ground, reasons)| Excuse { ground, reasons });
        tx.save(appeal.admit(excuse, (&case.decision, &case.application), &staff, by, tx.now)?)
    }
}

/// Record what the lower body found.
///
/// It investigates what the appeal says (forvaltningsloven § 33).
#[derive(Debug, Form)]
#[form(name = "ReviewBody", closed, example({
    "findings": "Planen er gjennomgått på nytt; den mangler varslingsliste."
}))]
pub struct ReviewAppeal {
    /// What was looked into and found.
    findings: Prose,
}

impl Command for ReviewAppeal {
    type Target = Appeal;
    type Answer = Appeal;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change("review", "appealReview", "/appeals/{id}/review");
    const TAG: &'static str = "appeals";

    fn guard(appeal: &Appeal, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        appeal.may(AppealCommand::Review)
    }

    fn run(self, appeal: Appeal, by: &CaseWorker, tx: &mut Tx) -> Outcome<Appeal> {
        let case = AppealCase::load(tx, &appeal)?;
        let staff = case.staff(tx)?;
        tx.save(appeal.review(self.findings, &case.application, &staff, by, tx.now)?)
    }
}

/// Send the appeal on to the appeal body.
///
/// With the lower body's statement, of which the party gets a copy (forvaltningsloven § 33).
#[derive(Debug, Form)]
#[form(name = "ForwardingBody", closed, example({"statement": "Kommunedirektøren fastholder vedtaket."}))]
pub struct ForwardAppeal {
    /// What the lower body says to the appeal body; the party gets a copy.
    statement: Prose,
}

impl Command for ForwardAppeal {
    type Target = Appeal;
    type Answer = Appeal;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change("forward", "appealForward", "/appeals/{id}/forwarding");
    const TAG: &'static str = "appeals";

    fn guard(appeal: &Appeal, _: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        appeal.may(AppealCommand::Forward)
    }

    fn run(self, appeal: Appeal, by: &CaseWorker, tx: &mut Tx) -> Outcome<Appeal> {
        let case = AppealCase::load(tx, &appeal)?;
        let staff = case.staff(tx)?;
        let address = decision::address_of(tx.session, &case.decision)?;
        tx.save(appeal.forward(self.statement, address, &case.application, &staff, by, tx.now)?)
    }
}

/// Withdraw the appeal.
///
/// While nobody has decided it. The party withdraws its own; for another appellant a case worker records it.
#[derive(Debug, Form)]
pub struct WithdrawAppeal {}

impl Command for WithdrawAppeal {
    type Target = Appeal;
    type Answer = Appeal;
    type Role = CaseParty;
    const ROUTE: Route = Route::change("withdraw", "appealWithdraw", "/appeals/{id}/withdrawal");
    const TAG: &'static str = "appeals";

    fn action(_: &Appeal, role: Role) -> Option<&'static str> {
        Some(withdrawal(role).as_str())
    }

    fn guard(appeal: &Appeal, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        appeal.may(withdrawal(caller.role))
    }

    fn run(self, appeal: Appeal, by: &CaseParty, tx: &mut Tx) -> Outcome<Appeal> {
        tx.save(match by {
            CaseParty::Provider(by) => appeal.withdraw(by, tx.now)?,
            CaseParty::Municipality(by) => appeal.record_withdrawal(by, tx.now)?,
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
