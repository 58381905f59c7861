//! Answers without a handler.

use actix_web::http::Method;
use serde_json::json;

use crate::world::{Request, World};

#[actix_web::test]
async fn an_unknown_route_is_a_problem() {
    let world = World::on_sqlite().await;
    let paths = [
        "/nothing",
        "/v1",
        "/v1/",
        "/v2/approvals",
        "/v1/approvals/",
        "/v1//approvals",
        "/.env",
        "/%2e%2e/etc/passwd",
        "/v1/approvals%2F",
    ];
    for path in paths {
        let answer = world.anyone().get(path).await;
        let problem = answer.problem(404, "unknown-route");
        assert_eq!(problem["type"], "/problems#unknown-route", "{path}");
        world.anyone().post(path, json!({})).await.problem(404, "unknown-route");
    }
}

#[actix_web::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let world = World::on_sqlite().await;
    let nil = uuid::Uuid::nil();
    let cases = [
        ("/livez".to_owned(), "GET"),
        ("/v1/register/4204/personal-assistance".to_owned(), "GET"),
        ("/v1/offerings".to_owned(), "GET, POST"),
        // Not read as an approval with that id.
        ("/v1/approvals/lookup".to_owned(), "POST"),
        ("/v1/municipalities/4204".to_owned(), "GET, PUT"),
        (format!("/v1/applications/{nil}"), "GET, PATCH"),
        (format!("/v1/applications/{nil}/submission"), "POST"),
        (format!("/v1/offerings/{nil}/draft"), "GET, PATCH"),
    ];
    for (path, allowed) in cases {
        let brew = Method::from_bytes(b"BREW").unwrap();
        for method in [Method::DELETE, Method::TRACE, Method::OPTIONS, brew] {
            let answer = world.anyone().request(method.clone(), &path).send().await;
            assert_eq!(answer.header("allow"), allowed, "{method} {path}");
            answer.problem(405, "method-not-allowed");
        }
    }
}

#[actix_web::test]
async fn an_identifier_that_cannot_be_read_is_a_problem() {
    let world = World::on_sqlite().await;
    for id in ["1", "not-a-uuid", "00000000-0000-0000-0000-00000000000", "%00", "'%20OR%201=1--"] {
        for path in ["approvals", "offerings"] {
            let answer = world.anyone().get(&format!("/v1/{path}/{id}")).await;
            answer.problem(400, "invalid-identifier");
        }
        let answer = world.provider().get(&format!("/v1/applications/{id}")).await;
        answer.problem(400, "invalid-identifier");
    }
    let path = format!("/v1/offerings/{}/versions/99999999999", uuid::Uuid::nil());
    world.anyone().get(&path).await.problem(400, "invalid-identifier");
    for number in ["42040", "x", "0000", "%F0%9F%98%80"] {
        let answer = world.anyone().get(&format!("/v1/municipalities/{number}")).await;
        answer.problem(404, "not-found");
    }
}

#[actix_web::test]
async fn browsers_of_any_origin_may_read_and_nothing_else() {
    let world = World::on_sqlite().await;
    let ask = |wanted: &str| -> Request {
        let request = world.anyone().request(Method::OPTIONS, "/v1/approvals");
        let request = request.header("Origin", "https://portal.example");
        request.header("Access-Control-Request-Method", wanted)
    };
    let answer = ask("GET").send().await.expect(204);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-methods"), "GET");
    let headers = answer.header("access-control-allow-headers");
    assert!(!headers.to_lowercase().contains("authorization"), "{headers}");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    for wanted in ["POST", "PUT", "PATCH", "DELETE"] {
        let answer = ask(wanted).send().await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
        answer.problem(405, "method-not-allowed");
    }
    let answer = world.anyone().get("/v1/approvals").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[actix_web::test]
async fn browsers_of_any_origin_may_ask_in_a_body_where_no_token_is_needed() {
    let world = World::on_sqlite().await;
    let document = serde_json::to_value(godkjent::app::document()).unwrap();
    let mut open = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(post) = item.get("post") else { continue };
        let request = world
            .anyone()
            .request(Method::OPTIONS, &path.replace(['{', '}'], ""))
            .header("Origin", "https://portal.example")
            .header("Access-Control-Request-Method", "POST");
        let answer = request.send().await;
        if post["security"] == serde_json::json!([]) {
            let answer = answer.expect(204);
            assert_eq!(answer.header("access-control-allow-methods"), "POST", "{path}");
            open.push(path.as_str());
        } else {
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
            answer.problem(405, "method-not-allowed");
        }
    }
    assert!(open.contains(&"/v1/approvals/lookup"), "{open:?}");
}

#[actix_web::test]
async fn the_request_id_is_in_the_answer_and_in_the_problem() {
    let world = World::on_sqlite().await;
    let ask = |id: &str, path: &str| {
        world.anyone().request(Method::GET, path).header("X-Request-Id", id).send()
    };
    assert_eq!(ask("my-own-id-7", "/livez").await.header("x-request-id"), "my-own-id-7");
    let problem = ask("my-own-id-7", "/nothing").await.problem(404, "unknown-route");
    assert_eq!(problem["instance"], "my-own-id-7");
    let long = "a".repeat(65);
    for id in ["", "a b", "<script>", "a\tb", &long] {
        let answer = ask(id, "/nothing").await;
        let given = answer.header("x-request-id");
        assert!(uuid::Uuid::parse_str(&given).is_ok(), "{given}");
        answer.problem(404, "unknown-route");
    }
}

#[actix_web::test]
async fn the_same_request_id_stands_in_the_journal() {
    let world = World::on_sqlite().await;
    let request = world.editor().request(Method::PUT, "/v1/municipalities/4204");
    let request = request.header("If-None-Match", "*").header("X-Request-Id", "put-4204");
    request.json(&super::scene::settings()).send().await.expect(200);
    let journal = world.auditor().get("/v1/audit").await.expect(200).json();
    assert_eq!(journal["items"][0]["requestId"], "put-4204");
}
