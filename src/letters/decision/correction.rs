//! Letter of a corrected clerical error: what stood, what shall stand, and the whole text.

use super::{CONSIDERATIONS, FACTS, GROUNDS, RULES};
use crate::{
    domain::{
        decision::{
            Decision,
            history::{CorrectedText, DecisionCorrection},
        },
        rules::regime::Theme::Correction,
        values::time::day_of,
    },
    letters::{
        Letter, Parties, Section,
        appeal::number_and_day,
        language::{BilingualText, ruled, text},
        one_line,
        rights::help,
    },
};

const TITLE: BilingualText = text("Retting av et vedtak", "Retting av eit vedtak");
const MATTER: BilingualText = text("Hva vi har rettet", "Kva vi har retta");
const CORRECTED: BilingualText = ruled(
    "{kommune} har rettet en feil i teksten i vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}»{lov}.",
    "{kommune} har retta ein feil i teksten i vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}»{lov}.",
    &[Correction],
);
const BEFORE: BilingualText = text("Det sto: «{tekst}»", "Det stod: «{tekst}»");
const AFTER: BilingualText = text("Det skal stå: «{tekst}»", "Det skal stå: «{tekst}»");
const WHY: BilingualText = text("Hvorfor: {tekst}", "Kvifor: {tekst}");
const SAME: BilingualText = text(
    "Rettingen endrer verken utfallet eller klagefristen. Brevet dere fikk om vedtaket, blir ikke endret.",
    "Rettinga endrar verken utfallet eller klagefristen. Brevet de fekk om vedtaket, blir ikkje endra.",
);
const WHOLE: BilingualText =
    text("Teksten etter rettingen: {sted}", "Teksten etter rettinga: {sted}");

/// The letter of a correction. `whole` is the text with every correction.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    decision: &Decision,
    correction: &DecisionCorrection,
    whole: &str,
) -> Letter {
    let pen = parties.pen(decision.regime);
    let heading = |text| pen.say(text, &[]);
    let (number, decided_on) = number_and_day(decision);
    let values = [("vedtak", number.as_str()), ("vedtaksdag", &decided_on)];
    let changes =
        [(&BEFORE, &correction.before), (&AFTER, &correction.after), (&WHY, &correction.why)];
    let items = changes.map(|(text, note)| pen.say(text, &[("tekst", &one_line(note.as_str()))]));
    let place = heading(match correction.place {
        CorrectedText::Rules => &RULES,
        CorrectedText::Facts => &FACTS,
        CorrectedText::Considerations => &CONSIDERATIONS,
        CorrectedText::GroundFacts(_) => &GROUNDS,
    });
    let sections = vec![
        Section::new(heading(&MATTER), [parties.say(pen, &CORRECTED, &values)])
            .listing(items.into()),
        Section::written(pen.say(&WHOLE, &[("sted", &place)]), whole).followed_by(heading(&SAME)),
        help(pen),
        parties.questions(pen),
    ];
    let names = vec![correction.by.name.to_string(), parties.sender()];
    let date = day_of(correction.notification.issued_at());
    parties.letter(pen, heading(&TITLE), &number, date, sections, names)
}
