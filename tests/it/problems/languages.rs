//! Problems, obstacles and missing content in the language of the reader.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::scene::{Scene, profile};
use crate::{
    on_sqlite,
    world::{Person, World},
};

on_sqlite!(
    a_problem_is_in_the_language_that_is_asked_for,
    type_errors_are_in_the_words_of_the_api_in_each_language,
    queries_name_each_wrong_parameter,
    obstacles_and_missing_content_follow_the_language,
    the_codes_are_a_page_for_browsers_and_data_for_programs,
);

async fn problem(who: &Person, path: &str, language: &str) -> Value {
    let answer = who.request(Method::GET, path);
    let answer = answer.header("accept-language", language).send().await;
    assert_eq!(answer.header("vary"), "Accept-Language");
    let mut problem = answer.json();
    assert_eq!(problem["instance"], answer.header("x-request-id"));
    problem["language"] = answer.header("content-language").into();
    problem
}

async fn a_problem_is_in_the_language_that_is_asked_for(world: World) {
    let path = "/v1/municipalities/9999";
    for (asked, language, title, detail) in [
        (
            "nb",
            "nb",
            "Finnes ikke",
            "Denne kommunen finnes ikke, eller du har ikke tilgang til den.",
        ),
        (
            "no",
            "nb",
            "Finnes ikke",
            "Denne kommunen finnes ikke, eller du har ikke tilgang til den.",
        ),
        (
            "nn-NO, nb;q=0.8",
            "nn",
            "Finst ikkje",
            "Denne kommunen finst ikkje, eller du har ikkje tilgang til han.",
        ),
        (
            "en",
            "en",
            "The resource was not found",
            "This municipality does not exist, or you have no access to it.",
        ),
        (
            "de, *;q=0.1",
            "en",
            "The resource was not found",
            "This municipality does not exist, or you have no access to it.",
        ),
    ] {
        let problem = problem(&world.anyone(), path, asked).await;
        assert_eq!((&problem["code"], &problem["status"]), (&json!("not-found"), &json!(404)));
        assert_eq!(problem["language"], language, "{asked}");
        assert_eq!((&problem["title"], &problem["detail"]), (&title.into(), &detail.into()));
    }
    let silent = world.anyone().get(path).await.problem(404, "not-found");
    assert_eq!(silent["title"], "The resource was not found");
    // Also what no handler answers.
    let nowhere = problem(&world.anyone(), "/nowhere", "nn").await;
    assert_eq!(nowhere["title"], "Stien finst ikkje");
    let token = problem(&world.anyone(), "/v1/work-list", "nb").await;
    assert_eq!(token["title"], "Et gyldig token må være med");
}

async fn type_errors_are_in_the_words_of_the_api_in_each_language(world: World) {
    let mut body = profile();
    body["name"] = json!(7);
    body["presentation"] = json!([]);
    body["colour"] = json!("red");
    let provider = world.provider();
    let path = format!("/v1/providers/{}", crate::world::PROVIDER);
    for (language, string, unknown) in [
        (
            "en",
            "Send a string here.",
            "‘colour’ is not a field here: leave it out or correct its name.",
        ),
        (
            "nb",
            "Send en tekststreng her.",
            "«colour» er ikke et felt her: Utelat det, eller rett navnet.",
        ),
        (
            "nn",
            "Send ein tekststreng her.",
            "«colour» er ikkje eit felt her: Utelat det, eller rett namnet.",
        ),
    ] {
        let put = provider.request(Method::PUT, &path).json(&body);
        let put = put.header("if-none-match", "*").header("accept-language", language);
        let problem = put.send().await.expect(422).json();
        let errors = problem["errors"].as_array().unwrap();
        let detail = |pointer: &str| {
            errors.iter().find(|it| it["pointer"] == pointer).map(|it| it["detail"].clone())
        };
        assert_eq!(detail("/name"), Some(string.into()), "{problem:#}");
        assert_eq!(detail("/colour"), Some(unknown.into()), "{problem:#}");
        assert!(errors.len() >= 3, "all at once: {problem:#}");
    }
}

async fn queries_name_each_wrong_parameter(world: World) {
    let problem = problem(&world.anyone(), "/v1/changes?after=never&limit=many", "nb").await;
    assert_eq!(problem["code"], "invalid-parameter");
    let errors = problem["errors"].as_array().unwrap();
    let named: Vec<_> = errors.iter().map(|it| it["parameter"].as_str().unwrap()).collect();
    assert_eq!(named, ["after", "limit"], "{problem:#}");
    assert_eq!(errors[0]["detail"], "Send et heltall fra 0 og oppover.");
    assert_eq!(errors[1]["detail"], "Send et heltall fra 1 til 1000.");
}

async fn obstacles_and_missing_content_follow_the_language(world: World) {
    let scene = Scene::new(world).await;
    let path = scene.application.clone();
    let provider = scene.world.provider();
    for (language, because, missing) in [
        (
            "en",
            "Supply all listed items, then submit again.",
            "The answer to this criterion is missing.",
        ),
        (
            "nb",
            "Legg til alt som er listet opp, og send søknaden på nytt.",
            "Svaret på dette kravet mangler.",
        ),
        (
            "nn",
            "Legg til alt som er lista opp, og send søknaden på nytt.",
            "Svaret på dette kravet manglar.",
        ),
    ] {
        let read = provider.request(Method::GET, &path);
        let seen = read.header("accept-language", language).send().await.expect(200).json();
        let actions = seen["actions"].as_array().unwrap();
        let submit = actions.iter().find(|it| it["operation"] == "applicationSubmit").unwrap();
        assert_eq!(submit["because"], because, "{seen:#}");
        let shown = seen["missing"].as_array().unwrap();
        assert!(shown.iter().any(|it| it["detail"] == missing), "{seen:#}");
    }
}

async fn the_codes_are_a_page_for_browsers_and_data_for_programs(world: World) {
    let anyone = world.anyone();
    let page = anyone.request(Method::GET, "/problems");
    let page = page.header("accept", "text/html,*/*;q=0.8").header("accept-language", "nn");
    let page = page.send().await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src"));
    assert_eq!(page.header("content-language"), "nn");
    assert!(page.text.contains("<tr id=\"validation\">"), "{}", page.text);
    assert!(page.text.contains("Førespurnaden har feil"));
    let data = anyone.request(Method::GET, "/problems");
    let data = data.header("accept-language", "nb").send().await.expect(200).json();
    let rows = data["items"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["title"] == "Forespørselen har feil"));
}
