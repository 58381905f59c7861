//! A demo provider's way from application to contract: whatever comes next, until nothing does.

use chrono::{Days, NaiveDate};

use super::{
    files::{DemoApproval, DemoProvider},
    stage::{Stage, unfit},
};
use crate::{
    commands::{approval::RecordContract, decision::DecideApplication},
    domain::{
        Change,
        application::{
            Application, ApplicationState, Case, CriterionAnswer, CriterionOutcome, Evidence,
            guard::CaseContext,
        },
        approval::{ApprovalLifecycle, Contract},
        error::DomainError,
        municipality::{Contact, Municipality},
        offering::{Offering, content::OfferingContent, intake::Places},
        role::{CallerIdentity, CaseHandler, CaseWorker, FromCaller, Party, ProviderUser, Role},
        rules::impartiality::{ImpartialityAnswer, ImpartialityFinding, Staff},
        values::{
            ids::DecisionId,
            text::{Code, Line, Note, Prose},
            time::{Instant, day_of},
        },
    },
    store::{Done, Failure, StoreError},
};

/// How old the demo's evidence is.
const AGE: Days = Days::new(30);

/// Who takes part in a case.
struct Parties {
    provider: CallerIdentity,
    case_worker: CallerIdentity,
    decision_maker: CallerIdentity,
}

/// What an application is measured by.
struct Measure {
    municipality: Municipality,
    offering: Offering,
    content: OfferingContent,
    places: Places,
}

impl Measure {
    const fn context(&self, now: Instant) -> CaseContext<'_> {
        let Self { municipality, content, places, .. } = self;
        CaseContext { municipality, content, places, now }
    }
}

impl Stage<'_> {
    /// Takes a provider to a recorded contract.
    pub(super) fn approve(&self, demo: &DemoProvider, place: &DemoApproval) -> Result<(), Failure> {
        let organisation = &place.at.organisation;
        let parties = Parties {
            provider: self.caller(Role::Provider, &demo.number)?,
            case_worker: self.caller(Role::CaseWorker, organisation)?,
            decision_maker: self.caller(Role::DecisionMaker, organisation)?,
        };
        let measure = self.measure(place)?;
        while self.next(demo, place, &measure, &parties)? {}
        Ok(())
    }

    fn measure(&self, place: &DemoApproval) -> Result<Measure, Failure> {
        self.store.read(|session| {
            let nothing = || DomainError::not_found("offering");
            let (offering, _) =
                session.offering_of(&place.at.number, &place.service)?.ok_or_else(nothing)?;
            let now = self.context.now();
            let version = offering.open(now)?.version;
            let content = session.content(offering.id, version, self.catalogue)?;
            let places = session.places(&offering, &content, self.catalogue, now)?;
            let municipality = session.municipality(&offering.municipality)?.ok_or_else(nothing)?;
            Ok(Measure { municipality, offering, content, places })
        })
    }

    /// Does the next act of the case. Answers false when there is none.
    fn next(
        &self,
        demo: &DemoProvider,
        place: &DemoApproval,
        measure: &Measure,
        parties: &Parties,
    ) -> Result<bool, Failure> {
        // Its first application for the offering; whatever came later is not the demo's.
        let party = Party::Provider(demo.number.clone());
        let own = self.store.read(|session| session.applications(&party, None, None, 200))?;
        let first = own.into_iter().find(|application| application.offering == measure.offering.id);
        let Some(application) = first else {
            tracing::info!(provider = %demo.number, municipality = %measure.offering.municipality,
                "demo: applying");
            self.execute(&parties.provider, |session, by: &ProviderUser, now| {
                let open = measure.offering.open(now)?;
                let Change { value, event } = Application::draft(self.context.id(), open, by);
                session.save_application(&value, None)?;
                Ok(Done { event, public: None, related: vec![], answer: () })
            })?;
            return Ok(true);
        };
        match application.state.clone() {
            ApplicationState::Draft => {
                self.fill_in(application, demo, measure, &parties.provider)?;
            }
            ApplicationState::Submitted(case) => {
                self.start(application, &case, measure, &parties.case_worker)?;
            }
            ApplicationState::UnderAssessment(case) => {
                self.assess(application, &case, measure, &parties.case_worker)?;
            }
            ApplicationState::Ready(case) => {
                self.decide(application, &case, &parties.decision_maker)?;
            }
            ApplicationState::Approved(..) if !self.ago.is_zero() => return Ok(false),
            ApplicationState::Approved(_, decision) => {
                return Ok(self.contract(decision, &parties.decision_maker)?
                    || self.list(decision, place, &parties.provider)?);
            }
            ApplicationState::AwaitingCompletion(_)
            | ApplicationState::Refused(..)
            | ApplicationState::Dismissed(..)
            | ApplicationState::Withdrawn(_) => return Ok(false),
        }
        Ok(true)
    }

    fn fill_in(
        &self,
        application: Application,
        demo: &DemoProvider,
        measure: &Measure,
        by: &CallerIdentity,
    ) -> Result<(), Failure> {
        let content = &measure.content;
        let dossier = &application.dossier;
        if dossier.contact.is_none() {
            let contact = Contact {
                name: by.actor.name.clone(),
                email: demo.profile.notification_address.clone(),
                phone: None,
            };
            let zones = content.zones().iter().map(|zone| zone.code.clone()).collect();
            return self.step(by, application, |application, by: &ProviderUser, _| {
                application.change_draft(Some(contact), zones, None, content, by)
            });
        }
        let unanswered = content.criteria().iter().find(|c| !dossier.answers.contains_key(&c.code));
        if let Some(criterion) = unanswered {
            let text = Prose::parse("Oppfylt (demo).").map_err(unfit)?;
            let answer = CriterionAnswer { declared_met: true, text: Some(text) };
            return self.step(by, application, |application, by: &ProviderUser, _| {
                application.answer(criterion.code.clone(), answer, content, by)
            });
        }
        if let Some((criterion, kind)) = lacking(&application, content) {
            return self.step(by, application, |application, by: &ProviderUser, now| {
                let evidence = Evidence {
                    id: self.context.id(),
                    criterion,
                    kind,
                    title: Line::parse("Dokumentasjon (demo)").map_err(unfit)?,
                    issued_on: some_time_ago(now),
                    expires_on: None,
                    document: None,
                    shown: None,
                };
                application.attach(evidence, content, by, now)
            });
        }
        self.execute(by, |session, by: &ProviderUser, now| {
            let from = Some(application.revision);
            let reference = session.next_reference(&application.municipality, now)?;
            let offering = &measure.offering;
            let admission = session.admission(offering, content, &application, now)?;
            let change =
                application.submit(offering.open(now)?, content, admission, reference, by)?;
            session.save_application(&change.value, from)?;
            Ok(Done { event: change.event, public: None, related: vec![], answer: () })
        })
    }

    fn start(
        &self,
        application: Application,
        case: &Case,
        measure: &Measure,
        by: &CallerIdentity,
    ) -> Result<(), Failure> {
        if !has_declared(case, by) {
            return self.declare(application, by);
        }
        self.step(by, application, |application, by: &CaseWorker, now| {
            application.start_assessment(by, measure.context(now))
        })
    }

    fn assess(
        &self,
        application: Application,
        case: &Case,
        measure: &Measure,
        by: &CallerIdentity,
    ) -> Result<(), Failure> {
        let open = case.open_lines(&measure.content).into_iter().next();
        let criterion = open.ok_or_else(|| DomainError::not_found("criterion"))?;
        let note = Note::parse("Dokumentasjonen er sett (demo).").map_err(unfit)?;
        self.step(by, application, |application, by: &CaseWorker, now| {
            application.assess(criterion, CriterionOutcome::Met, note, by, measure.context(now))
        })
    }

    fn decide(
        &self,
        application: Application,
        case: &Case,
        by: &CallerIdentity,
    ) -> Result<(), Failure> {
        if !has_declared(case, by) {
            return self.declare(application, by);
        }
        self.run(DecideApplication::approve(), &application.id.uuid(), by).map(drop)
    }

    /// Records the contract of an approval that has none. Answers false when it has.
    fn contract(&self, decision: DecisionId, by: &CallerIdentity) -> Result<bool, Failure> {
        let approval = self.store.read(|session| -> Result<_, StoreError> {
            match session.decision(decision)?.and_then(|decision| decision.outcome.approval()) {
                Some(id) => session.approval(id),
                None => Ok(None),
            }
        })?;
        let Some(approval) = approval.filter(|a| matches!(a.lifecycle, ApprovalLifecycle::Granted))
        else {
            return Ok(false);
        };
        let today = day_of(self.context.now() - self.ago);
        let number = Line::parse(&format!("Demo {}", approval.provider)).map_err(unfit)?;
        let contract = Contract { number, signed_on: today, from: today, to: None };
        self.run(RecordContract { contract }, &approval.id.uuid(), by)?;
        Ok(true)
    }

    fn declare(&self, application: Application, by: &CallerIdentity) -> Result<(), Failure> {
        self.step(by, application, |application, by: &CaseHandler, now| {
            let input = ImpartialityAnswer::Own(ImpartialityFinding::Able(None));
            application.declare_impartiality(input, None, &Staff::new(), by, now)
        })
    }

    /// One transition of an application.
    fn step<R: FromCaller>(
        &self,
        by: &CallerIdentity,
        application: Application,
        transition: impl FnOnce(Application, &R, Instant) -> Result<Change<Application>, DomainError>,
    ) -> Result<(), Failure> {
        let from = Some(application.revision);
        self.execute(by, |session, role: &R, now| {
            let change = transition(application, role, now)?;
            session.save_application(&change.value, from)?;
            Ok(Done { event: change.event, public: None, related: vec![], answer: () })
        })
    }
}

fn has_declared(case: &Case, by: &CallerIdentity) -> bool {
    case.impartiality.impartial(&by.actor, &Staff::new()).is_ok()
}

/// The first evidence that is asked for and not there, with its criterion.
fn lacking(application: &Application, content: &OfferingContent) -> Option<(Code, Code)> {
    let there = |criterion: &Code, kind: &Code| {
        application.dossier.evidence.iter().any(|e| e.criterion == *criterion && e.kind == *kind)
    };
    content
        .criteria()
        .iter()
        .flat_map(|c| c.evidence.iter().map(|rule| (c.code.clone(), rule.kind.clone())))
        .find(|(criterion, kind)| !there(criterion, kind))
}

fn some_time_ago(now: Instant) -> NaiveDate {
    let today = day_of(now);
    today.checked_sub_days(AGE).unwrap_or(today)
}
