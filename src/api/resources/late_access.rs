//! Late access: who may still come into a round that it missed, for everyone to see.

use actix_web::{HttpRequest, HttpResponse, get, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    api::{
        AppData,
        answer::Created,
        extract::{
            as_of::{AsOf, AsOfQuery},
            body::ValidJson,
            caller::Caller,
            negotiation::PublicAnswer,
        },
        problem::{ActProblems, Problem, ReadProblems},
    },
    domain::{
        Change,
        error::DomainError,
        late_access::LateAccess,
        role::DecisionMaker,
        validation::ValidationErrors,
        values::{ids::OfferingId, numbers::OrganisationNumber, time::parse_day},
    },
    json::{LocalTextForm, need_text, public::LateAccessRecord},
    store::Done,
};

/// A grant of late access.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = LateAccessBody, example = json!({
    "provider": "313000028", "reason": {"nb": "Innsendingen var nede siste kveld."}, "expiresOn": "2026-05-15"
}))]
pub struct LateAccessBody {
    /// The provider that may still come in.
    #[schema(required, max_length = 20)]
    provider: Option<String>,
    /// Why, for everyone to read.
    #[schema(required)]
    reason: Option<LocalTextForm>,
    /// The last day on which it can be used, today or later.
    #[schema(required, format = Date)]
    expires_on: Option<String>,
}

/// Grant late access.
///
/// One provider may still come into the last round whose cut-off has passed. The grant is public at once, with reason
/// and expiry, and is never taken back.
#[utoipa::path(
    tag = "offerings", operation_id = "lateAccessGrant", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    request_body = LateAccessBody,
    responses((status = 201, description = "The grant.", body = LateAccessRecord), ActProblems),
)]
#[post("/offerings/{id}/late-access")]
pub(crate) async fn late_access_grant(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    body: ValidJson<LateAccessBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let f = &mut errors;
    let provider = f.parse("/provider", body.0.provider, OrganisationNumber::parse);
    let reason = need_text(f, "/reason", body.0.reason.as_ref());
    let expires_on = f.parse("/expiresOn", body.0.expires_on, parse_day);
    let grant = provider.zip(reason.zip(expires_on));
    let (provider, terms) = errors.finish(grant).map_err(DomainError::validation)?;
    let (id, offering) = (state.context.id(), OfferingId::new(*id));
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let nothing = || DomainError::not_found("offering");
            let (offering, _) = session.offering(offering)?.ok_or_else(nothing)?;
            let version = offering.lifecycle.version().ok_or_else(nothing)?;
            let content = session.content(offering.id, version, &state.catalogue)?;
            let change =
                LateAccess::grant(id, &offering, &content, provider, terms, &by.role, now)?;
            let Change { value, event } = change;
            session.save_late_access(&value)?;
            let record = LateAccessRecord::of(&value);
            let public = Some(record.clone().into());
            let answer = Created(format!("/v1/late-access/{id}"), value.revision, record);
            Ok(Done { event, public, related: vec![], answer })
        })
        .await
}

/// Grants of late access.
///
/// All that were ever given for an offering, the first first; also those that have run out.
#[utoipa::path(
    tag = "offerings", operation_id = "lateAccessList", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "All grants.", body = Vec<LateAccessRecord>), ReadProblems),
)]
#[get("/offerings/{id}/late-access")]
pub(crate) async fn late_access_list(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = *id;
    state
        .public_read(&request, AsOf::default(), false, move |_, as_of| {
            as_of.offering(id).ok_or_else(|| DomainError::not_found("offering"))?;
            let ids = as_of.snapshot().late_access_of(id);
            let grants: Vec<_> = ids.filter_map(|id| as_of.late_access(id)).collect();
            PublicAnswer::one(&grants, None)
        })
        .await
}

/// One grant of late access.
#[utoipa::path(
    tag = "offerings", operation_id = "lateAccessGet", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the grant"), AsOfQuery),
    responses(
        (status = 200, description = "The grant.", body = LateAccessRecord),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/late-access/{id}")]
pub(crate) async fn late_access_get(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = *id;
    state
        .public_read(&request, times, false, move |_, as_of| {
            let grant = as_of.late_access(id).ok_or_else(|| DomainError::not_found("grant"))?;
            PublicAnswer::one(grant, None)
        })
        .await
}
