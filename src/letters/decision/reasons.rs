//! Letter of reasons that were given afterwards.

use super::reason_sections;
use crate::{
    domain::{
        decision::{
            Decision,
            history::{Given, ReasonsDemand},
        },
        rules::regime::Theme::{self, AppealBody, AppealDeadline, ElectronicArrival},
        values::time::day_of,
    },
    letters::{
        Letter, Parties, Section,
        appeal::number_and_day,
        language::{BilingualText, date, ruled, text},
        rights::help,
    },
};

const TITLE: BilingualText = text("Begrunnelse for et vedtak", "Grunngiving for eit vedtak");
const MATTER: BilingualText = text("Hva saken gjelder", "Kva saka gjeld");
const ASKED: BilingualText = ruled(
    "Dere ba {dag} om en begrunnelse for vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}». Her er begrunnelsen{lov}. Vedtaket er det samme.",
    "De bad {dag} om ei grunngiving for vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}». Her er grunngivinga{lov}. Vedtaket er det same.",
    &[Theme::Reasons],
);
const PERIOD: BilingualText = text("Ny klagefrist", "Ny klagefrist");
const STARTS: BilingualText = ruled(
    "Dere kan klage på vedtaket. Klageinstansen er {klageinstans}. En ny frist på tre uker begynner den dagen vi sender dere varsel om at begrunnelsen er tilgjengelig{lov}.",
    "De kan klage på vedtaket. Klageinstansen er {klageinstans}. Ein ny frist på tre veker byrjar den dagen vi sender dykk varsel om at grunngivinga er tilgjengeleg{lov}.",
    &[AppealBody, AppealDeadline, ElectronicArrival],
);

/// The letter of the reasons.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    decision: &Decision,
    demand: &ReasonsDemand,
    given: &Given,
) -> Letter {
    let pen = parties.pen(decision.regime);
    let heading = |text| pen.say(text, &[]);
    let (number, decided_on) = number_and_day(decision);
    let asked_on = date(day_of(demand.at));
    let mut values =
        vec![("vedtak", number.as_str()), ("vedtaksdag", &decided_on), ("dag", &asked_on)];
    values.extend(decision.appeal.iter().map(|right| ("klageinstans", right.body.as_str())));
    let asked = parties.say(pen, &ASKED, &values);
    let mut sections = vec![Section::new(heading(&MATTER), [asked])];
    sections.extend(reason_sections(pen, &given.reasons));
    sections.extend(decision.appeal.as_ref().map(|_| {
        let way = parties.way_to_appeal(pen, decision);
        Section::new(heading(&PERIOD), [pen.say(&STARTS, &values), way])
    }));
    sections.extend([help(pen), parties.questions(pen)]);
    let names = vec![given.by.name.to_string(), parties.sender()];
    let date = day_of(given.notification.issued_at());
    parties.letter(pen, heading(&TITLE), &number, date, sections, names)
}
