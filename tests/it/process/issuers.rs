//! The program with issuers that are configured, or cannot be.

use std::fs;

use serde_json::json;

use super::program::{Directory, Running, godkjent, run, token};
use crate::{
    tokens::{
        issuer::{Signer, TestIssuer},
        scene::{AUDIENCE, issuer_config},
    },
    world::PROVIDER,
};

/// The program with an issuer in its file and more in its environment.
fn trusting(directory: &Directory, issuer: &TestIssuer, environment: &[(&str, &str)]) -> Running {
    let file = directory.file("issuers.json");
    fs::write(&file, json!([issuer_config("oidc", &issuer.name)]).to_string()).unwrap();
    Running::start_with(directory, &directory.sqlite(), |command| {
        command.arg("--issuers").arg(&file).envs(environment.iter().copied());
    })
}

/// The status of a read with a token that ends then.
fn reads(running: &Running, issuer: &TestIssuer, key: &Signer, end: i64) -> u16 {
    let claims = json!({
        "iss": issuer.name, "aud": AUDIENCE, "sub": "s1", "name": "Per Provider",
        "org": PROVIDER, "scope": "test:provider", "exp": end,
    });
    let token = key.sign(&key.header(), &claims);
    running.client(Some(token)).get("/v1/applications").unwrap().status
}

/// Far in the future: the clock is the world's.
const NEVER: i64 = 4_102_444_800;

#[test]
fn a_configured_issuer_is_trusted_from_the_start_and_the_local_one_is_off() {
    let (directory, key) = (Directory::new(), Signer::ec("k1"));
    let issuer = TestIssuer::start("", &[&key]);
    let running = trusting(&directory, &issuer, &[]);
    assert_eq!(issuer.count_fetches(), 1);
    assert_eq!(reads(&running, &issuer, &key, NEVER), 200);
    assert_eq!(reads(&running, &issuer, &key, 1_000_000_000), 401);
    let elsewhere = Directory::new();
    drop(Running::start(&elsewhere, &elsewhere.sqlite()));
    let local = token(&elsewhere, "provider", PROVIDER, "Per");
    assert_eq!(running.client(Some(local)).get("/v1/applications").unwrap().status, 401);
    assert!(!running.log().contains("THE LOCAL ISSUER IS ON"));
}

#[test]
fn an_issuer_that_is_down_is_an_alarm_and_nothing_else() {
    let (directory, key) = (Directory::new(), Signer::ec("k1"));
    let issuer = TestIssuer::start("", &[&key]);
    issuer.stop();
    let running = trusting(&directory, &issuer, &[]);
    running.logs("THE KEYS OF AN ISSUER CANNOT BE FETCHED");
    assert_eq!(running.client(None).get("/readyz").unwrap().status, 200);
    assert_eq!(reads(&running, &issuer, &key, NEVER), 401);
}

#[test]
fn keys_come_by_tls_from_whom_the_system_trusts() {
    let (directory, key) = (Directory::new(), Signer::ec("k1"));
    let (issuer, pem) = TestIssuer::start_tls(&[&key]);
    let certificate = directory.file("certificate.pem");
    fs::write(&certificate, pem).unwrap();
    let trusted = [("SSL_CERT_FILE", certificate.to_str().unwrap())];
    let running = trusting(&directory, &issuer, &trusted);
    assert_eq!(reads(&running, &issuer, &key, NEVER), 200, "{}", running.log());
    drop(running);
    // Another certificate is trusted, not that of the server.
    fs::write(&certificate, crate::tokens::tls::localhost().1).unwrap();
    let running = trusting(&directory, &issuer, &trusted);
    assert_eq!(reads(&running, &issuer, &key, NEVER), 401);
    running.logs("THE KEYS OF AN ISSUER CANNOT BE FETCHED");
    assert_eq!(issuer.count_fetches(), 1);
}

#[test]
fn issuers_that_cannot_work_stop_the_start_with_what_to_do() {
    let directory = Directory::new();
    let file = directory.file("issuers.json");
    let mut config = issuer_config("oidc", "https://issuer.example");
    config["audiences"] = json!([]);
    for (text, words) in [
        (json!([config]).to_string(), "audiences is empty: list the aud"),
        ("{".to_owned(), "issuers.json"),
    ] {
        fs::write(&file, text).unwrap();
        let mut command = godkjent(&directory);
        command.arg("serve").arg("--issuers").arg(&file);
        let ended = run(command.args(["--database-url", &directory.sqlite()]));
        let message = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success());
        assert!(message.contains(words) && message.contains("GODKJENT_ISSUERS"), "{message}");
    }
}
