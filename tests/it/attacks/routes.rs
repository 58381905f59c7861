//! Every route of the document, with a caller for each role and a real resource for each id.

use std::sync::LazyLock;

use actix_web::http::Method;
use godkjent::{app, domain::role::Role};
use serde_json::{Value, json};

use crate::{
    appeals::appeal,
    world::{
        Answer, KRISTIANSAND, PROVIDER, Person, World,
        people::{self, Case, id},
    },
};

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Route {
    pub method: Method,
    pub path: String,
    pub operation: Value,
}

impl Route {
    /// Every operation.
    pub fn all() -> Vec<Self> {
        let document = document();
        let mut found = vec![];
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                found.push(Self { method, path: path.clone(), operation: operation.clone() });
            }
        }
        assert!(found.len() > 40);
        found
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub fn needs_token(&self) -> bool {
        !self.operation["security"][0]["token"].is_null()
    }

    /// The media type and the schema of the body, where it takes JSON.
    pub fn body(&self) -> Option<(String, Value)> {
        let content = self.operation["requestBody"]["content"].as_object()?;
        let (kind, media) = content.iter().find(|(kind, _)| kind.ends_with("json"))?;
        Some((kind.clone(), resolve(&media["schema"])))
    }

    /// A body that fits: the example of its schema.
    pub fn example(&self) -> Option<Value> {
        let (_, schema) = self.body()?;
        if self.path.ends_with("/revocation") {
            return Some(people::revocation(&uuid::Uuid::nil().to_string(), "terms-breach"));
        }
        let examples = [&schema["example"], &schema["examples"][0]];
        Some(examples.into_iter().find(|it| it.is_object()).cloned().unwrap_or_else(|| json!({})))
    }

    /// The names of the query parameters.
    pub fn parameters(&self) -> Vec<String> {
        let all = self.operation["parameters"].as_array().into_iter().flatten();
        all.filter(|it| it["in"] == "query").map(|it| it["name"].as_str().unwrap().into()).collect()
    }
}

/// The document, built once: building it takes longer than a request.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(app::document()).unwrap());
    &DOCUMENT
}

/// The schema, resolved from a reference, alone or among alternatives.
pub fn resolve(schema: &Value) -> Value {
    let alternative = schema["oneOf"].as_array().into_iter().flatten();
    let referring = alternative.chain(schema["allOf"].as_array().into_iter().flatten());
    let mut references =
        std::iter::once(schema).chain(referring).filter_map(|it| it["$ref"].as_str());
    match references.next() {
        Some(reference) => {
            let name = reference.rsplit('/').next().unwrap();
            resolve(&document()["components"]["schemas"][name])
        }
        None => schema.clone(),
    }
}

/// Fills every parameter of a path.
pub fn fill(path: &str, with: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        filled = filled + before + &with(name);
        rest = after;
    }
    filled + rest
}

/// A registry with one resource for each path: a provider under contract with a prior notice and a follow-up,
/// and a refused one with an appeal.
pub struct Stage {
    pub world: World,
    case: Case,
    decision: String,
    appeal: String,
    follow_up: String,
    /// Every route that takes JSON, with its media type.
    pub writes: Vec<(Route, String)>,
}

impl Stage {
    pub async fn new(world: World) -> Self {
        let case = world.send_notice().await;
        let follow_up = followed_up(&world, &format!("/v1/approvals/{}", case.approval)).await;
        let (decision, appeal) = refuse_and_appeal(&world, &case.offering).await;
        let json = |route: Route| route.body().map(|(kind, _)| (route, kind));
        let writes = Route::all().into_iter().filter_map(json).collect();
        Self { world, case, decision, appeal, follow_up, writes }
    }

    /// The path with ids of existing resources.
    pub fn fill_known(&self, path: &str) -> String {
        fill(path, |name| match name {
            "service" => "personal-assistance".to_owned(),
            "criterion" => "environment".to_owned(),
            "organisation_number" => PROVIDER.to_owned(),
            "number" | "n" if path.contains("{id}") => "1".to_owned(),
            "municipality" | "number" => "4204".to_owned(),
            "id" if path.contains("/offerings/") => self.case.offering.clone(),
            "id" if path.contains("/applications/") => self.case.application.clone(),
            "id" if path.contains("/approvals/") => self.case.approval.clone(),
            "id" if path.contains("/prior-notices/") => self.case.notice.clone(),
            "id" if path.contains("/decisions/") => self.decision.clone(),
            "id" if path.contains("/appeals/") => self.appeal.clone(),
            "id" if path.contains("/follow-ups/") => self.follow_up.clone(),
            _ => uuid::Uuid::nil().to_string(),
        })
    }

    /// The id of the offering.
    pub fn offering(&self) -> String {
        self.case.offering.clone()
    }

    /// A caller of every role in a municipality, and two providers.
    pub fn people(&self, municipality: &str) -> Vec<Person> {
        let roles = Role::ALL.into_iter().filter(|role| *role != Role::Provider);
        let person = |role| self.world.person("Nina Navn", role, municipality);
        roles.map(person).chain([self.world.provider(), self.world.other_provider()]).collect()
    }

    /// The whole journal: if it is the same, nothing was done.
    pub async fn journal(&self) -> Vec<Value> {
        self.world.auditor().audits().await
    }
}

/// A follow-up with a deviation; gives its id.
pub async fn followed_up(world: &World, approval: &str) -> String {
    let inspector = world.person("Ingrid Inspector", Role::Inspector, KRISTIANSAND);
    let plan = json!({"kind": "yearly-review", "plannedOn": "2026-03-12"});
    let case = format!("{approval}/case");
    let etag = inspector.get(&case).await.expect(200).etag();
    let impartial = Some(json!({"impartial": true}));
    let declare = format!("{approval}/impartiality");
    inspector.act(Method::POST, &declare, &etag, impartial).await.expect(200);
    let planned = posts(&inspector, &case, &format!("{approval}/follow-ups"), plan).await;
    let report = json!({
        "on": "2026-03-12", "findings": "Opplæringsplan mangler.",
        "deviations": [{"facts": "Ingen plan.", "breaks": "Krav K4", "deadline": "2026-04-01"}]
    });
    let path = format!("/v1/follow-ups/{planned}");
    posts(&inspector, &path, &format!("{path}/report"), report).await
}

/// Sends a command on the resource read at `seen`, which must be accepted; returns the id of the answer.
pub async fn posts(who: &Person, seen: &str, path: &str, body: Value) -> String {
    let etag = who.get(seen).await.expect(200).etag();
    let answer = who.act(Method::POST, path, &etag, Some(body)).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text);
    id(&answer)
}

/// The other provider lacks a contingency plan; gives the decision's and the appeal's id.
async fn refuse_and_appeal(world: &World, offering: &str) -> (String, String) {
    let other = world.other_provider();
    let application = other.drafts_application(offering).await;
    other.completes(&application).await;
    other.submits(&application).await.expect(200);
    world.assess(&application, people::Assessed::OneFailing).await;
    let refused = world.decision_maker().decides(&application, people::refusal()).await.expect(201);
    let decision = id(&refused);
    let path = format!("/v1/decisions/{decision}");
    let appeal = posts(&other, &path, &format!("{path}/appeals"), appeal()).await;
    (decision, appeal)
}

/// Sends a body to a route with a matching precondition.
pub async fn send(stage: &Stage, who: &Person, route: &Route, body: Option<&Value>) -> Answer {
    let path = stage.fill_known(&route.path);
    let mut request = who.request(route.method.clone(), &path).header("If-Match", "\"1\"");
    if let (Some(body), Some((kind, _))) = (body, route.body()) {
        request = request.body(&kind, body.to_string());
    }
    request.send().await
}
