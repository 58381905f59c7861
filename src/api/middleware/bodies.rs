//! Response bodies: omitted for HEAD, and sent in slices.

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

/// A response to HEAD: the headers of GET without the body.
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
        Ok(bytes) if bytes.len() > SLICE => BoxBody::new(Slices::of(bytes)),
        Ok(bytes) => BoxBody::new(bytes),
        Err(body) => body,
    })
}

/// Sends a body in memory in slices, and drops `held` when it is sent.
pub(in crate::api) fn holding(response: HttpResponse, held: impl Unpin + 'static) -> HttpResponse {
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => BoxBody::new(Holding { slices: Slices::of(bytes), _held: held }),
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

/// Size of a slice of a body.
const SLICE: usize = 32 * 1024;

/// How many slices one reader gets before others on its thread have their turn, however fast it takes them.
const IN_A_ROW: u8 = 4;

/// Bytes that are shared with others and go out a slice at a time.
struct Slices {
    bytes: web::Bytes,
    in_a_row: u8,
}

impl Slices {
    const fn of(bytes: web::Bytes) -> Self {
        Self { bytes, in_a_row: 0 }
    }
}

impl MessageBody for Slices {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(u64::try_from(self.bytes.len()).unwrap_or(u64::MAX))
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        if self.in_a_row == IN_A_ROW {
            self.in_a_row = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.in_a_row += 1;
        let most = self.bytes.len().min(SLICE);
        Poll::Ready((most > 0).then(|| Ok(self.bytes.split_to(most))))
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn a_long_body_lets_others_have_their_turn() {
        let mut body = Slices::of(vec![7; SLICE * 9 + 1].into());
        let mut context = Context::from_waker(Waker::noop());
        let mut turns = vec![0];
        loop {
            match Pin::new(&mut body).poll_next(&mut context) {
                Poll::Pending => turns.push(0),
                Poll::Ready(Some(Ok(slice))) => *turns.last_mut().unwrap() += slice.len(),
                Poll::Ready(None) => break,
            }
        }
        assert_eq!(turns, [SLICE * 4, SLICE * 4, SLICE + 1]);
    }
}
