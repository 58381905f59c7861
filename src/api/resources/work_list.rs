//! Work lists: open tasks with deadlines, oldest first.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema, openapi::schema::Object};

use crate::{
    api::{
        AppData,
        extract::{
            caller::Caller,
            negotiation::private,
            page::{Page, PageLimit, PageRequest},
            query::ValidQuery,
        },
        problem::{HttpError, PrivateProblems, Problem, sentences},
    },
    domain::{
        agenda::{Owner, Task},
        role::{Party, Role},
        values::time::{Instant, day_of, end_of_day},
    },
    json::{PageInfo, words},
    store::{AgendaPosition, AgendaRow, Failure, Session, Whose},
};

/// Query of a work list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WorkListQuery {
    /// Role whose tasks are listed, in the caller's municipality; by default the caller's own.
    #[param(inline, value_type = OwnerParameter, required = false)]
    role: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

const OWNERS: [Owner; 4] =
    [Owner::CaseWorker, Owner::DecisionMaker, Owner::Inspector, Owner::Provider];

fn owners() -> Object {
    words("Whose work it is.", OWNERS.map(Owner::as_str))
}

fn tasks() -> Object {
    let open = Task::ALL.iter().filter(|task| task.owner() != Owner::Registry);
    words("Kind of task.", open.map(|task| task.as_str()))
}

crate::json::parameter_schema!(OwnerParameter, owners);

/// Something to do.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WorkItem)]
pub struct WorkItemView {
    /// Kind of task.
    #[schema(schema_with = tasks)]
    task: String,
    /// Path of the subject.
    #[schema(example = "/v1/applications/0197…")]
    subject: String,
    /// The provider that it concerns.
    provider: Option<String>,
    /// The municipality that it concerns.
    municipality: Option<String>,
    /// The last day, by Norwegian local time.
    due_on: NaiveDate,
    /// The end of that day.
    due_at: DateTime<Utc>,
    /// The day is past.
    overdue: bool,
}

/// How much there is to do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WorkCounts)]
pub struct WorkCountsView {
    /// All open items.
    total: i64,
    /// Overdue tasks.
    overdue: i64,
    /// Tasks due today.
    today: i64,
    /// Tasks due within the seven days after today.
    next_seven_days: i64,
    /// Open items by task.
    by_task: std::collections::BTreeMap<String, i64>,
}

/// A work list, with counts over all of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkList)]
pub struct WorkListView {
    /// The counts.
    counts: WorkCountsView,
    /// The items.
    items: Vec<WorkItemView>,
    /// Position of the page in the list.
    page: PageInfo,
}

/// Open tasks.
///
/// The caller's own tasks in the municipality, or those of a colleague's role; a provider's own deadlines in
/// every municipality. Oldest first.
#[utoipa::path(
    tag = "work", operation_id = "workList", security(("token" = [])), params(WorkListQuery),
    responses((status = 200, description = "A page of the list.", body = WorkListView), PrivateProblems),
)]
#[get("/work-list")]
pub(crate) async fn work_list(
    by: Caller<Party>,
    request: HttpRequest,
    parameters: ValidQuery<WorkListQuery>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let whose = whose(&by, query.role.as_deref())?;
    let after = slice.after(AgendaPosition::parse)?.unwrap_or(AgendaPosition::START);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let now = state.context.now();
    let read = move |session: &mut Session<'_>, _: &_| {
        let rows = session.work_items(&whose, &after, fetch)?;
        Ok::<_, Failure>((rows, counts(session, &whose, now)?))
    };
    let (rows, counts) = state.read(read).await?;
    let items = rows.into_iter().map(|row| (AgendaPosition::from(&row), view(row, now))).collect();
    let Page { items, page } =
        slice.page(items, |(place, _): &(AgendaPosition, _)| place.to_string());
    let items = items.into_iter().map(|(_, item)| item).collect();
    let list = WorkListView { counts, items, page };
    Ok(private(&list, &list.page))
}

/// A provider sees its own work, a municipality's people that of each of their roles.
fn whose(by: &Caller<Party>, role: Option<&str>) -> Result<Whose, Problem> {
    let own = match by.caller.role {
        Role::Provider => Owner::Provider,
        Role::DecisionMaker => Owner::DecisionMaker,
        Role::Inspector => Owner::Inspector,
        _ => Owner::CaseWorker,
    };
    let owner = match role {
        None => own,
        Some(value) => OWNERS
            .into_iter()
            .find(|owner| owner.as_str() == value)
            .filter(|owner| (*owner == Owner::Provider) == (own == Owner::Provider))
            .ok_or_else(|| {
                let detail = sentences::invalid_parameter_own_role();
                Problem::parameter(HttpError::InvalidParameter, "role", detail)
            })?,
    };
    let (municipality, provider) = match &by.role {
        Party::Provider(number) => (String::new(), number.to_string()),
        Party::Municipality(number) => (number.to_string(), String::new()),
    };
    Ok(Whose { owner, municipality, provider })
}

fn counts(
    session: &mut Session<'_>,
    whose: &Whose,
    now: Instant,
) -> Result<WorkCountsView, Failure> {
    let today = day_of(now);
    let week = today.checked_add_days(Days::new(7)).unwrap_or(NaiveDate::MAX);
    let mut until = |at| -> Result<i64, Failure> {
        Ok(session.count_items(whose, at)?.iter().map(|(_, count)| count).sum())
    };
    let overdue = until(now)?;
    let by_today = until(end_of_day(today))?;
    let by_week = until(end_of_day(week))?;
    let all = session.count_items(whose, Instant::MAX_UTC)?;
    Ok(WorkCountsView {
        total: all.iter().map(|(_, count)| count).sum(),
        overdue,
        today: by_today - overdue,
        next_seven_days: by_week - by_today,
        by_task: all.into_iter().collect(),
    })
}

/// The day that ends at an instant, the first of the next day.
pub(super) fn last_day(end: Instant) -> NaiveDate {
    day_of(end - TimeDelta::milliseconds(1))
}

fn view(row: AgendaRow, now: Instant) -> WorkItemView {
    let due_at = row.due_at.0;
    WorkItemView {
        task: row.task,
        subject: format!("/v1/{}/{}", row.subject_type, row.subject_id),
        provider: row.provider,
        municipality: row.municipality,
        due_on: last_day(due_at),
        due_at,
        overdue: due_at <= now,
    }
}
