//! Applications: the provider's draft and submission, the municipality's assessment.

mod case;
pub(crate) mod version;

pub(crate) use case::{ApplicationView, act, criterion, load, view};

use actix_web::{HttpRequest, HttpResponse, get, http::StatusCode, patch, post, put, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Shared,
    body::{Patch, Said},
    caller::By,
    condition::{Expected, created, shown},
    page::{Asked, Page, Slice},
    problem::{ActProblems, PrivateProblems, Problem},
};
use case::{STATES, StateParameter};

use crate::{
    document::{
        ContactForm,
        application::{AnswerForm, DossierForm, EvidenceForm},
        each, one_of,
    },
    domain::{
        Change,
        application::Application,
        faults::Faults,
        ids::{ApplicationId, OfferingId},
        offering::Life,
        refusal::Refusal,
        role::{Party, ProviderUser, Role},
        text::Code,
    },
    store::Done,
};

/// A new application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"offeringId": "0197f6c8-0000-7000-8000-000000000001"}))]
pub struct ApplicationBody {
    /// The offering applied for.
    #[schema(required, nullable = false)]
    offering_id: Option<uuid::Uuid>,
}

/// What can be patched in a draft.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ApplicationPatch, example = json!({
    "contact": {"name": "Ola Eksempel", "email": "ola@example.no"}, "zones": ["whole"]
}))]
pub struct DraftForm {
    /// The contact person in the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    contact: Option<ContactForm>,
    /// The zones applied for.
    #[serde(default)]
    #[schema(max_items = 200)]
    zones: Vec<String>,
}

/// What a list of applications can be asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationQuery {
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
    by: By<Party>,
    request: HttpRequest,
    asked: Asked<ApplicationQuery>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let Asked(query) = asked;
    let slice = Slice::of(&request, query.limit, query.cursor.as_deref())?;
    let wanted = query.state;
    if let Some(wanted) = &wanted {
        one_of(wanted, &STATES, |name| name).map_err(|fault| {
            Problem::parameter(super::problem::Edge::InvalidParameter, "state", fault.detail)
        })?;
    }
    let after = slice.after.as_ref().and_then(|key| key.parse().ok()).map(ApplicationId::new);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let items = state
        .read(move |session, _| {
            let found = session.applications(&by.role, wanted.as_deref(), after, fetch)?;
            Ok(found.iter().map(|a| view(a, None, by.caller.role)).collect::<Vec<_>>())
        })
        .await?;
    let page = slice.page(items, |item| item.id.to_string());
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(page))
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
    by: By<ProviderUser>,
    said: Said<ApplicationBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let offering = faults.need("/offeringId", said.0.offering_id);
    let offering = OfferingId::new(offering.ok_or_else(|| Refusal::validation(faults))?);
    let id = state.context.id();
    let (revision, view) = state
        .act(by.stamp(&state.context), move |session, state, now| {
            let provider = &by.role.organisation;
            let (offering, _) =
                session.offering(offering)?.ok_or_else(|| Refusal::not_found("offering"))?;
            if offering.life == Life::Draft {
                return Err(Refusal::not_found("offering").into());
            }
            let open = offering.open(now)?;
            if session.provider(provider)?.is_none() {
                return Err(Refusal::provider_not_registered().into());
            }
            if let Some(existing) = session.open_application(offering.id, provider)? {
                let path = format!("/v1/applications/{existing}");
                return Err(Refusal::duplicate_application(path).into());
            }
            let content = session.content(offering.id, open.version, &state.catalogue)?;
            let Change { value, event } = Application::draft(id, open, &by.role);
            session.keep_application(&value, None)?;
            let answer = (value.revision, view(&value, Some((&content, now)), Role::Provider));
            Ok(Done { event, public: None, also: vec![], answer })
        })
        .await?;
    Ok(created(format!("/v1/applications/{id}"), revision, &view))
}

/// One application.
///
/// For its provider and for the municipality that handles it. Says what is missing and what can be done now.
#[utoipa::path(
    tag = "applications", operation_id = "applicationGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the application")),
    responses((status = 200, description = "The application.", body = ApplicationView), PrivateProblems),
)]
#[get("/applications/{id}")]
pub(crate) async fn application_get(
    by: By<Party>,
    id: Path<uuid::Uuid>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(*id);
    let (revision, view) = state
        .read(move |session, state| {
            let (application, content) = load(session, state, id, &by.role)?;
            let measured = Some((&content.1, state.context.now()));
            Ok((application.revision, view(&application, measured, by.caller.role)))
        })
        .await?;
    Ok(shown(StatusCode::OK, revision, &view))
}

/// Change contact and zones of a draft.
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
    by: By<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    patch: Patch,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(*id);
    let party = Party::Provider(by.role.organisation.clone());
    let (seen, _) = state.read(move |session, state| load(session, state, id, &party)).await?;
    expected.matches(seen.revision)?;
    let kept = DossierForm::from(&seen.dossier);
    let said = patch.apply(&DraftForm { contact: kept.contact, zones: kept.zones })?;
    let mut faults = Faults::default();
    let contact = said.contact.as_ref().and_then(|form| form.read(&mut faults, "/contact"));
    let zones =
        each(&mut faults, "/zones", &said.zones, |f, at, zone| f.take(at, Code::parse(zone)));
    let zones = faults.settle(zones).map_err(Refusal::validation)?;
    act(&state, by, id, expected, move |application, content, by, _| {
        application.change_draft(contact, zones, content, &by.role)
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
    by: By<ProviderUser>,
    path: Path<(uuid::Uuid, String)>,
    expected: Expected,
    said: Said<AnswerForm>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let criterion = criterion(&path.1)?;
    let mut faults = Faults::default();
    let answer = said.0.read(&mut faults, "");
    let answer = faults.settle(answer).map_err(Refusal::validation)?;
    act(&state, by, ApplicationId::new(path.0), expected, move |application, content, by, _| {
        application.answer(criterion, answer, content, &by.role)
    })
    .await
}

/// Attach evidence.
///
/// What it is, when it was issued, and the digest of the file. A police certificate is never sent
/// in: say only when the routine was seen.
#[utoipa::path(
    tag = "applications", operation_id = "applicationAttach", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = EvidenceForm,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/evidence")]
pub(crate) async fn application_attach(
    by: By<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<EvidenceForm>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let evidence = said.0.read(state.context.id(), &mut faults, "");
    let evidence = faults.settle(evidence).map_err(Refusal::validation)?;
    act(&state, by, ApplicationId::new(*id), expected, move |application, content, by, now| {
        application.attach(evidence, content, &by.role, now)
    })
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
    by: By<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(*id);
    let (revision, view) = state
        .act(by.stamp(&state.context), move |session, state, now| {
            let party = Party::Provider(by.role.organisation.clone());
            let (application, (offering, content)) = load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let open = offering.open(now)?;
            let admission = session.admission(&offering, &content, &by.role.organisation, now)?;
            let reference = session.next_reference(&application.municipality, now)?;
            let change = application.submit(open, &content, admission, reference, &by.role)?;
            session.keep_application(&change.value, Some(expected.0))?;
            let view = view(&change.value, Some((&content, now)), Role::Provider);
            Ok(Done {
                event: change.event,
                public: None,
                also: vec![],
                answer: (change.value.revision, view),
            })
        })
        .await?;
    Ok(shown(StatusCode::OK, revision, &view))
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
    by: By<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    act(&state, by, ApplicationId::new(*id), expected, |application, _, by, _| {
        application.withdraw(&by.role)
    })
    .await
}
