//! "Try it out" in `/docs` works as prefilled, against the demo.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{document, operations};
use crate::{demo, world::World};

/// The value with which the viewer fills a parameter in.
fn prefilled(parameter: &Value) -> Option<String> {
    let schema = &parameter["schema"];
    let examples = [&parameter["example"], &schema["examples"][0], &schema["default"]];
    let value = examples.into_iter().find(|value| !value.is_null())?;
    Some(value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
}

#[test]
fn no_optional_parameter_has_an_example_that_fills_it_in() {
    for (method, path, operation) in operations(&document()) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let examples = [&parameter["example"], &parameter["schema"]["examples"]];
            let has_example = examples.iter().any(|it| !it.is_null());
            assert!(!has_example || parameter["required"] == true, "{method} {path}: {parameter}");
        }
    }
}

#[actix_web::test]
async fn every_public_read_answers_as_the_viewer_fills_it_in() {
    let world = World::on_sqlite().await;
    assert!(demo::load(&world).await);
    let (mut tried, mut without) = (0, Vec::new());
    for (method, path, operation) in operations(&document()) {
        let security = operation["security"].as_array().unwrap();
        let is_public = security.is_empty() || security.contains(&json!({}));
        if method != "get" || !is_public {
            continue;
        }
        let Some((url, headers)) = request(&path, &operation) else {
            without.push(path);
            continue;
        };
        let mut request = world.anyone().request(Method::GET, &url);
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let answer = request.send().await;
        assert!(answer.status.is_success(), "{url} {headers:?}: {} {}", answer.status, answer.text);
        tried += 1;
    }
    assert!(tried >= 20, "{tried}");
    // The demo grants no late access.
    assert_eq!(without, ["/v1/late-access/{id}"]);
}

#[actix_web::test]
async fn every_public_calculation_answers_to_its_example() {
    let world = World::on_sqlite().await;
    assert!(demo::load(&world).await);
    let (document, mut tried) = (document(), 0);
    for (method, path, operation) in operations(&document) {
        if method != "post" || operation["security"] != json!([]) {
            continue;
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let name = schema["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        let example = &document["components"]["schemas"][name]["examples"][0];
        let request = world.anyone().request(Method::POST, &path).json(example);
        request.send().await.expect(200);
        tried += 1;
    }
    assert_eq!(tried, 3);
}

/// The address and the headers of a request as the viewer fills it in; none where a required value is missing.
fn request(path: &str, operation: &Value) -> Option<(String, Vec<(String, String)>)> {
    let (mut url, mut query, mut headers) = (path.to_owned(), Vec::new(), Vec::new());
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap().to_owned();
        let Some(value) = prefilled(parameter) else {
            if parameter["required"] == true {
                return None;
            }
            continue;
        };
        match parameter["in"].as_str().unwrap() {
            "path" => url = url.replace(&format!("{{{name}}}"), &value),
            "query" => query.push(format!("{name}={value}")),
            _ => headers.push((name, value)),
        }
    }
    if !query.is_empty() {
        url = format!("{url}?{}", query.join("&"));
    }
    Some((url, headers))
}
