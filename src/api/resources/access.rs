//! Access log: a provider reads the accesses of other organisations to its files.

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema, openapi::schema::Object};

use crate::{
    api::{
        AppData,
        extract::{
            caller::Caller,
            negotiation::private,
            page::{Page, PageLimit, PageRequest, positive},
            query::ValidQuery,
        },
        problem::{PrivateProblems, Problem},
    },
    commands,
    domain::{
        access::Right,
        error::{DomainError, Noun},
        role::{Party, ProviderUser},
        values::ids::{ApplicationId, ApprovalId},
    },
    json::words,
    store::{AccessRow, CaseFile, Failure, Session},
};

/// Query of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccessQuery {
    /// Maximum number of items.
    #[param(inline, value_type = PageLimit, required = false)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

fn rights() -> Object {
    words("By what right.", Right::ALL.map(Right::as_str))
}

/// A read of a part of the file by another organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccessEntry)]
pub struct AccessView {
    /// When.
    at: DateTime<Utc>,
    /// Name of the reader.
    actor_name: String,
    /// In which role.
    role: String,
    /// For which organisation.
    organisation: String,
    /// Legal right: the municipality that decides, its supervision, or an audit.
    #[schema(schema_with = rights)]
    right: String,
    /// Path of the resource; for the journal, its query.
    subject: String,
    /// Under which request.
    request_id: String,
    #[serde(skip)]
    number: i64,
}

/// Accesses to an application.
///
/// All reads by other organisations of the application, its decisions, appeals and letters, latest first. For
/// its provider, whose own reads are not logged.
#[utoipa::path(
    tag = "applications", operation_id = "applicationAccessList", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the application"), AccessQuery),
    responses((status = 200, description = "A page of the log.", body = Page<AccessView>), PrivateProblems),
)]
#[get("/applications/{id}/accesses")]
pub(crate) async fn application_access_list(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    request: HttpRequest,
    parameters: ValidQuery<AccessQuery>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(*id);
    let party = Party::Provider(by.role.organisation);
    let own = move |session: &mut Session<'_>| {
        commands::application::load(session, id, &party)?;
        Ok(CaseFile::Application(id))
    };
    list(&request, parameters.0, &state, own).await
}

/// Accesses to an approval's case.
///
/// All reads by other organisations of the case, its prior notices, follow-ups and decisions, latest first. For
/// its provider, whose own reads are not logged.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalAccessList", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the approval"), AccessQuery),
    responses((status = 200, description = "A page of the log.", body = Page<AccessView>), PrivateProblems),
)]
#[get("/approvals/{id}/accesses")]
pub(crate) async fn approval_access_list(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    request: HttpRequest,
    parameters: ValidQuery<AccessQuery>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = ApprovalId::new(*id);
    let party = Party::Provider(by.role.organisation);
    let own = move |session: &mut Session<'_>| {
        let approval = session.approval(id)?;
        let own = approval.filter(|it| party.may_see(&it.municipality, &it.provider));
        own.ok_or_else(|| DomainError::not_found(Noun::Approval))?;
        Ok(CaseFile::Approval(id))
    };
    list(&request, parameters.0, &state, own).await
}

async fn list(
    request: &HttpRequest,
    parameters: AccessQuery,
    state: &AppData,
    own: impl FnOnce(&mut Session<'_>) -> Result<CaseFile, Failure> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let slice = PageRequest::of(request, parameters.limit, parameters.cursor.as_deref())?;
    let before = slice.after(positive)?.unwrap_or(i64::MAX);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let rows = state.read(move |session, _| {
        let file = own(session)?;
        Ok(session.accesses(file, before, fetch)?)
    });
    let items = rows.await?.into_iter().map(view).collect();
    let page = slice.page(items, |item: &AccessView| item.number.to_string());
    Ok(private(&page, &page.page))
}

fn view(row: AccessRow) -> AccessView {
    let path = match row.subject_type.as_str() {
        "audit" if row.subject_id.is_empty() => "/v1/audit".to_owned(),
        "audit" => format!("/v1/audit?{}", row.subject_id),
        collection => format!("/v1/{collection}/{}", row.subject_id),
    };
    AccessView {
        at: row.at.0,
        actor_name: row.actor_name,
        role: row.role,
        organisation: row.organisation,
        right: row.basis,
        subject: path,
        request_id: row.request_id,
        number: row.number,
    }
}
