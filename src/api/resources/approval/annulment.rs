//! Striking a contract that was recorded by mistake.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::own;
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        Change,
        error::DomainError,
        role::{DecisionMaker, Party},
        validation::ValidationErrors,
        values::{ids::ApprovalId, text::Prose},
    },
    json::public::{ApprovalView, PublicRecord, Tombstone},
    store::Done,
};

/// Why a contract is struck.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ContractAnnulmentBody, example = json!({
    "reason": "Kontrakten gjelder et annet område og ble ført på feil godkjenning."
}))]
pub struct AnnulmentBody {
    /// What the mistake was. It stands in the journal, not in public.
    #[schema(required, min_length = 1, max_length = 10000)]
    reason: Option<String>,
}

/// Strike a contract.
///
/// Only one that was recorded by mistake, and only before its first day, so that nobody can have chosen the provider.
/// The approval waits for its contract again. The public sees a removal: the change feed has it with `data: null`.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalAnnulContract", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval's case that was read"),
    ),
    request_body = AnnulmentBody,
    responses((status = 200, description = "The approval, without a contract.", body = ApprovalView), ActProblems),
)]
#[post("/approvals/{id}/contract-annulment")]
pub(crate) async fn approval_annul_contract(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<AnnulmentBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let reason = errors.parse("/reason", body.0.reason.as_ref(), Prose::parse);
    let reason = errors.finish(reason).map_err(DomainError::validation)?;
    let id = ApprovalId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, _, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let approval = own(session, id, &party)?;
            expected.matches(approval.revision)?;
            let Change { value, event } = approval.annul_contract(&reason, &by.role, now)?;
            session.save_approval(&value, Some(expected.0))?;
            let removed = PublicRecord::Removed(Tombstone { approval: id.uuid(), at: now });
            let answer = session.approval_view(&value, now)?;
            Ok(Done { event, public: Some(removed), related: vec![], answer })
        })
        .await
}
