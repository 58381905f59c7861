//! Late access: public grants to providers that missed a round.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};

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
    commands::late_access::PublishedOffering,
    domain::{
        error::{DomainError, Noun},
        late_access::LateAccess,
    },
};

/// Grants of late access.
///
/// All grants for an offering, oldest first, also expired ones.
#[utoipa::path(
    tag = "offerings", operation_id = "lateAccessList", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "All grants.", body = Vec<LateAccess>), ReadProblems),
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
            as_of.offering(id).ok_or_else(|| DomainError::not_found(Noun::Offering))?;
            let ids = as_of.snapshot().late_access_of(id);
            let grants: Vec<_> = ids.filter_map(|id| as_of.late_access(id)).collect();
            PublicAnswer::one(&grants, None)
        })
        .await
}

/// The public view, with the caller's actions if it has any.
type LateAccessAnswer = WithActions<LateAccess>;

/// One grant of late access.
///
/// It never changes: with a token whose role may grant another, `actions` says so.
#[utoipa::path(
    tag = "offerings", operation_id = "lateAccessGet", security((), ("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the grant"), AsOfQuery),
    responses(
        (status = 200, description = "The grant.", body = LateAccessAnswer),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/late-access/{id}")]
pub(crate) async fn late_access_get(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    times: AsOf,
    by: OptionalCaller,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = *id;
    let (snapshot, now) = (state.register.snapshot(), state.context.now());
    let offering = times.view(&snapshot, now)?.late_access(id).map(|grant| grant.offering.uuid());
    let actions = match offering {
        Some(offering) => by.actions::<PublishedOffering>(&state, times, &offering).await?,
        None => None,
    };
    state
        .public_read(&request, times, false, move |_, as_of| {
            let grant = as_of.late_access(id).ok_or_else(|| DomainError::not_found(Noun::Grant))?;
            PublicAnswer::with_actions(grant, None, actions)
        })
        .await
}
