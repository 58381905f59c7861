//! HTTP details of public answers: compression, conditions, HEAD.

use actix_web::http::Method;
use godkjent::domain::role::Role;

use crate::{
    on_sqlite,
    world::{Answer, KRISTIANSAND, World, people::PAGE},
};

on_sqlite!(
    a_page_comes_in_the_form_that_the_reader_takes_each_with_its_own_tag,
    a_head_says_what_a_get_would_say_without_the_body,
    a_page_that_is_ready_says_what_the_long_way_says,
    pages_are_counted_whichever_way_they_go_out,
    a_page_says_when_it_last_changed_by_an_act_or_by_time_alone
);

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = world.anyone().request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send().await
}

async fn a_page_comes_in_the_form_that_the_reader_takes_each_with_its_own_tag(world: World) {
    world.create_contract().await;
    let paths =
        [PAGE, "/v1/offerings", "/v1/approvals", "/v1/municipalities?limit=200", "/v1/changes"];
    for path in paths {
        let plain = get(&world, path, &[]).await.expect(200);
        assert_eq!(plain.header("content-encoding"), "");
        assert!(plain.header("vary").ends_with("Accept-Encoding"), "{path}");
        let gzip = get(&world, path, &[("Accept-Encoding", "gzip")]).await.expect(200);
        let brotli =
            get(&world, path, &[("Accept-Encoding", "gzip, deflate, br")]).await.expect(200);
        assert_eq!(gzip.header("content-encoding"), "gzip", "{path}");
        assert_eq!(brotli.header("content-encoding"), "br", "{path}");
        let tags = [plain.etag(), gzip.etag(), brotli.etag()];
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
        // Any coding counts as the current representation.
        for tag in &tags {
            let known =
                get(&world, path, &[("If-None-Match", tag), ("Accept-Encoding", "br")]).await;
            let known = known.expect(304);
            assert_eq!((known.text.as_str(), known.etag()), ("", tags[2].clone()), "{path}");
        }
        get(&world, path, &[("If-None-Match", "\"other\"")]).await.expect(200);
    }
}

async fn a_head_says_what_a_get_would_say_without_the_body(world: World) {
    world.create_contract().await;
    let worker = world.person("Kari Case", Role::CaseWorker, KRISTIANSAND);
    for path in
        [PAGE, "/v1/approvals", "/v1/applications", "/v1/nothing", "/openapi.json", "/livez"]
    {
        let full = worker.get(path).await;
        let head = worker.request(Method::HEAD, path).send().await;
        assert_eq!((head.status, head.text.as_str()), (full.status, ""), "{path}");
        for name in ["content-type", "etag", "cache-control", "vary"] {
            assert_eq!(head.header(name), full.header(name), "{path} {name}");
        }
    }
    let wrong = world.anyone().request(Method::HEAD, "/v1/approvals?colour=red").send().await;
    assert_eq!((wrong.status.as_u16(), wrong.text.as_str()), (400, ""));
}

async fn a_page_that_is_ready_says_what_the_long_way_says(world: World) {
    world.create_contract().await;
    for headers in [vec![], vec![("Accept-Encoding", "gzip")], vec![("If-None-Match", "*")]] {
        let ready = get(&world, PAGE, &headers).await;
        // A request with an id is answered by the route.
        let long = get(&world, PAGE, &[&headers[..], &[("X-Request-Id", "r-1")]].concat()).await;
        assert_eq!(long.header("x-request-id"), "r-1");
        assert!(!ready.headers.contains_key("x-request-id"));
        assert_eq!((ready.status, &ready.bytes), (long.status, &long.bytes));
        let names = |answer: &Answer| {
            let names = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
            let mut names: Vec<_> =
                names.map(|(name, value)| (name.clone(), value.clone())).collect();
            names.sort_by_key(|(name, _)| name.to_string());
            names
        };
        assert_eq!(names(&ready), names(&long));
        assert_eq!(ready.header("access-control-allow-origin"), "*");
    }
    let csv = get(&world, PAGE, &[("Accept", "text/csv")]).await.expect(200);
    assert!(csv.header("content-type").starts_with("text/csv"));
}

async fn pages_are_counted_whichever_way_they_go_out(world: World) {
    world.create_contract().await;
    let count = async |method: &str, status: u16| {
        let route = "/v1/register/{municipality}/{service}";
        let line = format!(
            "godkjent_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} "
        );
        let text = get(&world, "/metrics", &[]).await.expect(200).text;
        let value = text.lines().find_map(|it| it.strip_prefix(&line));
        value.map_or(0, |value| value.parse::<u64>().unwrap())
    };
    let before = [count("GET", 200).await, count("GET", 304).await, count("HEAD", 200).await];
    let tag = get(&world, PAGE, &[]).await.expect(200).etag();
    get(&world, PAGE, &[("If-None-Match", &tag)]).await.expect(304);
    // These go to the route: one that is named, one with a parameter, one that wants no body.
    get(&world, PAGE, &[("X-Request-Id", "r-1")]).await.expect(200);
    get(&world, &format!("{PAGE}?limit=1"), &[]).await.expect(200);
    get(&world, PAGE, &[("X-Request-Id", "r-1"), ("If-None-Match", &tag)]).await.expect(304);
    world.anyone().request(Method::HEAD, PAGE).send().await.expect(200);
    let after = [count("GET", 200).await, count("GET", 304).await, count("HEAD", 200).await];
    assert_eq!(after, [before[0] + 3, before[1] + 2, before[2] + 1]);
}

async fn a_page_says_when_it_last_changed_by_an_act_or_by_time_alone(world: World) {
    world.create_contract().await;
    let first = get(&world, PAGE, &[]).await.expect(200).header("last-modified");
    assert_eq!(first, "Thu, 12 Mar 2026 09:00:00 GMT");
    world.set_clock("2026-03-12T10:00:00Z");
    assert_eq!(get(&world, PAGE, &[]).await.header("last-modified"), first);
    get(&world, PAGE, &[("If-Modified-Since", &first)]).await.expect(304);
    // A tag takes precedence over a time.
    let both = [("If-Modified-Since", first.as_str()), ("If-None-Match", "\"other\"")];
    get(&world, PAGE, &both).await.expect(200);
    get(&world, PAGE, &[("If-Modified-Since", "Thu, 12 Mar 2026 08:59:59 GMT")]).await.expect(200);
    get(&world, PAGE, &[("If-Modified-Since", "yesterday")]).await.expect(200);
    // The provider's data becomes stale without a change.
    world.set_clock("2027-03-13T00:00:00Z");
    let later = get(&world, PAGE, &[("If-Modified-Since", &first)]).await.expect(200);
    assert_eq!(later.header("last-modified"), "Fri, 12 Mar 2027 23:00:00 GMT");
    assert!(later.json()["providers"].as_array().unwrap().iter().all(|it| it["stale"] == true));
}
