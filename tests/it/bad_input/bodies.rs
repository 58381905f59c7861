//! Bodies that cannot be read, or can be read and are wrong.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    on_sqlite,
    problems::scene::{Scene, profile, settings},
    world::{OTHER_PROVIDER, PROVIDER, Person, World, bpa_content},
};

on_sqlite!(
    a_body_that_is_not_json_is_malformed_and_changes_nothing,
    a_value_of_another_type_is_named_by_its_pointer,
    an_unknown_field_is_named_by_its_pointer,
    one_answer_names_every_fault_of_a_body,
    a_wrong_value_is_named_by_its_pointer_and_its_code,
    a_wrong_check_digit_in_a_path_is_told,
    another_media_type_is_told_what_is_taken,
    a_body_over_one_mebibyte_is_too_large
);

/// Sends a text as a body to the profile of the provider.
async fn put(who: &Person, body: impl Into<actix_web::web::Bytes>) -> crate::world::Answer {
    let path = format!("/v1/providers/{PROVIDER}");
    who.request(Method::PUT, &path)
        .header("If-Match", "\"1\"")
        .body("application/json", body)
        .send()
        .await
}

async fn a_body_that_is_not_json_is_malformed_and_changes_nothing(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let provider = scene.world.provider();
    let whole = profile().to_string();
    // As deep as a body may be, and unfinished.
    let deep = "[".repeat(64);
    let texts: [&str; 9] = [
        "",
        " ",
        "{",
        "{\"name\": }",
        "{'name': 'x'}",
        "null null",
        "{\"name\": \"\\ud800\"}",
        &whole[..whole.len() / 2],
        &deep,
    ];
    for text in texts {
        let problem = put(&provider, text.to_owned()).await.problem(400, "malformed-json");
        assert!(problem["detail"].as_str().unwrap().contains("line"), "{text}: {problem}");
    }
    // An ignored body must still be valid JSON.
    let hidden = b"{\"colour\": \"\xff\"}".to_vec();
    let latin = [hidden, b"{\"name\": \"Bl\xe5b\xe6r\"}".to_vec(), vec![0xff, 0xfe], vec![0]];
    for bytes in latin {
        put(&provider, bytes).await.problem(400, "malformed-json");
    }
    // Deeper content is not parsed; brackets in a string are text.
    for deep in ["[".repeat(65), "{\"a\":".repeat(500_000 / 5), "[".repeat(1_000_000)] {
        put(&provider, deep).await.problem(400, "json-too-deep");
    }
    let text = format!("{{\"colour\": \"\\\"{}\"}}", "[{".repeat(100));
    put(&provider, text).await.problem(422, "unknown-field");
    assert_eq!(scene.look().await, before);
}

async fn a_value_of_another_type_is_named_by_its_pointer(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let with = |field: &str, value: Value| {
        let mut body = profile();
        body[field] = value;
        body
    };
    let profile_faults = [
        (json!([]), ""),
        (json!("text"), ""),
        (with("name", json!(7)), "/name"),
        (with("name", json!({"nb": "x"})), "/name"),
        (with("languages", json!("nb")), "/languages"),
        (with("languages", json!(["nb", 7])), "/languages/1"),
        (with("presentation", json!({"nb": ["x"]})), "/presentation/nb"),
    ];
    for (body, pointer) in profile_faults {
        let answer = put(&scene.world.provider(), body.to_string()).await;
        assert_eq!(answer.pointers(), [pointer], "{body}");
        answer.problem(422, "wrong-type");
    }
    let draft_faults = [
        (
            json!({"criteria": [{"code": "a", "matter": "b", "text": {"nb": "c"}, "mandatory": "yes"}]}),
            "/criteria/0/mandatory",
        ),
        (
            json!({"service": {"startUp": {"amount": -1, "unit": "days"}}}),
            "/service/startUp/amount",
        ),
        (
            json!({"service": {"startUp": {"amount": 1.5, "unit": "days"}}}),
            "/service/startUp/amount",
        ),
        (
            json!({"service": {"zones": [{"code": "a", "name": "A"}, {"code": 7, "name": "B"}]}}),
            "/service/zones/1/code",
        ),
        (json!({"terms": {"revocationGrounds": ["bankruptcy", 7]}}), "/terms/revocationGrounds/1"),
    ];
    for (body, pointer) in draft_faults {
        let answer = scene.patch_draft(&body).await;
        assert_eq!(answer.pointers(), [pointer], "{body}");
        answer.problem(422, "wrong-type");
    }
    let answer = scene.patch_draft(&json!(["not an object"])).await;
    assert_eq!(answer.pointers(), [""]);
    answer.problem(422, "wrong-type");
    assert_eq!(scene.look().await, before);
}

async fn an_unknown_field_is_named_by_its_pointer(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let provider = scene.world.provider();
    let mut body = profile();
    body["colour"] = json!("red");
    let answer = put(&provider, body.to_string()).await;
    assert_eq!(answer.pointers(), ["/colour"]);
    answer.problem(422, "unknown-field");
    let mut body = profile();
    body["presentation"]["a/b~c"] = json!("Hej");
    assert_eq!(put(&provider, body.to_string()).await.pointers(), ["/presentation/a~1b~0c"]);
    let mut body = profile();
    body["presentation"]["sv"] = json!("Hej");
    let answer = put(&provider, body.to_string()).await;
    assert_eq!(answer.pointers(), ["/presentation/sv"]);
    answer.problem(422, "unknown-field");
    let mut content = bpa_content();
    content["criteria"][1]["evidence"][0]["colour"] = json!("red");
    let answer = scene.patch_draft(&content).await;
    assert_eq!(answer.pointers(), ["/criteria/1/evidence/0/colour"]);
    answer.problem(422, "unknown-field");
    // A read-only field of the resource.
    let patch = Some(json!({"state": "approved"}));
    let answer = scene.act(&provider, Method::PATCH, "", patch).await;
    assert_eq!(answer.pointers(), ["/state"]);
    answer.problem(422, "unknown-field");
    assert_eq!(scene.look().await, before);
}

async fn one_answer_names_every_fault_of_a_body(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let body = json!({
        "name": " ", "kind": "charity", "notificationAddress": "nowhere",
        "languages": ["nb", "norsk"], "phone": "no", "web": "ftp://example.no"
    });
    let answer = put(&scene.world.provider(), body.to_string()).await;
    let pointers = [
        "/name",
        "/kind",
        "/notificationAddress",
        "/presentation",
        "/languages/1",
        "/phone",
        "/web",
    ];
    assert_eq!(answer.pointers(), pointers);
    let problem = answer.problem(422, "validation");
    for error in problem["errors"].as_array().unwrap() {
        assert!(!error["code"].as_str().unwrap().is_empty(), "{error}");
        assert!(error["detail"].as_str().unwrap().ends_with('.'), "{error}");
    }
    let answer = scene
        .world
        .editor()
        .act(Method::PUT, "/v1/municipalities/4204", "\"1\"", Some(json!({})))
        .await;
    assert_eq!(answer.pointers(), ["/contact", "/decidingBody", "/delegation", "/appealBody"]);
    answer.problem(422, "validation");
    let evidence =
        json!({"criterion": "A B", "kind": "", "title": "x\ny", "issuedOn": "2026-02-30"});
    let answer = scene.act(&scene.world.provider(), Method::POST, "evidence", Some(evidence)).await;
    assert_eq!(answer.pointers(), ["/criterion", "/kind", "/title", "/issuedOn"]);
    answer.problem(422, "validation");
    assert_eq!(scene.look().await, before);
}

async fn a_wrong_value_is_named_by_its_pointer_and_its_code(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let dates = ["2026-02-30", "2026-13-01", "2025-02-29", "26-01-01", "2026-1-1", "today", ""];
    for date in dates {
        let body = json!({
            "criterion": "tax-certificate", "kind": "tax-certificate", "title": "Attest",
            "issuedOn": date
        });
        let answer = scene.act(&scene.world.provider(), Method::POST, "evidence", Some(body)).await;
        assert_eq!(answer.pointers(), ["/issuedOn"], "{date}");
        answer.problem(422, "validation");
    }
    let invisible = ["\u{0}", "\u{7}", "\u{1b}[31m", "\u{7f}", "\u{202e}txt", "a\u{2066}b"];
    let long = "å".repeat(201);
    let names = invisible.iter().map(|text| (*text, "control-character"));
    let names = names.chain([
        (long.as_str(), "too-long"),
        ("", "blank"),
        ("\u{a0}", "blank"),
        ("a\nb", "line-break"),
    ]);
    for (name, code) in names {
        let mut body = profile();
        body["name"] = json!(name);
        let answer = put(&scene.world.provider(), body.to_string()).await;
        assert_eq!(answer.pointers(), ["/name"], "{name:?}");
        let problem = answer.problem(422, "validation");
        assert_eq!(problem["errors"][0]["code"], code, "{name:?}");
    }
    let mut body = profile();
    body["presentation"]["nb"] = json!("å".repeat(2_001));
    let answer = put(&scene.world.provider(), body.to_string()).await;
    assert_eq!(answer.pointers(), ["/presentation/nb"]);
    assert_eq!(answer.problem(422, "validation")["errors"][0]["code"], "too-long");
    let mut content = bpa_content();
    content["compensation"]["lines"][0]["amount"]["amount"] = json!("-1.00");
    let answer = scene.patch_draft(&content).await;
    assert_eq!(answer.pointers(), ["/compensation/lines/0/amount/amount"]);
    answer.problem(422, "validation");
    assert_eq!(scene.look().await, before);
}

async fn a_wrong_check_digit_in_a_path_is_told(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let digit = "organisation-number-check-digit";
    let form = "organisation-number-form";
    for (number, code) in [("313000029", digit), ("12345678", form), ("x", form)] {
        let path = format!("/v1/providers/{number}");
        let answers = [
            scene.world.anyone().get(&path).await,
            scene.world.provider().create(&path, profile()).await,
        ];
        for answer in answers {
            assert_eq!(answer.pointers(), ["/organisationNumber"]);
            assert_eq!(answer.problem(422, "validation")["errors"][0]["code"], code);
        }
    }
    // Another party's valid one.
    let path = format!("/v1/providers/{OTHER_PROVIDER}");
    let answer = scene.world.provider().create(&path, profile()).await;
    answer.problem(403, "not-your-organisation");
    let answer = scene.world.editor().create("/v1/municipalities/0301", settings()).await;
    answer.problem(403, "not-your-organisation");
    assert_eq!(scene.look().await, before);
}

async fn another_media_type_is_told_what_is_taken(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let provider = scene.world.provider();
    let path = format!("/v1/providers/{PROVIDER}");
    for kind in ["text/plain", "application/xml", "application/json5", "nonsense", ""] {
        let request = provider.request(Method::PUT, &path).header("If-Match", "\"1\"");
        let answer = request.body(kind, profile().to_string()).send().await;
        assert_eq!(answer.header("accept-post"), "application/json", "{kind}");
        answer.problem(415, "unsupported-media-type");
    }
    let etag = scene.draft_etag().await;
    let request = scene.world.editor().request(Method::PATCH, &scene.draft());
    let answer = request.header("If-Match", &etag).body("text/plain", "{}").send().await;
    assert_eq!(answer.header("accept-patch"), "application/merge-patch+json");
    answer.problem(415, "unsupported-media-type");
    assert_eq!(scene.look().await, before);
}

async fn a_body_over_one_mebibyte_is_too_large(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let provider = scene.world.provider();
    let mut body = profile();
    body["presentation"]["nb"] = Value::from("x".repeat(1024 * 1024));
    let problem = put(&provider, body.to_string()).await.problem(413, "payload-too-large");
    assert!(problem["detail"].as_str().unwrap().contains("1048576"));
    // The greatest body is read, and then found wrong for another reason.
    let mut text = profile().to_string();
    text.push_str(&" ".repeat(1024 * 1024 - text.len()));
    let text = text.replace("commercial", "commercia1");
    put(&provider, text).await.problem(422, "validation");
    assert_eq!(scene.look().await, before);
}

impl Scene {
    /// Patches the draft of the offering as it is now.
    async fn patch_draft(&self, body: &Value) -> crate::world::Answer {
        let etag = self.draft_etag().await;
        self.world.editor().act(Method::PATCH, &self.draft(), &etag, Some(body.clone())).await
    }
}
