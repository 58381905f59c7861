//! Decisions: single reads with their history.

pub mod public;

use actix_web::{HttpResponse, get, web::Path};

use super::read_receipt::record_read_receipt;
use crate::{
    api::{
        extract::caller::Caller,
        private_read::PrivateReads,
        problem::{PrivateProblems, Problem},
        view::View,
    },
    commands::decision::DecisionCase,
    domain::{access::AccessLogEntry, decision::history::DecisionHistory, role::Party},
};

/// The parties' view of a decision.
type DecisionCaseView = View<DecisionCase>;

/// One decision.
///
/// For its party and for the municipality that made it, with its later history. The party's read is recorded,
/// once for each reader; it starts no period.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the decision")),
    responses((status = 200, description = "The decision.", body = DecisionCaseView), PrivateProblems),
)]
#[get("/decisions/{id}")]
pub(crate) async fn decision_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    reads: PrivateReads,
) -> Result<HttpResponse, Problem> {
    record_read_receipt::<DecisionHistory>(&reads.state, &by, *id).await?;
    reads.get::<DecisionCase>(by, *id).await
}

impl From<&DecisionCase> for AccessLogEntry {
    fn from(case: &DecisionCase) -> Self {
        (&case.decision).into()
    }
}
