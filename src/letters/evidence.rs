//! Letter about evidence that expires: which, when, and how to renew it.

use chrono::NaiveDate;

use super::{
    Letter, Parties, Section,
    language::{BilingualText, text},
    rights::help,
};
use crate::domain::{application::Evidence, rules::regime::Regime, values::ids::ApplicationId};

const TITLE: BilingualText =
    text("Dokumentasjon går snart ut på dato", "Dokumentasjon går snart ut på dato");
const WHICH: BilingualText = text("Hva som går ut", "Kva som går ut");
const ABOUT: BilingualText = text(
    "{leverandor} (organisasjonsnummer {nummer}) er godkjent av {kommune} som leverandør av tjenesten «{tjeneste}». Denne dokumentasjonen går snart ut på dato:",
    "{leverandor} (organisasjonsnummer {nummer}) er godkjend av {kommune} som leverandør av tenesta «{tjeneste}». Denne dokumentasjonen går snart ut på dato:",
);
const ITEM: BilingualText =
    text("{tittel}: gyldig til og med {dag}", "{tittel}: gyldig til og med {dag}");
const RENEW: BilingualText = text("Send ny dokumentasjon", "Send ny dokumentasjon");
const HOW: BilingualText = text(
    "Send ny dokumentasjon {kanal} før den gamle går ut.",
    "Send ny dokumentasjon {kanal} før den gamle går ut.",
);
const ELSE: BilingualText = text(
    "Uten gyldig dokumentasjon kan vi ikke se at dere fortsatt oppfyller kravet, og det kan få betydning for godkjenningen.",
    "Utan gyldig dokumentasjon kan vi ikkje sjå at de framleis oppfyller kravet, og det kan få noko å seie for godkjenninga.",
);

/// The letter about evidence of an approved application, with the last day of each piece. `reference` is that of the case.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    application: ApplicationId,
    expiring: &[(&Evidence, NaiveDate)],
    (reference, date): (&str, NaiveDate),
    regime: Regime,
) -> Letter {
    let pen = parties.pen(regime);
    let heading = |text| pen.say(text, &[]);
    let item = |(piece, last): &(&Evidence, NaiveDate)| {
        pen.say(&ITEM, &[("tittel", piece.title.as_str()), ("dag", &pen.day(*last))])
    };
    let way = parties.way(&format!("applications/{application}/evidence"));
    let how = pen.say(&HOW, &[("kanal", &way)]);
    let about = parties.say(pen, &ABOUT, &[]);
    let sections = vec![
        Section::new(heading(&WHICH), [about]).listing(expiring.iter().map(item).collect()),
        Section::new(heading(&RENEW), [how, heading(&ELSE)]),
        help(pen),
        parties.questions(pen),
    ];
    let names = vec![parties.sender()];
    parties.letter(pen, heading(&TITLE), reference, date, sections, names)
}
