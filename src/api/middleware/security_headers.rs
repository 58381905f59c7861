//! Vern: headers that tell browsers what never to do with an answer.
//!
//! What everyone may read any page may use, so no policy says who may embed it.

use actix_web::http::{
    StatusCode,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

/// Data is never a page: nothing in it runs, loads or is framed.
const OF_DATA: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
/// The viewer of the document has its scripts and styles beside it.
const OF_VIEWER: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// A year.
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What an answer is, as far as browsers must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityHeaders<'a> {
    /// The path that was asked.
    pub path: &'a str,
    /// Whether pages of any origin may use it.
    pub open: bool,
    /// Its status.
    pub status: StatusCode,
    /// Whether the world reaches the registry by TLS.
    pub secure: bool,
}

impl SecurityHeaders<'_> {
    /// Puts the headers in. A policy that a letter has is its own; what a browser has already (304) keeps
    /// what it came with.
    pub fn put_in(self, headers: &mut HeaderMap) {
        if self.secure {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT);
        }
        if self.status == StatusCode::NOT_MODIFIED {
            return;
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        headers.insert(header::REFERRER_POLICY, NO_REFERRER);
        if !self.open {
            headers.insert(RESOURCE_POLICY, SAME_ORIGIN);
        }
        if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            let viewer = self.path.starts_with("/docs/");
            let policy = if viewer { OF_VIEWER } else { OF_DATA };
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}
