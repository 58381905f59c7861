//! Where a request ends: one that says so in two ways is refused, with all that follows it on its connection.
//!
//! Of two readers one would take for a body what the other takes for the next request, and so one caller's bytes
//! could become another's request (RFC 9112 section 11.2). The server below takes the one of two for true.
//! It also waits without an end for the rest of a body in chunks that nobody reads any more.

use std::{
    cell::RefCell,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use actix_web::{
    HttpMessage, HttpResponse, ResponseError,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{ConnectionType, Version, header},
    web::Bytes,
};
use futures_util::{Stream, StreamExt};

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

/// A body in chunks, and whether it was read to its end. While somebody has it, the server below closes the
/// connection after the answer, as it does where the length was said; else it waits for the rest.
#[derive(Clone)]
pub(super) struct Chunks(Rc<RefCell<Body>>);

struct Body {
    payload: Payload,
    ended: bool,
}

impl Chunks {
    /// Takes a body in chunks out of a request and passes it on from there.
    pub(super) fn of(request: &mut ServiceRequest) -> Option<Self> {
        request.headers().contains_key(header::TRANSFER_ENCODING).then(|| {
            let body = Body { payload: request.take_payload(), ended: false };
            let chunks = Self(Rc::new(RefCell::new(body)));
            request.set_payload(Payload::Stream { payload: Box::pin(chunks.clone()) });
            chunks
        })
    }

    /// Stays with the answer until that is sent, where the body was not read to its end.
    pub(super) fn stay(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        if self.0.borrow().ended {
            return response;
        }
        response.map_body(|_, answer| BoxBody::new(Staying { answer, _unread: self }))
    }
}

/// An answer with what was not read of its request.
struct Staying {
    answer: BoxBody,
    _unread: Chunks,
}

impl MessageBody for Staying {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.answer).poll_next(cx)
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.0.borrow_mut();
        let next = body.payload.poll_next_unpin(cx);
        body.ended = matches!(next, Poll::Ready(None));
        next
    }
}
