//! Intake of applications: continuous or in rounds, up to a maximum, and late by a public grant.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        KRISTIANSAND, Person, World, bpa_content,
        guarded::Act,
        people::{PAGE, SERVICE, profile, synthetic_number},
        town::Town,
    },
};

on_both_databases!(
    late_access_is_a_public_record_with_reason_and_expiry,
    a_cap_is_reached_by_approvals_that_stand;
    sqlite_alone:
    an_application_on_2_may_belongs_to_the_1_september_round,
    what_the_legal_basis_forbids_is_not_published,
    to_distribute_those_who_do_not_choose_needs_a_published_rule,
    an_add_on_price_never_stands_in_the_compensation_table,
    schemes_of_old_aalesund_stay_with_1508
);

/// Ålesund's main unit.
const AALESUND: &str = "929911709";

/// Cut-offs at the end of 1 May and of 1 September, in Norway.
fn rounds() -> Value {
    json!({"mode": "rounds", "rounds": [
        {"cutOff": "2026-05-01T21:59:59Z", "startsOn": "2026-06-01"},
        {"cutOff": "2026-09-01T21:59:59Z", "startsOn": "2026-10-01"},
    ]})
}

/// The content with its intake in rounds, and the tax certificate's age counted to the cut-off.
pub fn content_in_rounds() -> Value {
    let mut content = bpa_content();
    content["process"]["intake"] = rounds();
    content["criteria"][0]["evidence"][0]["maxAge"]["countedTo"] = json!("round-cutoff");
    content
}

async fn aalesund(world: &World) -> Town {
    let town = world.town(AALESUND);
    town.editor.sets_up("1508").await.expect(200);
    town
}

/// A registered provider with a complete draft for the offering; gives the draft's id.
async fn ready_to_submit(world: &World, count: usize, offering: &str) -> (Person, String) {
    let provider = world.provider_with_number(count);
    provider.registers(&synthetic_number(count), profile("Eksempel AS")).await.expect(200);
    let application = provider.drafts_application(offering).await;
    provider.completes(&application).await;
    (provider, application)
}

async fn an_application_on_2_may_belongs_to_the_1_september_round(world: World) {
    let offering = aalesund(&world).await.publish(SERVICE, content_in_rounds()).await;
    for (count, received, cut_off, not_before) in [
        // The cut-off itself is in time; a second later, which is 2 May in Norway, is not.
        (0, "2026-05-01T21:59:59Z", "2026-05-01T21:59:59Z", "2025-11-01"),
        (1, "2026-05-01T22:00:00Z", "2026-09-01T21:59:59Z", "2026-03-01"),
        (2, "2026-05-02T10:00:00Z", "2026-09-01T21:59:59Z", "2026-03-01"),
    ] {
        world.set_clock("2026-03-12T09:00:00Z");
        let (provider, application) = ready_to_submit(&world, count, &offering).await;
        world.set_clock(received);
        let submitted = provider.submits(&application).await.expect(200).json();
        let receipt = &submitted["case"]["receipt"];
        assert_eq!(receipt["receivedAt"], received);
        assert_eq!(receipt["round"]["cutOff"], cut_off, "{received}");
        assert!(receipt["round"].get("lateAccessId").is_none());
        // Ages that refer to the cut-off use that of the round.
        let age = &submitted["evidenceAges"][0];
        assert_eq!(
            (&age["countedTo"], &age["notBefore"]),
            (&json!("round-cutoff"), &json!(not_before))
        );
        let view = provider.get(&format!("/v1/applications/{application}")).await.json();
        assert_eq!(view["case"]["receipt"], *receipt);
    }
    let (provider, application) = ready_to_submit(&world, 3, &offering).await;
    world.set_clock("2026-09-01T22:00:00Z");
    provider.submits(&application).await.problem(409, "no-round-left");
}

async fn late_access_is_a_public_record_with_reason_and_expiry(world: World) {
    let town = aalesund(&world).await;
    let offering = town.publish(SERVICE, content_in_rounds()).await;
    let (provider, application) = ready_to_submit(&world, 0, &offering).await;
    let path = format!("/v1/offerings/{offering}/late-access");
    let reason = json!({"nb": "Innsendingen var nede siste kveld."});
    let body = json!({
        "provider": synthetic_number(0), "reason": reason, "expiresOn": "2026-05-08",
    });
    let maker = &town.decision_maker;
    maker.post(&path, body.clone()).await.problem(409, "no-round-missed");

    world.set_clock("2026-05-02T10:00:00Z");
    let bare = maker.post(&path, json!({})).await.expect(422);
    assert_eq!(bare.pointers(), ["/provider", "/reason", "/expiresOn"]);
    let mut past = body.clone();
    past["expiresOn"] = json!("2026-05-01");
    assert_eq!(maker.post(&path, past).await.expect(422).pointers(), ["/expiresOn"]);
    let act = Act::post(&path).with(body);
    let granted = world.only(maker, Role::DecisionMaker, act).await.expect(201);
    let record = granted.json_without_actions();
    assert_eq!((&record["reason"], &record["expiresOn"]), (&reason, &json!("2026-05-08")));
    assert_eq!(record["provider"], synthetic_number(0));

    let anyone = world.anyone();
    assert_eq!(anyone.get(&path).await.expect(200).json(), json!([record]));
    assert_eq!(anyone.get(&granted.header("location")).await.expect(200).json(), record);
    // Who may grant is told that another can be granted.
    let offered = maker.get(&granted.header("location")).await.expect(200).json();
    let action = &offered["actions"][0];
    assert_eq!((&action["operation"], &action["href"]), (&json!("lateAccessGrant"), &json!(path)));
    assert_eq!(action["possible"], true);
    let changes = anyone.get("/v1/changes").await.json()["items"].clone();
    let last = changes.as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["type"], "no.godkjent.late-access.granted.v1");
    assert_eq!((&last["data"], &last["municipality"]), (&record, &json!("1508")));

    // Counted in the missed round, and the receipt names the grant.
    let submitted = provider.submits(&application).await.expect(200).json();
    let round = &submitted["case"]["receipt"]["round"];
    assert_eq!(round["cutOff"], "2026-05-01T21:59:59Z");
    assert_eq!(round["lateAccessId"], record["id"]);
}

/// The content resting on a concession for one provider.
pub fn concession_for_one() -> Value {
    let mut content = bpa_content();
    content["legalBasis"] = json!("concession");
    content["process"]["maxProviders"] = json!(1);
    content
}

async fn a_cap_is_reached_by_approvals_that_stand(world: World) {
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    let offering = town.publish(SERVICE, concession_for_one()).await;
    world.registered_providers().await;
    let approval = town.approval(&world.provider(), &offering, &["whole"]).await;
    let other = world.other_provider();
    let application = other.drafts_application(&offering).await;
    other.completes(&application).await;
    other.submits(&application).await.problem(409, "offering-full");
    // The approved provider applies again when an end is set, and takes no new place.
    let again = world.provider().drafts_application(&offering).await;
    world.provider().completes(&again).await;
    let refused = world.provider().submits(&again).await.problem(409, "already-approved");
    assert_eq!(refused["existing"], format!("/v1/approvals/{approval}/case"));
    world.set_clock("2026-03-24T09:00:00Z");
    let until = Some("2027-12-31");
    let signed = town.decision_maker.records_contract(&approval, "2026-03-24", until);
    signed.await.expect(200);
    world.provider().submits(&again).await.expect(200);
    // A new version may raise it; the draft is measured by the version in force.
    let more = json!({"process": {"maxProviders": 2}});
    town.editor.changes(&offering, more).await.expect(200);
    town.editor.publishes(&offering).await.expect(201);
    other.submits(&application).await.expect(200);
}

async fn what_the_legal_basis_forbids_is_not_published(world: World) {
    let town = world.town(KRISTIANSAND);
    town.editor.sets_up("4204").await.expect(200);
    let mut content = bpa_content();
    content["process"]["maxProviders"] = json!(4);
    let body = json!({"service": SERVICE, "content": content});
    let refused = town.editor.post("/v1/offerings", body).await.expect(422);
    assert_eq!(refused.pointers(), ["/content/process/maxProviders"]);
    let offering = town.editor.drafts(SERVICE, bpa_content()).await;
    let change = |process: Value| town.editor.changes(&offering, json!({"process": process}));
    let capped = change(json!({"maxProviders": 4})).await.expect(422);
    assert_eq!(capped.pointers(), ["/process/maxProviders"]);
    let none = change(json!({"intake": {"mode": "rounds"}})).await.expect(200).json();
    assert_eq!(none["missing"][0]["pointer"], "/process/intake/rounds");
    let mixed = json!({"intake": {"mode": "running", "rounds": rounds()["rounds"]}});
    assert_eq!(change(mixed).await.expect(422).pointers(), ["/process/intake/rounds"]);
    let mut turned = rounds();
    turned["rounds"].as_array_mut().unwrap().reverse();
    let turned = change(json!({"intake": turned})).await.expect(422);
    assert_eq!(turned.pointers(), ["/process/intake/rounds/1"]);
    change(json!({"intake": rounds()})).await.expect(200);
    town.editor.publishes(&offering).await.expect(201);
    // Section 3-11 knew no last day to apply.
    let basis = town.editor.changes(&offering, json!({"legalBasis": "hol-3-11"})).await.expect(422);
    assert_eq!(basis.pointers(), ["/process/intake"]);
}

async fn to_distribute_those_who_do_not_choose_needs_a_published_rule(world: World) {
    let editor = world.editor();
    editor.sets_up("4204").await.expect(200);
    let offering = editor.drafts(SERVICE, bpa_content()).await;
    let rule = |rule: Value| editor.changes(&offering, json!({"citizen": {"defaultRule": rule}}));
    let draft = rule(json!({"kind": "distribute"})).await.expect(200).json();
    assert_eq!(draft["missing"][0]["pointer"], "/citizen/defaultRule/rule");
    let publish = &draft["actions"][1];
    assert_eq!((&publish["act"], &publish["possible"]), (&json!("publish"), &json!(false)));
    assert_eq!(publish["code"], "offering-incomplete");
    let refused = editor.publishes(&offering).await;
    assert_eq!(refused.pointers(), ["/citizen/defaultRule/rule"]);
    refused.problem(422, "offering-incomplete");
    let body = json!({"kind": "distribute", "rule": {"nb": "Etter tur, i alfabetisk rekkefølge."}});
    rule(body).await.expect(200);
    editor.publishes(&offering).await.expect(201);
}

async fn an_add_on_price_never_stands_in_the_compensation_table(world: World) {
    let offering = world.published_offering().await;
    let editor = world.editor();
    let line = bpa_content()["compensation"]["lines"][0].clone();
    let with = |name: &str, value: Value| {
        let mut line = line.clone();
        line[name] = value;
        editor.changes(&offering, json!({"compensation": {"lines": [line]}}))
    };
    with("addOn", json!(true)).await.problem(422, "unknown-field");
    with("provider", json!(synthetic_number(0))).await.problem(422, "unknown-field");
    assert_eq!(
        with("unit", json!("add-on")).await.expect(422).pointers(),
        ["/compensation/lines/0/unit"]
    );
    let page = world.anyone().get(PAGE).await.expect(200).json();
    let published = page["compensation"].as_array().unwrap();
    assert_eq!(published.len(), bpa_content()["compensation"]["lines"].as_array().unwrap().len());
}

async fn schemes_of_old_aalesund_stay_with_1508(world: World) {
    let town = aalesund(&world).await;
    let offering = town.publish(SERVICE, bpa_content()).await;
    let anyone = world.anyone();
    // The old number of Ålesund, from before the separation of Haram, leads to present Ålesund.
    for number in ["1508", "1507"] {
        let page = anyone.get(&format!("/v1/register/{number}/{SERVICE}")).await.expect(200).json();
        assert_eq!(page["municipality"]["number"], "1508");
        assert_eq!(page["offering"]["id"], offering);
    }
    anyone.get(&format!("/v1/register/1580/{SERVICE}")).await.problem(404, "not-found");
    let haram = anyone.get("/v1/offerings?municipality=1580").await.expect(200).json();
    assert_eq!(haram["items"], json!([]));
    let other = world.person("Hild Haram", Role::Editor, "829912252");
    let draft = format!("/v1/offerings/{offering}/draft");
    other.act(Method::PATCH, &draft, "\"2\"", Some(json!({}))).await.problem(404, "not-found");
}
