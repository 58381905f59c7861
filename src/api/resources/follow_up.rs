//! Follow-ups: lists and single ones. Their commands are in `commands::follow_up`.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    web::{self, Path},
};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};

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
    commands::{self, Tx},
    domain::{
        access::AccessLogEntry,
        follow_up::{FollowUp, FollowUpStatus},
        role::Party,
        values::ids::FollowUpId,
    },
    json::{one_of, words},
    store::{Failure, Session},
    words::{Locale, Words},
};

/// The parties' view of a follow-up.
type FollowUpView = View<FollowUp>;

fn statuses() -> Object {
    words("State of the follow-up.", FollowUpStatus::ALL.map(FollowUpStatus::as_str))
}

crate::json::parameter_schema!(FollowUpStateParameter, statuses);

/// Query of the list of follow-ups.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct FollowUpQuery {
    /// Only those in this state.
    #[param(inline, value_type = FollowUpStateParameter, required = false)]
    state: Option<String>,
    /// Maximum number of follow-ups.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Own follow-ups.
///
/// A provider sees those of its approvals, a municipality those it does, the oldest first.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpList", security(("token" = [])),
    params(FollowUpQuery),
    responses((status = 200, description = "A page of follow-ups.", body = Page<FollowUpView>), PrivateProblems),
)]
#[get("/follow-ups")]
pub(crate) async fn follow_up_list(
    by: Caller<Party>,
    request: HttpRequest,
    asked: ValidQuery<FollowUpQuery>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = asked;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let wanted = query.state;
    if let Some(wanted) = &wanted {
        one_of(wanted, &FollowUpStatus::ALL, FollowUpStatus::as_str).map_err(|error| {
            Problem::parameter(HttpError::InvalidParameter, "state", error.detail)
        })?;
    }
    let after = slice.after(|key| key.parse().ok())?.map(FollowUpId::new);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let on_page = usize::from(slice.limit);
    let caller = by.caller.clone();
    let items = state
        .read_private(by.reader(), move |session, _| {
            let found = session.follow_ups(&by.role, wanted.as_deref(), after, fetch)?;
            let looked = found.iter().take(on_page).map(AccessLogEntry::from).collect();
            Ok((found, looked))
        })
        .await?;
    let viewer = Viewer { caller: &caller, now: state.context.now(), locale, words: &words };
    let page = slice.page(items, |item| item.id.to_string()).map(|it| viewer.view(it));
    Ok(private(&page, &page.page))
}

/// One follow-up.
///
/// For the provider and for the municipality.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the follow-up")),
    responses((status = 200, description = "The follow-up.", body = FollowUpView), PrivateProblems),
)]
#[get("/follow-ups/{id}")]
pub(crate) async fn follow_up_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (caller, reader, now) = (by.caller.clone(), by.reader(), state.context.now());
    let read = move |session: &mut Session<'_>, state: &AppState| {
        let mut tx = Tx::new(session, state.environment(), now);
        let follow_up = commands::load::<FollowUp>(&mut tx, &id, &by.role)?;
        let looked = vec![AccessLogEntry::from(&follow_up)];
        Ok::<_, Failure>((follow_up, looked))
    };
    let follow_up = state.read_private(reader, read).await?;
    let view = Viewer { caller: &caller, now, locale, words: &words }.view(&follow_up);
    Ok(respond_private(StatusCode::OK, follow_up.revision, &view))
}
