//! Letters over HTTP: to their parties, in the form and the language that they shall have.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::{Value, json};

use crate::{
    on_sqlite,
    world::{
        Answer, Person, World,
        people::{Assessed, refusal, revocation, settings},
    },
};

on_sqlite!(
    a_letter_goes_to_its_parties_alone,
    a_letter_has_the_form_that_is_asked_for,
    a_letter_is_in_the_written_form_of_the_municipality,
    a_case_under_the_new_act_cites_the_new_act,
    a_letter_that_was_never_sent_is_not_there
);

/// Everything that can be written about: the paths of the letters, each with words that it must hold.
async fn case_with_all_letters(world: &World) -> Vec<(String, &'static str)> {
    let (worker, maker) = (world.case_worker(), world.decision_maker());
    let case = world.assessed_application(Assessed::AllMet).await;
    let path = format!("/v1/applications/{}", case.application);
    let ask = json!({
        "missing": [{"criterion": "tax-certificate", "note": "Attesten er for gammel."}],
        "deadline": "2026-03-26",
    });
    let etag = worker.get(&path).await.etag();
    let url = format!("{path}/completion-requests");
    worker.act(Method::POST, &url, &etag, Some(ask)).await.expect(200);
    let etag = world.provider().get(&path).await.etag();
    let completion = format!("{path}/completion");
    world.provider().act(Method::POST, &completion, &etag, None).await.expect(200);
    worker.assesses(&case.application, "tax-certificate", "met").await.expect(200);
    let approval = world.approve(&case.application).await;
    let approved = maker.get(&path).await.json()["decisionId"].as_str().unwrap().to_owned();
    maker.records_contract(&approval, "2026-03-12", None).await.expect(200);
    for who in [&worker, &maker] {
        who.declares_impartiality_after(&approval).await.expect(200);
    }
    let notice = worker.warns(&approval, "terms-breach").await.expect(201);
    let notice = notice.json()["id"].as_str().unwrap().to_owned();
    world.provider().replies(&notice).await.expect(200);
    let revoked = maker.revokes(&approval, revocation(&notice, "terms-breach")).await.expect(201);
    let revoked = revoked.json()["id"].as_str().unwrap().to_owned();
    vec![
        (format!("{path}/receipt/letter"), "Kvittering: Vi har mottatt søknaden"),
        (format!("{path}/completion-requests/1/letter"), "Attesten er for gammel."),
        (format!("/v1/decisions/{approved}/letter"), "Vedtak: Søknaden er innvilget"),
        (format!("/v1/prior-notices/{notice}/letter"), "tirsdag 7. april 2026"),
        (format!("/v1/decisions/{revoked}/letter"), "Kommunens egen tjeneste"),
    ]
}

async fn plain(who: &Person, path: &str) -> Answer {
    who.request(Method::GET, path).header("Accept", "text/plain").send().await
}

async fn a_letter_goes_to_its_parties_alone(world: World) {
    let letters = case_with_all_letters(&world).await;
    let parties = [world.provider(), world.case_worker(), world.decision_maker()];
    for (path, words) in &letters {
        let mut seen = vec![];
        for party in &parties {
            let letter = party.get(path).await.expect(200);
            assert!(letter.text.contains(words), "{path}: {}", letter.text);
            assert!(letter.text.contains("Eksempel Assistanse AS"), "{path}");
            seen.push(letter.text);
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{path}: one letter for all");
        world.other_provider().get(path).await.problem(404, "not-found");
        let oslo = world.town("958935420").decision_maker;
        oslo.get(path).await.problem(404, "not-found");
        world.editor().get(path).await.problem(403, "role-missing");
        world.anyone().get(path).await.problem(401, "unauthenticated");
        // Another media type reveals no more to a caller without access.
        let request = world.anyone().request(Method::GET, path).header("Accept", "image/png");
        request.send().await.problem(401, "unauthenticated");
    }
}

async fn a_letter_has_the_form_that_is_asked_for(world: World) {
    let case = world.submitted_application().await;
    let path = format!("/v1/applications/{}/receipt/letter", case.application);
    let provider = world.provider();
    let page = provider.get(&path).await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text.starts_with("<!DOCTYPE html>\n<html lang=\"nb\">"), "{}", page.text);
    assert_eq!(page.header("content-language"), "nb");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("vary"), "Accept");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    assert!(page.etag().starts_with('"'));
    assert_eq!(provider.get(&path).await.etag(), page.etag(), "the same letter has the same tag");

    let text = plain(&provider, &path).await.expect(200);
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
    assert!(text.text.starts_with("Kristiansand kommune\n"), "{}", text.text);
    assert!(text.text.contains("mottok søknaden"), "{}", text.text);
    assert_ne!(text.etag(), page.etag());

    let request = provider.request(Method::GET, &path).header("Accept", "application/pdf");
    let problem = request.send().await.problem(406, "not-acceptable");
    assert!(problem["detail"].as_str().unwrap().contains("text/plain"));
}

async fn a_letter_is_in_the_written_form_of_the_municipality(world: World) {
    let case = world.assessed_application(Assessed::OneFailing).await;
    let provider = world.provider();
    let receipt = format!("/v1/applications/{}/receipt/letter", case.application);
    assert!(plain(&provider, &receipt).await.text.contains("mottok søknaden fra"));
    let town = "/v1/municipalities/4204";
    assert_eq!(world.anyone().get(town).await.json()["settings"]["language"], "nb");
    let put = async |language: Value| {
        let mut body = settings();
        body["language"] = language;
        let etag = world.anyone().get(town).await.etag();
        world.editor().act(Method::PUT, town, &etag, Some(body)).await
    };
    assert_eq!(put(json!("en")).await.expect(422).pointers(), ["/language"]);
    assert_eq!(put(json!("nn")).await.expect(200).json()["language"], "nn");
    assert_eq!(world.anyone().get(town).await.json()["settings"]["language"], "nn");
    let decision = world.decision_maker().decides(&case.application, refusal()).await.expect(201);
    let path = format!("{}/letter", decision.header("location"));
    let letter = plain(&provider, &path).await.expect(200);
    assert_eq!(letter.header("content-language"), "nn");
    assert!(letter.text.contains("avslår søknaden frå"), "{}", letter.text);
    assert!(provider.get(&path).await.text.contains("<html lang=\"nn\">"));
    // What was sent before stays as it was sent.
    assert!(plain(&provider, &receipt).await.text.contains("mottok søknaden fra"));

    // Time has decided on nynorsk, and writes it unless its editor says otherwise.
    let editor = world.person("Eli Editor", Role::Editor, "859223672");
    assert_eq!(editor.sets_up("1121").await.expect(200).json()["language"], "nn");
}

async fn a_case_under_the_new_act_cites_the_new_act(world: World) {
    let world = world.under_the_act_of_2025_from("2026-03-12").await;
    for (path, _) in case_with_all_letters(&world).await {
        let letter = plain(&world.provider(), &path).await.expect(200).text.replace('\n', " ");
        let old = ["§ 29", "§ 32", "§ 11 a", "§§ 18 og 19", "eForvaltningsforskriften"];
        assert!(!old.iter().any(|cited| letter.contains(cited)), "{path}: {letter}");
        assert!(letter.contains("46–50"), "{path}: {letter}");
        if let Some(decision) = path.strip_suffix("/letter").filter(|p| p.contains("decisions")) {
            let decision = world.provider().get(decision).await.expect(200).json();
            assert_eq!(decision["procedureRegime"], "fvl-2025");
            let rights = decision["appeal"]["text"].as_str().unwrap();
            assert!(rights.contains("(forvaltningsloven §§ 62 og 63)"), "{rights}");
        }
    }
}

async fn a_letter_that_was_never_sent_is_not_there(world: World) {
    let case = world.drafted_application().await;
    let path = format!("/v1/applications/{}", case.application);
    let provider = world.provider();
    let receipt = format!("{path}/receipt/letter");
    provider.get(&receipt).await.problem(404, "not-found");
    provider.completes(&case.application).await;
    provider.submits(&case.application).await.expect(200);
    provider.get(&receipt).await.expect(200);
    for nth in [0, 1, 65_535] {
        let request = format!("{path}/completion-requests/{nth}/letter");
        provider.get(&request).await.problem(404, "not-found");
    }
    let request = format!("{path}/completion-requests/first/letter");
    provider.get(&request).await.problem(400, "invalid-identifier");
    let nobody = uuid::Uuid::nil();
    for path in [format!("/v1/decisions/{nobody}"), format!("/v1/prior-notices/{nobody}")] {
        provider.get(&format!("{path}/letter")).await.problem(404, "not-found");
    }
}
