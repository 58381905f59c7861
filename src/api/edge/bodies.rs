//! Bodies as they go out: without themselves, or a slice at a time.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    dev::ServiceResponse,
    web,
};

/// An answer to HEAD: all that GET would say, without the body.
pub(super) fn without_body(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    response.map_body(|_, body| BoxBody::new(Bodiless(body.size())))
}

/// The size of a body, without the body.
struct Bodiless(BodySize);

impl MessageBody for Bodiless {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

/// A body in memory as slices, so that a slow reader holds no copy of it all.
pub(super) fn in_slices(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) if bytes.len() > SLICE => BoxBody::new(Slices(bytes)),
        Ok(bytes) => BoxBody::new(bytes),
        Err(body) => body,
    })
}

/// A body in memory as slices, and what is held until it is sent.
pub(in crate::api) fn holding(response: HttpResponse, held: impl Unpin + 'static) -> HttpResponse {
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => BoxBody::new(Holding { slices: Slices(bytes), _held: held }),
        Err(body) => body,
    })
}

struct Holding<H> {
    slices: Slices,
    _held: H,
}

impl<H: Unpin> MessageBody for Holding<H> {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.slices.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        Pin::new(&mut self.slices).poll_next(cx)
    }
}

/// How much of a body is given at a time.
const SLICE: usize = 32 * 1024;

/// Bytes that are shared with others and go out a slice at a time.
struct Slices(web::Bytes);

impl MessageBody for Slices {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(u64::try_from(self.0.len()).unwrap_or(u64::MAX))
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        let most = self.0.len().min(SLICE);
        Poll::Ready((most > 0).then(|| Ok(self.0.split_to(most))))
    }
}
