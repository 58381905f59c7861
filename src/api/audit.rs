//! The audit log: the whole journal, for auditors.

use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Shared,
    caller::By,
    negotiation::private,
    page::{Asked, Page, Slice},
    problem::{PrivateProblems, Problem},
};
use crate::{domain::role::Auditor, store::JournalRow};

/// What the journal can be asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// How many at the most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// One row of the journal: who did what to what, when, in which role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditEntry)]
pub struct EntryView {
    /// The position in the journal, without gaps.
    position: i64,
    /// The position in the change feed, where it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    organisation: Option<String>,
    /// Under which request.
    request_id: String,
    /// What happened.
    event: String,
    /// The path of what it happened to.
    subject: String,
    /// The subject's revision afterwards.
    revision: i64,
    /// The municipality concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    municipality: Option<String>,
    /// The provider concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    provider: Option<String>,
    /// Details of the event.
    #[schema(value_type = Object)]
    detail: Box<serde_json::value::RawValue>,
}

/// The journal.
///
/// Every accepted act, in commit order.
#[utoipa::path(
    tag = "audit", operation_id = "auditList", security(("token" = [])), params(AuditQuery),
    responses((status = 200, description = "A page of the journal.", body = Page<EntryView>), PrivateProblems),
)]
#[get("/audit")]
pub(crate) async fn audit_list(
    _by: By<Auditor>,
    request: HttpRequest,
    asked: Asked<AuditQuery>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let Asked(query) = asked;
    let slice = Slice::of(&request, query.limit, query.cursor.as_deref())?;
    let after = slice.after.as_ref().and_then(|key| key.parse().ok()).unwrap_or(0);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let entries = state.read(move |session, _| Ok(session.journal_after(after, fetch)?)).await?;
    let items = entries.into_iter().map(view).collect::<Result<Vec<_>, _>>()?;
    let page = slice.page(items, |item| item.position.to_string());
    Ok(private(&page, &page.page))
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
    })
}
