//! Commands of people at each step of a case, over HTTP.

use actix_web::http::Method;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::{
    fates::{Fate, Step},
    town::{CRITERIA, Country, Thing, Town},
};
use crate::world::{
    Person,
    people::{reasons, refusal},
};

/// The criterion that the provider fails where it fails one.
const WEAK: &str = "contingency-plan";

/// A case: its course, and its present state.
#[derive(Debug, Clone)]
pub struct Case {
    pub town: usize,
    pub provider: usize,
    pub fate: Fate,
    pub application: Thing,
    pub decision: Thing,
    pub approval: Thing,
    pub notice: Thing,
    pub appeal: Thing,
    /// The path of every decision in it, the oldest first.
    pub decisions: Vec<String>,
}

/// A person's day in a case.
struct Day<'a> {
    country: &'a Country,
    town: &'a Town,
    provider: &'a Person,
    today: NaiveDate,
}

impl Country {
    /// Takes a step of a case.
    pub async fn takes(&self, case: &mut Case, step: Step, today: NaiveDate) {
        self.now_in.set(case.town);
        let (town, provider) = (&self.towns[case.town], &self.providers[case.provider]);
        let day = Day { country: self, town, provider, today };
        match step {
            Step::Apply => day.apply(case).await,
            Step::Withdraw => {
                self.posts(provider, &mut case.application, "withdrawal", None).await;
            }
            Step::AssessMet => day.assess(case, "met").await,
            Step::AssessFailing => day.assess(case, "not-met").await,
            Step::AssessAgain => day.finds(case, WEAK, "met").await,
            Step::AskForCompletion => day.ask_for_completion(case).await,
            Step::Dismiss | Step::Approve | Step::Refuse => day.decide(case, step).await,
            Step::Contract => day.contract(case, None).await,
            Step::ShortContract => day.contract(case, Some(60)).await,
            Step::Terminate => {
                self.posts(provider, &mut case.approval, "termination", Some(json!({}))).await;
            }
            Step::Warn => day.warn(case).await,
            Step::CloseNotice => {
                let body = json!({"reason": "Avvikene er rettet."});
                self.posts(&town.case_worker, &mut case.notice, "closure", Some(body)).await;
            }
            Step::Revoke => day.revoke(case).await,
            Step::Appeal => day.appeal(case).await,
            Step::Forward => day.forward(case).await,
            Step::Uphold => day.rule(case, "outcome", day.outcome("upheld")).await,
            Step::ChangeRefusal => {
                let mut body = day.outcome("changed");
                body["findings"] =
                    json!([{"criterion": WEAK, "outcome": "met", "note": "Vedlegg 4."}]);
                day.rule(case, "outcome", body).await;
            }
            Step::ReturnRefusal => {
                day.rule(case, "outcome", day.outcome("annulled-returned")).await;
            }
            Step::ChangeRevocation => day.rule(case, "outcome", day.outcome("changed")).await,
            Step::DismissAppeal => {
                let body = json!({"ground": "late", "reasons": reasons()});
                day.rule(case, "dismissal", body).await;
            }
        }
    }

    /// A municipality ends its offering, and with it every approval for it.
    pub async fn ends_offering(&self, town: &Town, last: NaiveDate) {
        let draft = format!("/v1/offerings/{}/draft", town.offering);
        let etag = self.reads(&town.editor, &draft).await.etag();
        let mut offering = Thing { path: format!("/v1/offerings/{}", town.offering), etag };
        let body = json!({
            "kind": "ending", "on": last, "reason": {"nb": "Kommunestyret har avviklet ordningen."},
            "windingDown": {"until": last, "takenOverBy": "Kommunens egen tjeneste"}
        });
        self.posts(&town.editor, &mut offering, "closure", Some(body)).await;
    }
}

impl Day<'_> {
    fn in_days(&self, days: u64) -> NaiveDate {
        self.today.checked_add_days(Days::new(days)).unwrap()
    }

    async fn apply(&self, case: &mut Case) {
        let Self { country, provider, .. } = self;
        let body = json!({"offeringId": self.town.offering});
        case.application = country.starts(provider, "/v1/applications", body).await;
        let on = &mut case.application;
        let patch = json!({
            "contact": {"name": "Ola Eksempel", "email": "ola@example.no"}, "zones": ["whole"]
        });
        country.acts_on(provider, on, Method::PATCH, "", Some(patch)).await;
        for criterion in CRITERIA {
            let body = Some(json!({"declaredMet": true}));
            let answer = format!("answers/{criterion}");
            country.acts_on(provider, on, Method::PUT, &answer, body).await;
            // The kinds of evidence bear the names of their criteria.
            let issued = self.today.checked_sub_days(Days::new(10)).unwrap();
            let body = json!({
                "criterion": criterion, "kind": criterion, "title": "Vedlegg", "issuedOn": issued
            });
            country.posts(provider, on, "evidence", Some(body)).await;
        }
        country.posts(provider, on, "submission", None).await;
    }

    /// Both declare that they are impartial; the case worker assesses every line.
    async fn assess(&self, case: &mut Case, weak: &str) {
        let worker = &self.town.case_worker;
        self.declare(worker, &mut case.application).await;
        self.country.posts(worker, &mut case.application, "assessment-start", None).await;
        for criterion in CRITERIA {
            let outcome = if criterion == WEAK { weak } else { "met" };
            self.finds(case, criterion, outcome).await;
        }
        self.declare(&self.town.decision_maker, &mut case.application).await;
    }

    async fn declare(&self, who: &Person, on: &mut Thing) {
        self.country.posts(who, on, "impartiality", Some(json!({"impartial": true}))).await;
    }

    async fn finds(&self, case: &mut Case, criterion: &str, outcome: &str) {
        let body = Some(json!({"outcome": outcome, "note": "Vedlegget er sett."}));
        let (worker, line) = (&self.town.case_worker, format!("assessments/{criterion}"));
        self.country.acts_on(worker, &mut case.application, Method::PUT, &line, body).await;
    }

    async fn ask_for_completion(&self, case: &mut Case) {
        self.assess(case, "met").await;
        let body = json!({
            "missing": [{"criterion": "tax-certificate", "note": "Attesten kan ikke leses."}],
            "deadline": self.in_days(14)
        });
        let worker = &self.town.case_worker;
        self.country.posts(worker, &mut case.application, "completion-requests", Some(body)).await;
        // The message stays unopened: before the next command a second notice is sent.
        case.application.etag.clear();
    }

    async fn decide(&self, case: &mut Case, step: Step) {
        let body = match step {
            Step::Dismiss => json!({
                "outcome": "dismiss", "formalGround": "not-mended", "reasons": reasons()
            }),
            Step::Refuse => refusal(),
            _ => json!({"outcome": "approve"}),
        };
        let maker = &self.town.decision_maker;
        let signed = self.country.posts(maker, &mut case.application, "decision", Some(body)).await;
        case.record_decision(Thing::of_answer(&signed), &signed.json());
    }

    /// The contract from today, and the requirements for later commands.
    async fn contract(&self, case: &mut Case, days: Option<u64>) {
        let today = self.today;
        let mut body = json!({"number": "2026/118", "signedOn": today, "from": today});
        if let Some(days) = days {
            body["to"] = json!(self.in_days(days));
        }
        let maker = &self.town.decision_maker;
        self.country.posts(maker, &mut case.approval, "contract", Some(body)).await;
    }

    /// The provider that keeps its approval replies; the others let the deadline pass.
    async fn warn(&self, case: &mut Case) {
        let Self { country, town, provider, .. } = self;
        for who in [&town.case_worker, &town.decision_maker] {
            self.declare(who, &mut case.approval).await;
        }
        let body = json!({
            "grounds": [{"ground": "terms-breach", "facts": "Tre avvik."}],
            "replyBy": self.in_days(16)
        });
        let worker = &town.case_worker;
        let sent = country.posts(worker, &mut case.approval, "prior-notices", Some(body)).await;
        case.notice = Thing::of_answer(&sent);
        if case.fate == Fate::Spared {
            country.opens(provider, &mut case.notice).await;
            let body = json!({"text": "Avvikene er rettet, se vedlagt plan.", "final": true});
            country.posts(provider, &mut case.notice, "reply", Some(body)).await;
        }
    }

    async fn revoke(&self, case: &mut Case) {
        let notice = case.notice.path.rsplit('/').next().unwrap();
        let body = json!({
            "priorNoticeId": notice, "reasons": reasons(),
            "grounds": [{"ground": "terms-breach", "facts": "Tre avvik, ikke rettet."}],
            "windingDown": {"until": self.in_days(60), "takenOverBy": "Kommunens egen tjeneste"}
        });
        let maker = &self.town.decision_maker;
        let signed = self.country.posts(maker, &mut case.approval, "revocation", Some(body)).await;
        case.record_decision(Thing::of_answer(&signed), &signed.json());
    }

    async fn appeal(&self, case: &mut Case) {
        self.country.opens(self.provider, &mut case.decision).await;
        let body = json!({
            "text": "Beredskapsplanen lå ved søknaden.", "wantedChange": "Vedtaket omgjøres.",
            "signedBy": "Per Provider", "deferralWanted": false
        });
        let lodged =
            self.country.posts(self.provider, &mut case.decision, "appeals", Some(body)).await;
        case.appeal = Thing::of_answer(&lodged);
    }

    async fn forward(&self, case: &mut Case) {
        for (act, body) in [
            ("admission", json!({})),
            ("review", json!({"findings": "Planen er gjennomgått på nytt."})),
            ("forwarding", json!({"statement": "Kommunedirektøren fastholder vedtaket."})),
        ] {
            self.country.posts(&self.town.case_worker, &mut case.appeal, act, Some(body)).await;
        }
    }

    fn outcome(&self, ruling: &str) -> Value {
        json!({
            "ruling": ruling, "appealBody": "Klageutvalget", "decidedOn": self.today,
            "reasons": reasons()
        })
    }

    /// A person without a signature in the case signs the outcome of the appeal.
    async fn rule(&self, case: &mut Case, act: &str, body: Value) {
        let second = &self.town.second;
        // Decisions and appeals have changed the application meanwhile.
        case.application.etag.clear();
        // A revocation belongs to the case of the approval.
        if case.fate == Fate::Reinstated {
            self.declare(second, &mut case.approval).await;
        } else {
            self.declare(second, &mut case.application).await;
        }
        // A second notice of the unopened first one has changed the appeal.
        case.appeal.etag.clear();
        let signed = self.country.posts(second, &mut case.appeal, act, Some(body)).await;
        case.application.etag.clear();
        case.record_decision(Thing::of_answer(&signed), &signed.json());
    }
}

impl Case {
    /// Notes a decision, and the approval that it gives.
    fn record_decision(&mut self, decision: Thing, answer: &Value) {
        self.decisions.push(decision.path.clone());
        self.decision = decision;
        if let Some(approval) = answer["approvalId"].as_str() {
            let path = format!("/v1/approvals/{approval}");
            if self.approval.path != path {
                // It is not public before there is a contract; this is its first revision.
                self.approval = Thing { path, etag: "\"1\"".to_owned() };
            }
        }
    }
}
