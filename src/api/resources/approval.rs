//! Approvals: the public search, and the case.

pub mod lookup;
pub mod search;

use actix_web::{HttpRequest, HttpResponse, get, http::StatusCode, web::Path};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::prior_notice::PriorNoticeView;
use crate::{
    api::{
        AppData,
        extract::{
            as_of::{AsOf, AsOfQuery},
            caller::Caller,
            locale::ReaderLanguage,
            negotiation::PublicAnswer,
            preconditions::respond_private,
        },
        problem::{HttpError, PrivateProblems, Problem, ReadProblems, sentences},
        public_read::OptionalCaller,
        view::{Viewer, WithActions},
    },
    commands::{self, Tx, approval::ApprovalCase},
    domain::{
        access::AccessLogEntry,
        approval::{RevocationProposal, StandStill},
        error::{DomainError, Noun},
        role::Party,
        rules::impartiality::Impartiality,
        values::ids::Revision,
    },
    json::{ActionForm, public::ApprovalView},
    store::{Failure, Session},
};

/// An approval as its parties see it, also before it is public.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApprovalCase)]
pub struct ApprovalCaseView {
    /// The approval.
    #[serde(flatten)]
    record: ApprovalView,
    /// The application behind it.
    application_id: uuid::Uuid,
    /// The last day of the stand-still, if procurement rules require one; omitted before notice of the decision was
    /// sent.
    stand_still_until: Option<NaiveDate>,
    /// Prior notices about it, the oldest first.
    prior_notices: Vec<PriorNoticeView>,
    /// Impartiality of the people who handle it after the approval.
    impartiality: Impartiality,
    /// A proposal to revoke it without a prior notice; not for the provider.
    revocation_proposal: Option<RevocationProposal>,
    /// The caller's possible actions.
    actions: Vec<ActionForm>,
}

/// The public view, with the caller's actions if it has any.
type ApprovalAnswer = WithActions<ApprovalView>;

/// One approval.
///
/// Also after it has ended: it says when, and on which grounds it was revoked.
///
/// With a token whose role has commands here, `actions` lists the commands of that caller.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalGet", security((), ("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the approval"), AsOfQuery),
    responses(
        (status = 200, description = "The approval.", body = ApprovalAnswer),
        (status = 304, description = "The reader has it already."),
        (
            status = 410, description = "It was removed from the register: its contract was recorded by mistake.",
            body = Problem, content_type = "application/problem+json"
        ),
        ReadProblems,
    ),
)]
#[get("/approvals/{id}")]
pub(crate) async fn approval_get(
    request: HttpRequest,
    id: Path<uuid::Uuid>,
    times: AsOf,
    by: OptionalCaller,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = *id;
    let actions = by.actions::<ApprovalCase>(&state, times, &id).await?;
    state
        .public_read(&request, times, false, move |_, as_of| {
            let view = as_of.approval(id).map(|seen| seen.to_view()).ok_or_else(|| {
                as_of
                    .removed_at(id)
                    .map_or_else(|| DomainError::not_found(Noun::Approval).into(), gone)
            })?;
            PublicAnswer::with_actions(&view, Some(Revision(view.record.revision)), actions)
        })
        .await
}

fn gone(at: DateTime<Utc>) -> Problem {
    let detail = sentences::gone_approval(at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    Problem::edge(HttpError::Gone, detail)
}

/// An approval's case.
///
/// For its parties, also before it is public, with prior notices and possible actions.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalCaseGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the approval")),
    responses((status = 200, description = "The approval.", body = ApprovalCaseView), PrivateProblems),
)]
#[get("/approvals/{id}/case")]
pub(crate) async fn approval_case_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    language: ReaderLanguage,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let now = state.context.now();
    let (revision, view) = state
        .read_private(by.reader(), move |session, state| {
            let mut tx = Tx::new(session, state.environment(), now);
            let case = commands::load::<ApprovalCase>(&mut tx, &id, &by.role)?;
            let viewer = Viewer { caller: &by.caller, now, language };
            let view = case_view(session, &case, viewer)?;
            Ok(((case.approval.revision, view), vec![AccessLogEntry::from(&case.approval)]))
        })
        .await?;
    Ok(respond_private(StatusCode::OK, revision, &view))
}

fn case_view(
    session: &mut Session<'_>,
    case: &ApprovalCase,
    viewer: Viewer<'_>,
) -> Result<ApprovalCaseView, Failure> {
    let approval = &case.approval;
    let notices = session.prior_notices_of(approval.id)?;
    let is_municipal = viewer.caller.role.is_municipal();
    Ok(ApprovalCaseView {
        record: session.approval_view(approval, viewer.now)?,
        application_id: approval.application.uuid(),
        prior_notices: notices.iter().map(|it| viewer.view(it)).collect(),
        stand_still_until: approval.stand_still.and_then(StandStill::last_day),
        impartiality: approval.impartiality.clone(),
        revocation_proposal: approval.proposal.clone().filter(|_| is_municipal),
        actions: viewer.actions(case),
    })
}
