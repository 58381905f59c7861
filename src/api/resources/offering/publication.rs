//! The publication of a version, and what it touches.

use actix_web::{HttpResponse, post, web::Path};
use serde::Serialize;
use utoipa::ToSchema;

use super::{draft::complete, own};
use crate::{
    api::{
        AppData,
        answer::Created,
        extract::{caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        role::Editor,
        values::{
            ids::{ApplicationId, OfferingId},
            time::Instant,
        },
    },
    json::{
        offering::{
            ContentForm,
            difference::{self, DifferenceForm},
        },
        public::OfferingRecord,
    },
    store::{Done, Failure, Session},
};

/// A version that was published just now, as its editor sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Publication)]
pub(crate) struct PublicationView {
    /// The version.
    #[serde(flatten)]
    record: OfferingRecord,
    /// How it differs from the former one.
    changes: Vec<DifferenceForm>,
    /// What goes on under an older version. Nothing in it changes by itself.
    touched: TouchedView,
}

/// What goes on under an older version.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Touched)]
pub(crate) struct TouchedView {
    /// Approvals that stand: their own version governs them.
    approvals: Vec<uuid::Uuid>,
    /// Open applications: assessed by the version they pinned, unless the applicant asks for the newer.
    applications: Vec<uuid::Uuid>,
}

/// Publish the draft.
///
/// It becomes the next version, in force and public at once. Everything that is missing is said in one answer. The answer
/// says how it differs from the former version, and which approvals and open applications go on under an older one.
#[utoipa::path(
    tag = "offerings", operation_id = "offeringPublish", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the offering"),
        ("If-Match" = String, Header, description = "The ETag of the draft that was read"),
    ),
    responses((status = 201, description = "The published version.", body = PublicationView), ActProblems),
)]
#[post("/offerings/{id}/publication")]
pub(crate) async fn offering_publish(
    by: Caller<Editor>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = OfferingId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let (offering, said) = own(session, id, &by.role)?;
            expected.matches(offering.revision)?;
            let complete = complete(session, &offering, &said, &state.catalogue)?;
            let (content, municipality) = complete?;
            let (former, in_force) = match session.in_force(&offering)? {
                None => (ContentForm::default(), None),
                Some(it) => {
                    let content = it.content(id, &state.catalogue)?;
                    (it.said, Some(content))
                }
            };
            let change =
                offering.publish(content, in_force.as_ref(), &municipality, &by.role, now)?;
            let (offering, version) = change.value;
            session.save_offering(&offering, &said, Some(expected.0), now)?;
            session.save_version(&version, &said)?;
            let view = PublicationView {
                changes: difference::between(&former, &said),
                touched: touched(session, id, now)?,
                record: OfferingRecord::of(&offering, (version.number, now), said, now),
            };
            let public = Some(view.record.clone().into());
            let location = format!("/v1/offerings/{id}/versions/{}", version.number.0);
            let answer = Created(location, offering.revision, view);
            Ok(Done { event: change.event, public, related: vec![], answer })
        })
        .await
}

fn touched(
    session: &mut Session<'_>,
    id: OfferingId,
    now: Instant,
) -> Result<TouchedView, Failure> {
    let approvals = session.active_approvals(id, now)?;
    Ok(TouchedView {
        approvals: approvals.into_iter().map(|approval| approval.id.uuid()).collect(),
        applications: session.open_cases(id)?.into_iter().map(ApplicationId::uuid).collect(),
    })
}
