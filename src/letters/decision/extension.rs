//! Letter of a longer time to appeal.

use crate::{
    domain::{
        decision::{Decision, history::Extension},
        rules::regime::Theme::AppealDeadline,
        values::time::day_of,
    },
    letters::{
        Letter, Parties, Section,
        appeal::number_and_day,
        language::{BilingualText, ruled, text},
        lines,
        rights::help,
    },
};

const TITLE: BilingualText =
    text("Dere har fått lengre klagefrist", "De har fått lengre klagefrist");
const PERIOD: BilingualText = text("Den nye fristen", "Den nye fristen");
const UNTIL: BilingualText = ruled(
    "{kommune} har forlenget fristen for å klage på vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}». Dere kan klage til og med {frist}{lov}.",
    "{kommune} har forlengt fristen for å klage på vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}». De kan klage til og med {frist}{lov}.",
    &[AppealDeadline],
);
const REST: BilingualText = text(
    "Det som ellers står om klage i vedtaket, gjelder som før.",
    "Det som elles står om klage i vedtaket, gjeld som før.",
);
const WHY: BilingualText = text("Hvorfor", "Kvifor");

/// The letter of an extension.
#[must_use]
pub fn letter(parties: &Parties<'_>, decision: &Decision, extension: &Extension) -> Letter {
    let pen = parties.pen(decision.regime);
    let heading = |text| pen.say(text, &[]);
    let (number, decided_on) = number_and_day(decision);
    let last_day = pen.day(extension.to);
    let values = [("vedtak", number.as_str()), ("vedtaksdag", &decided_on), ("frist", &last_day)];
    let until = parties.say(pen, &UNTIL, &values);
    let way = parties.way_to_appeal(pen, decision);
    let sections = vec![
        Section::new(heading(&PERIOD), [until, way, heading(&REST)]),
        Section::new(heading(&WHY), lines(extension.why.as_str()).map(str::to_owned)),
        help(pen),
        parties.questions(pen),
    ];
    let names = vec![extension.by.name.to_string(), parties.sender()];
    parties.letter(pen, heading(&TITLE), &number, day_of(extension.at), sections, names)
}
