//! Security headers for browsers.
//!
//! Public data may be embedded by any page, so no policy restricts it.

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

/// Kind of response for browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityHeaders<'a> {
    /// The requested path.
    pub path: &'a str,
    /// Whether pages of any origin may use it.
    pub open: bool,
    /// Its status.
    pub status: StatusCode,
    /// Whether the world reaches the registry by TLS.
    pub secure: bool,
}

impl SecurityHeaders<'_> {
    /// Sets the headers. A letter keeps its own policy; a 304 keeps that of the stored response.
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
