//! Providers: the public profile with all approvals, and how a provider puts it.

use actix_web::{HttpRequest, HttpResponse, get, post, put, web::Path};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{
        AppData,
        extract::{
            as_of::{AsOf, AsOfQuery},
            body::ValidJson,
            caller::Caller,
            negotiation::PublicAnswer,
            preconditions::{IfMatch, PutCondition},
        },
        problem::{ActProblems, Problem, ReadProblems},
    },
    domain::{
        error::DomainError,
        provider::{Provider, stale_from},
        role::ProviderUser,
        values::{ids::Revision, numbers::OrganisationNumber},
    },
    json::{
        provider::ProfileForm,
        public::{ApprovalView, ProviderRecord},
    },
    register::ViewedApproval,
    store::{CommandOutcome, Done},
};

/// To show more approvals than this takes long.
const MANY_APPROVALS: usize = 20;

/// A provider and all its approvals, ended ones as history.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Provider)]
pub struct ProviderView {
    /// The profile.
    #[serde(flatten)]
    profile: ProviderRecord,
    /// Whether it was last confirmed more than twelve months ago.
    stale: bool,
    /// Approvals in all municipalities, the oldest first.
    approvals: Vec<ApprovalView>,
}

/// One provider.
///
/// The public profile and all approvals; ended ones stay as history.
#[utoipa::path(
    tag = "providers", operation_id = "providerGet", security(),
    params(
        ("organisation_number" = String, Path, description = "Organisation number, nine digits", example = "313000028"),
        AsOfQuery,
    ),
    responses(
        (status = 200, description = "The provider.", body = ProviderView),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/providers/{organisation_number}")]
pub(crate) async fn provider_get(
    request: HttpRequest,
    number: Path<String>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let number = organisation_number(&number)?;
    let count = state.register.snapshot().approval_count_of(number.as_str());
    state
        .public_read(&request, times, count > MANY_APPROVALS, move |_, as_of| {
            let profile = as_of.provider(number.as_str()).cloned();
            let profile = profile.ok_or_else(|| DomainError::not_found("provider"))?;
            // The profile stands above them all.
            let below = |seen: ViewedApproval<'_>| ApprovalView { profile: None, ..seen.to_view() };
            let approvals = as_of.approvals_of_provider(number.as_str()).map(below).collect();
            let revision = Revision(profile.revision);
            let is_stale = stale_from(profile.last_confirmed_at) <= as_of.at();
            let view = ProviderView { profile, stale: is_stale, approvals };
            PublicAnswer::one(&view, Some(revision))
        })
        .await
}

/// Put a provider's profile.
///
/// By the provider itself. Putting it also confirms that it is right. Create with
/// `If-None-Match: *`, replace with `If-Match`. An equal profile changes nothing more on the same day.
#[utoipa::path(
    tag = "providers", operation_id = "providerPut", security(("token" = [])),
    params(
        ("organisation_number" = String, Path, description = "Organisation number, nine digits", example = "313000028"),
        ("If-Match" = Option<String>, Header, description = "The ETag that was read, to replace"),
        ("If-None-Match" = Option<String>, Header, description = "`*`, to create"),
    ),
    request_body = ProfileForm,
    responses((status = 200, description = "What it says now.", body = ProfileForm), ActProblems),
)]
#[put("/providers/{organisation_number}")]
pub(crate) async fn provider_put(
    by: Caller<ProviderUser>,
    number: Path<String>,
    condition: PutCondition,
    body: ValidJson<ProfileForm>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let number = organisation_number(&number)?;
    let profile = body.0.read().map_err(DomainError::validation)?;
    state
        .execute_if_changed(by.metadata(&state.context), move |session, _, now| {
            let before = session.provider_for_update(&number)?;
            let from = before.as_ref().map(|before| before.revision);
            let change = Provider::put(before.clone(), number, profile, &by.role, now)?;
            condition.matches(from)?;
            let change = match change.compare(before) {
                Ok(change) => change,
                Err(same) => {
                    let form = ProfileForm::from(&same.profile);
                    return Ok(CommandOutcome::Unchanged((same.revision, form)));
                }
            };
            session.check_daily_limit(change.value.organisation_number.as_str(), now)?;
            session.save_provider(&change.value, from)?;
            let public = Some(ProviderRecord::of(&change.value).into());
            let answer = (change.value.revision, ProfileForm::from(&change.value.profile));
            Ok(CommandOutcome::Changed(Done {
                event: change.event,
                public,
                related: vec![],
                answer,
            }))
        })
        .await
}

/// Confirm the profile.
///
/// The provider says that it is right as it stands. One that was not confirmed for twelve months is shown as stale.
/// A second confirmation on the same day changes nothing.
#[utoipa::path(
    tag = "providers", operation_id = "providerConfirm", security(("token" = [])),
    params(
        ("organisation_number" = String, Path, description = "Organisation number, nine digits", example = "313000028"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "What it says.", body = ProviderRecord), ActProblems),
)]
#[post("/providers/{organisation_number}/confirmation")]
pub(crate) async fn provider_confirm(
    by: Caller<ProviderUser>,
    number: Path<String>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let number = organisation_number(&number)?;
    state
        .execute_if_changed(by.metadata(&state.context), move |session, _, now| {
            let found = session.provider_for_update(&number)?;
            let provider = found.ok_or_else(|| DomainError::not_found("provider"))?;
            let revision = provider.revision;
            let before = provider.clone();
            let change = provider.confirm(&by.role, now)?;
            expected.matches(revision)?;
            let change = match change.compare(Some(before)) {
                Ok(change) => change,
                Err(same) => return Ok(CommandOutcome::Unchanged(ProviderRecord::of(&same))),
            };
            session.check_daily_limit(number.as_str(), now)?;
            session.save_provider(&change.value, Some(expected.0))?;
            let record = ProviderRecord::of(&change.value);
            let public = Some(record.clone().into());
            Ok(CommandOutcome::Changed(Done {
                event: change.event,
                public,
                related: vec![],
                answer: record,
            }))
        })
        .await
}

fn organisation_number(input: &str) -> Result<OrganisationNumber, Problem> {
    let parsed = OrganisationNumber::parse(input);
    parsed.map_err(|error| DomainError::invalid("/organisationNumber", error).into())
}
