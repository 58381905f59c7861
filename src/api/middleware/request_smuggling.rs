//! Request smuggling: a request with an ambiguous length is rejected, with everything after it on its
//! connection.
//!
//! Two readers could disagree about the end of a body, and so one caller's bytes could become another's request
//! (RFC 9112 section 11.2). The server below accepts one of two lengths. It also waits without end for the rest
//! of an unread chunked body.

use std::{
    cell::RefCell,
    io::ErrorKind,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpMessage, HttpResponse, ResponseError,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{
        ConnectionType, Version,
        header::{self, HeaderValue},
    },
    web::{self, Bytes},
};
use futures_util::{Stream, StreamExt};
use tokio::time::{Sleep, sleep};

use crate::api::problem::{HttpError, Problem, sentences};

/// Whether a connection has sent a request with an ambiguous length. Each connection has its own.
#[derive(Debug, Clone, Default)]
pub struct AmbiguousLength(Arc<AtomicBool>);

/// Whether the length of a request is stated twice, or in a form unknown to its version of HTTP.
pub fn is_doubtful(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    let Some(coding) = headers.get(header::TRANSFER_ENCODING) else { return false };
    headers.contains_key(header::CONTENT_LENGTH)
        || request.version() < Version::HTTP_11
        || !coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked")
}

/// The rejection of such a request, and of everything after it: that may be its own body.
pub fn refused(request: &ServiceRequest) -> Option<HttpResponse> {
    let doubt = request.conn_data::<AmbiguousLength>().map(|doubt| &doubt.0);
    let doubtful = is_doubtful(request);
    if !doubtful && !doubt.is_some_and(|doubt| doubt.load(Ordering::Relaxed)) {
        return None;
    }
    if let Some(doubt) = doubt {
        doubt.store(true, Ordering::Relaxed);
    }
    let detail = sentences::doubtful_length();
    let mut answer = Problem::edge(HttpError::DoubtfulLength, detail).error_response();
    answer.head_mut().set_connection_type(ConnectionType::Close);
    Some(answer)
}

/// How long a body may take to arrive.
#[derive(Debug, Clone, Copy)]
pub struct BodyTimeout {
    /// Any body.
    pub time: Duration,
    /// The most bytes of a file, which gets more time.
    pub largest_file: u64,
}

impl Default for BodyTimeout {
    fn default() -> Self {
        Self { time: Duration::from_secs(30), largest_file: 0 }
    }
}

/// The lowest rate of a file upload, in bytes a second.
const SLOWEST: u64 = 64 * 1024;

/// A body that is being received, with a time limit. While one in chunks is held, the server closes the connection
/// after the answer, as it does for a body with a length; otherwise it would wait for the rest.
#[derive(Clone)]
pub(super) struct IncomingBody(Rc<RefCell<Body>>);

struct Body {
    payload: Payload,
    is_chunked: bool,
    ended: bool,
    late: Pin<Box<Sleep>>,
}

impl IncomingBody {
    /// Takes a body out of a request and passes it on from there.
    pub(super) fn of(request: &mut ServiceRequest) -> Option<Self> {
        let headers = request.headers();
        let is_chunked = headers.contains_key(header::TRANSFER_ENCODING);
        let length =
            headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
        if !is_chunked && length.is_none_or(|length: u64| length == 0) {
            return None;
        }
        let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        let is_file = kind.is_some_and(|kind| kind.starts_with(b"multipart/"));
        let timeout = request.app_data::<web::Data<BodyTimeout>>();
        let BodyTimeout { mut time, largest_file } =
            timeout.map_or_else(BodyTimeout::default, |it| ***it);
        if is_file {
            let bytes = length.map_or(largest_file, |length| length.min(largest_file));
            time += Duration::from_secs(bytes / SLOWEST);
        }
        let (payload, late) = (request.take_payload(), Box::pin(sleep(time)));
        let body = Self(Rc::new(RefCell::new(Body { payload, is_chunked, ended: false, late })));
        request.set_payload(Payload::Stream { payload: Box::pin(body.clone()) });
        Some(body)
    }

    /// Stays with the answer until that is sent, where the body was not read to its end.
    pub(super) fn stay(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        if self.0.borrow().ended || !self.0.borrow().is_chunked {
            return response;
        }
        response.map_body(|_, answer| BoxBody::new(Staying { answer, _unread: self }))
    }
}

/// A response with the unread part of its request.
struct Staying {
    answer: BoxBody,
    _unread: IncomingBody,
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

impl Stream for IncomingBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.0.borrow_mut();
        let next = body.payload.poll_next_unpin(cx);
        body.ended = matches!(next, Poll::Ready(None));
        if next.is_pending() && body.late.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(PayloadError::Io(ErrorKind::TimedOut.into()))));
        }
        next
    }
}

/// Whether a body exceeded its time limit.
pub(in crate::api) fn is_late(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(error) if error.kind() == ErrorKind::TimedOut)
}
