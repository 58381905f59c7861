//! A party's applications, page by page.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use utoipa::{IntoParams, openapi::schema::Object};

use super::case::ApplicationView;
use crate::{
    api::{
        AppData,
        extract::{
            caller::Caller,
            negotiation::private,
            page::{Page, PageRequest, ValidQuery},
        },
        problem::{HttpError, PrivateProblems, Problem},
        view::Viewer,
    },
    commands::{Tx, application::ApplicationCase},
    domain::{
        access::AccessLogEntry,
        application::{Application, ApplicationState, Case},
        offering::VersionNumber,
        role::Party,
        values::ids::{ApplicationId, OfferingId},
    },
    json::{one_of, words},
    store::Failure,
    words::{Locale, Words},
};

fn states() -> Object {
    words("State of the application.", ApplicationState::NAMES)
}

crate::json::parameter_schema!(StateParameter, states);

/// Query of a list of applications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationQuery {
    /// Only those in this state.
    #[param(inline, value_type = StateParameter, required = false)]
    state: Option<String>,
    /// Maximum number of applications.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Own applications.
///
/// A provider sees its own, a municipality those it handles, oldest first. Drafts are visible to the provider
/// only.
#[utoipa::path(
    tag = "applications", operation_id = "applicationList", security(("token" = [])),
    params(ApplicationQuery),
    responses((status = 200, description = "A page of applications.", body = Page<ApplicationView>), PrivateProblems),
)]
#[get("/applications")]
pub(crate) async fn application_list(
    by: Caller<Party>,
    request: HttpRequest,
    asked: ValidQuery<ApplicationQuery>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = asked;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let wanted = query.state;
    if let Some(wanted) = &wanted {
        one_of(wanted, &ApplicationState::NAMES, |name| name).map_err(|error| {
            Problem::parameter(HttpError::InvalidParameter, "state", error.detail)
        })?;
    }
    let after = slice.after(|key| key.parse().ok())?.map(ApplicationId::new);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let shown = usize::from(slice.limit);
    let (caller, now) = (by.caller.clone(), state.context.now());
    let items = state
        .read_private(by.reader(), move |session, state| {
            let found = session.applications(&by.role, wanted.as_deref(), after, fetch)?;
            let looked = found.iter().take(shown).map(AccessLogEntry::from).collect();
            let mut tx = Tx::new(session, state.environment(), now);
            let mut cases = Cases::default();
            let cases = found.into_iter().map(|it| cases.of(&mut tx, it));
            Ok((cases.collect::<Result<Vec<_>, Failure>>()?, looked))
        })
        .await?;
    let viewer = Viewer { caller: &caller, now, locale, words: &words };
    let page = slice.page(items, |it| it.application.id.to_string()).map(|it| viewer.view(it));
    Ok(private(&page, &page.page))
}

/// The applications of one page. Shared offerings are read once.
#[derive(Default)]
struct Cases(HashMap<(OfferingId, Option<VersionNumber>), ApplicationCase>);

impl Cases {
    fn of(&mut self, tx: &mut Tx, application: Application) -> Result<ApplicationCase, Failure> {
        let pinned = application.state.case().map(Case::version);
        let key = (application.offering, pinned);
        if let Some(read) = self.0.get(&key) {
            return Ok(read.sibling(application));
        }
        let case = ApplicationCase::of(tx, application.clone())?;
        let sibling = case.sibling(application);
        self.0.insert(key, case);
        Ok(sibling)
    }
}
