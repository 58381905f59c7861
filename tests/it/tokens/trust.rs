//! Issuer configuration: invalid combinations stop the start with a correction.

use godkjent::api::auth::{PersonKey, TrustError, Trusted};
use serde_json::{Value, json};

use super::scene::{issuer_config, person_key};

/// Reads the configuration of one issuer that was changed.
pub fn parse(
    kind: &str,
    issuer: &str,
    change: impl FnOnce(&mut Value),
) -> Result<Trusted, TrustError> {
    let mut config = issuer_config(kind, issuer);
    change(&mut config);
    Trusted::parse("issuers.json", json!([config]).to_string().as_bytes(), Some(&person_key()))
}

const ISSUER: &str = "https://issuer.example";

/// The sentence that stops the start.
#[track_caller]
fn stops(kind: &str, words: &str, change: impl FnOnce(&mut Value)) {
    let error = parse(kind, ISSUER, change).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn each_kind_is_read() {
    for kind in ["maskinporten", "ansattporten", "helseid", "oidc"] {
        parse(kind, ISSUER, |_| {}).unwrap();
    }
}

#[test]
fn the_examples_in_the_documentation_are_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide/issuers.md");
    let text = std::fs::read_to_string(path).unwrap();
    let examples: Vec<_> = text.split("```json issuers\n").skip(1).collect();
    let kinds: Vec<_> = examples
        .iter()
        .map(|it| it.split("```").next().unwrap())
        .flat_map(|it| {
            Trusted::parse("the example", it.as_bytes(), Some(&person_key())).unwrap();
            let issuers: Vec<Value> = serde_json::from_str(it).unwrap();
            issuers.into_iter().map(|it| it["kind"].as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(kinds, ["maskinporten", "ansattporten", "helseid", "oidc"]);
}

#[test]
fn unknown_fields_and_wrong_types_are_named_with_their_place() {
    stops("oidc", "[0].audience", |config| config["audience"] = json!("x"));
    stops("oidc", "[0].grants[0].roles", |config| config["grants"][0]["roles"] = json!([]));
    stops("oidc", "[0].audiences", |config| config["audiences"] = json!("x"));
    stops("oidc", "unknown variant", |config| config["kind"] = json!("saml"));
    stops("oidc", "missing field", |config| drop(config.as_object_mut().unwrap().remove("issuer")));
    let error = Trusted::parse("issuers.json", b"{", None).unwrap_err().to_string();
    assert!(error.starts_with("issuers.json: "), "{error}");
}

#[test]
fn names_and_addresses_are_https() {
    for wrong in ["", "issuer", "http://issuer.example", "ftp://issuer.example", "https://"] {
        let error = parse("oidc", wrong, |_| {}).unwrap_err().to_string();
        assert!(error.contains("https URL"), "{wrong}: {error}");
    }
    parse("oidc", "http://127.0.0.1:9000", |_| {}).unwrap();
    parse("oidc", "http://localhost/realm", |_| {}).unwrap();
    for wrong in ["http://127.0.0.1.example", "http://localhost.example", "http://127.0.0.1@x.no"] {
        let error = parse("oidc", wrong, |_| {}).unwrap_err().to_string();
        assert!(error.contains("https URL"), "{wrong}: {error}");
    }
    stops("oidc", "metadata must be", |config| config["metadata"] = json!("http://x.example/meta"));
    let error = parse("oidc", "https://a@b.example", |_| {}).unwrap_err().to_string();
    assert!(error.contains("without @"), "{error}");
}

#[test]
fn an_issuer_stands_there_once() {
    let twice =
        json!([issuer_config("oidc", ISSUER), issuer_config("helseid", ISSUER)]).to_string();
    let error = Trusted::parse("x", twice.as_bytes(), Some(&person_key())).unwrap_err();
    assert!(error.to_string().contains("twice"), "{error}");
}

#[test]
fn an_audience_is_needed_and_is_not_unspecified() {
    stops("oidc", "audiences is empty", |config| config["audiences"] = json!([]));
    stops("oidc", "audiences is empty", |config| config["audiences"] = json!([" "]));
    stops("maskinporten", "readsWithoutAudience", |s| s["audiences"] = json!(["unspecified"]));
    stops("oidc", "for maskinporten only", |config| config["readsWithoutAudience"] = json!(true));
}

#[test]
fn algorithms_and_types_are_those_that_are_taken() {
    for wrong in ["HS256", "none", "rs256", "ES512"] {
        stops("oidc", "is not accepted", |config| config["algorithms"] = json!([wrong]));
    }
    stops("oidc", "algorithms is empty", |config| config["algorithms"] = json!([]));
    for wrong in [json!([]), json!(["id+jwt"]), json!(["at+jwt", ""])] {
        stops("oidc", "types are some of", |config| config["types"] = wrong);
    }
}

#[test]
fn grants_give_known_roles_for_something() {
    stops("oidc", "grants is empty", |config| config["grants"] = json!([]));
    stops("oidc", "not a role", |config| config["grants"][0]["role"] = json!("admin"));
    stops("oidc", "needs a scope", |config| config["grants"] = json!([{"role": "provider"}]));
    let auditor = json!([{"role": "auditor", "scope": "audit"}]);
    stops("oidc", "reads the journal of all", |config| config["grants"] = auditor.clone());
    stops("oidc", "not an organisation number", |config| config["auditors"] = json!(["820852983"]));
    stops("oidc", "one word", |config| config["grants"][0]["scope"] = json!("a b"));
    stops("oidc", "go together", |config| config["grants"][0]["claim"] = json!("roles"));
    stops("oidc", "ansattporten only", |config| config["grants"][0]["resource"] = json!("x"));
    stops("maskinporten", "by scope", |config| {
        config["grants"] = json!([{"role": "provider", "claim": "a", "value": "b"}]);
    });
    let staff = |change: &dyn Fn(&mut Value)| {
        let mut grant = issuer_config("ansattporten", ISSUER)["grants"][0].clone();
        change(&mut grant);
        move |config: &mut Value| config["grants"] = json!([grant])
    };
    let gone =
        |name: &'static str| staff(&move |grant| drop(grant.as_object_mut().unwrap().remove(name)));
    stops("ansattporten", "needs a scope too", gone("scope"));
    stops("ansattporten", "needs a type", gone("type"));
    stops("ansattporten", "needs its resource", gone("resource"));
    stops("ansattporten", "needs a type", staff(&|grant| grant["type"] = json!("other")));
    let work = staff(&|grant| grant["type"] = json!("ansattporten:orgno"));
    stops("ansattporten", "has no resource", work);
}

#[test]
fn what_is_of_one_kind_is_not_asked_of_another() {
    for name in ["suppliers", "systemUsers"] {
        stops("helseid", "for maskinporten only", |config| config[name] = json!(true));
    }
    stops("oidc", "for maskinporten only", |s| s["delegationSources"] = json!(["https://x"]));
    stops("maskinporten", "delegationSources is empty", |s| s["delegationSources"] = json!([]));
    stops("maskinporten", "set suppliers to true", |config| config["suppliers"] = json!(false));
    let of_people = [
        ("leastAssurance", json!("high")),
        ("decisionAssurance", json!("high")),
        ("assuranceClaim", json!("acr")),
        ("high", json!(["4"])),
        ("substantial", json!(["3"])),
        ("person", json!("sub")),
        ("nameClaim", json!("name")),
    ];
    for (name, value) in of_people {
        stops("maskinporten", "name no person", |config| config[name] = value);
    }
    for kind in ["maskinporten", "ansattporten"] {
        stops(kind, "omit organisationClaim", |s| s["organisationClaim"] = json!("org"));
    }
    stops("oidc", "organisationClaim is missing", |config| {
        config.as_object_mut().unwrap().remove("organisationClaim");
    });
}

#[test]
fn numbers_of_persons_need_a_secret_of_some_length() {
    assert!(PersonKey::new(&[7; 31]).is_none());
    assert_eq!(format!("{:?}", person_key()), "PersonKey(***)");
    for kind in ["ansattporten", "helseid"] {
        let text = json!([issuer_config(kind, ISSUER)]).to_string();
        let error = Trusted::parse("x", text.as_bytes(), None).unwrap_err().to_string();
        assert!(error.contains("GODKJENT_PERSON_KEY"), "{error}");
        let mut config = issuer_config(kind, ISSUER);
        config["person"] = json!("sub");
        Trusted::parse("x", json!([config]).to_string().as_bytes(), None).unwrap();
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let missing = std::path::Path::new("/nowhere/issuers.json");
    let error = Trusted::from_file(missing, None).unwrap_err().to_string();
    assert!(error.starts_with("/nowhere/issuers.json: "), "{error}");
    let name = format!("godkjent_short_{}", std::process::id());
    let short = std::env::temp_dir().join(name);
    std::fs::write(&short, "short\n").unwrap();
    let error = PersonKey::from_file(&short).unwrap_err().to_string();
    std::fs::remove_file(&short).unwrap();
    assert!(error.contains("32 bytes or more"), "{error}");
}
