//! A registry that trusts one issuer, and that issuer with its key.

use actix_web::http::Method;
use godkjent::{
    api::auth::{PersonKey, Trusted},
    app::ServerComponents,
};
use serde_json::{Value, json};

use super::issuer::{Signer, TestIssuer};
use crate::world::{Answer, KRISTIANSAND, PROVIDER, Request, World};

/// How tokens name this registry.
pub const AUDIENCE: &str = "https://registry.example";
/// The person's national identity number, synthetic.
pub const PID: &str = "01810199999";

/// The registry and the issuer.
pub struct Scene {
    pub world: World,
    pub issuer: TestIssuer,
    pub key: Signer,
    kind: &'static str,
}

/// The secret for keys of persons.
pub fn person_key() -> PersonKey {
    PersonKey::new(&[7; 32]).unwrap()
}

/// An issuer's configuration as a file has it.
pub fn issuer_config(kind: &str, issuer: &str) -> Value {
    let grants = match kind {
        "ansattporten" => json!([
            {"role": "case-worker", "scope": "test:work", "type": "ansattporten:altinn:resource", "resource": "urn:altinn:resource:work"},
            {"role": "decision-maker", "scope": "test:work", "type": "ansattporten:altinn:resource", "resource": "urn:altinn:resource:decide"},
            {"role": "provider", "scope": "test:work", "type": "ansattporten:altinn:service", "resource": "urn:altinn:resource:2480:40"},
        ]),
        _ => json!([
            {"role": "provider", "scope": "test:provider"},
            {"role": "provider", "scope": "test:provider.read", "readOnly": true},
            {"role": "case-worker", "scope": "test:work"},
            {"role": "decision-maker", "scope": "test:decide"},
        ]),
    };
    let mut config =
        json!({"kind": kind, "issuer": issuer, "audiences": [AUDIENCE], "grants": grants});
    match kind {
        "maskinporten" => {
            config["readsWithoutAudience"] = json!(true);
            config["suppliers"] = json!(true);
            config["delegationSources"] = json!(["https://www.altinn.no/"]);
            config["systemUsers"] = json!(true);
        }
        "helseid" => config["dpopRequired"] = json!(false),
        "oidc" => config["organisationClaim"] = json!("org"),
        _ => {}
    }
    config
}

impl Scene {
    /// With an issuer of a kind.
    pub async fn of(kind: &'static str) -> Self {
        Self::with(kind, |_| {}).await
    }

    /// With an issuer of a kind that is configured in another way.
    pub async fn with(kind: &'static str, change: impl FnOnce(&mut Value)) -> Self {
        Self::on(World::on_sqlite().await, kind, change).await
    }

    /// The same on an existing registry.
    pub async fn on(world: World, kind: &'static str, change: impl FnOnce(&mut Value)) -> Self {
        Self::start_with(world, kind, change, |components| components).await
    }

    /// The same in which a component is otherwise.
    pub async fn start_with(
        world: World,
        kind: &'static str,
        change: impl FnOnce(&mut Value),
        otherwise: impl FnOnce(ServerComponents) -> ServerComponents + Send + 'static,
    ) -> Self {
        let key = match kind {
            "maskinporten" | "ansattporten" => Signer::rsa("k1"),
            "helseid" => Signer::ec("k1"),
            _ => Signer::ed("k1"),
        };
        let issuer = TestIssuer::start(if kind == "maskinporten" { "/" } else { "" }, &[&key]);
        let mut config = issuer_config(kind, &issuer.name);
        change(&mut config);
        let text = json!([config]).to_string();
        let trusted = Trusted::parse("issuers", text.as_bytes(), Some(&person_key())).unwrap();
        Self { world: world.trusting_with(trusted, otherwise).await, issuer, key, kind }
    }

    /// Valid claims: of an actor for the provider, or for Kristiansand where the kind requires it.
    pub fn claims(&self) -> Value {
        let now = self.world.now().timestamp();
        let mut claims = json!({
            "iss": self.issuer.name, "aud": AUDIENCE, "jti": "t1", "sub": "s1",
            "iat": now, "nbf": now, "exp": now + 3600, "scope": "openid test:provider",
        });
        let own = match self.kind {
            "maskinporten" => json!({
                "consumer": organisation(PROVIDER), "client_amr": "private_key_jwt", "sub": null,
            }),
            "ansattporten" => json!({
                "acr": "high", "pid": PID, "name": "Kari Case", "scope": "openid test:work",
                "authorization_details": [{
                    "type": "ansattporten:altinn:resource", "resource": "urn:altinn:resource:work",
                    "authorized_parties": [{
                        "orgno": organisation(KRISTIANSAND), "name": "Kristiansand kommune",
                        "resource": "urn:altinn:resource:work", "unit_type": "KOMM",
                    }],
                }],
            }),
            "helseid" => json!({
                "helseid://claims/client/claims/orgnr_parent": KRISTIANSAND,
                "helseid://claims/identity/pid": PID,
                "helseid://claims/identity/security_level": "4",
                "name": "Kari Case", "scope": ["openid", "test:work"],
            }),
            _ => json!({"org": PROVIDER, "name": "Per Provider", "acr": "high"}),
        };
        for (name, value) in own.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        claims
    }

    /// A token as it should be.
    pub fn token(&self) -> String {
        self.token_with(|_| {})
    }

    /// A token with claims changed before the signature.
    pub fn token_with(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims();
        change(&mut claims);
        self.key.sign(&self.key.header(), &claims)
    }

    /// A token with a header changed before the signature.
    pub fn token_under(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header = self.key.header();
        change(&mut header);
        self.key.sign(&header, &self.claims())
    }

    /// Reads as a provider and as a municipality.
    pub async fn reads(&self, token: &str) -> Answer {
        self.world.holder(token.to_owned()).get("/v1/applications").await
    }

    /// Sends a command as a provider.
    pub async fn acts(&self, token: &str) -> Answer {
        let me = format!("/v1/providers/{PROVIDER}");
        let profile = crate::problems::scene::profile();
        self.world.holder(token.to_owned()).create(&me, profile).await
    }

    /// Sends a command as a decision maker, on a missing resource.
    pub async fn decides(&self, token: &str) -> Answer {
        let path = format!("/v1/applications/{}/decision", uuid::Uuid::nil());
        let body = Some(json!({"outcome": "approve"}));
        self.world.holder(token.to_owned()).act(Method::POST, &path, "\"1\"", body).await
    }

    /// A request without a token so far.
    pub fn request(&self, method: Method, path: &str) -> Request {
        self.world.anyone().request(method, path)
    }

    /// The actor of the latest journal row of a person: key, name and organisation.
    pub async fn last_actor(&self) -> [String; 3] {
        let journal = self.world.auditor().get("/v1/audit?limit=200").await.expect(200).json();
        let mut rows = journal["items"].as_array().unwrap().iter();
        let last = rows.rfind(|row| row["role"] != "registry").unwrap();
        ["actor", "actorName", "organisation"].map(|name| last[name].as_str().unwrap().to_owned())
    }
}

/// An organisation as Norwegian issuers write it.
pub fn organisation(number: &str) -> Value {
    json!({"authority": "iso6523-actorid-upis", "ID": format!("0192:{number}")})
}

impl Answer {
    /// The answer to an invalid token, with these words in its reason.
    #[track_caller]
    pub fn invalid(self, words: &str) {
        let challenges: Vec<_> = self.headers.get_all("www-authenticate").cloned().collect();
        let [bearer, proven] = challenges.try_into().unwrap();
        let (bearer, proven) = (bearer.to_str().unwrap(), proven.to_str().unwrap());
        assert!(bearer.starts_with("Bearer error=\"invalid_token\", resource_metadata="));
        assert!(proven.starts_with("DPoP error=\"invalid_token\", algs=\"ES256 PS256 EdDSA\", "));
        let problem = self.problem(401, "unauthenticated");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
    }

    /// The answer to a valid token without rights, with these words in its reason.
    #[track_caller]
    pub fn not_entitled(self, words: &str) {
        assert!(self.header("www-authenticate").contains("error=\"insufficient_scope\""));
        let problem = self.problem(403, "not-entitled");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail}");
    }
}
