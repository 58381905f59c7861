//! Discovery: issuers and token requirements for clients.

use actix_web::http::Method;
use serde_json::json;

use super::scene::Scene;
use crate::world::World;

const METADATA: &str = "/.well-known/oauth-protected-resource";

#[actix_web::test]
async fn a_challenge_leads_to_who_is_trusted() {
    let scene = Scene::of("maskinporten").await;
    let answer = scene.request(Method::GET, "/v1/applications").send().await;
    let challenges: Vec<_> = answer.headers.get_all("www-authenticate").cloned().collect();
    let metadata = format!("resource_metadata=\"https://registry.example{METADATA}\"");
    let expected =
        [format!("Bearer {metadata}"), format!("DPoP algs=\"ES256 PS256 EdDSA\", {metadata}")];
    assert_eq!(challenges, expected);
    answer.problem(401, "unauthenticated");
    let known = scene.world.anyone().get(METADATA).await.expect(200);
    assert_eq!(known.header("access-control-allow-origin"), "*");
    assert_eq!(
        known.json(),
        json!({
            "resource": "https://registry.example",
            "authorization_servers": [scene.issuer.name],
            "scopes_supported": ["test:decide", "test:provider", "test:provider.read", "test:work"],
            "bearer_methods_supported": ["header"],
            "authorization_details_types_supported": ["urn:altinn:systemuser"],
            "dpop_signing_alg_values_supported": ["ES256", "PS256", "EdDSA"],
            "dpop_bound_access_tokens_required": false,
            "resource_documentation": "https://registry.example/docs/",
        })
    );
}

#[actix_web::test]
async fn types_of_authorization_details_are_told() {
    let scene = Scene::of("ansattporten").await;
    let known = scene.world.anyone().get(METADATA).await.expect(200).json();
    assert_eq!(
        known["authorization_details_types_supported"],
        json!(["ansattporten:altinn:resource", "ansattporten:altinn:service"])
    );
}

#[actix_web::test]
async fn whether_every_token_must_be_bound_is_told() {
    let scene = Scene::with("oidc", |config| config["dpopRequired"] = json!(true)).await;
    let known = scene.world.anyone().get(METADATA).await.expect(200).json();
    assert_eq!(known["dpop_bound_access_tokens_required"], true);
}

#[actix_web::test]
async fn the_local_issuer_is_told_to_nobody_and_binds_no_tokens() {
    let world = World::on_sqlite().await;
    let known = world.anyone().get(METADATA).await.expect(200).json();
    assert_eq!(known["authorization_servers"], json!([]));
    let answer = world.anyone().get("/v1/audit").await;
    assert_eq!(answer.headers.get_all("www-authenticate").count(), 1);
    answer.problem(401, "unauthenticated");
}
