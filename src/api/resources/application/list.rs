//! A party's applications, page by page.

use std::collections::{HashMap, hash_map::Entry};

use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    ApplicationView,
    case::{STATES, StateParameter, load_context, measure, view},
};
use crate::{
    api::{
        AppData, AppState,
        extract::{
            caller::Caller,
            negotiation::private,
            page::{Page, PageRequest, ValidQuery},
        },
        problem::{HttpError, PrivateProblems, Problem},
    },
    domain::{
        access::AccessLogEntry,
        application::{Application, guard::CaseContext},
        municipality::Municipality,
        offering::{VersionNumber, content::OfferingContent, intake::Places},
        role::{CallerIdentity, Party},
        values::{
            ids::{ApplicationId, OfferingId},
            time::Instant,
        },
    },
    json::one_of,
    store::{Failure, Session},
};

/// What a list of applications can be asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationQuery {
    /// Only those in this state.
    #[param(inline, value_type = StateParameter, required = false)]
    state: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Own applications.
///
/// A provider sees its own, a municipality those it handles, the oldest first. Drafts are the provider's alone.
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
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = asked;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let wanted = query.state;
    if let Some(wanted) = &wanted {
        one_of(wanted, &STATES, |name| name).map_err(|error| {
            Problem::parameter(HttpError::InvalidParameter, "state", error.detail)
        })?;
    }
    let after = slice.after(|key| key.parse().ok())?.map(ApplicationId::new);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let shown = usize::from(slice.limit);
    let items = state
        .read_private(by.reader(), move |session, state| {
            let found = session.applications(&by.role, wanted.as_deref(), after, fetch)?;
            let looked = found.iter().take(shown).map(AccessLogEntry::from).collect();
            let mut desks = Desks::default();
            let now = state.context.now();
            let views = found
                .iter()
                .map(|application| desks.view(session, state, application, &by.caller, now))
                .collect::<Result<Vec<_>, Failure>>()?;
            Ok((views, looked))
        })
        .await?;
    let page = slice.page(items, |item| item.id.to_string());
    Ok(private(&page, &page.page))
}

/// What the applications of one page are seen from, each read once.
#[derive(Default)]
struct Desks(HashMap<(OfferingId, Option<VersionNumber>), (Municipality, OfferingContent, Places)>);

impl Desks {
    fn view(
        &mut self,
        session: &mut Session<'_>,
        state: &AppState,
        application: &Application,
        by: &CallerIdentity,
        now: Instant,
    ) -> Result<ApplicationView, Failure> {
        let pinned = application.state.case().map(|_| application.version(VersionNumber(1)));
        let key = (application.offering, pinned);
        let (municipality, content, places) = match self.0.entry(key) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(place) => {
                let (offering, content) = measure(session, state, application)?;
                let (municipality, places) =
                    load_context(session, state, (&offering, &content), now)?;
                place.insert((municipality, content, places))
            }
        };
        Ok(view(application, CaseContext { municipality, content, places, now }, by))
    }
}
