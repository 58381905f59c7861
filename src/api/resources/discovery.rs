//! Discovery: metadata for clients that need a token.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{
    AppData,
    auth::{Tokens, dpop},
    extract::preconditions::public,
    problem::PlainProblems,
};

/// Trusted issuers and token requirements, for clients that need a token (RFC 9728).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProtectedResource, example = json!({
    "resource": "https://registry.example",
    "authorization_servers": ["https://maskinporten.no/"],
    "scopes_supported": ["example:brukervalg/applications.write"],
    "bearer_methods_supported": ["header"],
    "dpop_signing_alg_values_supported": ["ES256", "PS256", "EdDSA"],
    "dpop_bound_access_tokens_required": false,
    "resource_documentation": "https://registry.example/docs/"
}))]
pub struct ResourceView {
    /// The registry.
    resource: String,
    /// The trusted issuers. The local issuer of demos and tests is omitted.
    authorization_servers: Vec<String>,
    /// The scopes that give a role.
    scopes_supported: Vec<String>,
    /// Where a token may be sent.
    bearer_methods_supported: [&'static str; 1],
    /// The types of `authorization_details` that are read (RFC 9396).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details_types_supported: Vec<String>,
    /// How a proof of possession may be signed (RFC 9449).
    dpop_signing_alg_values_supported: Vec<String>,
    /// Whether every token must be bound to a key.
    dpop_bound_access_tokens_required: bool,
    /// Where the documentation is.
    resource_documentation: String,
}

/// Trusted issuers.
///
/// The issuers whose tokens are accepted, and the requirements on a token (RFC 9728).
#[utoipa::path(
    tag = "operations", operation_id = "protectedResource", security(),
    responses((status = 200, description = "Issuers, scopes and types.", body = ResourceView), PlainProblems),
)]
#[get("/.well-known/oauth-protected-resource")]
pub(crate) async fn protected_resource(
    request: HttpRequest,
    state: AppData,
    tokens: web::Data<Tokens>,
) -> HttpResponse {
    let known = tokens.known();
    let view = ResourceView {
        resource: state.public_url.clone(),
        authorization_servers: known.issuers,
        scopes_supported: known.scopes.into_iter().collect(),
        bearer_methods_supported: ["header"],
        authorization_details_types_supported: known.details.into_iter().collect(),
        dpop_signing_alg_values_supported: dpop::ALGORITHMS.map(|it| format!("{it:?}")).into(),
        dpop_bound_access_tokens_required: known.bound,
        resource_documentation: format!("{}/docs/", state.public_url),
    };
    public(&request, None, &view)
}
