//! The answer to a lookup, piece by piece.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};
use serde::Serialize;

use crate::{
    api::{
        AppState, extract::as_of::AsOf, problem::Problem, resources::approval::search::write_full,
    },
    domain::values::{numbers::OrganisationNumber, time::Instant},
    register::{AsOfView, Snapshot},
};

/// About how many bytes a piece has.
const PIECE: usize = 32 * 1024;

/// The index of the number, and of its approval, at which the next piece begins.
type Next = Option<(usize, usize)>;

/// A request, with the register at its time.
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) times: AsOf,
    pub(super) now: Instant,
    pub(super) numbers: Vec<OrganisationNumber>,
    pub(super) unanswered: Vec<OrganisationNumber>,
}

/// The members before the approvals of a number.
#[serde_with::skip_serializing_none]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemHead<'a> {
    organisation_number: &'a str,
    name: Option<&'a str>,
    choosable: bool,
}

impl Lookup {
    /// Makes a piece, and gives the start of the next one.
    pub(super) fn piece(&self, from: Next) -> Result<(Vec<u8>, Next), Problem> {
        let as_of = self.times.view(&self.snapshot, self.now)?;
        self.write(as_of, from).map_err(|error| Problem::internal(&error))
    }

    fn write(&self, as_of: AsOfView<'_>, from: Next) -> serde_json::Result<(Vec<u8>, Next)> {
        let mut json = Vec::with_capacity(PIECE * 2);
        let (first, mut written) = from.unwrap_or_default();
        if (first, written) == (0, 0) {
            json.extend_from_slice(b"{\"items\":[");
        }
        for (at, number) in self.numbers.iter().enumerate().skip(first) {
            let of_number = || as_of.approvals_of_provider(number.as_str());
            if written == 0 {
                let name = as_of.provider(number.as_str()).map(|it| it.name.as_str());
                let choosable = of_number().any(|seen| seen.status().is_choosable());
                let head = ItemHead { organisation_number: number.as_str(), name, choosable };
                json.extend_from_slice(if at > 0 { b"," } else { b"" });
                serde_json::to_writer(&mut json, &head)?;
                json.pop();
                json.extend_from_slice(b",\"approvals\":[");
            }
            for seen in of_number().skip(written) {
                json.extend_from_slice(if written > 0 { b"," } else { b"" });
                write_full(&seen, &mut json, &mut vec![])?;
                written += 1;
                if json.len() >= PIECE {
                    return Ok((json, Some((at, written))));
                }
            }
            json.extend_from_slice(b"]}");
            written = 0;
        }
        json.extend_from_slice(b"],\"unanswered\":");
        let unanswered: Vec<_> = self.unanswered.iter().map(OrganisationNumber::as_str).collect();
        serde_json::to_writer(&mut json, &unanswered)?;
        json.push(b'}');
        Ok((json, None))
    }
}

type PieceFuture = Pin<Box<dyn Future<Output = Result<(Vec<u8>, Next), Problem>>>>;

/// A body that makes its next piece when the one before is taken.
pub(super) struct Pieces {
    state: Arc<AppState>,
    lookup: Arc<Lookup>,
    ready: Option<Bytes>,
    next: Next,
    making: Option<PieceFuture>,
}

impl Pieces {
    /// The pieces after the first.
    pub(super) fn after(
        state: Arc<AppState>,
        lookup: Arc<Lookup>,
        first: Vec<u8>,
        next: Next,
    ) -> Self {
        Self { state, lookup, ready: Some(first.into()), next, making: None }
    }

    fn make(&self) -> PieceFuture {
        let (state, lookup, next) = (Arc::clone(&self.state), Arc::clone(&self.lookup), self.next);
        Box::pin(async move { state.heavy_reads.run_part(move || lookup.piece(next)).await })
    }
}

impl MessageBody for Pieces {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, io::Error>>> {
        if let Some(first) = self.ready.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if self.next.is_none() {
            return Poll::Ready(None);
        }
        let mut making = self.making.take().unwrap_or_else(|| self.make());
        let Poll::Ready(made) = making.as_mut().poll(cx) else {
            self.making = Some(making);
            return Poll::Pending;
        };
        Poll::Ready(Some(match made {
            Ok((bytes, next)) => {
                self.next = next;
                Ok(bytes.into())
            }
            Err(problem) => Err(io::Error::other(problem.to_string())),
        }))
    }
}
