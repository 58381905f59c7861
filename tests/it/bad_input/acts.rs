//! Commands that are too late, too early, repeated, or from another organisation.

use actix_web::http::Method;
use godkjent::domain::role::Role;
use serde_json::json;

use crate::{
    on_both_databases,
    problems::scene::{Scene, profile},
    world::{BAERUM, PROVIDER, World, bpa_content},
};

on_both_databases!(
    a_second_open_application_leads_to_the_first,
    a_second_offering_of_a_service_leads_to_the_first,
    of_two_acts_on_the_same_revision_exactly_one_wins;
    sqlite_alone:
    an_act_without_the_entity_tag_that_was_read_is_refused,
    an_act_in_the_wrong_state_says_what_is_possible,
    another_municipalitys_case_is_not_there
);

async fn an_act_without_the_entity_tag_that_was_read_is_refused(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let (provider, editor) = (scene.world.provider(), scene.world.editor());
    let profile_path = format!("/v1/providers/{PROVIDER}");
    let acts = [
        (&provider, Method::PATCH, scene.application.clone(), Some(json!({"zones": ["whole"]}))),
        (
            &provider,
            Method::PUT,
            scene.at("answers/environment"),
            Some(json!({"declaredMet": true})),
        ),
        (&provider, Method::POST, scene.at("withdrawal"), None),
        (&editor, Method::PATCH, scene.draft(), Some(json!({"title": {"nb": "Ny"}}))),
        (&editor, Method::POST, format!("{}/publication", scene.offering), None),
        (&provider, Method::PUT, profile_path.clone(), Some(profile())),
    ];
    for (who, method, path, body) in &acts {
        let send = |etag: Option<&'static str>| {
            let mut request = who.request(method.clone(), path);
            if let Some(etag) = etag {
                request = request.header("If-Match", etag);
            }
            if let Some(body) = body {
                request = request.json(body);
            }
            request.send()
        };
        send(None).await.problem(428, "precondition-required");
        send(Some("*")).await.problem(428, "precondition-required");
        send(Some("\"999\"")).await.problem(412, "precondition-failed");
        for form in
            ["1", "\"\"", "\"x\"", "W/\"1\"", "\"1\", \"2\"", "\"-1\"", "\"99999999999999999999\""]
        {
            send(Some(form)).await.problem(400, "etag-form");
        }
    }
    let again = provider.create(&profile_path, profile()).await;
    again.problem(412, "precondition-failed");
    let both = provider.request(Method::PUT, &profile_path).header("If-Match", "\"1\"");
    let both = both.header("If-None-Match", "*").json(&profile()).send().await;
    both.problem(400, "etag-form");
    assert_eq!(scene.look().await, before);
}

async fn an_act_in_the_wrong_state_says_what_is_possible(world: World) {
    let scene = Scene::new(world).await;
    scene.submit().await;
    let before = scene.look().await;
    let provider = scene.world.provider();
    let answer = Some(json!({"declaredMet": false}));
    let acts = [
        (Method::PATCH, "", Some(json!({"zones": []}))),
        (Method::PUT, "answers/environment", answer),
        (Method::POST, "submission", None),
    ];
    for (method, sub, body) in acts {
        let problem = scene.act(&provider, method, sub, body).await;
        let problem = problem.problem(409, "illegal-transition");
        assert_eq!(problem["currentState"], "submitted", "{sub}");
        let allowed = [
            "withdraw",
            "change-version",
            "challenge-impartiality",
            "declare-impartiality",
            "rule-on-impartiality",
            "start-assessment",
            "send-preliminary-answer",
            "dismiss",
        ];
        assert_eq!(problem["allowedActions"], json!(allowed), "{sub}");
    }
    let worker = scene.world.case_worker();
    let body = Some(json!({"outcome": "met", "note": "Sett."}));
    let problem = scene.act(&worker, Method::PUT, "assessments/environment", body).await;
    let problem = problem.problem(409, "illegal-transition");
    assert_eq!(problem["currentState"], "submitted");
    assert_eq!(scene.look().await, before);
    scene.act(&provider, Method::POST, "withdrawal", None).await.expect(200);
    let problem = scene.act(&provider, Method::POST, "withdrawal", None).await;
    let problem = problem.problem(409, "illegal-transition");
    assert_eq!(problem["currentState"], "withdrawn");
    assert_eq!(problem["allowedActions"], json!(["remove-contact"]));
}

async fn another_municipalitys_case_is_not_there(world: World) {
    let scene = Scene::new(world).await;
    scene.submit().await;
    let before = scene.look().await;
    let worker = scene.world.person("Berit Case", Role::CaseWorker, BAERUM);
    worker.get(&scene.application).await.problem(404, "not-found");
    let yes = Some(json!({"impartial": true}));
    let etag = scene.etag().await;
    let path = scene.at("impartiality");
    worker.act(Method::POST, &path, &etag, yes.clone()).await.problem(404, "not-found");
    // A stale tag must not reveal that the case exists.
    worker.act(Method::POST, &path, "\"999\"", yes).await.problem(404, "not-found");
    let maker = scene.world.person("Bjørn Decision", Role::DecisionMaker, BAERUM);
    let path = scene.at("decision");
    let approve = Some(json!({"outcome": "approve"}));
    maker.act(Method::POST, &path, &etag, approve).await.problem(404, "not-found");
    let listed = worker.get("/v1/applications").await.expect(200).json();
    assert_eq!(listed["items"], json!([]));
    // The draft of an offering is known to exist, for its versions are public.
    let editor = scene.world.person("Bo Editor", Role::Editor, BAERUM);
    let answer = editor.get(&scene.draft()).await;
    assert!([403, 404].contains(&answer.status.as_u16()), "{}", answer.text);
    let other = scene.world.other_provider();
    other.get(&scene.application).await.problem(404, "not-found");
    let withdrawal = scene.at("withdrawal");
    other.act(Method::POST, &withdrawal, &etag, None).await.problem(404, "not-found");
    assert_eq!(scene.look().await, before);
}

async fn a_second_open_application_leads_to_the_first(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let provider = scene.world.provider();
    let body = json!({"offeringId": scene.offering_id});
    let answer = provider.post("/v1/applications", body.clone()).await;
    let problem = answer.problem(409, "duplicate-application");
    let existing = problem["existing"].as_str().unwrap();
    assert_eq!(existing, scene.application);
    provider.get(existing).await.expect(200);
    assert_eq!(scene.look().await, before);
    scene.act(&provider, Method::POST, "withdrawal", None).await.expect(200);
    provider.post("/v1/applications", body).await.expect(201);
}

async fn a_second_offering_of_a_service_leads_to_the_first(world: World) {
    let scene = Scene::new(world).await;
    let before = scene.look().await;
    let editor = scene.world.editor();
    let body = json!({"service": "personal-assistance", "content": bpa_content()});
    let problem = editor.post("/v1/offerings", body).await.problem(409, "offering-exists");
    editor.get(problem["existing"].as_str().unwrap()).await.expect(200);
    assert_eq!(scene.look().await, before);
}

async fn of_two_acts_on_the_same_revision_exactly_one_wins(world: World) {
    let scene = Scene::new(world).await;
    scene.submit().await;
    let (worker, provider) = (scene.world.case_worker(), scene.world.provider());
    for _ in 0..10 {
        let etag = scene.etag().await;
        let path = scene.at("impartiality");
        let body = Some(json!({"impartial": true}));
        let (one, other) = futures_of(
            Box::pin(worker.act(Method::POST, &path, &etag, body.clone())),
            Box::pin(worker.act(Method::POST, &path, &etag, body.clone())),
        )
        .await;
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{} {}", one.text, other.text);
    }
    let listed = provider.get(&scene.application).await.expect(200).json();
    assert_eq!(listed["case"]["declarations"].as_array().unwrap().len(), 10);
}

/// Runs two requests at the same time.
async fn futures_of<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> (T, T) {
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    let (mut first, mut second) = (None, None);
    std::future::poll_fn(|context| {
        use std::task::Poll;
        if first.is_none()
            && let Poll::Ready(done) = one.as_mut().poll(context)
        {
            first = Some(done);
        }
        if second.is_none()
            && let Poll::Ready(done) = other.as_mut().poll(context)
        {
            second = Some(done);
        }
        match (first.take(), second.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (one, other) => {
                (first, second) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}
