//! Where a request ends: one that says so in two ways is refused, with all that follows it on its connection.
//!
//! Of two readers one would take for a body what the other takes for the next request, and so one caller's bytes
//! could become another's request (RFC 9112 section 11.2). The server below takes the one of two for true.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix_web::{
    HttpResponse, ResponseError,
    dev::ServiceRequest,
    http::{ConnectionType, Version, header},
};

use super::problem::{Edge, Problem};

/// Whether a connection has brought a request whose end cannot be told. Each connection has its own.
#[derive(Debug, Clone, Default)]
pub struct Doubt(Arc<AtomicBool>);

/// Whether the length of a request is said in two ways, or in one that its version of HTTP does not know.
pub fn is_doubtful(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    let Some(coding) = headers.get(header::TRANSFER_ENCODING) else { return false };
    headers.contains_key(header::CONTENT_LENGTH)
        || request.version() < Version::HTTP_11
        || !coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked")
}

/// The refusal of such a request, and of whatever comes after it: that may be its own body.
pub fn refused(request: &ServiceRequest) -> Option<HttpResponse> {
    let doubt = request.conn_data::<Doubt>().map(|doubt| &doubt.0);
    let doubtful = is_doubtful(request);
    if !doubtful && !doubt.is_some_and(|doubt| doubt.load(Ordering::Relaxed)) {
        return None;
    }
    if let Some(doubt) = doubt {
        doubt.store(true, Ordering::Relaxed);
    }
    let detail =
        "Say the length of the body once, in Content-Length or as chunks, on a new connection.";
    let mut answer = Problem::edge(Edge::DoubtfulLength, detail).error_response();
    answer.head_mut().set_connection_type(ConnectionType::Close);
    Some(answer)
}
