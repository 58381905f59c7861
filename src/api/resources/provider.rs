//! Providers: the public profile with all approvals.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{
        AppData,
        extract::{
            as_of::{AsOf, AsOfQuery},
            negotiation::PublicAnswer,
        },
        problem::{Problem, ReadProblems},
        public_read::OptionalCaller,
        view::WithActions,
    },
    commands::provider::ProviderEntry,
    domain::{
        error::DomainError,
        provider::stale_from,
        values::{ids::Revision, numbers::OrganisationNumber},
    },
    json::public::{ApprovalView, ProviderRecord},
    register::ViewedApproval,
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

/// The public view, with the caller's actions if it has any.
type ProviderAnswer = WithActions<ProviderView>;

/// One provider.
///
/// The public profile and all approvals; ended ones stay as history.
///
/// With a token whose role has commands here, `actions` lists the commands of that caller.
#[utoipa::path(
    tag = "providers", operation_id = "providerGet", security((), ("token" = [])),
    params(
        ("organisation_number" = String, Path, description = "Organisation number, nine digits", example = "313000028"),
        AsOfQuery,
    ),
    responses(
        (status = 200, description = "The provider.", body = inline(ProviderAnswer)),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/providers/{organisation_number}")]
pub(crate) async fn provider_get(
    request: HttpRequest,
    number: Path<String>,
    times: AsOf,
    by: OptionalCaller,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let number = organisation_number(&number)?;
    let actions = by.actions::<ProviderEntry>(&state, times, &number).await?;
    let count = state.register.snapshot().approval_count_of(number.as_str());
    state
        .public_read(&request, times, count > MANY_APPROVALS, move |_, as_of| {
            let profile = as_of.provider(number.as_str()).cloned();
            let profile = profile.ok_or_else(|| DomainError::not_found("provider"))?;
            // The profile is shown once, above the approvals.
            let below = |seen: ViewedApproval<'_>| ApprovalView { profile: None, ..seen.to_view() };
            let approvals = as_of.approvals_of_provider(number.as_str()).map(below).collect();
            let revision = Revision(profile.revision);
            let is_stale = stale_from(profile.last_confirmed_at) <= as_of.at();
            let view = ProviderView { profile, stale: is_stale, approvals };
            PublicAnswer::with_actions(&view, Some(revision), actions)
        })
        .await
}

fn organisation_number(input: &str) -> Result<OrganisationNumber, Problem> {
    let parsed = OrganisationNumber::parse(input);
    parsed.map_err(|error| DomainError::invalid("/organisationNumber", error).into())
}
