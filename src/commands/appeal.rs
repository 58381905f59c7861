//! Appeals: corrected, admitted, reviewed and sent on by the lower body; withdrawn; costs.

mod costs;
mod hearing;
mod outcome;
mod receipt;
mod withdrawal;

pub use self::{
    costs::{ClaimCosts, DecideCosts},
    hearing::{HearCounterparty, StateAsCounterparty},
    outcome::{DecideAppeal, DismissAppeal},
    receipt::{AppellantKind, CreateAppeal},
    withdrawal::WithdrawAppeal,
};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    Aggregate, Command, CommandVisitor, Outcome, Resource, Route, Target, Tx,
    decision::{self, DecisionCase},
    load,
};
use crate::{
    domain::{
        Change,
        appeal::{
            Appeal, AppealCommand, AppealEnding, AppealedCase, Appellant, Excuse, LateGround,
        },
        decision::{Decision, costs::ChangedDecision},
        error::{DomainError, Noun},
        message::fields,
        role::{CallerIdentity, CaseParty, CaseWorker, Party, Role},
        rules::impartiality::Staff,
        validation::ValidationErrors,
        values::{
            ids::{AppealId, Revision},
            text::{Line, Prose},
            time::Instant,
        },
    },
    json::form::{ConvertedForm, Form},
    store::Failure,
};

/// An appeal with the data that its guards need.
#[derive(Debug)]
pub struct AppealCase {
    /// The appeal.
    pub appeal: Appeal,
    /// The decision that it is against.
    pub against: DecisionCase,
    /// The decision on the appeal, and when its time limits began.
    outcome: Option<(Decision, Option<NaiveDate>)>,
}

impl AppealCase {
    /// Loads the data beside an appeal.
    ///
    /// # Errors
    /// A failing database.
    pub fn of(tx: &mut Tx, appeal: Appeal) -> Result<Self, Failure> {
        let party = Party::Municipality(appeal.municipality.clone());
        let against = load::<DecisionCase>(tx, &appeal.decision.uuid(), &party)?;
        let outcome =
            appeal.outcome().map(|id| tx.session.decision_with_history(id)).transpose()?.flatten();
        let outcome = outcome.map(|(decision, history)| {
            let arrived_on = history.course.notification.starts_on();
            (decision, arrived_on)
        });
        Ok(Self { appeal, against, outcome })
    }

    /// An appeal that was just received.
    const fn received(appeal: Appeal, against: DecisionCase) -> Self {
        Self { appeal, against, outcome: None }
    }

    /// The decision on the appeal.
    fn ending(&self) -> Option<AppealEnding<'_>> {
        let (decision, arrived_on) = self.outcome.as_ref()?;
        Some(AppealEnding { decision, arrived_on: *arrived_on })
    }

    /// The decision that was appealed against and the one that changed it.
    fn changed(&self) -> Result<ChangedDecision<'_>, DomainError> {
        let (new, _) =
            self.outcome.as_ref().ok_or_else(|| DomainError::not_found(Noun::Decision))?;
        let DecisionCase { decision: first, history, .. } = &self.against;
        Ok(ChangedDecision { first, history, new, case: self.against.decided_case() })
    }

    /// Guards a command of the party: the appeal of another appellant is not its own.
    fn may_be_own(&self, caller: &CallerIdentity) -> Result<(), DomainError> {
        if caller.role == Role::Provider && self.appeal.appellant != Appellant::Party {
            return Err(DomainError::not_found(Self::NOUN));
        }
        Ok(())
    }

    /// Guards a command of a case worker.
    fn may_be_prepared(
        &self,
        command: AppealCommand,
        caller: &CallerIdentity,
    ) -> Result<(), DomainError> {
        let staff = &self.against.municipality.settings.own_provider_staff;
        self.appeal.may_be_prepared(command, self.against.decided_case(), staff, &caller.actor)
    }

    fn about(&self) -> AppealedCase<'_> {
        let DecisionCase { decision, history, .. } = &self.against;
        AppealedCase { decision, history, case: self.against.decided_case() }
    }

    /// Changes and saves the appeal.
    fn update(
        self,
        tx: &mut Tx,
        change: impl FnOnce(Appeal, &DecisionCase) -> Result<Change<Appeal>, DomainError>,
    ) -> Outcome<Self> {
        let Change { value, event } = change(self.appeal, &self.against)?;
        tx.save(Change { value: Self { appeal: value, ..self }, event })
    }

    /// Changes and saves the appeal as a case worker who must be impartial.
    fn prepare(
        self,
        tx: &mut Tx,
        change: impl FnOnce(Appeal, &DecisionCase, &Staff) -> Result<Change<Appeal>, DomainError>,
    ) -> Outcome<Self> {
        self.update(tx, |appeal, against| {
            change(appeal, against, &against.municipality.settings.own_provider_staff)
        })
    }
}

impl Target for AppealCase {
    type Key = Uuid;
    const NOUN: Noun = Noun::Appeal;
    const TAG: &'static str = "appeals";

    fn load(tx: &mut Tx, id: &Uuid, party: &Party) -> Result<Option<Self>, Failure> {
        let found = tx.session.appeal(AppealId::new(*id))?;
        let own = found.filter(|it| party.may_see(&it.municipality, &it.provider));
        own.map(|appeal| Self::of(tx, appeal)).transpose()
    }

    fn key(&self) -> Uuid {
        self.appeal.id.uuid()
    }

    fn revision(&self) -> Option<Revision> {
        Some(self.appeal.revision)
    }

    fn commands(visitor: &mut impl CommandVisitor<Self>) {
        visitor.visit::<AskToCorrectAppeal>();
        visitor.visit::<CorrectAppeal>();
        visitor.visit::<AdmitAppeal>();
        visitor.visit::<HearCounterparty>();
        visitor.visit::<StateAsCounterparty>();
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
}

impl Aggregate for AppealCase {
    fn save(&self, tx: &mut Tx, from: Option<Revision>) -> Result<(), Failure> {
        self.appeal.save(tx, from)
    }

    /// A closed appeal is noted in the history of its decision; with the last one a suspended effect ends.
    fn add_consequences(change: &Change<Self>, tx: &mut Tx) -> Result<(), Failure> {
        let Self { appeal, against, .. } = &change.value;
        if let Some(event) = appeal.appellant_informed(change.event.kind) {
            tx.relate(event, None);
        }
        if appeal.state.is_open() || appeal.outcome().is_some() {
            return Ok(());
        }
        let from = against.history.revision;
        let closed = against.history.clone().record_closed_appeal(appeal.id, tx.now);
        tx.session.save_history(&closed.value, Some(from))?;
        tx.relate(closed.event, None);
        if closed.value.open_appeals().next().is_none() {
            decision::end_suspension(tx, &against.decision)?;
        }
        Ok(())
    }
}

impl Resource for AppealCase {
    const COLLECTION: &'static str = "appeals";
}

impl ConvertedForm for AppealCase {
    type Fields = Appeal;

    fn to_fields(&self) -> Appeal {
        self.appeal.clone()
    }
}

/// Ask the appellant to correct the appeal.
///
/// If the wanted change or the signature is missing (forvaltningsloven § 32).
#[derive(Debug, Form)]
#[form(name = "AppealCorrectionRequestBody", closed, example({"deadline": "2026-04-14"}))]
pub struct AskToCorrectAppeal {
    /// The last day to correct it. One that is no working day moves to the next.
    deadline: NaiveDate,
}

impl Command for AskToCorrectAppeal {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = CaseWorker;
    const ROUTE: Route =
        Route::change("ask-to-mend", "appealAskToMend", "/appeals/{id}/mending-request");

    fn guard(case: &AppealCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.may_be_prepared(AppealCommand::RequestCorrection, caller)
    }

    fn run(self, case: AppealCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<AppealCase> {
        let now = tx.now;
        case.prepare(tx, |appeal, against, staff| {
            appeal.ask_to_correct(self.deadline, against.decided_case(), staff, by, now)
        })
    }
}

/// Correct the appeal.
///
/// By the party that appealed, or by a case worker with the content of a letter.
#[derive(Debug, Form)]
#[form(name = "AppealCorrectionBody", closed, example({
    "wantedChange": "Søknaden innvilges.", "signedBy": "Ola Eksempel"
}))]
pub struct CorrectAppeal {
    /// The change that is wanted.
    wanted_change: Prose,
    /// The signer.
    signed_by: Line,
}

impl Command for CorrectAppeal {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = CaseParty;
    const ROUTE: Route = Route::change("mend", "appealMend", "/appeals/{id}/mending");

    fn guard(case: &AppealCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.may_be_own(caller)?;
        case.appeal.may(AppealCommand::Correct)
    }

    /// The party cannot correct what another wrote.
    fn action(case: &AppealCase, role: Role) -> Option<&'static str> {
        let is_own = role != Role::Provider || case.appeal.appellant == Appellant::Party;
        is_own.then_some(Self::ROUTE.action)
    }

    fn run(self, case: AppealCase, by: &CaseParty, tx: &mut Tx) -> Outcome<AppealCase> {
        case.update(tx, |appeal, _| appeal.correct(self.wanted_change, self.signed_by, by))
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
    /// Ground to admit a late appeal; only for a late one.
    late_ground: Option<LateGround>,
    /// Reasons for the ground; only with `lateGround`.
    reasons: Option<Prose>,
}

impl AdmitAppeal {
    fn check(&self, errors: &mut ValidationErrors) {
        match (&self.late_ground, &self.reasons) {
            (None, reasons) => {
                let detail = fields::unexpected_late_reasons();
                errors.unexpected("/reasons", reasons.is_some(), detail);
            }
            (Some(_), reasons) => {
                errors.require("/reasons", reasons.as_ref());
            }
        }
    }
}

impl Command for AdmitAppeal {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change("admit", "appealAdmit", "/appeals/{id}/admission");

    fn guard(case: &AppealCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.may_be_prepared(AppealCommand::Admit, caller)?;
        case.appeal.may_be_admitted(&case.against.decision)
    }

    fn run(self, case: AppealCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<AppealCase> {
        let excuse = self.late_ground.zip(self.reasons);
        let excuse = excuse.map(|(ground, reasons)| Excuse { ground, reasons });
        let now = tx.now;
        case.prepare(tx, |appeal, against, staff| {
            appeal.admit(excuse, (&against.decision, against.decided_case()), staff, by, now)
        })
    }
}

/// Record the lower body's findings.
///
/// It investigates the appeal (forvaltningsloven § 33).
#[derive(Debug, Form)]
#[form(name = "ReviewBody", closed, example({
    "findings": "Planen er gjennomgått på nytt; den mangler varslingsliste."
}))]
pub struct ReviewAppeal {
    /// The investigation and its findings.
    findings: Prose,
}

impl Command for ReviewAppeal {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change("review", "appealReview", "/appeals/{id}/review");

    fn guard(case: &AppealCase, caller: &CallerIdentity, now: Instant) -> Result<(), DomainError> {
        case.may_be_prepared(AppealCommand::Review, caller)?;
        case.appeal.counterparty_heard(now)
    }

    fn run(self, case: AppealCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<AppealCase> {
        let now = tx.now;
        case.prepare(tx, |appeal, against, staff| {
            appeal.review(self.findings, against.decided_case(), staff, by, now)
        })
    }
}

/// Send the appeal on to the appeal body.
///
/// With the lower body's statement, of which the party gets a copy (forvaltningsloven § 33).
#[derive(Debug, Form)]
#[form(name = "ForwardingBody", closed, example({"statement": "Kommunedirektøren fastholder vedtaket."}))]
pub struct ForwardAppeal {
    /// The lower body's statement to the appeal body; the party gets a copy.
    statement: Prose,
}

impl Command for ForwardAppeal {
    type Target = AppealCase;
    type Answer = AppealCase;
    type Role = CaseWorker;
    const ROUTE: Route = Route::change("forward", "appealForward", "/appeals/{id}/forwarding");

    fn guard(case: &AppealCase, caller: &CallerIdentity, _: Instant) -> Result<(), DomainError> {
        case.may_be_prepared(AppealCommand::Forward, caller)
    }

    fn run(self, case: AppealCase, by: &CaseWorker, tx: &mut Tx) -> Outcome<AppealCase> {
        let now = tx.now;
        case.prepare(tx, |appeal, against, staff| {
            appeal.forward(self.statement, against.decided_case(), staff, by, now)
        })
    }
}
