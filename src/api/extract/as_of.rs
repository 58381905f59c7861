//! Times of a public read: `validAt` (valid time) and `knownAt` (known time).

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{
    IntoParams,
    openapi::{Object, ObjectBuilder, Type},
};

use super::query::ValidQuery;
use crate::{
    api::problem::{HttpError, Problem, sentences},
    domain::values::time::{Instant, parse_day, start_of_day},
    register::{AsOfView, Snapshot},
};

/// The pattern of a day or an instant.
pub(in crate::api) const DAY_OR_INSTANT: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?$";

crate::json::parameter_schema!(DayOrInstant, day_or_instant);

/// The schema of a day or an instant.
fn day_or_instant() -> Object {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(DAY_OR_INSTANT)).build()
}

/// Query of every public read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AsOfQuery {
    /// Valid time: an instant such as `2026-03-12T11:00:00Z`, or a day, which means its first instant in
    /// Norway. Default: now.
    #[param(inline, value_type = DayOrInstant, required = false)]
    valid_at: Option<String>,
    /// Known time, in the same forms. Default: all present knowledge.
    #[param(inline, value_type = DayOrInstant, required = false)]
    known_at: Option<String>,
}

/// The requested instants.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsOf {
    valid_at: Option<Instant>,
    known_at: Option<Instant>,
}

impl AsOf {
    /// Whether the present is requested.
    #[must_use]
    pub const fn are_now(&self) -> bool {
        self.valid_at.is_none() && self.known_at.is_none()
    }

    /// The requested view of the register.
    ///
    /// # Errors
    /// `impossible-time` where the registry is asked what it will know.
    pub fn view(self, snapshot: &Snapshot, now: Instant) -> Result<AsOfView<'_>, Problem> {
        if self.known_at.is_some_and(|at| at > now) {
            let detail = sentences::impossible_time_future();
            return Err(Problem::parameter(HttpError::ImpossibleTime, "knownAt", detail));
        }
        Ok(AsOfView::of(snapshot, self.valid_at, self.known_at, now))
    }
}

impl FromRequest for AsOf {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

fn read(request: &HttpRequest) -> Result<AsOf, Problem> {
    let query = request.query_string();
    if !query.contains("At=") {
        return Ok(AsOf::default());
    }
    let ValidQuery(query) = ValidQuery::<AsOfQuery>::of(query)?;
    Ok(AsOf {
        valid_at: query.valid_at.as_deref().and_then(instant),
        known_at: query.known_at.as_deref().and_then(instant),
    })
}

/// A day, which means its first instant in Norway, or an instant.
pub(in crate::api) fn instant(value: &str) -> Option<Instant> {
    let day = parse_day(value).ok().map(start_of_day);
    day.or_else(|| DateTime::parse_from_rfc3339(value).ok().map(|at| at.with_timezone(&Utc)))
}
