//! One resource for each path parameter, all of one provider and of Kristiansand.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::{Value, json};

use super::routes::Route;
use crate::{
    appeals::appeal,
    attacks::routes::{followed_up, posts, resolve},
    intake::content_in_rounds,
    world::{
        KRISTIANSAND, OTHER_PROVIDER, PROVIDER, World,
        files::{metadata, pdf, upload},
        people::{SERVICE, id, revocation},
    },
};

/// The service of the second offering, which takes applications in rounds.
const IN_ROUNDS: &str = "practical-help";

/// Placeholder of a missing resource.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";

pub struct Scene {
    /// The value of a placeholder, by the part of the path before it.
    named: BTreeMap<&'static str, String>,
    /// The piece of evidence in the case, whose id differs from that of the file.
    piece: String,
    /// The offering in rounds, in which the provider has an open application.
    in_rounds: String,
}

/// The request body.
#[derive(Debug, Clone)]
pub struct Body {
    pub kind: String,
    pub bytes: Vec<u8>,
}

impl Body {
    /// A body of the same kind that is none.
    pub fn break_tokens(&self) -> Self {
        Self { kind: self.kind.clone(), bytes: b"{".to_vec() }
    }

    /// The same as a caller may send it: a provider gives no reason for its termination.
    pub fn sent_by(&self, caller: &str, route: &Route) -> Self {
        let mut bytes = self.bytes.clone();
        if caller.starts_with("provider")
            && route.pattern.ends_with("/termination")
            && let Ok(Value::Object(mut sent)) = serde_json::from_slice(&bytes)
        {
            sent.remove("reason");
            bytes = Value::Object(sent).to_string().into_bytes();
        }
        Self { kind: self.kind.clone(), bytes }
    }
}

impl Scene {
    pub async fn new(world: &World) -> Self {
        let case = world.send_notice().await;
        let (provider, worker) = (world.provider(), world.case_worker());
        let approval = format!("/v1/approvals/{}", case.approval);
        let follow_up = followed_up(world, &approval).await;

        let notices = worker.pages("/v1/notices?kind=receipt").await;
        let notice = notices[0]["id"].as_str().unwrap().to_owned();

        // A second case, with an attached file and a pending request for completion.
        let in_rounds = world.town(KRISTIANSAND).publish(IN_ROUNDS, content_in_rounds()).await;
        let application = provider.drafts_application(&in_rounds).await;
        let file = provider.gives_pdf("tax-certificate").await;
        let answer =
            provider.shows(&application, "tax-certificate", &file).await.expect(200).json();
        let piece = answer["evidence"][0]["id"].as_str().unwrap().to_owned();
        provider.completes(&application).await;
        provider.submits(&application).await.expect(200);
        worker.declares_impartiality(&application).await.expect(200);
        worker.starts_assessment(&application).await.expect(200);
        let missing = json!([{"criterion": "tax-certificate", "note": "For gammel."}]);
        let body = json!({"missing": missing, "deadline": "2026-03-26"});
        let path = format!("/v1/applications/{application}");
        posts(&worker, &path, &format!("{path}/completion-requests"), body).await;

        // The first is revoked, and the provider appeals.
        world.set_clock("2026-04-08T09:00:00Z");
        let revoked = revocation(&case.notice, "terms-breach");
        let revoked = world.decision_maker().revokes(&case.approval, revoked).await.expect(201);
        let decision = revoked.header("location");
        let lodged = posts(&provider, &decision, &format!("{decision}/appeals"), appeal()).await;

        // A round is missed.
        world.set_clock("2026-05-02T10:00:00Z");
        let grant = json!({
            "provider": OTHER_PROVIDER, "expiresOn": "2026-05-08",
            "reason": {"nb": "Innsendingen var nede siste kveld."},
        });
        let path = format!("/v1/offerings/{in_rounds}/late-access");
        let granted = world.decision_maker().post(&path, grant).await.expect(201);

        let named = BTreeMap::from([
            ("answers", "tax-certificate".to_owned()),
            ("assets", "no-such-style.css".to_owned()),
            ("godkjenning", case.approval.clone()),
            ("leverandor", PROVIDER.to_owned()),
            ("velg", "4204-kristiansand".to_owned()),
            ("appeals", lodged),
            ("applications", application),
            ("approvals", case.approval),
            ("assessments", "tax-certificate".to_owned()),
            ("completion-requests", "1".to_owned()),
            ("decisions", id(&revoked)),
            ("deviations", "1".to_owned()),
            ("docs", "index.html".to_owned()),
            ("evidence", file),
            ("follow-ups", follow_up),
            ("guide", "portals".to_owned()),
            ("late-access", id(&granted)),
            ("municipalities", "4204".to_owned()),
            ("notice-addresses", PROVIDER.to_owned()),
            ("notices", notice),
            ("offerings", case.offering),
            ("prior-notices", case.notice),
            ("providers", PROVIDER.to_owned()),
            ("register", "4204".to_owned()),
            ("snapshots", "approvals.csv".to_owned()),
            ("versions", "1".to_owned()),
        ]);
        Self { named, piece, in_rounds }
    }

    /// Whether a text names one of the provider's cases, or the provider in them.
    pub fn is_told_of_in(&self, text: &str) -> bool {
        let private = ["appeals", "applications", "decisions", "evidence", "follow-ups"];
        let mut names = private.iter().map(|it| self.named[it].as_str()).chain([PROVIDER]);
        names.any(|it| text.contains(it))
    }

    /// The path of a route with existing resources. Each parameter must have one.
    pub fn path(&self, route: &Route) -> String {
        let mut before = "";
        let parts = route.pattern.split('/').map(|part| match part {
            "{service}" if before == "velg" => "brukerstyrt-personlig-assistanse",
            "{service}" => SERVICE,
            "{sheet}" => "utskrift",
            "{evidence}" => &self.piece,
            "{token}" => "no-such-link",
            name if name.starts_with('{') => {
                let named = self.named.get(before);
                named.unwrap_or_else(|| panic!("{route}: the scene has none of {before}"))
            }
            _ => {
                before = part;
                part
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// The same path with an id that nothing has.
    pub fn nowhere(&self, route: &Route) -> String {
        let pattern = route.pattern.replacen("{id}", NOTHING, 1);
        self.path(&Route { pattern, ..route.clone() })
    }

    /// A valid body: the contract's example with references to existing resources.
    pub fn body(&self, route: &Route) -> Option<Body> {
        let content = route.document_entry()["requestBody"]["content"].as_object()?;
        let (kind, form) = content.iter().next().unwrap();
        if kind == "multipart/form-data" {
            let (kind, bytes) = upload(&metadata("insurance"), "", &pdf(100));
            return Some(Body { kind, bytes });
        }
        let body = match (&route.method, route.pattern.as_str()) {
            (&Method::POST, "/v1/applications") => json!({"offeringId": self.in_rounds}),
            (&Method::POST, "/v1/approvals/{id}/revocation") => {
                revocation(&self.named["prior-notices"], "terms-breach")
            }
            // A municipality must send more than a provider.
            (&Method::POST, "/v1/approvals/{id}/termination") => json!({
                "reason": "Ordningen legges om.",
                "windingDown": {"until": "2026-12-31", "takenOverBy": "Kommunen"},
            }),
            _ => example(&resolve(&form["schema"])),
        };
        Some(Body { kind: kind.clone(), bytes: body.to_string().into_bytes() })
    }
}

/// The example of a form, as the contract shows it.
fn example(schema: &Value) -> Value {
    let example = schema.get("example").or_else(|| schema["examples"].get(0));
    example.unwrap_or_else(|| panic!("no example: {schema:#}")).clone()
}
