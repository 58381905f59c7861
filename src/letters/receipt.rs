//! Letter of a receipt: the application was received, and the next steps.

use super::{
    Letter, Parties, Section,
    language::{BilingualText, clock, ruled, text},
};
use crate::domain::{
    application::Receipt,
    offering::intake::RoundPlace,
    rules::regime::{
        Regime,
        Theme::{self, Access, Guidance, ProcessingTime},
    },
    values::time::{Period, PeriodUnit, day_of, unrolled_day},
};

const TITLE: BilingualText =
    text("Kvittering: Vi har mottatt søknaden", "Kvittering: Vi har fått søknaden");
const RECEIVED: BilingualText = text("Søknaden er mottatt", "Søknaden er motteken");
const WHEN: BilingualText = ruled(
    "{kommune} mottok søknaden fra {leverandor} (organisasjonsnummer {nummer}) om å bli godkjent som leverandør av tjenesten «{tjeneste}» {dag} klokka {klokke}{lov}.",
    "{kommune} fekk søknaden frå {leverandor} (organisasjonsnummer {nummer}) om å bli godkjend som leverandør av tenesta «{tjeneste}» {dag} klokka {klokke}{lov}.",
    &[Theme::Receipt],
);
const QUOTE: BilingualText = text(
    "Saken har referansen {referanse}. Oppgi den når dere tar kontakt med oss.",
    "Saka har referansen {referanse}. Oppgi han når de tek kontakt med oss.",
);
const MEASURE: BilingualText = text("Kravene som gjelder", "Krava som gjeld");
const VERSION: BilingualText = text(
    "Vi vurderer søknaden etter versjon {versjon} av de kunngjorte kravene og vilkårene.",
    "Vi vurderer søknaden etter versjon {versjon} av dei kunngjorde krava og vilkåra.",
);
const ROUND: BilingualText = text(
    "Søknaden hører til opptaket med søknadsfrist {frist} klokka {tid}. De som blir godkjent i dette opptaket, kan begynne {start}.",
    "Søknaden høyrer til opptaket med søknadsfrist {frist} klokka {tid}. Dei som blir godkjende i dette opptaket, kan begynne {start}.",
);
const LATE_ACCESS: BilingualText = text(
    "Den kom etter fristen, men er tatt med fordi dere har fått unntak. Unntaket er offentlig.",
    "Han kom etter fristen, men er teken med fordi de har fått unntak. Unntaket er offentleg.",
);
const TIME: BilingualText = text("Når dere får svar", "Når de får svar");
const EXPECTED: BilingualText = text(
    "Vi regner med å bruke {tid} på å behandle søknaden.",
    "Vi reknar med å bruke {tid} på å behandle søknaden.",
);
const PRELIMINARY: BilingualText = ruled(
    "Vi avgjør saken uten ugrunnet opphold. Har dere ikke fått svar innen {dag}, skal vi sende dere et foreløpig svar og si når dere kan vente et vedtak{lov}.",
    "Vi avgjer saka utan ugrunna opphald. Har de ikkje fått svar innan {dag}, skal vi sende dykk eit førebels svar og seie når de kan vente eit vedtak{lov}.",
    &[ProcessingTime],
);
const MEANWHILE: BilingualText = text("Mens vi behandler søknaden", "Medan vi behandlar søknaden");
const MISSING: BilingualText = text(
    "Mangler det noe, skriver vi til dere og gir dere en frist. Dere kan trekke søknaden helt til den er avgjort.",
    "Manglar det noko, skriv vi til dykk og gir dykk ein frist. De kan trekkje søknaden heilt til han er avgjord.",
);
const RIGHTS: BilingualText = ruled(
    "Dere har rett til å se sakens dokumenter, og vi veileder dere gjerne{lov}.",
    "De har rett til å sjå dokumenta i saka, og vi rettleier dykk gjerne{lov}.",
    &[Access, Guidance],
);

/// The letter that confirms receipt. `expected` is the time that the offering announces.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    receipt: &Receipt,
    expected: Period,
    regime: Regime,
) -> Letter {
    let pen = parties.pen(regime);
    let received_on = day_of(receipt.received_at);
    let (day, clock) = (pen.day(received_on), clock(receipt.received_at));
    let received = [("dag", day.as_str()), ("klokke", clock.as_str())];
    let reference = receipt.reference.as_str();
    let mut measure = vec![pen.say(&VERSION, &[("versjon", &receipt.version.0.to_string())])];
    if let Some(RoundPlace { round, late_access }) = &receipt.place {
        let (last_day, time) =
            (pen.day(day_of(round.cut_off)), super::language::clock(round.cut_off));
        let start = pen.day(round.starts_on);
        let values = [("frist", last_day.as_str()), ("tid", &time), ("start", &start)];
        measure.push(pen.say(&ROUND, &values));
        measure.extend(late_access.map(|_| pen.say(&LATE_ACCESS, &[])));
    }
    // A deadline of the authority is stated as a period. A period of one month is always in range.
    let month = Period::new(1, PeriodUnit::Months).ok();
    let preliminary = month.map(|month| {
        let day = pen.day(unrolled_day(received_on, month));
        pen.say(&PRELIMINARY, &[("dag", &day)])
    });
    let mut time = vec![pen.say(&EXPECTED, &[("tid", &pen.period(expected))])];
    time.extend(preliminary);
    let heading = |text| pen.say(text, &[]);
    let when = parties.say(pen, &WHEN, &received);
    let sections = vec![
        Section::new(heading(&RECEIVED), [when, pen.say(&QUOTE, &[("referanse", reference)])]),
        Section::new(heading(&MEASURE), measure),
        Section::new(heading(&TIME), time),
        Section::new(heading(&MEANWHILE), [pen.say(&MISSING, &[]), pen.say(&RIGHTS, &[])]),
        parties.questions(pen),
    ];
    let names = vec![parties.sender()];
    parties.letter(pen, heading(&TITLE), reference, received_on, sections, names)
}
