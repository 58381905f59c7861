//! Forged, altered and expired tokens, on every route that needs one.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::routes::{Route, Stage};
use crate::{on_sqlite, world::World};

on_sqlite!(
    a_token_without_a_signature_opens_no_route,
    a_token_whose_role_was_changed_opens_no_route,
    a_token_that_expired_by_a_second_opens_no_route,
    two_authorization_headers_open_no_route
);

/// The three parts of a token.
fn parts(token: &str) -> [&str; 3] {
    let mut parts = token.split('.');
    [(); 3].map(|()| parts.next().unwrap())
}

fn seal(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Every route with a token answers 401 to these headers, and changes nothing.
async fn opens_nothing(stage: &Stage, headers: &[String]) {
    let before = stage.journal().await;
    let closed: Vec<_> = Route::all().into_iter().filter(Route::needs_token).collect();
    assert!(closed.len() > 60, "{}", closed.len());
    for route in closed {
        let path = stage.fill_known(&route.path);
        let mut request = stage.world.anyone().request(route.method.clone(), &path);
        for header in headers {
            request = request.another_header("Authorization", header);
        }
        let body = route.example().unwrap_or_else(|| json!({}));
        let answer = request.header("If-Match", "\"1\"").json(&body).send().await;
        assert!(answer.header("www-authenticate").contains("Bearer"), "{}", route.name());
        answer.problem(401, "unauthenticated");
    }
    assert_eq!(stage.journal().await, before);
}

async fn a_token_without_a_signature_opens_no_route(world: World) {
    let stage = Stage::new(world).await;
    let token = stage.world.decision_maker().token().unwrap();
    let [header, claims, signature] = parts(&token);
    for alg in ["none", "None", "NONE", "nOnE"] {
        let unsigned = seal(&json!({"alg": alg, "typ": "at+jwt"}));
        for end in ["", signature] {
            opens_nothing(&stage, &[format!("Bearer {unsigned}.{claims}.{end}")]).await;
        }
    }
    opens_nothing(&stage, &[format!("Bearer {header}.{claims}.")]).await;
    opens_nothing(&stage, &[format!("Bearer {header}.{claims}")]).await;
}

async fn a_token_whose_role_was_changed_opens_no_route(world: World) {
    let stage = Stage::new(world).await;
    let token = stage.world.provider().token().unwrap();
    let [header, claims, signature] = parts(&token);
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    for (claim, wanted) in
        [("role", json!("decision-maker")), ("org", json!("820852982")), ("exp", json!(9e12))]
    {
        let mut changed = claims.clone();
        assert_ne!(changed[claim], wanted);
        changed[claim] = wanted;
        let changed = seal(&changed);
        opens_nothing(&stage, &[format!("Bearer {header}.{changed}.{signature}")]).await;
    }
}

/// Ten seconds of clock difference are tolerated (`docs/guide/api.md`); the next one is too late.
async fn a_token_that_expired_by_a_second_opens_no_route(world: World) {
    let stage = Stage::new(world).await;
    let worker = stage.world.case_worker();
    let token = worker.token().unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(parts(&token)[1]).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let left = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    stage.world.pass(TimeDelta::seconds(left + 9));
    worker.get("/v1/applications").await.expect(200);
    stage.world.pass(TimeDelta::seconds(1));
    worker.get("/v1/applications").await.problem(401, "unauthenticated");
    opens_nothing(&stage, &[format!("Bearer {token}")]).await;
}

async fn two_authorization_headers_open_no_route(world: World) {
    let stage = Stage::new(world).await;
    let [one, other] = [stage.world.provider(), stage.world.decision_maker()]
        .map(|who| format!("Bearer {}", who.token().unwrap()));
    opens_nothing(&stage, &[one.clone(), other.clone()]).await;
    opens_nothing(&stage, &[one.clone(), one.clone()]).await;
    opens_nothing(&stage, &[format!("{one}, {other}")]).await;
    opens_nothing(&stage, &[one, "Basic eDp5".to_owned()]).await;
}
