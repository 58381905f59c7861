//! Letter of a request to correct an appeal: what it lacks, deadline, and consequences.

use super::number_and_day;
use crate::{
    domain::{
        appeal::{Appeal, Appellant, DefectRequest},
        decision::Decision,
        rules::regime::Theme::FormOfAppeal,
        values::time::day_of,
    },
    letters::{
        Letter, Parties, Section,
        language::{BilingualText, ruled, text},
        rights::help,
    },
};

const TITLE: BilingualText = text("Klagen mangler noe", "Klaga manglar noko");
const MISSING: BilingualText = text("Dette mangler", "Dette manglar");
const OWN: BilingualText = ruled(
    "{kommune} behandler klagen fra {leverandor} (organisasjonsnummer {nummer}) på vedtak {vedtak} av {vedtaksdag} om tjenesten «{tjeneste}». Klagen oppfyller ikke alle kravene{lov}:",
    "{kommune} behandlar klaga frå {leverandor} (organisasjonsnummer {nummer}) på vedtak {vedtak} av {vedtaksdag} om tenesta «{tjeneste}». Klaga oppfyller ikkje alle krava{lov}:",
    &[FormOfAppeal],
);
const OF_OTHER: BilingualText = ruled(
    "{kommune} behandler klagen fra {klager} på vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}». Klagen oppfyller ikke alle kravene{lov}:",
    "{kommune} behandlar klaga frå {klager} på vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}». Klaga oppfyller ikkje alle krava{lov}:",
    &[FormOfAppeal],
);
const CHANGE: BilingualText = text(
    "Det står ikke hvilken endring klageren ønsker i vedtaket.",
    "Det står ikkje kva endring klagaren ønskjer i vedtaket.",
);
const SIGNATURE: BilingualText = text(
    "Klagen er ikke signert av klageren eller en fullmektig.",
    "Klaga er ikkje signert av klagaren eller ein fullmektig.",
);
const DEADLINE: BilingualText = text("Fristen", "Fristen");
const UNTIL: BilingualText = text(
    "Send det som mangler, {kanal} innen {frist}.",
    "Send det som manglar, {kanal} innan {frist}.",
);
const ELSE: BilingualText = ruled(
    "Blir ikke manglene rettet innen fristen, kan klagen bli avvist{lov}.",
    "Blir ikkje manglane retta innan fristen, kan klaga bli avvist{lov}.",
    &[FormOfAppeal],
);

/// The letter to the appellant.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    appeal: &Appeal,
    request: &DefectRequest,
    decision: &Decision,
) -> Letter {
    let pen = parties.pen(decision.regime);
    let heading = |text| pen.say(text, &[]);
    let (number, decided_on) = number_and_day(decision);
    let own_way = || parties.way(&format!("appeals/{}", appeal.id));
    let (first, way, appellant) = match &appeal.appellant {
        Appellant::Party => (&OWN, own_way(), ""),
        Appellant::Other { name, .. } => (&OF_OTHER, parties.way_by_email(), name.as_str()),
    };
    let deadline = pen.day(request.deadline);
    let values = [
        ("vedtak", number.as_str()),
        ("vedtaksdag", &decided_on),
        ("klager", appellant),
        ("frist", &deadline),
        ("kanal", &way),
    ];
    let wanted = appeal.text.wanted.is_none().then_some(&CHANGE);
    let signature = appeal.text.signed_by.is_none().then_some(&SIGNATURE);
    let items = wanted.into_iter().chain(signature).map(heading).collect();
    let sections = vec![
        Section::new(heading(&MISSING), [parties.say(pen, first, &values)]).listing(items),
        Section::new(heading(&DEADLINE), [pen.say(&UNTIL, &values), heading(&ELSE)]),
        help(pen),
        parties.questions(pen),
    ];
    let names = parties.signed_by(pen, request.asked_by.name.as_str());
    let date = day_of(request.asked_at);
    parties.letter(pen, heading(&TITLE), &number, date, sections, names)
}
