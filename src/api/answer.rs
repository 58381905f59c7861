//! The answer to an accepted command, rendered within its transaction so that it can be stored with it.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderName},
    },
};
use serde::Serialize;

use super::problem::{HttpError, Problem};
use crate::{
    api::problem::sentences,
    domain::values::ids::Revision,
    store::{IdempotencyRecord, StoreError, StoredResponse},
};

/// Marks a replayed answer (`Idempotency-Replayed`).
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The rendered answer: 201 where there is a location, else 200.
pub(super) fn render<V: Serialize>(
    location: Option<String>,
    revision: Revision,
    view: &V,
) -> Result<StoredResponse, StoreError> {
    let status = if location.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    Ok(StoredResponse {
        status: status.as_u16().into(),
        location,
        etag: Some(format!("\"{}\"", revision.0)),
        media_type: "application/json".to_owned(),
        body: serde_json::to_string(view)
            .map_err(|error| StoreError::Database(error.to_string()))?,
    })
}

/// The answer of the first time under a known key, or a problem.
pub(super) fn replayed(record: IdempotencyRecord) -> Result<StoredResponse, Problem> {
    match record {
        IdempotencyRecord::Answered(answer) => Ok(answer),
        IdempotencyRecord::Used => Err(Problem::parameter(
            HttpError::IdempotencyKeyReused,
            "Idempotency-Key",
            sentences::idempotency_key_reused(),
        )),
    }
}

/// The HTTP response. It is private, so no cache stores it.
pub fn to_response(answer: StoredResponse, replayed: bool) -> HttpResponse {
    let status = u16::try_from(answer.status).ok().and_then(|it| StatusCode::from_u16(it).ok());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response.content_type(answer.media_type);
    if let Some(location) = answer.location {
        response.insert_header((header::LOCATION, location));
    }
    if let Some(etag) = answer.etag {
        response.insert_header((header::ETAG, etag));
    }
    if replayed {
        response.insert_header((REPLAYED, "true"));
    }
    response.body(answer.body)
}
