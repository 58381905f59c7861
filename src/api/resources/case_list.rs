//! Case list: all cases of a party in one list.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema, openapi::schema::Object};
use uuid::Uuid;

use super::work_list::last_day;
use crate::{
    api::{
        AppData,
        extract::{
            caller::Caller,
            negotiation::private,
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        problem::{PrivateProblems, Problem},
    },
    domain::{
        access::AccessLogEntry,
        case_summary::{CaseKind, CaseNotice},
        notice::NoticeKind,
        role::Party,
        values::time::Instant,
    },
    json::words,
    store::{AgendaRow, CaseEntry, CaseFilter, CasePosition, Failure, Session},
};

/// Query of the list of cases. Filters are combined.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CaseQuery {
    /// Only cases of this kind.
    #[param(inline, value_type = CaseKindParameter, required = false)]
    kind: Option<String>,
    /// Only open cases, or only the others.
    open: Option<bool>,
    /// Only cases with a notice that nobody has opened, or only the others.
    unread: Option<bool>,
    /// Municipality number, present or former.
    municipality: Option<String>,
    /// Code of the service.
    service: Option<String>,
    /// Organisation number of the provider.
    provider: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

fn kinds() -> Object {
    words("Kind of case.", CaseKind::ALL.map(CaseKind::as_str))
}

fn notice_kinds() -> Object {
    words("Kind of notice.", NoticeKind::ALL.map(NoticeKind::as_str))
}

crate::json::parameter_schema!(CaseKindParameter, kinds);

/// A case in short.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CaseSummary)]
pub struct CaseSummaryView {
    /// Kind of case.
    #[schema(schema_with = kinds)]
    kind: &'static str,
    /// Its id.
    id: Uuid,
    /// Path of the whole case.
    href: String,
    /// The municipality's number.
    municipality: String,
    /// The code of the service.
    service: String,
    /// The provider's organisation number.
    provider: String,
    /// Name of its state, as the whole case has it.
    state: String,
    /// Something can still come of it.
    open: bool,
    /// A notice waits for its first reader.
    unread: bool,
    /// The open task that falls due first.
    next: Option<NextTaskView>,
    /// The last day to appeal, of a decision.
    last_appeal_day: Option<NaiveDate>,
    /// The notices to the provider, oldest first.
    notices: Vec<CaseNoticeView>,
    /// The application that it comes from.
    application_id: Uuid,
    /// The approval that it concerns.
    approval_id: Option<Uuid>,
    /// Time of the last command or read receipt.
    changed_at: DateTime<Utc>,
}

/// The task of a case that falls due first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NextTask)]
pub struct NextTaskView {
    /// Kind of task, as in the work list.
    task: String,
    /// The role whose task it is.
    role: String,
    /// The last day, by Norwegian local time.
    due_on: NaiveDate,
    /// That day is past.
    overdue: bool,
}

/// A notice to the provider.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CaseNotice)]
pub struct CaseNoticeView {
    /// Kind of notice.
    #[schema(schema_with = notice_kinds)]
    kind: &'static str,
    /// Path of its letter, or of the case that shows it.
    href: String,
    /// When it was sent.
    issued_at: DateTime<Utc>,
    /// When a person of the provider first opened it.
    opened_at: Option<DateTime<Utc>>,
}

/// Own cases.
///
/// Applications, decisions, appeals, prior notices and follow-ups in one list, the last changed first: a
/// provider's in all municipalities, or a municipality's own without drafts.
#[utoipa::path(
    tag = "work", operation_id = "caseList", security(("token" = [])), params(CaseQuery),
    responses((status = 200, description = "A page of cases.", body = Page<CaseSummaryView>), PrivateProblems),
)]
#[get("/cases")]
pub(crate) async fn case_list(
    by: Caller<Party>,
    request: HttpRequest,
    parameters: ValidQuery<CaseQuery>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let page = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let after = page.after(CasePosition::parse)?;
    let fetch = i64::try_from(page.fetch()).unwrap_or(i64::MAX);
    let (shown, now) = (usize::from(page.limit), state.context.now());
    let kind = query.kind.and_then(|name| CaseKind::ALL.into_iter().find(|it| it.as_str() == name));
    let municipality = state.catalogue.present_number(query.municipality);
    let reader = by.reader();
    let read = move |session: &mut Session<'_>, _: &_| {
        let filter = CaseFilter {
            party: &by.role,
            kind,
            municipality,
            service: query.service,
            provider: query.provider,
            is_open: query.open,
            is_unread: query.unread,
        };
        let found = session.cases(&filter, after, now, fetch)?;
        let entries = found.iter().take(shown).map(log_entry).collect();
        Ok::<_, Failure>((found, entries))
    };
    let found = state.read_private(reader, read).await?;
    let page = page.page(found, |case| CasePosition::from(case).to_string());
    let page = page.map(|case| view(case, now));
    Ok(private(&page, &page.page))
}

/// The entry that a read of the whole case makes.
fn log_entry(case: &CaseEntry) -> AccessLogEntry {
    let is_after_approval = matches!(case.kind, CaseKind::PriorNotice | CaseKind::FollowUp);
    AccessLogEntry {
        collection: case.kind.collection(),
        key: case.id.to_string(),
        municipality: Some(case.municipality.clone()),
        provider: Some(case.provider.clone()),
        application: Some(case.application).filter(|_| !is_after_approval),
        approval: case.approval,
    }
}

fn view(case: &CaseEntry, now: Instant) -> CaseSummaryView {
    let href = format!("/v1/{}/{}", case.kind.collection(), case.id);
    CaseSummaryView {
        kind: case.kind.as_str(),
        id: case.id,
        municipality: case.municipality.to_string(),
        service: case.service.clone(),
        provider: case.provider.to_string(),
        state: case.state.clone(),
        open: case.is_open,
        unread: case.is_unread,
        next: case.next.as_ref().map(|task| next(task, now)),
        last_appeal_day: case.final_from.map(last_day),
        notices: notices(&href, &case.notices),
        application_id: case.application.uuid(),
        approval_id: case.approval.map(crate::domain::values::ids::Id::uuid),
        changed_at: case.changed_at,
        href,
    }
}

fn next(task: &AgendaRow, now: Instant) -> NextTaskView {
    NextTaskView {
        task: task.task.clone(),
        role: task.owner.clone(),
        due_on: last_day(task.due_at.0),
        overdue: task.due_at.0 <= now,
    }
}

fn notices(case: &str, notices: &[CaseNotice]) -> Vec<CaseNoticeView> {
    let mut requests = 0;
    let view = |notice: &CaseNotice| CaseNoticeView {
        kind: notice.kind.as_str(),
        href: match notice.kind {
            NoticeKind::CompletionRequest => {
                requests += 1;
                format!("{case}/completion-requests/{requests}/letter")
            }
            kind => kind.letter().map_or_else(|| case.to_owned(), |it| format!("{case}/{it}")),
        },
        issued_at: notice.issued_at,
        opened_at: notice.opened_at,
    };
    notices.iter().map(view).collect()
}
