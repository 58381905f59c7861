//! Letter to the provider about the appeal of another: the appeal itself, and time for a statement.

use super::number_and_day;
use crate::{
    domain::{
        appeal::{Appeal, Appellant, CounterpartyHearing},
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
    text("Noen har klaget på godkjenningen av dere", "Nokon har klaga på godkjenninga av dykk");
const MATTER: BilingualText = text("Saken", "Saka");
const APPEALED: BilingualText = text(
    "{klager} har klaget på vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tjenesten «{tjeneste}». Godkjenningen gjelder som før mens vi behandler klagen.",
    "{klager} har klaga på vedtak {vedtak} av {vedtaksdag} om {leverandor} (organisasjonsnummer {nummer}) og tenesta «{tjeneste}». Godkjenninga gjeld som før medan vi behandlar klaga.",
);
const APPEAL: BilingualText = text("Klagen", "Klaga");
const WANTED: BilingualText =
    text("Klageren ønsker denne endringen:", "Klagaren ønskjer denne endringa:");
const STATE: BilingualText = text("Dere kan uttale dere", "De kan uttale dykk");
const UNTIL: BilingualText = ruled(
    "Dere er part i saken. Send det dere vil si om klagen, {kanal} innen {frist}{lov}. Blir varselet om dette brevet sendt senere enn brevet, flytter fristen seg like mange dager.",
    "De er part i saka. Send det de vil seie om klaga, {kanal} innan {frist}{lov}. Blir varselet om dette brevet sendt seinare enn brevet, flyttar fristen seg like mange dagar.",
    &[LowerBody],
);
const NEXT: BilingualText = text("Hva som skjer nå", "Kva som skjer no");
const PROCEDURE: BilingualText = ruled(
    "Vi ser først på klagen selv. Finner vi at klageren har rett, kan vi endre eller oppheve vedtaket, slik at godkjenningen faller bort. Ellers sender vi saken til klageinstansen, og dere får kopi av det vi skriver{lov}.",
    "Vi ser først på klaga sjølve. Finn vi at klagaren har rett, kan vi endre eller oppheve vedtaket, slik at godkjenninga fell bort. Elles sender vi saka til klageinstansen, og de får kopi av det vi skriv{lov}.",
    &[LowerBody],
);
const DECIDES: BilingualText = ruled(
    "Klageinstansen kan prøve alle sider av saken{lov}. Dere får et skriftlig vedtak.",
    "Klageinstansen kan prøve alle sider av saka{lov}. De får eit skriftleg vedtak.",
    &[AppealPower],
);

/// The letter with the appeal.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    appeal: &Appeal,
    hearing: &CounterpartyHearing,
    decision: &Decision,
) -> Letter {
    let pen = parties.pen(decision.regime);
    let say = |text| pen.say(text, &[]);
    let (number, decided_on) = number_and_day(decision);
    let appellant = match &appeal.appellant {
        Appellant::Other { name, .. } => name.as_str(),
        Appellant::Party => parties.name,
    };
    let deadline = pen.day(hearing.deadline);
    let way = parties.way(&format!("appeals/{}/statements", appeal.id));
    let values = [
        ("klager", appellant),
        ("vedtak", number.as_str()),
        ("vedtaksdag", &decided_on),
        ("frist", &deadline),
        ("kanal", &way),
    ];
    let text = Section::written(say(&APPEAL), appeal.text.text.as_str());
    let text = appeal.text.wanted.iter().fold(text, |section, wanted| {
        section.followed_by(say(&WANTED)).listing(vec![wanted.to_string()])
    });
    let sections = vec![
        Section::new(say(&MATTER), [parties.say(pen, &APPEALED, &values)]),
        text,
        Section::new(say(&STATE), [pen.say(&UNTIL, &values)]),
        Section::new(say(&NEXT), [say(&PROCEDURE), say(&DECIDES)]),
        help(pen),
        parties.questions(pen),
    ];
    let names = parties.signed_by(pen, hearing.asked_by.name.as_str());
    parties.letter(pen, say(&TITLE), &number, day_of(hearing.asked_at), sections, names)
}
