//! Bodies that are small to send and dear to read: deep, wide, long, or of absurd numbers.

use actix_web::http::Method;
use serde_json::json;

use super::routes::Stage;
use crate::{
    on_sqlite,
    world::{KRISTIANSAND, Person, World},
};

on_sqlite!(
    a_deep_body_is_refused_and_overflows_no_stack,
    a_wide_body_is_refused_and_its_faults_are_few,
    absurd_numbers_and_long_words_are_refused,
    a_compressed_body_is_not_blown_up,
    a_field_that_is_said_twice_is_not_taken_once
);

/// Maximum size of a body, in bytes.
const MOST: usize = 1024 * 1024;

/// Sends a text to every JSON route, by every permitted role; all reject it.
async fn expect_refusal(stage: &Stage, text: &str) {
    let people = stage.people(KRISTIANSAND);
    let (mut read, mut tried) = (0, 0);
    for (number, (route, kind)) in stage.writes.iter().enumerate() {
        let who = &people[(number + text.len()) % people.len()];
        let path = stage.fill_known(&route.path);
        let request = who.request(route.method.clone(), &path).header("If-Match", "\"1\"");
        let answer = request.body(kind, text.to_owned()).send().await;
        let name = route.name();
        assert!(answer.status.is_client_error(), "{name} {} {}", answer.status, answer.text);
        // The response is small, whatever was sent.
        assert!(answer.bytes.len() < 20_000, "{name} {}", answer.bytes.len());
        tried += 1;
        read += usize::from([400, 422].contains(&answer.status.as_u16()));
    }
    assert!(tried > 45 && read > 2, "{read} of {tried}");
}

/// A caller with a body of the maximum size to a route that reads it completely.
async fn greatest(stage: &Stage, text: String) -> crate::world::Answer {
    assert!(text.len() <= MOST, "{}", text.len());
    let who: Person = stage.world.provider();
    let path = format!("/v1/providers/{}", crate::world::PROVIDER);
    let request = who.request(Method::PUT, &path).header("If-Match", "\"1\"");
    request.body("application/json", text).send().await
}

async fn a_deep_body_is_refused_and_overflows_no_stack(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    for depth in [127, 128, 129, 5_000] {
        expect_refusal(&stage, &format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth))).await;
        expect_refusal(&stage, &format!("{}{}", "[".repeat(depth), "]".repeat(depth))).await;
    }
    greatest(&stage, "[".repeat(MOST)).await.problem(400, "json-too-deep");
    greatest(&stage, "{\"a\":".repeat(MOST / 5)).await.problem(400, "json-too-deep");
    // A patch is merged part by part: as deep as JSON may be, and no deeper.
    let editor = stage.world.editor();
    let path = stage.fill_known("/v1/offerings/{id}/draft");
    let etag = editor.get(&path).await.etag();
    let deep = format!("{}null{}", "{\"title\":".repeat(120), "}".repeat(120));
    let request = editor.request(Method::PATCH, &path).header("If-Match", &etag);
    let answer = request.body("application/merge-patch+json", deep).send().await;
    assert!(answer.status.is_client_error(), "{}", answer.text);
    assert_eq!(stage.journal().await, before);
}

async fn a_wide_body_is_refused_and_its_faults_are_few(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    let keys: Vec<_> = (0..2_000).map(|i| format!("\"k{i}\":{i}")).collect();
    expect_refusal(&stage, &format!("{{{}}}", keys.join(","))).await;
    let keys: Vec<_> = (0..60_000).map(|i| format!("\"key{i}\":{i}")).collect();
    let answer = greatest(&stage, format!("{{{}}}", keys.join(","))).await;
    answer.problem(422, "unknown-field");
    // A list as long as a body permits, with an error in each entry.
    let mut body = crate::world::people::profile("Eksempel Assistanse AS");
    body["languages"] = json!(vec!["?"; 200_000]);
    let answer = greatest(&stage, body.to_string()).await;
    assert!(answer.bytes.len() < 20_000, "{}", answer.bytes.len());
    answer.problem(422, "validation");
    assert_eq!(stage.journal().await, before);
}

async fn absurd_numbers_and_long_words_are_refused(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    let digits = "9".repeat(20_000);
    for number in ["1e999999999", "-1e999999999", "1e-999999999", "0.1e400", digits.as_str()] {
        expect_refusal(&stage, &format!("{{\"amount\": {number}}}")).await;
        expect_refusal(&stage, number).await;
    }
    let long = "å".repeat(20_000);
    expect_refusal(&stage, &json!({"name": long}).to_string()).await;
    expect_refusal(&stage, &json!({long: 1}).to_string()).await;
    let escapes = format!("{{\"name\": \"{}\"}}", "\\u0041".repeat(MOST / 6 - 20));
    greatest(&stage, escapes).await.problem(422, "validation");
    let answer = greatest(&stage, format!("{{\"{}\": 1}}", "k".repeat(MOST - 20))).await;
    assert!(answer.bytes.len() < 20_000, "{}", answer.bytes.len());
    answer.problem(422, "unknown-field");
    assert_eq!(stage.journal().await, before);
}

async fn a_compressed_body_is_not_blown_up(world: World) {
    use std::io::Write;
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    let mut writer = flate2::write::GzEncoder::new(vec![], flate2::Compression::best());
    writer.write_all(&vec![b' '; 64 * MOST]).unwrap();
    let bomb = writer.finish().unwrap();
    assert!(bomb.len() < MOST, "{}", bomb.len());
    let who = stage.world.provider();
    let path = format!("/v1/providers/{}", crate::world::PROVIDER);
    for coding in ["gzip", "br", "deflate", "gzip, gzip"] {
        let request = who.request(Method::PUT, &path).header("If-Match", "\"1\"");
        let request = request.header("Content-Encoding", coding);
        let answer = request.body("application/json", bomb.clone()).send().await;
        assert!([400, 415].contains(&answer.status.as_u16()), "{coding} {}", answer.text);
    }
    assert_eq!(stage.journal().await, before);
}

async fn a_field_that_is_said_twice_is_not_taken_once(world: World) {
    let stage = Stage::new(world).await;
    let before = stage.journal().await;
    // A guard in front of the registry and the registry must parse alike.
    let profile = crate::world::people::profile("Eksempel Assistanse AS").to_string();
    let twice = format!("{{\"name\": \"Et annet navn\", {}", &profile[1..]);
    greatest(&stage, twice).await.problem(400, "malformed-json");
    let editor = stage.world.editor();
    let path = stage.fill_known("/v1/offerings/{id}/draft");
    let etag = editor.get(&path).await.etag();
    let request = editor.request(Method::PATCH, &path).header("If-Match", &etag);
    let twice = "{\"title\": {\"nb\": \"En\"}, \"title\": {\"nb\": \"To\"}}";
    let answer = request.body("application/merge-patch+json", twice).send().await;
    let problem = answer.problem(400, "malformed-json");
    assert!(problem["detail"].as_str().unwrap().contains("twice"), "{problem}");
    assert_eq!(stage.journal().await, before);
}
