//! Follow-up: planned, reported, deviations corrected or not, and from there to prior notice.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        Answer, BAERUM, KRISTIANSAND, Person, World,
        people::{id, settings},
    },
};

on_both_databases!(
    a_deviation_is_corrected_and_the_follow_up_closed,
    a_deviation_that_is_not_corrected_in_time_founds_a_prior_notice,
    a_flag_from_the_register_removes_nobody,
    nobody_follows_up_without_being_impartial_and_nobody_of_the_own_provider,
);

async fn plans(person: &Person, approval: &str, body: Value) -> Answer {
    let path = format!("/v1/approvals/{approval}");
    let etag = person.get(&format!("{path}/case")).await.expect(200).etag();
    person.act(Method::POST, &format!("{path}/follow-ups"), &etag, Some(body)).await
}

async fn does(person: &Person, follow_up: &str, act: &str, body: Value) -> Answer {
    let path = format!("/v1/follow-ups/{follow_up}");
    let etag = person.get(&path).await.expect(200).etag();
    person.act(Method::POST, &format!("{path}/{act}"), &etag, Some(body)).await
}

fn report() -> Value {
    json!({
        "on": "2026-03-12", "findings": "Opplæringsplan mangler.",
        "deviations": [{"facts": "Ingen plan.", "breaks": "Krav K4", "deadline": "2026-04-01"}]
    })
}

async fn a_deviation_is_corrected_and_the_follow_up_closed(world: World) {
    let case = world.create_contract().await;
    let inspector = world.person("Ingrid Inspector", Role::Inspector, KRISTIANSAND);
    inspector.declares_impartiality_after(&case.approval).await.expect(200);
    let provider = world.provider();
    let plan = json!({"kind": "yearly-review", "plannedOn": "2026-03-12"});
    let planned = plans(&inspector, &case.approval, plan).await.expect(201);
    let follow_up = id(&planned);
    assert_eq!(planned.header("location"), format!("/v1/follow-ups/{follow_up}"));
    assert_eq!(planned.json()["state"], "planned");
    let reported = does(&inspector, &follow_up, "report", report()).await.expect(200).json();
    assert_eq!(reported["state"], "deviations-open");
    let conclusion = json!({"conclusion": "I orden."});
    let early = does(&inspector, &follow_up, "closure", conclusion.clone()).await;
    early.problem(409, "deviations-open");
    let text = json!({"text": "Planen er laget."});
    does(&provider, &follow_up, "deviations/2/correction", text.clone())
        .await
        .problem(404, "not-found");
    does(&provider, &follow_up, "deviations/1/correction", text).await.expect(200);
    let yes = json!({"accepted": true, "note": "Sett."});
    let accepted = does(&inspector, &follow_up, "deviations/1/assessment", yes).await.expect(200);
    assert_eq!(accepted.json()["state"], "carried-out");
    let closed = does(&inspector, &follow_up, "closure", conclusion).await.expect(200).json();
    assert_eq!(
        (&closed["state"], &closed["report"]["conclusion"]),
        (&json!("closed"), &json!("I orden."))
    );
    let own = provider.get("/v1/follow-ups?state=closed").await.expect(200).json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    let stranger = world.person("Bo Inspector", Role::Inspector, BAERUM);
    stranger.get(&format!("/v1/follow-ups/{follow_up}")).await.problem(404, "not-found");
    assert_eq!(stranger.get("/v1/follow-ups").await.expect(200).json()["items"], json!([]));
    let rows = world.auditor().audits().await;
    assert!(rows.iter().any(|row| row["event"] == "approval.reviewed"));
}

async fn a_deviation_that_is_not_corrected_in_time_founds_a_prior_notice(world: World) {
    let case = world.create_contract().await;
    let kari = world.case_worker();
    let plan = json!({"kind": "spot-check", "incident": "Klage fra pårørende."});
    let follow_up = id(&plans(&kari, &case.approval, plan).await.expect(201));
    does(&kari, &follow_up, "report", report()).await.expect(200);
    let warning = json!({
        "grounds": [{"ground": "terms-breach", "facts": "Ikke rettet."}],
        "replyBy": "2026-05-04", "followUpId": follow_up
    });
    let path = format!("/v1/approvals/{}", case.approval);
    let etag = kari.get(&path).await.expect(200).etag();
    let notices = format!("{path}/prior-notices");
    let early = kari.act(Method::POST, &notices, &etag, Some(warning.clone())).await;
    early.problem(409, "not-founded");
    world.set_clock("2026-04-01T22:00:00Z");
    let sent = kari.act(Method::POST, &notices, &etag, Some(warning)).await.expect(201).json();
    assert_eq!(sent["followUpId"], follow_up);
}

async fn a_flag_from_the_register_removes_nobody(world: World) {
    let case = world.create_contract().await;
    let kari = world.case_worker();
    let flag = json!({
        "kind": "register-flag", "incident": "Melding fra Enhetsregisteret.",
        "entry": "deleted", "on": "2026-03-10"
    });
    plans(&kari, &case.approval, flag).await.expect(201);
    let bare = json!({"kind": "authority-finding", "incident": "Vedtak mottatt."});
    let bare = plans(&kari, &case.approval, bare).await.expect(422);
    assert_eq!(bare.pointers(), ["/authority", "/reference", "/on"]);
    world.set_clock("2028-01-01T00:00:00Z");
    let path = format!("/v1/approvals/{}", case.approval);
    assert_eq!(world.anyone().get(&path).await.expect(200).json()["status"], "active");
}

async fn nobody_follows_up_without_being_impartial_and_nobody_of_the_own_provider(world: World) {
    let case = world.create_contract().await;
    let inspector = world.person("Ingrid Inspector", Role::Inspector, KRISTIANSAND);
    let plan = json!({"kind": "inspection", "plannedOn": "2026-03-12"});
    let undeclared = plans(&inspector, &case.approval, plan.clone()).await;
    undeclared.problem(409, "impartiality-not-declared");
    let path = format!("/v1/approvals/{}/case", case.approval);
    let seen = inspector.get(&path).await.expect(200).json();
    let actions = seen["actions"].as_array().unwrap();
    let planning = actions.iter().find(|it| it["act"] == "plan-follow-up").unwrap();
    assert_eq!(planning["code"], "impartiality-not-declared");
    inspector.declares_impartiality_after(&case.approval).await.expect(200);
    let follow_up = id(&plans(&inspector, &case.approval, plan.clone()).await.expect(201));
    does(&inspector, &follow_up, "report", report()).await.expect(200);

    // A relative of the provider's leader judges no correction.
    let text = json!({"text": "Planen er laget."});
    does(&world.provider(), &follow_up, "deviations/1/correction", text).await.expect(200);
    let liv = world.person("Liv Ny", Role::CaseWorker, KRISTIANSAND);
    let etag = liv.get(&path).await.expect(200).etag();
    let declare = format!("/v1/approvals/{}/impartiality", case.approval);
    let kin = Some(json!({"impartial": false, "ground": "kin"}));
    liv.act(Method::POST, &declare, &etag, kin).await.expect(200);
    let yes = json!({"accepted": true, "note": "Sett."});
    let judged = does(&liv, &follow_up, "deviations/1/assessment", yes.clone()).await;
    judged.problem(403, "not-impartial");

    // Staff of the municipality's own provider inspect none of its competitors.
    let mut settings = settings();
    settings["ownProviderStaff"] = json!(["Ingrid Inspector"]);
    let municipality = "/v1/municipalities/4204";
    world.editor().act(Method::PUT, municipality, "\"1\"", Some(settings)).await.expect(200);
    let judged = does(&inspector, &follow_up, "deviations/1/assessment", yes).await;
    judged.problem(403, "own-provider-staff");
    let planned = plans(&inspector, &case.approval, plan).await;
    planned.problem(403, "own-provider-staff");
}
