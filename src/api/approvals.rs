//! Approvals: the public search, the case, and the contract.

pub mod annulment;
pub mod ending;
pub mod listing;

pub(super) mod impartiality;

use actix_web::{HttpRequest, HttpResponse, get, http::StatusCode, post, web::Path};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Shared, State,
    body::Said,
    caller::By,
    condition::{Expected, public, shown},
    offerings::closure::ends_with_offering,
    page::{Asked, Page, Slice},
    prior_notices::PriorNoticeView,
    problem::{ActProblems, Edge, PrivateProblems, Problem, ReadProblems},
};
use crate::{
    document::{
        ActionForm,
        approval::ContractForm,
        impartiality::ImpartialityForm,
        one_of,
        provider::kinds,
        public::{ApprovalRecord, ProviderRecord, statuses},
    },
    domain::{
        Change,
        approval::{Approval, Status},
        faults::Faults,
        ids::{ApprovalId, Revision},
        offering::content::Content,
        provider::ProviderKind,
        refusal::Refusal,
        role::{DecisionMaker, Party},
    },
    register::{Listed, Snapshot, page::collation_key},
    store::{Done, Failure, Session},
};

/// What the search over the country can be asked. Filters narrow together.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalQuery {
    /// Municipality number, present or former.
    #[param(example = "4204")]
    municipality: Option<String>,
    /// Code of the service.
    #[param(example = "personal-assistance")]
    service: Option<String>,
    /// Organisation number of the provider.
    provider: Option<String>,
    /// Code of a zone.
    zone: Option<String>,
    /// What sort of organisation the provider is.
    #[param(inline, value_type = KindParameter, required = false)]
    kind: Option<String>,
    /// A language that the provider speaks with users, ISO 639.
    language: Option<String>,
    /// What the approval is worth now. All that can be chosen, `active` and `ending`, unless asked otherwise.
    #[param(inline, value_type = StatusParameter, required = false)]
    status: Option<String>,
    /// Words of the provider's name.
    #[param(max_length = 100)]
    q: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

crate::document::parameter_schema!(KindParameter, kinds);
crate::document::parameter_schema!(StatusParameter, statuses);

/// An approval with the provider that it concerns.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Approval)]
pub struct ApprovalView {
    /// The approval.
    #[serde(flatten)]
    record: ApprovalRecord,
    /// The provider's profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    profile: Option<ProviderRecord>,
}

/// An approval as its parties see it, also before it is public.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ApprovalCase)]
pub struct ApprovalCaseView {
    /// The approval.
    #[serde(flatten)]
    record: ApprovalRecord,
    /// The application that it came from.
    application_id: uuid::Uuid,
    /// The last day of the stand-still, where procurement rules demand one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    stand_still_until: Option<NaiveDate>,
    /// Prior notices about it, the oldest first.
    prior_notices: Vec<PriorNoticeView>,
    /// Who may handle what comes after it.
    impartiality: ImpartialityForm,
    /// What this caller may do now.
    actions: Vec<ActionForm>,
}

/// Search approvals over the country.
///
/// Those that citizens can choose now, unless another status is asked for; in the order in which they were given.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalList", security(), params(ApprovalQuery),
    responses((status = 200, description = "A page of approvals.", body = Page<ApprovalView>), ReadProblems),
)]
#[get("/approvals")]
pub(crate) async fn approval_list(
    request: HttpRequest,
    asked: Asked<ApprovalQuery>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let Asked(query) = asked;
    let slice = Slice::of(&request, query.limit, query.cursor.as_deref())?;
    let status = match &query.status {
        None => None,
        Some(said) => Some(word("status", said, &Status::ALL, Status::as_str)?),
    };
    let wanted = |found: Status| status.map_or(found.is_choosable(), |status| status == found);
    if let Some(said) = &query.kind {
        word("kind", said, &ProviderKind::ALL, ProviderKind::as_str)?;
    }
    let query = ApprovalQuery {
        municipality: state.catalogue.present_number(query.municipality.clone()),
        q: query.q.as_deref().map(collation_key),
        ..query
    };
    let snapshot = state.register.snapshot();
    let now = state.context.now();
    let after = slice.after.as_ref().and_then(|key| key.parse().ok());
    let items = snapshot
        .approvals_after(after)
        .filter(|listed| wanted(listed.status(now)) && query.wants(listed, &snapshot))
        .take(slice.fetch())
        .map(|listed| view(listed, &snapshot, now))
        .collect();
    let page = slice.page(items, |item: &ApprovalView| item.record.id.to_string());
    Ok(public(&request, None, &page))
}

/// A query parameter that is one word among few.
fn word<T: Copy>(
    parameter: &str,
    said: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, Problem> {
    one_of(said, all, name)
        .map_err(|fault| Problem::parameter(Edge::InvalidParameter, parameter, fault.detail))
}

impl ApprovalQuery {
    fn wants(&self, listed: &Listed, snapshot: &Snapshot) -> bool {
        let record = listed.record();
        let is = |wanted: &Option<String>, found: &String| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        let among = |wanted: &Option<String>, found: &[String]| {
            wanted.as_ref().is_none_or(|wanted| found.contains(wanted))
        };
        is(&self.municipality, &record.municipality)
            && is(&self.service, &record.service)
            && is(&self.provider, &record.provider)
            && among(&self.zone, &record.zones)
            && snapshot.provider(&record.provider).is_none_or(|profile| {
                is(&self.kind, &profile.kind)
                    && among(&self.language, &profile.languages)
                    && self.q.as_ref().is_none_or(|q| collation_key(&profile.name).contains(q))
            })
    }
}

/// One approval.
///
/// Also after it has ended: it says when, and on which grounds it was revoked.
#[utoipa::path(
    tag = "approvals", operation_id = "approvalGet", security(),
    params(("id" = uuid::Uuid, Path, description = "Id of the approval")),
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
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let snapshot = state.register.snapshot();
    if let Some(at) = snapshot.removed_at(*id) {
        return Err(gone(at));
    }
    let listed = snapshot.approval(*id).ok_or_else(|| Refusal::not_found("approval"))?;
    let view = view(listed, &snapshot, state.context.now());
    Ok(public(&request, Some(Revision(view.record.revision)), &view))
}

fn gone(at: DateTime<Utc>) -> Problem {
    let detail = format!(
        "The contract had been recorded by mistake, and the approval was taken out of the register at {}.",
        at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    );
    Problem::edge(Edge::Gone, detail)
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
    by: By<Party>,
    id: Path<uuid::Uuid>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = ApprovalId::new(*id);
    let (revision, view) = state
        .read(move |session, state| {
            let approval = own(session, id, &by.role)?;
            Ok((approval.revision, case_view(session, state, &approval, &by)?))
        })
        .await?;
    Ok(shown(StatusCode::OK, revision, &view))
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
    responses((status = 200, description = "The approval.", body = ApprovalRecord), ActProblems),
)]
#[post("/approvals/{id}/contract")]
pub(crate) async fn approval_record_contract(
    by: By<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<ContractForm>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let contract = said.0.read(&mut faults, "");
    let contract = faults.settle(contract).map_err(Refusal::validation)?;
    let id = ApprovalId::new(*id);
    let record = state
        .act(by.stamp(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let approval = own(session, id, &party)?;
            expected.matches(approval.revision)?;
            let change = approval.record_contract(contract, &by.role, now)?;
            let approval = change.value.clone();
            let mut done = kept(session, change, expected, now)?;
            if let Some(ended) = ends_with_offering(session, state, approval, now)? {
                done.answer = ApprovalRecord::of(&own(session, id, &party)?, now);
                done.also.push(ended);
            }
            Ok(done)
        })
        .await?;
    Ok(shown(StatusCode::OK, Revision(record.revision), &record))
}

fn view(listed: &Listed, snapshot: &Snapshot, now: DateTime<Utc>) -> ApprovalView {
    let record = listed.at(now);
    let profile = snapshot.provider(&record.provider).cloned();
    ApprovalView { record, profile }
}

/// An approval that the party may see.
pub(super) fn own(
    session: &mut Session<'_>,
    id: ApprovalId,
    party: &Party,
) -> Result<Approval, Failure> {
    let found = session.approval(id)?;
    let own = found.filter(|a| party.may_see(&a.municipality, &a.provider));
    Ok(own.ok_or_else(|| Refusal::not_found("approval"))?)
}

/// Keeps an approval after an act, and tells the public of one that has a contract.
fn kept(
    session: &mut Session<'_>,
    change: Change<Approval>,
    expected: Expected,
    now: DateTime<Utc>,
) -> Result<Done<ApprovalRecord>, Failure> {
    let Change { value, event } = change;
    session.keep_approval(&value, Some(expected.0))?;
    let record = ApprovalRecord::of(&value, now);
    let public = value.standing.tenure().map(|_| record.clone().into());
    Ok(Done { event, public, also: vec![], answer: record })
}

/// The content of the version whose terms govern an approval.
pub(super) fn content(
    session: &mut Session<'_>,
    state: &State,
    approval: &Approval,
) -> Result<Content, Failure> {
    Ok(session.content(approval.offering, approval.version, &state.catalogue)?)
}

fn case_view(
    session: &mut Session<'_>,
    state: &State,
    approval: &Approval,
    by: &By<Party>,
) -> Result<ApprovalCaseView, Failure> {
    let now = state.context.now();
    let notices = session.prior_notices_of(approval.id)?;
    let content = content(session, state, approval)?;
    let actions = approval.actions(by.caller.role, &content, now);
    Ok(ApprovalCaseView {
        record: ApprovalRecord::of(approval, now),
        application_id: approval.application.uuid(),
        prior_notices: notices.iter().map(|it| PriorNoticeView::of(it, by.caller.role)).collect(),
        stand_still_until: approval.stand_still,
        impartiality: (&approval.impartiality).into(),
        actions: actions.iter().map(Into::into).collect(),
    })
}
