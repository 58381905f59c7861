//! Content negotiation: by `Accept` (RFC 9110 section 12.5.1), or by the suffix of the path.
//!
//! `GET /v1/approvals.csv` is `GET /v1/approvals` with `Accept: text/csv`, for clients that cannot set headers,
//! such as Excel. The document lists the media types of each route.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::{Payload, ServiceRequest},
    http::{
        Method, Uri,
        header::{self, Accept, Header, HeaderValue, Quality},
    },
    mime::{self, Mime},
};
use serde::Serialize;

use super::{
    page::Page,
    preconditions::{CODING, FORM_AND_CODING, JSON as JSON_TYPE, public_form},
};
use crate::{
    api::{openapi::operations::Negotiable, problem::Problem, view::WithActions},
    domain::values::ids::Revision,
    json::{
        ActionForm, PageInfo,
        table::{self, Tabular},
    },
    register::body::{Body, Coding},
};

const JSON: &str = "application/json";
const CSV: &str = "text/csv";
const HTML: &str = "text/html";
/// The request headers that determine an answer with actions.
const CALLER_AND_CODING: HeaderValue =
    HeaderValue::from_static("Authorization, Accept-Language, Accept-Encoding");
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");
const TABLE: HeaderValue = HeaderValue::from_static(table::CSV);
/// Suffixes of a path, with their media types.
pub(in crate::api) const SUFFIXES: [(&str, &str); 3] =
    [(".csv", CSV), (".html", HTML), (".json", JSON)];

/// The forms of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Representation {
    /// JSON: the default, also for unavailable types.
    Json,
    /// A table.
    Csv,
}

impl FromRequest for Representation {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::best(&accept(request))))
    }
}

impl Representation {
    /// CSV where it is liked better than JSON.
    fn best(accept: &Accept) -> Self {
        let json = quality(accept, &mime::APPLICATION_JSON);
        if quality(accept, &mime::TEXT_CSV) > json { Self::Csv } else { Self::Json }
    }
}

/// The media types that a request takes; none where the header cannot be read.
pub fn accept(request: &HttpRequest) -> Accept {
    Accept::parse(request).unwrap_or_else(|_| Accept(vec![]))
}

/// How much a media type is liked: by the most specific range that covers it.
#[must_use]
pub fn quality(accept: &Accept, media_type: &Mime) -> Quality {
    let specific = |range: &Mime| match (range.type_(), range.subtype()) {
        _ if range.essence_str() == media_type.essence_str() => Some(2),
        (family, mime::STAR) if family == media_type.type_() => Some(1),
        (mime::STAR, mime::STAR) => Some(0),
        _ => None,
    };
    let ranges = accept.iter().filter_map(|it| Some((specific(&it.item)?, it.quality)));
    ranges.max_by_key(|(specific, _)| *specific).map_or(Quality::ZERO, |(_, quality)| quality)
}

/// A path with a suffix whose route offers the type of the suffix.
#[derive(Debug)]
pub struct Suffixed<'a> {
    /// The path without the suffix.
    bare: &'a str,
    wanted: &'static str,
    /// That of the route.
    pattern: String,
}

impl<'a> Suffixed<'a> {
    /// The parts of the path of a request; none where it is no such path.
    pub fn of(request: &'a HttpRequest, offered: &Negotiable) -> Option<Self> {
        let path = request.path();
        let mut suffixes = SUFFIXES.into_iter();
        let (bare, wanted) =
            suffixes.find_map(|(suffix, wanted)| Some((path.strip_suffix(suffix)?, wanted)))?;
        // A route that has the suffix itself, such as a file, is meant as it is.
        let own = request.match_pattern();
        if own.is_some_and(|pattern| !pattern.ends_with('}')) {
            return None;
        }
        let pattern = request.resource_map().match_pattern(bare)?;
        offered.has(&pattern, wanted).then_some(Self { bare, wanted, pattern })
    }
}

/// Removes the suffix of a path whose route offers the type, sets `Accept` accordingly, and returns the route's
/// pattern. The request's own path stays, so links in the answer keep the suffix.
pub fn suffixed(request: &mut ServiceRequest, offered: &Negotiable) -> Option<String> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let Suffixed { bare, wanted, pattern } = Suffixed::of(request.request(), offered)?;
    let bare: Uri = bare.parse().ok()?;
    request.match_info_mut().get_mut().update(&bare);
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static(wanted));
    Some(pattern)
}

/// An answer that everyone may see, ready to be sent.
#[derive(Debug)]
pub struct PublicAnswer {
    body: Body,
    media_type: HeaderValue,
    /// The parts of the request that determine the bytes.
    vary: HeaderValue,
    /// Its position in the list.
    page: Option<PageInfo>,
    /// Whether it depends on the caller, so that no cache may store it.
    is_private: bool,
}

impl PublicAnswer {
    /// A single resource, available as JSON only.
    pub fn one<T: Serialize>(view: &T, revision: Option<Revision>) -> Result<Self, Problem> {
        let json = serde_json::to_vec(view).map_err(|error| Problem::internal(&error))?;
        let body = Body::once(json, revision.map(|it| it.0));
        Ok(Self { body, media_type: JSON_TYPE, vary: CODING, page: None, is_private: false })
    }

    /// The same with the caller's actions, if any; then no cache may store it.
    pub fn with_actions<T: Serialize>(
        view: &T,
        revision: Option<Revision>,
        actions: Option<Vec<ActionForm>>,
    ) -> Result<Self, Problem> {
        let Some(actions) = actions else { return Self::one(view, revision) };
        let answer = Self::one(&WithActions::new(view, actions), revision)?;
        Ok(Self { vary: CALLER_AND_CODING, is_private: true, ..answer })
    }

    /// A page of a list as JSON, or its rows as CSV.
    pub fn list<T: Serialize, R: Tabular>(
        form: Representation,
        page: &Page<T>,
        rows: impl IntoIterator<Item = R>,
    ) -> Result<Self, Problem> {
        match form {
            Representation::Csv => Self::csv(rows, Some(page.page.clone())),
            Representation::Json => {
                let json = serde_json::to_vec(page).map_err(|error| Problem::internal(&error))?;
                Ok(Self::json(Body::once(json, None), Some(page.page.clone())))
            }
        }
    }

    /// A JSON value with another form beside it.
    #[must_use]
    pub const fn json(body: Body, page: Option<PageInfo>) -> Self {
        Self { body, media_type: JSON_TYPE, vary: FORM_AND_CODING, page, is_private: false }
    }

    /// Rows as CSV.
    pub fn csv<R: Tabular>(
        rows: impl IntoIterator<Item = R>,
        page: Option<PageInfo>,
    ) -> Result<Self, Problem> {
        let bytes = table::csv(rows).map_err(|error| Problem::internal(&error))?;
        let body = Body::once(bytes, None);
        Ok(Self { body, media_type: TABLE, vary: FORM_AND_CODING, page, is_private: false })
    }

    /// Compresses the body now, and not when the answer is sent.
    #[must_use]
    pub fn coded(self, coding: Coding) -> Self {
        let _ = self.body.coded(coding);
        self
    }

    /// The answer to a request.
    pub fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let mut answer =
            public_form(request.headers(), &self.body, self.media_type.clone(), self.vary.clone());
        if self.is_private {
            answer.headers_mut().insert(header::CACHE_CONTROL, PRIVATE);
        }
        match &self.page {
            Some(page) => linked(answer, page),
            None => answer,
        }
    }
}

/// Shows a page of a list that only its parties see.
pub fn private<T: Serialize>(list: &T, page: &PageInfo) -> HttpResponse {
    linked(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(list), page)
}

/// Adds a link to the next page, for clients that do not parse the body (RFC 8288).
fn linked(mut answer: HttpResponse, page: &PageInfo) -> HttpResponse {
    let next = page.next.as_ref().map(|next| format!("<{next}>; rel=\"next\""));
    if let Some(Ok(link)) = next.map(|link| HeaderValue::from_str(&link)) {
        answer.headers_mut().insert(header::LINK, link);
    }
    answer
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn json_is_given_unless_csv_is_liked_better() {
        for (accept, form) in [
            ("", Representation::Json),
            ("*/*", Representation::Json),
            ("text/csv", Representation::Csv),
            ("TEXT/CSV; charset=utf-8", Representation::Csv),
            ("text/csv, application/json", Representation::Json),
            ("text/csv;q=0.9, application/json;q=0.8", Representation::Csv),
            ("text/csv;q=0.8, application/json;q=0.9", Representation::Json),
            ("text/*, application/json;q=0.5", Representation::Csv),
            ("text/*;q=0.4, */*;q=0.3", Representation::Csv),
            ("text/csv, */*;q=0.1", Representation::Csv),
            ("application/json;q=0, */*", Representation::Csv),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Representation::Json),
            ("text/csv;q=loud", Representation::Json),
            ("text/csv;q=0", Representation::Json),
            ("application/pdf", Representation::Json),
            ("text/csvx", Representation::Json),
        ] {
            let request = TestRequest::default().insert_header((header::ACCEPT, accept));
            let wanted = Representation::best(&super::accept(&request.to_http_request()));
            assert_eq!(wanted, form, "{accept}");
        }
    }
}
