//! How approvals end: revocation after a prior notice, and notice by either side.

use actix_web::{HttpResponse, post, web::Path};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::{content, kept, own};
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
        resources::decision::{changes::signed, frame, save_signed},
    },
    commands::decision::municipality,
    domain::{
        decision::{Decision, RevocationTerms, SigningContext},
        error::DomainError,
        prior_notice::{Exception, ExceptionKind},
        role::{ContractParty, DecisionMaker, FromCaller, Party},
        validation::ValidationErrors,
        values::{
            ids::{ApprovalId, PriorNoticeId},
            text::Prose,
            time::parse_day,
        },
    },
    json::{
        approval::WindingDownForm,
        decision::{GroundForm, ReasonsForm, read_grounds},
        notification::{channels, read_channel},
        one_of,
        public::{ApprovalRecord, ApprovalView},
        words,
    },
    store::Done,
};

/// Why the law excuses a prior notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NoticeException, example = json!({
    "kind": "address-unknown", "reasons": "Foretaket har ingen kjent adresse og svarer ikke."
}))]
pub struct ExceptionForm {
    /// Which exception.
    #[schema(required, schema_with = exceptions)]
    kind: Option<String>,
    /// Why it applies.
    #[schema(required, min_length = 1, max_length = 10000)]
    reasons: Option<String>,
}

fn exceptions() -> Object {
    words("Which exception.", ExceptionKind::ALL.map(ExceptionKind::as_str))
}

impl ExceptionForm {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<Exception> {
        let kind = f.parse(&format!("{at}/kind"), self.kind.as_ref(), |input| {
            one_of(input, &ExceptionKind::ALL, ExceptionKind::as_str)
        });
        let reasons = f.parse(&format!("{at}/reasons"), self.reasons.as_ref(), Prose::parse);
        Some(Exception { kind: kind?, reasons: reasons? })
    }
}

/// A revocation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RevocationBody)]
pub struct RevocationBody {
    /// The prior notice that the provider was sent. Without one, or an exception, there is no revocation.
    prior_notice_id: Option<uuid::Uuid>,
    /// Why the law excuses the notice here (forvaltningsloven § 16 third paragraph); instead of `priorNoticeId`.
    exception: Option<ExceptionForm>,
    /// The grounds, at least one; each must stand in the notice and in the published terms.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 20)]
    grounds: Vec<GroundForm>,
    /// Rules, facts and considerations, all three.
    #[schema(required)]
    reasons: Option<ReasonsForm>,
    /// How the provider is notified; electronically unless said otherwise.
    #[schema(schema_with = channels)]
    channel: Option<String>,
    /// When it takes effect; at once unless said otherwise.
    effective_at: Option<DateTime<Utc>>,
    /// How users are taken over.
    #[schema(required)]
    winding_down: Option<WindingDownForm>,
}

/// Notice by one side of the contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = TerminationBody, example = json!({"effectiveOn": "2026-09-30"}))]
pub struct TerminationBody {
    /// The last day of the contract; when the notice period of the terms is out, unless a later day is named.
    #[schema(format = Date)]
    effective_on: Option<String>,
    /// Why: required of the municipality, and only from it; it is public.
    #[schema(min_length = 1, max_length = 10000)]
    reason: Option<String>,
    /// How users are taken over. The municipality must say it.
    winding_down: Option<WindingDownForm>,
}

/// Revoke.
///
/// After a prior notice that was answered or whose time is out, on grounds that the notice named
/// and the published terms list, with a date until which users are still served and who takes over.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalRevoke", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    request_body = RevocationBody,
    responses((status = 201, description = "The signed decision.", body = Decision), ActProblems),
)]
#[post("/approvals/{id}/revocation")]
pub(crate) async fn approval_revoke(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<RevocationBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let f = &mut errors;
    let body = body.0;
    let grounds = read_grounds(f, "/grounds", &body.grounds);
    if body.grounds.is_empty() {
        f.missing("/grounds", "Name at least one ground with its facts.");
    }
    let channel = read_channel(f, "/channel", body.channel.as_ref());
    let reasons = body.reasons.unwrap_or_default().read(f, "/reasons");
    let winding_down =
        f.require("/windingDown", body.winding_down).and_then(|form| form.read(f, "/windingDown"));
    let detail = "Name the prior notice or the exception, not both.";
    let both = body.prior_notice_id.is_some() && body.exception.is_some();
    f.unexpected("/exception", both, detail);
    let exception = body.exception.map(|form| form.read(f, "/exception"));
    let (Some(grounds), Some(channel), Some(reasons), Some(winding_down), true) =
        (grounds, channel, reasons, winding_down, errors.is_empty())
    else {
        return Err(DomainError::validation(errors).into());
    };
    let exception = exception.flatten();
    let id = ApprovalId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let approval = own(session, id, &party)?;
            expected.matches(approval.revision)?;
            let notice = match body.prior_notice_id {
                Some(notice) => session.prior_notice(PriorNoticeId::new(notice))?,
                None => None,
            };
            let notice = notice.filter(|notice| notice.municipality == approval.municipality);
            let heard = match (&notice, &exception) {
                (Some(notice), _) => notice.heard(now)?,
                (None, Some(exception)) => exception.excuses(),
                (None, None) => return Err(DomainError::prior_notice_missing().into()),
            };
            let prepared_by = notice.as_ref().map_or(&by.role.actor, |notice| &notice.sent_by);
            let content = content(session, state, &approval)?;
            let municipality = municipality(session, &approval.municipality)?;
            let frame = frame(session, &municipality, &state.context, now)?;
            let frame = SigningContext { channel, ..frame };
            let terms = RevocationTerms {
                effective_at: body.effective_at.unwrap_or(now),
                winding_down,
                case_worker: prepared_by.name.clone(),
            };
            let change =
                approval.revoke(heard, grounds, reasons, terms, &content, frame, &by.role)?;
            let (approval, decision) = change.value;
            let kept_decision =
                save_signed(session, &state.context, &decision, channel, &by.caller.actor)?;
            session.save_approval(&approval, Some(expected.0))?;
            session.clear_prior_notice_agendas(approval.id)?;
            let public = ApprovalRecord::published(&approval, now);
            let related = vec![kept_decision];
            Ok(Done { event: change.event, public, related, answer: signed(&decision) })
        })
        .await
}

/// Give notice.
///
/// By the provider, or by a decision maker of the municipality, with the notice period of the terms. Users are
/// served until the last day. It is the ordinary end of a contract and no revocation; where all who
/// qualify are approved the municipality cannot give it.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalTerminate", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    request_body = TerminationBody,
    responses((status = 200, description = "The approval.", body = ApprovalView), ActProblems),
)]
#[post("/approvals/{id}/termination")]
pub(crate) async fn approval_terminate(
    by: Caller<ContractParty>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<TerminationBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let f = &mut errors;
    let body = body.0;
    let effective_on = f.parse_optional("/effectiveOn", body.effective_on, parse_day);
    let mut reason = f.parse_optional("/reason", body.reason, Prose::parse);
    let mut winding_down = body.winding_down.and_then(|form| form.read(f, "/windingDown"));
    match by.role {
        ContractParty::Municipality(_) if f.is_empty() => {
            reason = f.require("/reason", reason);
            winding_down = f.require("/windingDown", winding_down);
        }
        ContractParty::Municipality(_) => {}
        ContractParty::Provider(_) => {
            let detail = "Only the municipality says why: leave it out.";
            f.unexpected("/reason", reason.is_some(), detail);
        }
    }
    errors.finish(Some(())).map_err(DomainError::validation)?;
    let id = ApprovalId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::of(by.caller.clone())?;
            let approval = own(session, id, &party)?;
            expected.matches(approval.revision)?;
            let content = content(session, state, &approval)?;
            let change = match (&by.role, reason, winding_down) {
                (ContractParty::Provider(provider), _, winding_down) => approval
                    .terminate_as_provider(effective_on, winding_down, &content, provider, now)?,
                (ContractParty::Municipality(maker), Some(reason), Some(winding_down)) => approval
                    .terminate_as_municipality(
                        effective_on,
                        reason,
                        winding_down,
                        &content,
                        maker,
                        now,
                    )?,
                (ContractParty::Municipality(_), ..) => {
                    return Err(DomainError::not_found("reason").into());
                }
            };
            kept(session, change, expected, now)
        })
        .await
}
