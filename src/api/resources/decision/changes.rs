//! Decisions about a decision: it waits or does not, or is taken back without an appeal.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{frame, load, municipality, save_signed};
use crate::{
    api::{
        AppData, AppState,
        answer::Created,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
        resources::{application, approval},
    },
    commands::{
        Tx,
        approval::end_with_offering,
        decision::{application_of, approval_of, change_approval, end_suspension},
    },
    domain::{
        Change,
        appeal::Effect,
        application::{Application, CriterionFinding},
        approval::Approval,
        decision::{
            Decision, DecisionOutcome, SigningContext, history::DecisionHistory,
            on_decision::ReversalGround,
        },
        error::DomainError,
        event::Event,
        offering::intake::Places,
        role::{Actor, DecisionMaker, Party},
        rules::notification::Channel,
        validation::ValidationErrors,
        values::{
            ids::{DecisionId, Revision},
            time::Instant,
        },
    },
    json::{
        decision::{ReasonsForm, reversal_grounds},
        notification::{channels, read_channel},
        one_of,
        public::PublicRecord,
    },
    store::{Done, Failure, RelatedChange, Session},
};

/// A decision on whether a revocation waits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"granted": true, "reasons": {
    "rules": "Forvaltningsloven § 42.", "facts": "Åtte brukere har hjelp av leverandøren.",
    "considerations": "Iverksetting nå kan ikke gjøres om for brukerne."
}}))]
pub struct DeferralBody {
    /// Whether it waits until the appeal period is out or the appeal decided.
    #[schema(required)]
    granted: Option<bool>,
    /// Rules, facts and considerations.
    #[schema(required)]
    reasons: Option<ReasonsForm>,
    /// How the party is notified; electronically unless said otherwise.
    #[schema(schema_with = channels)]
    channel: Option<String>,
}

/// A reversal without an appeal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"ground": "no-harm", "reasons": {
    "rules": "Forvaltningsloven § 35 første ledd bokstav a.",
    "facts": "Beredskapsplanen lå ved søknaden.", "considerations": "Avslaget bygger på feil faktum."
}}))]
pub struct ReversalBody {
    /// What allows it.
    #[schema(required, schema_with = reversal_grounds)]
    ground: Option<String>,
    /// Rules, facts and considerations.
    #[schema(required)]
    reasons: Option<ReasonsForm>,
    /// How the party is notified; electronically unless said otherwise.
    #[schema(schema_with = channels)]
    channel: Option<String>,
}

/// Defer a revocation, or refuse to.
///
/// While it waits the provider can be chosen. A refusal to defer needs reasons as well
/// (forvaltningsloven § 42).
#[utoipa::path(
    tag = "decisions", operation_id = "decisionDefer", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
        ("If-Match" = String, Header, description = "The ETag of the decision that was read"),
    ),
    request_body = DeferralBody,
    responses((status = 201, description = "The signed decision on deferral.", body = Decision), ActProblems),
)]
#[post("/decisions/{id}/deferral")]
pub(crate) async fn decision_defer(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<DeferralBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let f = &mut errors;
    let granted = f.require("/granted", body.0.granted);
    let reasons = body.0.reasons.unwrap_or_default().read(f, "/reasons");
    let channel = read_channel(f, "/channel", body.0.channel.as_ref());
    let read = granted.zip(reasons).zip(channel);
    let ((granted, reasons), channel) = errors.finish(read).map_err(DomainError::validation)?;
    let id = DecisionId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let at = At { id, expected, channel, now };
            let Signed { first, decision, mut done } =
                sign(session, state, at, &by, |history, about, _, frame| {
                    history.suspend_effect(granted, reasons, about, frame, &by.role)
                })?;
            if granted {
                let places = places(session, state, &first, now)?;
                let change =
                    |approval: Approval| approval.suspend_revocation(decision.id, &places, now);
                let tx = &mut Tx::new(session, state.environment(), now);
                change_approval(tx, &first, change)?;
                done.related.extend(tx.take_related());
            }
            Ok(done.answering(signed(&decision)))
        })
        .await
}

/// Reverse without an appeal.
///
/// Takes away what goes against the provider (forvaltningsloven § 35): a refused or dismissed
/// application is under assessment again, a revoked approval is given back. An approval is never
/// reversed, but revoked, since the provider must be heard first.
#[utoipa::path(
    tag = "decisions", operation_id = "decisionReverse", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the decision"),
        ("If-Match" = String, Header, description = "The ETag of the decision that was read"),
    ),
    request_body = ReversalBody,
    responses((status = 201, description = "The signed decision on reversal.", body = Decision), ActProblems),
)]
#[post("/decisions/{id}/reversal")]
pub(crate) async fn decision_reverse(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<ReversalBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let f = &mut errors;
    let ground = f.parse("/ground", body.0.ground, |body| {
        one_of(body, &ReversalGround::ALL, ReversalGround::as_str)
    });
    let reasons = body.0.reasons.unwrap_or_default().read(f, "/reasons");
    let channel = read_channel(f, "/channel", body.0.channel.as_ref());
    let read = ground.zip(reasons).zip(channel);
    let ((ground, reasons), channel) = errors.finish(read).map_err(DomainError::validation)?;
    let id = DecisionId::new(*id);
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let at = At { id, expected, channel, now };
            let Signed { first, decision, mut done } =
                sign(session, state, at, &by, |history, about, places, frame| {
                    history.reverse(ground, reasons, about, places, frame, &by.role)
                })?;
            let effect =
                if first.outcome.approval().is_some() { Effect::Reinstate } else { Effect::Reopen };
            let follow = Follow { effect, first: &first, by: &decision, actor: &by.caller.actor };
            done.related.extend(follow.through(session, state, vec![], now)?);
            Ok(done.answering(signed(&decision)))
        })
        .await
}

/// Which decision is decided on, as it was read; how the new one is sent, and when.
struct At {
    id: DecisionId,
    expected: IfMatch,
    channel: Channel,
    now: Instant,
}

/// A signed decision on a first one, and what the journal is told so far.
struct Signed {
    first: Decision,
    decision: Decision,
    done: Done<()>,
}

/// Signs a decision on a decision: loads the first one at the expected revision, runs the
/// transition of its course, and keeps what comes of it.
fn sign(
    session: &mut Session<'_>,
    state: &AppState,
    At { id, expected, channel, now }: At,
    by: &Caller<DecisionMaker>,
    transition: impl FnOnce(
        DecisionHistory,
        (&Decision, &Application),
        &Places,
        SigningContext<'_>,
    ) -> Result<Change<(DecisionHistory, Decision)>, DomainError>,
) -> Result<Signed, Failure> {
    let party = Party::Municipality(by.role.municipality.clone());
    let (first, history) = load(session, id, &party)?;
    expected.matches(history.revision)?;
    let application = application_of(session, &first)?;
    let municipality = municipality(session, &first.municipality)?;
    let frame = frame(session, &municipality, &state.context, now)?;
    let frame = SigningContext { channel, ..frame };
    let Change { value: (history, decision), event } =
        transition(history, (&first, &application), &places(session, state, &first, now)?, frame)?;
    let signed = save_signed(session, &state.context, &decision, channel, &by.caller.actor)?;
    session.save_history(&history, Some(expected.0))?;
    let public = ended(session, &first, &history)?;
    let done = Done { event, public, related: vec![signed], answer: () };
    Ok(Signed { first, decision, done })
}

/// What the public sees of a decision that has lost its force; nothing new while it has it.
pub(crate) fn ended(
    session: &mut Session<'_>,
    first: &Decision,
    history: &DecisionHistory,
) -> Result<Option<PublicRecord>, Failure> {
    match history.end {
        None => Ok(None),
        end => Ok(Some(session.decision_record(first, end)?.into())),
    }
}

/// The answer to whoever has signed a decision.
pub(crate) fn signed(decision: &Decision) -> Created<Decision> {
    Created(format!("/v1/decisions/{}", decision.id), Revision::FIRST, decision.clone())
}

/// What follows from a decision about a decision for the thing that was decided on.
pub(crate) struct Follow<'a> {
    pub(crate) effect: Effect,
    pub(crate) first: &'a Decision,
    pub(crate) by: &'a Decision,
    pub(crate) actor: &'a Actor,
}

impl Follow<'_> {
    /// Keeps what follows, each with a row in the journal. Findings serve an approval alone.
    pub(crate) fn through(
        self,
        session: &mut Session<'_>,
        state: &AppState,
        findings: Vec<CriterionFinding>,
        now: Instant,
    ) -> Result<Vec<RelatedChange>, Failure> {
        let Self { effect, first, by, actor } = self;
        match effect {
            Effect::Stands | Effect::Replaced => {
                let tx = &mut Tx::new(session, state.environment(), now);
                end_suspension(tx, first)?;
                Ok(tx.take_related())
            }
            Effect::Reinstate => {
                let places = places(session, state, first, now)?;
                let change = |approval: Approval| approval.reinstate(by.id, &places, now);
                let tx = &mut Tx::new(session, state.environment(), now);
                let approval = change_approval(tx, first, change)?;
                end_with_offering(tx, &approval)?;
                Ok(tx.take_related())
            }
            Effect::Reopen => {
                let application = application_of(session, first)?;
                let from = application.revision;
                if let Some(open) =
                    session.open_application(application.offering, &application.provider)?
                {
                    let path = format!("/v1/applications/{open}");
                    return Err(DomainError::applied_anew(path).into());
                }
                let Change { value, event } = application.reopen(by.id)?;
                session.save_application(&value, Some(from))?;
                Ok(vec![consequence(state, event)])
            }
            Effect::Approve => {
                let party = Party::Municipality(first.municipality.clone());
                let (application, (offering, content)) =
                    application::load(session, state, first.application, &party)?;
                let places = session.places(&offering, &content, &state.catalogue, now)?;
                let from = application.revision;
                let approval =
                    by.outcome.approval().ok_or_else(|| DomainError::not_found("approval"))?;
                let terms = (&content, &places);
                let Change { value: (application, approval), event } =
                    application.approve_on_appeal(findings, approval, terms, by, actor, now)?;
                session.save_application(&application, Some(from))?;
                session.save_approval(&approval, None)?;
                let tx = &mut Tx::new(session, state.environment(), now);
                tx.relate(event, None);
                end_with_offering(tx, &approval)?;
                Ok(tx.take_related())
            }
        }
    }
}

/// The places for the provider whose approval a decision took; those without a limit where it took none.
pub(super) fn places(
    session: &mut Session<'_>,
    state: &AppState,
    of: &Decision,
    now: Instant,
) -> Result<Places, Failure> {
    if !matches!(of.outcome, DecisionOutcome::Revoke { .. }) {
        return Ok(Places::default());
    }
    let approval = approval_of(session, of)?;
    let content = approval::content(session, state, &approval)?;
    let found = session.offering(approval.offering)?;
    let (offering, _) = found.ok_or_else(|| DomainError::not_found("offering"))?;
    Ok(session.places(&offering, &content, &state.catalogue, now)?)
}

/// A change that the public does not see.
pub(crate) fn consequence(state: &AppState, event: Event) -> RelatedChange {
    RelatedChange { id: state.context.row_id(), event, public: None }
}
