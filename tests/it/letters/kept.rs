//! Kept letters: what is shown later is what was sent, and each message has one.

use std::collections::BTreeSet;

use actix_web::http::Method;
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::{
    appeals::{Lodged, appeal, in_favour, second_maker},
    decisions::{On, refuse_application},
    on_both_databases,
    world::{
        Answer, PROVIDER, Person, World,
        people::{Assessed, profile, reasons, settings},
    },
};

on_both_databases!(
    a_letter_is_shown_as_it_was_sent_whatever_happens_afterwards,
    each_message_after_a_refusal_has_its_letter;
    sqlite_alone:
    each_message_of_an_approved_case_has_its_letter,
    an_appeal_in_favour_gives_a_letter_with_costs_and_one_about_the_claim,
    a_decision_by_post_has_its_letter_and_no_notice,
    a_second_notice_has_the_letter_of_the_first,
);

async fn plain(who: &Person, path: &str) -> Answer {
    who.request(Method::GET, path).header("Accept", "text/plain").send().await.expect(200)
}

/// The notices of the provider, without those that confirm an address.
async fn notices(world: &World) -> Vec<Value> {
    let all = world.provider().pages("/v1/notices").await;
    all.into_iter().filter(|it| it["kind"] != "confirm-address").collect()
}

async fn notice_of(world: &World, kind: &str) -> Value {
    let found = notices(world).await.into_iter().rfind(|it| it["kind"] == kind);
    found.unwrap_or_else(|| panic!("no notice of {kind}"))
}

/// The text of the last letter of a kind, in one line.
async fn text_about(world: &World, kind: &str) -> String {
    let path = letter_of(&notice_of(world, kind).await);
    plain(&world.case_worker(), &path).await.text.replace('\n', " ")
}

fn letter_of(notice: &Value) -> String {
    format!("/v1/notices/{}/letter", notice["id"].as_str().unwrap())
}

/// Reads the letter of each notice in both forms, and gives the kinds.
async fn kinds_with_letters(world: &World) -> BTreeSet<String> {
    let (mut kinds, mut tags) = (BTreeSet::new(), BTreeSet::new());
    for notice in notices(world).await {
        let page = world.case_worker().get(&letter_of(&notice)).await.expect(200);
        assert!(page.text.starts_with("<!DOCTYPE html>"), "{}", page.text);
        let text = plain(&world.case_worker(), &letter_of(&notice)).await;
        assert!(text.text.contains("Eksempel Assistanse AS"), "{}", text.text);
        for sent in [page, text] {
            assert_eq!(sent.etag(), tag(&sent.text));
            assert!(tags.insert(sent.etag()), "two messages with one letter: {}", sent.text);
        }
        kinds.insert(notice["kind"].as_str().unwrap().to_owned());
    }
    kinds
}

fn tag(text: &str) -> String {
    format!("\"{}\"", hex::encode(digest(&SHA256, text.as_bytes())))
}

fn set(kinds: &[&str]) -> BTreeSet<String> {
    kinds.iter().map(|kind| (*kind).to_owned()).collect()
}

/// Another name of the provider, other settings of the municipality.
async fn rename_everybody(world: &World) {
    let path = format!("/v1/providers/{PROVIDER}");
    let etag = world.provider().get(&path).await.expect(200).etag();
    let named = profile("Nytt Navn AS");
    world.provider().act(Method::PUT, &path, &etag, Some(named)).await.expect(200);
    let town = "/v1/municipalities/4204";
    let mut body = settings();
    body["language"] = "nn".into();
    body["contact"]["email"] = "ny@example.no".into();
    body["decidingBody"] = "Rådmannen".into();
    let etag = world.anyone().get(town).await.etag();
    world.editor().act(Method::PUT, town, &etag, Some(body)).await.expect(200);
}

async fn a_letter_is_shown_as_it_was_sent_whatever_happens_afterwards(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let (kari, dag) = (world.case_worker(), world.decision_maker());
    let notice = notice_of(&world, "decision").await;
    let (by_notice, by_decision) = (letter_of(&notice), format!("{}/letter", decision.path));
    let page = kari.get(&by_notice).await.expect(200);
    let text = plain(&kari, &by_notice).await;
    assert!(text.text.contains("brukervalg@example.no"), "{}", text.text);
    assert!(text.text.contains("tre uker fra den dagen vi sender dere varsel"), "{}", text.text);

    // The journal has both digests, in the row that the notice is named after.
    let journal = world.auditor().audits().await;
    let signed = journal.iter().find(|row| row["event"] == "decision.signed").unwrap();
    assert_eq!(signed["id"], notice["id"]);
    assert_eq!(
        format!("\"{}\"", signed["detail"]["letterHtmlDigest"].as_str().unwrap()),
        page.etag()
    );
    assert_eq!(
        format!("\"{}\"", signed["detail"]["letterTextDigest"].as_str().unwrap()),
        text.etag()
    );
    assert_eq!((page.etag(), text.etag()), (tag(&page.text), tag(&text.text)));

    world.sends_notices().await;
    let slip = json!({
        "pointer": "/reasons/facts", "before": "2. mars", "after": "3. mars", "why": "Skrivefeil"
    });
    decision.act(&dag, "correction", slip).await.expect(200);
    let longer = json!({"to": "2026-05-14", "why": "Parten får ikke dokumentene før i april."});
    decision.act(&dag, "prolongation", longer).await.expect(200);
    rename_everybody(&world).await;
    world.set_clock("2026-03-30T09:00:00Z");
    for path in [&by_notice, &by_decision] {
        for reader in [world.provider(), world.case_worker(), world.decision_maker()] {
            let now = reader.get(path).await.expect(200);
            assert_eq!((now.etag(), now.text), (page.etag(), page.text.clone()), "{path}");
            assert_eq!(plain(&reader, path).await.text, text.text, "{path}");
        }
        world.other_provider().get(path).await.problem(404, "not-found");
    }
    // What came afterwards has letters of its own.
    let correction = text_about(&world, "correction").await;
    for words in ["Det sto: «2. mars»", "Det skal stå: «3. mars»", "påpekt skriftlig 3. mars."]
    {
        assert!(correction.contains(words), "{correction}");
    }
    let extension = text_about(&world, "extension").await;
    assert!(extension.contains("til og med fredag 15. mai 2026"), "{extension}");
}

async fn each_message_after_a_refusal_has_its_letter(world: World) {
    let (_, decision) = refuse_application(&world).await;
    let worker = world.case_worker();
    let on_paper = json!({
        "text": "Vedtaket rammer oss.", "receivedAt": "2026-03-12T09:00:00Z",
        "handedInOn": "2026-03-12"
    });
    let incomplete = decision.act(&worker, "appeals", on_paper).await.expect(201);
    let incomplete = Lodged { path: incomplete.header("location") };
    let ask = json!({"deadline": "2026-03-20"});
    incomplete.act(&worker, "mending-request", ask).await.expect(200);
    let defects = text_about(&world, "appeal-defects").await;
    assert!(defects.contains("Klagen oppfyller ikke alle kravene"), "{defects}");
    let rest = json!({"wantedChange": "Søknaden innvilges.", "signedBy": "Per Provider"});
    incomplete.act(&worker, "mending", rest).await.expect(200);
    incomplete.forward(&world).await;
    let statement = text_about(&world, "appeal-statement").await;
    assert!(statement.contains("Kommunedirektøren fastholder vedtaket."), "{}", statement);
    let kinds = ["appeal-defects", "appeal-received", "appeal-statement", "decision", "receipt"];
    assert_eq!(kinds_with_letters(&world).await, set(&kinds));
}

async fn each_message_of_an_approved_case_has_its_letter(world: World) {
    let case = world.submitted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    let (kari, dag) = (world.case_worker(), world.decision_maker());
    kari.declares_impartiality(&case.application).await.expect(200);
    let etag = kari.get(&path).await.etag();
    let body = json!({"expectedBy": "2026-05-29", "text": "Vi har mange søknader."});
    let answer = format!("{path}/preliminary-answer");
    kari.act(Method::POST, &answer, &etag, Some(body)).await.expect(200);
    world.assess(&case.application, Assessed::AllMet).await;
    dag.declares_impartiality(&case.application).await.expect(200);
    let approve = json!({"outcome": "approve"});
    let signed = dag.decides(&case.application, approve).await.expect(201);
    let approval = signed.json()["approvalId"].as_str().unwrap().to_owned();
    let decision = On::decision(&signed);
    decision.act(&world.provider(), "reasons-demands", json!({})).await.expect(200);
    decision.act(&dag, "reasons", reasons()).await.expect(200);
    dag.records_contract(&approval, "2026-03-12", None).await.expect(200);
    for who in [&kari, &dag] {
        who.declares_impartiality_after(&approval).await.expect(200);
    }
    let notice = kari.warns(&approval, "terms-breach").await.expect(201);
    let path = format!("/v1/prior-notices/{}", notice.json()["id"].as_str().unwrap());
    let etag = kari.get(&path).await.etag();
    let reason = json!({"reason": "Avvikene er rettet."});
    kari.act(Method::POST, &format!("{path}/closure"), &etag, Some(reason)).await.expect(200);
    let closed = text_about(&world, "notice-closed").await;
    assert!(closed.contains("Avvikene er rettet."), "{closed}");
    let reasons = text_about(&world, "reasons").await;
    assert!(reasons.contains("Forholdet er påpekt skriftlig 2. mars."), "{reasons}");
    let kinds =
        ["decision", "notice-closed", "preliminary-answer", "prior-notice", "reasons", "receipt"];
    assert_eq!(kinds_with_letters(&world).await, set(&kinds));
}

async fn an_appeal_in_favour_gives_a_letter_with_costs_and_one_about_the_claim(world: World) {
    let (case, decision) = refuse_application(&world).await;
    let number =
        decision.seen_by(&world.case_worker()).await["number"].as_str().unwrap().to_owned();
    let (provider, maker) = (world.provider(), world.decision_maker());
    let lodged = Lodged {
        path: decision.act(&provider, "appeals", appeal()).await.expect(201).header("location"),
    };
    lodged.review(&world).await;
    let signed = lodged.act(&maker, "outcome", in_favour("met")).await.expect(201);
    let letter = plain(&provider, &format!("{}/letter", signed.header("location"))).await.text;
    let letter = letter.replace('\n', " ");
    for words in [
        format!("endrer vedtak {number} av 12. mars 2026").as_str(),
        "Søknaden er innvilget",
        "Kravet må komme innen tre uker etter at dere har fått dette vedtaket",
    ] {
        assert!(letter.contains(words), "{words}: {letter}");
    }
    let claim = json!({
        "amount": {"amount": "18500.00", "currency": "NOK"}, "whatFor": "Advokat, ti timer."
    });
    lodged.act(&provider, "costs-claim", claim).await.expect(200);
    let answer =
        json!({"granted": {"amount": "12000.00", "currency": "NOK"}, "reasons": reasons()});
    let second = second_maker(&world, &case.application).await;
    let seen = lodged.act(&second, "costs-decision", answer).await.expect(200).json();
    let path =
        format!("/v1/decisions/{}/letter", seen["costs"]["answer"]["decisionId"].as_str().unwrap());
    let costs = plain(&provider, &path).await.text.replace('\n', " ");
    assert!(costs.contains("000 kr") && costs.contains("Dere kan klage"), "{costs}");
}

async fn a_decision_by_post_has_its_letter_and_no_notice(world: World) {
    let case = world.assessed_application(Assessed::AllMet).await;
    let body = json!({"outcome": "approve", "channel": "paper"});
    let decision = world.decision_maker().decides(&case.application, body).await.expect(201);
    let path = format!("{}/letter", decision.header("location"));
    let letter = plain(&world.case_worker(), &path).await.text.replace('\n', " ");
    assert!(letter.contains("tre uker fra den dagen brevet kom fram"), "{letter}");
    assert!(notices(&world).await.iter().all(|it| it["kind"] != "decision"));
}

async fn a_second_notice_has_the_letter_of_the_first(world: World) {
    let (_, _) = refuse_application(&world).await;
    world.sends_notices().await;
    let first = notice_of(&world, "decision").await;
    let letter = world.case_worker().get(&letter_of(&first)).await.expect(200).text;
    world.set_clock("2026-03-20T23:00:00Z");
    world.catches_up().await;
    let second = notice_of(&world, "decision").await;
    assert_eq!((&first["isSecond"], &second["isSecond"]), (&json!(false), &json!(true)));
    let again = world.case_worker().get(&letter_of(&second)).await.expect(200).text;
    assert_eq!(again, letter);
}
