//! How an appeal comes out: dismissed, changed in favour, or as the appeal body decided; and costs.

use actix_web::{HttpResponse, http::StatusCode, post, web::Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AppealView, about, load, view};
use crate::{
    api::{
        Shared,
        body::Said,
        caller::By,
        condition::{Expected, shown},
        decisions::{
            changes::{Follow, consequence, signed},
            frame, keep_signed, municipality,
        },
        problem::{ActProblems, Problem},
    },
    document::{
        appeal::dismissal_grounds,
        case::outcomes,
        decision::{DecisionForm, ReasonsForm},
        each,
        notification::{channels, read_channel},
        offering::MoneyForm,
        one_of, words,
    },
    domain::{
        Change,
        appeal::{About, Appeal, DismissalGround, Effect, Harm, Instance, Ruling, Verdict},
        application::{Finding, Outcome},
        decision::{Decision, Frame, Outcome as Decided, Reasons},
        faults::Faults,
        ids::{AppealId, ApprovalId},
        notification::Channel,
        refusal::Refusal,
        role::{DecisionMaker, Party, ProviderUser},
        text::{Code, Line, Note, Prose},
        time::parse_day,
    },
    store::Done,
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
    #[schema(required, nullable = false)]
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
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    appeal_body: Option<String>,
    /// When the appeal body decided.
    #[schema(nullable = false, format = Date)]
    decided_on: Option<String>,
    /// Rules, facts and considerations.
    #[schema(required, nullable = false)]
    reasons: Option<ReasonsForm>,
    /// What was found of each criterion, where a refused or dismissed application is approved.
    #[serde(default)]
    #[schema(max_items = 200)]
    findings: Vec<FindingBody>,
    /// The weighty interests that demand a change to the appellant's harm; for such a change alone.
    #[schema(nullable = false, min_length = 1, max_length = 10000)]
    weighty_interests: Option<String>,
    /// How the party is notified; electronically unless said otherwise.
    #[schema(schema_with = channels)]
    channel: Option<String>,
}

const RULINGS: [Ruling; 5] = [
    Ruling::ChangedInFavour,
    Ruling::Upheld,
    Ruling::Changed,
    Ruling::AnnulledReturned,
    Ruling::Dismissed,
];

fn rulings() -> utoipa::openapi::schema::Object {
    words(
        "The lower body changes in favour or annuls; the appeal body upholds, changes, annuls or dismisses.",
        RULINGS.map(Ruling::as_str),
    )
}

/// A claim for costs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "amount": {"amount": "18500.00", "currency": "NOK"}, "whatFor": "Advokat, ti timer."
}))]
pub struct CostsClaimBody {
    /// What is claimed.
    #[schema(required, nullable = false)]
    amount: Option<MoneyForm>,
    /// What for.
    #[schema(required, nullable = false, min_length = 1, max_length = 10000)]
    what_for: Option<String>,
}

/// The answer to a claim for costs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "granted": {"amount": "12000.00", "currency": "NOK"}, "reasons": "Seks timer var nødvendige."
}))]
pub struct CostsDecisionBody {
    /// What is granted; left out where the claim is refused.
    #[schema(nullable = false)]
    granted: Option<MoneyForm>,
    /// Why.
    #[schema(required, nullable = false, min_length = 1, max_length = 10000)]
    reasons: Option<String>,
}

/// What was meant, read.
struct Meant {
    verdict: Verdict,
    reasons: Reasons,
    findings: Vec<Finding>,
    channel: Channel,
}

impl AppealOutcomeBody {
    fn read(&self) -> Result<Meant, Faults> {
        let mut faults = Faults::default();
        let f = &mut faults;
        let ruling =
            f.parse("/ruling", self.ruling.as_ref(), |said| one_of(said, &RULINGS, Ruling::as_str));
        let name = f.parse_optional("/appealBody", self.appeal_body.as_ref(), Line::parse);
        let decided_on = match &self.appeal_body {
            None => None,
            Some(_) => f.parse("/decidedOn", self.decided_on.as_ref(), parse_day),
        };
        let instance = name.zip(decided_on).map_or(Instance::LowerBody, |(name, decided_on)| {
            Instance::AppealBody { name, decided_on }
        });
        let interests =
            f.parse_optional("/weightyInterests", self.weighty_interests.as_ref(), Prose::parse);
        let harm = interests.map(|weighty_interests| Harm { weighty_interests });
        let reasons = self.reasons.clone().unwrap_or_default().read(f, "/reasons");
        let findings = each(f, "/findings", &self.findings, |f, at, said| said.read(f, at));
        let channel = read_channel(f, "/channel", self.channel.as_ref());
        let read = ruling.zip(reasons).zip(findings).zip(channel);
        let meant = read.map(|(((ruling, reasons), findings), channel)| Meant {
            verdict: Verdict { ruling, dismissal: None, instance, harm },
            reasons,
            findings,
            channel,
        });
        faults.settle(meant)
    }
}

impl FindingBody {
    fn read(&self, f: &mut Faults, at: &str) -> Option<Finding> {
        let criterion = f.take(&format!("{at}/criterion"), Code::parse(&self.criterion));
        let outcome = one_of(&self.outcome, &Outcome::ALL, Outcome::as_str);
        let outcome = f.take(&format!("{at}/outcome"), outcome);
        let note = f.take(&format!("{at}/note"), Note::parse(&self.note));
        Some(Finding { criterion: criterion?, outcome: outcome?, note: note? })
    }
}

/// Loads, lets the appeal be decided, and keeps all that follows.
async fn decided(
    state: &Shared,
    by: By<DecisionMaker>,
    id: uuid::Uuid,
    expected: Expected,
    (findings, channel): (Vec<Finding>, Channel),
    transition: impl FnOnce(
        Appeal,
        About<'_>,
        ApprovalId,
        Frame<'_>,
        &DecisionMaker,
    ) -> Result<Change<(Appeal, Decision)>, Refusal>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    let decision = state
        .act(by.stamp(&state.context), move |session, state, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let appeal = load(session, AppealId::new(id), &party)?;
            expected.matches(appeal.revision)?;
            let (first, course, application) = about(session, &appeal, &party)?;
            let municipality = municipality(session, &first.municipality)?;
            let frame = frame(session, &municipality, &state.context, now)?;
            let frame = Frame { channel, ..frame };
            let about = About { decision: &first, course: &course, application: &application };
            let new = state.context.id();
            let Change { value: (appeal, decision), event } =
                transition(appeal, about, new, frame, &by.role)?;
            let effect = match &decision.outcome {
                Decided::Appeal { verdict, .. } => verdict.effect(&first.outcome)?,
                _ => Effect::Stands,
            };
            keep_signed(session, &decision, channel, &by.caller.actor)?;
            session.keep_appeal(&appeal, Some(expected.0))?;
            let from = course.revision;
            let noted = course.after_appeal(&appeal, effect, &decision, now);
            session.keep_course(&noted.value, Some(from))?;
            let mut also = vec![consequence(state, noted.event)];
            let waits = effect == Effect::Stands && noted.value.open_appeals().next().is_some();
            if !waits {
                let actor = &by.caller.actor;
                let follow = Follow { effect, first: &first, by: &decision, actor };
                also.extend(follow.through(session, state, findings, now)?);
            }
            Ok(Done { event, public: None, also, answer: decision })
        })
        .await?;
    Ok(signed(&decision))
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
    responses((status = 201, description = "The signed decision on the appeal.", body = DecisionForm), ActProblems),
)]
#[post("/appeals/{id}/dismissal")]
pub(crate) async fn appeal_dismiss(
    by: By<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<AppealDismissalBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let f = &mut faults;
    let ground = f.parse("/ground", said.0.ground, |said| {
        one_of(said, &DismissalGround::ALL, DismissalGround::as_str)
    });
    let reasons = said.0.reasons.unwrap_or_default().read(f, "/reasons");
    let channel = read_channel(f, "/channel", said.0.channel.as_ref());
    let read = ground.zip(reasons).zip(channel);
    let ((ground, reasons), channel) = faults.settle(read).map_err(Refusal::validation)?;
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
    responses((status = 201, description = "The signed decision on the appeal.", body = DecisionForm), ActProblems),
)]
#[post("/appeals/{id}/outcome")]
pub(crate) async fn appeal_decide(
    by: By<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<AppealOutcomeBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let Meant { verdict, reasons, findings, channel } =
        said.0.read().map_err(Refusal::validation)?;
    decided(&state, by, *id, expected, (findings, channel), move |appeal, about, new, frame, by| {
        appeal.decide(verdict, new, reasons, about, frame, by)
    })
    .await
}

/// Claim costs.
///
/// For the party, within three weeks of the new decision's arrival (forvaltningsloven § 36).
#[utoipa::path(
    tag = "appeals", operation_id = "appealClaimCosts", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = CostsClaimBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/costs-claim")]
pub(crate) async fn appeal_claim_costs(
    by: By<ProviderUser>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<CostsClaimBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let f = &mut faults;
    let amount = f.need("/amount", said.0.amount).and_then(|form| form.read(f, "/amount"));
    let what_for = f.parse("/whatFor", said.0.what_for, Prose::parse);
    let (amount, what_for) = faults.settle(amount.zip(what_for)).map_err(Refusal::validation)?;
    let id = AppealId::new(*id);
    let (revision, view) = state
        .act(by.stamp(&state.context), move |session, _, now| {
            let party = Party::Provider(by.role.organisation.clone());
            let appeal = load(session, id, &party)?;
            expected.matches(appeal.revision)?;
            let arrived = match appeal.outcome() {
                None => None,
                Some(by) => {
                    let outcome = session.followed(by)?;
                    outcome.and_then(|(_, course)| course.notification.starts_on())
                }
            };
            let Change { value, event } =
                appeal.claim_costs(amount, what_for, arrived, &by.role, now)?;
            session.keep_appeal(&value, Some(expected.0))?;
            let answer = (value.revision, view(&value, by.caller.role));
            Ok(Done { event, public: None, also: vec![], answer })
        })
        .await?;
    Ok(shown(StatusCode::OK, revision, &view))
}

/// Answer a claim for costs.
///
/// Granted, in part or whole, or refused; with reasons either way.
#[utoipa::path(
    tag = "appeals", operation_id = "appealDecideCosts", security(("token" = [])),
    params(
        ("id" = uuid::Uuid, Path, description = "Id of the appeal"),
        ("If-Match" = String, Header, description = "The ETag that was read"),
    ),
    request_body = CostsDecisionBody,
    responses((status = 200, description = "The appeal.", body = AppealView), ActProblems),
)]
#[post("/appeals/{id}/costs-decision")]
pub(crate) async fn appeal_decide_costs(
    by: By<DecisionMaker>,
    id: Path<uuid::Uuid>,
    expected: Expected,
    said: Said<CostsDecisionBody>,
    state: Shared,
) -> Result<HttpResponse, Problem> {
    let mut faults = Faults::default();
    let f = &mut faults;
    let granted = match said.0.granted {
        None => Some(None),
        Some(form) => form.read(f, "/granted").map(Some),
    };
    let reasons = f.parse("/reasons", said.0.reasons, Prose::parse);
    let (granted, reasons) = faults.settle(granted.zip(reasons)).map_err(Refusal::validation)?;
    let id = AppealId::new(*id);
    let (revision, view) = state
        .act(by.stamp(&state.context), move |session, _, now| {
            let party = Party::Municipality(by.role.municipality.clone());
            let appeal = load(session, id, &party)?;
            expected.matches(appeal.revision)?;
            let Change { value, event } = appeal.answer_costs(granted, reasons, &by.role, now)?;
            session.keep_appeal(&value, Some(expected.0))?;
            let answer = (value.revision, view(&value, by.caller.role));
            Ok(Done { event, public: None, also: vec![], answer })
        })
        .await?;
    Ok(shown(StatusCode::OK, revision, &view))
}
