//! Letter of the decision on a claim for costs.

use super::number_and_day;
use crate::{
    domain::{
        appeal::{Costs, CostsAnswer},
        decision::Decision,
        rules::regime::Theme::{self, AppealDeadline, ElectronicArrival},
        values::{money::Price, time::day_of},
    },
    letters::{
        Letter, Parties, Section,
        language::{BilingualText, ruled, text},
        rights::help,
    },
};

const TITLE: BilingualText = text("Avgjørelse om sakskostnader", "Avgjerd om sakskostnader");
const DECIDED: BilingualText = text("Hva vi har bestemt", "Kva vi har bestemt");
const ABOUT: BilingualText = text(
    "{leverandor} (organisasjonsnummer {nummer}) har krevd {krav} i sakskostnader etter klagen på vedtak {vedtak} av {vedtaksdag} om tjenesten «{tjeneste}».",
    "{leverandor} (organisasjonsnummer {nummer}) har kravd {krav} i sakskostnader etter klaga på vedtak {vedtak} av {vedtaksdag} om tenesta «{tjeneste}».",
);
const GRANTED: BilingualText = ruled(
    "{kommune} dekker kostnader med {belop}{lov}.",
    "{kommune} dekkjer kostnader med {belop}{lov}.",
    &[Theme::Costs],
);
const REFUSED: BilingualText = ruled(
    "{kommune} dekker ikke kostnadene{lov}.",
    "{kommune} dekkjer ikkje kostnadene{lov}.",
    &[Theme::Costs],
);
const WHY: BilingualText = text("Vurderingen vår", "Vurderinga vår");
const APPEAL: BilingualText = text("Dere kan klage på avgjørelsen", "De kan klage på avgjerda");
const HOW: BilingualText = ruled(
    "Fristen er tre uker fra den dagen vi sender dere varsel om dette brevet. Send klagen til oss på e-post til {epost}. Klageinstansen er {klageinstans}{lov}.",
    "Fristen er tre veker frå den dagen vi sender dykk varsel om dette brevet. Send klaga til oss på e-post til {epost}. Klageinstansen er {klageinstans}{lov}.",
    &[Theme::Costs, AppealDeadline, ElectronicArrival],
);

/// The letter of an answered claim. `decision` is the one appealed against.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    claim: &Costs,
    answer: &CostsAnswer,
    decision: &Decision,
) -> Letter {
    let pen = parties.pen(decision.regime);
    let heading = |text| pen.say(text, &[]);
    let (number, decided_on) = number_and_day(decision);
    let settings = &parties.municipality.settings;
    let claimed = in_words(claim.claimed);
    let granted = answer.granted.map(in_words).unwrap_or_default();
    let values = [
        ("vedtak", number.as_str()),
        ("vedtaksdag", &decided_on),
        ("krav", &claimed),
        ("belop", &granted),
        ("klageinstans", settings.appeal_body.as_str()),
        ("epost", settings.contact.email.as_str()),
    ];
    let say = |text| parties.say(pen, text, &values);
    let result = if answer.granted.is_some() { &GRANTED } else { &REFUSED };
    let sections = vec![
        Section::new(heading(&DECIDED), [say(&ABOUT), say(result)]),
        Section::written(heading(&WHY), answer.reasons.as_str()),
        Section::new(heading(&APPEAL), [say(&HOW)]),
        help(pen),
        parties.questions(pen),
    ];
    let names = vec![answer.by.name.to_string(), parties.sender()];
    parties.letter(pen, heading(&TITLE), &number, day_of(answer.at), sections, names)
}

fn in_words(amount: Price) -> String {
    amount.money().in_words_nb()
}
