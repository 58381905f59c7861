//! Checks of every token of a configured issuer, each omission and alteration separately.

use actix_web::http::Method;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::{
    issuer::Signer,
    scene::{AUDIENCE, Scene},
};
use crate::{
    on_both_databases,
    world::{BAERUM, KRISTIANSAND, PROVIDER, World},
};

on_both_databases!(a_good_token_reads_acts_and_is_in_the_journal);

async fn a_good_token_reads_acts_and_is_in_the_journal(world: World) {
    let scene = Scene::on(world, "oidc", |_| {}).await;
    let token = scene.token();
    scene.reads(&token).await.expect(200);
    scene.acts(&token).await.expect(200);
    let key = format!("s1@{}", scene.issuer.name);
    assert_eq!(scene.last_actor().await, [&key, "Per Provider", PROVIDER]);
}

#[actix_web::test]
async fn keys_of_every_kind_verify() {
    let scene = Scene::with("oidc", |config| {
        config["algorithms"] = json!(["RS256", "RS512", "PS256", "ES256", "EdDSA"]);
    })
    .await;
    let signers = [
        Signer::rsa("rs256"),
        Signer::rsa_as("rs512", Algorithm::RS512),
        Signer::rsa_as("ps256", Algorithm::PS256),
        Signer::ec("es256"),
        Signer::ed("eddsa"),
    ];
    let mut unnamed = Signer::rsa("no-alg");
    unnamed.jwk.as_object_mut().unwrap().remove("alg");
    scene.issuer.publishes(&signers.iter().chain([&unnamed]).collect::<Vec<_>>());
    scene.world.pass(chrono::TimeDelta::minutes(1));
    for signer in signers.iter().chain([&unnamed]) {
        let token = signer.sign(&signer.header(), &scene.claims());
        scene.reads(&token).await.expect(200);
    }
    let confused = Signer::ec("rs256");
    let token = confused.sign(&confused.header(), &scene.claims());
    scene.reads(&token).await.invalid("signature");
}

#[actix_web::test]
async fn the_signature_must_be_of_the_issuers_key() {
    let scene = Scene::of("oidc").await;
    let thief = Signer::ed("k1");
    scene.reads(&thief.sign(&thief.header(), &scene.claims())).await.invalid("signature");
    let good = scene.token();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    scene.reads(&format!("{signed}.")).await.invalid("signature");
    scene.reads(&format!("{signed}.{}", &signature[1..])).await.invalid("signature");
    let (head, _) = signed.split_once('.').unwrap();
    let other = scene.token_with(|claims| claims["scope"] = json!("test:work"));
    let body = other.split('.').nth(1).unwrap();
    scene.reads(&format!("{head}.{body}.{signature}")).await.invalid("signature");
    scene.reads(signed).await.invalid("not a signed JWT");
}

#[actix_web::test]
async fn the_algorithm_must_be_one_of_the_issuers() {
    let scene = Scene::with("oidc", |config| config["algorithms"] = json!(["RS256"])).await;
    scene.reads(&scene.token()).await.invalid("algorithm");
    for algorithm in ["none", "None", "HS256", "HS512", "eddsa", "", "ES256K"] {
        let scene = Scene::of("oidc").await;
        let token = scene.token_under(|header| header["alg"] = json!(algorithm));
        scene.reads(&token).await.invalid("algorithm");
    }
}

#[actix_web::test]
async fn the_public_key_is_no_shared_secret() {
    let scene = Scene::of("oidc").await;
    let x = scene.key.jwk["x"].as_str().unwrap().to_owned();
    let header = json!({"alg": "HS256", "typ": "at+jwt", "kid": "k1"});
    for secret in [x.clone().into_bytes(), scene.key.jwk.to_string().into_bytes()] {
        let header: jsonwebtoken::Header = serde_json::from_value(header.clone()).unwrap();
        let key = jsonwebtoken::EncodingKey::from_secret(&secret);
        let token = jsonwebtoken::encode(&header, &scene.claims(), &key).unwrap();
        scene.reads(&token).await.invalid("algorithm");
    }
}

#[actix_web::test]
async fn a_key_in_the_header_is_not_used() {
    let scene = Scene::of("oidc").await;
    let thief = Signer::ed("k1");
    for (name, value) in [
        ("jwk", thief.bare()),
        ("jku", json!("https://thief.example/keys")),
        ("x5u", json!("https://thief.example/chain")),
    ] {
        let mut header = thief.header();
        header[name] = value;
        scene.reads(&thief.sign(&header, &scene.claims())).await.invalid("signature");
    }
}

#[actix_web::test]
async fn the_type_must_be_that_of_an_access_token() {
    let scene = Scene::of("oidc").await;
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "JWT"] {
        scene.reads(&scene.token_under(|header| header["typ"] = json!(typ))).await.expect(200);
    }
    for typ in [json!("id+jwt"), json!("dpop+jwt"), json!("logout+jwt"), json!(""), json!(null)] {
        scene.reads(&scene.token_under(|header| header["typ"] = typ)).await.invalid("typ");
    }
    let without = |header: &mut Value| drop(header.as_object_mut().unwrap().remove("typ"));
    scene.reads(&scene.token_under(without)).await.invalid("typ");
}

#[actix_web::test]
async fn the_types_are_those_that_are_configured() {
    let scene = Scene::with("oidc", |config| config["types"] = json!(["at+jwt"])).await;
    scene.reads(&scene.token()).await.expect(200);
    scene.reads(&scene.token_under(|header| header["typ"] = json!("JWT"))).await.invalid("typ");
}

#[actix_web::test]
async fn an_id_token_is_no_access_token() {
    let scene = Scene::of("oidc").await;
    for name in ["at_hash", "c_hash", "s_hash"] {
        let token = scene.token_with(|claims| claims[name] = json!("x"));
        scene.reads(&token).await.invalid("ID token");
    }
    for typ in ["ID", "Refresh"] {
        let token = scene.token_with(|claims| claims["typ"] = json!(typ));
        scene.reads(&token).await.invalid("ID token");
    }
    // The audience of an ID token is the client.
    let token = scene.token_with(|claims| claims["aud"] = json!("client-1"));
    scene.reads(&token).await.invalid("not meant for this registry");
}

#[actix_web::test]
async fn extensions_that_must_be_understood_are_not() {
    let scene = Scene::of("oidc").await;
    for crit in [json!(["exp"]), json!([]), json!("b64")] {
        let token = scene.token_under(|header| header["crit"] = crit);
        scene.reads(&token).await.invalid("crit");
    }
}

#[actix_web::test]
async fn a_name_that_stands_twice_opens_nothing() {
    let scene = Scene::of("oidc").await;
    let (header, claims) = (scene.key.header().to_string(), scene.claims().to_string());
    scene.reads(&scene.key.sign_text(&header, &claims)).await.expect(200);
    let twice = |text: &str, name: &str, value: &str| {
        text.replacen('{', &format!("{{\"{name}\":{value},"), 1)
    };
    for (name, value) in [("org", "\"820852982\""), ("aud", "\"x\""), ("exp", "1"), ("cnf", "null")]
    {
        // Duplicated if present, otherwise added twice.
        let more = twice(&twice(&claims, name, value), name, value);
        let token = scene.key.sign_text(&header, &more);
        scene.reads(&token).await.invalid("duplicate names");
    }
    let token = scene.key.sign_text(&twice(&header, "typ", "\"JWT\""), &claims);
    scene.reads(&token).await.invalid("duplicate names");
    let nested = twice(&claims, "realm", "{\"roles\":[],\"roles\":[1]}");
    let token = scene.key.sign_text(&header, &nested);
    scene.reads(&token).await.invalid("duplicate names");
}

#[actix_web::test]
async fn the_key_must_be_named() {
    let scene = Scene::of("oidc").await;
    let without = |header: &mut Value| drop(header.as_object_mut().unwrap().remove("kid"));
    scene.reads(&scene.token_under(without)).await.invalid("kid");
    let token = scene.token_under(|header| header["kid"] = json!(["k1"]));
    scene.reads(&token).await.invalid("kid");
}

#[actix_web::test]
async fn the_issuer_must_be_exactly_the_one_that_is_trusted() {
    let scene = Scene::of("oidc").await;
    let name = scene.issuer.name.clone();
    let before = scene.issuer.count_fetches();
    for wrong in [
        json!(format!("{name}/")),
        json!(name.to_ascii_uppercase()),
        json!(name.replace("127.0.0.1", "localhost")),
        json!("https://maskinporten.no/"),
        json!([name]),
        json!(null),
    ] {
        let token = scene.token_with(|claims| claims["iss"] = wrong);
        scene.reads(&token).await.invalid("issuer is not trusted");
    }
    scene.reads(&scene.token_with(|c| remove(c, "iss"))).await.invalid("issuer is not trusted");
    assert_eq!(
        scene.issuer.count_fetches(),
        before,
        "no key is looked for before the issuer is known"
    );
}

#[actix_web::test]
async fn the_end_must_be_told_and_not_be_past() {
    let scene = Scene::of("oidc").await;
    let now = scene.world.now().timestamp();
    scene.reads(&scene.token_with(|claims| remove(claims, "exp"))).await.invalid("exp");
    for (exp, holds) in [(now + 1, true), (now - 9, true), (now - 10, false), (0, false)] {
        let token = scene.token_with(|claims| claims["exp"] = json!(exp));
        let answer = scene.reads(&token).await;
        if holds { drop(answer.expect(200)) } else { answer.invalid("run out") }
    }
    for wrong in [json!("2099-01-01"), json!(null), json!(true)] {
        let token = scene.token_with(|claims| claims["exp"] = wrong);
        scene.reads(&token).await.invalid("whole seconds");
    }
    // The crate cannot read on after this one.
    let token = scene.token_with(|claims| claims["exp"] = json!([now + 60]));
    scene.reads(&token).await.invalid("claims cannot be read");
}

#[actix_web::test]
async fn a_token_is_not_taken_before_its_time() {
    let scene = Scene::of("oidc").await;
    let now = scene.world.now().timestamp();
    for name in ["nbf", "iat"] {
        scene.reads(&scene.token_with(|claims| remove(claims, name))).await.expect(200);
        scene.reads(&scene.token_with(|c| c[name] = json!(now + 10))).await.expect(200);
        scene
            .reads(&scene.token_with(|c| c[name] = json!(now + 11)))
            .await
            .invalid("not valid yet");
        scene.reads(&scene.token_with(|c| c[name] = json!("now"))).await.invalid("whole seconds");
    }
}

#[actix_web::test]
async fn the_audience_must_be_told_and_be_ours() {
    let scene = Scene::of("oidc").await;
    for good in [json!(AUDIENCE), json!([AUDIENCE]), json!(["https://other.example", AUDIENCE])] {
        scene.reads(&scene.token_with(|claims| claims["aud"] = good)).await.expect(200);
    }
    for wrong in [
        json!("https://other.example"),
        json!(format!("{AUDIENCE}/")),
        json!("unspecified"),
        json!([]),
        json!({"aud": AUDIENCE}),
        json!(null),
    ] {
        let token = scene.token_with(|claims| claims["aud"] = wrong);
        scene.reads(&token).await.invalid("not meant for this registry");
    }
    let token = scene.token_with(|claims| remove(claims, "aud"));
    scene.reads(&token).await.invalid("not meant for this registry");
}

#[actix_web::test]
async fn scopes_are_whole_words() {
    let scene = Scene::of("oidc").await;
    for good in [json!("test:provider"), json!("a  test:provider b"), json!(["a", "test:provider"])]
    {
        scene.reads(&scene.token_with(|claims| claims["scope"] = good)).await.expect(200);
    }
    for wrong in ["", "test", "test:provider2", "TEST:PROVIDER", "test:provider,openid", "test:*"] {
        let token = scene.token_with(|claims| claims["scope"] = json!(wrong));
        scene.reads(&token).await.not_entitled("no role");
    }
    scene.reads(&scene.token_with(|c| remove(c, "scope"))).await.not_entitled("no role");
}

#[actix_web::test]
async fn a_scope_for_reading_does_not_act() {
    let scene = Scene::of("oidc").await;
    let token = scene.token_with(|claims| claims["scope"] = json!("test:provider.read"));
    scene.reads(&token).await.expect(200);
    let answer = scene.acts(&token).await;
    assert!(answer.header("www-authenticate").contains("error=\"insufficient_scope\""));
    answer.problem(403, "read-only-token");
    let both = scene.token_with(|c| c["scope"] = json!("test:provider.read test:provider"));
    scene.acts(&both).await.expect(200);
}

#[actix_web::test]
async fn actions_foresee_that_a_token_is_read_only() {
    let world = World::on_sqlite().await;
    let case = world.create_contract().await;
    let scene = Scene::on(world, "oidc", |_| {}).await;
    let path = format!("/v1/approvals/{}/case", case.approval);
    let token = |scope: &str| scene.token_with(|claims| claims["scope"] = json!(scope));
    let actions = async |scope: &str| {
        let read = scene.world.holder(token(scope)).get(&path).await.expect(200).json();
        read["actions"].as_array().unwrap().clone()
    };
    let reader = actions("test:provider.read").await;
    assert!(reader.len() > 1);
    assert!(reader.iter().all(|it| it["possible"] == false && it["code"] == "read-only-token"));
    assert!(actions("test:provider").await.iter().any(|it| it["possible"] == true));
}

#[actix_web::test]
async fn a_claim_and_its_value_can_give_a_role() {
    let scene = Scene::with("oidc", |config| {
        config["grants"] =
            json!([{"role": "provider", "claim": "/realm_access/roles", "value": "supplier"}]);
    })
    .await;
    scene.reads(&scene.token()).await.not_entitled("no role");
    let roles = |roles: Value| scene.token_with(|c| c["realm_access"] = json!({"roles": roles}));
    scene.reads(&roles(json!(["x", "supplier"]))).await.expect(200);
    scene.reads(&roles(json!("supplier"))).await.expect(200);
    scene.reads(&roles(json!(["suppliers"]))).await.not_entitled("no role");
    scene.reads(&roles(json!({"supplier": true}))).await.not_entitled("no role");
}

#[actix_web::test]
async fn one_who_holds_several_roles_is_taken_in_the_one_that_is_needed() {
    let scene = Scene::of("oidc").await;
    let token = scene.token_with(|claims| claims["scope"] = json!("test:work test:provider"));
    scene.acts(&token).await.expect(200);
    let token = scene.token_with(|claims| claims["scope"] = json!("test:work"));
    scene.acts(&token).await.problem(403, "role-missing");
}

#[actix_web::test]
async fn an_auditor_of_one_organisation_is_none_of_all() {
    let scene = Scene::with("oidc", |config| {
        config["auditors"] = json!([KRISTIANSAND]);
        let grants = config["grants"].as_array_mut().unwrap();
        grants.push(json!({"role": "auditor", "scope": "test:audit"}));
    })
    .await;
    let token = |org: &str| {
        let (org, scope) = (json!(org), json!("test:audit"));
        scene.token_with(|claims| (claims["org"], claims["scope"]) = (org, scope))
    };
    let audits = |token| scene.world.holder(token);
    audits(token(KRISTIANSAND)).get("/v1/audit").await.expect(200);
    for other in [BAERUM, PROVIDER] {
        audits(token(other)).get("/v1/audit").await.not_entitled("no role");
    }
}

#[actix_web::test]
async fn the_organisation_must_be_told_by_a_valid_number() {
    let scene = Scene::of("oidc").await;
    for wrong in [json!("313000029"), json!("0192:313000028"), json!(313_000_028), json!(null)] {
        let token = scene.token_with(|claims| claims["org"] = wrong);
        scene.reads(&token).await.invalid("organisation");
    }
}

#[actix_web::test]
async fn a_number_of_a_person_is_never_kept() {
    let scene = Scene::of("oidc").await;
    let token = scene.token_with(|claims| claims["sub"] = json!(super::scene::PID));
    scene.acts(&token).await.invalid("national identity number");
    scene.acts(&scene.token_with(|claims| remove(claims, "sub"))).await.invalid("names no person");
    let scene = Scene::with("oidc", |config| config["person"] = json!("pid")).await;
    let token = scene.token_with(|claims| claims["pid"] = json!(super::scene::PID));
    scene.acts(&token).await.expect(200);
    let [key, name, _] = scene.last_actor().await;
    assert!(key.starts_with("person:") && key.len() == 29, "{key}");
    assert_eq!(name, "Per Provider");
    scene.reads(&scene.token()).await.invalid("names no person");
}

#[actix_web::test]
async fn a_bond_that_cannot_be_checked_opens_nothing() {
    let scene = Scene::of("oidc").await;
    for cnf in [json!({"x5t#S256": "x"}), json!({"jkt": "x", "x5t#S256": "x"}), json!({})] {
        let token = scene.token_with(|claims| claims["cnf"] = cnf);
        scene.reads(&token).await.invalid("other means than DPoP");
    }
    let token = scene.token_with(|claims| claims["cnf"] = json!("x"));
    scene.reads(&token).await.invalid("cannot be read");
}

#[actix_web::test]
async fn a_token_must_be_a_signed_one_of_reasonable_length() {
    let scene = Scene::of("oidc").await;
    let long = scene.token_with(|claims| claims["x"] = json!("x".repeat(20_000)));
    for token in ["opaque", "a.b.c", "....", &long] {
        scene.reads(token).await.invalid("not a signed JWT");
    }
}

#[actix_web::test]
async fn a_token_in_the_address_is_not_looked_at() {
    let scene = Scene::of("oidc").await;
    let path = format!("/v1/applications?access_token={}", scene.token());
    let answer = scene.request(Method::GET, &path).send().await;
    answer.problem(400, "unknown-parameter");
}

#[actix_web::test]
async fn the_local_issuers_tokens_go_on_beside_others() {
    let scene = Scene::of("oidc").await;
    scene.world.auditor().get("/v1/audit").await.expect(200);
    let token = scene.token_with(|c| c["iss"] = json!(godkjent::api::auth::LOCAL_ISSUER));
    scene.reads(&token).await.invalid("local issuer");
}

fn remove(claims: &mut Value, name: &str) {
    claims.as_object_mut().unwrap().remove(name);
}
