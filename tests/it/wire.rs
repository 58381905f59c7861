//! How open answers go over the wire: compressed, conditional, without a body where none is asked for.

use actix_web::http::Method;
use godkjent::domain::role::Role;

use crate::{
    on_both_databases,
    world::{Answer, KRISTIANSAND, World, people::PAGE},
};

on_both_databases!(
    a_page_comes_in_the_form_that_the_reader_takes_each_with_its_own_tag,
    a_head_says_what_a_get_would_say_without_the_body,
);

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = world.anyone().request(Method::GET, path);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send().await
}

async fn a_page_comes_in_the_form_that_the_reader_takes_each_with_its_own_tag(world: World) {
    world.contracted().await;
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
        // Whoever has any form of it has it.
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
    world.contracted().await;
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
