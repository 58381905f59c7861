//! A field that does not apply beside the others is an error with its location, never dropped silently.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    appeals::{appeal, in_favour, lodge, outcome, second_maker},
    decisions::refuse_application,
    world::{
        Person, World,
        people::{SERVICE, revocation},
    },
};

/// Sends a command; the answer lists exactly these locations, and nothing is changed.
struct Try<'a> {
    who: &'a Person,
    method: Method,
    /// Where the entity tag is read.
    seen: String,
    path: String,
    body: Value,
    pointers: Vec<&'a str>,
}

impl<'a> Try<'a> {
    fn post(who: &'a Person, seen: &str, act: &str, body: Value, pointers: &[&'a str]) -> Self {
        let path = format!("{}/{act}", seen.trim_end_matches("/case"));
        let (method, seen, pointers) = (Method::POST, seen.to_owned(), pointers.to_vec());
        Self { who, method, seen, path, body, pointers }
    }

    fn patch(who: &'a Person, seen: &str, path: String, body: Value, pointer: &'a str) -> Self {
        let (method, pointers) = (Method::PATCH, vec![pointer]);
        Self { who, method, seen: seen.to_owned(), path, body, pointers }
    }
}

async fn each_is_refused(world: &World, tries: Vec<Try<'_>>) {
    for Try { who, method, seen, path, body, pointers } in tries {
        let etag = who.get(&seen).await.expect(200).etag();
        let before = world.auditor().audits().await.len();
        let answer = who.act(method, &path, &etag, Some(body.clone())).await;
        assert_eq!(answer.status.as_u16(), 422, "{path} {body}: {}", answer.text);
        assert_eq!(answer.pointers(), pointers, "{path} {body}");
        answer.problem(422, "validation");
        assert_eq!(world.auditor().audits().await.len(), before, "{path} {body}");
    }
}

fn with(mut body: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(more);
    body
}

#[actix_web::test]
async fn an_approvals_acts_drop_nothing_that_is_said() {
    let world = World::on_sqlite().await;
    let case = world.send_notice().await;
    let (dag, kari, provider) = (world.decision_maker(), world.case_worker(), world.provider());
    world.set_clock("2026-04-08T09:00:00Z");
    let seen = format!("/v1/approvals/{}/case", case.approval);
    let exception =
        json!({"exception": {"kind": "address-unknown", "reasons": "Ingen kjent adresse."}});
    let invented = "01970000-0000-7000-8000-0000000fffff";
    let revoked = |notice: &str| with(revocation(notice, "terms-breach"), exception.clone());
    let listing = format!("/v1/approvals/{}/listing", case.approval);
    let plan = |more: Value| with(json!({"kind": "inspection", "plannedOn": "2026-05-04"}), more);
    let finding = json!({
        "kind": "authority-finding", "incident": "Brev.", "authority": "Statsforvalteren",
        "reference": "2026/1", "on": "2026-03-02", "entry": "bankrupt"
    });
    let flag = json!({
        "kind": "register-flag", "incident": "Kunngjort.", "entry": "bankrupt", "on": "2026-03-02",
        "authority": "Statsforvalteren", "reference": "2026/1"
    });
    let of_others = json!({
        "authority": "Statsforvalteren", "reference": "2026/1", "entry": "bankrupt", "on": "2026-03-02"
    });
    let tries = vec![
        Try::post(&dag, &seen, "revocation", revoked(invented), &["/exception"]),
        Try::post(&dag, &seen, "revocation", revoked(&case.notice), &["/exception"]),
        Try::post(&kari, &seen, "follow-ups", plan(json!({"incident": "Klage."})), &["/incident"]),
        Try::post(
            &kari,
            &seen,
            "follow-ups",
            plan(of_others),
            &["/authority", "/reference", "/entry", "/on"],
        ),
        Try::post(&kari, &seen, "follow-ups", finding, &["/entry"]),
        Try::post(&kari, &seen, "follow-ups", flag, &["/authority", "/reference"]),
        Try::post(&provider, &seen, "termination", json!({"reason": "Vi slutter."}), &["/reason"]),
        Try::patch(
            &provider,
            &seen,
            listing,
            json!({"capacity": "open", "lastConfirmedAt": "2026-04-01T09:00:00Z"}),
            "/lastConfirmedAt",
        ),
    ];
    each_is_refused(&world, tries).await;
    assert_eq!(world.anyone().get(&seen.replace("/case", "")).await.json()["status"], "active");
}

#[actix_web::test]
async fn an_appeal_drops_nothing_that_is_said() {
    let world = World::on_sqlite().await;
    let (case, decision) = refuse_application(&world).await;
    let (dag, kari, provider) = (world.decision_maker(), world.case_worker(), world.provider());
    let other = json!({"name": "Nabo Omsorg AS", "legalInterest": "Nabo.", "knewOn": "2026-03-12"});
    let of_the_office = with(
        other.clone(),
        json!({
            "appellant": "other", "receivedAt": "2026-03-12T09:00:00Z", "handedInOn": "2026-03-12",
            "lostSentOn": "2026-03-12", "lostLearnedOn": "2026-03-12"
        }),
    );
    let offices = [
        "/appellant",
        "/name",
        "/legalInterest",
        "/knewOn",
        "/receivedAt",
        "/handedInOn",
        "/lostSentOn",
        "/lostLearnedOn",
    ];
    let sent = with(appeal(), json!({"lostSentOn": "2026-03-12"}));
    let learned = with(appeal(), json!({"lostLearnedOn": "2026-03-12"}));
    let others = ["/name", "/legalInterest", "/knewOn"];
    let at = &decision.path;
    let tries = vec![
        Try::post(&provider, at, "appeals", with(appeal(), of_the_office), &offices),
        Try::post(&kari, at, "appeals", with(appeal(), other), &others),
        Try::post(&kari, at, "appeals", sent, &["/lostLearnedOn"]),
        Try::post(&kari, at, "appeals", learned, &["/lostSentOn"]),
    ];
    each_is_refused(&world, tries).await;

    let lodged = lodge(&world, &decision).await;
    let reasons = |text: &str| json!({"reasons": text});
    let tries = vec![
        Try::post(&kari, &lodged.path, "admission", reasons("Ny praksis."), &["/reasons"]),
        Try::post(&kari, &lodged.path, "admission", reasons(""), &["/reasons"]),
    ];
    each_is_refused(&world, tries).await;

    lodged.review(&world).await;
    let dated = with(in_favour("met"), json!({"decidedOn": "2026-04-20"}));
    let mut twice = in_favour("met");
    let again = twice["findings"][0].clone();
    twice["findings"].as_array_mut().unwrap().push(again);
    let tries = vec![
        Try::post(&dag, &lodged.path, "outcome", dated, &["/decidedOn"]),
        Try::post(&dag, &lodged.path, "outcome", twice, &["/findings/1/criterion"]),
    ];
    each_is_refused(&world, tries).await;

    let ida = second_maker(&world, &case.application).await;
    let forwarding = json!({"statement": "Kommunedirektøren fastholder vedtaket."});
    lodged.act(&kari, "forwarding", forwarding).await.expect(200);
    let upheld = with(outcome(&world, "upheld"), json!({"findings": in_favour("met")["findings"]}));
    let tries = vec![Try::post(&ida, &lodged.path, "outcome", upheld, &["/findings"])];
    each_is_refused(&world, tries).await;
}

#[actix_web::test]
async fn what_is_drafted_and_asked_drops_nothing_that_is_said() {
    let world = World::on_sqlite().await;
    let case = world.drafted_application().await;
    let (editor, provider) = (world.editor(), world.provider());
    let draft = format!("/v1/offerings/{}/draft", case.offering);
    let application = format!("/v1/applications/{}", case.application);
    let rule = json!({"kind": "municipal", "rule": {"nb": "Etter tur."}});
    let evidence = json!({
        "criterion": "tax-certificate", "kind": "tax-certificate", "title": "Attest",
        "issuedOn": "2026-02-20", "consent": true
    });
    let tries = vec![
        Try::patch(
            &editor,
            &draft,
            draft.clone(),
            json!({"citizen": {"defaultRule": rule}}),
            "/citizen/defaultRule/rule",
        ),
        Try::post(&provider, &application, "evidence", evidence, &["/consent"]),
    ];
    each_is_refused(&world, tries).await;
    let visit = json!({"date": "2026-05-16", "start": "22:30", "minutes": 180, "zone": "whole"});
    let both = json!({
        "offeringId": case.offering, "municipality": "4204", "service": SERVICE, "visits": [visit]
    });
    let quote = world.anyone().post("/v1/compensation/quotes", both).await.expect(422);
    assert_eq!(quote.pointers(), ["/municipality", "/service"]);
}

#[actix_web::test]
async fn a_day_that_is_said_with_another_capacity_is_kept() {
    let world = World::on_sqlite().await;
    let case = world.create_contract().await;
    let provider = world.provider();
    let seen = format!("/v1/approvals/{}/case", case.approval);
    let listing = format!("/v1/approvals/{}/listing", case.approval);
    for capacity in ["limited", "full"] {
        let etag = provider.get(&seen).await.etag();
        let body = Some(json!({"capacity": capacity, "capacityOn": "2026-03-01"}));
        let view = provider.act(Method::PATCH, &listing, &etag, body).await.expect(200).json();
        assert_eq!(view["listing"]["capacityOn"], "2026-03-01", "{capacity}");
    }
}
