//! Providers: the public profile with all approvals.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::{AsOf, AsOfQuery},
            negotiation::{PublicAnswer, Representation},
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        problem::{Problem, ReadProblems},
        public_read::OptionalCaller,
        view::WithActions,
    },
    commands::provider::ProviderEntry,
    domain::{
        error::{DomainError, Noun},
        provider::stale_from,
        values::{ids::Revision, numbers::OrganisationNumber},
    },
    json::{
        provider::kinds,
        public::{ApprovalView, ProviderRecord},
    },
    register::{AsOfView, ViewedApproval, text::has_words},
};

/// To show more approvals than this takes long.
const MANY_APPROVALS: usize = 20;

/// Query of a list of providers. Filters are combined.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ProviderQuery {
    /// Prefixes of words in the name; each must match. Case and accents are ignored.
    #[param(max_length = 100)]
    q: Option<String>,
    /// Kind of organisation.
    #[param(inline, value_type = ProviderKindParameter, required = false)]
    kind: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

crate::json::parameter_schema!(ProviderKindParameter, kinds);

/// Providers.
///
/// The public profiles of all that have registered, by organisation number; their approvals are at
/// `/v1/approvals?provider=`.
#[utoipa::path(
    tag = "providers", operation_id = "providerList", security(), params(ProviderQuery, AsOfQuery),
    responses(
        (status = 200, description = "A page of providers.", content(
            (Page<ProviderRecord> = "application/json"), (String = "text/csv"),
        )),
        ReadProblems,
    ),
)]
#[get("/providers")]
pub(crate) async fn provider_list(
    request: HttpRequest,
    parameters: ValidQuery<ProviderQuery>,
    times: AsOf,
    form: Representation,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let list = move |_: &AppState, as_of: AsOfView<'_>| {
        let after = slice.after(|key| OrganisationNumber::parse(key).ok())?;
        let is_wanted = |provider: &&ProviderRecord| {
            query.kind.as_ref().is_none_or(|kind| provider.kind.as_str() == kind)
                && query.q.as_ref().is_none_or(|q| has_words(provider.name.as_str(), q))
        };
        let found = as_of.providers(after.as_ref().map(OrganisationNumber::as_str));
        let items: Vec<_> = found.filter(is_wanted).take(slice.fetch()).collect();
        let page = slice.page(items, |item| item.organisation_number.to_string());
        PublicAnswer::list(form, &page, page.items.iter().copied())
    };
    state.public_read(&request, times, true, list).await
}

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
        ("organisation_number" = String, Path, description = "Organisation number, nine digits", example = "313000044"),
        AsOfQuery,
    ),
    responses(
        (status = 200, description = "The provider.", body = ProviderAnswer),
        (status = 422, description = "The path has no organisation number.", body = Problem, content_type = "application/problem+json"),
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
            let profile = profile.ok_or_else(|| DomainError::not_found(Noun::Provider))?;
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
