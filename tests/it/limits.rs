//! Rate limits: headers, rejection, and identification of clients.

use actix_web::{http::Method, web};
use chrono::TimeDelta;
use godkjent::{
    api::middleware::{
        origin::TrustedProxies,
        rate_limits::{RateLimits, Rates},
    },
    app::ServerComponents,
};
use serde_json::json;

use crate::{
    on_sqlite,
    world::{Answer, PROVIDER, Person, World, people::PAGE},
};

on_sqlite!(
    a_client_is_told_what_it_has_left_and_refused_beyond_it,
    searches_and_acts_have_quotas_of_their_own,
    who_has_a_token_is_counted_by_it_wherever_it_calls_from,
    an_address_is_that_of_the_client_behind_proxies_of_ours,
    pages_that_are_ready_and_the_operator_are_not_counted,
    an_address_is_counted_before_anything_is_done_for_it,
    methods_that_nobody_serves_are_counted_and_measured_as_one,
    over_its_quota_neither_key_nor_body_of_an_act_is_looked_at
);

const READ: &str = "/v1/municipalities?limit=1";

async fn limit_rates(world: &World, rates: [u32; 3], proxies: &[&str]) -> World {
    let [reads, searches, writes] = rates;
    limited_to(world, Rates { all: 0, reads, searches, writes }, proxies).await
}

async fn limited_to(world: &World, rates: Rates, proxies: &[&str]) -> World {
    let proxies = proxies.iter().map(|network| network.parse().unwrap()).collect();
    let limits = web::Data::new(RateLimits::new(rates));
    let proxies = web::Data::new(TrustedProxies(proxies));
    world.another_instance_with(|it| ServerComponents { limits, proxies, ..it }).await
}

async fn get(who: &Person, path: &str, from: &str) -> Answer {
    who.request(Method::GET, path).from(from).send().await
}

/// The remaining quota in the response.
fn read_quota(answer: &Answer) -> String {
    answer.header("ratelimit")
}

async fn a_client_is_told_what_it_has_left_and_refused_beyond_it(world: World) {
    let world = limit_rates(&world, [3, 0, 0], &[]).await;
    let anyone = world.anyone();
    for (quota, status) in
        [("r=2;t=20", 200), ("r=1;t=40", 200), ("r=0;t=60", 200), ("r=0;t=20", 429)]
    {
        let answer = get(&anyone, READ, "192.0.2.1").await.expect(status);
        assert_eq!(answer.header("ratelimit-policy"), "\"reads\";q=3;w=60");
        assert_eq!(read_quota(&answer), format!("\"reads\";{quota}"));
        assert_eq!(answer.header("x-ratelimit-limit"), "");
        if status == 429 {
            assert_eq!(answer.header("retry-after"), "20");
            let exposed = answer.header("access-control-expose-headers");
            assert!(exposed.contains("RateLimit") && exposed.contains("Retry-After"), "{exposed}");
            let problem = answer.problem(429, "rate-limited");
            assert!(problem["detail"].as_str().unwrap().contains("20 seconds"), "{problem}");
        }
    }
    // Another client has its own quota; missing resources cost too.
    get(&anyone, READ, "192.0.2.2").await.expect(200);
    get(&anyone, "/nothing", "192.0.2.1").await.expect(429);
    world.pass(TimeDelta::seconds(19));
    get(&anyone, READ, "192.0.2.1").await.expect(429);
    world.pass(TimeDelta::seconds(1));
    get(&anyone, READ, "192.0.2.1").await.expect(200);
    get(&anyone, READ, "192.0.2.1").await.expect(429);
    // Addresses of one IPv6 prefix share a quota.
    for from in ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:3"] {
        get(&anyone, READ, from).await.expect(200);
    }
    get(&anyone, READ, "2001:db8::4").await.expect(429);
    get(&anyone, READ, "2001:db8:0:1::4").await.expect(200);
    assert_eq!(world.components.limits.clients(), 4);
    world.pass(TimeDelta::seconds(60));
    world.components.limits.forget(world.state.context.now());
    assert_eq!(world.components.limits.clients(), 0);
}

async fn searches_and_acts_have_quotas_of_their_own(world: World) {
    let world = limit_rates(&world, [1, 1, 1], &[]).await;
    let anyone = world.anyone();
    get(&anyone, READ, "192.0.2.1").await.expect(200);
    for path in ["/v1/approvals", "/v1/snapshots/approvals.csv", "/v1/statistics"] {
        world.pass(TimeDelta::seconds(60));
        let answer = get(&anyone, path, "192.0.2.1").await.expect(200);
        assert_eq!(read_quota(&answer), "\"searches\";r=0;t=60", "{path}");
        let head = anyone.request(Method::HEAD, path).from("192.0.2.1").send().await;
        assert_eq!(head.status, 429, "{path}");
    }
    get(&anyone, READ, "192.0.2.1").await.expect(200);
    get(&anyone, READ, "192.0.2.1").await.expect(429);
    let lookup = || {
        let request = anyone.request(Method::POST, "/v1/approvals/lookup").from("192.0.2.9");
        request.json(&json!({"pairs": []})).send()
    };
    assert_ne!(lookup().await.status, 429);
    assert_eq!(lookup().await.header("ratelimit-policy"), "\"searches\";q=1;w=60");
    // A rejected command still counts as a request.
    let provider = world.provider();
    let act = || provider.post("/v1/applications", json!({}));
    assert_eq!(read_quota(&act().await.expect(422)), "\"writes\";r=0;t=60");
    act().await.problem(429, "rate-limited");
    get(&provider, "/v1/applications", "192.0.2.1").await.expect(200);
}

async fn who_has_a_token_is_counted_by_it_wherever_it_calls_from(world: World) {
    let world = limit_rates(&world, [2, 0, 0], &[]).await;
    let (provider, other) = (world.provider(), world.other_provider());
    let list = "/v1/applications";
    get(&provider, list, "192.0.2.1").await.expect(200);
    get(&provider, list, "192.0.2.2").await.expect(200);
    get(&provider, list, "192.0.2.3").await.expect(429);
    get(&other, list, "192.0.2.3").await.expect(200);
    // An open read is counted by address, so a token opens no second quota there.
    get(&provider, READ, "192.0.2.4").await.expect(200);
    get(&other, READ, "192.0.2.4").await.expect(200);
    get(&world.anyone(), READ, "192.0.2.4").await.expect(429);
    // Guessing tokens costs the address.
    for status in [401, 401, 429] {
        let guess = world.anyone().request(Method::GET, list).from("192.0.2.5");
        guess.header("Authorization", "Bearer guess").send().await.expect(status);
    }
    get(&other, list, "192.0.2.5").await.expect(200);
}

async fn an_address_is_that_of_the_client_behind_proxies_of_ours(world: World) {
    let world = limit_rates(&world, [1, 0, 0], &["10.0.0.0/8"]).await;
    let ask = |from: &'static str, forwarded: &'static str| {
        let request = world.anyone().request(Method::GET, READ).from(from);
        request.header("X-Forwarded-For", forwarded).send()
    };
    ask("10.0.0.1", "192.0.2.1").await.expect(200);
    ask("10.0.0.2", "192.0.2.1").await.expect(429);
    ask("10.0.0.2", "192.0.2.2").await.expect(200);
    // Forged addresses change nothing.
    ask("10.0.0.2", "203.0.113.1, 192.0.2.2").await.expect(429);
    ask("198.51.100.7", "203.0.113.1").await.expect(200);
    ask("198.51.100.7", "203.0.113.2").await.expect(429);
}

async fn pages_that_are_ready_and_the_operator_are_not_counted(world: World) {
    world.create_contract().await;
    let world = limit_rates(&world, [1, 1, 1], &[]).await;
    let anyone = world.anyone();
    get(&anyone, READ, "192.0.2.1").await.expect(200);
    for _ in 0..3 {
        for path in [PAGE, "/livez", "/readyz", "/metrics"] {
            let answer = get(&anyone, path, "192.0.2.1").await.expect(200);
            assert_eq!(read_quota(&answer), "", "{path}");
        }
    }
    get(&anyone, &format!("/v1/providers/{PROVIDER}"), "192.0.2.1").await.expect(429);
}

async fn an_address_is_counted_before_anything_is_done_for_it(world: World) {
    let world = limited_to(&world, Rates { all: 4, ..Rates::default() }, &[]).await;
    let guess = || {
        let request = world.anyone().request(Method::GET, "/v1/applications").from("192.0.2.1");
        request.header("Authorization", "Bearer guess").send()
    };
    let provider = world.provider();
    let nowhere = || get(&provider, "/nothing", "192.0.2.1");
    let wrong = || {
        let path = "/v1/applications";
        world.provider().request(Method::DELETE, path).from("192.0.2.1").send()
    };
    guess().await.expect(401);
    nowhere().await.expect(404);
    wrong().await.expect(405);
    // The headers report the quotas of tokens and classes; this one is reported only when exceeded.
    assert_eq!(read_quota(&get(&world.provider(), READ, "192.0.2.1").await.expect(200)), "");
    for answer in [guess().await, nowhere().await, wrong().await] {
        assert_eq!(answer.header("ratelimit"), "\"all\";r=0;t=15");
        assert_eq!(answer.header("retry-after"), "15");
        answer.problem(429, "rate-limited");
    }
    // Probes are answered, and so are neighbours.
    get(&world.anyone(), "/livez", "192.0.2.1").await.expect(200);
    get(&world.anyone(), READ, "192.0.2.2").await.expect(200);
}

async fn methods_that_nobody_serves_are_counted_and_measured_as_one(world: World) {
    let world = limit_rates(&world, [0, 0, 3], &[]).await;
    for (n, status) in [405, 405, 404, 429].into_iter().enumerate() {
        let brew = Method::from_bytes(format!("BREW{n}").as_bytes()).unwrap();
        let path = if n == 2 { "/nothing" } else { "/v1/applications" };
        let anyone = world.anyone();
        anyone.request(brew, path).from("192.0.2.1").send().await.expect(status);
    }
    let measured = world.anyone().get("/metrics").await.text;
    assert!(!measured.contains("BREW"), "{measured}");
    let one = "godkjent_http_requests_total{method=\"other\",route=\"/v1/applications\",status=\"405\"} 2";
    assert!(measured.contains(one), "{measured}");
}

async fn over_its_quota_neither_key_nor_body_of_an_act_is_looked_at(world: World) {
    let world = limit_rates(&world, [0, 0, 1], &[]).await;
    let provider = world.provider();
    let act = |key: &'static str, body: usize| {
        let request = provider.request(Method::POST, "/v1/applications");
        let body = serde_json::json!("x".repeat(body));
        request.header("Idempotency-Key", key).json(&body).send()
    };
    act("\"1\"", 1).await.expect(422);
    act("two words", 1).await.problem(429, "rate-limited");
    act("\"2\"", 2_000_000).await.problem(429, "rate-limited");
    world.pass(TimeDelta::seconds(60));
    act("\"2\"", 2_000_000).await.problem(413, "payload-too-large");
}
