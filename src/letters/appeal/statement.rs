//! Letter of the forwarding to the appeal body, with the municipality's statement.

use super::number_and_day;
use crate::{
    domain::{
        appeal::Forwarding,
        decision::Decision,
        rules::regime::Theme::{AppealPower, LowerBody},
        values::time::day_of,
    },
    letters::{
        Letter, Parties, Section,
        language::{BilingualText, ruled, text},
        rights::help,
    },
};

const TITLE: BilingualText =
    text("Klagen er sendt til klageinstansen", "Klaga er send til klageinstansen");
const SENT: BilingualText = text("Hva vi har kommet fram til", "Kva vi har kome fram til");
const FORWARDED: BilingualText = ruled(
    "{kommune} har sett på klagen over vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}», og har ikke endret vedtaket. Saken er sendt til klageinstansen, {klageinstans}. Her er en kopi av det vi har skrevet{lov}.",
    "{kommune} har sett på klaga over vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}», og har ikkje endra vedtaket. Saka er send til klageinstansen, {klageinstans}. Her er ein kopi av det vi har skrive{lov}.",
    &[LowerBody],
);
const STATEMENT: BilingualText = text("Uttalelsen vår", "Fråsegna vår");
const NEXT: BilingualText = text("Hva som skjer nå", "Kva som skjer no");
const DECIDES: BilingualText = ruled(
    "Klageinstansen avgjør klagen og kan prøve alle sider av saken{lov}. Dere får et skriftlig vedtak.",
    "Klageinstansen avgjer klaga og kan prøve alle sider av saka{lov}. De får eit skriftleg vedtak.",
    &[AppealPower],
);
const REMARKS: BilingualText = text(
    "Har dere merknader til det vi har skrevet, kan dere sende dem på e-post til {epost}. Vi sender dem videre.",
    "Har de merknader til det vi har skrive, kan de sende dei på e-post til {epost}. Vi sender dei vidare.",
);

/// The letter with the statement.
#[must_use]
pub fn letter(parties: &Parties<'_>, forwarding: &Forwarding, decision: &Decision) -> Letter {
    let pen = parties.pen(decision.regime);
    let heading = |text| pen.say(text, &[]);
    let (number, decided_on) = number_and_day(decision);
    let settings = &parties.municipality.settings;
    let body = decision.appeal.as_ref().map_or(&settings.appeal_body, |right| &right.body);
    let values = [
        ("vedtak", number.as_str()),
        ("vedtaksdag", &decided_on),
        ("klageinstans", body.as_str()),
        ("epost", settings.contact.email.as_str()),
    ];
    let sections = vec![
        Section::new(heading(&SENT), [parties.say(pen, &FORWARDED, &values)]),
        Section::written(heading(&STATEMENT), forwarding.statement.as_str()),
        Section::new(heading(&NEXT), [heading(&DECIDES), pen.say(&REMARKS, &values)]),
        help(pen),
        parties.questions(pen),
    ];
    let names = parties.signed_by(pen, forwarding.by.name.as_str());
    parties.letter(pen, heading(&TITLE), &number, day_of(forwarding.at), sections, names)
}
