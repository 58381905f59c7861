//! The guide at `/docs/guide`: the Markdown files of `docs/guide` as pages, rendered once.
//!
//! Like the viewer at `/docs`, it is for readers and not part of the contract.

mod layout;
mod links;
mod markdown;
mod sources;

use std::{collections::BTreeMap, sync::LazyLock};

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::header::{self, HeaderValue},
    web,
};

use self::sources::{FILES, PATH};
use crate::{
    api::{
        extract::preconditions::{CODING, public_form},
        problem::{HttpError, Problem, sentences},
    },
    register::body::Body,
};

const STYLE: &str = include_str!("guide/style.css");

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const CSS: HeaderValue = HeaderValue::from_static("text/css; charset=utf-8");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
/// A page loads its style sheet, and nothing else.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The bytes of everything below [`PATH`], by the rest of the path.
static SERVED: LazyLock<BTreeMap<&str, (HeaderValue, Body)>> = LazyLock::new(|| {
    let pages = layout::pages().into_iter().map(|(slug, html)| (slug, (HTML, html)));
    let files = FILES.iter().map(|file| (file.slug, (TEXT, file.text.to_owned())));
    let style = ("style.css", (CSS, STYLE.to_owned()));
    let all = pages.chain(files).chain([style]);
    all.map(|(slug, (media_type, text))| (slug, (media_type, Body::for_cache(text)))).collect()
});

/// Adds the routes of the guide.
pub(crate) fn routes(config: &mut web::ServiceConfig) -> &mut web::ServiceConfig {
    config
        .service(
            web::resource(PATH)
                .route(web::get().to(async |request: HttpRequest| respond(&request, ""))),
        )
        .service(web::resource("/docs/guide/{page:.*}").route(web::get().to(page)))
}

async fn page(request: HttpRequest, page: web::Path<String>) -> HttpResponse {
    respond(&request, &page)
}

fn respond(request: &HttpRequest, slug: &str) -> HttpResponse {
    let Some((media_type, body)) = SERVED.get(slug) else {
        let detail = sentences::unknown_route_guide(PATH);
        return Problem::edge(HttpError::UnknownRoute, detail).error_response();
    };
    let mut answer = public_form(request.headers(), body, media_type.clone(), CODING);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    answer
}
