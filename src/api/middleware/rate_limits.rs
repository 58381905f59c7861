//! Rate limits: requests of a client per minute, reported in the fields of
//! draft-ietf-httpapi-ratelimit-headers.
//!
//! One instant is stored for each client and class: the time at which its quota is full again (the generic cell
//! rate algorithm). Cached pages are not counted: counting would cost as much as sending them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use actix_web::{
    HttpMessage, HttpRequest,
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    web,
};

use super::origin::origin;
use crate::{
    api::{
        auth::Client,
        problem::{HttpError, Problem, sentences},
    },
    domain::values::time::Instant,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The window of every quota, in seconds.
const WINDOW: i64 = 60;
const WINDOW_MICROS: i64 = WINDOW * 1_000_000;
/// Number of tracked clients. Newer ones share one quota until there is space.
const MOST_CLIENTS: usize = 100_000;

/// Requests that cost about the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Every request of an address, charged first.
    All,
    /// Reading.
    Reads,
    /// Reading that costs more: searches, statistics, files, streams.
    Searches,
    /// Commands.
    Writes,
}

impl Class {
    const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Reads => "reads",
            Self::Searches => "searches",
            Self::Writes => "writes",
        }
    }

    /// The class of a request by its route; none for those of the operator. A POST without a token is a
    /// question in a body.
    #[must_use]
    pub fn of(method: &Method, pattern: Option<&str>, open: bool) -> Option<Self> {
        match pattern {
            _ if method == Method::OPTIONS => None,
            Some("/livez" | "/readyz" | "/metrics" | "/openapi.json" | "/problems") => None,
            Some("/v1/approvals" | "/v1/statistics" | "/v1/decisions" | "/v1/changes/stream") => {
                Some(Self::Searches)
            }
            Some(path) if path.starts_with("/v1/snapshots/") => Some(Self::Searches),
            _ if method.is_safe() => Some(Self::Reads),
            _ if open => Some(Self::Searches),
            _ => Some(Self::Writes),
        }
    }
}

/// Requests a minute for each client, 0 for no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// Of [`Class::All`], for each address.
    pub all: u32,
    /// Of [`Class::Reads`].
    pub reads: u32,
    /// Of [`Class::Searches`].
    pub searches: u32,
    /// Of [`Class::Writes`].
    pub writes: u32,
}

/// A client in a class: a token holder or an address, as 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key(Class, Who, u128);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Holder,
    Address,
    /// All clients without a tracked entry.
    Others,
}

/// The used quota of clients.
#[derive(Debug, Default)]
pub struct RateLimits {
    rates: Rates,
    /// When the quota of a client is whole again, in microseconds of the epoch.
    whole_at: Mutex<HashMap<Key, i64>>,
}

/// The remaining quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    class: Class,
    /// How many requests a minute.
    rate: u32,
    left: i64,
    /// Seconds until the quota is full again, or, if empty, until it has a unit.
    resets: i64,
}

impl Quota {
    /// Adds the headers.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let [policy, limit] = self.fields();
        for (name, value) in [(POLICY, policy), (LIMIT, limit)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }

    fn fields(&self) -> [String; 2] {
        let Self { class, rate, left, resets } = self;
        let name = class.name();
        [format!("\"{name}\";q={rate};w={WINDOW}"), format!("\"{name}\";r={left};t={resets}")]
    }

    /// The answer to a request over the quota.
    #[must_use]
    pub fn refused(&self) -> Problem {
        let Self { rate, resets, .. } = self;
        let [policy, limit] = self.fields();
        let detail = sentences::rate_limited(*rate, *resets);
        Problem::edge(HttpError::RateLimited, detail)
            .with_header(header::RETRY_AFTER, &resets.to_string())
            .with_header(POLICY, &policy)
            .with_header(LIMIT, &limit)
            .with_limit(self.class.name())
    }
}

impl RateLimits {
    /// Limits with these rates.
    #[must_use]
    pub fn new(rates: Rates) -> Self {
        Self { rates, whole_at: Mutex::default() }
    }

    /// Takes units of a client's quota: the remainder, or the waiting time. `None` without a limit. A request
    /// that costs more than the whole quota costs all of it.
    fn take(&self, key: Key, units: u32, now: Instant) -> Result<Option<Quota>, Quota> {
        self.count(key, units, now, true)
    }

    /// The same without taking it.
    fn peek(&self, key: Key, units: u32, now: Instant) -> Result<Option<Quota>, Quota> {
        self.count(key, units, now, false)
    }

    fn count(
        &self,
        key: Key,
        units: u32,
        now: Instant,
        takes: bool,
    ) -> Result<Option<Quota>, Quota> {
        let Key(class, ..) = key;
        let rate = self.rate(class);
        let one = match WINDOW_MICROS.checked_div(i64::from(rate)) {
            None => return Ok(None),
            Some(one) => one.max(1),
        };
        let cost = one * i64::from(units.min(rate));
        let now = now.timestamp_micros();
        let mut whole_at = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = whole_at.len() < MOST_CLIENTS || whole_at.contains_key(&key);
        let entry = whole_at.entry(if has_room { key } else { Key(class, Who::Others, 0) });
        let entry = entry.or_insert(now);
        // A clock that was set back must not block a client for longer than the window.
        let used = (*entry).clamp(now, now + WINDOW_MICROS) - now + cost;
        let seconds =
            |micros: i64| micros.div_euclid(1_000_000) + i64::from(micros % 1_000_000 > 0);
        if used > WINDOW_MICROS {
            let resets = seconds(used - WINDOW_MICROS);
            return Err(Quota { class, rate, left: 0, resets });
        }
        if takes {
            *entry = now + used;
        }
        let left = (WINDOW_MICROS - used) / one;
        Ok(Some(Quota { class, rate, left, resets: seconds(used) }))
    }

    const fn rate(&self, class: Class) -> u32 {
        match class {
            Class::All => self.rates.all,
            Class::Reads => self.rates.reads,
            Class::Searches => self.rates.searches,
            Class::Writes => self.rates.writes,
        }
    }

    /// Forgets clients whose quota is full again.
    pub fn forget(&self, now: Instant) {
        let now = now.timestamp_micros();
        let mut whole_at = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        whole_at.retain(|_, at| *at > now);
        let most = whole_at.len().saturating_mul(2);
        whole_at.shrink_to(most);
    }

    /// How many clients are remembered.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.whole_at.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// Charges the address of a request with units of a class: one for a request, more for heavier ones.
///
/// # Errors
/// `rate-limited`.
pub fn charge(
    request: &HttpRequest,
    now: Instant,
    class: Class,
    units: u32,
) -> Result<(), Problem> {
    let Some(limits) = limits(request) else { return Ok(()) };
    let quota = limits.take(Key(class, Who::Address, origin(request)), units, now);
    taken(request, quota).map_err(|quota| quota.refused())
}

/// Charges a request to the holder of the token, or to the address where the token is not valid. A route that
/// is not limited costs nothing.
pub(in crate::api) fn charge_holder(
    request: &HttpRequest,
    now: Instant,
    holder: Option<Client>,
) -> Result<(), Quota> {
    let class = request.extensions().get::<Class>().copied();
    let Some((class, limits)) = class.zip(limits(request)) else { return Ok(()) };
    let address = || Key(class, Who::Address, origin(request));
    let key = holder.map_or_else(address, |holder| Key(class, Who::Holder, holder.bits()));
    taken(request, limits.take(key, 1, now))
}

/// Checks that the holder of the token has quota left for a request; nothing is taken.
pub(in crate::api) fn holder_has_left(
    request: &HttpRequest,
    now: Instant,
    holder: Client,
) -> Result<(), Quota> {
    let class = request.extensions().get::<Class>().copied();
    let Some((class, limits)) = class.zip(limits(request)) else { return Ok(()) };
    limits.peek(Key(class, Who::Holder, holder.bits()), 1, now).map(drop)
}

fn limits(request: &HttpRequest) -> Option<&RateLimits> {
    request.app_data::<web::Data<RateLimits>>().map(|limits| &***limits)
}

/// Stores the remainder for the response headers.
fn taken(request: &HttpRequest, share: Result<Option<Quota>, Quota>) -> Result<(), Quota> {
    if let Some(share) = share?
        && share.class != Class::All
    {
        request.extensions_mut().insert(share);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn limits(reads: u32) -> RateLimits {
        RateLimits::new(Rates { reads, ..Rates::default() })
    }

    fn at(seconds: i64) -> Instant {
        "2026-03-12T09:00:00Z".parse::<Instant>().unwrap() + TimeDelta::seconds(seconds)
    }

    fn one(limits: &RateLimits, who: u128, seconds: i64) -> Result<Option<Quota>, Quota> {
        limits.take(Key(Class::Reads, Who::Address, who), 1, at(seconds))
    }

    #[test]
    fn a_quota_is_spent_and_comes_back_with_time() {
        let limits = limits(3);
        for left in [2, 1, 0] {
            assert_eq!(one(&limits, 1, 0).unwrap().unwrap().left, left);
        }
        let none = one(&limits, 1, 0).unwrap_err();
        assert_eq!((none.left, none.resets), (0, 20));
        // Asking in vain costs nothing, and others have their own.
        assert_eq!(one(&limits, 1, 0).unwrap_err().resets, 20);
        assert!(one(&limits, 2, 0).is_ok());
        assert_eq!(one(&limits, 1, 19).unwrap_err().resets, 1);
        assert_eq!(one(&limits, 1, 20).unwrap().unwrap().left, 0);
        assert_eq!(one(&limits, 1, 200).unwrap().unwrap().left, 2);
    }

    #[test]
    fn what_costs_more_takes_more_and_never_more_than_the_whole_quota() {
        let limits = limits(10);
        let take = |units, seconds| {
            let key = Key(Class::Reads, Who::Address, 1);
            limits.take(key, units, at(seconds)).map(|share| share.unwrap().left)
        };
        assert_eq!(take(7, 0), Ok(3));
        assert_eq!(take(4, 0).map_err(|share| share.resets), Err(6));
        // To peek takes nothing.
        let key = Key(Class::Reads, Who::Address, 1);
        for _ in 0..2 {
            assert_eq!(limits.peek(key, 3, at(0)).unwrap().unwrap().left, 0);
            assert!(limits.peek(key, 4, at(0)).is_err());
        }
        assert_eq!(take(3, 0), Ok(0));
        assert_eq!(take(1_000, 60), Ok(0));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let limits = limits(3);
        for _ in 0..3 {
            one(&limits, 1, 0).unwrap();
        }
        let none = one(&limits, 1, -3600).unwrap_err();
        assert!(none.resets <= 20, "{none:?}");
    }

    #[test]
    fn what_is_remembered_of_clients_is_bounded_and_forgotten() {
        let limits = limits(2);
        for who in 0..u128::try_from(MOST_CLIENTS + 5).unwrap() {
            let _ = one(&limits, who, 0);
        }
        assert!(limits.clients() <= MOST_CLIENTS + 3);
        // New clients share the remainder of one quota; known ones have their own.
        assert!(one(&limits, u128::MAX, 0).is_err());
        assert!(one(&limits, 7, 0).is_ok());
        limits.forget(at(61));
        assert_eq!(limits.clients(), 0);
    }

    #[test]
    fn without_a_rate_nothing_is_counted() {
        let limits = limits(0);
        assert_eq!(one(&limits, 1, 0), Ok(None));
        assert_eq!(limits.clients(), 0);
    }
}
