//! Letter of a decision: outcome, reasons, and the party's rights.

mod approval;
mod consequence;
pub mod correction;
pub mod extension;
mod matter;
pub mod reasons;
mod refusal;
pub(super) mod revocation;

pub use matter::Matter;

use super::{
    Letter, Parties, Section,
    language::{BilingualText, Pen, date, ruled, text},
    one_line,
    outcome::{OutcomeText, dismissal, formal, outcome_text, reversal},
    rights,
};
use crate::domain::{
    decision::{Decision, DecisionOutcome, Reasons},
    rules::{
        ground::{Ground, Grounded},
        regime::{
            Regime,
            Theme::{self, AppealDeadline, AppealPower},
        },
    },
    values::time::day_of,
};

const DECIDED: BilingualText = text("Hva vi har bestemt", "Kva vi har bestemt");
const RIGHT_BODY: BilingualText = text("Rett organ er {organ}.", "Rett organ er {organ}.");
const STAND_STILL: BilingualText = text(
    "Kontrakten kan tidligst signeres når karensperioden er over: minst {dager} dager regnet fra dagen etter at dette brevet ble sendt ({regler}).",
    "Kontrakten kan tidlegast signerast når karensperioden er over: minst {dager} dagar rekna frå dagen etter at dette brevet vart sendt ({regler}).",
);
const GRANTED: BilingualText = text("Dere får dekket {belop}.", "De får dekt {belop}.");
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
    &[Theme::Reasons, AppealDeadline],
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

/// The letter of a decision.
#[must_use]
pub fn letter(parties: &Parties<'_>, matter: &Matter<'_>) -> Letter {
    let decision = matter.decision;
    let pen = parties.pen(decision.regime);
    let outcome_text = outcome_text(&decision.outcome);
    let mut sections = vec![decided(parties, pen, matter, outcome_text)];
    if matter.approves() {
        sections.extend(approval::sections(parties, pen, matter));
    }
    sections.extend(revocation::sections(pen, matter));
    sections.extend(grounds(parties, pen, matter));
    sections.extend(refusal::section(parties, pen, matter));
    sections.extend(reasons_or_none(pen, decision));
    // One who has won by its own appeal has nothing to appeal against.
    if parties.appellant.is_none() || decision.outcome.withdrawal().is_none() {
        let way = decision.appeal.is_some().then(|| parties.way_to_appeal(pen, decision));
        sections.extend(rights::sections(pen, decision, way));
    }
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
    matter: &Matter<'_>,
    outcome_text: &OutcomeText,
) -> Section {
    let number = matter.earlier.map(|it| it.number.as_str()).unwrap_or_default();
    let decided_on = matter.earlier.map(|it| date(day_of(it.signed_at))).unwrap_or_default();
    let earlier = [("vedtak", number), ("vedtaksdag", decided_on.as_str())];
    let mut sentences = vec![parties.say(pen, &outcome_text.decided, &earlier)];
    sentences.extend(outcome_text.then.as_ref().map(|then| parties.say(pen, then, &earlier)));
    sentences.extend(consequence::sentences(parties, pen, matter, &earlier));
    sentences.extend(matter.revocation.map(|it| revocation::effect(pen, matter, it)));
    if let DecisionOutcome::Costs { granted: Some(granted), .. } = &matter.decision.outcome {
        let amount = granted.money().in_words_nb();
        sentences.push(pen.say(&GRANTED, &[("belop", &amount)]));
    }
    if let Some(rule) = matter.decision.stand_still() {
        let values = [("dager", &*rule.days.to_string()), ("regler", rule.rules)];
        sentences.push(pen.say(&STAND_STILL, &values));
    }
    Section::new(pen.say(&DECIDED, &[]), sentences)
}

fn grounds(parties: &Parties<'_>, pen: Pen, matter: &Matter<'_>) -> Option<Section> {
    let heading = pen.say(&GROUNDS, &[]);
    match &matter.decision.outcome {
        DecisionOutcome::Refuse { grounds, .. } if !grounds.is_empty() => {
            Some(Section::new(heading, []).listing(listed(parties, pen, grounds)))
        }
        DecisionOutcome::Revoke { grounds, .. } => {
            let section = Section::new(heading, []).listing(listed(parties, pen, grounds));
            Some(match revocation::broken_terms(pen, matter.broken) {
                Some(terms) => section.followed_by(terms),
                None => section,
            })
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

fn reasons_or_none(pen: Pen, decision: &Decision) -> Vec<Section> {
    match decision.outcome.reasons() {
        Some(reasons) => reason_sections(pen, reasons).into(),
        None => vec![Section::new(pen.say(&NO_REASONS, &[]), [pen.say(&DEMAND_REASONS, &[])])],
    }
}

/// Rules, facts and considerations.
fn reason_sections(pen: Pen, reasons: &Reasons) -> [Section; 3] {
    let parts = [
        (&RULES, &reasons.rules),
        (&FACTS, &reasons.facts),
        (&CONSIDERATIONS, &reasons.considerations),
    ];
    parts.map(|(heading, prose)| Section::written(pen.say(heading, &[]), prose.as_str()))
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
    // The delegation is the municipality's, and not that of another body.
    let is_own = decision.outcome.appeal_body().is_none();
    let mut items: Vec<_> =
        [Some(body), is_own.then_some(delegation)].into_iter().flatten().collect();
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
