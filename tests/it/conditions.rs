//! Preconditions: no lost updates, and of two simultaneous writers one wins.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    world::{
        Answer, PROVIDER, Person, Request, World, bpa_content,
        people::{Assessed, SERVICE, at_once, evidence, profile, revocation, settings, warning},
    },
};

on_both_databases!(
    every_act_needs_the_revision_it_was_read_at,
    a_stale_act_changes_nothing,
    a_put_says_whether_it_creates_or_replaces,
    of_many_who_submit_at_once_one_wins,
    of_many_who_assess_at_once_one_wins,
    of_many_who_sign_at_once_one_wins,
    of_many_who_revoke_at_once_one_wins,
    of_many_who_apply_at_once_one_wins,
    of_many_who_create_at_once_one_wins,
    a_draft_is_the_providers_alone_also_when_it_is_withdrawn;
    sqlite_alone:
    a_condition_must_be_one_entity_tag
);

/// Number of simultaneous writers.
const CROWD: usize = 8;

type Attempt = (Person, Method, String, Option<Value>);

/// Every command on an existing resource, by a permitted person.
async fn every_act(world: &World) -> Vec<Attempt> {
    let case = world.send_notice().await;
    let (editor, provider) = (world.editor(), world.provider());
    let (kari, dag) = (world.case_worker(), world.decision_maker());
    let offering = format!("/v1/offerings/{}", case.offering);
    let application = format!("/v1/applications/{}", case.application);
    let approval = format!("/v1/approvals/{}", case.approval);
    let to = |person: &Person, method: Method, path: String, body: Value| {
        (person.clone(), method, path, Some(body).filter(|body| !body.is_null()))
    };
    let (post, put) = (Method::POST, Method::PUT);
    let assessed = json!({"outcome": "met", "note": "Sett."});
    let contract = json!({"number": "1", "signedOn": "2026-03-12", "from": "2026-03-12"});
    let reply = format!("/v1/prior-notices/{}/reply", case.notice);
    vec![
        to(&editor, Method::PATCH, format!("{offering}/draft"), json!({})),
        to(&editor, post.clone(), format!("{offering}/publication"), Value::Null),
        to(&provider, Method::PATCH, application.clone(), json!({"zones": []})),
        to(
            &provider,
            put.clone(),
            format!("{application}/answers/environment"),
            json!({"declaredMet": true}),
        ),
        to(
            &provider,
            post.clone(),
            format!("{application}/evidence"),
            evidence("environment", "certificate"),
        ),
        to(&provider, post.clone(), format!("{application}/submission"), Value::Null),
        to(&provider, post.clone(), format!("{application}/withdrawal"), Value::Null),
        to(&kari, post.clone(), format!("{application}/impartiality"), json!({"impartial": true})),
        to(&kari, post.clone(), format!("{application}/assessment-start"), Value::Null),
        to(&kari, put, format!("{application}/assessments/environment"), assessed),
        to(&dag, post.clone(), format!("{application}/decision"), json!({"outcome": "approve"})),
        to(&dag, post.clone(), format!("{approval}/contract"), contract),
        to(&kari, post.clone(), format!("{approval}/prior-notices"), warning("terms-breach")),
        to(
            &dag,
            post.clone(),
            format!("{approval}/revocation"),
            revocation(&case.notice, "terms-breach"),
        ),
        to(&provider, post, reply, json!({"text": "Rettet."})),
    ]
}

fn request(attempt: &Attempt) -> Request {
    let (person, method, path, body) = attempt;
    let request = person.request(method.clone(), path);
    match body {
        Some(body) => request.json(body),
        None => request,
    }
}

async fn every_act_needs_the_revision_it_was_read_at(world: World) {
    let attempts = every_act(&world).await;
    let rows = world.auditor().audits().await.len();
    for attempt in &attempts {
        request(attempt).send().await.problem(428, "precondition-required");
        let any = request(attempt).header("If-Match", "*").send().await;
        any.problem(428, "precondition-required");
        let stale = request(attempt).header("If-Match", "\"999\"").send().await;
        stale.problem(412, "precondition-failed");
    }
    assert_eq!(world.auditor().audits().await.len(), rows, "nothing was changed");
}

async fn a_condition_must_be_one_entity_tag(world: World) {
    let case = world.drafted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    let patch = |tag: &str| {
        let request = world.provider().request(Method::PATCH, &path).header("If-Match", tag);
        request.body("application/merge-patch+json", r#"{"zones": ["whole"]}"#).send()
    };
    for malformed in ["1", "W/\"1\"", "\"\"", "\"one\"", "\"1", "\"1\", \"2\"", "\"-1\"", ""] {
        let problem = patch(malformed).await.problem(400, "etag-form");
        assert_eq!(problem["errors"][0]["parameter"], "If-Match", "{malformed}");
    }
    patch("\"1\"").await.expect(200);
}

async fn a_stale_act_changes_nothing(world: World) {
    let case = world.drafted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    let provider = world.provider();
    let old = provider.get(&path).await.expect(200).etag();
    let zones = Some(json!({"zones": ["whole"]}));
    let new = provider.act(Method::PATCH, &path, &old, zones).await.expect(200);
    assert_ne!(new.etag(), old);
    let overwriting = provider.act(Method::PATCH, &path, &old, Some(json!({"zones": []}))).await;
    overwriting.problem(412, "precondition-failed");
    let now = provider.get(&path).await;
    assert_eq!((now.etag(), now.json()["zones"].clone()), (new.etag(), json!(["whole"])));
}

async fn a_put_says_whether_it_creates_or_replaces(world: World) {
    let (editor, provider) = (world.editor(), world.provider());
    let provider_path = format!("/v1/providers/{PROVIDER}");
    for (person, path, body, field) in [
        (&editor, "/v1/municipalities/4204", settings(), "decidingBody"),
        (&provider, provider_path.as_str(), profile("Eksempel AS"), "name"),
    ] {
        let mut other = body.clone();
        other[field] = json!("Et annet navn");
        let put_body = |body: &Value, headers: &[(&str, &str)]| {
            let request = person.request(Method::PUT, path).json(body);
            headers
                .iter()
                .fold(request, |request, (name, value)| request.header(name, value))
                .send()
        };
        let put = |headers: &[(&str, &str)]| put_body(&body, headers);
        put(&[]).await.problem(428, "precondition-required");
        put(&[("If-None-Match", "\"1\"")]).await.problem(428, "precondition-required");
        put(&[("If-Match", "*")]).await.problem(428, "precondition-required");
        put(&[("If-Match", "1")]).await.problem(400, "etag-form");
        put(&[("If-Match", "\"1\"")]).await.problem(412, "precondition-failed");
        let first = put(&[("If-None-Match", "*")]).await.expect(200).etag();
        put(&[("If-None-Match", "*")]).await.problem(412, "precondition-failed");
        put(&[("If-None-Match", "*"), ("If-Match", &first)]).await.problem(400, "etag-form");
        let public = world.anyone().get(path).await.expect(200).etag();
        let second = put_body(&other, &[("If-Match", &public)]).await.expect(200).etag();
        assert_ne!(first, second);
        put(&[("If-Match", &first)]).await.problem(412, "precondition-failed");
        // An equal value is accepted, without a row or a new revision.
        assert_eq!(put_body(&other, &[("If-Match", &second)]).await.expect(200).etag(), second);
    }
    assert_eq!(world.auditor().audits_without_notices().await.len(), 4);
}

/// Simultaneous commands with the same precondition.
async fn crowd(attempt: impl Fn(usize) -> Request) -> Vec<Answer> {
    at_once((0..CROWD).map(attempt).collect()).await
}

/// One was accepted and all others got the reason; returns the accepted one.
#[track_caller]
fn one_wins(answers: Vec<Answer>, won: u16, lost: (u16, &str)) -> Answer {
    let (winners, losers): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status.as_u16() == won);
    assert_eq!((winners.len(), losers.len()), (1, CROWD - 1), "{winners:?} {losers:?}");
    for loser in losers {
        loser.problem(lost.0, lost.1);
    }
    winners.into_iter().next().unwrap()
}

const STALE: (u16, &str) = (412, "precondition-failed");

/// How often something happened.
async fn times(world: &World, event: &str) -> usize {
    world.auditor().audits().await.iter().filter(|row| row["event"] == event).count()
}

async fn of_many_who_submit_at_once_one_wins(world: World) {
    let case = world.drafted_application().await;
    let provider = world.provider();
    provider.completes(&case.application).await;
    let path = format!("/v1/applications/{}", case.application);
    let etag = provider.get(&path).await.etag();
    let submit = |_| {
        let request = provider.request(Method::POST, &format!("{path}/submission"));
        request.header("If-Match", &etag)
    };
    let won = one_wins(crowd(submit).await, 200, STALE);
    assert_eq!(won.json()["case"]["receipt"]["reference"], "4204-2026-S1");
    assert_eq!(provider.get(&path).await.text, won.text);
    assert_eq!(times(&world, "application.submitted").await, 1);
}

async fn of_many_who_assess_at_once_one_wins(world: World) {
    let case = world.submitted_application().await;
    let kari = world.case_worker();
    kari.declares_impartiality(&case.application).await.expect(200);
    let etag = kari.starts_assessment(&case.application).await.expect(200).etag();
    let path = format!("/v1/applications/{}", case.application);
    let assess = |i: usize| {
        let line = format!("{path}/assessments/environment");
        let body = json!({"outcome": "met", "note": format!("Vurdert av nummer {i}.")});
        kari.request(Method::PUT, &line).header("If-Match", &etag).json(&body)
    };
    let won = one_wins(crowd(assess).await, 200, STALE);
    assert_eq!(kari.get(&path).await.text, won.text, "what was answered is what is kept");
    assert_eq!(times(&world, "application.criterion-assessed").await, 1);
}

async fn of_many_who_sign_at_once_one_wins(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let dag = world.decision_maker();
    let path = format!("/v1/applications/{}", case.application);
    let etag = dag.get(&path).await.etag();
    let sign = |_| {
        let request = dag.request(Method::POST, &format!("{path}/decision"));
        request.header("If-Match", &etag).json(&json!({"outcome": "approve"}))
    };
    let won = one_wins(crowd(sign).await, 201, STALE);
    assert_eq!(won.json()["number"], "4204-2026/1");
    assert_eq!(dag.get(&path).await.json()["decisionId"], won.json()["id"]);
    let approval = won.json()["approvalId"].as_str().unwrap().to_owned();
    let etag = dag.get(&format!("/v1/approvals/{approval}/case")).await.etag();
    let contract = json!({"number": "1", "signedOn": "2026-03-12", "from": "2026-03-12"});
    let record = |_| {
        let request = dag.request(Method::POST, &format!("/v1/approvals/{approval}/contract"));
        request.header("If-Match", &etag).json(&contract)
    };
    one_wins(crowd(record).await, 200, STALE);
    let listed = world.anyone().get("/v1/approvals").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["id"], approval);
}

async fn of_many_who_revoke_at_once_one_wins(world: World) {
    let case = world.send_notice().await;
    world.provider().replies(&case.notice).await.expect(200);
    let dag = world.decision_maker();
    let path = format!("/v1/approvals/{}", case.approval);
    let etag = world.anyone().get(&path).await.etag();
    let body = revocation(&case.notice, "terms-breach");
    let revoke = |_| {
        let request = dag.request(Method::POST, &format!("{path}/revocation"));
        request.header("If-Match", &etag).json(&body)
    };
    let won = one_wins(crowd(revoke).await, 201, STALE);
    let revoked = world.anyone().get(&path).await.json();
    assert_eq!(revoked["status"], "revoked");
    assert_eq!(revoked["revocation"]["decisionId"], won.json()["id"]);
    assert_eq!(won.json()["number"], "4204-2026/2");
    let feed = world.anyone().get("/v1/changes").await.json();
    let sequence: Vec<_> =
        feed["items"].as_array().unwrap().iter().map(|c| &c["sequence"]).collect();
    assert_eq!(sequence, ["1", "2", "3", "4", "5", "6", "7", "8"]);
}

async fn of_many_who_apply_at_once_one_wins(world: World) {
    let offering = world.published_offering().await;
    world.registered_providers().await;
    let provider = world.provider();
    let apply = |_| {
        let request = provider.request(Method::POST, "/v1/applications");
        request.json(&json!({"offeringId": offering}))
    };
    let answers = crowd(apply).await;
    let first = answers.iter().find(|answer| answer.status == 201).unwrap().header("location");
    for loser in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(loser.json()["existing"], first);
    }
    one_wins(answers, 201, (409, "duplicate-application"));
    assert_eq!(provider.pages("/v1/applications").await.len(), 1);
    let id = first.rsplit('/').next().unwrap();
    provider.withdraws(id).await.expect(200);
    one_wins(crowd(apply).await, 201, (409, "duplicate-application"));
    assert_eq!(provider.pages("/v1/applications").await.len(), 2);
}

async fn of_many_who_create_at_once_one_wins(world: World) {
    let (editor, provider) = (world.editor(), world.provider());
    let put = |person: &Person, path: &str, body: Value| {
        person.request(Method::PUT, path).header("If-None-Match", "*").json(&body)
    };
    let path = format!("/v1/providers/{PROVIDER}");
    let register = |i: usize| put(&provider, &path, profile(&format!("Navn {i}")));
    one_wins(crowd(register).await, 200, STALE);
    let set_up = |_| put(&editor, "/v1/municipalities/4204", settings());
    one_wins(crowd(set_up).await, 200, STALE);
    let draft = |_| {
        let body = json!({"service": SERVICE, "content": bpa_content()});
        editor.request(Method::POST, "/v1/offerings").json(&body)
    };
    let answers = crowd(draft).await;
    let won = one_wins(answers, 201, (409, "offering-exists"));
    let path = won.header("location").replace("/draft", "/publication");
    let publish = |_| editor.request(Method::POST, &path).header("If-Match", "\"1\"");
    one_wins(crowd(publish).await, 201, STALE);
    assert_eq!(world.auditor().audits_without_notices().await.len(), 4);
}

async fn a_draft_is_the_providers_alone_also_when_it_is_withdrawn(world: World) {
    let case = world.drafted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    let kari = world.case_worker();
    kari.get(&path).await.problem(404, "not-found");
    world.provider().withdraws(&case.application).await.expect(200);
    kari.get(&path).await.problem(404, "not-found");
    assert!(kari.pages("/v1/applications").await.is_empty());
    assert_eq!(world.provider().get(&path).await.expect(200).json()["state"], "withdrawn");
}
