//! Letter of a preliminary answer: why the case takes time, and when to expect a decision.

use super::{
    Letter, Parties, Section,
    language::{BilingualText, ruled, text},
    rights::help,
};
use crate::domain::{
    application::preliminary::PreliminaryAnswer,
    rules::regime::{Regime, Theme::ProcessingTime},
    values::time::day_of,
};

const TITLE: BilingualText =
    text("Foreløpig svar på søknaden deres", "Førebels svar på søknaden dykkar");
const STATE: BilingualText =
    text("Søknaden er ikke avgjort ennå", "Søknaden er ikkje avgjord enno");
const NOT_YET: BilingualText = ruled(
    "{kommune} behandler søknaden fra {leverandor} (organisasjonsnummer {nummer}) om å bli godkjent som leverandør av tjenesten «{tjeneste}». Vi kan ikke avgjøre den så raskt som vi skulle, og gir dere derfor et foreløpig svar{lov}.",
    "{kommune} behandlar søknaden frå {leverandor} (organisasjonsnummer {nummer}) om å bli godkjend som leverandør av tenesta «{tjeneste}». Vi kan ikkje avgjere han så raskt som vi skulle, og gir dykk difor eit førebels svar{lov}.",
    &[ProcessingTime],
);
const WHY: BilingualText = text("Hvorfor det tar tid", "Kvifor det tek tid");
const TIME: BilingualText = text("Når dere får svar", "Når de får svar");
const EXPECTED: BilingualText = text(
    "Vi regner med å avgjøre saken innen {dag}. Tar det lengre tid, får dere et nytt brev.",
    "Vi reknar med å avgjere saka innan {dag}. Tek det lengre tid, får de eit nytt brev.",
);

/// The letter of a preliminary answer. `reference` is that of the case.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    answer: &PreliminaryAnswer,
    reference: &str,
    regime: Regime,
) -> Letter {
    let pen = parties.pen(regime);
    let heading = |text| pen.say(text, &[]);
    let expected = pen.say(&EXPECTED, &[("dag", &pen.day(answer.expected_by))]);
    let sections = vec![
        Section::new(heading(&STATE), [parties.say(pen, &NOT_YET, &[])]),
        Section::written(heading(&WHY), answer.text.as_str()),
        Section::new(heading(&TIME), [expected]),
        help(pen),
        parties.questions(pen),
    ];
    let names = parties.signed_by(pen, answer.sent_by.name.as_str());
    let date = day_of(answer.sent_at);
    parties.letter(pen, heading(&TITLE), reference, date, sections, names)
}
