//! Applications: the provider's draft and submission, the municipality's assessment.

pub mod assessment;
mod case;
pub(crate) mod evidence;
mod list;
pub(crate) mod version;

pub(crate) use self::case::{
    ApplicationView, act_reading, criterion, execute, load, load_context, seen_by, view,
};
pub(crate) use self::list::*;

use actix_web::{HttpResponse, get, http::StatusCode, patch, post, put, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::read_receipt::record_read_receipt;
use crate::{
    api::{
        AppData,
        answer::Created,
        extract::{
            body::{Patch, ValidJson},
            caller::Caller,
            preconditions::{IfMatch, respond_private},
        },
        problem::{ActProblems, PrivateProblems, Problem},
    },
    domain::{
        Change,
        access::AccessLogEntry,
        application::{Application, Dossier, guard::CaseContext},
        error::DomainError,
        offering::OfferingLifecycle,
        role::{CaseParty, Party, ProviderUser},
        validation::ValidationErrors,
        values::{
            ids::{ApplicationId, ApprovalId, OfferingId},
            text::Code,
        },
    },
    json::{ContactForm, application::AnswerForm, each},
    store::Done,
};

/// A new application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"offeringId": "0197f6c8-0000-7000-8000-000000000001"}))]
pub struct ApplicationBody {
    /// The offering applied for.
    #[schema(required)]
    offering_id: Option<uuid::Uuid>,
}

/// What can be patched in a draft.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ApplicationPatch, example = json!({
    "contact": {"name": "Ola Eksempel", "email": "ola@example.no"}, "zones": ["whole"]
}))]
pub struct DraftForm {
    /// The contact person in the case.
    contact: Option<ContactForm>,
    /// The zones applied for.
    #[serde(default)]
    #[schema(max_items = 200)]
    zones: Vec<String>,
    /// The public approval of another organisation, for the same offering, that the applicant takes
    /// over after (agreements cannot be transferred: a merged provider applies anew).
    succeeds: Option<uuid::Uuid>,
}

/// Start an application.
///
/// For a published offering. One open application per provider and offering.
#[utoipa::path(
    tag = "applications", operation_id = "applicationCreate", security(("token" = [])),
    request_body = ApplicationBody,
    responses((status = 201, description = "The new draft, and what it needs.", body = ApplicationView), ActProblems),
)]
#[post("/applications")]
pub(crate) async fn application_create(
    by: Caller<ProviderUser>,
    body: ValidJson<ApplicationBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let offering = errors.require("/offeringId", body.0.offering_id);
    let offering = OfferingId::new(offering.ok_or_else(|| DomainError::validation(errors))?);
    let id = state.context.id();
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let provider = &by.role.organisation;
            let (offering, _) =
                session.offering(offering)?.ok_or_else(|| DomainError::not_found("offering"))?;
            if offering.lifecycle == OfferingLifecycle::Draft {
                return Err(DomainError::not_found("offering").into());
            }
            let open = offering.open(now)?;
            if session.provider(provider)?.is_none() {
                return Err(DomainError::provider_not_registered().into());
            }
            if let Some(existing) = session.open_application(offering.id, provider)? {
                let path = format!("/v1/applications/{existing}");
                return Err(DomainError::duplicate_application(path).into());
            }
            let content = session.content(offering.id, open.version, &state.catalogue)?;
            let Change { value, event } = Application::draft(id, open, &by.role);
            session.save_application(&value, None)?;
            let (municipality, places) = load_context(session, state, (&offering, &content), now)?;
            let case_context = CaseContext {
                municipality: &municipality,
                content: &content,
                places: &places,
                now,
            };
            let view = view(&value, case_context, &by.caller);
            let answer = Created(format!("/v1/applications/{id}"), value.revision, view);
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await
}

/// One application.
///
/// For its provider and for the municipality that handles it. Says what is missing and what can be done
/// now, and to the provider which of its own files cover which criterion, as long as it can attach them. That the provider has read a request for completion is logged, once for each reader.
#[utoipa::path(
    tag = "applications", operation_id = "applicationGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the application")),
    responses((status = 200, description = "The application.", body = ApplicationView), PrivateProblems),
)]
#[get("/applications/{id}")]
pub(crate) async fn application_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(*id);
    record_read_receipt::<Application>(&state, &by, id).await?;
    let (revision, view) = state
        .read_private(by.reader(), move |session, state| {
            let (application, (offering, content)) = load(session, state, id, &by.role)?;
            let now = state.context.now();
            let (municipality, places) = load_context(session, state, (&offering, &content), now)?;
            let case_context = CaseContext {
                municipality: &municipality,
                content: &content,
                places: &places,
                now,
            };
            let mut view = view(&application, case_context, &by.caller);
            view.coverage = evidence::coverage(session, &application, case_context, &by.role)?;
            evidence::add_scan_states(session, &mut view.dossier.evidence)?;
            Ok(((application.revision, view), vec![AccessLogEntry::from(&application)]))
        })
        .await?;
    Ok(respond_private(StatusCode::OK, revision, &view))
}

/// Change contact, zones and predecessor of a draft.
///
/// A JSON Merge Patch (RFC 7396). Only what is there is checked.
#[utoipa::path(
    tag = "applications", operation_id = "applicationPatch", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body(content = DraftForm, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[patch("/applications/{id}")]
pub(crate) async fn application_patch(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    patch: Patch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(*id);
    let party = Party::Provider(by.role.organisation.clone());
    let (seen, _) = state.read(move |session, state| load(session, state, id, &party)).await?;
    expected.matches(seen.revision)?;
    let Dossier { contact, zones, succeeds, .. } = seen.dossier.clone();
    let zones = zones.iter().map(ToString::to_string).collect();
    let (contact, succeeds) = (contact.as_ref().map(Into::into), succeeds.map(ApprovalId::uuid));
    let input = patch.apply(&DraftForm { contact, zones, succeeds })?;
    let mut errors = ValidationErrors::default();
    let contact = input.contact.as_ref().and_then(|form| form.read(&mut errors, "/contact"));
    let zones =
        each(&mut errors, "/zones", &input.zones, |f, at, zone| f.collect(at, Code::parse(zone)));
    let zones = errors.finish(zones).map_err(DomainError::validation)?;
    let succeeds = match input.succeeds.map(ApprovalId::new) {
        None => None,
        Some(approval) => {
            let approval = state.read(move |session, _| Ok(session.approval(approval)?)).await?;
            Some(seen.successor_to(approval.as_ref())?)
        }
    };
    execute(&state, by, id, expected, move |application, by, case_context| {
        application.change_draft(contact, zones, succeeds, case_context.content, &by.role)
    })
    .await
}

/// Answer a criterion.
///
/// For the first time or again, while the application is a draft.
#[utoipa::path(
    tag = "applications", operation_id = "applicationAnswer", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("criterion" = String, Path, description = "Code of the criterion", example = "tax-certificate"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = AnswerForm,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[put("/applications/{id}/answers/{criterion}")]
pub(crate) async fn application_answer(
    by: Caller<ProviderUser>,
    path: Path<(uuid::Uuid, String)>,
    expected: IfMatch,
    body: ValidJson<AnswerForm>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let criterion = criterion(&path.1)?;
    let mut errors = ValidationErrors::default();
    let answer = body.0.read(&mut errors, "");
    let answer = errors.finish(answer).map_err(DomainError::validation)?;
    execute(
        &state,
        by,
        ApplicationId::new(path.0),
        expected,
        move |application, by, case_context| {
            application.answer(criterion, answer, case_context.content, &by.role)
        },
    )
    .await
}

/// Submit.
///
/// Everything is checked, and all that is missing is said in one answer. The version of the
/// offering is pinned, and the receipt has reference and time.
#[utoipa::path(
    tag = "applications", operation_id = "applicationSubmit", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The application with its receipt.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/submission")]
pub(crate) async fn application_submit(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::Provider(by.role.organisation.clone());
            let (application, (offering, content)) = load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let open = offering.open(now)?;
            let admission = session.admission(&offering, &content, &application, now)?;
            let reference = session.next_reference(&application.municipality, now)?;
            let change = application.submit(open, &content, admission, reference, &by.role)?;
            session.save_application(&change.value, Some(expected.0))?;
            let (municipality, places) = load_context(session, state, (&offering, &content), now)?;
            let case_context = CaseContext {
                municipality: &municipality,
                content: &content,
                places: &places,
                now,
            };
            let view = view(&change.value, case_context, &by.caller);
            Ok(Done {
                event: change.event,
                public: None,
                related: vec![],
                answer: (change.value.revision, view),
            })
        })
        .await
}

/// Withdraw.
///
/// While it is not decided.
#[utoipa::path(
    tag = "applications", operation_id = "applicationWithdraw", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/withdrawal")]
pub(crate) async fn application_withdraw(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    execute(&state, by, ApplicationId::new(*id), expected, |application, by, _| {
        application.withdraw(&by.role)
    })
    .await
}

/// Remove the contact person.
///
/// Name, address and telephone are taken out of an application that has ended, by its provider or a case worker. The
/// case, the decision and the letters stay as they are.
#[utoipa::path(
    tag = "applications", operation_id = "applicationRemoveContact", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/contact-removal")]
pub(crate) async fn application_remove_contact(
    by: Caller<CaseParty>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    execute(&state, by, ApplicationId::new(*id), expected, |application, by, case_context| {
        application.remove_contact(&by.role, case_context.now)
    })
    .await
}
