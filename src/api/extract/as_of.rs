//! Times of a public read: `validAt` (valid time) and `knownAt` (known time).

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::query::ValidQuery;
use crate::{
    api::problem::{HttpError, Problem, sentences},
    domain::values::time::{Instant, parse_day, start_of_day},
    register::{AsOfView, Snapshot},
};

/// Query of every public read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AsOfQuery {
    /// Valid time: an instant such as `2026-03-12T11:00:00Z`, or a day, which means its first instant in
    /// Norway. Default: now.
    valid_at: Option<String>,
    /// Known time, in the same forms. Default: all present knowledge.
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
        valid_at: instant("validAt", query.valid_at.as_deref())?,
        known_at: instant("knownAt", query.known_at.as_deref())?,
    })
}

/// A day, which means its first instant in Norway, or an instant.
pub(in crate::api) fn instant(
    parameter: &str,
    value: Option<&str>,
) -> Result<Option<Instant>, Problem> {
    let Some(value) = value else { return Ok(None) };
    let day = parse_day(value).ok().map(start_of_day);
    let at =
        day.or_else(|| DateTime::parse_from_rfc3339(value).ok().map(|at| at.with_timezone(&Utc)));
    at.map(Some).ok_or_else(|| {
        let detail = sentences::impossible_time_form();
        Problem::parameter(HttpError::ImpossibleTime, parameter, detail)
    })
}
