//! Waiting: a reader that has seen a position elsewhere, or wants the next change, says how long.
//!
//! `Prefer: wait=25` (RFC 7240 section 4.3) asks to wait; `Min-Position: 18234` asks this instance
//! to be at least so far. Where it is not, the answer is 409 with the position that it has.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::problem::{Edge, Problem};
use crate::{domain::time::Instant, register::Register};

/// How far the change feed of the answering instance has come.
pub const FEED_POSITION: HeaderName = HeaderName::from_static("feed-position");
/// How far the reader wants it to be.
pub const MIN_POSITION: HeaderName = HeaderName::from_static("min-position");
/// Of when an answer is whose instance cannot see the journal; left out while all is well.
pub const AS_OF: HeaderName = HeaderName::from_static("register-as-of");
/// What was done of what the reader preferred.
pub const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// The longest wait, in seconds; asking for more gives this.
const LONGEST: u64 = 60;

/// How many seconds the reader is ready to wait, 60 at the most.
#[must_use]
pub fn preferred(headers: &HeaderMap) -> Option<u64> {
    let told = headers.get_all(header::HeaderName::from_static("prefer"));
    let mut preferences =
        told.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split([',', ';']));
    let seconds = preferences.find_map(|said| {
        let (name, value) = said.trim().split_once('=')?;
        name.eq_ignore_ascii_case("wait").then(|| value.trim().parse::<u64>().ok()).flatten()
    });
    seconds.map(|seconds| seconds.min(LONGEST))
}

/// Waits until the register has come so far; says whether it has.
pub async fn until(register: &Register, position: i64, seconds: u64) -> bool {
    let mut watch = register.watch();
    let moved = watch.wait_for(|reached| reached.stopping || reached.position >= position);
    let moved = tokio::time::timeout(Duration::from_secs(seconds), moved).await;
    moved.is_ok_and(|moved| moved.is_ok_and(|reached| reached.position >= position))
}

/// Makes sure that the register has come so far as the reader asks, waiting as long as it prefers.
///
/// # Errors
/// `position-ahead`, `invalid-parameter`.
pub async fn reached(register: &Register, headers: &HeaderMap) -> Result<(), Problem> {
    at_least(register, least(headers)?, preferred(headers)).await
}

/// How far the reader wants the answer to be; 0 where it does not say.
///
/// # Errors
/// `invalid-parameter`.
pub fn least(headers: &HeaderMap) -> Result<i64, Problem> {
    let Some(said) = headers.get(MIN_POSITION) else { return Ok(0) };
    said.to_str().ok().and_then(|said| said.trim().parse().ok()).ok_or_else(|| {
        let detail = "Send a position of the change feed, a whole number.";
        Problem::parameter(Edge::InvalidParameter, "Min-Position", detail)
    })
}

/// The same for a position that is known.
///
/// # Errors
/// `position-ahead`.
pub async fn at_least(
    register: &Register,
    position: i64,
    seconds: Option<u64>,
) -> Result<(), Problem> {
    if position <= register.position() || until(register, position, seconds.unwrap_or(0)).await {
        return Ok(());
    }
    let here = register.position();
    let detail = format!(
        "This instance has come to position {here}. Ask again shortly, wait with Prefer: wait=5, \
         or begin anew with after=0 if your position is from another registry."
    );
    Err(Problem::edge(Edge::PositionAhead, detail)
        .with_header(header::RETRY_AFTER, "1")
        .with_header(FEED_POSITION, &here.to_string()))
}

/// Marks an answer with its age where this instance cannot see what others have done.
pub fn mark_age(headers: &mut HeaderMap, register: &Register, now: Instant) {
    let Some(as_of) = register.as_of(now) else { return };
    let text = as_of.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(AS_OF, value);
    }
}
