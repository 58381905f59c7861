//! Security headers of every route in the document.

use actix_web::http::Method;
use godkjent::app;

use crate::world::{Answer, World, people::PAGE};

/// Every route: method, path with parameters filled in, and whether it needs no token.
fn routes() -> Vec<(Method, String, bool)> {
    let document = serde_json::to_value(app::document()).unwrap();
    let mut routes = vec![];
    for (pattern, methods) in document["paths"].as_object().unwrap() {
        let mut path = String::new();
        for part in pattern.split_inclusive('}') {
            let (before, name) = part.split_once('{').unwrap_or((part, ""));
            path.push_str(before);
            path.push_str(match name {
                "" => "",
                "municipality}" | "number}" => "4204",
                "service}" => "personal-assistance",
                "organisation_number}" => "313000028",
                _ => "01970000-0000-7000-8000-000000000000",
            });
        }
        for (method, operation) in methods.as_object().unwrap() {
            let Some(security) = operation["security"].as_array() else { continue };
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let is_open = security.first().is_none_or(|it| it["token"].is_null());
            routes.push((method, path.clone(), is_open));
        }
    }
    assert!(routes.len() > 90);
    routes
}

async fn ask(world: &World, method: &Method, path: &str) -> Answer {
    let request = world.anyone().request(method.clone(), path);
    request.header("Origin", "https://portal.example").send().await
}

#[actix_web::test]
async fn only_what_needs_no_token_is_open_to_pages_of_other_origins() {
    let world = World::on_sqlite().await;
    for (method, path, needs_no_token) in routes() {
        let answer = ask(&world, &method, &path).await;
        // Measurements are for the operator.
        let open = needs_no_token && path != "/metrics";
        let wanted = if open { ("*", "") } else { ("", "same-origin") };
        let found = [
            answer.header("access-control-allow-origin"),
            answer.header("cross-origin-resource-policy"),
        ];
        assert_eq!((found[0].as_str(), found[1].as_str()), wanted, "{method} {path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{method} {path}");
        let preflight = world.anyone().request(Method::OPTIONS, &path);
        let preflight = preflight.header("Origin", "https://portal.example");
        let answer =
            preflight.header("Access-Control-Request-Method", method.as_str()).send().await;
        if open {
            assert_eq!(answer.expect(204).header("access-control-allow-origin"), "*");
        } else {
            assert_eq!(answer.header("access-control-allow-origin"), "", "{method} {path}");
            answer.problem(405, "method-not-allowed");
        }
    }
}

#[actix_web::test]
async fn every_answer_tells_browsers_what_never_to_do_with_it() {
    let world = World::on_sqlite().await;
    world.create_contract().await;
    let mut requests: Vec<_> =
        routes().into_iter().map(|(method, path, _)| (method, path)).collect();
    let get = |path: &str| (Method::GET, path.to_owned());
    requests.extend(["/nothing", "/docs/", "/", PAGE, "/v1/approvals?colour=red"].map(get));
    requests.push((Method::DELETE, "/v1/approvals".to_owned()));
    for (method, path) in requests {
        let answer = ask(&world, &method, &path).await;
        let is = |name: &str, value: &str| {
            assert_eq!(answer.header(name), value, "{method} {path} {name}");
        };
        is("x-content-type-options", "nosniff");
        is("referrer-policy", "no-referrer");
        is("strict-transport-security", "max-age=31536000");
        is("server", "");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{method} {path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{method} {path}: {policy}");
        let runs = policy.contains("script-src 'self'");
        assert_eq!(runs, path.starts_with("/docs/"), "{method} {path}: {policy}");
    }
    // A 304 keeps the headers of the stored response.
    let tag = ask(&world, &Method::GET, PAGE).await.etag();
    let known = world.anyone().request(Method::GET, PAGE).header("If-None-Match", &tag);
    let known = known.send().await.expect(304);
    assert_eq!(known.header("strict-transport-security"), "max-age=31536000");
    assert_eq!(known.header("content-security-policy"), "");
    assert_eq!(known.header("access-control-allow-origin"), "*");
    // The viewer's scripts and styles are separate files, none inline.
    let viewer = ask(&world, &Method::GET, "/docs/").await.expect(200);
    for script in viewer.text.split("<script").skip(1) {
        assert!(script.split('>').next().unwrap().contains("src=\"./"), "{script}");
    }
}
