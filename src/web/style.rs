//! The style sheet, under a name that changes with its content.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web::Path,
};
use aws_lc_rs::digest;

use super::missing::not_found;
use crate::{
    api::{
        AppData,
        extract::preconditions::{CODING, public_form},
    },
    register::body::Body,
};

/// The pattern of the route.
pub(super) const PATTERN: &str = "/assets/{name}";

const STYLE: &str = include_str!("style.css");
const CSS: HeaderValue = HeaderValue::from_static("text/css; charset=utf-8");
/// A year: another content has another name.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

static BODY: LazyLock<Body> = LazyLock::new(|| Body::for_cache(minified(STYLE)));
static NAME: LazyLock<String> = LazyLock::new(|| {
    let hash = digest::digest(&digest::SHA256, STYLE.as_bytes());
    let short = hex::encode(hash.as_ref().get(..6).unwrap_or_default());
    format!("style-{short}.css")
});

/// The path of the style sheet.
pub(super) fn path() -> String {
    PATTERN.replace("{name}", &NAME)
}

pub(super) async fn style(
    request: HttpRequest,
    name: Path<String>,
    state: AppData,
) -> HttpResponse {
    if *name != *NAME {
        return not_found(&request, &state);
    }
    let mut answer = public_form(request.headers(), &BODY, CSS, CODING);
    answer.headers_mut().insert(header::CACHE_CONTROL, FOREVER);
    answer
}

/// The style sheet without indentation and comments.
fn minified(style: &str) -> String {
    let mut out = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let lines = out.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}
