//! Offerings: published versions for everyone, drafts for the editor. Commands of editors are in
//! `commands::offering`.

pub(crate) mod compensation;
pub(crate) mod draft;

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    api::{
        AppData,
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
    commands::{late_access::PublishedOffering, offering::EditedOffering},
    domain::error::{DomainError, Noun},
    json::{
        offering::difference::{self, VersionDifference},
        public::OfferingRecord,
    },
};

/// Query of a list of offerings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct OfferingQuery {
    /// Municipality number, present or former, such as `4204`.
    municipality: Option<String>,
    /// Code of the service, such as `practical-help`.
    service: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Published offerings.
///
/// The version in force of each, in the order in which they were created.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringList", security(), params(OfferingQuery, AsOfQuery),
    responses(
        (status = 200, description = "A page of offerings.", content(
            (Page<OfferingRecord> = "application/json"), (String = "text/csv"),
        )),
        ReadProblems,
    ),
)]
#[get("/offerings")]
pub(crate) async fn offering_list(
    request: HttpRequest,
    parameters: ValidQuery<OfferingQuery>,
    times: AsOf,
    form: Representation,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let municipality = state.catalogue.present_number(query.municipality);
    let after = slice.after(|key| key.parse().ok())?;
    state
        .public_read(&request, times, municipality.is_none(), move |_, as_of| {
            let snapshot = as_of.snapshot();
            let ids: Box<dyn Iterator<Item = Uuid>> = match &municipality {
                Some(number) => Box::new(snapshot.offering_ids_of(number, after).into_iter()),
                None => Box::new(snapshot.offering_ids(after)),
            };
            // Municipality and service of an offering never change.
            let is_wanted = |offering: &OfferingRecord| {
                query.service.as_ref().is_none_or(|wanted| offering.service == *wanted)
            };
            let items = ids
                .filter(|id| snapshot.offering(*id).is_some_and(is_wanted))
                .filter_map(|id| as_of.offering(id))
                .take(slice.fetch())
                .collect();
            let page = slice.page(items, |offering: &OfferingRecord| offering.id.to_string());
            PublicAnswer::list(form, &page, &page.items)
        })
        .await
}

/// The public view, with the caller's actions if it has any.
type OfferingAnswer = WithActions<OfferingRecord>;

/// One offering.
///
/// The version in force.
///
/// With a token whose role has commands here, `actions` lists the commands of that caller. Those of an editor take the
/// `ETag` of the draft.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringGet", security((), ("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), AsOfQuery),
    responses(
        (status = 200, description = "The offering.", body = OfferingAnswer),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/offerings/{id}")]
pub(crate) async fn offering_get(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    times: AsOf,
    by: OptionalCaller,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = *id;
    let mut actions = by.actions::<PublishedOffering>(&state, times, &id).await?;
    if actions.is_none() {
        actions = by.actions::<EditedOffering>(&state, times, &id).await?;
    }
    state
        .public_read(&request, times, false, move |_, as_of| {
            let offering =
                as_of.offering(id).ok_or_else(|| DomainError::not_found(Noun::Offering))?;
            PublicAnswer::with_actions(&offering, None, actions)
        })
        .await
}

/// How a version differs from the former one.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VersionChanges)]
pub struct VersionChangesView {
    /// The offering's id.
    offering_id: uuid::Uuid,
    /// The number of the version.
    version: i32,
    /// The number of the former one; absent for the first, all of which is new.
    former: Option<i32>,
    /// Added, removed and changed parts.
    items: Vec<VersionDifference>,
}

/// How a version differs from the former one.
///
/// Entries of lists are known by their code or key, so that moving one is no change.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringVersionChanges", security(),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("number" = i32, Path, description = "Number of the version, from 1", example = 1),
        AsOfQuery,
    ),
    responses(
        (status = 200, description = "The difference.", body = VersionChangesView),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/offerings/{id}/versions/{number}/changes")]
pub(crate) async fn offering_version_changes(
    request: HttpRequest,
    path: Path<(uuid::Uuid, i32)>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (id, number) = *path;
    state
        .public_read(&request, times, false, move |_, as_of| {
            let version =
                as_of.version(id, number).ok_or_else(|| DomainError::not_found(Noun::Version))?;
            let former = as_of.version(id, number.saturating_sub(1));
            let view = VersionChangesView {
                offering_id: id,
                version: number,
                former: former.map(|former| former.version),
                items: difference::since(former.map(|it| &it.content), &version.content),
            };
            PublicAnswer::one(&view, None)
        })
        .await
}

/// The versions of an offering.
///
/// All that were ever published, the first first.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringVersionList", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering"), AsOfQuery),
    responses((status = 200, description = "All versions.", body = Vec<OfferingRecord>), ReadProblems),
)]
#[get("/offerings/{id}/versions")]
pub(crate) async fn offering_version_list(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = *id;
    state
        .public_read(&request, times, false, move |_, as_of| {
            let versions: Vec<_> = as_of.versions(id).collect();
            if versions.is_empty() {
                return Err(DomainError::not_found(Noun::Offering).into());
            }
            PublicAnswer::one(&versions, None)
        })
        .await
}

/// One version of an offering.
///
/// A published version never changes.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringVersionGet", security(),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("number" = i32, Path, description = "Number of the version, from 1", example = 1),
        AsOfQuery,
    ),
    responses(
        (status = 200, description = "The version.", body = OfferingRecord),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/offerings/{id}/versions/{number}")]
pub(crate) async fn offering_version_get(
    request: HttpRequest,
    path: Path<(uuid::Uuid, i32)>,
    times: AsOf,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (id, number) = *path;
    state
        .public_read(&request, times, false, move |_, as_of| {
            let version =
                as_of.version(id, number).ok_or_else(|| DomainError::not_found(Noun::Version))?;
            PublicAnswer::one(&version, None)
        })
        .await
}
