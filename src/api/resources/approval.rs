//! Approvals: the public search, the case, and the contract.

pub mod annulment;
pub mod ending;
pub mod listing;
pub mod lookup;
pub mod search;

pub(in crate::api) mod impartiality;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{self, Path},
};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::prior_notice::PriorNoticeView;
use crate::{
    api::{
        AppData, AppState,
        extract::{
            as_of::{AsOf, AsOfQuery},
            body::ValidJson,
            caller::Caller,
            negotiation::PublicAnswer,
            preconditions::{IfMatch, respond_private},
        },
        problem::{ActProblems, HttpError, PrivateProblems, Problem, ReadProblems},
        view::Viewer,
    },
    commands::{Tx, approval::end_with_offering},
    domain::{
        Change,
        access::AccessLogEntry,
        approval::Approval,
        error::DomainError,
        offering::content::OfferingContent,
        role::{DecisionMaker, Party},
        rules::impartiality::Impartiality,
        validation::ValidationErrors,
        values::ids::{ApprovalId, Revision},
    },
    json::{
        ActionForm,
        approval::ContractForm,
        public::{ApprovalRecord, ApprovalView},
    },
    store::{Done, Failure, Session},
    words::{Locale, Words},
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
    /// The application that it came from.
    application_id: uuid::Uuid,
    /// The last day of the stand-still, where procurement rules demand one.
    stand_still_until: Option<NaiveDate>,
    /// Prior notices about it, the oldest first.
    prior_notices: Vec<PriorNoticeView>,
    /// Who may handle what comes after it.
    impartiality: Impartiality,
    /// What this caller may do now.
    actions: Vec<ActionForm>,
}

/// One approval.
///
/// Also after it has ended: it says when, and on which grounds it was revoked.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalGet", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the approval"), AsOfQuery),
    responses(
        (status = 200, description = "The approval.", body = ApprovalView),
        (status = 304, description = "The reader has it already."),
        (
            status = 410, description = "It was taken out of the register: its contract had been recorded by mistake.",
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
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = *id;
    state
        .public_read(&request, times, false, move |_, as_of| {
            let view = as_of.approval(id).map(|seen| seen.to_view()).ok_or_else(|| {
                as_of.removed_at(id).map_or_else(|| DomainError::not_found("approval").into(), gone)
            })?;
            PublicAnswer::one(&view, Some(Revision(view.record.revision)))
        })
        .await
}

fn gone(at: DateTime<Utc>) -> Problem {
    let detail = format!(
        "The contract had been recorded by mistake, and the approval was taken out of the register at {}.",
        at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    );
    Problem::edge(HttpError::Gone, detail)
}

/// One approval as its parties see it.
///
/// Also before it is public, with prior notices and what can be done now.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalCaseGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the approval")),
    responses((status = 200, description = "The approval.", body = ApprovalCaseView), PrivateProblems),
)]
#[get("/approvals/{id}/case")]
pub(crate) async fn approval_case_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    locale: Locale,
    words: web::Data<Words>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (id, now) = (ApprovalId::new(*id), state.context.now());
    let (revision, view) = state
        .read_private(by.reader(), move |session, state| {
            let approval = own(session, id, &by.role)?;
            let viewer = Viewer { caller: &by.caller, now, locale, words: &words };
            let shown = (approval.revision, case_view(session, state, &approval, &viewer)?);
            Ok((shown, vec![AccessLogEntry::from(&approval)]))
        })
        .await?;
    Ok(respond_private(StatusCode::OK, revision, &view))
}

/// Record the contract.
///
/// From its first day citizens can choose the provider.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalRecordContract", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval's case that was read"),
    ),
    request_body = ContractForm,
    responses((status = 200, description = "The approval.", body = ApprovalView), ActProblems),
)]
#[post("/approvals/{id}/contract")]
pub(crate) async fn approval_record_contract(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ContractForm>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let contract = body.0.read(&mut errors, "");
    let contract = errors.finish(contract).map_err(DomainError::validation)?;
    let id = ApprovalId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let approval = own(session, id, &party)?;
            expected.matches(approval.revision)?;
            let change = approval.record_contract(contract, &by.role, now)?;
            let approval = change.value.clone();
            let mut done = kept(session, change, expected, now)?;
            let tx = &mut Tx::new(session, state.environment(), now);
            end_with_offering(tx, &approval)?;
            let related = tx.take_related();
            if !related.is_empty() {
                let approval = own(session, id, &party)?;
                done.answer = session.approval_view(&approval, now)?;
                done.related.extend(related);
            }
            Ok(done)
        })
        .await
}

/// An approval that the party may see.
pub(super) fn own(
    session: &mut Session<'_>,
    id: ApprovalId,
    party: &Party,
) -> Result<Approval, Failure> {
    let found = session.approval(id)?;
    let own = found.filter(|a| party.may_see(&a.municipality, &a.provider));
    Ok(own.ok_or_else(|| DomainError::not_found("approval"))?)
}

/// Keeps an approval after an act, and tells the public of one that has a contract.
pub(crate) fn kept(
    session: &mut Session<'_>,
    change: Change<Approval>,
    expected: IfMatch,
    now: DateTime<Utc>,
) -> Result<Done<ApprovalView>, Failure> {
    let Change { value, event } = change;
    session.save_approval(&value, Some(expected.0))?;
    let public = ApprovalRecord::published(&value, now);
    let answer = session.approval_view(&value, now)?;
    Ok(Done { event, public, related: vec![], answer })
}

/// The content of the version whose terms govern an approval.
pub(super) fn content(
    session: &mut Session<'_>,
    state: &AppState,
    approval: &Approval,
) -> Result<OfferingContent, Failure> {
    Ok(session.content(approval.offering, approval.version, &state.catalogue)?)
}

fn case_view(
    session: &mut Session<'_>,
    state: &AppState,
    approval: &Approval,
    viewer: &Viewer<'_>,
) -> Result<ApprovalCaseView, Failure> {
    let now = viewer.now;
    let notices = session.prior_notices_of(approval.id)?;
    let content = content(session, state, approval)?;
    let actions = approval.actions(viewer.caller.role, &content, now);
    Ok(ApprovalCaseView {
        record: session.approval_view(approval, now)?,
        application_id: approval.application.uuid(),
        prior_notices: notices.iter().map(|it| viewer.view(it)).collect(),
        stand_still_until: approval.stand_still,
        impartiality: approval.impartiality.clone(),
        actions: actions.iter().map(Into::into).collect(),
    })
}
