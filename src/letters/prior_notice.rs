//! Letter of a prior notice: grounds and deadline to reply.

use super::{
    Letter, Parties, Section,
    decision::{listed, revocation::broken_terms},
    language::{BilingualText, ruled, text},
};
use crate::domain::{
    prior_notice::PriorNotice,
    rules::regime::{
        Regime,
        Theme::{self, Access, Guidance, Investigation, Notification},
    },
    values::{text::Line, time::day_of},
};

const TITLE: BilingualText = text(
    "Forhåndsvarsel: Godkjenningen kan bli trukket tilbake",
    "Førehandsvarsel: Godkjenninga kan bli trekt tilbake",
);
const MATTER: BilingualText = text("Hva saken gjelder", "Kva saka gjeld");
const CONSIDERED: BilingualText = ruled(
    "{kommune} vurderer å trekke tilbake godkjenningen av {leverandor} (organisasjonsnummer {nummer}) som leverandør av tjenesten «{tjeneste}» i ordningen med fritt brukervalg. Dette er et forhåndsvarsel{lov}.",
    "{kommune} vurderer å trekkje tilbake godkjenninga av {leverandor} (organisasjonsnummer {nummer}) som leverandør av tenesta «{tjeneste}» i ordninga med fritt brukarval. Dette er eit førehandsvarsel{lov}.",
    &[Theme::PriorNotice],
);
const STILL_APPROVED: BilingualText = text(
    "Saken er ikke avgjort. Dere er godkjent som før mens vi behandler den.",
    "Saka er ikkje avgjord. De er godkjende som før medan vi behandlar ho.",
);
const HELD: BilingualText = text("Det varselet bygger på", "Det varselet byggjer på");
const ANSWER: BilingualText = text("Dere kan uttale dere", "De kan uttale dykk");
const DEADLINE: BilingualText = ruled(
    "Fristen for å svare er {frist}. Sender vi varsel om dette brevet senere enn {sendt}, blir fristen så mange dager lengre{lov}.",
    "Fristen for å svare er {frist}. Sender vi varsel om dette brevet seinare enn {sendt}, blir fristen så mange dagar lengre{lov}.",
    &[Theme::PriorNotice],
);
const HOW: BilingualText = text(
    "Svar {kanal}. Trenger dere mer tid, må dere si fra før fristen er ute.",
    "Svar {kanal}. Treng de meir tid, må de seie frå før fristen er ute.",
);
const INFORM: BilingualText = ruled(
    "Vi skal sørge for at saken er så godt opplyst som mulig. Fortell om alt som kan ha betydning, og si fra hvis noe i varselet er feil{lov}.",
    "Vi skal sørgje for at saka er så godt opplyst som mogleg. Fortel om alt som kan ha noko å seie, og sei frå dersom noko i varselet er feil{lov}.",
    &[Investigation],
);
const THEN: BilingualText = text("Hva som kan skje", "Kva som kan skje");
const MAY_REVOKE: BilingualText = text(
    "Når dere har svart, eller når fristen er ute, kan vi trekke godkjenningen tilbake på de grunnlagene som står i dette varselet. Gjør vi det, får dere et skriftlig vedtak med begrunnelse, og dere kan klage på det.",
    "Når de har svart, eller når fristen er ute, kan vi trekkje godkjenninga tilbake på dei grunnlaga som står i dette varselet. Gjer vi det, får de eit skriftleg vedtak med grunngiving, og de kan klage på det.",
);
const WINDING_DOWN: BilingualText = text(
    "Trekker vi godkjenningen tilbake, kan ingen nye brukere velge dere, og vi bestemmer når og hvordan brukerne deres blir overtatt av andre.",
    "Trekkjer vi godkjenninga tilbake, kan ingen nye brukarar velje dykk, og vi bestemmer når og korleis brukarane dykkar blir tekne over av andre.",
);
const MAY_END_1967: BilingualText =
    text("Vi kan også avslutte saken uten vedtak.", "Vi kan også avslutte saka utan vedtak.");
const MAY_END_2025: BilingualText = ruled(
    "Vi kan også avslutte saken uten vedtak. Da gir vi dere beskjed{lov}.",
    "Vi kan også avslutte saka utan vedtak. Då gir vi dykk beskjed{lov}.",
    &[Notification],
);
const RIGHTS: BilingualText = text("Rettighetene deres", "Rettane dykkar");
const SEE: BilingualText = ruled(
    "Dere har rett til å se sakens dokumenter{lov}.",
    "De har rett til å sjå dokumenta i saka{lov}.",
    &[Access],
);
const ASSISTED: BilingualText = text(
    "Dere kan la dere bistå av en advokat eller en annen fullmektig på alle trinn i saken.",
    "De kan få hjelp av ein advokat eller ein annan fullmektig på alle trinn i saka.",
);
const GUIDED: BilingualText = ruled(
    "Vi veileder dere gjerne om reglene og om hvordan dere svarer{lov}.",
    "Vi rettleier dykk gjerne om reglane og om korleis de svarar{lov}.",
    &[Guidance],
);

/// The letter of a prior notice. `broken` are the points of terms and criteria that deviations break, `reference` is that of
/// the case behind the approval.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    notice: &PriorNotice,
    broken: &[Line],
    reference: &str,
    regime: Regime,
) -> Letter {
    let pen = parties.pen(regime);
    let sent_on = day_of(notice.sent_at);
    let (deadline, sent) = (pen.day(notice.reply_by), pen.day(sent_on));
    let way = parties.way(&format!("prior-notices/{}/reply", notice.id));
    let values = [("frist", deadline.as_str()), ("sendt", &sent), ("kanal", &way)];
    let section = |heading: &BilingualText, texts: &[&BilingualText]| {
        let sentences = texts.iter().map(|text| parties.say(pen, text, &values));
        Section::new(pen.say(heading, &[]), sentences)
    };
    let end = pen.under(&MAY_END_1967, &MAY_END_2025);
    let held = section(&HELD, &[]).listing(listed(parties, pen, &notice.grounds));
    let held = match broken_terms(pen, broken) {
        Some(terms) => held.followed_by(terms),
        None => held,
    };
    let sections = vec![
        section(&MATTER, &[&CONSIDERED, &STILL_APPROVED]),
        held,
        section(&ANSWER, &[&DEADLINE, &HOW, &INFORM]),
        section(&THEN, &[&MAY_REVOKE, &WINDING_DOWN, end]),
        section(&RIGHTS, &[&SEE, &ASSISTED, &GUIDED]),
        parties.questions(pen),
    ];
    let names = parties.signed_by(pen, notice.sent_by.name.as_str());
    parties.letter(pen, pen.say(&TITLE, &[]), reference, sent_on, sections, names)
}
