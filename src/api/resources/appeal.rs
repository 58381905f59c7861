//! Appeals: reading them.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    web::{self, Path},
};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};

use super::read_receipt::record_read_receipt;
use crate::{
    api::{
        AppData, AppState,
        extract::{
            caller::Caller,
            negotiation::private,
            page::{Page, PageRequest, ValidQuery},
            preconditions::respond_private,
        },
        problem::{HttpError, PrivateProblems, Problem},
        view::{View, Viewer},
    },
    commands::{self, Tx, appeal::AppealCase},
    domain::{
        access::AccessLogEntry,
        appeal::{Appeal, AppealStatus},
        role::Party,
        values::ids::AppealId,
    },
    json::{one_of, words},
    store::{Failure, Session},
    words::{Locale, Words},
};

/// What its parties see.
type AppealView = View<AppealCase>;

/// Query of a list of appeals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AppealQuery {
    /// Only those in this state.
    #[param(inline, value_type = AppealStateParameter, required = false)]
    state: Option<String>,
    /// Maximum number of appeals.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

fn statuses() -> Object {
    words("State of the appeal.", AppealStatus::ALL.map(AppealStatus::as_str))
}

crate::json::parameter_schema!(AppealStateParameter, statuses);

/// One appeal.
///
/// For the party of the decision and for the municipality that made it. The party's read of the statement to
/// the appeal body is recorded.
#[utoipa::path(
    tag = "appeals", operation_id = "appealGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the appeal")),
    responses((status = 200, description = "The appeal.", body = AppealView), PrivateProblems),
)]
#[get("/appeals/{id}")]
pub(crate) async fn appeal_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = AppealId::new(*id);
    record_read_receipt::<Appeal>(&state, &by, id.uuid()).await?;
    let (caller, reader, now) = (by.caller.clone(), by.reader(), state.context.now());
    let read = move |session: &mut Session<'_>, state: &AppState| {
        let mut tx = Tx::new(session, state.environment(), now);
        let case = commands::load::<AppealCase>(&mut tx, &id.uuid(), &by.role)?;
        let looked = vec![AccessLogEntry::from(&case.appeal)];
        Ok::<_, Failure>((case, looked))
    };
    let case = state.read_private(reader, read).await?;
    let view = Viewer { caller: &caller, now, locale, words: &words }.view(&case);
    Ok(respond_private(StatusCode::OK, case.appeal.revision, &view))
}

/// Own appeals.
///
/// A provider sees those against decisions that concern it, a municipality those against its
/// decisions, the oldest first.
#[utoipa::path(
    tag = "appeals", operation_id = "appealList", security(("token" = [])), params(AppealQuery),
    responses((status = 200, description = "A page of appeals.", body = Page<AppealView>), PrivateProblems),
)]
#[get("/appeals")]
pub(crate) async fn appeal_list(
    by: Caller<Party>,
    request: HttpRequest,
    asked: ValidQuery<AppealQuery>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = asked;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let wanted = query.state;
    if let Some(wanted) = &wanted {
        one_of(wanted, &AppealStatus::ALL, AppealStatus::as_str).map_err(|error| {
            Problem::parameter(HttpError::InvalidParameter, "state", error.detail)
        })?;
    }
    let after = slice.after(|key| key.parse().ok())?.map(AppealId::new);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let on_page = usize::from(slice.limit);
    let (caller, now) = (by.caller.clone(), state.context.now());
    let items = state
        .read_private(by.reader(), move |session, state| {
            let found = session.appeals(&by.role, wanted.as_deref(), after, fetch)?;
            let looked = found.iter().take(on_page).map(AccessLogEntry::from).collect();
            let mut tx = Tx::new(session, state.environment(), now);
            let cases = found.into_iter().map(|appeal| AppealCase::of(&mut tx, appeal));
            Ok((cases.collect::<Result<Vec<_>, Failure>>()?, looked))
        })
        .await?;
    let viewer = Viewer { caller: &caller, now, locale, words: &words };
    let page = slice.page(items, |item| item.appeal.id.to_string()).map(|it| viewer.view(it));
    Ok(private(&page, &page.page))
}
