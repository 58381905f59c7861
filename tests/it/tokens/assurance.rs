//! Assurance levels, and the request for a login with a higher one.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::scene::Scene;
use crate::world::{KRISTIANSAND, World};

/// A token of a decision maker with a level of login.
fn decider(scene: &Scene, acr: &str) -> String {
    scene.token_with(|claims| {
        claims["org"] = json!(KRISTIANSAND);
        claims["scope"] = json!("test:decide");
        claims["acr"] = json!(acr);
    })
}

#[actix_web::test]
async fn a_decision_needs_the_level_that_is_configured() {
    let scene = Scene::with("oidc", |config| config["decisionAssurance"] = json!("high")).await;
    for acr in ["high", "idporten-loa-high", "Level4"] {
        scene.decides(&decider(&scene, acr)).await.problem(404, "not-found");
    }
    for acr in ["substantial", "Level3", "entraid", "HIGH", "", "higher"] {
        let token = decider(&scene, acr);
        // An insufficient level for decisions still permits reads.
        scene.reads(&token).await.expect(200);
        let answer = scene.decides(&token).await;
        let challenges: Vec<_> = answer.headers.get_all("www-authenticate").collect();
        let wanted = "error=\"insufficient_user_authentication\", acr_values=\"high\", ";
        assert!(challenges[0].to_str().unwrap().starts_with(&format!("Bearer {wanted}")));
        assert!(challenges[1].to_str().unwrap().starts_with(&format!("DPoP {wanted}")));
        answer.problem(403, "assurance-too-low");
    }
}

#[actix_web::test]
async fn where_nothing_is_demanded_anyone_in_the_role_decides() {
    let scene = Scene::of("oidc").await;
    scene.decides(&decider(&scene, "entraid")).await.problem(404, "not-found");
}

#[actix_web::test]
async fn what_is_asked_of_anyone_holds_for_reading_too() {
    let scene = Scene::with("oidc", |config| config["leastAssurance"] = json!("substantial")).await;
    let token = |acr: &str| scene.token_with(|claims| claims["acr"] = json!(acr));
    scene.reads(&token("substantial")).await.expect(200);
    scene.reads(&token("high")).await.expect(200);
    let answer = scene.reads(&token("low")).await;
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains("acr_values=\"substantial\""), "{challenge}");
    answer.problem(403, "assurance-too-low");
}

#[actix_web::test]
async fn an_issuer_has_its_own_words_for_levels() {
    let scene = Scene::with("oidc", |config| {
        config["decisionAssurance"] = json!("high");
        config["assuranceClaim"] = json!("/login/level");
        config["high"] = json!(["urn:example:gold", "urn:example:platinum"]);
        config["substantial"] = json!(["urn:example:silver"]);
    })
    .await;
    let token = |level: &str| {
        scene.token_with(|claims| {
            claims["org"] = json!(KRISTIANSAND);
            claims["scope"] = json!("test:decide");
            claims["login"] = json!({"level": level});
        })
    };
    scene.decides(&token("urn:example:platinum")).await.problem(404, "not-found");
    let answer = scene.decides(&token("urn:example:silver")).await;
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains("acr_values=\"urn:example:gold\""), "{challenge}");
    answer.problem(403, "assurance-too-low");
    scene.decides(&token("high")).await.problem(403, "assurance-too-low");
}

#[actix_web::test]
async fn actions_foresee_a_level_that_is_too_low() {
    let world = World::on_sqlite().await;
    let case = world.create_contract().await;
    let scene =
        Scene::on(world, "oidc", |config| config["decisionAssurance"] = json!("high")).await;
    let paths = [
        format!("/v1/approvals/{}/case", case.approval),
        format!("/v1/approvals/{}", case.approval),
        format!("/v1/applications/{}", case.application),
    ];
    for path in &paths {
        let person = scene.world.holder(decider(&scene, "substantial"));
        let read = person.get(path).await.expect(200);
        let actions = read.json()["actions"].as_array().unwrap().clone();
        let (refused, open): (Vec<_>, Vec<_>) =
            actions.into_iter().partition(|it| it["code"] == "assurance-too-low");
        assert!(refused.iter().any(|it| it["because"].is_string()), "{path}");
        for action in refused {
            assert_eq!(action["possible"], false, "{path}");
            let method = Method::from_bytes(action["method"].as_str().unwrap().as_bytes()).unwrap();
            let href = action["href"].as_str().unwrap();
            let answer = person.act(method, href, &read.etag(), Some(json!({}))).await;
            answer.problem(403, "assurance-too-low");
        }
        // Only commands of decision makers need a level.
        let of_case_handlers =
            |action: &Value| action["operation"].as_str().unwrap().ends_with("DeclareImpartiality");
        assert!(open.iter().all(of_case_handlers), "{path}: {open:#?}");
        let high = scene.world.holder(decider(&scene, "high")).get(path).await.expect(200);
        assert!(!high.text.contains("assurance-too-low"), "{path}");
    }
}
