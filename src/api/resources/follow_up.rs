//! Follow-ups: planned and reported by the municipality, deviations corrected by the provider.

mod acts;

use actix_web::{HttpRequest, HttpResponse, get, http::StatusCode, post, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema, openapi::schema::Object};

use super::approval::own;
use crate::{
    api::{
        Shared,
        answer::Created,
        extract::{
            body::Said,
            caller::By,
            negotiation::private,
            page::{Asked, Page, Slice},
            preconditions::{Expected, shown},
        },
        problem::{ActProblems, Edge, PrivateProblems, Problem},
    },
    domain::{
        Change,
        access::Looked,
        faults::Faults,
        follow_up::FollowUp,
        refusal::Refusal,
        role::{Follower, Party, Role},
        values::{
            ids::{ApprovalId, FollowUpId},
            time::Instant,
        },
    },
    json::{
        ActionForm,
        follow_up::{FollowUpForm, MatterBody, MatterForm},
        one_of, words,
    },
    store::{Done, Failure, Session},
};

pub use self::acts::*;

/// The names of a follow-up's states.
const STATES: [&str; 4] = ["planned", "carried-out", "deviations-open", "closed"];

fn states() -> Object {
    words("Where a follow-up stands.", STATES)
}

crate::json::parameter_schema!(FollowUpStateParameter, states);

/// What the list of follow-ups can be asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct FollowUpQuery {
    /// Only those in this state.
    #[param(inline, value_type = FollowUpStateParameter, required = false)]
    state: Option<String>,
    /// How many at the most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A follow-up of an approval.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FollowUp)]
pub struct FollowUpView {
    /// Its id.
    id: uuid::Uuid,
    /// The approval.
    approval_id: uuid::Uuid,
    /// The municipality's number.
    municipality: String,
    /// The provider's organisation number.
    provider: String,
    /// Where it stands.
    #[schema(schema_with = states)]
    state: String,
    /// What it is about, and what was found.
    #[serde(flatten)]
    content: FollowUpForm,
    /// What this caller may do now and, where not, because of what.
    actions: Vec<ActionForm>,
}

impl FollowUpView {
    fn of(follow_up: &FollowUp, role: Role, now: Instant) -> Self {
        Self {
            id: follow_up.id.uuid(),
            approval_id: follow_up.approval.uuid(),
            municipality: follow_up.municipality.to_string(),
            provider: follow_up.provider.to_string(),
            state: follow_up.state().to_owned(),
            content: follow_up.into(),
            actions: follow_up.actions(role, now).iter().map(Into::into).collect(),
        }
    }
}

/// Plan a follow-up.
///
/// For a day, or because something happened. What an authority has found and what Enhetsregisteret
/// says are recorded here too; they take no approval away by themselves.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpPlan", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the approval"),
        ("If-Match" = String, Header, description = "The ETag of the approval that was read"),
    ),
    request_body = MatterBody,
    responses((status = 201, description = "The follow-up.", body = FollowUpView), ActProblems),
)]
#[post("/approvals/{id}/follow-ups")]
pub(crate) async fn follow_up_plan(
    by: By<Follower>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<MatterBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let said = MatterForm::from(said.0).read(&mut faults);
    let (matter, origin) = faults.settle(said).map_err(Refusal::validation)?;
    let (approval, id) = (ApprovalId::new(*id), state.context.id());
    state
        .act(by.stamp(&state.context), move |session, _, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let approval = own(session, approval, &party)?;
            expected.matches(approval.revision)?;
            let change = FollowUp::plan(id, &approval, matter, origin, &by.role, now)?;
            let Change { value, event } = change;
            session.keep_follow_up(&value, None)?;
            let view = FollowUpView::of(&value, by.caller.role, now);
            let answer = Created(format!("/v1/follow-ups/{id}"), value.revision, view);
            Ok(Done { event, public: None, also: vec![], answer })
        })
        .await
}

/// Own follow-ups.
///
/// A provider sees those of its approvals, a municipality those it does, the oldest first.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpList", security(("token" = [])),
    params(FollowUpQuery),
    responses((status = 200, description = "A page of follow-ups.", body = Page<FollowUpView>), PrivateProblems),
)]
#[get("/follow-ups")]
pub(crate) async fn follow_up_list(
    by: By<Party>,
    request: HttpRequest,
    asked: Asked<FollowUpQuery>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let Asked(query) = asked;
    let slice = Slice::of(&request, query.limit, query.cursor.as_deref())?;
    let wanted = query.state;
    if let Some(wanted) = &wanted {
        one_of(wanted, &STATES, |name| name)
            .map_err(|fault| Problem::parameter(Edge::InvalidParameter, "state", fault.detail))?;
    }
    let after = slice.after(|key| key.parse().ok())?.map(FollowUpId::new);
    let fetch = i64::try_from(slice.fetch()).unwrap_or(i64::MAX);
    let shown = usize::from(slice.limit);
    let items = state
        .look(by.reader(), move |session, state| {
            let found = session.follow_ups(&by.role, wanted.as_deref(), after, fetch)?;
            let looked = found.iter().take(shown).map(Looked::from).collect();
            let (role, now) = (by.caller.role, state.context.now());
            let views = found.iter().map(|it| FollowUpView::of(it, role, now)).collect::<Vec<_>>();
            Ok((views, looked))
        })
        .await?;
    let page = slice.page(items, |item| item.id.to_string());
    Ok(private(&page, &page.page))
}

/// One follow-up.
///
/// For the provider and for the municipality.
#[utoipa::path(
    tag = "approvals", operation_id = "followUpGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the follow-up")),
    responses((status = 200, description = "The follow-up.", body = FollowUpView), PrivateProblems),
)]
#[get("/follow-ups/{id}")]
pub(crate) async fn follow_up_get(
    by: By<Party>,
    id: Path<uuid::Uuid>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = FollowUpId::new(*id);
    let (role, reader, now) = (by.caller.role, by.reader(), state.context.now());
    let read = move |session: &mut Session<'_>, _: &_| {
        let follow_up = load(session, id, &by.role)?;
        let looked = vec![Looked::from(&follow_up)];
        Ok::<_, Failure>((follow_up, looked))
    };
    let follow_up = state.look(reader, read).await?;
    let view = FollowUpView::of(&follow_up, role, now);
    Ok(shown(StatusCode::OK, follow_up.revision, &view))
}

fn load(session: &mut Session<'_>, id: FollowUpId, party: &Party) -> Result<FollowUp, Failure> {
    let found = session.follow_up(id)?;
    let own = found.filter(|it| party.may_see(&it.municipality, &it.provider));
    Ok(own.ok_or_else(|| Refusal::not_found("follow-up"))?)
}
