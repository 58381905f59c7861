//! Safe retries: a command with the same key is executed once, and answered alike.

use actix_web::{http::Method, web};
use chrono::TimeDelta;
use godkjent::{app, domain::role::Role};
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        Answer, BAERUM, Person, Request, World, bpa_content,
        people::{Assessed, answered_while_the_other_runs, at_once},
    },
};

on_both_databases!(
    a_retry_is_answered_as_the_first_time_and_does_nothing,
    a_retry_is_answered_though_the_resource_has_moved_on,
    the_same_key_with_another_request_is_refused,
    what_was_refused_can_be_corrected_under_the_same_key,
    a_key_is_the_callers_own,
    an_answer_is_kept_for_seven_days,
    of_many_on_two_instances_one_acts_and_the_others_hear_of_it,
    a_key_that_is_at_work_is_told_so,
);

const KEY: &str = "\"0197f6c8-0000-7000-8000-00000000000a\"";

/// An offering to be drafted under a key.
fn drafting(who: &Person, key: &str) -> Request {
    let body = json!({"service": "personal-assistance", "content": bpa_content()});
    who.request(Method::POST, "/v1/offerings").header("Idempotency-Key", key).json(&body)
}

fn acting(who: &Person, path: &str, etag: &str) -> Request {
    who.request(Method::POST, path).header("If-Match", etag).header("Idempotency-Key", KEY)
}

fn is_replayed(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

/// Equal to the last byte, except for the replay header.
#[track_caller]
fn same(first: &Answer, again: &Answer) {
    assert!(!is_replayed(first) && is_replayed(again), "{}", again.text);
    assert_eq!((first.status, &first.text), (again.status, &again.text));
    for name in ["location", "etag", "content-type", "cache-control"] {
        assert_eq!(first.header(name), again.header(name), "{name}");
    }
}

async fn journal(world: &World) -> usize {
    world.auditor().audits().await.len()
}

async fn a_retry_is_answered_as_the_first_time_and_does_nothing(world: World) {
    let editor = world.editor();
    let first = drafting(&editor, KEY).send().await.expect(201);
    let rows = journal(&world).await;
    same(&first, &drafting(&editor, KEY).send().await);
    // A bare key is the same as one in quotes.
    same(&first, &drafting(&editor, KEY.trim_matches('"')).send().await);
    same(&first, &drafting(&world.another_instance().await.editor(), KEY).send().await);
    assert_eq!(journal(&world).await, rows);
    drafting(&editor, "another-key").send().await.problem(409, "offering-exists");
}

async fn a_retry_is_answered_though_the_resource_has_moved_on(world: World) {
    let case = world.drafted_application().await;
    let (provider, path) = (world.provider(), format!("/v1/applications/{}", case.application));
    provider.completes(&case.application).await;
    let etag = provider.get(&path).await.etag();
    let submission = format!("{path}/submission");
    let first = acting(&provider, &submission, &etag).send().await.expect(200);
    world.case_worker().declares_impartiality(&case.application).await.expect(200);
    assert_ne!(provider.get(&path).await.etag(), first.etag());
    let rows = journal(&world).await;
    same(&first, &acting(&provider, &submission, &etag).send().await);
    assert_eq!(journal(&world).await, rows);
    provider.act(Method::POST, &submission, &etag, None).await.problem(412, "precondition-failed");
    // A decision is signed once, too.
    world.assess(&case.application, Assessed::AllMet).await;
    let (maker, decision) = (world.decision_maker(), format!("{path}/decision"));
    maker.declares_impartiality(&case.application).await.expect(200);
    let etag = maker.get(&path).await.etag();
    let approve = json!({"outcome": "approve"});
    let first = acting(&maker, &decision, &etag).json(&approve).send().await.expect(201);
    let again = acting(&maker, &decision, &etag).json(&approve).send().await;
    same(&first, &again);
    assert_eq!(
        again.header("location"),
        format!("/v1/decisions/{}", first.json()["id"].as_str().unwrap())
    );
}

async fn the_same_key_with_another_request_is_refused(world: World) {
    let editor = world.editor();
    let draft = drafting(&editor, KEY).send().await.expect(201);
    let rows = journal(&world).await;
    let other = json!({"service": "practical-help"});
    let request = || editor.request(Method::POST, "/v1/offerings").header("Idempotency-Key", KEY);
    let problem = request().json(&other).send().await.problem(422, "idempotency-key-reused");
    assert_eq!(problem["errors"][0]["parameter"], "Idempotency-Key");
    // A body that cannot be read is another one, too.
    request().body("application/json", "{").send().await.problem(422, "idempotency-key-reused");
    // So is another condition.
    world.editor().sets_up("4204").await.expect(200);
    let path = draft.header("location").replace("draft", "publication");
    acting(&editor, &path, &draft.etag()).send().await.expect(201);
    acting(&editor, &path, "\"7\"").send().await.problem(422, "idempotency-key-reused");
    assert_eq!(journal(&world).await, rows + 2);
}

async fn what_was_refused_can_be_corrected_under_the_same_key(world: World) {
    let case = world.drafted_application().await;
    let (provider, path) = (world.provider(), format!("/v1/applications/{}", case.application));
    let submission = format!("{path}/submission");
    let etag = provider.get(&path).await.etag();
    let submit = |etag: String| acting(&provider, &submission, &etag).send();
    submit(etag.clone()).await.problem(422, "application-incomplete");
    provider.completes(&case.application).await;
    submit(etag).await.problem(412, "precondition-failed");
    submit("7".to_owned()).await.problem(400, "etag-form");
    let first = submit(provider.get(&path).await.etag()).await.expect(200);
    assert!(!is_replayed(&first));
}

async fn a_key_is_the_callers_own(world: World) {
    let first = drafting(&world.editor(), KEY).send().await.expect(201);
    // A colleague, another organisation, another role, and no caller.
    let colleague = world.person("Erik Editor", Role::Editor, crate::world::KRISTIANSAND);
    drafting(&colleague, KEY).send().await.problem(409, "offering-exists");
    let neighbour = world.person("Eva Editor", Role::Editor, BAERUM);
    let theirs = drafting(&neighbour, KEY).send().await.expect(201);
    assert_ne!(theirs.header("location"), first.header("location"));
    let same_name = world.person("Eva Editor", Role::CaseWorker, crate::world::KRISTIANSAND);
    drafting(&same_name, KEY).send().await.problem(403, "role-missing");
    drafting(&world.anyone(), KEY).send().await.problem(401, "unauthenticated");
    // Without a token, errors of a key are not revealed.
    drafting(&world.anyone(), "").send().await.problem(401, "unauthenticated");
    same(&first, &drafting(&world.editor(), KEY).send().await);
}

async fn an_answer_is_kept_for_seven_days(world: World) {
    let editor = world.editor();
    let first = drafting(&editor, KEY).send().await.expect(201);
    let forget = || async {
        let (state, now) = (world.state.clone(), world.state.context.now());
        web::block(move || state.store.forget_answers(now).unwrap()).await.unwrap()
    };
    world.pass(TimeDelta::days(7) - TimeDelta::milliseconds(1));
    assert_eq!(forget().await, 0);
    same(&first, &drafting(&editor, KEY).send().await);
    world.pass(TimeDelta::milliseconds(1));
    drafting(&editor, KEY).send().await.problem(409, "offering-exists");
    assert_eq!(forget().await, 1);
    assert_eq!(forget().await, 0);
    // The key is free again, even before the old answer is deleted.
    let body = json!({"service": "practical-help"});
    let draft = || {
        let request = editor.request(Method::POST, "/v1/offerings").header("Idempotency-Key", KEY);
        request.json(&body).send()
    };
    draft().await.expect(201);
    world.pass(TimeDelta::days(8));
    draft().await.problem(409, "offering-exists");
}

async fn of_many_on_two_instances_one_acts_and_the_others_hear_of_it(world: World) {
    let other = world.another_instance().await;
    let before = journal(&world).await;
    let editors = [world.editor(), other.editor(), world.editor(), other.editor()];
    let answers = at_once(editors.iter().map(|who| drafting(who, KEY)).collect()).await;
    let created = |answer: &&Answer| answer.status == 201;
    assert_eq!(answers.iter().filter(created).filter(|answer| !is_replayed(answer)).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.clone().problem(409, "idempotency-in-progress");
    }
    let first = answers.iter().find(|answer| answer.status == 201).unwrap();
    for answer in answers.iter().filter(created) {
        assert_eq!(answer.text, first.text);
    }
    assert_eq!(journal(&world).await, before + 1);
    assert!(is_replayed(&drafting(&other.editor(), KEY).send().await.expect(201)));
}

async fn a_key_that_is_at_work_is_told_so(world: World) {
    let editor = world.editor();
    let two = [drafting(&editor, KEY), drafting(&editor, KEY)];
    let [refused, created] = answered_while_the_other_runs(two).await;
    assert_eq!(refused.header("retry-after"), "1");
    let problem = refused.problem(409, "idempotency-in-progress");
    assert_eq!(problem["errors"][0]["parameter"], "Idempotency-Key");
    assert_eq!(created.status, 201);
    same(&created, &drafting(&editor, KEY).send().await);
}

#[actix_web::test]
async fn a_key_has_a_form() {
    let world = World::on_sqlite().await;
    let editor = world.editor();
    let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
    let wrong = [
        "",
        "\"\"",
        "\"",
        "a b",
        "\"a b\"",
        "\"open",
        "a\"b",
        "a\\b",
        "nøkkel",
        "\t",
        &too_long,
        "\"a\";b=1",
        "\"a\", \"b\"",
    ];
    for key in wrong {
        let answer = drafting(&editor, key).send().await;
        let problem = answer.problem(400, "idempotency-key-form");
        assert_eq!(problem["errors"][0]["parameter"], "Idempotency-Key", "{key}");
    }
    let two = drafting(&editor, "one").another_header("Idempotency-Key", "two");
    two.send().await.problem(400, "idempotency-key-form");
    drafting(&editor, &longest).send().await.expect(201);
    assert!(is_replayed(&drafting(&editor, &format!("\"{longest}\"")).send().await.expect(201)));
}

/// Requests other than POST commands ignore a key: preconditions protect them.
#[actix_web::test]
async fn a_key_changes_nothing_elsewhere() {
    let world = World::on_sqlite().await;
    let put = |key: &'static str, condition: &'static str| {
        let request = world.editor().request(Method::PUT, "/v1/municipalities/4204");
        let request = request.header("Idempotency-Key", key).header("If-None-Match", condition);
        request.json(&crate::problems::scene::settings()).send()
    };
    put("no key at all", "*").await.expect(200);
    put("no key at all", "*").await.problem(412, "precondition-failed");
    let lookup = json!({"organisationNumbers": ["313000028"]});
    for who in [world.anyone(), world.provider()] {
        let request = who.request(Method::POST, "/v1/approvals/lookup");
        let answer = request.header("Idempotency-Key", "k").json(&lookup).send().await.expect(200);
        assert!(!is_replayed(&answer));
    }
}

/// Every POST with a token that changes something documents its key and its replay.
#[test]
fn the_document_tells_of_the_key_at_every_act() {
    let document = serde_json::to_value(app::document()).unwrap();
    let mut acts = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let named = |it: &&Value| it["name"] == "Idempotency-Key" && it["in"] == "header";
            // A file is streamed, and takes no key.
            let is_upload = operation["requestBody"]["content"]["multipart/form-data"].is_object();
            let is_preview = path.ends_with("/preview");
            let is_public = operation["security"] == json!([]);
            let act = method == "post" && !is_public && !is_upload && !is_preview;
            assert_eq!(
                parameters.iter().filter(named).count(),
                usize::from(act),
                "{method} {path}"
            );
            let answers = operation["responses"].as_object().unwrap();
            for (status, answer) in answers.iter().filter(|_| act) {
                let is_documented = answer["headers"]["Idempotency-Replayed"].is_object();
                assert_eq!(is_documented, status.starts_with('2'), "{method} {path} {status}");
            }
            acts += usize::from(act);
        }
    }
    assert!(acts > 40);
}
