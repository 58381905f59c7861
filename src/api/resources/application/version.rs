//! The applicant asks to be assessed by a newer version.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ApplicationView, load, load_context, view};
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        application::guard::CaseContext,
        error::DomainError,
        offering::VersionNumber,
        role::{Party, ProviderUser},
        validation::ValidationErrors,
        value_error::ValueError,
        values::ids::ApplicationId,
    },
    store::Done,
};

/// The version that the applicant asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = VersionBody, example = json!({"version": 2}))]
pub(crate) struct VersionBody {
    /// The number of a published version, newer than the one that applies now.
    #[schema(required, minimum = 2)]
    version: Option<i32>,
}

/// Ask for a newer version.
///
/// An application is assessed by the version in force when it came in. Before the decision the applicant may ask to be
/// assessed by a newer one. Lines whose criterion it words otherwise, or lacks, are open again.
#[utoipa::path(
    tag = "applications", operation_id = "applicationChangeVersion", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = VersionBody,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/version")]
pub(crate) async fn application_change_version(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<VersionBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let number = errors.require("/version", body.0.version);
    let number = VersionNumber(errors.finish(number).map_err(DomainError::validation)?);
    let id = ApplicationId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::Provider(by.role.organisation.clone());
            let (application, (offering, pinned)) = load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let published =
                VersionNumber(1)..=offering.lifecycle.version().unwrap_or(VersionNumber(0));
            if !published.contains(&number) {
                let error = ValueError::new("unknown-version", "Name a version that is published.");
                return Err(DomainError::invalid("/version", error).into());
            }
            let newer = session.content(offering.id, number, &state.catalogue)?;
            let change = application.change_version(&pinned, (number, &newer), &by.role)?;
            session.save_application(&change.value, Some(expected.0))?;
            let (municipality, places) = load_context(session, state, (&offering, &newer), now)?;
            let case_context =
                CaseContext { municipality: &municipality, content: &newer, places: &places, now };
            let view = view(&change.value, case_context, &by.caller);
            let answer = (change.value.revision, view);
            Ok(Done { event: change.event, public: None, related: vec![], answer })
        })
        .await
}
