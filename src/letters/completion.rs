//! Letter of a request for completion: missing content, deadline, and consequences.

use super::{
    Letter, Parties, Section,
    language::{BilingualText, ruled, text},
    one_line,
};
use crate::domain::{
    application::completion::{Completion, Missing},
    municipality::LanguageForm,
    offering::content::OfferingContent,
    rules::regime::{
        Regime,
        Theme::{Access, Defects, Guidance},
    },
    values::{ids::ApplicationId, time::day_of},
};

const TITLE: BilingualText = text("Søknaden mangler noe", "Søknaden manglar noko");
const ASKED: BilingualText = text("Dette mangler", "Dette manglar");
const ABOUT: BilingualText = ruled(
    "{kommune} behandler søknaden fra {leverandor} (organisasjonsnummer {nummer}) om å bli godkjent som leverandør av tjenesten «{tjeneste}». For å kunne vurdere den trenger vi mer{lov}:",
    "{kommune} behandlar søknaden frå {leverandor} (organisasjonsnummer {nummer}) om å bli godkjend som leverandør av tenesta «{tjeneste}». For å kunne vurdere han treng vi meir{lov}:",
    &[Defects],
);
const ITEM: BilingualText = text("{mangel} Kravet er: {krav}", "{mangel} Kravet er: {krav}");
const DEADLINE: BilingualText = text("Fristen", "Fristen");
const UNTIL: BilingualText = text(
    "Send det som mangler, {kanal} innen {frist}. Si fra når dere har sendt alt, så går vi videre med en gang. Sender vi varsel om dette brevet senere enn {sendt}, blir fristen så mange dager lengre.",
    "Send det som manglar, {kanal} innan {frist}. Sei frå når de har sendt alt, så går vi vidare med ein gong. Sender vi varsel om dette brevet seinare enn {sendt}, blir fristen så mange dagar lengre.",
);
const ELSE: BilingualText =
    text("Hvis vi ikke får det som mangler", "Dersom vi ikkje får det som manglar");
const DECIDED_ANYWAY: BilingualText = ruled(
    "Når fristen er ute, kan vi avgjøre saken med de opplysningene vi da har, eller avvise søknaden{lov}. Dere får uansett et vedtak som dere kan klage på. Trenger dere mer tid, må dere si fra før fristen er ute.",
    "Når fristen er ute, kan vi avgjere saka med dei opplysningane vi då har, eller avvise søknaden{lov}. De får uansett eit vedtak som de kan klage på. Treng de meir tid, må de seie frå før fristen er ute.",
    &[Defects],
);
const HELP: BilingualText = text("Veiledning og innsyn", "Rettleiing og innsyn");
const GUIDED: BilingualText = ruled(
    "Er dere i tvil om hva vi ber om, veileder vi dere gjerne. Dere har rett til å se sakens dokumenter{lov}.",
    "Er de i tvil om kva vi ber om, rettleier vi dykk gjerne. De har rett til å sjå dokumenta i saka{lov}.",
    &[Guidance, Access],
);

/// The letter of a request for completion, to an application with a reference.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    request: &Completion,
    content: &OfferingContent,
    (application, reference): (ApplicationId, &str),
    regime: Regime,
) -> Letter {
    let pen = parties.pen(regime);
    let item = |missing: &Missing| {
        let note = one_line(missing.note.as_str());
        let nynorsk = pen.form == LanguageForm::Nynorsk;
        content.criterion(&missing.criterion).map_or_else(
            || note.clone(),
            |criterion| {
                let demanded = one_line(criterion.text.in_form(nynorsk));
                pen.say(&ITEM, &[("mangel", &note), ("krav", &demanded)])
            },
        )
    };
    let date = day_of(request.notification.issued_at());
    let (deadline, sent) = (pen.day(request.deadline), pen.day(date));
    let way = parties.way(&format!("applications/{application}"));
    let values = [("frist", deadline.as_str()), ("sendt", &sent), ("kanal", &way)];
    let section = |heading: &BilingualText, text: &BilingualText| {
        let sentences = parties.say(pen, text, &values);
        Section::new(pen.say(heading, &[]), [sentences])
    };
    let sections = vec![
        section(&ASKED, &ABOUT).listing(request.missing.iter().map(item).collect()),
        section(&DEADLINE, &UNTIL),
        section(&ELSE, &DECIDED_ANYWAY),
        section(&HELP, &GUIDED),
        parties.questions(pen),
    ];
    let names = parties.signed_by(pen, request.sent_by.name.as_str());
    parties.letter(pen, pen.say(&TITLE, &[]), reference, date, sections, names)
}
