//! How an appeal comes out: dismissed, changed in favour, or as the appeal body decided.

use actix_web::{HttpResponse, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::about;
use crate::{
    api::{
        AppData,
        extract::{body::ValidJson, caller::Caller, preconditions::IfMatch},
        problem::{ActProblems, Problem},
        resources::decision::{
            changes::{Follow, consequence, ended, signed},
            frame, municipality, save_signed,
        },
    },
    commands::{self, Tx},
    domain::{
        Change,
        appeal::{
            Appeal, AppealOutcome, AppealedCase, DismissalGround, Effect, Harm, Instance, Verdict,
        },
        application::{CriterionFinding, CriterionOutcome},
        decision::{Decision, DecisionOutcome as Decided, Reasons, SigningContext},
        error::DomainError,
        role::{DecisionMaker, Party},
        rules::notification::Channel,
        validation::ValidationErrors,
        values::{
            ids::ApprovalId,
            text::{Code, Line, Note, Prose},
            time::parse_day,
        },
    },
    json::{
        appeal::dismissal_grounds,
        case::outcomes,
        decision::ReasonsForm,
        each,
        notification::{channels, read_channel},
        one_of, words,
    },
    store::{Done, RelatedChange},
};

/// A dismissal by the lower body.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"ground": "late", "reasons": {
    "rules": "Forvaltningsloven §§ 29 og 31.", "facts": "Fristen var 7. april; klagen kom 20. april.",
    "considerations": "Ingen særlige grunner er nevnt."
}}))]
pub struct AppealDismissalBody {
    /// Why.
    #[schema(required, schema_with = dismissal_grounds)]
    ground: Option<String>,
    /// Rules, facts and considerations.
    #[schema(required)]
    reasons: Option<ReasonsForm>,
    /// How the party is notified; electronically unless said otherwise.
    #[schema(schema_with = channels)]
    channel: Option<String>,
}

/// What whoever changes a decision found of one criterion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Finding, example = json!({"criterion": "contingency-plan", "outcome": "met", "note": "Vedlegg 4."}))]
pub struct FindingBody {
    /// Code of the criterion.
    #[schema(max_length = 60)]
    criterion: String,
    /// How its line is closed now.
    #[schema(schema_with = outcomes)]
    outcome: String,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    note: String,
}

/// How the appeal came out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "ruling": "upheld", "appealBody": "Klageutvalget", "decidedOn": "2026-05-20", "reasons": {
        "rules": "Forvaltningsloven § 34.", "facts": "Planen mangler varslingsliste.",
        "considerations": "Kravet er obligatorisk."
    }
}))]
pub struct AppealOutcomeBody {
    /// How it came out.
    #[schema(required, schema_with = rulings)]
    ruling: Option<String>,
    /// The appeal body; left out where the lower body changes its own decision.
    #[schema(min_length = 1, max_length = 200)]
    appeal_body: Option<String>,
    /// When the appeal body decided; with `appealBody`.
    #[schema(format = Date)]
    decided_on: Option<String>,
    /// Rules, facts and considerations.
    #[schema(required)]
    reasons: Option<ReasonsForm>,
    /// What was found of each criterion, where a refused or dismissed application is approved.
    #[serde(default)]
    #[schema(max_items = 200)]
    findings: Vec<FindingBody>,
    /// The weighty interests that demand a change to the appellant's harm; for such a change alone.
    #[schema(min_length = 1, max_length = 10000)]
    weighty_interests: Option<String>,
    /// How the party is notified; electronically unless said otherwise.
    #[schema(schema_with = channels)]
    channel: Option<String>,
}

const RULINGS: [AppealOutcome; 5] = [
    AppealOutcome::ChangedInFavour,
    AppealOutcome::Upheld,
    AppealOutcome::Changed,
    AppealOutcome::AnnulledReturned,
    AppealOutcome::Dismissed,
];

fn rulings() -> utoipa::openapi::schema::Object {
    words(
        "The lower body changes in favour or annuls; the appeal body upholds, changes, annuls or dismisses.",
        RULINGS.map(AppealOutcome::as_str),
    )
}

/// What was meant, read.
struct Meant {
    verdict: Verdict,
    reasons: Reasons,
    findings: Vec<CriterionFinding>,
    channel: Channel,
}

impl AppealOutcomeBody {
    fn read(&self) -> Result<Meant, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let f = &mut errors;
        let ruling = f.parse("/ruling", self.ruling.as_ref(), |input| {
            one_of(input, &RULINGS, AppealOutcome::as_str)
        });
        let name = f.parse_optional("/appealBody", self.appeal_body.as_ref(), Line::parse);
        let decided_on = match &self.appeal_body {
            None => {
                let detail =
                    "Only the appeal body decides on a day of its own: name it, or leave this out.";
                f.unexpected("/decidedOn", self.decided_on.is_some(), detail);
                None
            }
            Some(_) => f.parse("/decidedOn", self.decided_on.as_ref(), parse_day),
        };
        let instance = name.zip(decided_on).map_or(Instance::LowerBody, |(name, decided_on)| {
            Instance::AppealBody { name, decided_on }
        });
        let interests =
            f.parse_optional("/weightyInterests", self.weighty_interests.as_ref(), Prose::parse);
        let harm = interests.map(|weighty_interests| Harm { weighty_interests });
        let reasons = self.reasons.clone().unwrap_or_default().read(f, "/reasons");
        let findings = each(f, "/findings", &self.findings, |f, at, input| input.read(f, at));
        let channel = read_channel(f, "/channel", self.channel.as_ref());
        let read = ruling.zip(reasons).zip(findings).zip(channel);
        let meant = read.map(|(((ruling, reasons), findings), channel)| Meant {
            verdict: Verdict { ruling, dismissal: None, instance, harm },
            reasons,
            findings,
            channel,
        });
        errors.finish(meant)
    }
}

impl FindingBody {
    fn read(&self, f: &mut ValidationErrors, at: &str) -> Option<CriterionFinding> {
        let criterion = f.collect(&format!("{at}/criterion"), Code::parse(&self.criterion));
        let outcome = one_of(&self.outcome, &CriterionOutcome::ALL, CriterionOutcome::as_str);
        let outcome = f.collect(&format!("{at}/outcome"), outcome);
        let note = f.collect(&format!("{at}/note"), Note::parse(&self.note));
        Some(CriterionFinding { criterion: criterion?, outcome: outcome?, note: note? })
    }
}

/// Loads, lets the appeal be decided, and keeps all that follows.
async fn decided(
    state: &AppData,
    by: Caller<DecisionMaker>,
    id: uuid::Uuid,
    expected: IfMatch,
    (findings, channel): (Vec<CriterionFinding>, Channel),
    transition: impl FnOnce(
        Appeal,
        AppealedCase<'_>,
        ApprovalId,
        SigningContext<'_>,
        &DecisionMaker,
    ) -> Result<Change<(Appeal, Decision)>, DomainError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    state
        .execute(by.metadata(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let appeal = commands::load::<Appeal>(
                &mut Tx::new(session, state.environment(), now),
                &id,
                &party,
            )?;
            expected.matches(appeal.revision)?;
            let (first, history, application) = about(session, &appeal, &party)?;
            let municipality = municipality(session, &first.municipality)?;
            let frame = frame(session, &municipality, &state.context, now)?;
            let frame = SigningContext { channel, ..frame };
            let about =
                AppealedCase { decision: &first, history: &history, application: &application };
            let new = state.context.id();
            let Change { value: (appeal, decision), event } =
                transition(appeal, about, new, frame, &by.role)?;
            let effect = match &decision.outcome {
                Decided::Appeal { verdict, .. } => verdict.effect(&first.outcome)?,
                _ => Effect::Stands,
            };
            if effect != Effect::Approve && !findings.is_empty() {
                let detail = "Findings serve an approval, and this gives none: leave them out.";
                let mut errors = ValidationErrors::default();
                errors.unexpected("/findings", true, detail);
                return Err(DomainError::validation(errors).into());
            }
            let kept = save_signed(session, &state.context, &decision, channel, &by.caller.actor)?;
            session.save_appeal(&appeal, Some(expected.0))?;
            let from = history.revision;
            let change = history.record_outcome(&appeal, effect, &decision, now);
            session.save_history(&change.value, Some(from))?;
            let public = ended(session, &first, &change.value)?;
            let noted_for_all = RelatedChange { public, ..consequence(state, change.event) };
            let mut related = vec![kept, noted_for_all];
            let waits = effect == Effect::Stands && change.value.open_appeals().next().is_some();
            if !waits {
                let actor = &by.caller.actor;
                let follow = Follow { effect, first: &first, by: &decision, actor };
                related.extend(follow.through(session, state, findings, now)?);
            }
            Ok(Done { event, public: None, related, answer: signed(&decision) })
        })
        .await
}

/// Dismiss the appeal.
///
/// By the lower body: too late, without legal interest, or not mended (forvaltningsloven §§ 28 to 33).
#[utoipa::path(
    tag = "appeals", operation_id = "appealDismiss", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag of the appeal that was read"),
    ),
    request_body = AppealDismissalBody,
    responses((status = 201, description = "The signed decision on the appeal.", body = Decision), ActProblems),
)]
#[post("/appeals/{id}/dismissal")]
pub(crate) async fn appeal_dismiss(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<AppealDismissalBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let mut errors = ValidationErrors::default();
    let f = &mut errors;
    let ground = f.parse("/ground", body.0.ground, |body| {
        one_of(body, &DismissalGround::ALL, DismissalGround::as_str)
    });
    let reasons = body.0.reasons.unwrap_or_default().read(f, "/reasons");
    let channel = read_channel(f, "/channel", body.0.channel.as_ref());
    let read = ground.zip(reasons).zip(channel);
    let ((ground, reasons), channel) = errors.finish(read).map_err(DomainError::validation)?;
    let parts = (vec![], channel);
    decided(&state, by, *id, expected, parts, move |appeal, about, _, frame, by| {
        appeal.dismiss(ground, reasons, about, frame, by)
    })
    .await
}

/// Decide the appeal.
///
/// The lower body changes its decision in favour or annuls it, or a decision maker records what the
/// appeal body decided (forvaltningsloven §§ 33 and 34). An approval follows only from findings that
/// show that every mandatory criterion is met.
#[utoipa::path(
    tag = "appeals", operation_id = "appealDecide", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag of the appeal that was read"),
    ),
    request_body = AppealOutcomeBody,
    responses((status = 201, description = "The signed decision on the appeal.", body = Decision), ActProblems),
)]
#[post("/appeals/{id}/outcome")]
pub(crate) async fn appeal_decide(
    by: Caller<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: IfMatch,
    body: ValidJson<AppealOutcomeBody>,
    state: AppData,
) -> Result<HttpResponse, Problem> {
    let Meant { verdict, reasons, findings, channel } =
        body.0.read().map_err(DomainError::validation)?;
    decided(&state, by, *id, expected, (findings, channel), move |appeal, about, new, frame, by| {
        appeal.decide(verdict, new, reasons, about, frame, by)
    })
    .await
}
