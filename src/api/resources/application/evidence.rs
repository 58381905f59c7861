//! Evidence of an application: attached in words or as a file of the provider's own, and what is covered.

use actix_web::{HttpResponse, post, web::Path};

use super::{ApplicationView, act_reading, execute};
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
    },
    domain::{
        application::{
            Application, ApplicationCommand, ApplicationState as Stage, guard::CaseContext,
        },
        error::DomainError,
        role::{Party, ProviderUser},
        values::ids::{ApplicationId, EvidenceId},
    },
    json::{
        application::{Attachment, AttachmentForm, EvidenceView, FileState},
        evidence::CoverageForm,
    },
    store::{Failure, Session},
};

/// The most files that coverage looks at, the youngest.
const MOST_FILES: i64 = 1000;

/// Attach evidence.
///
/// A file of the provider's own by its `evidenceId`, with `consent` that this case may see it; or in words: what it
/// is and when it was issued, and the digest of a file that is kept elsewhere. A police certificate is never sent in:
/// say only when the routine was seen.
#[utoipa::path(
    tag = "applications", operation_id = "applicationAttach", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = AttachmentForm,
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/evidence")]
pub(crate) async fn application_attach(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<AttachmentForm>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (application, piece) = (ApplicationId::new(*id), state.context.id());
    match body.0.read(piece)? {
        Attachment::Said(evidence) => {
            execute(&state, by, application, expected, move |application, by, case_context| {
                if matches!(application.state, Stage::Approved(..)) {
                    return application.renew_evidence(
                        evidence,
                        case_context.content,
                        &by.role,
                        case_context.now,
                    );
                }
                application.attach(evidence, case_context.content, &by.role, case_context.now)
            })
            .await
        }
        Attachment::File(file, criterion) => {
            let limit = state.vault.limits.case;
            // In the command's transaction, so that the file is not removed before the case is shown it.
            act_reading(
                &state,
                by,
                application,
                expected,
                move |session, application, by, case_context| {
                    let file = session.evidence_file(file)?;
                    let file = file.ok_or_else(|| DomainError::not_found("evidence"))?;
                    let place = (piece, criterion);
                    Ok(application.show_file(
                        place,
                        &file,
                        limit,
                        case_context.content,
                        &by.role,
                        case_context.now,
                    )?)
                },
            )
            .await
        }
    }
}

/// Take back a consent.
///
/// The file is taken off the application, which must not have been submitted: from then on the case rests on it.
#[utoipa::path(
    tag = "applications", operation_id = "applicationWithdrawConsent", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("evidence" = uuid::Uuid, Path, description = "Id of the evidence in the application"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    responses((status = 200, description = "The application.", body = ApplicationView), ActProblems),
)]
#[post("/applications/{id}/evidence/{evidence}/consent-withdrawal")]
pub(crate) async fn application_withdraw_consent(
    by: Caller<ProviderUser>,
    path: Path<(uuid::Uuid, uuid::Uuid)>,
    expected: IfMatch,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (id, evidence) = (ApplicationId::new(path.0), EvidenceId::new(path.1));
    execute(&state, by, id, expected, move |application, by, _| {
        application.withdraw_consent(evidence, &by.role)
    })
    .await
}

/// What the provider's own files cover, for the provider while it can attach them.
pub(super) fn coverage(
    session: &mut Session<'_>,
    application: &Application,
    case_context: CaseContext<'_>,
    party: &Party,
) -> Result<Option<Vec<CoverageForm>>, Failure> {
    let Party::Provider(provider) = party else { return Ok(None) };
    if application.may(ApplicationCommand::Supply).is_err() {
        return Ok(None);
    }
    let files = session.latest_evidence_files(provider, MOST_FILES)?;
    let coverage = application.coverage(&files, case_context.content, case_context.now);
    Ok(Some(coverage.iter().map(Into::into).collect()))
}

/// Adds the scan state of each file in a case.
pub(super) fn add_scan_states(
    session: &mut Session<'_>,
    pieces: &mut [EvidenceView],
) -> Result<(), Failure> {
    for piece in pieces {
        if let Some(file) = piece.file() {
            let file = session.evidence_file(file)?;
            piece.file_state = file.map(|file| FileState(file.state.as_str()));
        }
    }
    Ok(())
}
