//! Decisions on applications: approve or refuse, signed once; and reading any decision.

use actix_web::{HttpResponse, get, http::StatusCode, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Shared, applications,
    body::Said,
    caller::By,
    condition::{Expected, created, shown},
    problem::{ActProblems, PrivateProblems, Problem},
};
use crate::{
    context::Context,
    document::{
        decision::{DecisionForm, GroundForm, ReasonsForm, formal_grounds, read_grounds},
        one_of, words,
    },
    domain::{
        Change,
        decision::{Decision, Frame, Reasons},
        fault::Fault,
        faults::Faults,
        ground::{FormalGround, Grounded, RefusalGround},
        ids::{ApplicationId, DecisionId, Revision},
        municipality::Municipality,
        notification::Channel,
        numbers::MunicipalityNumber,
        refusal::Refusal,
        role::{DecisionMaker, Party},
        time::Instant,
    },
    store::{self, Done, Failure, Session},
};

/// A decision on an application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"outcome": "approve"}))]
pub struct DecisionBody {
    /// `approve` or `refuse`; `dismiss` says nothing of the substance.
    #[schema(required, schema_with = outcomes)]
    outcome: Option<String>,
    /// Why an application is dismissed; in a dismissal alone.
    #[schema(schema_with = formal_grounds)]
    formal_ground: Option<String>,
    /// The grounds of a refusal, each with its facts; none in an approval.
    #[serde(default)]
    #[schema(max_items = 20)]
    grounds: Vec<GroundForm>,
    /// Rules, facts and considerations. A refusal must have all three; an approval may leave them out.
    #[schema(nullable = false)]
    reasons: Option<ReasonsForm>,
}

fn outcomes() -> utoipa::openapi::schema::Object {
    words("Approve, refuse, or dismiss on a formal ground. There is no other way.", OUTCOMES)
}

const OUTCOMES: [&str; 3] = ["approve", "refuse", "dismiss"];

/// What was meant: the law knows these three, and each has its parts.
enum Meant {
    Approve(Option<Reasons>),
    Refuse(Vec<Grounded<RefusalGround>>, Reasons),
    Dismiss(FormalGround, Reasons),
}

impl DecisionBody {
    fn read(&self) -> Result<Meant, Faults> {
        let mut faults = Faults::default();
        let f = &mut faults;
        let outcome =
            f.parse("/outcome", self.outcome.as_ref(), |said| one_of(said, &OUTCOMES, |name| name));
        if outcome != Some("refuse") && !self.grounds.is_empty() {
            let detail = "Only a refusal has grounds: leave them out.";
            f.add("/grounds", Fault::new("unexpected", detail));
        }
        if outcome != Some("dismiss") && self.formal_ground.is_some() {
            let detail = "Only a dismissal has a formal ground: leave it out.";
            f.add("/formalGround", Fault::new("unexpected", detail));
        }
        let meant = match outcome {
            Some("approve") => {
                Some(Meant::Approve(self.reasons.as_ref().and_then(|r| r.read(f, "/reasons"))))
            }
            Some("refuse") => {
                let grounds = read_grounds(f, "/grounds", &self.grounds);
                grounds.zip(self.all_reasons(f)).map(|(g, reasons)| Meant::Refuse(g, reasons))
            }
            Some(_) => {
                let ground = f.parse("/formalGround", self.formal_ground.as_ref(), |said| {
                    one_of(said, &FormalGround::ALL, FormalGround::as_str)
                });
                ground.zip(self.all_reasons(f)).map(|(g, reasons)| Meant::Dismiss(g, reasons))
            }
            None => None,
        };
        faults.settle(meant)
    }

    /// Rules, facts and considerations, none of which may be missing.
    fn all_reasons(&self, f: &mut Faults) -> Option<Reasons> {
        self.reasons.clone().unwrap_or_default().read(f, "/reasons")
    }
}

/// Decide on an application.
///
/// Approve if and only if every mandatory criterion is met; refuse if and only if one is not, or a
/// listed ground is given with its facts; dismiss on a formal ground. The decision gets its number, its last appeal day and the
/// text about rights, and cannot be changed afterwards.
#[utoipa::path(
    tag = "decisions", operation_id = "applicationDecide", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the application"),
        ("If-Match" = String, Header, description = "The ETag of the application that was read"),
    ),
    request_body = DecisionBody,
    responses((status = 201, description = "The signed decision.", body = DecisionForm), ActProblems),
)]
#[post("/applications/{id}/decision")]
pub(crate) async fn application_decide(
    by: By<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<DecisionBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let meant = said.0.read().map_err(Refusal::validation)?;
    let id = ApplicationId::new(*id);
    let decision = state
        .act(by.stamp(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let (application, (_, content)) = applications::load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let municipality = municipality(session, &application.municipality)?;
            let frame = frame(session, &municipality, &state.context, now)?;
            let (application, decision, event) = match meant {
                Meant::Approve(reasons) => {
                    let approval = state.context.id();
                    let Change { value, event } =
                        application.approve(approval, reasons, &content, frame, &by.role)?;
                    let (application, decision, approval) = value;
                    session.keep_decision(&decision)?;
                    session.keep_approval(&approval, None)?;
                    (application, decision, event)
                }
                Meant::Refuse(grounds, reasons) => {
                    let Change { value: (application, decision), event } =
                        application.refuse(grounds, reasons, &content, frame, &by.role)?;
                    session.keep_decision(&decision)?;
                    (application, decision, event)
                }
                Meant::Dismiss(ground, reasons) => {
                    let Change { value: (application, decision), event } =
                        application.dismiss(ground, reasons, frame, &by.role)?;
                    session.keep_decision(&decision)?;
                    (application, decision, event)
                }
            };
            session.keep_application(&application, Some(expected.0))?;
            Ok(Done { event, public: None, also: vec![], answer: decision })
        })
        .await?;
    let form = DecisionForm::from(&decision);
    Ok(created(format!("/v1/decisions/{}", decision.id), Revision::FIRST, &form))
}

/// One decision.
///
/// For the party that it concerns and for the municipality that made it.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the decision")),
    responses((status = 200, description = "The decision.", body = DecisionForm), PrivateProblems),
)]
#[get("/decisions/{id}")]
pub(crate) async fn decision_get(
    by: By<Party>,
    id: Path<uuid::Uuid>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let id = DecisionId::new(*id);
    let decision: Decision = state
        .read(move |session, _| {
            let found = session.decision(id)?;
            let own = found.filter(|d| by.role.may_see(&d.municipality, &d.provider));
            Ok(own.ok_or_else(|| Refusal::not_found("decision"))?)
        })
        .await?;
    Ok(shown(StatusCode::OK, Revision::FIRST, &DecisionForm::from(&decision)))
}

/// The municipality, which must have set itself up to come so far.
pub(super) fn municipality(
    session: &mut Session<'_>,
    number: &MunicipalityNumber,
) -> Result<Municipality, Failure> {
    let found = session.municipality(number)?;
    Ok(found.ok_or_else(|| store::corrupt("municipality", number))?)
}

/// What a decision gets from outside.
pub(super) fn frame<'a>(
    session: &mut Session<'_>,
    municipality: &'a Municipality,
    context: &Context,
    now: Instant,
) -> Result<Frame<'a>, Failure> {
    let number = session.next_decision_number(&municipality.number, now)?;
    let commencement = context.commencement();
    let channel = Channel::Electronic;
    Ok(Frame { id: context.id(), number, municipality, now, commencement, channel })
}
