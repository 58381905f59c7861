//! Prior notices: the municipality warns, the provider answers.

use actix_web::{HttpResponse, get, http::StatusCode, post, web::Path};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    approval::{content, own},
    read_receipt::record_read_receipt,
};
use crate::{
    api::{
        AppData,
        answer::Created,
        extract::{
            body::ValidJson,
            caller::Caller,
            preconditions::{IfMatch, respond_private},
        },
        problem::{ActProblems, PrivateProblems, Problem},
    },
    commands::decision::municipality,
    domain::{
        Change,
        access::AccessLogEntry,
        error::DomainError,
        prior_notice::{NoticeClosure, NoticeReply, PriorNotice, Warning},
        role::{Actor, CaseWorker, Party, ProviderUser, Role},
        rules::notification::Notification,
        validation::ValidationErrors,
        values::{
            ids::{ApprovalId, FollowUpId, PriorNoticeId},
            text::Prose,
            time::parse_day,
        },
    },
    json::{
        ActionForm,
        decision::{GroundForm, GroundToRevoke, read_grounds},
    },
    store::{Done, Failure, Session},
};

/// A prior notice to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PriorNoticeBody, example = json!({
    "grounds": [{"ground": "terms-breach", "facts": "Tre avvik på oppmøte i april, skriftlig påpekt."}],
    "replyBy": "2026-04-02"
}))]
pub struct PriorNoticeBody {
    /// What is held against the provider, each with facts; at least one.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 20)]
    grounds: Vec<GroundForm>,
    /// The last day to reply. One that is no working day moves to the next.
    #[schema(required, format = Date)]
    reply_by: Option<String>,
    /// The follow-up that it builds on. `supervisory-breach` and `bankruptcy` need one.
    follow_up_id: Option<uuid::Uuid>,
}

/// The end of a case that was warned of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PriorNoticeClosureBody, example = json!({"reason": "Avvikene er rettet i tide."}))]
pub struct PriorNoticeClosureBody {
    /// Why nothing comes of it; the provider is told.
    #[schema(required, min_length = 1, max_length = 10000)]
    reason: Option<String>,
}

/// A provider's reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"text": "Avvikene er rettet, se vedlagt plan."}))]
pub struct ReplyBody {
    /// What the provider says.
    #[schema(required, min_length = 1, max_length = 10000)]
    text: Option<String>,
}

/// A prior notice.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PriorNotice)]
pub struct PriorNoticeView {
    /// Its id.
    id: uuid::Uuid,
    /// The approval that it concerns.
    approval_id: uuid::Uuid,
    /// The municipality's number.
    municipality: String,
    /// The provider's organisation number.
    provider: String,
    /// `sent`, `answered` or `closed`.
    state: String,
    /// What is held against the provider.
    grounds: Vec<GroundToRevoke>,
    /// When it was made available and notice was sent.
    sent_at: DateTime<Utc>,
    /// Who sent it.
    sent_by: Actor,
    /// Last day to reply.
    reply_by: NaiveDate,
    /// The follow-up that it builds on.
    follow_up_id: Option<uuid::Uuid>,
    /// How it was notified, and who has opened it.
    notification: Notification,
    /// The reply, when it has come.
    reply: Option<NoticeReply>,
    /// How it was closed without a decision.
    closure: Option<NoticeClosure>,
    /// What this caller may do now and, where not, because of what.
    actions: Vec<ActionForm>,
}

impl PriorNoticeView {
    /// A notice as somebody in this role sees it.
    pub(super) fn of(notice: &PriorNotice, role: Role) -> Self {
        Self {
            id: notice.id.uuid(),
            approval_id: notice.approval.uuid(),
            municipality: notice.municipality.to_string(),
            provider: notice.provider.to_string(),
            state: notice.state().to_owned(),
            grounds: notice.grounds.clone(),
            sent_at: notice.sent_at,
            sent_by: notice.sent_by.clone(),
            reply_by: notice.reply_by,
            follow_up_id: notice.founded_on.map(FollowUpId::uuid),
            notification: notice.notification.clone(),
            reply: notice.reply.clone(),
            closure: notice.closure.clone(),
            actions: notice.actions(role).iter().map(Into::into).collect(),
        }
    }
}

/// Send a prior notice.
///
/// On grounds that the published terms list (forvaltningsloven § 16). It is made available to the
/// provider at once, and its time to reply runs from today.
#[utoipa::path(
    tag = "approvals", operation_id = "priorNoticeSend", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    request_body = PriorNoticeBody,
    responses((status = 201, description = "The notice.", body = PriorNoticeView), ActProblems),
)]
#[post("/approvals/{id}/prior-notices")]
pub(crate) async fn prior_notice_send(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<PriorNoticeBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let f = &mut errors;
    let grounds = read_grounds(f, "/grounds", &body.0.grounds);
    if body.0.grounds.is_empty() {
        f.missing("/grounds", "Name at least one ground with its facts.");
    }
    let reply_by = f.parse("/replyBy", body.0.reply_by, parse_day);
    let follow_up = body.0.follow_up_id.map(FollowUpId::new);
    let (Some(grounds), Some(reply_by), true) = (grounds, reply_by, errors.is_empty()) else {
        return Err(DomainError::validation(errors).into());
    };
    let approval = ApprovalId::new(*id);
    let id = state.context.id();
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let approval = own(session, approval, &party)?;
            expected.matches(approval.revision)?;
            let content = content(session, state, &approval)?;
            let founded_on = match follow_up {
                None => None,
                Some(id) => {
                    let found = session.follow_up(id)?;
                    let own = found.filter(|it| it.municipality == approval.municipality);
                    Some(own.ok_or_else(|| DomainError::not_found("follow-up"))?)
                }
            };
            let address = session.provider(&approval.provider)?;
            let address = address.map(|provider| provider.profile.notification_address);
            let warning = Warning { grounds, reply_by, founded_on: founded_on.as_ref() };
            let municipality = municipality(session, &approval.municipality)?;
            let handled = approval.handled(&by.role, &municipality.settings)?;
            let Change { value, event } =
                PriorNotice::send(id, handled, warning, address, &content, now)?;
            session.save_prior_notice(&value, None)?;
            let view = PriorNoticeView::of(&value, Role::CaseWorker);
            let answer = Created(format!("/v1/prior-notices/{id}"), value.revision, view);
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await
}

/// One prior notice.
///
/// For the provider that is warned and for the municipality that warns.
#[utoipa::path(
    tag = "approvals", operation_id = "priorNoticeGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the prior notice")),
    responses((status = 200, description = "The notice.", body = PriorNoticeView), PrivateProblems),
)]
#[get("/prior-notices/{id}")]
pub(crate) async fn prior_notice_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = PriorNoticeId::new(*id);
    record_read_receipt::<PriorNotice>(&state, &by, id).await?;
    let (role, reader) = (by.caller.role, by.reader());
    let read = move |session: &mut Session<'_>, _: &_| {
        let notice = load(session, id, &by.role)?;
        let looked = vec![AccessLogEntry::from(&notice)];
        Ok::<_, Failure>((notice, looked))
    };
    let notice = state.read_private(reader, read).await?;
    Ok(respond_private(StatusCode::OK, notice.revision, &PriorNoticeView::of(&notice, role)))
}

/// Reply to a prior notice.
///
/// Once. A late reply is taken too, as long as the case is not decided.
#[utoipa::path(
    tag = "approvals", operation_id = "priorNoticeReply", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the prior notice"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = ReplyBody,
    responses((status = 200, description = "The notice with its reply.", body = PriorNoticeView), ActProblems),
)]
#[post("/prior-notices/{id}/reply")]
pub(crate) async fn prior_notice_reply(
    by: Caller<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ReplyBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let text = errors.parse("/text", body.0.text, Prose::parse);
    let text = text.ok_or_else(|| DomainError::validation(errors))?;
    let id = PriorNoticeId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, _, now| {
            let party = Party::Provider(by.role.organisation.clone());
            let notice = load(session, id, &party)?;
            expected.matches(notice.revision)?;
            let Change { value, event } = notice.answer(text, &by.role, now)?;
            session.save_prior_notice(&value, Some(expected.0))?;
            let answer = (value.revision, PriorNoticeView::of(&value, Role::Provider));
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await
}

/// Close the case without a decision.
///
/// The provider is told that nothing comes of the notice (lov 20. juni 2025 nr. 81 § 58 fourth paragraph).
/// A closed notice is no proof for a revocation.
#[utoipa::path(
    tag = "approvals", operation_id = "priorNoticeClose", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the prior notice"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = PriorNoticeClosureBody,
    responses((status = 200, description = "The notice, closed.", body = PriorNoticeView), ActProblems),
)]
#[post("/prior-notices/{id}/closure")]
pub(crate) async fn prior_notice_close(
    by: Caller<CaseWorker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<PriorNoticeClosureBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let reason = errors.parse("/reason", body.0.reason, Prose::parse);
    let reason = reason.ok_or_else(|| DomainError::validation(errors))?;
    let id = PriorNoticeId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, _, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let notice = load(session, id, &party)?;
            expected.matches(notice.revision)?;
            let Change { value, event } = notice.close(reason, &by.role, now)?;
            session.save_prior_notice(&value, Some(expected.0))?;
            let answer = (value.revision, PriorNoticeView::of(&value, Role::CaseWorker));
            Ok(Done { event, public: None, related: vec![], answer })
        })
        .await
}

pub(super) fn load(
    session: &mut Session<'_>,
    id: PriorNoticeId,
    party: &Party,
) -> Result<PriorNotice, Failure> {
    let found = session.prior_notice(id)?;
    let own = found.filter(|notice| party.may_see(&notice.municipality, &notice.provider));
    Ok(own.ok_or_else(|| DomainError::not_found("prior notice"))?)
}
