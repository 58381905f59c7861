//! Local tokens: unsigned or altered ones are rejected.

use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::http::Method;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use godkjent::{
    api::auth::{AUDIENCE, LOCAL_ISSUER, LONGEST, LocalIssuer, PresentedToken, Tokens},
    catalogue::Catalogue,
    domain::{
        role::{Actor, Role},
        values::{numbers::OrganisationNumber, text::Line, time::Instant},
    },
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::world::{KRISTIANSAND, PROVIDER, World};

/// The verifier, and its key in the hands of an attacker.
struct Forger {
    tokens: Tokens,
    key: EncodingKey,
    public: Vec<u8>,
    now: Instant,
}

impl Forger {
    fn new() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        let name = format!("godkjent_key_{}_{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let issuer = LocalIssuer::from_file(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let pkcs8 = BASE64_STANDARD.decode(text).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).unwrap();
        Self {
            tokens: Tokens::new(Some(issuer), Arc::new(Catalogue::load().unwrap())),
            key: EncodingKey::from_ed_der(&pkcs8),
            public: pair.public_key().as_ref().to_vec(),
            now: "2026-03-12T09:00:00Z".parse().unwrap(),
        }
    }

    /// Claims as they should be.
    fn claims(&self) -> Value {
        let now = self.now.timestamp();
        json!({
            "iss": LOCAL_ISSUER, "aud": AUDIENCE, "sub": "kari", "name": "Kari Case",
            "role": "case-worker", "org": KRISTIANSAND, "iat": now, "nbf": now, "exp": now + 3600
        })
    }

    fn sign(&self, claims: &Value) -> String {
        self.sign_as("at+jwt", claims)
    }

    fn sign_as(&self, typ: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.to_owned());
        jsonwebtoken::encode(&header, claims, &self.key).unwrap()
    }

    fn opens(&self, token: &str) -> bool {
        self.tokens.identify(PresentedToken::Bearer(token), self.now).is_ok()
    }

    /// Whether a token with changed claims is accepted.
    fn opens_with(&self, change: impl FnOnce(&mut Value)) -> bool {
        let mut claims = self.claims();
        change(&mut claims);
        self.opens(&self.sign(&claims))
    }
}

#[test]
fn a_token_as_it_should_be_names_its_caller() {
    let forger = Forger::new();
    let token = forger.sign(&forger.claims());
    let (holder, _) = forger.tokens.identify(PresentedToken::Bearer(&token), forger.now).unwrap();
    let [caller] = holder.callers.try_into().unwrap();
    assert_eq!(caller.actor.name.as_str(), "Kari Case");
    assert_eq!(caller.role, Role::CaseWorker);
    assert_eq!(caller.organisation.as_str(), KRISTIANSAND);
    assert_eq!(caller.municipality.unwrap().as_str(), "4204");
}

#[test]
fn the_signature_must_be_of_the_issuers_key_in_the_issuers_algorithm() {
    let forger = Forger::new();
    let claims = forger.claims();
    assert!(!forger.opens(&Forger::new().sign(&claims)), "another key");
    let good = forger.sign(&claims);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    assert!(!forger.opens(signed), "no signature");
    assert!(!forger.opens(&format!("{signed}.")), "an empty signature");
    let (head, body) = signed.split_once('.').unwrap();
    let mut other = claims.clone();
    other["role"] = json!("decision-maker");
    let other = BASE64_URL_SAFE_NO_PAD.encode(other.to_string());
    assert!(!forger.opens(&format!("{head}.{other}.{signature}")), "other claims");
    for header in [r#"{"alg":"none","typ":"at+jwt"}"#, r#"{"alg":"NONE","typ":"JWT"}"#, "{}", "x"] {
        let header = BASE64_URL_SAFE_NO_PAD.encode(header);
        assert!(!forger.opens(&format!("{header}.{body}.")), "alg none");
        assert!(!forger.opens(&format!("{header}.{body}.{signature}")), "alg none, signed");
    }
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    let spki = [&hex("302a300506032b6570032100")[..], &forger.public].concat();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        BASE64_STANDARD.encode(&spki)
    );
    for secret in [forger.public.as_slice(), spki.as_slice(), pem.as_bytes(), b""] {
        let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret));
        assert!(!forger.opens(&token.unwrap()), "the public key as a shared secret");
    }
}

#[test]
fn a_key_that_the_token_brings_along_is_not_used() {
    let (forger, thief) = (Forger::new(), Forger::new());
    let x = BASE64_URL_SAFE_NO_PAD.encode(&thief.public);
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("at+jwt".to_owned());
    header.jwk = serde_json::from_value(jwk).ok();
    header.jku = Some("https://example.no/keys".to_owned());
    assert!(header.jwk.is_some());
    let token = jsonwebtoken::encode(&header, &thief.claims(), &thief.key).unwrap();
    assert!(!forger.opens(&token));
}

#[test]
fn issuer_audience_and_type_must_be_exactly_ours() {
    let forger = Forger::new();
    for wrong in ["", "urn:godkjent:local/", "URN:GODKJENT:LOCAL", "https://maskinporten.no/"] {
        assert!(!forger.opens_with(|claims| claims["iss"] = json!(wrong)), "iss {wrong}");
    }
    for wrong in ["", "urn:godkjent", "urn:godkjent:registry2", "unspecified"] {
        assert!(!forger.opens_with(|claims| claims["aud"] = json!(wrong)), "aud {wrong}");
    }
    let claims = forger.claims();
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "JWT"] {
        assert!(forger.opens(&forger.sign_as(typ, &claims)), "typ {typ}");
    }
    for typ in ["id+jwt", "dpop+jwt", "logout+jwt", "", "jwt2"] {
        assert!(!forger.opens(&forger.sign_as(typ, &claims)), "typ {typ}");
    }
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = None;
    let token = jsonwebtoken::encode(&header, &claims, &forger.key).unwrap();
    assert!(!forger.opens(&token), "no typ");
}

#[test]
fn no_claim_may_be_missing_or_of_another_type() {
    let forger = Forger::new();
    let claims = forger.claims();
    for name in claims.as_object().unwrap().keys() {
        let gone = |claims: &mut Value| drop(claims.as_object_mut().unwrap().remove(name));
        assert!(!forger.opens_with(gone), "no {name}");
        for wrong in [json!(null), json!([]), json!({}), json!(true), json!(-1.5)] {
            let wronged = |claims: &mut Value| claims[name] = wrong.clone();
            assert!(!forger.opens_with(wronged), "{name}: {wrong}");
        }
    }
}

#[test]
fn time_is_kept_with_ten_seconds_of_leeway() {
    let forger = Forger::new();
    let now = forger.now.timestamp();
    let cases = [
        ("exp", -9, true),
        ("exp", -10, false),
        ("exp", -11, false),
        ("exp", -60, false),
        ("nbf", 10, true),
        ("nbf", 11, false),
        ("iat", 10, true),
        ("iat", 11, false),
    ];
    for (claim, seconds, opens) in cases {
        let moved = |claims: &mut Value| claims[claim] = json!(now + seconds);
        assert_eq!(forger.opens_with(moved), opens, "{claim} {seconds}");
    }
    for extreme in [i64::MAX, i64::MIN] {
        for claim in ["nbf", "iat", "exp"] {
            let opens = forger.opens_with(|claims| claims[claim] = json!(extreme));
            assert!(!opens || (claim == "exp") == (extreme > 0), "{claim} {extreme}");
        }
    }
}

#[test]
fn extensions_that_must_be_understood_open_nothing() {
    let forger = Forger::new();
    let signed = |header: Value| {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(&forger.claims()));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &forger.key, Algorithm::EdDSA).unwrap();
        format!("{message}.{signature}")
    };
    assert!(forger.opens(&signed(json!({"alg": "EdDSA", "typ": "at+jwt"}))));
    for crit in [json!(["b64"]), json!(["exp"]), json!([]), json!(null)] {
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "crit": crit});
        assert!(!forger.opens(&signed(header.clone())), "{header}");
    }
}

#[test]
fn no_token_lives_longer_than_thirty_days() {
    let forger = Forger::new();
    let now = forger.now.timestamp();
    for (seconds, opens) in [(LONGEST, true), (LONGEST + 1, false), (i64::MAX - now, false)] {
        assert_eq!(forger.opens_with(|claims| claims["exp"] = json!(now + seconds)), opens);
    }
    // An old token has expired, whatever its `exp`.
    let old = |claims: &mut Value| claims["iat"] = json!(now - LONGEST);
    assert!(!forger.opens_with(old));
    // The program makes none that lives longer.
    let actor = Actor { subject: Line::parse("kari").unwrap(), name: Line::parse("Kari").unwrap() };
    let organisation = OrganisationNumber::parse(KRISTIANSAND).unwrap();
    let issuer = LocalIssuer::fresh().unwrap();
    let token = issuer.sign(&actor, Role::CaseWorker, &organisation, forger.now, 2 * LONGEST);
    let tokens = Tokens::new(Some(issuer), Arc::new(Catalogue::load().unwrap()));
    assert!(tokens.identify(PresentedToken::Bearer(&token.unwrap()), forger.now).is_ok());
}

#[test]
fn role_organisation_and_names_must_be_such() {
    let forger = Forger::new();
    for role in ["", "admin", "Editor", "editor ", "editor,auditor", "*"] {
        assert!(!forger.opens_with(|claims| claims["role"] = json!(role)), "{role}");
    }
    for org in ["", "820852983", "82085298", "4204", "NO"] {
        assert!(!forger.opens_with(|claims| claims["org"] = json!(org)), "{org}");
    }
    for name in ["", " ", "a\nb", "\u{202e}x", &"x".repeat(201)] {
        assert!(!forger.opens_with(|claims| claims["sub"] = json!(name)), "{name:?}");
        assert!(!forger.opens_with(|claims| claims["name"] = json!(name)), "{name:?}");
    }
}

#[test]
fn garbage_of_any_length_opens_nothing() {
    let forger = Forger::new();
    let long = "a".repeat(100_000);
    let padded = format!("{}{}", forger.sign(&forger.claims()), "A".repeat(9_000));
    for token in ["", ".", "..", "...", "a.b.c", "é.é.é", "null", &long, &padded] {
        assert!(!forger.opens(token));
    }
    let nobody = Tokens::new(None, Arc::new(Catalogue::load().unwrap()));
    let token = forger.sign(&forger.claims());
    assert!(nobody.identify(PresentedToken::Bearer(&token), forger.now).is_err());
}

fn hex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[actix_web::test]
async fn exactly_one_bearer_token_in_the_header_is_taken() {
    let world = World::on_sqlite().await;
    let token = world.auditor().token().unwrap();
    let ask = |values: Vec<String>| {
        let mut request = world.anyone().request(Method::GET, "/v1/audit");
        for value in values {
            request = request.another_header("Authorization", &value);
        }
        request.send()
    };
    ask(vec![format!("Bearer {token}")]).await.expect(200);
    ask(vec![format!("bearer {token}")]).await.expect(200);
    let refused = [
        vec![],
        vec![format!("Bearer {token}"), format!("Bearer {token}")],
        vec![format!("Bearer {token}"), "Basic eDp5".to_owned()],
        vec![format!("Basic {token}")],
        vec![format!("DPoP {token}")],
        vec![token.clone()],
        vec![format!("Bearer{token}")],
        vec!["Bearer".to_owned()],
        vec!["Bearer ".to_owned()],
        vec![format!("Bearer {token} {token}")],
        vec![format!("Bearer {token},Bearer {token}")],
        vec!["Bearer garbage".to_owned()],
    ];
    for values in refused {
        let answer = ask(values.clone()).await;
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{values:?}");
        assert!(!answer.text.contains(&token), "{values:?}");
        answer.problem(401, "unauthenticated");
    }
    let query = format!("/v1/audit?access_token={token}");
    let answer = world.anyone().get(&query).await;
    assert!(!answer.text.contains(&token));
    answer.problem(400, "unknown-parameter");
}

#[actix_web::test]
async fn a_token_runs_out() {
    let world = World::on_sqlite().await;
    let auditor = world.auditor();
    auditor.get("/v1/audit").await.expect(200);
    world.pass(chrono::TimeDelta::days(10 * 365 + 1));
    let answer = auditor.get("/v1/audit").await;
    assert!(answer.header("www-authenticate").contains("invalid_token"));
    answer.problem(401, "unauthenticated");
}

#[actix_web::test]
async fn a_municipal_role_belongs_to_a_municipality() {
    let world = World::on_sqlite().await;
    for role in Role::ALL.into_iter().filter(|role| role.is_municipal()) {
        let person = world.person("Ulf Ulv", role, PROVIDER);
        let answer = match role {
            Role::Editor => person.post("/v1/offerings", json!({})).await,
            _ => person.get("/v1/applications").await,
        };
        answer.problem(403, "not-a-municipality");
    }
    let worker = world.person("Ulf Ulv", Role::CaseWorker, PROVIDER);
    let path = format!("/v1/applications/{}/assessment-start", uuid::Uuid::nil());
    let answer = worker.act(Method::POST, &path, "\"1\"", None).await;
    answer.problem(403, "not-a-municipality");
}
