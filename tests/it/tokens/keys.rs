//! Keys of an issuer: fetched, cached, renewed, and protected against misuse.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    issuer::{Mood, Signer, TestIssuer},
    scene::Scene,
};

/// A token that another key signed.
fn by(signer: &Signer, scene: &Scene) -> String {
    signer.sign(&signer.header(), &scene.claims())
}

#[actix_web::test]
async fn keys_are_fetched_at_the_start_and_not_for_each_token() {
    let scene = Scene::of("oidc").await;
    assert_eq!(scene.issuer.count_fetches(), 1);
    for _ in 0..5 {
        scene.reads(&scene.token()).await.expect(200);
    }
    assert_eq!(scene.issuer.count_fetches(), 1);
    let [health] = scene.world.components.tokens.health(scene.world.now()).try_into().unwrap();
    assert_eq!((health.issuer, health.keys), (scene.issuer.name.clone(), 1));
    assert_eq!(health.fetched, Some(scene.world.now()));
    assert_eq!((health.stale, health.error), (false, None));
}

#[actix_web::test]
async fn keys_are_renewed_every_hour_in_the_background() {
    let scene = Scene::of("oidc").await;
    for (minutes, fetches) in [(59, 1), (1, 2), (59, 2), (1, 3)] {
        scene.world.pass(TimeDelta::minutes(minutes));
        scene.world.tends().await;
        assert_eq!(scene.issuer.count_fetches(), fetches);
    }
}

#[actix_web::test]
async fn a_new_key_is_found_by_the_first_token_that_it_signed() {
    let scene = Scene::of("oidc").await;
    let (old, new) = (scene.token(), Signer::ed("k2"));
    scene.issuer.publishes(&[&scene.key, &new]);
    scene.world.pass(TimeDelta::seconds(31));
    scene.reads(&by(&new, &scene)).await.expect(200);
    scene.reads(&old).await.expect(200);
    assert_eq!(scene.issuer.count_fetches(), 2);
}

#[actix_web::test]
async fn a_key_that_the_issuer_takes_back_is_trusted_no_longer() {
    let scene = Scene::of("oidc").await;
    let new = Signer::ed("k2");
    scene.issuer.publishes(&[&new]);
    scene.world.pass(TimeDelta::hours(1));
    scene.world.tends().await;
    scene.reads(&scene.token()).await.invalid("not among its issuer's keys");
    scene.reads(&by(&new, &scene)).await.expect(200);
}

#[actix_web::test]
async fn a_flood_of_unknown_keys_is_one_fetch() {
    let scene = Scene::of("oidc").await;
    scene.world.pass(TimeDelta::seconds(31));
    let random = |n: u32| scene.token_under(move |header| header["kid"] = json!(format!("r{n}")));
    for n in 0..50 {
        scene.reads(&random(n)).await.invalid("not among its issuer's keys");
    }
    assert_eq!(scene.issuer.count_fetches(), 2);
    scene.reads(&scene.token()).await.expect(200);
    scene.world.pass(TimeDelta::seconds(29));
    scene.reads(&random(51)).await.invalid("not among its issuer's keys");
    assert_eq!(scene.issuer.count_fetches(), 2, "not within the pause");
    scene.world.pass(TimeDelta::seconds(1));
    scene.reads(&random(52)).await.invalid("not among its issuer's keys");
    assert_eq!(scene.issuer.count_fetches(), 3, "once after it");
    scene.reads(&scene.token()).await.expect(200);
}

#[actix_web::test]
async fn many_who_need_a_new_key_at_once_wait_for_one_fetch() {
    let scene = Scene::of("oidc").await;
    let new = Signer::ed("k2");
    scene.issuer.publishes(&[&scene.key, &new]);
    scene.issuer.is(Mood::Slow);
    scene.world.pass(TimeDelta::minutes(1));
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let holder = scene.world.holder(by(&new, &scene));
            actix_web::rt::spawn(async move { holder.get("/v1/applications").await })
        })
        .collect();
    scene.issuer.wait_for_fetches(2).await;
    // Requests with a known key never wait.
    scene.reads(&scene.token()).await.expect(200);
    assert!(waiting.iter().all(|task| !task.is_finished()));
    scene.issuer.is(Mood::Good);
    for task in waiting {
        task.await.unwrap().expect(200);
    }
    assert_eq!(scene.issuer.count_fetches(), 2);
}

#[actix_web::test]
async fn while_the_issuer_is_down_its_keys_go_on() {
    let scene = Scene::of("oidc").await;
    scene.issuer.stop();
    for hours in [1, 22, 2, 24 * 30] {
        scene.world.pass(TimeDelta::hours(hours));
        scene.world.tends().await;
        scene.reads(&scene.token()).await.expect(200);
        let [health] = scene.world.components.tokens.health(scene.world.now()).try_into().unwrap();
        assert_eq!((health.keys, health.stale), (1, hours != 1 && hours != 22));
        assert!(health.error.unwrap().contains(&scene.issuer.name));
    }
    scene.world.catches_up().await;
    let anyone = scene.world.anyone();
    anyone.get("/readyz").await.expect(200);
    let metrics = anyone.get("/metrics").await.expect(200).text;
    let (name, failed) = (&scene.issuer.name, "outcome=\"failed\"");
    let line = format!("godkjent_issuer_fetches_total{{issuer=\"{name}\",{failed}}} 4");
    assert!(metrics.contains(&line), "{metrics}");
    assert!(metrics.contains(&format!("godkjent_issuer_keys{{issuer=\"{name}\"}} 1")));
    scene.issuer.restart();
    scene.world.pass(TimeDelta::minutes(1));
    scene.world.tends().await;
    let [health] = scene.world.components.tokens.health(scene.world.now()).try_into().unwrap();
    assert_eq!((health.stale, health.error), (false, None));
}

#[actix_web::test]
async fn an_issuer_that_was_down_at_the_start_is_trusted_when_it_comes() {
    let scene = Scene::of("oidc").await;
    scene.issuer.stop();
    let trusted = super::trust::parse("oidc", &scene.issuer.name, |_| {}).unwrap();
    let world = scene.world.clone().trusting(trusted).await;
    let token = scene.token();
    world
        .holder(token.clone())
        .get("/v1/applications")
        .await
        .invalid("not among its issuer's keys");
    let [health] = world.components.tokens.health(world.now()).try_into().unwrap();
    assert_eq!((health.keys, health.fetched, health.stale), (0, None, true));
    scene.issuer.restart();
    world.pass(TimeDelta::seconds(31));
    world.holder(token).get("/v1/applications").await.expect(200);
}

#[actix_web::test]
async fn what_is_no_set_of_keys_evicts_none() {
    let scene = Scene::of("oidc").await;
    let name = scene.issuer.name.clone();
    let metadata =
        |issuer: &str, keys: &str| json!({"issuer": issuer, "jwks_uri": keys}).to_string();
    let moods = [
        Mood::Keys(String::new()),
        Mood::Keys("<html>maintenance</html>".to_owned()),
        Mood::Keys("[]".to_owned()),
        Mood::Keys("{}".to_owned()),
        Mood::Keys(json!({"keys": []}).to_string()),
        Mood::Keys(json!({"keys": "k1"}).to_string()),
        Mood::Keys(json!({"keys": [{"kty": "oct", "kid": "k1", "k": "AAAA"}]}).to_string()),
        Mood::Keys(format!("{{\"keys\": [{}]}}", " ".repeat(300_000))),
        Mood::Metadata("null".to_owned()),
        Mood::Metadata(metadata(&name, "")),
        Mood::Metadata(metadata("https://other.example", &format!("{name}/jwks"))),
        Mood::Metadata(metadata(&name, "http://keys.example/jwks")),
        Mood::Metadata(metadata(&name, "file:///etc/passwd")),
        Mood::Metadata(metadata(&name, "https://127.0.0.1:1/jwks")),
        Mood::Metadata(metadata(&name, "https://[::ffff:10.0.0.1]/jwks")),
        Mood::Status("500 Internal Server Error"),
        Mood::Status("404 Not Found"),
        Mood::Status("302 Found"),
        Mood::Status("204 No Content"),
    ];
    for mood in moods {
        scene.issuer.is(mood.clone());
        scene.world.pass(TimeDelta::hours(1));
        scene.world.tends().await;
        scene.reads(&scene.token()).await.expect(200);
        let [health] = scene.world.components.tokens.health(scene.world.now()).try_into().unwrap();
        assert!(health.error.is_some(), "{mood:?}");
        assert_eq!(health.keys, 1, "{mood:?}");
    }
}

#[actix_web::test]
async fn an_issuer_cannot_have_the_registry_ask_within_its_own_network() {
    let scene = Scene::of("oidc").await;
    let (name, inner) = (&scene.issuer.name, TestIssuer::start("", &[&Signer::ed("k2")]));
    for url in [format!("{}/jwks", inner.name), inner.name.replace("http:", "https:")] {
        let metadata = json!({"issuer": name, "jwks_uri": url}).to_string();
        scene.issuer.is(Mood::Metadata(metadata));
        scene.world.pass(TimeDelta::hours(1));
        scene.world.tends().await;
        let [health] = scene.world.components.tokens.health(scene.world.now()).try_into().unwrap();
        let error = health.error.unwrap();
        assert!(error.contains("the keys are on another host"), "{error}");
        assert_eq!((health.keys, inner.count_fetches()), (1, 0));
    }
}

#[actix_web::test]
async fn keys_may_lie_where_the_configuration_says() {
    let inner = TestIssuer::start("", &[&Signer::ed("k2")]);
    let url = format!("{}/jwks", inner.name);
    let scene = Scene::with("oidc", |config| config["keys"] = json!(url)).await;
    let metadata = json!({"issuer": scene.issuer.name, "jwks_uri": url}).to_string();
    scene.issuer.is(Mood::Metadata(metadata));
    scene.world.pass(TimeDelta::hours(1));
    scene.world.tends().await;
    assert_eq!(inner.count_fetches(), 1);
}

#[actix_web::test]
async fn one_odd_key_does_not_lose_the_others() {
    let scene = Scene::of("oidc").await;
    let (last, jwk) = (Signer::ec("k9"), |change: &dyn Fn(&mut Value)| {
        let mut jwk = Signer::ed("odd").jwk;
        change(&mut jwk);
        jwk
    });
    let odd = [
        json!(null),
        json!("k1"),
        json!({}),
        json!({"kty": "oct", "kid": "odd", "k": "c2VjcmV0"}),
        json!({"kty": "PQC", "kid": "odd", "alg": "ML-DSA-65", "pub": "AA"}),
        json!({"kty": "RSA", "kid": "odd", "n": "!", "e": "AQAB"}),
        jwk(&|jwk| drop(jwk.as_object_mut().unwrap().remove("kid"))),
        jwk(&|jwk| jwk["use"] = json!("enc")),
        jwk(&|jwk| jwk["key_ops"] = json!(["sign"])),
        jwk(&|jwk| jwk["alg"] = json!("RS256")),
        jwk(&|jwk| jwk["alg"] = json!("XX999")),
        jwk(&|jwk| jwk["crv"] = json!("Ed448")),
    ];
    let keys: Vec<_> = odd.into_iter().chain([scene.key.jwk.clone(), last.jwk.clone()]).collect();
    scene.issuer.publishes_raw(json!(keys));
    scene.world.pass(TimeDelta::hours(1));
    scene.world.tends().await;
    scene.reads(&scene.token()).await.expect(200);
    scene.reads(&by(&last, &scene)).await.expect(200);
    let [health] = scene.world.components.tokens.health(scene.world.now()).try_into().unwrap();
    assert_eq!(health.keys, 2);
    let shared = scene.token_under(|header| header["kid"] = json!("odd"));
    scene.reads(&shared).await.invalid("not among its issuer's keys");
}

#[actix_web::test]
async fn a_key_is_used_only_with_its_own_algorithm() {
    let scene =
        Scene::with("oidc", |config| config["algorithms"] = json!(["RS256", "RS512"])).await;
    let signer = Signer::rsa_as("k2", jsonwebtoken::Algorithm::RS512);
    let mut published = signer.jwk.clone();
    published["alg"] = json!("RS256");
    scene.issuer.publishes_raw(json!([published]));
    scene.world.pass(TimeDelta::minutes(1));
    scene.reads(&by(&signer, &scene)).await.invalid("signature");
}

#[actix_web::test]
async fn who_stops_waiting_for_a_slow_issuer_is_told_and_others_go_on() {
    let scene = Scene::of("oidc").await;
    scene.issuer.is(Mood::Slow);
    scene.world.pass(TimeDelta::minutes(1));
    let unknown = scene.token_under(|header| header["kid"] = json!("k2"));
    let waiting = scene.world.holder(unknown);
    let waiting = actix_web::rt::spawn(async move { waiting.get("/v1/applications").await });
    scene.issuer.wait_for_fetches(2).await;
    scene.world.anyone().get("/v1/approvals").await.expect(200);
    scene.reads(&scene.token()).await.expect(200);
    // The issuer breaks off: the wait is over with it.
    scene.issuer.is(Mood::Status("503 Service Unavailable"));
    let answer = tokio::time::timeout(Duration::from_secs(5), waiting).await;
    answer.unwrap().unwrap().invalid("not among its issuer's keys");
}
