//! The change feed as server-sent events, resumed at the reader's position.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodySize, MessageBody},
    get,
    http::header::{self, HeaderName},
    rt,
    web::Bytes,
};
use serde::Deserialize;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use utoipa::IntoParams;

use super::event;
use crate::{
    api::{
        AppData,
        extract::{min_position, query::ValidQuery},
        middleware::long_poll::{MOST_POLLS, ReaderKind},
        problem::{HttpError, Problem, ReadProblems, sentences},
    },
    register::PublicChange,
};

/// How often a silent stream shows that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How many events may wait for a slow reader; the rest stays in the register.
const BUFFER: usize = 64;
/// Reconnection delay of a reader, in milliseconds.
const RETRY: &str = "retry: 3000\n\n";

/// Where the stream begins.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// The position that the reader has; 0 for everything. `Last-Event-ID` wins over it.
    #[param(minimum = 0, default = 0)]
    after: Option<u32>,
}

/// Follow the change feed.
///
/// Server-sent events: `id` is the position, `event` the type, `data` the change in the form of
/// `CloudEvents` 1.0. A reader that was cut off sends `Last-Event-ID` and misses nothing.
#[utoipa::path(
    tag = "changes", operation_id = "changeStream", security(),
    params(
        StreamQuery,
        ("Last-Event-ID" = Option<String>, Header, description = "The last position that was read"),
    ),
    responses((status = 200, description = "A stream of changes, without end.", content_type = "text/event-stream", body = String), ReadProblems),
)]
#[get("/changes/stream")]
pub(crate) async fn change_stream(
    request: HttpRequest,
    parameters: ValidQuery<StreamQuery>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let last = request.headers().get(HeaderName::from_static("last-event-id"));
    let after = match last {
        None => i64::from(parameters.0.after.unwrap_or(0)),
        Some(value) => {
            value.to_str().ok().and_then(|value| value.trim().parse().ok()).ok_or_else(|| {
                let detail = sentences::invalid_parameter_event_id();
                Problem::parameter(HttpError::InvalidParameter, "Last-Event-ID", detail)
            })?
        }
    };
    let slot = min_position::slot(&request, ReaderKind::Stream)?;
    let waits = min_position::preferred(request.headers()).map(|seconds| (&slot, seconds));
    min_position::reached(&state.register, after, waits).await?;
    let (sender, receiver) = channel(BUFFER);
    rt::spawn(async move {
        tokio::select! {
            () = follow(state, after, sender) => {}
            () = slot.revoked() => {}
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((HeaderName::from_static("x-accel-buffering"), "no"))
        .content_type("text/event-stream")
        .body(Stream { events: receiver, polls: 0 }))
}

/// Sends every change after a position until the reader disconnects or the registry stops.
async fn follow(state: AppData, mut after: i64, reader: Sender<Bytes>) {
    let mut watch = state.register.watch();
    if reader.send(Bytes::from_static(RETRY.as_bytes())).await.is_err() {
        return;
    }
    loop {
        let snapshot = state.register.snapshot();
        for change in snapshot.changes_after(after).take(BUFFER) {
            if reader.send(message(change, &state.public_url)).await.is_err() {
                return;
            }
            after = change.position;
        }
        if after < snapshot.position() {
            continue;
        }
        tokio::select! {
            moved = watch.wait_for(|reached| reached.stopping || reached.position > after) => {
                if moved.map_or(true, |reached| reached.stopping) {
                    return;
                }
            }
            () = tokio::time::sleep(HEARTBEAT) => {
                if reader.send(Bytes::from_static(b": still here\n\n")).await.is_err() {
                    return;
                }
            }
            () = reader.closed() => return,
        }
    }
}

fn message(change: &PublicChange, public_url: &str) -> Bytes {
    let event = event(change, public_url);
    // JSON has no line breaks outside of strings, and escapes those inside.
    let data = serde_json::to_string(&event).unwrap_or_default();
    Bytes::from(format!("id: {}\nevent: {}\ndata: {data}\n\n", change.position, event.kind))
}

/// Items of the channel go to the reader.
struct Stream {
    events: Receiver<Bytes>,
    /// How often nothing was there since the last event.
    polls: u32,
}

impl MessageBody for Stream {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let next = self.events.poll_recv(context);
        self.polls = if next.is_ready() { 0 } else { self.polls + 1 };
        if self.polls > MOST_POLLS {
            return Poll::Ready(None);
        }
        next.map(|bytes| bytes.map(Ok))
    }
}
