//! The draft of an offering's next version.

use actix_web::{HttpResponse, get, http::StatusCode, patch, post, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::own;
use crate::{
    api::{
        AppData,
        answer::Created,
        extract::{
            body::{Patch, ValidJson},
            caller::Caller,
            preconditions::{IfMatch, respond_private},
        },
        problem::{ActProblems, FaultView, PrivateProblems, Problem},
    },
    catalogue::Catalogue,
    domain::{
        Change,
        error::DomainError,
        municipality::Municipality,
        offering::{Offering, OfferingState, content::OfferingContent},
        role::Editor,
        validation::{FieldError, ValidationErrors},
        value_error::ValueError,
        values::{ids::OfferingId, time::Instant},
    },
    json::{
        ActionForm,
        offering::{
            ContentForm,
            difference::{self, DifferenceForm},
            lifecycle::OfferingClosureForm,
        },
        public::offering_states,
    },
    store::{CommandOutcome, Done, Failure, Session},
};

/// A new offering.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"service": "personal-assistance"}))]
pub(crate) struct OfferingBody {
    /// The code of the service, see `/v1/service-types`.
    #[schema(required, max_length = 60)]
    service: Option<String>,
    /// What is known so far.
    #[serde(default)]
    content: ContentForm,
}

/// The next version of an offering in the making.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OfferingDraft)]
pub(crate) struct DraftView {
    /// The offering's id.
    id: uuid::Uuid,
    /// The municipality's number.
    municipality: String,
    /// The code of the service.
    service: String,
    /// Where the offering is in its life.
    #[schema(schema_with = offering_states)]
    state: String,
    /// The version in force, where one is published.
    version: Option<i32>,
    /// What is announced of its closing.
    closure: Option<OfferingClosureForm>,
    /// What the next version will say.
    content: ContentForm,
    /// How that differs from the version in force, where one is published.
    changes: Option<Vec<DifferenceForm>>,
    /// What must still be said before it can be published.
    missing: Vec<FaultView>,
    /// What the editor may do now.
    actions: Vec<ActionForm>,
}

/// Start an offering.
///
/// One per municipality and service. Only what is there is checked; reading the draft says what is missing.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringCreate", security(("token" = [])),
    request_body = OfferingBody,
    responses((status = 201, description = "The new draft.", body = DraftView), ActProblems),
)]
#[post("/offerings")]
pub(crate) async fn offering_create(
    by: Caller<Editor>,
    body: ValidJson<OfferingBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let ValidJson(OfferingBody { service, content }) = body;
    let id = state.context.id();
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let mut errors = ValidationErrors::default();
            let service =
                errors.parse("/service", service, |code| state.catalogue.choosable_service(code));
            for wrong in wrong(&content, &state.catalogue) {
                errors.add(format!("/content{}", wrong.pointer), wrong.error);
            }
            let service = match service {
                Some(service) if errors.is_empty() => service,
                _ => return Err(DomainError::validation(errors).into()),
            };
            if let Some((former, body)) = session.offering_of(&by.role.municipality, &service)? {
                if former.state_at(now) != OfferingState::Ended {
                    let draft = format!("/v1/offerings/{}/draft", former.id);
                    return Err(DomainError::offering_exists(draft).into());
                }
                // Its day may have come without anybody noting it yet.
                session.save_offering(&former, &body, Some(former.revision), now)?;
            }
            let Change { value, event } = Offering::draft(id, service, &by.role);
            session.save_offering(&value, &content, None, now)?;
            let view = draft_view(session, &value, content, &state.catalogue, now)?;
            let answer = Created(format!("/v1/offerings/{id}/draft"), value.revision, view);
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await
}

/// The draft of the next version.
///
/// What it says so far, and all that is missing before it can be published.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringDraftGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "The draft.", body = DraftView), PrivateProblems),
)]
#[get("/offerings/{id}/draft")]
pub(crate) async fn offering_draft_get(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = OfferingId::new(*id);
    let (revision, view) = state
        .read(move |session, state| {
            let now = state.context.now();
            let (offering, said) = own(session, id, &by.role)?;
            Ok((offering.revision, draft_view(session, &offering, said, &state.catalogue, now)?))
        })
        .await?;
    Ok(respond_private(StatusCode::OK, revision, &view))
}

/// Change the draft.
///
/// A JSON Merge Patch (RFC 7396): null removes, lists are replaced whole. Only what is there is checked.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringDraftPatch", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body(content = ContentForm, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The draft.", body = DraftView), ActProblems),
)]
#[patch("/offerings/{id}/draft")]
pub(crate) async fn offering_draft_patch(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    patch: Patch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = OfferingId::new(*id);
    let role = by.role.clone();
    let (seen, before) = state.read(move |session, _| own(session, id, &role)).await?;
    expected.matches(seen.revision)?;
    let content = patch.apply(&before)?;
    state
        .execute_if_changed(by.metadata(&state.context), move |session, state, now| {
            let (offering, before) = own(session, id, &by.role)?;
            expected.matches(offering.revision)?;
            let mut errors = ValidationErrors::default();
            for wrong in wrong(&content, &state.catalogue) {
                errors.add(wrong.pointer, wrong.error);
            }
            if !errors.is_empty() {
                return Err(DomainError::validation(errors).into());
            }
            let unchanged = offering.clone();
            let change = offering.change_draft(&by.role, now)?;
            if content == before {
                let view = draft_view(session, &unchanged, content, &state.catalogue, now)?;
                return Ok(CommandOutcome::Unchanged((unchanged.revision, view)));
            }
            session.save_offering(&change.value, &content, Some(expected.0), now)?;
            let view = draft_view(session, &change.value, content, &state.catalogue, now)?;
            let answer = (change.value.revision, view);
            Ok(CommandOutcome::Changed(Done {
                event: change.event,
                public: None,
                related: vec![],
                answer,
            }))
        })
        .await
}

/// What is there but wrong; a draft may lack things, but not be wrong.
fn wrong(content: &ContentForm, catalogue: &Catalogue) -> Vec<FieldError> {
    content.read(catalogue).err().map_or_else(Vec::new, |errors| errors.split().1)
}

/// The draft as complete content, and the municipality that publishes it.
///
/// # Errors
/// `offering-incomplete` with all that is missing.
pub(super) fn complete(
    session: &mut Session<'_>,
    offering: &Offering,
    said: &ContentForm,
    catalogue: &Catalogue,
) -> Result<Result<(OfferingContent, Municipality), DomainError>, Failure> {
    let municipality = session.municipality(&offering.municipality)?;
    let mut errors = ValidationErrors::default();
    let content = said.read(catalogue).map_err(|found| errors.extend(found)).ok();
    if municipality.is_none() {
        let detail = format!(
            "Put contact, deciding body and appeal body at /v1/municipalities/{}.",
            offering.municipality
        );
        errors.add("", ValueError::new("municipality-not-set-up", detail));
    }
    Ok(content.zip(municipality).ok_or_else(|| DomainError::offering_incomplete(errors)))
}

fn draft_view(
    session: &mut Session<'_>,
    offering: &Offering,
    content: ContentForm,
    catalogue: &Catalogue,
    now: Instant,
) -> Result<DraftView, Failure> {
    let complete = complete(session, offering, &content, catalogue)?;
    let complete = complete.as_ref().map(|(content, _)| content).map_err(DomainError::clone);
    let missing = complete.as_ref().err().map_or_else(Vec::new, |refusal| refusal.errors.clone());
    let version = offering.lifecycle.version();
    let published = session.in_force(offering)?;
    let in_force = published.as_ref().map(|it| it.content(offering.id, catalogue)).transpose()?;
    let actions = offering.actions(in_force.as_ref(), complete, now);
    Ok(DraftView {
        id: offering.id.uuid(),
        municipality: offering.municipality.to_string(),
        service: offering.service.to_string(),
        state: offering.state_at(now).as_str().to_owned(),
        version: version.map(|number| number.0),
        closure: OfferingClosureForm::of(&offering.lifecycle),
        changes: published.map(|it| difference::between(&it.said, &content)),
        content,
        missing: missing.into_iter().map(FaultView::from).collect(),
        actions: actions.iter().map(Into::into).collect(),
    })
}
