//! Following the change feed: long polls, streams, and instances that are behind.

use std::pin::Pin;

use actix_web::{body::MessageBody, dev::Service, http::Method, rt, test};

use crate::{
    on_both_databases,
    world::{Answer, World, serve},
};

on_both_databases!(
    a_long_poll_answers_when_something_happens,
    a_long_poll_that_nothing_ends_answers_with_nothing,
    a_position_that_is_not_here_yet_is_said_to_be_so,
    a_stream_gives_what_was_and_what_comes_and_resumes,
);

async fn poll(world: &World, after: i64, wait: &str) -> Answer {
    let path = format!("/v1/changes?after={after}");
    world.anyone().request(Method::GET, &path).header("Prefer", wait).send().await
}

async fn a_long_poll_answers_when_something_happens(world: World) {
    let waiting = rt::spawn({
        let world = world.clone();
        async move { poll(&world, 0, "respond-async, wait=50").await }
    });
    rt::task::yield_now().await;
    assert!(!waiting.is_finished());
    world.editor().sets_up("4204").await.expect(200);
    let answer = waiting.await.unwrap().expect(200);
    assert_eq!(answer.header("preference-applied"), "wait=50");
    assert_eq!(answer.header("cache-control"), "no-store");
    let feed = answer.json();
    assert_eq!((&feed["position"], &feed["items"][0]["sequence"]), (&1.into(), &"1".into()));
    // No wait is longer than a minute, also where there is nothing to wait for.
    let answer = poll(&world, 0, "wait=600").await.expect(200);
    assert_eq!(answer.header("preference-applied"), "wait=60");
}

async fn a_long_poll_that_nothing_ends_answers_with_nothing(world: World) {
    let feed = poll(&world, 0, "wait=0").await.expect(200).json();
    assert_eq!(feed["items"].as_array().unwrap().len(), 0);
    assert_eq!((&feed["position"], &feed["hasMore"]), (&0.into(), &false.into()));
}

async fn a_position_that_is_not_here_yet_is_said_to_be_so(world: World) {
    world.editor().sets_up("4204").await.expect(200);
    let ahead = world.anyone().get("/v1/changes?after=2").await;
    assert_eq!(ahead.header("feed-position"), "1");
    assert_eq!(ahead.header("retry-after"), "1");
    ahead.problem(409, "position-ahead");
    let path = "/v1/municipalities/4204";
    let request =
        |position: &str| world.anyone().request(Method::GET, path).header("Min-Position", position);
    assert_eq!(request("1").send().await.expect(200).header("feed-position"), "1");
    request("2").send().await.problem(409, "position-ahead");
    request("soon").send().await.problem(400, "invalid-parameter");
    let waiting = rt::spawn(request("2").header("Prefer", "wait=50").send());
    rt::task::yield_now().await;
    let etag = world.editor().get(path).await.etag();
    let mut settings = crate::world::people::settings();
    settings["decidingBody"] = serde_json::json!("Et annet navn");
    world.editor().act(Method::PUT, path, &etag, Some(settings)).await.expect(200);
    let answer = waiting.await.unwrap().expect(200);
    assert_eq!(answer.header("feed-position"), "2");
    assert_eq!(answer.json()["settings"]["revision"], 2);
}

/// The next event of a stream that is no heartbeat.
async fn next(body: &mut (impl MessageBody + Unpin)) -> String {
    loop {
        let chunk = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_next(cx)).await.unwrap();
        let Ok(chunk) = chunk else { panic!("the stream broke off") };
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        if !text.starts_with(':') && !text.starts_with("retry:") {
            return text;
        }
    }
}

async fn a_stream_gives_what_was_and_what_comes_and_resumes(world: World) {
    world.editor().sets_up("4204").await.expect(200);
    let service = serve(world.components.clone()).await;
    let request = test::TestRequest::get().uri("/v1/changes/stream").to_request();
    let response = service.call(request).await.unwrap();
    assert_eq!(response.headers().get("content-type").unwrap(), "text/event-stream");
    let mut body = Box::pin(response.into_body());
    let first = next(&mut body).await;
    assert!(
        first.starts_with("id: 1\nevent: no.godkjent.municipality.updated.v1\ndata: {"),
        "{first}"
    );
    assert!(first.ends_with("}\n\n"));
    world.registered_providers().await;
    assert!(next(&mut body).await.starts_with("id: 2\n"));
    assert!(next(&mut body).await.starts_with("id: 3\n"));
    drop(body);

    let resumed =
        test::TestRequest::get().uri("/v1/changes/stream").insert_header(("Last-Event-ID", "2"));
    let response = service.call(resumed.to_request()).await.unwrap();
    let mut body = Box::pin(response.into_body());
    assert!(next(&mut body).await.starts_with("id: 3\n"));
    let ahead =
        world.anyone().request(Method::GET, "/v1/changes/stream").header("Last-Event-ID", "9");
    ahead.send().await.problem(409, "position-ahead");
}
