//! The OpenAPI document: its frame, and the data that requests need of it.

use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    operations::{Negotiable, Routes},
    share::share,
    viewer::for_viewer,
};
use crate::{api::problem::Problem, domain::evidence::Description, register::body::Body};

/// The OpenAPI document. It is the same for every server of one program.
#[derive(Debug)]
pub struct ApiDocument {
    /// The routes, their methods and parameters.
    pub routes: Routes,
    /// The media types of each route.
    pub offered: Negotiable,
    /// The document as JSON.
    pub json: Body,
    /// The same for the viewer, in OpenAPI 3.0.
    pub for_viewer: Body,
}

impl From<utoipa::openapi::OpenApi> for ApiDocument {
    fn from(mut document: utoipa::openapi::OpenApi) -> Self {
        let (routes, offered) = (Routes::of(&document), Negotiable::of(&document));
        share(&mut document);
        let viewed = for_viewer(serde_json::to_value(&document).unwrap_or_default());
        Self {
            routes,
            offered,
            json: Body::for_cache(document.to_json().unwrap_or_default()),
            for_viewer: Body::for_cache(viewed.to_string()),
        }
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Godkjent",
        description = "The open registry for the Norwegian approval model (godkjenningsmodellen) for free user \
         choice in municipal health and care services. Public reads need no token.\n\n\
         [The guide](/docs/guide) has first steps and recipes, [a page](/problems.html) has the problem codes, and \
         [openapi.json](/openapi.json) is this document, for generators of clients.\n\n\
         Every request takes `X-Request-Id`, an id of the caller's own, and `Accept-Language` (`nb`, `nn`, `en`). Every answer has \
         `X-Request-Id` (a cached page only if it was sent), every problem `Content-Language`, every read `Feed-Position`, and `Register-As-Of` while its data may be old. Where quotas are set, answers have \
         `RateLimit` and `RateLimit-Policy`. Answers may get new fields, and enumerations new words: ignore those that you do not know.",
        license(name = "MIT", identifier = "MIT"),
    ),
    external_docs(url = "/docs/guide", description = "The guide: first steps, and recipes for portals and systems"),
    servers((url = "/", description = "This registry")),
    tags(
        (name = "register", description = "Register (offentlig oppføring): public data for portals and citizens"),
        (name = "catalogues", description = "Kataloger: municipalities, service types, criteria, grounds"),
        (name = "offerings", description = "Tilbud: services with free choice in a municipality"),
        (name = "compensation", description = "Kompensasjon: prices and their calculation"),
        (name = "providers", description = "Leverandører: providers of services"),
        (name = "evidence", description = "Dokumentasjonsfiler: files that a provider uploads once and \
         attaches to cases"),
        (name = "applications", description = "Søknader: from draft to decision"),
        (name = "decisions", description = "Vedtak: approve, refuse, revoke"),
        (name = "appeals", description = "Klager: from receipt to the appeal body's answer"),
        (name = "approvals", description = "Godkjenninger: approved providers, from contract to end"),
        (name = "work", description = "Arbeidsliste: open tasks with deadlines"),
        (name = "letters", description = "Brev: decisions, notices, receipts and requests in plain Norwegian"),
        (name = "changes", description = "Endringslogg: the public change feed"),
        (name = "audit", description = "Revisjonslogg: the whole journal"),
        (name = "operations", description = "Drift: health, measurements, the document itself"),
    ),
    components(schemas(Problem, Description)),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("An access token with a role and an organisation number."))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
        let description = "A proof that the caller has the key to which its token is bound (DPoP, RFC 9449). Such a token is sent as \
                           `Authorization: DPoP …`, with a new proof for each request.";
        let proof = ApiKeyValue::with_description("DPoP", description);
        components.add_security_scheme("proof", SecurityScheme::ApiKey(ApiKey::Header(proof)));
    }
}

/// The frame of the document: everything except paths and schemas, which come from the routes.
#[must_use]
pub fn frame() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
