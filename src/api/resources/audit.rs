//! The audit log: the whole journal, for auditors.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        AppData,
        extract::{
            as_of::{DayOrInstant, instant},
            caller::Caller,
            negotiation::private,
            page::{Page, PageLimit, PageRequest, positive},
            query::ValidQuery,
        },
        problem::{HttpError, PrivateProblems, Problem, sentences},
    },
    domain::{
        access::AccessLogEntry,
        event::{EventKind, Subject},
        role::Auditor,
    },
    json::one_of,
    store::{Failure, JournalFilter, JournalRow, Session},
};

/// Query of the journal.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only events of this subject, by its path as in an entry, such as `/v1/providers/313000028`.
    subject: Option<String>,
    /// Only commands of an actor, by the actor's key.
    actor: Option<String>,
    /// Only commands for this organisation.
    organisation: Option<String>,
    /// Only events of this kind, such as `approval.revoked`.
    event: Option<String>,
    /// Only from this instant on: an instant such as `2026-03-12T11:00:00Z`, or a day, which means its first instant in Norway.
    #[param(inline, value_type = DayOrInstant, required = false)]
    from: Option<String>,
    /// Only before this instant, in the same forms.
    #[param(inline, value_type = DayOrInstant, required = false)]
    to: Option<String>,
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// One row of the journal: actor, event, subject, time and role.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEntry)]
pub struct EntryView {
    /// The position in the journal, without gaps.
    position: i64,
    /// The position in the change feed, where it is public.
    public_position: Option<i64>,
    /// Its id.
    id: uuid::Uuid,
    /// When.
    at: DateTime<Utc>,
    /// The actor's key.
    actor: String,
    /// The actor's name.
    actor_name: String,
    /// In which role.
    role: String,
    /// For which organisation.
    organisation: Option<String>,
    /// Under which request.
    request_id: String,
    /// Kind of event.
    event: String,
    /// Path of the subject.
    subject: String,
    /// The subject's revision afterwards.
    revision: i64,
    /// The municipality concerned.
    municipality: Option<String>,
    /// The provider concerned.
    provider: Option<String>,
    /// Details of the event.
    #[schema(value_type = Object)]
    detail: Box<serde_json::value::RawValue>,
    /// SHA-256 of the row and of the hash before it, in hexadecimal digits.
    #[schema(min_length = 64, max_length = 64)]
    hash: String,
}

/// The journal.
///
/// Every accepted command, in commit order, or those that match all filters.
#[utoipa::path(
    tag = "audit", operation_id = "auditList", security(("token" = [])), params(AuditQuery),
    responses((status = 200, description = "A page of the journal.", body = Page<EntryView>), PrivateProblems),
)]
#[get("/audit")]
pub(crate) async fn audit_list(
    by: Caller<Auditor>,
    request: HttpRequest,
    parameters: ValidQuery<AuditQuery>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidQuery(query) = parameters;
    let slice = PageRequest::of(&request, query.limit, query.cursor.as_deref())?;
    let after = slice.after(positive)?.unwrap_or(0);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let filter = filter(query)?;
    let (on_page, filters) = (usize::from(slice.limit), filters(&request));
    let read = move |session: &mut Session<'_>, _: &_| {
        let entries = session.journal_found(&filter, after, fetch)?;
        let accesses = accesses(entries.iter().take(on_page), &filters);
        Ok::<_, Failure>((entries, accesses))
    };
    let entries = state.read_private(by.reader(), read).await?;
    let items = entries.into_iter().map(view).collect::<Result<Vec<_>, _>>()?;
    let page = slice.page(items, |item| item.position.to_string());
    Ok(private(&page, &page.page))
}

/// The query without the position of the page; long enough for every legitimate query.
fn filters(request: &HttpRequest) -> String {
    let parts = request.query_string().split('&');
    let filters: Vec<_> = parts.filter(|it| !it.starts_with("cursor=")).collect();
    filters.join("&").chars().take(500).collect()
}

/// The journal itself, and each application and approval on the page.
fn accesses<'a>(
    entries: impl Iterator<Item = &'a JournalRow>,
    filters: &str,
) -> Vec<AccessLogEntry> {
    let mut accesses = vec![AccessLogEntry::at_the_journal(filters.to_owned())];
    for row in entries {
        let subject = Subject::parse(&row.subject_type, &row.subject_id);
        let file = subject.and_then(|it| AccessLogEntry::in_the_journal(filters.to_owned(), &it));
        accesses.extend(file.filter(|file| !accesses.contains(file)));
    }
    accesses
}

fn filter(parameters: AuditQuery) -> Result<JournalFilter, Problem> {
    let AuditQuery { subject, actor, organisation, event, from, to, .. } = parameters;
    let wrong =
        |parameter, detail| Problem::parameter(HttpError::InvalidParameter, parameter, detail);
    let subject = subject.map(|filters| {
        let path = filters.strip_prefix("/v1/").unwrap_or(&filters);
        let subject = path.split_once('/').and_then(|(of, key)| Subject::parse(of, key));
        let subject =
            subject.ok_or_else(|| wrong("subject", sentences::invalid_parameter_subject()))?;
        Ok::<_, Problem>((subject.collection().to_owned(), subject.key()))
    });
    let kind = event.map(|event| {
        let kind = one_of(&event, &EventKind::ALL, EventKind::as_str);
        kind.map(EventKind::as_str).map_err(|error| wrong("event", error.detail))
    });
    Ok(JournalFilter {
        subject: subject.transpose()?,
        actor,
        organisation,
        kind: kind.transpose()?.map(str::to_owned),
        from: from.as_deref().and_then(instant),
        to: to.as_deref().and_then(instant),
    })
}

fn view(row: JournalRow) -> Result<EntryView, Problem> {
    let detail = serde_json::value::RawValue::from_string(row.detail.0);
    Ok(EntryView {
        position: row.position,
        public_position: row.public_position,
        id: row.id.0,
        at: row.at.0,
        actor: row.actor,
        actor_name: row.actor_name,
        role: row.role,
        organisation: row.organisation,
        request_id: row.request_id,
        event: row.kind,
        subject: format!("/v1/{}/{}", row.subject_type, row.subject_id),
        revision: row.revision,
        municipality: row.municipality,
        provider: row.provider,
        detail: detail.map_err(|error| Problem::internal(&error))?,
        hash: hex::encode(&row.hash),
    })
}
