//! Letter that puts information from others to the applicant: the information, its source, and time to comment.

use super::{
    Letter, Parties, Section,
    language::{BilingualText, ruled, text},
    one_line,
};
use crate::domain::{
    application::disclosure::Disclosure,
    rules::regime::{
        Regime,
        Theme::{Access, Guidance, Investigation},
    },
    values::{ids::ApplicationId, time::day_of},
};

const TITLE: BilingualText =
    text("Opplysninger fra andre i saken deres", "Opplysningar frå andre i saka dykkar");
const TOLD: BilingualText = text("Hva vi har fått vite", "Kva vi har fått vite");
const ABOUT: BilingualText = ruled(
    "{kommune} behandler søknaden fra {leverandor} (organisasjonsnummer {nummer}) om å bli godkjent som leverandør av tjenesten «{tjeneste}». Vi har fått disse opplysningene fra {kilde}, og de kan få betydning for avgjørelsen{lov}:",
    "{kommune} behandlar søknaden frå {leverandor} (organisasjonsnummer {nummer}) om å bli godkjend som leverandør av tenesta «{tjeneste}». Vi har fått desse opplysningane frå {kilde}, og dei kan få noko å seie for avgjerda{lov}:",
    &[Investigation],
);
const ITEM: BilingualText = text("{grunnlag}: {opplysninger}", "{grunnlag}: {opplysninger}");
const COMMENT: BilingualText = text("Dere kan uttale dere", "De kan uttale dykk");
const UNTIL: BilingualText = text(
    "Send det dere vil si om opplysningene, {kanal} innen {frist}. Sender vi varsel om dette brevet senere enn {sendt}, blir fristen så mange dager lengre.",
    "Send det de vil seie om opplysningane, {kanal} innan {frist}. Sender vi varsel om dette brevet seinare enn {sendt}, blir fristen så mange dagar lengre.",
);
const THEN: BilingualText = text(
    "Når fristen er ute, eller når dere har uttalt dere, kan vi avslå søknaden på dette grunnlaget. Dere får i så fall et vedtak som dere kan klage på.",
    "Når fristen er ute, eller når de har uttalt dykk, kan vi avslå søknaden på dette grunnlaget. De får i så fall eit vedtak som de kan klage på.",
);
const HELP: BilingualText = text("Veiledning og innsyn", "Rettleiing og innsyn");
const GUIDED: BilingualText = ruled(
    "Er dere i tvil om noe i dette brevet, veileder vi dere gjerne. Dere har rett til å se sakens dokumenter{lov}.",
    "Er de i tvil om noko i dette brevet, rettleier vi dykk gjerne. De har rett til å sjå dokumenta i saka{lov}.",
    &[Guidance, Access],
);

/// The letter to an applicant, about an application with a reference.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    disclosure: &Disclosure,
    (application, reference): (ApplicationId, &str),
    regime: Regime,
) -> Letter {
    let pen = parties.pen(regime);
    let date = day_of(disclosure.notification.issued_at());
    let (deadline, sent) = (pen.day(disclosure.deadline), pen.day(date));
    let way = parties.way(&format!("applications/{application}"));
    let values = [
        ("kilde", disclosure.source.as_str()),
        ("frist", deadline.as_str()),
        ("sendt", &sent),
        ("kanal", &way),
    ];
    let items = disclosure.grounds.iter().map(|grounded| {
        let (ground, facts) =
            (parties.ground(pen, grounded.ground.as_str()), one_line(grounded.facts.as_str()));
        pen.say(&ITEM, &[("grunnlag", ground), ("opplysninger", &facts)])
    });
    let items = items.collect();
    let heading = |text| pen.say(text, &[]);
    let sections = vec![
        Section::new(heading(&TOLD), [parties.say(pen, &ABOUT, &values)]).listing(items),
        Section::new(heading(&COMMENT), [pen.say(&UNTIL, &values), heading(&THEN)]),
        Section::new(heading(&HELP), [heading(&GUIDED)]),
        parties.questions(pen),
    ];
    let names = parties.signed_by(pen, disclosure.sent_by.name.as_str());
    parties.letter(pen, heading(&TITLE), reference, date, sections, names)
}
