//! Vern: headers that tell browsers what never to do with an answer.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Data is never a page: nothing in it runs, loads or is framed.
const OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'";
/// The viewer of the document has its scripts and styles beside it.
const OF_VIEWER: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A year.
const TRANSPORT: &str = "max-age=31536000";
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What an answer is, as far as browsers must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection<'a> {
    /// The path that was asked.
    pub path: &'a str,
    /// Whether pages of any origin may use it.
    pub open: bool,
    /// Whether the world reaches the registry by TLS.
    pub secure: bool,
}

impl Protection<'_> {
    /// Puts the headers in. A policy that a letter has is its own.
    pub fn put_in(self, headers: &mut HeaderMap) {
        let mut set = |name, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "no-referrer");
        set(RESOURCE_POLICY, if self.open { "cross-origin" } else { "same-origin" });
        if self.secure {
            set(header::STRICT_TRANSPORT_SECURITY, TRANSPORT);
        }
        if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            let viewer = self.path.starts_with("/docs/");
            let policy = HeaderValue::from_static(if viewer { OF_VIEWER } else { OF_DATA });
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}
