//! Participants and beginning of the generated histories.

use actix_web::http::Method;
use chrono::TimeDelta;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    intake::content_in_rounds,
    world::{
        KRISTIANSAND, Person, World, bpa_content,
        files::{metadata, pdf},
        people::{Assessed, SERVICE, id, profile, reasons, refusal, settings, synthetic_number},
    },
};

/// A person in a role.
#[derive(Clone)]
pub struct Participant {
    pub person: Person,
    pub role: Role,
    pub name: &'static str,
}

/// All participants.
pub struct People {
    pub providers: Vec<Participant>,
    editor: Participant,
    pub handlers: Vec<Participant>,
}

/// People of the municipality. Kari both assesses and signs.
const HANDLERS: [(&str, Role); 6] = [
    ("Kari", Role::CaseWorker),
    ("Knut", Role::CaseWorker),
    ("Dag", Role::DecisionMaker),
    ("Dora", Role::DecisionMaker),
    ("Kari", Role::DecisionMaker),
    ("Ines", Role::Inspector),
];

/// Number of providers.
const PROVIDERS: usize = 4;

impl People {
    pub fn of(world: &World) -> Self {
        let seat = |name, role, organisation: &str| Participant {
            person: world.person(name, role, organisation),
            role,
            name,
        };
        let providers = (0..PROVIDERS)
            .map(|number| seat("Per", Role::Provider, &synthetic_number(number)))
            .collect();
        let handlers = HANDLERS.map(|(name, role)| seat(name, role, KRISTIANSAND)).into();
        Self { providers, editor: seat("Eva", Role::Editor, KRISTIANSAND), handlers }
    }

    /// The municipality publishes its offering, and providers register; gives the offering's id.
    pub async fn set_up(&self, seed: u64) -> String {
        let editor = &self.editor.person;
        editor.create("/v1/municipalities/4204", settings_of(seed)).await.expect(200);
        let offering = editor.drafts(SERVICE, content(seed)).await;
        editor.publishes(&offering).await.expect(201);
        for (number, provider) in self.providers.iter().enumerate() {
            let profile = profile("Eksempel AS");
            provider.person.registers(&synthetic_number(number), profile).await.expect(200);
        }
        offering
    }

    /// One provider's application is assessed, another's is refused, and the last provider's is approved; its
    /// stand-still is over, and in half of the histories it is under contract. Gives the paths.
    pub async fn create_cases(&self, world: &World, offering: &str, seed: u64) -> Vec<String> {
        let town = world.town(KRISTIANSAND);
        let maker = &town.decision_maker;
        let mut applications = vec![];
        for (number, assessed) in
            [(1, Assessed::AllMet), (2, Assessed::OneFailing), (3, Assessed::AllMet)]
        {
            let provider = &self.providers[number].person;
            let application = provider.drafts_application(offering).await;
            provider.completes(&application).await;
            provider.submits(&application).await.expect(200);
            town.assess(&application, assessed).await;
            for handler in self.handlers.iter().step_by(2).take(2) {
                handler.person.declares_impartiality(&application).await.expect(200);
            }
            applications.push(application);
        }
        let mut approval = json!({"outcome": "approve"});
        if seed.is_multiple_of(2) {
            // A concession: the message of an approval has reasons.
            approval["reasons"] = reasons();
        }
        let approved = maker.decides(&applications[2], approval).await;
        let approved = approved.expect(201);
        let approval = approved.json()["approvalId"].as_str().unwrap().to_owned();
        world.pass(TimeDelta::days(11));
        let case = format!("/v1/approvals/{approval}/case");
        if !seed.is_multiple_of(2) {
            let contract = format!("/v1/approvals/{approval}/contract");
            let etag = maker.get(&case).await.expect(200).etag();
            let today = world.now().date_naive();
            let body = json!({"number": "2026/118", "signedOn": today, "from": today});
            maker.act(Method::POST, &contract, &etag, Some(body)).await.expect(200);
        }
        self.handlers[2].person.declares_impartiality_after(&approval).await.expect(200);
        let mut refusal = refusal();
        refusal["channel"] = json!(if seed.is_multiple_of(2) { "paper" } else { "electronic" });
        let refused = maker.decides(&applications[1], refusal).await.expect(201);
        let decisions = [&approved, &refused].map(|it| format!("/v1/decisions/{}", id(it)));
        let applications = applications.iter().map(|it| format!("/v1/applications/{it}"));
        applications.chain(decisions).chain([case]).collect()
    }

    /// The path of a file.
    pub async fn upload_file(&self) -> String {
        let given =
            self.providers[0].person.gives(metadata("tax-certificate"), &pdf(1 << 20)).await;
        given.expect(201).header("location")
    }

    pub fn public_resources() -> Vec<String> {
        let profile = format!("/v1/providers/{}", synthetic_number(0));
        vec![profile, "/v1/municipalities/4204".to_owned()]
    }

    /// The participants that may have actions on a resource.
    pub fn participants_of(&self, resource: &str) -> Vec<Participant> {
        let is = |kind: &str| resource.starts_with(&format!("/v1/{kind}/"));
        if is("municipalities") || resource.ends_with("/draft") {
            return vec![self.editor.clone()];
        }
        if is("offerings") || is("late-access") {
            let makers = self.handlers.iter().filter(|it| it.role == Role::DecisionMaker);
            return makers.cloned().collect();
        }
        if is("providers") || is("evidence") {
            return vec![self.providers[0].clone()];
        }
        self.providers.iter().chain(&self.handlers).cloned().collect()
    }
}

/// Settings of the municipality: in half of the histories four eyes are required.
pub fn settings_of(seed: u64) -> Value {
    let mut settings = settings();
    settings["fourEyes"] = json!(seed.is_multiple_of(2));
    settings
}

/// In half of the histories the offering is for all who qualify, in the others a concession with rounds.
fn content(seed: u64) -> Value {
    let mut content = if seed.is_multiple_of(2) { content_in_rounds() } else { bpa_content() };
    if seed.is_multiple_of(2) {
        content["legalBasis"] = json!("concession");
    }
    content["compensation"]["lines"][0]["index"] =
        json!({"name": "Kommunal deflator", "baseMonth": "2026-01", "share": "0.85"});
    content
}
