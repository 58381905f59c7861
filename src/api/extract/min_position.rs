//! Waiting for a position: a reader that has seen a position elsewhere, or wants the next change.
//!
//! `Prefer: wait=25` (RFC 7240 section 4.3) requests a wait; `Min-Position: 18234` requires this instance to be
//! at least at that position. Otherwise the answer is 409 with its own position.

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    web,
};

use crate::{
    api::{
        middleware::{
            long_poll::{LONGEST, LongPollSlot, LongPollSlots, ReaderKind, Waited},
            origin::origin,
        },
        problem::{HttpError, Problem, sentences},
    },
    domain::values::time::Instant,
    network::ReaderNetworks,
    register::Register,
};

/// Position of the answering instance in the change feed.
pub const FEED_POSITION: HeaderName = HeaderName::from_static("feed-position");
/// How far the reader wants it to be.
pub const MIN_POSITION: HeaderName = HeaderName::from_static("min-position");
/// Time of the data if the instance cannot read the journal; omitted otherwise.
pub const AS_OF: HeaderName = HeaderName::from_static("register-as-of");
/// The applied preference.
pub const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// How many seconds the reader is ready to wait; asking for more than the longest wait gives that.
#[must_use]
pub fn preferred(headers: &HeaderMap) -> Option<u64> {
    let values = headers.get_all(header::HeaderName::from_static("prefer"));
    let mut preferences =
        values.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split([',', ';']));
    let seconds = preferences.find_map(|input| {
        let (name, value) = input.trim().split_once('=')?;
        name.eq_ignore_ascii_case("wait").then(|| value.trim().parse::<u64>().ok()).flatten()
    });
    seconds.map(|seconds| seconds.min(LONGEST))
}

/// The position required by the reader; 0 if none.
///
/// # Errors
/// `invalid-parameter`.
pub fn least(headers: &HeaderMap) -> Result<i64, Problem> {
    let Some(input) = headers.get(MIN_POSITION) else { return Ok(0) };
    input.to_str().ok().and_then(|input| input.trim().parse().ok()).ok_or_else(|| {
        let detail = sentences::invalid_parameter_feed_position();
        Problem::parameter(HttpError::InvalidParameter, "Min-Position", detail)
    })
}

/// Ensures that the register has reached the position, waiting in a slot for the preferred time.
///
/// # Errors
/// `position-ahead`; `overloaded`.
pub async fn at_least(
    register: &Register,
    request: &HttpRequest,
    position: i64,
) -> Result<(), Problem> {
    if position <= register.position() {
        return Ok(());
    }
    let seconds = preferred(request.headers()).filter(|seconds| *seconds > 0);
    let slot = seconds.map(|_| slot(request, ReaderKind::LongPoll)).transpose()?;
    reached(register, position, slot.as_ref().zip(seconds)).await
}

/// A slot for a reader that waits.
///
/// # Errors
/// `overloaded`.
pub fn slot(request: &HttpRequest, kind: ReaderKind) -> Result<LongPollSlot, Problem> {
    if kind == ReaderKind::LongPoll {
        request.extensions_mut().insert(Waited);
    }
    let slots = request.app_data::<web::Data<LongPollSlots>>();
    let slots = slots.ok_or_else(|| Problem::internal(&"the application has no slots"))?;
    slots.acquire(ReaderNetworks::of(origin(request)), kind)
}

/// Ensures that the register has reached the position, waiting so many seconds if a slot is free.
///
/// # Errors
/// `position-ahead`.
pub async fn reached(
    register: &Register,
    position: i64,
    waits: Option<(&LongPollSlot, u64)>,
) -> Result<(), Problem> {
    if position <= register.position() {
        return Ok(());
    }
    if let Some((slot, seconds)) = waits
        && slot.wait_for(register, position, seconds).await
    {
        return Ok(());
    }
    let here = register.position();
    let detail = sentences::position_ahead(here);
    Err(Problem::edge(HttpError::PositionAhead, detail)
        .with_header(header::RETRY_AFTER, "1")
        .with_header(FEED_POSITION, &here.to_string()))
}

/// Marks an answer with its age if this instance cannot read changes of others.
pub fn mark_age(headers: &mut HeaderMap, register: &Register, now: Instant) {
    let Some(as_of) = register.as_of(now) else { return };
    let text = as_of.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(AS_OF, value);
    }
}
