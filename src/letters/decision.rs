//! Letter of a decision: outcome, reasons, and the party's rights.

use super::{
    Letter, Parties, Section,
    language::{BilingualText, Pen, clock, ruled, text},
    one_line,
    outcome::{OutcomeText, dismissal, formal, outcome_text, reversal},
    rights::{self, RunningPeriod},
};
use crate::domain::{
    approval::Revocation,
    decision::{Decision, DecisionOutcome},
    offering::content::Terms,
    rules::{
        ground::{Ground, Grounded},
        regime::{
            Regime,
            Theme::{AppealDeadline, AppealPower, Reasons},
        },
    },
    values::time::day_of,
};

const DECIDED: BilingualText = text("Hva vi har bestemt", "Kva vi har bestemt");
const LISTED: BilingualText = text(
    "Kommunen kan trekke godkjenningen tilbake på disse grunnlagene, som står i de kunngjorte vilkårene:",
    "Kommunen kan trekkje godkjenninga tilbake på desse grunnlaga, som står i dei kunngjorde vilkåra:",
);
const EFFECT: BilingualText = text(
    "Tilbakekallet gjelder fra {dag} klokka {klokke}. Fra da kan ingen nye brukere velge dere.",
    "Tilbakekallinga gjeld frå {dag} klokka {klokke}. Frå då kan ingen nye brukarar velje dykk.",
);
const RIGHT_BODY: BilingualText = text("Rett organ er {organ}.", "Rett organ er {organ}.");
const STAND_STILL: BilingualText = text(
    "Kontrakten kan tidligst signeres når karensperioden er over: minst {dager} dager regnet fra dagen etter at dette brevet ble sendt ({regler}).",
    "Kontrakten kan tidlegast signerast når karensperioden er over: minst {dager} dagar rekna frå dagen etter at dette brevet vart sendt ({regler}).",
);
const GRANTED: BilingualText = text("Dere får dekket {belop}.", "De får dekt {belop}.");
const WINDING_DOWN: BilingualText = text("Avvikling", "Avvikling");
const HAND_OVER: BilingualText = text(
    "Dere skal gi tjenester til de brukerne dere allerede har, til og med {dag}. Etter det overtar {overtaker} brukerne.",
    "De skal gi tenester til dei brukarane de alt har, til og med {dag}. Etter det overtek {overtaker} brukarane.",
);
const GROUNDS: BilingualText = text("Grunnlaget for vedtaket", "Grunnlaget for vedtaket");
const HARM: BilingualText = ruled(
    "Vedtaket er endret til skade for klageren. Disse hensynene veier så tungt at det er nødvendig{lov}: {hensyn}",
    "Vedtaket er endra til skade for klagaren. Desse omsyna veg så tungt at det er nødvendig{lov}: {hensyn}",
    &[AppealPower],
);
const RULES: BilingualText = text("Reglene vi har brukt", "Reglane vi har brukt");
const FACTS: BilingualText = text("Fakta vi bygger på", "Fakta vi byggjer på");
const CONSIDERATIONS: BilingualText = text("Vurderingen vår", "Vurderinga vår");
const NO_REASONS: BilingualText = text("Begrunnelse", "Grunngiving");
const DEMAND_REASONS: BilingualText = ruled(
    "Vi har ikke skrevet en begrunnelse, fordi vedtaket gir dere det dere søkte om. Dere kan kreve en begrunnelse før klagefristen er ute. Da begynner en ny klagefrist på tre uker når dere får begrunnelsen{lov}.",
    "Vi har ikkje skrive ei grunngiving, fordi vedtaket gir dykk det de søkte om. De kan krevje ei grunngiving før klagefristen er ute. Då byrjar ein ny klagefrist på tre veker når de får grunngivinga{lov}.",
    &[Reasons, AppealDeadline],
);
const HANDLED: BilingualText = text("Hvem som har fattet vedtaket", "Kven som har gjort vedtaket");
const BODY: BilingualText = text("Vedtaksorgan: {organ}", "Vedtaksorgan: {organ}");
const APPEAL_BODY: BilingualText = text(
    "Vedtaksorgan: {organ}, som fattet vedtaket {dag}. {avsender} sender det på vegne av klageinstansen.",
    "Vedtaksorgan: {organ}, som gjorde vedtaket {dag}. {avsender} sender det på vegner av klageinstansen.",
);
const DELEGATION: BilingualText = text("Fullmakt: {fullmakt}", "Fullmakt: {fullmakt}");
const CASE_WORKER: BilingualText =
    text("Saksbehandler: {saksbehandler}", "Saksbehandlar: {saksbehandler}");
const RESPONSIBLE: BilingualText = text("Ansvarlig: {ansvarlig}", "Ansvarleg: {ansvarlig}");
const ACT_1967: BilingualText = text(
    "Lov om saksbehandlingen: forvaltningsloven av 10. februar 1967",
    "Lov om saksbehandlinga: forvaltningslova av 10. februar 1967",
);
const ACT_2025: BilingualText = text(
    "Lov om saksbehandlingen: forvaltningsloven av 20. juni 2025 nr. 81",
    "Lov om saksbehandlinga: forvaltningslova av 20. juni 2025 nr. 81",
);

/// The letter of a decision. `terms` are those published with the version of the case, `revocation` is the
/// approval's record of a revocation by this decision, `period` the time to appeal once it has begun.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    decision: &Decision,
    terms: &Terms,
    revocation: Option<&Revocation>,
    period: Option<RunningPeriod>,
) -> Letter {
    let pen = parties.pen(decision.regime);
    let outcome_text = outcome_text(&decision.outcome);
    let mut sections = vec![decided(parties, pen, decision, outcome_text, terms, revocation)];
    sections.extend(revocation.map(|revocation| winding_down(pen, revocation)));
    sections.extend(grounds(parties, pen, &decision.outcome));
    sections.extend(reasons(pen, decision));
    sections.extend(rights::sections(pen, decision, period));
    sections.push(handled(pen, decision));
    sections.push(parties.questions(pen));
    let title = pen.say(&outcome_text.title, &[]);
    let date = day_of(decision.signed_at);
    let names = signatures(pen, decision);
    parties.letter(pen, title, decision.number.as_str(), date, sections, names)
}

fn decided(
    parties: &Parties<'_>,
    pen: Pen,
    decision: &Decision,
    outcome_text: &OutcomeText,
    terms: &Terms,
    revocation: Option<&Revocation>,
) -> Section {
    let mut sentences = vec![parties.say(pen, &outcome_text.decided, &[])];
    sentences.extend(outcome_text.then.as_ref().map(|then| parties.say(pen, then, &[])));
    sentences.extend(revocation.map(|revocation| {
        let (day, clock) =
            (pen.day(day_of(revocation.effective_at)), clock(revocation.effective_at));
        pen.say(&EFFECT, &[("dag", &day), ("klokke", &clock)])
    }));
    if let DecisionOutcome::Costs { granted: Some(granted), .. } = &decision.outcome {
        let amount = granted.money().in_words_nb();
        sentences.push(pen.say(&GRANTED, &[("belop", &amount)]));
    }
    if let Some(rule) = decision.stand_still() {
        let values = [("dager", &*rule.days.to_string()), ("regler", rule.rules)];
        sentences.push(pen.say(&STAND_STILL, &values));
    }
    let mut listed = vec![];
    // Circumstances listed in the decision may be grounds for a later revocation (forvaltningsloven § 35 last
    // paragraph).
    if matches!(decision.outcome, DecisionOutcome::Approve { .. }) {
        sentences.push(pen.say(&LISTED, &[]));
        let codes = terms.revocation_grounds.iter().map(|ground| ground.as_str());
        listed.extend(codes.map(|code| parties.ground(pen, code).to_owned()));
    }
    Section::new(pen.say(&DECIDED, &[]), sentences).listing(listed)
}

fn winding_down(pen: Pen, revocation: &Revocation) -> Section {
    let plan = &revocation.winding_down;
    let day = pen.day(plan.until);
    let values = [("dag", day.as_str()), ("overtaker", plan.taken_over_by.as_str())];
    let mut sentences = vec![pen.say(&HAND_OVER, &values)];
    sentences
        .extend(plan.plan.iter().flat_map(|plan| super::lines(plan.as_str())).map(str::to_owned));
    Section::new(pen.say(&WINDING_DOWN, &[]), sentences)
}

fn grounds(parties: &Parties<'_>, pen: Pen, outcome: &DecisionOutcome) -> Option<Section> {
    let heading = pen.say(&GROUNDS, &[]);
    match outcome {
        DecisionOutcome::Refuse { grounds, .. } if !grounds.is_empty() => {
            Some(Section::new(heading, []).listing(listed(parties, pen, grounds)))
        }
        DecisionOutcome::Revoke { grounds, .. } => {
            Some(Section::new(heading, []).listing(listed(parties, pen, grounds)))
        }
        DecisionOutcome::Dismiss { ground, right_body, .. } => {
            let right = right_body.as_ref();
            let right = right.map(|body| pen.say(&RIGHT_BODY, &[("organ", body.as_str())]));
            let sentences = std::iter::once(pen.say(&formal(*ground), &[])).chain(right);
            Some(Section::new(heading, sentences))
        }
        DecisionOutcome::Reverse { ground, .. } => {
            Some(Section::new(heading, [pen.say(&reversal(*ground), &[])]))
        }
        DecisionOutcome::Appeal { verdict, .. } => {
            let dismissal = verdict.dismissal.map(|ground| pen.say(&dismissal(ground), &[]));
            let harm = verdict.harm.as_ref().map(|harm| harm.weighty_interests.as_str());
            let harm = harm.map(|sentences| pen.say(&HARM, &[("hensyn", &one_line(sentences))]));
            let sentences: Vec<_> = dismissal.into_iter().chain(harm).collect();
            (!sentences.is_empty()).then(|| Section::new(heading, sentences))
        }
        DecisionOutcome::Approve { .. }
        | DecisionOutcome::Refuse { .. }
        | DecisionOutcome::Defer { .. }
        | DecisionOutcome::Costs { .. } => None,
    }
}

/// Each ground with its facts.
pub(super) fn listed<G: Ground>(
    parties: &Parties<'_>,
    pen: Pen,
    grounds: &[Grounded<G>],
) -> Vec<String> {
    let item = |sentences: &Grounded<G>| {
        let name = parties.ground(pen, sentences.ground.as_str());
        format!("{name}: {}", one_line(sentences.facts.as_str()))
    };
    grounds.iter().map(item).collect()
}

fn reasons(pen: Pen, decision: &Decision) -> Vec<Section> {
    let Some(reasons) = decision.outcome.reasons() else {
        return vec![Section::new(pen.say(&NO_REASONS, &[]), [pen.say(&DEMAND_REASONS, &[])])];
    };
    let parts = [
        (&RULES, &reasons.rules),
        (&FACTS, &reasons.facts),
        (&CONSIDERATIONS, &reasons.considerations),
    ];
    let section = |(heading, prose): (&BilingualText, &crate::domain::values::text::Prose)| {
        Section::written(pen.say(heading, &[]), prose.as_str())
    };
    parts.map(section).into()
}

fn handled(pen: Pen, decision: &Decision) -> Section {
    let authority = &decision.authority;
    let body = match decision.outcome.appeal_body() {
        Some((name, decided_on)) => {
            let (day, sender) = (pen.day(decided_on), authority.body.as_str());
            let values = [("organ", name.as_str()), ("dag", &day), ("avsender", sender)];
            pen.say(&APPEAL_BODY, &values)
        }
        None => pen.say(&BODY, &[("organ", authority.body.as_str())]),
    };
    let delegation = pen.say(&DELEGATION, &[("fullmakt", authority.delegation.as_str())]);
    let mut items = vec![body, delegation];
    if decision.regime == Regime::Fvl2025 {
        items.extend(names(pen, decision));
    }
    items.push(pen.say(pen.under(&ACT_1967, &ACT_2025), &[]));
    Section::new(pen.say(&HANDLED, &[]), []).listing(items)
}

/// The case worker and the responsible person, required by the Act of 2025 (§§ 58 and 59).
fn names(pen: Pen, decision: &Decision) -> [String; 2] {
    let authority = &decision.authority;
    [
        pen.say(&CASE_WORKER, &[("saksbehandler", authority.case_worker.as_str())]),
        pen.say(&RESPONSIBLE, &[("ansvarlig", authority.responsible.as_str())]),
    ]
}

fn signatures(pen: Pen, decision: &Decision) -> Vec<String> {
    let authority = &decision.authority;
    match decision.regime {
        Regime::Fvl1967 => vec![authority.responsible.to_string(), authority.body.to_string()],
        Regime::Fvl2025 => {
            let mut signed = Vec::from(names(pen, decision));
            signed.push(authority.body.to_string());
            signed
        }
    }
}
