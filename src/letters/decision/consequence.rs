//! What holds after a decision about an earlier one.

use super::matter::Matter;
use crate::{
    domain::{appeal::Effect, decision::DecisionOutcome, values::time::day_of},
    letters::{
        Parties,
        language::{BilingualText, Pen, clock, text},
    },
};

const REOPENED: BilingualText = text(
    "Det vedtaket gjelder ikke lenger. Vi behandler søknaden på nytt.",
    "Det vedtaket gjeld ikkje lenger. Vi behandlar søknaden på nytt.",
);
const REVOKED_NO_MORE: BilingualText =
    text("Tilbakekallet gjelder ikke lenger.", "Tilbakekallinga gjeld ikkje lenger.");
const AS_BEFORE: BilingualText =
    text("Godkjenningen gjelder som før.", "Godkjenninga gjeld som før.");
const AGAIN: BilingualText = text(
    "Godkjenningen gjelder igjen fra {dag} klokka {klokke}.",
    "Godkjenninga gjeld igjen frå {dag} klokka {klokke}.",
);
const SUSPENDED: BilingualText = text(
    "Tilbakekallet virker ikke før klagefristen er ute eller klagen er avgjort.",
    "Tilbakekallinga verkar ikkje før klagefristen er ute eller klaga er avgjord.",
);
const GRANTED: BilingualText = text(
    "Søknaden er innvilget: {leverandor} er godkjent som leverandør. Brukerne kan velge dere fra den første dagen i kontrakten. Før det må kontrakten være signert og registrert av kommunen.",
    "Søknaden er innvilga: {leverandor} er godkjend som leverandør. Brukarane kan velje dykk frå den første dagen i kontrakten. Før det må kontrakten vere signert og registrert av kommunen.",
);
const RESUMED: BilingualText = text(
    "Avvisningen av klagen gjelder ikke lenger. Klagen blir tatt til behandling.",
    "Avvisinga av klaga gjeld ikkje lenger. Klaga blir teken til behandling.",
);
const REPLACED: BilingualText = text(
    "Dette vedtaket kommer i stedet for vedtak {vedtak}.",
    "Dette vedtaket kjem i staden for vedtak {vedtak}.",
);

const WITHDRAWN: BilingualText =
    text("Søknaden fra {leverandor} er avslått.", "Søknaden frå {leverandor} er avslått.");
const WITHDRAWN_AND_REOPENED: BilingualText = text(
    "Søknaden fra {leverandor} blir behandlet på nytt.",
    "Søknaden frå {leverandor} blir behandla på nytt.",
);
const COSTS_AGAIN: BilingualText = text(
    "Vi tar stilling til kravet om sakskostnader på nytt.",
    "Vi tek stilling til kravet om sakskostnader på nytt.",
);
const RESTORED: BilingualText = text(
    "Godkjenningen av {leverandor} gjelder igjen.",
    "Godkjenninga av {leverandor} gjeld igjen.",
);

/// The sentences, after those that only the outcome gives.
pub(super) fn sentences(
    parties: &Parties<'_>,
    pen: Pen,
    matter: &Matter<'_>,
    earlier: &[(&str, &str)],
) -> Vec<String> {
    let again = matter.restored_at.map(|at| {
        let (day, clock) = (pen.day(day_of(at)), clock(at));
        pen.say(&AGAIN, &[("dag", &day), ("klokke", &clock)])
    });
    let in_force = |again: Option<String>| again.unwrap_or_else(|| pen.say(&AS_BEFORE, &[]));
    let say = |text| vec![parties.say(pen, text, earlier)];
    if matches!(matter.decision.outcome, DecisionOutcome::Defer { granted: true, .. }) {
        return say(&SUSPENDED).into_iter().chain(again).collect();
    }
    match matter.effect() {
        Some(Effect::Reinstate) => {
            say(&REVOKED_NO_MORE).into_iter().chain([in_force(again)]).collect()
        }
        Some(Effect::Approve) => say(&GRANTED),
        Some(Effect::ResumeAppeal) => say(&RESUMED),
        Some(Effect::Replaced) => say(&REPLACED),
        Some(Effect::Withdraw) => say(&WITHDRAWN),
        Some(Effect::WithdrawAndReopen) => say(&WITHDRAWN_AND_REOPENED),
        Some(Effect::ReopenCosts) => say(&COSTS_AGAIN),
        Some(Effect::Restore) => again.map_or_else(|| say(&RESTORED), |again| vec![again]),
        Some(Effect::Reopen) if is_reversal(matter) => say(&REOPENED),
        // The text of the outcome says what holds.
        Some(Effect::Reopen | Effect::Stands) | None => vec![],
    }
}

const fn is_reversal(matter: &Matter<'_>) -> bool {
    matches!(matter.decision.outcome, DecisionOutcome::Reverse { .. })
}
