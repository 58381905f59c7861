//! Offerings: published versions for everyone, the draft of the next one for the editor.

use actix_web::{HttpRequest, HttpResponse, get, http::StatusCode, patch, post, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Shared,
    body::{Patch, Said},
    caller::By,
    condition::{Expected, created, public, shown},
    page::{Asked, Page, Slice},
    problem::{ActProblems, FaultView, PrivateProblems, Problem, ReadProblems},
};
use crate::{
    catalogue::Catalogue,
    document::{offering::ContentForm, public::OfferingRecord},
    domain::{
        Change,
        fault::Fault,
        faults::Faults,
        ids::OfferingId,
        offering::{Offering, State},
        refusal::Refusal,
        role::Editor,
    },
    store::{Done, Failure, Session},
};

/// A new offering.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"service": "personal-assistance"}))]
pub struct OfferingBody {
    /// The code of the service, see `/v1/service-types`.
    #[schema(required, nullable = false, max_length = 60)]
    service: Option<String>,
    /// What is known so far.
    #[serde(default)]
    content: ContentForm,
}

/// The next version of an offering in the making.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OfferingDraft)]
pub struct DraftView {
    /// The offering's id.
    id: uuid::Uuid,
    /// The municipality's number.
    municipality: String,
    /// The code of the service.
    service: String,
    /// `draft` until the first version is published, then `published`.
    state: String,
    /// The version in force, where one is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    version: Option<i32>,
    /// What the next version will say.
    content: ContentForm,
    /// What must still be said before it can be published.
    missing: Vec<FaultView>,
    /// What the editor may do now.
    actions: Vec<String>,
}

/// What a list of offerings can be asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct OfferingQuery {
    /// Only those of this municipality; a former number leads to the present one.
    #[param(example = "4204")]
    municipality: Option<String>,
    /// Only those of this service.
    #[param(example = "personal-assistance")]
    service: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// Published offerings.
///
/// The version in force of each, in the order in which they were created.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringList", security(), params(OfferingQuery),
    responses((status = 200, description = "A page of offerings.", body = Page<OfferingRecord>), ReadProblems),
)]
#[get("/offerings")]
pub(crate) async fn offering_list(
    request: HttpRequest,
    asked: Asked<OfferingQuery>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let Asked(query) = asked;
    let slice = Slice::of(&request, query.limit, query.cursor.as_deref())?;
    let municipality = state.catalogue.present_number(query.municipality);
    let after = slice.after.as_ref().and_then(|key| key.parse().ok());
    let snapshot = state.register.snapshot();
    let items = snapshot
        .offerings_after(after)
        .filter(|offering| municipality.as_ref().is_none_or(|m| offering.municipality == *m))
        .filter(|offering| query.service.as_ref().is_none_or(|s| offering.service == *s))
        .take(slice.fetch())
        .cloned()
        .collect();
    let page = slice.page(items, |offering: &OfferingRecord| offering.id.to_string());
    Ok(public(&request, None, &page))
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
    by: By<Editor>,
    said: Said<OfferingBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let Said(OfferingBody { service, content }) = said;
    let id = state.context.id();
    let (offering, view) = state
        .act(by.stamp(&state.context), move |session, state, _| {
            let mut faults = Faults::default();
            let service =
                faults.parse("/service", service, |code| state.catalogue.choosable_service(code));
            for wrong in wrong(&content, &state.catalogue) {
                faults.add(format!("/content{}", wrong.pointer), wrong.fault);
            }
            let service = match service {
                Some(service) if faults.is_empty() => service,
                _ => return Err(Refusal::validation(faults).into()),
            };
            if let Some(existing) = session.offering_of(&by.role.municipality, &service)? {
                let draft = format!("/v1/offerings/{}/draft", existing.id);
                return Err(Refusal::offering_exists(draft).into());
            }
            let Change { value, event } = Offering::draft(id, service, &by.role);
            session.keep_offering(&value, &content, None)?;
            let view = draft_view(session, &value, content, &state.catalogue)?;
            Ok(Done { event, public: None, also: vec![], answer: (value, view) })
        })
        .await?;
    let location = format!("/v1/offerings/{}/draft", offering.id);
    Ok(created(location, offering.revision, &view))
}

/// One offering.
///
/// The version in force.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringGet", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses(
        (status = 200, description = "The offering.", body = OfferingRecord),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/offerings/{id}")]
pub(crate) async fn offering_get(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let snapshot = state.register.snapshot();
    let offering = snapshot.offering(*id).ok_or_else(|| Refusal::not_found("offering"))?;
    Ok(public(&request, None, offering))
}

/// The versions of an offering.
///
/// All that were ever published, the first first.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringVersionList", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the offering")),
    responses((status = 200, description = "All versions.", body = Vec<OfferingRecord>), ReadProblems),
)]
#[get("/offerings/{id}/versions")]
pub(crate) async fn offering_version_list(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let snapshot = state.register.snapshot();
    let versions: Vec<_> = snapshot.versions(*id).collect();
    if versions.is_empty() {
        return Err(Refusal::not_found("offering").into());
    }
    Ok(public(&request, None, &versions))
}

/// One version of an offering.
///
/// A published version never changes.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringVersionGet", security(),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("number" = i32, Path, description = "Number of the version, from 1"),
    ),
    responses(
        (status = 200, description = "The version.", body = OfferingRecord),
        (status = 304, description = "The reader has it already."),
        ReadProblems,
    ),
)]
#[get("/offerings/{id}/versions/{number}")]
pub(crate) async fn offering_version_get(
    request: HttpRequest,
    path: Path<(uuid::Uuid, i32)>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let snapshot = state.register.snapshot();
    let version = snapshot.version(path.0, path.1);
    Ok(public(&request, None, version.ok_or_else(|| Refusal::not_found("version"))?))
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
    by: By<Editor>,
    id: Path<uuid::Uuid>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = OfferingId::new(*id);
    let (revision, view) = state
        .read(move |session, state| {
            let (offering, said) = own(session, id, &by.role)?;
            Ok((offering.revision, draft_view(session, &offering, said, &state.catalogue)?))
        })
        .await?;
    Ok(shown(StatusCode::OK, revision, &view))
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
    by: By<Editor>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    patch: Patch,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = OfferingId::new(*id);
    let role = by.role.clone();
    let (seen, before) = state.read(move |session, _| own(session, id, &role)).await?;
    expected.matches(seen.revision)?;
    let content = patch.apply(&before)?;
    let (revision, view) = state
        .act(by.stamp(&state.context), move |session, state, _| {
            let (offering, _) = own(session, id, &by.role)?;
            expected.matches(offering.revision)?;
            let mut faults = Faults::default();
            for wrong in wrong(&content, &state.catalogue) {
                faults.add(wrong.pointer, wrong.fault);
            }
            if !faults.is_empty() {
                return Err(Refusal::validation(faults).into());
            }
            let change = offering.change_draft(&by.role)?;
            session.keep_offering(&change.value, &content, Some(expected.0))?;
            let view = draft_view(session, &change.value, content, &state.catalogue)?;
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

/// Publish the draft.
///
/// It becomes the next version, in force and public at once. Everything that is missing is said in one answer.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringPublish", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("If-Match" = String, Header, description = "The ETag of the draft that was read"),
    ),
    responses((status = 201, description = "The published version.", body = OfferingRecord), ActProblems),
)]
#[post("/offerings/{id}/publication")]
pub(crate) async fn offering_publish(
    by: By<Editor>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = OfferingId::new(*id);
    let (revision, record) = state
        .act(by.stamp(&state.context), move |session, state, now| {
            let (offering, said) = own(session, id, &by.role)?;
            expected.matches(offering.revision)?;
            let municipality = session.municipality(&offering.municipality)?;
            let mut faults = Faults::default();
            let content = said.read(&state.catalogue).map_err(|f| faults.extend(f)).ok();
            if municipality.is_none() {
                let detail =
                    "Put contact, deciding body and appeal body at /v1/municipalities/{number}.";
                faults.add("", Fault::new("municipality-not-set-up", detail));
            }
            let (Some(content), Some(municipality)) = (content, municipality) else {
                return Err(Refusal::offering_incomplete(faults).into());
            };
            let change = offering.publish(content, &municipality, &by.role, now)?;
            let (offering, version) = change.value;
            session.keep_offering(&offering, &said, Some(expected.0))?;
            session.keep_version(&version, &said)?;
            let record = OfferingRecord::of(&offering, &version, said);
            let public = Some(record.clone().into());
            Ok(Done {
                event: change.event,
                public,
                also: vec![],
                answer: (offering.revision, record),
            })
        })
        .await?;
    let location = format!("/v1/offerings/{id}/versions/{}", record.version);
    Ok(created(location, revision, &record))
}

/// What is there but wrong; a draft may lack things, but not be wrong.
fn wrong(content: &ContentForm, catalogue: &Catalogue) -> Vec<crate::domain::faults::FieldFault> {
    content.read(catalogue).err().map_or_else(Vec::new, |faults| faults.split().1)
}

fn own(
    session: &mut Session<'_>,
    id: OfferingId,
    by: &Editor,
) -> Result<(Offering, ContentForm), Failure> {
    let (offering, said) = session.offering(id)?.ok_or_else(|| Refusal::not_found("offering"))?;
    offering.owned_by(by)?;
    Ok((offering, said))
}

fn draft_view(
    session: &mut Session<'_>,
    offering: &Offering,
    content: ContentForm,
    catalogue: &Catalogue,
) -> Result<DraftView, Failure> {
    let missing = content.read(catalogue).err().map_or_else(Vec::new, Faults::into_vec);
    let mut missing: Vec<FaultView> = missing.into_iter().map(FaultView::from).collect();
    if session.municipality(&offering.municipality)?.is_none() {
        missing.push(FaultView {
            pointer: Some(String::new()),
            parameter: None,
            code: "municipality-not-set-up".to_owned(),
            detail: format!("Put its settings at /v1/municipalities/{}.", offering.municipality),
        });
    }
    Ok(DraftView {
        id: offering.id.uuid(),
        municipality: offering.municipality.to_string(),
        service: offering.service.to_string(),
        state: offering.state.as_str().to_owned(),
        version: match offering.state {
            State::Draft => None,
            State::Published { version } => Some(version.0),
        },
        content,
        missing,
        actions: offering.acts().into_iter().map(str::to_owned).collect(),
    })
}
