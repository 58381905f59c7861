//! Letter that confirms the receipt of an appeal.

use super::number_and_day;
use crate::{
    domain::{
        appeal::{Appeal, Appellant},
        decision::Decision,
        rules::regime::Theme::{self, AppealDecision, FormOfAppeal, LateAppeal, LowerBody},
        values::time::day_of,
    },
    letters::{
        Letter, Parties, Section,
        language::{BilingualText, clock, ruled, text},
        rights::{PROCEDURE, help},
    },
};

const TITLE: BilingualText =
    text("Kvittering: Vi har mottatt klagen", "Kvittering: Vi har fått klaga");
const RECEIVED: BilingualText = text("Klagen er mottatt", "Klaga er motteken");
const OWN: BilingualText = ruled(
    "{kommune} mottok klagen fra {leverandor} (organisasjonsnummer {nummer}) på vedtak {vedtak} av {vedtaksdag} {dag} klokka {klokke}{lov}. Saken gjelder tjenesten «{tjeneste}».",
    "{kommune} fekk klaga frå {leverandor} (organisasjonsnummer {nummer}) på vedtak {vedtak} av {vedtaksdag} {dag} klokka {klokke}{lov}. Saka gjeld tenesta «{tjeneste}».",
    &[Theme::Receipt],
);
const OF_OTHER: BilingualText = ruled(
    "{kommune} mottok {dag} klokka {klokke} klagen fra {klager} på vedtak {vedtak} av {vedtaksdag}{lov}. Vedtaket gjelder {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}».",
    "{kommune} fekk {dag} klokka {klokke} klaga frå {klager} på vedtak {vedtak} av {vedtaksdag}{lov}. Vedtaket gjeld {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}».",
    &[Theme::Receipt],
);
const HEARD: BilingualText = ruled(
    "Leverandøren får klagen og kan uttale seg om den{lov}.",
    "Leverandøren får klaga og kan uttale seg om ho{lov}.",
    &[LowerBody],
);
const LATE: BilingualText = ruled(
    "Siste dag for å klage var {frist}. Klagen kom etter det. Vi vurderer om den likevel kan bli behandlet{lov}.",
    "Siste dag for å klage var {frist}. Klaga kom etter det. Vi vurderer om ho likevel kan bli behandla{lov}.",
    &[LateAppeal],
);
const DEFERRAL: BilingualText = text(
    "I klagen er det bedt om at vedtaket ikke blir satt i verk før klagen er avgjort. Det tar vi stilling til for seg.",
    "I klaga er det bede om at vedtaket ikkje blir sett i verk før klaga er avgjord. Det tek vi stilling til for seg.",
);
const NEXT: BilingualText = text("Hva som skjer nå", "Kva som skjer no");
const MISSING: BilingualText = ruled(
    "Mangler det noe i klagen, skriver vi til dere og gir dere en kort frist{lov}.",
    "Manglar det noko i klaga, skriv vi til dykk og gir dykk ein kort frist{lov}.",
    &[FormOfAppeal],
);
const FINAL: BilingualText = ruled(
    "Dere får et skriftlig vedtak når klagen er avgjort. Klageinstansens vedtak kan ikke påklages videre{lov}.",
    "De får eit skriftleg vedtak når klaga er avgjord. Vedtaket til klageinstansen kan ikkje påklagast vidare{lov}.",
    &[AppealDecision],
);

/// The letter to the appellant.
#[must_use]
pub fn letter(parties: &Parties<'_>, appeal: &Appeal, decision: &Decision) -> Letter {
    let pen = parties.pen(decision.regime);
    let heading = |text| pen.say(text, &[]);
    let received_on = day_of(appeal.received.at);
    let (day, clock) = (pen.day(received_on), clock(appeal.received.at));
    let (number, decided_on) = number_and_day(decision);
    let missed = appeal.missed.map(|missed| pen.day(missed)).unwrap_or_default();
    let (first, appellant) = match &appeal.appellant {
        Appellant::Party => (&OWN, ""),
        Appellant::Other { name, .. } => (&OF_OTHER, name.as_str()),
    };
    let values = [
        ("vedtak", number.as_str()),
        ("vedtaksdag", &decided_on),
        ("dag", &day),
        ("klokke", &clock),
        ("klager", appellant),
        ("frist", &missed),
    ];
    let is_own = appeal.appellant == Appellant::Party;
    let received = [
        Some(first),
        appeal.missed.map(|_| &LATE),
        appeal.text.deferral_wanted.then_some(&DEFERRAL),
    ];
    let next = [Some(&MISSING), (!is_own).then_some(&HEARD), Some(&PROCEDURE), Some(&FINAL)];
    let section = |text, texts: &[Option<&BilingualText>]| {
        let texts = texts.iter().flatten().map(|it| parties.say(pen, it, &values));
        Section::new(heading(text), texts)
    };
    let sections = vec![
        section(&RECEIVED, &received),
        section(&NEXT, &next),
        help(pen),
        parties.questions(pen),
    ];
    let names = vec![parties.sender()];
    parties.letter(pen, heading(&TITLE), &number, received_on, sections, names)
}
