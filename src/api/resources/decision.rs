//! Decisions on applications: approve, refuse or dismiss, signed once; and reading any decision.

pub mod changes;
pub mod commands;
pub mod public;

use actix_web::{HttpResponse, get, http::StatusCode, post, web::Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::changes::{places, signed};
use super::{application, read_receipt::record_read_receipt};
pub(crate) use crate::commands::decision::{address_of as address, load, municipality};
use crate::{
    api::{
        AppData,
        extract::{
            body::ValidJson,
            caller::Caller,
            preconditions::{IfMatch, respond_private},
        },
        problem::{ActProblems, PrivateProblems, Problem},
    },
    commands::{Tx, approval::end_with_offering},
    context::Context,
    domain::{
        Change,
        access::AccessLogEntry,
        decision::{Decision, Reasons, SigningContext, history::DecisionHistory},
        error::DomainError,
        municipality::Municipality,
        offering::intake::Places,
        role::{Actor, DecisionMaker, Party, Role},
        rules::{
            ground::{FormalGround, Grounded, RefusalGround},
            notification::Channel,
        },
        validation::ValidationErrors,
        values::{
            ids::{ApplicationId, DecisionId},
            time::Instant,
        },
    },
    json::{
        ActionForm,
        decision::{GroundForm, ReasonsForm, formal_grounds, read_grounds},
        decision_history::{DecisionHistoryForm, statuses},
        notification::{channels, read_channel},
        one_of, words,
    },
    store::{Done, Failure, RelatedChange, Session},
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
    reasons: Option<ReasonsForm>,
    /// How the party is notified; electronically unless said otherwise.
    #[schema(schema_with = channels)]
    channel: Option<String>,
}

/// A text of the decision with every correction; the original stands in the decision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CorrectedText)]
pub struct CorrectedView {
    /// JSON Pointer to the text in the decision.
    pointer: String,
    /// The text as it should read.
    text: String,
}

/// A decision with what happened to it after the signature.
#[serde_with::skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DecisionCase)]
pub struct DecisionView {
    /// The decision, which never changes.
    #[serde(flatten)]
    decision: Decision,
    /// What it is now.
    #[schema(schema_with = statuses)]
    status: String,
    /// The party's last day to appeal as it is now; left out while the period has no last day, or
    /// where there is no appeal.
    last_appeal_day: Option<NaiveDate>,
    /// What happened to it.
    course: DecisionHistoryForm,
    /// Texts in which a slip was mended.
    corrected: Vec<CorrectedView>,
    /// What this caller may do now.
    actions: Vec<ActionForm>,
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
    fn read(&self) -> Result<(Meant, Channel), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let channel = read_channel(f, "/channel", self.channel.as_ref());
        let outcome = f.parse("/outcome", self.outcome.as_ref(), |input| {
            one_of(input, &OUTCOMES, |name| name)
        });
        let refuses = outcome == Some("refuse");
        let detail = "Only a refusal has grounds: leave them out.";
        f.unexpected("/grounds", !refuses && !self.grounds.is_empty(), detail);
        let dismisses = outcome == Some("dismiss");
        let detail = "Only a dismissal has a formal ground: leave it out.";
        f.unexpected("/formalGround", !dismisses && self.formal_ground.is_some(), detail);
        let meant = match outcome {
            Some("approve") => {
                Some(Meant::Approve(self.reasons.as_ref().and_then(|r| r.read(f, "/reasons"))))
            }
            Some("refuse") => {
                let grounds = read_grounds(f, "/grounds", &self.grounds);
                grounds.zip(self.all_reasons(f)).map(|(g, reasons)| Meant::Refuse(g, reasons))
            }
            Some(_) => {
                let ground = f.parse("/formalGround", self.formal_ground.as_ref(), |input| {
                    one_of(input, &FormalGround::ALL, FormalGround::as_str)
                });
                ground.zip(self.all_reasons(f)).map(|(g, reasons)| Meant::Dismiss(g, reasons))
            }
            None => None,
        };
        errors.finish(meant.zip(channel))
    }

    /// Rules, facts and considerations, none of which may be missing.
    fn all_reasons(&self, f: &mut ValidationErrors) -> Option<Reasons> {
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
    responses((status = 201, description = "The signed decision.", body = Decision), ActProblems),
)]
#[post("/applications/{id}/decision")]
pub(crate) async fn application_decide(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<DecisionBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let (meant, channel) = body.0.read().map_err(DomainError::validation)?;
    let id = ApplicationId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let (application, (offering, content)) = application::load(session, state, id, &party)?;
            expected.matches(application.revision)?;
            let municipality = municipality(session, &application.municipality)?;
            let frame = frame(session, &municipality, &state.context, now)?;
            let (frame, actor) = (SigningContext { channel, ..frame }, &by.caller.actor);
            let mut related = vec![];
            let (application, decision, event) = match meant {
                Meant::Approve(reasons) => {
                    let approval = state.context.id();
                    let places = session.places(&offering, &content, &state.catalogue, now)?;
                    let terms = (&content, &places);
                    let Change { value, event } =
                        application.approve(approval, reasons, terms, frame, &by.role)?;
                    let (application, decision, approval) = value;
                    related.push(save_signed(session, &state.context, &decision, channel, actor)?);
                    session.save_approval(&approval, None)?;
                    let tx = &mut Tx::new(session, state.environment(), now);
                    end_with_offering(tx, &approval)?;
                    related.extend(tx.take_related());
                    (application, decision, event)
                }
                Meant::Refuse(grounds, reasons) => {
                    let Change { value: (application, decision), event } =
                        application.refuse(grounds, reasons, &content, frame, &by.role)?;
                    related.push(save_signed(session, &state.context, &decision, channel, actor)?);
                    (application, decision, event)
                }
                Meant::Dismiss(ground, reasons) => {
                    let Change { value: (application, decision), event } =
                        application.dismiss(ground, reasons, frame, &by.role)?;
                    related.push(save_signed(session, &state.context, &decision, channel, actor)?);
                    (application, decision, event)
                }
            };
            session.save_application(&application, Some(expected.0))?;
            Ok(Done { event, public: None, related, answer: signed(&decision) })
        })
        .await
}

/// One decision.
///
/// For the party that it concerns and for the municipality that made it, with all that happened to it
/// since. That the party has read it is logged, once for each reader; it starts no clock.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionGet", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "Id of the decision")),
    responses((status = 200, description = "The decision.", body = DecisionView), PrivateProblems),
)]
#[get("/decisions/{id}")]
pub(crate) async fn decision_get(
    by: Caller<Party>,
    id: Path<uuid::Uuid>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let id = DecisionId::new(*id);
    record_read_receipt::<DecisionHistory>(&state, &by, id).await?;
    let (revision, view) = state
        .read_private(by.reader(), move |session, state| {
            let (decision, course) = load(session, id, &by.role)?;
            let now = state.context.now();
            let places = places(session, state, &decision, now)?;
            let shown = (course.revision, view(&decision, &course, &places, by.caller.role, now));
            Ok((shown, vec![AccessLogEntry::from(&decision)]))
        })
        .await?;
    Ok(respond_private(StatusCode::OK, revision, &view))
}

/// The decision as a caller in this role sees it at an instant.
pub(super) fn view(
    decision: &Decision,
    course: &DecisionHistory,
    places: &Places,
    role: Role,
    now: Instant,
) -> DecisionView {
    let mut corrected: Vec<CorrectedView> = vec![];
    for correction in &course.corrections {
        let pointer = correction.place.pointer();
        if let Some(text) = course.text(correction.place, decision)
            && corrected.iter().all(|known| known.pointer != pointer)
        {
            corrected.push(CorrectedView { pointer, text });
        }
    }
    DecisionView {
        decision: decision.clone(),
        status: course.status_at(now).as_str().to_owned(),
        last_appeal_day: course.appeal_period().last_day(),
        course: course.into(),
        corrected,
        actions: course.actions(role, decision, places, now).iter().map(Into::into).collect(),
    }
}

/// Keeps a decision that was signed just now and is sent to the party; the answer tells the public.
pub(crate) fn save_signed(
    session: &mut Session<'_>,
    context: &Context,
    decision: &Decision,
    channel: Channel,
    signed_by: &Actor,
) -> Result<RelatedChange, Failure> {
    let public = Some(session.save_signed(decision, channel, signed_by)?.into());
    Ok(RelatedChange { id: context.row_id(), event: decision.signed(), public })
}

/// What a decision gets from outside.
pub(crate) fn frame<'a>(
    session: &mut Session<'_>,
    municipality: &'a Municipality,
    context: &Context,
    now: Instant,
) -> Result<SigningContext<'a>, Failure> {
    let number = session.next_decision_number(&municipality.number, now)?;
    let commencement = context.commencement();
    let channel = Channel::Electronic;
    Ok(SigningContext { id: context.id(), number, municipality, now, commencement, channel })
}
