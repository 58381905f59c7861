//! A demo provider's steps from application to contract, one by one.

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::{
    files::{DemoApproval, DemoProvider},
    stage::Stage,
};
use crate::{
    commands::{
        NoKey,
        application::{
            AnswerCriterion, AssessCriterion, AttachEvidence, ChangeDraft, CreateApplication,
            DeclareImpartiality, StartAssessment, SubmitApplication,
        },
        approval::RecordContract,
        decision::DecideApplication,
    },
    domain::{
        application::{Application, ApplicationState, Case},
        error::{DomainError, Noun},
        offering::{Offering, Open, content::OfferingContent},
        role::{CallerIdentity, Party, Role},
        rules::impartiality::Staff,
        values::{
            ids::DecisionId,
            text::Code,
            time::{Instant, day_of},
        },
    },
    store::{Failure, PartyList, StoreError},
};

/// How old the demo's evidence is.
const AGE: Days = Days::new(30);

/// Participants of a case.
struct Parties {
    provider: CallerIdentity,
    case_worker: CallerIdentity,
    decision_maker: CallerIdentity,
}

/// The offering that is applied for, and its content in force.
struct Measure {
    offering: Offering,
    content: OfferingContent,
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
        let Some(measure) = self.measure(place)? else { return Ok(()) };
        while self.next(demo, place, &measure, &parties)? {}
        Ok(())
    }

    /// None for an offering that takes nothing new any more.
    fn measure(&self, place: &DemoApproval) -> Result<Option<Measure>, Failure> {
        self.store.read(|session| {
            let nothing = || DomainError::not_found(Noun::Offering);
            let (offering, _) =
                session.offering_of(&place.at.number, &place.service)?.ok_or_else(nothing)?;
            let now = self.context.now();
            let Ok(Open { version, .. }) = offering.open(now) else { return Ok(None) };
            let content = session.content(offering.id, version)?;
            Ok(Some(Measure { offering, content }))
        })
    }

    /// Runs the next command of the case. Answers false when there is none.
    fn next(
        &self,
        demo: &DemoProvider,
        place: &DemoApproval,
        measure: &Measure,
        parties: &Parties,
    ) -> Result<bool, Failure> {
        let Some(application) = self.first_application(demo, &measure.offering)? else {
            self.apply(&measure.offering, &parties.provider)?;
            return Ok(true);
        };
        match &application.state {
            ApplicationState::Draft => {
                self.fill_in(&application, (demo, place), measure, &parties.provider)?;
            }
            ApplicationState::Submitted(case) => {
                self.start(&application, case, &parties.case_worker)?;
            }
            ApplicationState::UnderAssessment(case) => {
                self.assess(&application, case, measure, &parties.case_worker)?;
            }
            ApplicationState::Ready(case) => {
                self.decide(&application, case, &parties.decision_maker)?;
            }
            ApplicationState::Approved(..) if !self.ago.is_zero() => return Ok(false),
            ApplicationState::Approved(_, decision) => {
                return Ok(self.contract(*decision, &parties.decision_maker)?
                    || self.list(*decision, place, &parties.provider)?);
            }
            ApplicationState::AwaitingCompletion(_)
            | ApplicationState::Refused(..)
            | ApplicationState::Dismissed(..)
            | ApplicationState::Withdrawn(_) => return Ok(false),
        }
        Ok(true)
    }

    /// A provider's first application for an offering; later ones do not belong to the demo.
    fn first_application(
        &self,
        demo: &DemoProvider,
        to: &Offering,
    ) -> Result<Option<Application>, StoreError> {
        let party = Party::Provider(demo.number.clone());
        let list = PartyList { party: &party, state: None, after: None, limit: 200 };
        let own = self.store.read(|session| session.applications(&list))?;
        Ok(own.into_iter().find(|application| application.offering == to.id))
    }

    fn apply(&self, to: &Offering, by: &CallerIdentity) -> Result<(), Failure> {
        tracing::info!(provider = %by.organisation, municipality = %to.municipality, "demo: applying");
        let body = json!({"offeringId": to.id.to_string()});
        self.send::<CreateApplication>(body, &[], &NoKey, by).map(drop)
    }

    fn fill_in(
        &self,
        application: &Application,
        (demo, place): (&DemoProvider, &DemoApproval),
        measure: &Measure,
        by: &CallerIdentity,
    ) -> Result<(), Failure> {
        let content = &measure.content;
        let dossier = &application.dossier;
        let id = application.id.uuid();
        if dossier.contact.is_none() {
            let all = || content.zones().iter().map(|zone| zone.code.to_string()).collect();
            let zones: Vec<_> = place.zones.clone().unwrap_or_else(all);
            let email = demo.profile.get("notificationAddress");
            let contact = json!({"name": by.actor.name.as_str(), "email": email});
            let body = json!({"contact": contact, "zones": zones});
            return self.send::<ChangeDraft>(body, &[], &id, by).map(drop);
        }
        let unanswered = content.criteria().iter().find(|c| !dossier.answers.contains_key(&c.code));
        if let Some(criterion) = unanswered {
            let body = json!({"declaredMet": true, "text": "Oppfylt (demo)."});
            let path = [("criterion", &criterion.code)];
            return self.send::<AnswerCriterion>(body, &path, &id, by).map(drop);
        }
        if let Some((criterion, kind)) = lacking(application, content) {
            let body = json!({
                "criterion": criterion.as_str(), "kind": kind.as_str(),
                "title": "Dokumentasjon (demo)",
                "issuedOn": some_time_ago(self.context.now() - self.ago),
            });
            return self.send::<AttachEvidence>(body, &[], &id, by).map(drop);
        }
        self.send::<SubmitApplication>(json!({}), &[], &id, by).map(drop)
    }

    fn start(
        &self,
        application: &Application,
        case: &Case,
        by: &CallerIdentity,
    ) -> Result<(), Failure> {
        if !has_declared(case, by) {
            return self.declare(application, by);
        }
        self.send::<StartAssessment>(json!({}), &[], &application.id.uuid(), by).map(drop)
    }

    fn assess(
        &self,
        application: &Application,
        case: &Case,
        measure: &Measure,
        by: &CallerIdentity,
    ) -> Result<(), Failure> {
        let open = case.open_lines(&measure.content).into_iter().next();
        let criterion = open.ok_or_else(|| DomainError::not_found(Noun::Criterion))?;
        let body = json!({"outcome": "met", "note": "Dokumentasjonen er sett (demo)."});
        let path = [("criterion", &criterion)];
        self.send::<AssessCriterion>(body, &path, &application.id.uuid(), by).map(drop)
    }

    fn decide(
        &self,
        application: &Application,
        case: &Case,
        by: &CallerIdentity,
    ) -> Result<(), Failure> {
        if !has_declared(case, by) {
            return self.declare(application, by);
        }
        let body = json!({"outcome": "approve", "reasons": {
            "rules": "De kunngjorte kravene i tilbudet (demo).",
            "facts": "Leverandøren har dokumentert at den oppfyller hvert krav (demo).",
            "considerations": "Alle som oppfyller kravene, blir godkjent (demo)."
        }});
        self.send::<DecideApplication>(body, &[], &application.id.uuid(), by).map(drop)
    }

    /// Records the contract of an approval that has none. Answers false when it has.
    fn contract(&self, decision: DecisionId, by: &CallerIdentity) -> Result<bool, Failure> {
        let approval = self.store.read(|session| -> Result<_, StoreError> {
            match session.decision(decision)?.and_then(|decision| decision.outcome.approval()) {
                Some(id) => session.approval(id),
                None => Ok(None),
            }
        })?;
        let Some(approval) = approval.filter(|it| it.lifecycle.awaits_contract()) else {
            return Ok(false);
        };
        let today = day_of(self.context.now() - self.ago);
        let number = format!("Demo {}", approval.provider);
        let body = json!({"number": number, "signedOn": today, "from": today});
        self.send::<RecordContract>(body, &[], &approval.id.uuid(), by)?;
        Ok(true)
    }

    fn declare(&self, application: &Application, by: &CallerIdentity) -> Result<(), Failure> {
        let body = json!({"impartial": true});
        self.send::<DeclareImpartiality>(body, &[], &application.id.uuid(), by).map(drop)
    }
}

fn has_declared(case: &Case, by: &CallerIdentity) -> bool {
    case.impartiality.impartial(&by.actor, &Staff::new()).is_ok()
}

/// The first required evidence that is missing, with its criterion.
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
