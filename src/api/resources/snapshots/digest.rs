//! The proof of a complete copy of the register: one digest for each position.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Files, PROOFS};
use crate::{
    api::{
        AppData, AppState,
        extract::{min_position, preconditions::public, query::ValidQuery},
        problem::{Problem, ReadProblems},
    },
    register::export::Proof,
};

/// Query of the digest.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DigestQuery {
    /// A position of the change feed; by default the present one.
    #[param(minimum = 0)]
    position: Option<i64>,
}

/// The existing records at a position, proven by one digest.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SnapshotDigest)]
pub struct DigestView {
    /// The position of the change feed.
    position: i64,
    /// How many municipalities, offerings, providers and approvals are public at it, ended ones too.
    count: usize,
    /// SHA-256, in hexadecimal digits, over a line `{subject} {position of its last change}` for each, by subject.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    digest: String,
}

/// Prove that a copy is complete.
///
/// A mirror that has applied the feed up to `position` has the same count and the same digest: SHA-256 over the line
/// `{subject} {position of its last change}` and a line feed for each public municipality, offering, provider and approval,
/// sorted by the subject's bytes.
#[utoipa::path(
    tag = "changes", operation_id = "snapshotDigest", security(),
    params(
        DigestQuery,
        ("Prefer" = Option<String>, Header, description = "`wait=5`: wait up to 5 seconds for a future \
         position, at most 60"),
    ),
    responses(
        (status = 200, description = "The digest.", body = DigestView),
        (status = 304, description = "The reader has it already."),
        (status = 409, description = "This instance has not reached the position.", body = Problem, content_type = "application/problem+json"),
        ReadProblems,
    ),
)]
#[get("/snapshots/digest")]
pub(crate) async fn snapshot_digest(
    request: HttpRequest,
    parameters: ValidQuery<DigestQuery>,
    state: AppData,
    files: Data<Files>,
) -> Result<HttpResponse, Problem> {
    let position = parameters.0.position;
    min_position::at_least(&state.register, &request, position.unwrap_or(0)).await?;
    let Proof { position, count, digest } = proof(&request, &state, &files, position).await?;
    Ok(public(&request, None, &DigestView { position, count, digest }))
}

/// The digest at a position, computed once for all requests: it never changes.
async fn proof(
    request: &HttpRequest,
    state: &AppData,
    files: &Files,
    position: Option<i64>,
) -> Result<Proof, Problem> {
    let mut known = Arc::clone(&files.proofs).lock_owned().await;
    let snapshot = state.register.snapshot();
    let position = position.unwrap_or_else(|| snapshot.position());
    if let Some(proof) = known.iter().find(|proof| proof.position == position) {
        return Ok(proof.clone());
    }
    let prove = move |_: &AppState| {
        let proof = Proof::at(&snapshot, position);
        known.truncate(PROOFS - 1);
        known.push_front(proof.clone());
        Ok(proof)
    };
    state.heavy(request, prove).await
}
