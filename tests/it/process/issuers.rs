//! The program with issuers that are configured, or cannot be.

use std::fs;

use serde_json::json;

use super::program::{Directory, Running, godkjent, run};
use crate::{
    tokens::{
        issuer::{Signer, TestIssuer},
        scene::{AUDIENCE, configured},
    },
    world::PROVIDER,
};

#[test]
fn a_configured_issuer_is_trusted_from_the_start_and_the_local_one_is_off() {
    let (directory, key) = (Directory::new(), Signer::ec("k1"));
    let issuer = TestIssuer::start("", &[&key]);
    let file = directory.file("issuers.json");
    fs::write(&file, json!([configured("oidc", &issuer.name)]).to_string()).unwrap();
    let arguments = ["--issuers", file.to_str().unwrap()];
    let running = Running::start_with(&directory, &directory.sqlite(), &arguments);
    assert_eq!(issuer.asked(), 1);
    let token = |end: i64| {
        let claims = json!({
            "iss": issuer.name, "aud": AUDIENCE, "sub": "s1", "name": "Per Provider",
            "org": PROVIDER, "scope": "test:provider", "exp": end,
        });
        key.sign(&key.header(), &claims)
    };
    let reads = |token| running.client(Some(token)).get("/v1/applications").unwrap();
    // Far in the future, and far in the past: the clock is the world's.
    let good = reads(token(4_102_444_800));
    assert_eq!(good.status, 200, "{}", good.text);
    assert_eq!(reads(token(1_000_000_000)).status, 401);
    let local = super::program::token(&directory, "provider", PROVIDER, "Per");
    assert_eq!(reads(local).status, 401);
    assert!(!running.log().contains("THE LOCAL ISSUER IS ON"));
}

#[test]
fn issuers_that_cannot_work_stop_the_start_with_what_to_do() {
    let directory = Directory::new();
    let file = directory.file("issuers.json");
    let mut said = configured("oidc", "https://issuer.example");
    said["audiences"] = json!([]);
    for (text, words) in [
        (json!([said]).to_string(), "audiences is empty: name what the aud"),
        ("{".to_owned(), "issuers.json"),
    ] {
        fs::write(&file, text).unwrap();
        let mut command = godkjent(&directory);
        command.arg("serve").arg("--issuers").arg(&file);
        let ended = run(command.args(["--database-url", &directory.sqlite()]));
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success());
        assert!(told.contains(words) && told.contains("GODKJENT_ISSUERS"), "{told}");
    }
}
