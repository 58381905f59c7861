//! Questions to lists that cannot be answered.

use actix_web::http::Method;
use serde_json::json;

use crate::{
    on_both_databases,
    problems::scene::Scene,
    world::{Person, World},
};

on_both_databases!(
    a_position_that_is_none_is_told,
    a_cursor_that_does_not_belong_to_the_query_is_refused;
    sqlite_alone:
    a_parameter_that_nobody_reads_is_named,
    an_unknown_word_in_a_filter_is_told,
    all_errors_of_a_query_are_told_at_once,
    a_filter_by_something_unknown_is_told
);

fn lists(scene: &Scene) -> [(Person, &'static str); 5] {
    let world = &scene.world;
    [
        (world.anyone(), "/v1/municipalities"),
        (world.anyone(), "/v1/offerings"),
        (world.anyone(), "/v1/approvals"),
        (world.provider(), "/v1/applications"),
        (world.auditor(), "/v1/audit"),
    ]
}

async fn a_position_that_is_none_is_told(world: World) {
    let anyone = world.anyone();
    for after in ["-1", "x", "99999999999999999999"] {
        let answer = anyone.get(&format!("/v1/changes?after={after}")).await;
        answer.problem(400, "invalid-parameter");
    }
}

async fn a_cursor_that_does_not_belong_to_the_query_is_refused(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let anyone = scene.world.anyone();
    let first = anyone.get("/v1/municipalities?county=42&limit=2").await.expect(200).json();
    let next = first["page"]["next"].as_str().unwrap();
    anyone.get(next).await.expect(200);
    let cursor = next.split("cursor=").nth(1).unwrap();
    let mut tampered = cursor.to_owned();
    let last = if tampered.pop() == Some('A') { 'B' } else { 'A' };
    tampered.push(last);
    let (foreign, invalid) = ("foreign-cursor", "invalid-cursor");
    for (path, code) in [
        // Another filter, no filter, another time, another list, and damage.
        (format!("/v1/municipalities?county=46&cursor={cursor}"), foreign),
        (format!("/v1/municipalities?cursor={cursor}"), foreign),
        (format!("/v1/municipalities?county=42&validAt=2026-01-01&cursor={cursor}"), foreign),
        (format!("/v1/offerings?cursor={cursor}"), foreign),
        (format!("/v1/approvals?municipality=4204&cursor={cursor}"), foreign),
        (format!("/v1/municipalities?county=42&cursor={tampered}"), invalid),
        (format!("/v1/municipalities?county=42&cursor={}", &cursor[..cursor.len() / 2]), invalid),
        (format!("/v1/municipalities?county=42&cursor={cursor}{cursor}"), invalid),
    ] {
        let problem = anyone.get(&path).await.problem(400, code);
        assert_eq!(problem["errors"][0]["parameter"], "cursor", "{path}");
    }
    for (who, list) in lists(&scene) {
        for garbage in ["", "x", "AAAAAAAAAAAA", "%00", "%F0%9F%98%80", "' OR 1=1--", "../../etc"] {
            let garbage = garbage.replace(' ', "%20");
            let answer = who.get(&format!("{list}?cursor={garbage}")).await;
            answer.problem(400, "invalid-cursor");
        }
    }
    // The number of items is the reader's to change under way.
    anyone.get(&next.replace("limit=2", "limit=3")).await.expect(200);
    assert_eq!(scene.look().await, before);
}

async fn a_parameter_that_nobody_reads_is_named(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    for (who, list) in lists(&scene) {
        let problem = who.get(&format!("{list}?limit=5&colour=red")).await;
        let problem = problem.problem(400, "unknown-parameter");
        assert_eq!(problem["errors"][0]["parameter"], "colour");
    }
    let paths = ["/livez", "/readyz", "/problems", "/openapi.json", "/metrics", "/v1/grounds"];
    for path in paths {
        let answer = scene.world.anyone().get(&format!("{path}?colour=red")).await;
        answer.problem(400, "unknown-parameter");
    }
    // A command with one changes nothing.
    let provider = scene.world.provider();
    let path = scene.at("withdrawal?force=true");
    let answer = provider.act(Method::POST, &path, &scene.etag().await, None).await;
    answer.problem(400, "unknown-parameter");
    let answer = provider.post("/v1/applications?dryRun=1", json!({})).await;
    answer.problem(400, "unknown-parameter");
    assert_eq!(scene.look().await, before);
}

async fn an_unknown_word_in_a_filter_is_told(world: World) {
    let scene = Scene::new(world).await;
    let problem = scene.world.anyone().get("/v1/approvals?status=gone").await;
    let problem = problem.problem(400, "invalid-parameter");
    assert_eq!(problem["errors"][0]["parameter"], "status");
    let problem = scene.world.provider().get("/v1/applications?state=gone").await;
    let problem = problem.problem(400, "invalid-parameter");
    assert_eq!(problem["errors"][0]["parameter"], "state");
}

async fn all_errors_of_a_query_are_told_at_once(world: World) {
    let queries = [
        "/v1/approvals?colour=red&size=9&status=gone&kind=club&limit=0&validAt=2026-02-30&knownAt=x&view=some",
        "/v1/register/4204/practical-help?order=best&limit=many&knownAt=1",
        "/v1/municipalities?county=Agder&hasOfferings=yes&limit=9999",
        "/v1/decisions?from=2026-02-30&to=x&outcome=maybe&provider=12",
        "/v1/compensation?unit=minute&limit=1&limit=2",
    ];
    for path in queries {
        let problem = world.anyone().get(path).await.expect(400).json();
        let (_, query) = path.split_once('?').unwrap();
        let mut sent: Vec<_> =
            query.split('&').map(|pair| pair.split_once('=').unwrap().0).collect();
        // Only the repetition is an error.
        if path.ends_with("limit=1&limit=2") {
            sent.remove(1);
        }
        let errors = problem["errors"].as_array().unwrap();
        let named: Vec<_> = errors.iter().map(|it| it["parameter"].as_str().unwrap()).collect();
        assert_eq!(named, sent, "{problem:#}");
        assert_eq!(problem["code"], errors[0]["code"]);
        assert_eq!(problem["detail"], "Correct all listed parameters and send the request again.");
    }
    world.anyone().get("/v1/cases?kind=x").await.problem(401, "unauthenticated");
    let many: Vec<_> = (0..101).map(|n| format!("unknown{n}=1")).collect();
    let problem = world.anyone().get(&format!("/v1/approvals?{}", many.join("&"))).await;
    let problem = problem.problem(400, "unknown-parameter");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 100);
    assert_eq!(problem["moreErrors"], true);
}

async fn a_filter_by_something_unknown_is_told(world: World) {
    for (query, name, detail) in [
        ("municipality=9999", "municipality", "No municipality has this number."),
        ("municipality=Kristiansand", "municipality", "/v1/municipalities?q="),
        ("service=home-help", "service", "practical-help"),
        ("provider=313000029", "provider", "last digit"),
        ("provider=Sol", "provider", "nine digits"),
        ("provider=%FF", "provider", "UTF-8"),
        ("provider=313%20000%20028", "provider", "nine digits"),
    ] {
        for list in ["/v1/approvals", "/v1/decisions"] {
            let problem = world.anyone().get(&format!("{list}?{query}")).await;
            let problem = problem.problem(400, "invalid-parameter");
            assert_eq!(problem["errors"][0]["parameter"], name);
            let found = problem["detail"].as_str().unwrap();
            assert!(found.contains(detail), "{query}: {found}");
        }
    }
    // A former number is one of the present municipality; an organisation need not be registered.
    world.anyone().get("/v1/approvals?municipality=1001").await.expect(200);
    world.anyone().get("/v1/approvals?provider=974760673").await.expect(200);
}
