//! Letter of a closed prior notice: the case has no consequence.

use super::{
    Letter, Parties, Section,
    language::{BilingualText, date, ruled, text},
    rights::help,
};
use crate::domain::{
    prior_notice::{NoticeClosure, PriorNotice},
    rules::regime::{
        Regime,
        Theme::{self, Notification},
    },
    values::time::day_of,
};

const TITLE: BilingualText =
    text("Saken om tilbakekall er avsluttet", "Saka om tilbakekalling er avslutta");
const CLOSED: BilingualText = text("Hva vi har kommet fram til", "Kva vi har kome fram til");
const MATTER: BilingualText = ruled(
    "{kommune} skrev til {leverandor} (organisasjonsnummer {nummer}) i forhåndsvarselet av {dag} at godkjenningen som leverandør av tjenesten «{tjeneste}» kunne bli trukket tilbake{lov}.",
    "{kommune} skreiv til {leverandor} (organisasjonsnummer {nummer}) i førehandsvarselet av {dag} at godkjenninga som leverandør av tenesta «{tjeneste}» kunne bli trekt tilbake{lov}.",
    &[Theme::PriorNotice],
);
const NO_CONSEQUENCE_1967: BilingualText = text(
    "Vi har avsluttet saken uten vedtak. Varselet får ingen følger for godkjenningen.",
    "Vi har avslutta saka utan vedtak. Varselet får ingen følgjer for godkjenninga.",
);
const NO_CONSEQUENCE_2025: BilingualText = ruled(
    "Vi har avsluttet saken uten vedtak, og gir dere beskjed om det{lov}. Varselet får ingen følger for godkjenningen.",
    "Vi har avslutta saka utan vedtak, og gir dykk beskjed om det{lov}. Varselet får ingen følgjer for godkjenninga.",
    &[Notification],
);
const WHY: BilingualText = text("Hvorfor", "Kvifor");

/// The letter of a prior notice that was closed. `reference` is that of the case behind the approval.
#[must_use]
pub fn letter(
    parties: &Parties<'_>,
    notice: &PriorNotice,
    closure: &NoticeClosure,
    reference: &str,
    regime: Regime,
) -> Letter {
    let pen = parties.pen(regime);
    let heading = |text| pen.say(text, &[]);
    let warned = date(day_of(notice.sent_at));
    let matter = parties.say(pen, &MATTER, &[("dag", &warned)]);
    let result = heading(pen.under(&NO_CONSEQUENCE_1967, &NO_CONSEQUENCE_2025));
    let sections = vec![
        Section::new(heading(&CLOSED), [matter, result]),
        Section::written(heading(&WHY), closure.reason.as_str()),
        help(pen),
        parties.questions(pen),
    ];
    let names = parties.signed_by(pen, closure.by.name.as_str());
    parties.letter(pen, heading(&TITLE), reference, day_of(closure.at), sections, names)
}
