//! Tokens that are bound to a key (RFC 9449): each check of the proof by itself.

use actix_web::{http::Method, web};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use godkjent::{
    api::middleware::rate_limits::{RateLimits, Rates},
    app::ServerComponents,
};
use jsonwebtoken::{
    Algorithm,
    jwk::{Jwk, ThumbprintHash},
};
use serde_json::{Value, json};

use super::{issuer::Signer, scene::Scene};
use crate::{
    on_sqlite,
    world::{Answer, PROVIDER, World},
};

on_sqlite!(a_bound_token_reads_and_acts_with_a_proof);

const PATH: &str = "/v1/applications";

/// A client with a key to which its token is bound.
struct Client {
    scene: Scene,
    key: Signer,
    token: String,
}

fn thumbprint(key: &Signer) -> String {
    let jwk: Jwk = serde_json::from_value(key.jwk.clone()).unwrap();
    jwk.thumbprint(ThumbprintHash::SHA256).unwrap()
}

impl Client {
    async fn new() -> Self {
        Self::of(Scene::of("oidc").await, Signer::ec("c1"))
    }

    fn of(scene: Scene, key: Signer) -> Self {
        let token = scene.token_with(|claims| claims["cnf"] = json!({"jkt": thumbprint(&key)}));
        Self { scene, key, token }
    }

    /// Header and claims of a proof as they should be, for reading.
    fn proof(&self, id: &str) -> (Value, Value) {
        let hash = digest(&SHA256, self.token.as_bytes());
        let header = json!({
            "typ": "dpop+jwt", "alg": format!("{:?}", self.key.algorithm), "jwk": self.key.bare(),
        });
        let claims = json!({
            "jti": id, "htm": "GET", "htu": format!("https://registry.example{PATH}"),
            "iat": self.scene.world.now().timestamp(),
            "ath": BASE64_URL_SAFE_NO_PAD.encode(hash.as_ref()),
        });
        (header, claims)
    }

    /// A proof that was changed before it was signed.
    fn change_proof(&self, id: &str, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let (mut header, mut claims) = self.proof(id);
        change(&mut header, &mut claims);
        self.key.sign(&header, &claims)
    }

    fn good(&self, id: &str) -> String {
        self.change_proof(id, |_, _| {})
    }

    async fn reads(&self, proof: &str) -> Answer {
        self.asks(Method::GET, PATH, proof).await
    }

    async fn asks(&self, method: Method, path: &str, proof: &str) -> Answer {
        let request = self.scene.request(method, path);
        let request = request.header("Authorization", &format!("DPoP {}", self.token));
        request.header("DPoP", proof).send().await
    }

    /// Reads with a proof with changed claims.
    async fn with(&self, id: &str, change: impl FnOnce(&mut Value)) -> Answer {
        self.reads(&self.change_proof(id, |_, claims| change(claims))).await
    }

    /// Reads with a proof with a changed header.
    async fn under(&self, id: &str, change: impl FnOnce(&mut Value)) -> Answer {
        self.reads(&self.change_proof(id, |header, _| change(header))).await
    }
}

impl Answer {
    /// The answer to an invalid proof, with these words in its reason.
    #[track_caller]
    fn no_proof(self, words: &str) {
        let challenges: Vec<_> = self.headers.get_all("www-authenticate").cloned().collect();
        let [bearer, proven] = challenges.try_into().unwrap();
        assert!(bearer.to_str().unwrap().starts_with("Bearer resource_metadata="));
        let wanted = "DPoP error=\"invalid_dpop_proof\", algs=\"ES256 PS256 EdDSA\", ";
        assert!(proven.to_str().unwrap().starts_with(wanted));
        let problem = self.problem(401, "unauthenticated");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
    }
}

async fn a_bound_token_reads_and_acts_with_a_proof(world: World) {
    let client = Client::of(Scene::on(world, "oidc", |_| {}).await, Signer::ec("c1"));
    client.reads(&client.good("1")).await.expect(200);
    let path = format!("/v1/providers/{PROVIDER}");
    let proof = client.change_proof("2", |_, claims| {
        claims["htm"] = json!("PUT");
        claims["htu"] = json!(format!("https://registry.example{path}"));
    });
    let request = client.scene.request(Method::PUT, &path);
    let request = request.header("Authorization", &format!("DPoP {}", client.token));
    let request = request.header("DPoP", &proof).header("If-None-Match", "*");
    request.json(&crate::problems::scene::profile()).send().await.expect(200);
    assert_eq!(client.scene.last_actor().await[2], PROVIDER);
}

#[actix_web::test]
async fn keys_of_every_kind_prove() {
    for key in [Signer::ec("c1"), Signer::ed("c1"), Signer::rsa_as("c1", Algorithm::PS256)] {
        let client = Client::of(Scene::of("oidc").await, key);
        client.reads(&client.good("1")).await.expect(200);
    }
}

#[actix_web::test]
async fn a_bound_token_never_passes_as_bearer() {
    let client = Client::new().await;
    client.scene.reads(&client.token).await.invalid("bound to a key");
    let request = client.scene.request(Method::GET, PATH);
    let request = request.header("Authorization", &format!("Bearer {}", client.token));
    let answer = request.header("DPoP", &client.good("1")).send().await;
    answer.invalid("bound to a key");
}

#[actix_web::test]
async fn a_token_that_is_bound_to_no_key_does_not_pass_as_dpop() {
    let mut client = Client::new().await;
    client.token = client.scene.token();
    client.reads(&client.good("1")).await.no_proof("not bound to a key");
    client.token = client.scene.world.auditor().token().unwrap();
    client.reads(&client.good("2")).await.no_proof("not bound to a key");
}

#[actix_web::test]
async fn tokens_must_be_bound_where_configured() {
    let scene = Scene::with("oidc", |config| config["dpopRequired"] = json!(true)).await;
    scene.reads(&scene.token()).await.invalid("must be bound to a key");
    let client = Client::of(scene, Signer::ed("c1"));
    client.reads(&client.good("1")).await.expect(200);
}

#[actix_web::test]
async fn there_is_exactly_one_proof() {
    let client = Client::new().await;
    let request = || {
        let request = client.scene.request(Method::GET, PATH);
        request.header("Authorization", &format!("DPoP {}", client.token))
    };
    request().send().await.no_proof("exactly one proof");
    let two = request().header("DPoP", &client.good("1"));
    two.another_header("DPoP", &client.good("2")).send().await.no_proof("exactly one proof");
    let joined = format!("{}, {}", client.good("3"), client.good("4"));
    client.reads(&joined).await.no_proof("cannot be read");
    let lower = client.scene.request(Method::GET, PATH);
    let lower = lower.header("Authorization", &format!("dpop {}", client.token));
    lower.header("DPoP", &client.good("5")).send().await.expect(200);
}

#[actix_web::test]
async fn a_proof_must_be_a_signed_jwt_of_reasonable_length() {
    let client = Client::new().await;
    for proof in ["", "x", "a.b.c", &client.token[..20]] {
        client.reads(proof).await.no_proof("cannot be read");
    }
    client.with("1", |c| c["x"] = json!("x".repeat(5_000))).await.no_proof("cannot be read");
}

#[actix_web::test]
async fn the_type_of_a_proof_is_its_own() {
    let client = Client::new().await;
    for typ in [json!("JWT"), json!("at+jwt"), json!("DPOP+JWT"), json!(null)] {
        client.under("1", |header| header["typ"] = typ).await.no_proof("typ");
    }
    client.under("1", |header| remove(header, "typ")).await.no_proof("typ");
    client.under("1", |header| header["crit"] = json!(["x"])).await.no_proof("crit");
}

#[actix_web::test]
async fn the_algorithm_of_a_proof_is_asymmetric_and_taken() {
    let client = Client::new().await;
    for algorithm in ["none", "HS256", "RS256", "ES384", "es256", ""] {
        client.under("1", |header| header["alg"] = json!(algorithm)).await.no_proof("algorithm");
    }
    for algorithm in ["PS256", "EdDSA"] {
        client.under("1", |header| header["alg"] = json!(algorithm)).await.no_proof("fit");
    }
}

#[actix_web::test]
async fn a_proof_brings_its_public_key_and_no_private_member() {
    let client = Client::new().await;
    client.under("1", |header| remove(header, "jwk")).await.no_proof("(jwk)");
    for wrong in [json!(null), json!("x"), json!({}), json!({"kty": "EC", "crv": "P-256"})] {
        client.under("1", |header| header["jwk"] = wrong).await.no_proof("does not fit");
    }
    client.under("1", |h| h["jwk"]["crv"] = json!("P-384")).await.no_proof("does not fit");
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let answer = client.under("1", |header| header["jwk"][member] = json!("AA")).await;
        answer.no_proof("private key");
    }
    let shared = json!({"kty": "oct", "k": "c2VjcmV0"});
    client.under("1", |header| header["jwk"] = shared).await.no_proof("private key");
}

#[actix_web::test]
async fn the_signature_of_a_proof_is_of_its_key() {
    let client = Client::new().await;
    let other = Signer::ec("c2");
    let (header, claims) = client.proof("1");
    client.reads(&other.sign(&header, &claims)).await.no_proof("signature");
    let good = client.good("1");
    let (signed, signature) = good.rsplit_once('.').unwrap();
    client.reads(&format!("{signed}.")).await.no_proof("signature");
    client.reads(&format!("{signed}.{}", &signature[2..])).await.no_proof("signature");
}

#[actix_web::test]
async fn the_key_of_a_proof_is_the_one_that_the_token_is_bound_to() {
    let client = Client::new().await;
    let thief = Signer::ec("c2");
    let (mut header, claims) = client.proof("1");
    header["jwk"] = thief.bare();
    client.reads(&thief.sign(&header, &claims)).await.no_proof("bound to another key");
}

#[actix_web::test]
async fn a_proof_is_for_one_method() {
    let client = Client::new().await;
    for method in [json!("POST"), json!("get"), json!(""), json!(null)] {
        client.with("1", |claims| claims["htm"] = method).await.no_proof("htm");
    }
    client.with("1", |claims| remove(claims, "htm")).await.no_proof("htm");
    let head = client.change_proof("1", |_, claims| claims["htm"] = json!("HEAD"));
    client.asks(Method::HEAD, PATH, &head).await.expect(200);
    client.asks(Method::HEAD, PATH, &client.good("2")).await.expect(401);
}

#[actix_web::test]
async fn a_proof_is_for_one_public_url_however_it_is_written() {
    let client = Client::new().await;
    let same = [
        "https://registry.example/v1/applications",
        "HTTPS://Registry.EXAMPLE/v1/applications",
        "https://registry.example:443/v1/applications",
        "https://registry.example/v1/applications?limit=10",
        "https://registry.example/v1/applications#top",
        "https://registry.example/v1/%61pplications",
    ];
    for (n, url) in same.into_iter().enumerate() {
        client.with(&format!("s{n}"), |claims| claims["htu"] = json!(url)).await.expect(200);
    }
    let query = client.good("q");
    client.asks(Method::GET, "/v1/applications?limit=10", &query).await.expect(200);
    let others = [
        "http://registry.example/v1/applications",
        "https://registry.example:8443/v1/applications",
        "https://registry.example.evil/v1/applications",
        "https://127.0.0.1:8080/v1/applications",
        "http://localhost:8080/v1/applications",
        "https://registry.example/v1/applications/",
        "https://registry.example/v1/Applications",
        "https://registry.example/v1/applications%2f",
        "https://registry.example/",
        "/v1/applications",
        "",
        "https://registry.example/v1/applications%",
    ];
    for url in others {
        client.with("o", |claims| claims["htu"] = json!(url)).await.no_proof("htu");
    }
    client.with("o", |claims| remove(claims, "htu")).await.no_proof("htu");
}

#[actix_web::test]
async fn a_proof_is_made_now() {
    let client = Client::new().await;
    let now = client.scene.world.now().timestamp();
    for (n, seconds) in [-60, -59, 0, 10].into_iter().enumerate() {
        let id = format!("n{n}");
        client.with(&id, |claims| claims["iat"] = json!(now + seconds)).await.expect(200);
    }
    for seconds in [-61, 11, -3600, i64::MAX - now, i64::MIN] {
        let answer = client.with("o", |claims| claims["iat"] = json!(now.saturating_add(seconds)));
        answer.await.no_proof("not made now");
    }
    for wrong in [json!("now"), json!(null), json!(1.5)] {
        client.with("o", |claims| claims["iat"] = wrong).await.no_proof("(iat)");
    }
    client.with("o", |claims| remove(claims, "iat")).await.no_proof("(iat)");
}

#[actix_web::test]
async fn a_proof_is_for_one_token() {
    let client = Client::new().await;
    for wrong in [json!(""), json!(client.token.clone()), json!(null)] {
        client.with("1", |claims| claims["ath"] = wrong).await.no_proof("ath");
    }
    client.with("1", |claims| remove(claims, "ath")).await.no_proof("ath");
    let mut other = Client::new().await;
    let theirs = other.good("1");
    other.token = client.token.clone();
    // The hash of another token is checked before the key.
    client.reads(&theirs).await.no_proof("ath");
}

#[actix_web::test]
async fn a_proof_is_used_once() {
    let client = Client::new().await;
    let proof = client.good("1");
    client.reads(&proof).await.expect(200);
    client.reads(&proof).await.no_proof("used before");
    // The same id in a later proof counts as the same proof.
    client.scene.world.pass(chrono::TimeDelta::seconds(30));
    client.reads(&client.good("1")).await.no_proof("used before");
    client.reads(&client.good("2")).await.expect(200);
    // For another URL it is another proof.
    let elsewhere = client.change_proof("1", |_, claims| {
        claims["htu"] = json!("https://registry.example/v1/appeals");
    });
    client.asks(Method::GET, "/v1/appeals", &elsewhere).await.expect(200);
}

#[actix_web::test]
async fn a_proof_is_remembered_as_long_as_it_could_be_used() {
    let client = Client::new().await;
    let begin = client.scene.world.now().timestamp();
    // A proof at any second of a generation, as far ahead as tolerated.
    for second in 0..130 {
        let ahead = client.change_proof(&format!("p{second}"), |_, claims| {
            claims["iat"] = json!(begin + second + 10);
        });
        client.scene.world.set_clock(&at(begin + second));
        client.reads(&ahead).await.expect(200);
        if second % 13 == 0 {
            for later in [second + 35, second + 70] {
                client.scene.world.set_clock(&at(begin + later));
                client.reads(&ahead).await.no_proof("used before");
            }
            client.scene.world.set_clock(&at(begin + second));
        }
    }
}

fn at(seconds: i64) -> String {
    chrono::DateTime::from_timestamp(seconds, 0).unwrap().to_rfc3339()
}

#[actix_web::test]
async fn a_proof_needs_an_id_of_its_own() {
    let client = Client::new().await;
    for wrong in [json!(""), json!(7), json!(null), json!("x".repeat(257))] {
        client.with("1", |claims| claims["jti"] = wrong).await.no_proof("jti");
    }
    client.with("1", |claims| remove(claims, "jti")).await.no_proof("jti");
}

#[actix_web::test]
async fn a_proof_is_not_used_up_by_a_token_that_does_not_hold() {
    let client = Client::new().await;
    let proof = client.good("1");
    let request = client.scene.request(Method::GET, PATH);
    let broken = format!("DPoP {}x", client.token);
    request.header("Authorization", &broken).header("DPoP", &proof).send().await.expect(401);
    client.reads(&proof).await.expect(200);
}

#[actix_web::test]
async fn a_proof_that_was_seen_is_not_taken_again_after_a_restart() {
    let begin = World::on_sqlite().await.now();
    let otherwise = move |it: ServerComponents| {
        let tokens = web::Data::new((**it.tokens).clone().started(begin));
        ServerComponents { tokens, ..it }
    };
    let scene = Scene::start_with(World::on_sqlite().await, "oidc", |_| {}, otherwise).await;
    let client = Client::of(scene, Signer::ec("c1"));
    // Every proof that the former process can have seen: created before the start, or by a clock ahead.
    for seconds in [-60, -1, 0, 10] {
        let proof = |claims: &mut Value| claims["iat"] = json!(begin.timestamp() + seconds);
        let answer = client.with(&format!("r{seconds}"), proof).await;
        assert_eq!(answer.header("retry-after"), "20");
        answer.problem(503, "busy");
    }
    client.scene.world.pass(chrono::TimeDelta::seconds(11));
    let proof = client.good("new");
    client.reads(&proof).await.expect(200);
    client.reads(&proof).await.no_proof("used before");
}

/// A client with this many commands per minute.
async fn limit_writes(writes: u32) -> Client {
    let rates = Rates { writes, ..Rates::default() };
    let limits = web::Data::new(RateLimits::new(rates));
    let otherwise = move |it| ServerComponents { limits, ..it };
    let scene = Scene::start_with(World::on_sqlite().await, "oidc", |_| {}, otherwise).await;
    Client::of(scene, Signer::ec("c1"))
}

#[actix_web::test]
async fn a_proof_is_not_used_up_by_a_request_over_its_quota() {
    let client = limit_writes(1).await;
    assert_ne!(posts_under_a_key(&client, "1").await.status.as_u16(), 429);
    posts_under_a_key(&client, "2").await.problem(429, "rate-limited");
    let refused = client.change_proof("2", |_, claims| claims["htm"] = json!("POST"));
    client.scene.world.pass(chrono::TimeDelta::seconds(60));
    let answer = client.asks(Method::POST, PATH, &refused).await;
    assert!(![401, 429].contains(&answer.status.as_u16()), "{}", answer.text);
}

#[actix_web::test]
async fn a_token_without_its_key_uses_up_no_quota_of_its_holder() {
    let mut client = limit_writes(2).await;
    let own = std::mem::replace(&mut client.key, Signer::ec("c2"));
    for (id, status) in [("1", 401), ("2", 401), ("3", 429)] {
        posts_under_a_key(&client, id).await.expect(status);
    }
    client.key = own;
    assert_ne!(posts_under_a_key(&client, "4").await.status.as_u16(), 429);
}

/// Sends a command with an idempotency key, so that the token is verified before the handler too.
async fn posts_under_a_key(client: &Client, id: &str) -> Answer {
    let proof = client.change_proof(id, |_, claims| claims["htm"] = json!("POST"));
    let request = client.scene.request(Method::POST, PATH);
    let request = request.header("Authorization", &format!("DPoP {}", client.token));
    let request = request.header("DPoP", &proof).header("Idempotency-Key", "\"k1\"");
    request.json(&json!({"offeringId": uuid::Uuid::nil().to_string()})).send().await
}

#[actix_web::test]
async fn a_proof_serves_a_request_under_a_key_for_retries_too() {
    let mut client = Client::new().await;
    let answer = posts_under_a_key(&client, "1").await;
    assert_ne!(answer.status.as_u16(), 401, "{}", answer.text);
    let jkt = json!({"jkt": thumbprint(&client.key)});
    client.token = client.scene.token_with(|claims| {
        claims["cnf"] = jkt;
        claims["scope"] = json!("openid");
    });
    posts_under_a_key(&client, "2").await.not_entitled("no role");
}

fn remove(object: &mut Value, name: &str) {
    object.as_object_mut().unwrap().remove(name);
}
