//! After approval: listing, notice, end, and hearing of the provider.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        Answer, KRISTIANSAND, PROVIDER, Person, World,
        people::{PAGE, revocation, settings},
    },
};

on_both_databases!(
    a_provider_tells_of_its_room_and_its_add_ons_and_stays_listed_when_it_is_full,
    after_notice_by_the_provider_it_is_listed_to_its_last_day_and_then_history,
    the_opening_of_a_notice_is_logged_once,
    a_profile_is_stale_after_twelve_months_and_confirmed_again;
    sqlite_alone:
    an_arrangement_open_to_all_is_not_ended_for_one_by_notice_of_the_municipality,
    a_closed_notice_does_not_revoke_and_a_named_exception_does
);

async fn acts(person: &Person, seen: &str, method: Method, path: &str, body: Value) -> Answer {
    let etag = person.get(seen).await.expect(200).etag();
    person.act(method, path, &etag, Some(body)).await
}

async fn patches(person: &Person, approval: &str, patch: Value) -> Answer {
    let case = format!("/v1/approvals/{approval}/case");
    let etag = person.get(&case).await.expect(200).etag();
    let request = person.request(Method::PATCH, &format!("/v1/approvals/{approval}/listing"));
    let request = request.header("If-Match", &etag);
    request.body("application/merge-patch+json", patch.to_string()).send().await
}

pub async fn posts(person: &Person, approval: &str, act: &str, body: Value) -> Answer {
    let path = format!("/v1/approvals/{approval}");
    acts(person, &format!("{path}/case"), Method::POST, &format!("{path}/{act}"), body).await
}

async fn a_provider_tells_of_its_room_and_its_add_ons_and_stays_listed_when_it_is_full(
    world: World,
) {
    let case = world.create_contract().await;
    let provider = world.provider();
    let add_on = json!({
        "name": "Vinduspuss", "price": {"amount": "450.00", "currency": "NOK"}, "unit": "hour"
    });
    let patch = json!({
        "capacity": "full", "addOns": [add_on], "languages": ["nb", "pl"],
        "continuity": {"nb": "Faste assistenter."}, "startsWithin": {"amount": 2, "unit": "weeks"}
    });
    let listed = patches(&provider, &case.approval, patch).await.expect(200).json();
    assert_eq!(listed["listing"]["capacity"], "full");
    assert_eq!(listed["listing"]["capacityOn"], "2026-03-12");
    assert_eq!(listed["listing"]["addOns"][0]["partOfMunicipalService"], false);
    assert_eq!(listed["status"], "active");
    let page = world.anyone().get(PAGE).await.expect(200).json();
    let entry = &page["providers"][0];
    assert_eq!(entry["capacity"], json!({"state": "full", "on": "2026-03-12"}), "and still listed");
    for field in ["addOns", "languages", "continuity", "startsWithin", "timesOfDay"] {
        assert_eq!(entry[field], listed["listing"][field], "{field}");
    }
    assert!(!page["compensation"].to_string().contains("450.00"), "add-ons are no compensation");
    let sneaky = json!({"addOns": [{"name": "A", "unit": "hour", "partOfMunicipalService": true,
        "price": {"amount": "1.00", "currency": "NOK"}}]});
    let sneaky = patches(&provider, &case.approval, sneaky).await.expect(422);
    assert_eq!(sneaky.pointers(), ["/addOns/0/partOfMunicipalService"]);

    world.set_clock("2026-04-01T09:00:00Z");
    let path = format!("/v1/approvals/{}", case.approval);
    let etag = provider.get(&path).await.expect(200).etag();
    let confirm = format!("{path}/listing/confirmation");
    let confirmed = provider.act(Method::POST, &confirm, &etag, None).await.expect(200).json();
    assert_eq!(confirmed["listing"]["lastConfirmedAt"], "2026-04-01T09:00:00Z");
    assert_eq!(confirmed["listing"]["capacityOn"], "2026-03-12");
    let open = patches(&provider, &case.approval, json!({"capacity": "open"})).await.expect(200);
    assert_eq!(open.json()["listing"]["capacityOn"], "2026-04-01");
}

async fn after_notice_by_the_provider_it_is_listed_to_its_last_day_and_then_history(world: World) {
    let case = world.create_contract().await;
    let (provider, anyone) = (world.provider(), world.anyone());
    let hasty = json!({"effectiveOn": "2026-03-13"});
    let hasty = posts(&provider, &case.approval, "termination", hasty).await.expect(422);
    assert_eq!(hasty.pointers(), ["/effectiveOn"]);
    let given = posts(&provider, &case.approval, "termination", json!({})).await.expect(200).json();
    assert_eq!(given["status"], "ending");
    assert_eq!(given["termination"]["givenBy"], "provider");
    let last = given["termination"]["effectiveOn"].as_str().unwrap().to_owned();
    let end = given["nextChange"].as_str().unwrap().to_owned();
    assert_eq!(anyone.get(PAGE).await.json()["providers"].as_array().unwrap().len(), 2);
    let all = anyone.get("/v1/approvals").await.expect(200).json();
    assert_eq!(all["items"][0]["status"], "ending", "it can still be chosen");
    let again = posts(&provider, &case.approval, "termination", json!({})).await;
    again.problem(409, "illegal-transition");

    world.set_clock(&format!("{last}T12:00:00Z"));
    assert_eq!(anyone.get(PAGE).await.json()["providers"].as_array().unwrap().len(), 2);
    world.set_clock(&end);
    assert_eq!(anyone.get(PAGE).await.json()["providers"].as_array().unwrap().len(), 1);
    let path = format!("/v1/approvals/{}", case.approval);
    let ended = anyone.get(&path).await.expect(200).json();
    assert_eq!((&ended["status"], ended.get("nextChange")), (&json!("ended"), None));
    let history = anyone.get("/v1/approvals?status=ended").await.expect(200).json();
    assert_eq!(history["items"].as_array().unwrap().len(), 1);
}

async fn an_arrangement_open_to_all_is_not_ended_for_one_by_notice_of_the_municipality(
    world: World,
) {
    let case = world.create_contract().await;
    let dag = world.decision_maker();
    let bare = posts(&dag, &case.approval, "termination", json!({})).await.expect(422);
    assert_eq!(bare.pointers(), ["/reason", "/windingDown"]);
    let body = json!({
        "reason": "Færre brukere.",
        "windingDown": {"until": "2027-12-31", "takenOverBy": "Kommunens egen tjeneste"}
    });
    let refused = posts(&dag, &case.approval, "termination", body).await;
    refused.problem(409, "termination-needs-ground");
    let seen = dag.get(&format!("/v1/approvals/{}/case", case.approval)).await.json();
    let terminate =
        seen["actions"].as_array().unwrap().iter().find(|it| it["act"] == "terminate").unwrap();
    assert_eq!(terminate["possible"], false);
    assert_eq!(terminate["code"], "termination-needs-ground");
}

/// Proposes the exception and the grounds of a revocation.
async fn proposes(who: &Person, approval: &str, revocation: &Value) -> Answer {
    let body = json!({"exception": revocation["exception"], "grounds": revocation["grounds"]});
    posts(who, approval, "revocation-proposal", body).await
}

async fn a_closed_notice_does_not_revoke_and_a_named_exception_does(world: World) {
    let case = world.send_notice().await;
    let (kari, dag) = (world.case_worker(), world.decision_maker());
    let path = format!("/v1/prior-notices/{}", case.notice);
    let reason = json!({"reason": "Avvikene er rettet."});
    let closed = acts(&kari, &path, Method::POST, &format!("{path}/closure"), reason).await;
    let closed = closed.expect(200).json();
    assert_eq!(
        (&closed["state"], &closed["closure"]["reason"]),
        (&json!("closed"), &json!("Avvikene er rettet."))
    );
    world.set_clock("2026-05-01T09:00:00Z");
    let revoked = dag.revokes(&case.approval, revocation(&case.notice, "terms-breach")).await;
    revoked.problem(409, "prior-notice-closed");
    let mut excused = revocation(&case.notice, "terms-breach");
    excused.as_object_mut().unwrap().remove("priorNoticeId");
    excused["exception"] = json!({"kind": "because-i-say-so", "reasons": "Haster."});
    let made_up = dag.revokes(&case.approval, excused.clone()).await.expect(422);
    assert_eq!(made_up.pointers(), ["/exception/kind"]);
    excused["exception"]["kind"] = json!("address-unknown");
    // Nobody revokes alone without a hearing, whatever the municipality has set.
    let mut settings = settings();
    settings["fourEyes"] = json!(false);
    let municipality = "/v1/municipalities/4204";
    world.editor().act(Method::PUT, municipality, "\"1\"", Some(settings)).await.expect(200);
    let alone = dag.revokes(&case.approval, excused.clone()).await;
    alone.problem(409, "prior-notice-missing");
    let own = world.person("Dag Decision", Role::CaseWorker, KRISTIANSAND);
    proposes(&own, &case.approval, &excused).await.expect(200);
    dag.revokes(&case.approval, excused.clone()).await.problem(403, "four-eyes");

    let proposed = proposes(&kari, &case.approval, &excused).await.expect(200).json();
    assert_eq!(proposed["by"]["name"], "Kari Case");
    let file = format!("/v1/approvals/{}/case", case.approval);
    let seen = dag.get(&file).await.expect(200).json();
    assert_eq!(seen["revocationProposal"]["exception"]["kind"], "address-unknown");
    let seen = world.provider().get(&file).await.expect(200).json();
    assert_eq!(seen.get("revocationProposal"), None, "it would defeat the revocation");
    let signed = dag.revokes(&case.approval, excused).await.expect(201).json();
    assert_eq!(
        (&signed["authority"]["caseWorker"], &signed["authority"]["responsible"]),
        (&json!("Kari Case"), &json!("Dag Decision"))
    );
    // The decision says why nobody was heard, and so does its letter.
    let path = format!("/v1/decisions/{}", signed["id"].as_str().unwrap());
    let seen = world.provider().get(&path).await.expect(200).json();
    assert_eq!(seen["exception"], json!({"kind": "address-unknown", "reasons": "Haster."}));
    let letter = world.provider().get(&format!("{path}/letter")).await.expect(200).text;
    assert!(letter.contains("16 tredje ledd bokstav b"), "{letter}");
    let rows = world.auditor().audits().await;
    let row = rows.iter().find(|row| row["event"] == "approval.revoked").unwrap();
    assert_eq!(row["detail"]["noticeException"], "address-unknown");
    assert_eq!(row["detail"]["noticeExceptionReasons"], "Haster.");
    assert_eq!(row["detail"]["proposedBy"], "Kari Case");
    assert!(rows.iter().any(|row| row["event"] == "approval.revocation-proposed"));
}

async fn the_opening_of_a_notice_is_logged_once(world: World) {
    let case = world.send_notice().await;
    let path = format!("/v1/prior-notices/{}", case.notice);
    let unopened = world.case_worker().get(&path).await.expect(200).json();
    assert_eq!(unopened["notification"].get("openings"), None);
    assert_eq!(unopened["notification"]["notice"]["channel"], "email");
    let first = world.provider().get(&path).await.expect(200);
    assert_eq!(first.json()["notification"]["openings"][0]["by"]["name"], "Per Provider");
    assert_eq!(world.provider().get(&path).await.expect(200).text, first.text);
    let rows = world.auditor().audits().await;
    let opened = rows.iter().filter(|row| row["event"] == "approval.prior-notice-opened");
    assert_eq!(opened.count(), 1);
}

async fn a_profile_is_stale_after_twelve_months_and_confirmed_again(world: World) {
    world.registered_providers().await;
    let path = format!("/v1/providers/{PROVIDER}");
    world.set_clock("2027-03-12T22:59:59Z");
    assert_eq!(world.anyone().get(&path).await.json()["stale"], false);
    world.set_clock("2027-03-12T23:00:00Z");
    let seen = world.anyone().get(&path).await.expect(200);
    assert_eq!(seen.json()["stale"], true);
    let confirm = format!("{path}/confirmation");
    let etag = seen.etag();
    let other = world.other_provider().act(Method::POST, &confirm, &etag, None).await;
    other.problem(403, "not-your-organisation");
    let inspector = world.person("Ingrid Inspector", Role::Inspector, KRISTIANSAND);
    inspector.act(Method::POST, &confirm, &etag, None).await.problem(403, "role-missing");
    world.provider().act(Method::POST, &confirm, &etag, None).await.expect(200);
    assert_eq!(world.anyone().get(&path).await.json()["stale"], false);
}
