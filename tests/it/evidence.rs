//! Files of evidence: uploaded once, visible to the parties of a case only, never partly stored.

pub mod contact;
mod full;
mod handing_out;
mod retention;
mod reuse;
pub mod scanner;
mod sweep;

use std::fmt::Write;

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        Answer, BAERUM, KRISTIANSAND, Person, World,
        files::{metadata, multipart, pdf, upload},
        people::id,
    },
};

on_both_databases!(
    a_file_is_seen_by_its_provider_and_by_the_municipality_of_a_case_that_was_shown_it,
    a_consent_is_for_one_case_and_is_taken_back_before_the_submission,
    a_confidential_file_is_for_those_who_handle_the_case,
    evidence_in_words_goes_on_working;
    sqlite_alone:
    a_file_is_fetched_as_an_attachment_that_nothing_guesses_at,
    what_is_not_taken_leaves_nothing_behind,
    the_bytes_say_what_a_file_is
);

/// The files in the directory, without the store's own objects.
pub fn list_stored(world: &World) -> Vec<String> {
    let entries = std::fs::read_dir(world.directory()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !["registry.json", "swept.json", "trash"].contains(&&**name)).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    use aws_lc_rs::digest::{SHA256, digest};
    let mut text = String::new();
    for byte in digest(&SHA256, bytes).as_ref() {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

/// Callers that get 404 for the file and its bytes.
async fn finds_nothing(who: &Person, file: &str) {
    who.get(&format!("/v1/evidence/{file}")).await.problem(404, "not-found");
    who.fetches(file).await.problem(404, "not-found");
}

async fn a_file_is_seen_by_its_provider_and_by_the_municipality_of_a_case_that_was_shown_it(
    world: World,
) {
    let case = world.drafted_application().await;
    let (me, worker) = (world.provider(), world.case_worker());
    let bytes = pdf(700_000);
    let given = me.gives(metadata("tax-certificate"), &bytes).await.expect(201);
    let file = id(&given);
    assert_eq!(given.header("location"), format!("/v1/evidence/{file}"));
    let view = given.json();
    assert_eq!(view["content"]["sha256"], sha256(&bytes).as_str());
    assert_eq!(view["content"]["bytes"], 700_000);
    assert_eq!(view["content"]["mediaType"], "application/pdf");
    assert_eq!((&view["state"], &view["scan"]), (&json!("not-scanned"), &Value::Null));
    assert_eq!(me.get(&format!("/v1/evidence/{file}")).await.expect(200).json(), view);
    assert_eq!(me.pages("/v1/evidence?limit=1").await, [view]);
    assert_eq!(list_stored(&world), [file.as_str()]);

    let outside =
        [world.other_provider(), worker.clone(), world.person("Bo Case", Role::CaseWorker, BAERUM)];
    for who in &outside {
        finds_nothing(who, &file).await;
    }
    world.anyone().fetches(&file).await.problem(401, "unauthenticated");
    for role in [Role::Editor, Role::Auditor, Role::Operator] {
        let other = world.person("Feil Rolle", role, KRISTIANSAND);
        other.fetches(&file).await.problem(403, "role-missing");
    }
    assert_eq!(world.other_provider().pages("/v1/evidence").await, Vec::<Value>::new());
    let stolen = world.other_provider().drafts_application(&case.offering).await;
    let answer = world.other_provider().shows(&stolen, "tax-certificate", &file).await;
    answer.problem(404, "not-found");

    me.shows(&case.application, "tax-certificate", &file).await.expect(200);
    finds_nothing(&worker, &file).await;
    me.completes(&case.application).await;
    me.submits(&case.application).await.expect(200);
    for role in [Role::CaseWorker, Role::DecisionMaker, Role::Inspector] {
        let who = world.person("Kari Kommune", role, KRISTIANSAND);
        assert_eq!(who.fetches(&file).await.expect(200).bytes, bytes);
        who.get(&format!("/v1/evidence/{file}")).await.expect(200);
    }
    for who in [&outside[0], &outside[2]] {
        finds_nothing(who, &file).await;
    }
    let seen = worker.get(&format!("/v1/applications/{}", case.application)).await.json();
    let piece = &seen["evidence"][0];
    assert_eq!(piece["evidenceId"], file.as_str());
    assert_eq!(piece["document"]["sha256"], sha256(&bytes).as_str());
    assert_eq!(piece["consentedAt"], "2026-03-12T09:00:00Z");
    assert_eq!(seen.get("coverage"), None, "that is the provider's alone");
}

async fn a_file_is_fetched_as_an_attachment_that_nothing_guesses_at(world: World) {
    world.registered_providers().await;
    let me = world.provider();
    let bytes = pdf(4000);
    let head = "; filename=\"B\u{e6}rum \u{2013} plan;.pdf\"";
    let file = id(&me.sends(upload(&metadata("insurance"), head, &bytes)).await.expect(201));
    let fetched = me.fetches(&file).await.expect(200);
    assert_eq!(fetched.bytes, bytes);
    assert_eq!(fetched.header("content-type"), "application/pdf");
    assert_eq!(fetched.header("content-length"), "");
    let name = fetched.header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"B_rum _ plan_.pdf\"; "), "{name}");
    assert!(name.ends_with("filename*=UTF-8''B%C3%A6rum%20%E2%80%93%20plan%3B.pdf"), "{name}");
    assert_eq!(fetched.header("x-content-type-options"), "nosniff");
    assert_eq!(fetched.header("cache-control"), "no-store");
    assert_eq!(fetched.header("content-security-policy"), "default-src 'none'; sandbox");
    assert!(fetched.header("repr-digest").starts_with("sha-256=:"));
}

async fn what_is_not_taken_leaves_nothing_behind(world: World) {
    let me = world.provider();
    let good = || metadata("insurance");
    me.gives(good(), &pdf(4000)).await.problem(409, "provider-not-registered");
    world.registered_providers().await;
    let journal = world.auditor().audits().await.len();

    me.gives(good(), &pdf((1 << 20) + 1)).await.problem(413, "file-too-large");
    me.gives(good(), b"\x7fELF\x02\x01\x01\0\0\0\0\0").await.problem(415, "content-not-allowed");
    me.gives(good(), b"").await.problem(415, "content-not-allowed");
    me.gives(good(), b"PK\x03\x04 and no more").await.problem(415, "content-not-allowed");
    let declared = "\r\nContent-Type: image/png";
    let other = me.sends(upload(&good(), declared, &pdf(4000))).await;
    other.problem(422, "content-mismatch");
    let certificate = me.gives(metadata("police-certificate"), &pdf(4000)).await;
    certificate.problem(422, "police-certificate-file");
    let mut tomorrow = good();
    tomorrow["issuedOn"] = json!("2026-03-13");
    let answer = me.gives(tomorrow, &pdf(4000)).await;
    assert_eq!(answer.pointers(), ["/issuedOn"]);
    answer.problem(422, "validation");
    let answer = me.gives(json!({"confidential": {}}), &pdf(4000)).await;
    assert_eq!(answer.pointers(), ["/kind", "/title", "/issuedOn", "/confidential/reason"]);
    let colour = json!({"kind": "insurance", "colour": "red"});
    me.gives(colour, &pdf(4000)).await.problem(422, "unknown-field");

    let description = good().to_string();
    let (first, file) = (("metadata", "", description.as_bytes()), ("file", "", &*pdf(4000)));
    for parts in [vec![], vec![file], vec![first], vec![file, first], vec![first, file, first]] {
        me.sends(multipart(&parts)).await.problem(400, "malformed-multipart");
    }
    let (kind, body) = upload(&good(), "", &pdf(4000));
    for end in [0, 10, body.len() / 2, body.len() - 5] {
        let cut = me.sends((kind.clone(), body[..end].to_vec())).await;
        cut.problem(400, "malformed-multipart");
    }
    let no_boundary = me.sends(("multipart/form-data".to_owned(), body.clone())).await;
    no_boundary.problem(400, "malformed-multipart");
    let json = me.post("/v1/evidence", good()).await;
    assert_eq!(json.header("accept-post"), "multipart/form-data");
    json.problem(415, "unsupported-media-type");

    assert_eq!(list_stored(&world), Vec::<String>::new());
    assert_eq!(me.pages("/v1/evidence").await, Vec::<Value>::new());
    assert_eq!(world.auditor().audits().await.len(), journal);
    me.gives(good(), &pdf(1 << 20)).await.expect(201);
}

async fn the_bytes_say_what_a_file_is(world: World) {
    world.registered_providers().await;
    let me = world.provider();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "Vaktplan").unwrap();
    let xlsx = workbook.save_to_buffer().unwrap();
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0...\xff\xd9".to_vec();
    let files = [
        (xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (jpeg, "image/jpeg"),
        ("Rutine for bl\u{e5}b\u{e6}r\n".as_bytes().to_vec(), "text/plain"),
    ];
    for (bytes, media_type) in files {
        for declared in ["application/octet-stream", media_type] {
            let head = format!("; filename=\"x.exe\"\r\nContent-Type: {declared}");
            let given = me.sends(upload(&metadata("insurance"), &head, &bytes)).await.expect(201);
            assert_eq!(given.json()["content"]["mediaType"], media_type);
            let fetched = me.fetches(&id(&given)).await.expect(200);
            assert_eq!(
                (fetched.header("content-type"), fetched.bytes),
                (media_type.to_owned(), bytes.clone().into())
            );
        }
    }
}

/// Takes a file off a case again.
async fn takes_back(who: &Person, application: &str, piece: &str) -> Answer {
    let path = format!("/v1/applications/{application}");
    let etag = who.get(&path).await.expect(200).etag();
    let path = format!("{path}/evidence/{piece}/consent-withdrawal");
    who.act(Method::POST, &path, &etag, None).await
}

async fn a_consent_is_for_one_case_and_is_taken_back_before_the_submission(world: World) {
    let case = world.drafted_application().await;
    let (me, worker) = (world.provider(), world.case_worker());
    let file = me.gives_pdf("tax-certificate").await;
    let criterion = "tax-certificate";
    let without = json!({"criterion": criterion, "evidenceId": file});
    me.attaches(&case.application, without).await.problem(422, "consent-missing");
    let twice = json!({
        "criterion": criterion, "evidenceId": file, "consent": true, "title": "Attest"
    });
    let answer = me.attaches(&case.application, twice).await;
    assert_eq!(answer.pointers(), ["/title"]);
    let unknown = uuid::Uuid::nil().to_string();
    me.shows(&case.application, criterion, &unknown).await.problem(404, "not-found");

    let view = me.shows(&case.application, criterion, &file).await.expect(200).json();
    let piece = view["evidence"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/applications/{}/evidence/{piece}/consent-withdrawal", case.application);
    let stranger = world.other_provider();
    stranger.act(Method::POST, &path, "\"2\"", None).await.problem(404, "not-found");
    let back = takes_back(&me, &case.application, &piece).await.expect(200).json();
    assert_eq!(back["evidence"], json!([]));
    me.completes(&case.application).await;
    me.submits(&case.application).await.expect(200);
    finds_nothing(&worker, &file).await;

    // Another case of the same provider, in another municipality.
    let town = world.town(BAERUM);
    town.editor.sets_up("3201").await.expect(200);
    let offering = town.publish("personal-assistance", crate::world::bpa_content()).await;
    let other = me.drafts_application(&offering).await;
    let view = me.shows(&other, criterion, &file).await.expect(200).json();
    me.completes(&other).await;
    me.submits(&other).await.expect(200);
    finds_nothing(&worker, &file).await;
    town.case_worker.fetches(&file).await.expect(200);
    let piece = view["evidence"][0]["id"].as_str().unwrap().to_owned();
    takes_back(&me, &other, &piece).await.problem(409, "illegal-transition");
    town.case_worker.fetches(&file).await.expect(200);
}

async fn a_confidential_file_is_for_those_who_handle_the_case(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let mut description = metadata("tax-certificate");
    description["confidential"] = json!({"reason": "Priser fra underleverand\u{f8}rer."});
    let given = me.gives(description.clone(), &pdf(4000)).await.expect(201);
    assert_eq!(given.json()["confidential"], description["confidential"]);
    let file = id(&given);
    me.shows(&case.application, "tax-certificate", &file).await.expect(200);
    me.completes(&case.application).await;
    me.submits(&case.application).await.expect(200);
    for who in [world.case_worker(), world.decision_maker()] {
        who.fetches(&file).await.expect(200);
        let view = who.get(&format!("/v1/evidence/{file}")).await.expect(200).json();
        assert_eq!(view["confidential"], description["confidential"]);
    }
    let inspector = world.person("Ina Inspekt\u{f8}r", Role::Inspector, KRISTIANSAND);
    finds_nothing(&inspector, &file).await;
    let seen = inspector.get(&format!("/v1/applications/{}", case.application)).await.json();
    assert_eq!(seen["evidence"][0]["confidential"], true);
    let journal = serde_json::to_string(&world.auditor().audits().await).unwrap();
    for hidden in ["Priser", "attest.pdf"] {
        assert!(!journal.contains(hidden), "{hidden}");
    }
}

async fn evidence_in_words_goes_on_working(world: World) {
    let case = world.drafted_application().await;
    let me = world.provider();
    let seen = json!({
        "criterion": "police-certificate-routine", "kind": "police-certificate", "title": "Sett",
        "issuedOn": "2026-02-20"
    });
    let view = me.attaches(&case.application, seen).await.expect(200).json();
    assert_eq!(view["evidence"][0].get("evidenceId"), None);
    let answer = me.attaches(&case.application, json!({})).await;
    assert_eq!(answer.pointers(), ["/criterion", "/kind", "/title", "/issuedOn"]);
    answer.problem(422, "validation");
}
