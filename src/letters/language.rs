//! Written Norwegian: texts in both forms, with placeholders for values and for the sections of the Act.

use chrono::{Datelike, NaiveDate, Timelike};

use crate::domain::{
    municipality::LanguageForm,
    rules::regime::{Regime, Statute, Theme},
    values::time::{Instant, Period, PeriodUnit, local},
};

/// A text in both forms. `{name}` is a place for a value, `{lov}` for the sections of its themes.
#[derive(Debug, Clone, Copy)]
pub(super) struct BilingualText {
    nb: &'static str,
    nn: &'static str,
    law: &'static [Theme],
}

/// A text that builds on no rule of procedure.
pub(super) const fn text(nb: &'static str, nn: &'static str) -> BilingualText {
    BilingualText { nb, nn, law: &[] }
}

/// A text about rules of procedure. It has the placeholder `{lov}`, which the regime fills.
pub(super) const fn ruled(
    nb: &'static str,
    nn: &'static str,
    law: &'static [Theme],
) -> BilingualText {
    BilingualText { nb, nn, law }
}

/// Writes in one form, under one regime.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    /// The written form.
    pub(super) form: LanguageForm,
    /// The Act of the sections.
    pub(super) regime: Regime,
}

impl Pen {
    /// The one of two that is in this form.
    pub(super) const fn either<'t>(self, nb: &'t str, nn: &'t str) -> &'t str {
        match self.form {
            LanguageForm::Bokmal => nb,
            LanguageForm::Nynorsk => nn,
        }
    }

    /// The text for the regime, of two.
    pub(super) const fn under<'t>(
        self,
        old: &'t BilingualText,
        new: &'t BilingualText,
    ) -> &'t BilingualText {
        match self.regime {
            Regime::Fvl1967 => old,
            Regime::Fvl2025 => new,
        }
    }

    /// The text with its values. Values are never looked through for places.
    pub(super) fn say(self, text: &BilingualText, values: &[(&str, &str)]) -> String {
        let mut rest = self.either(text.nb, text.nn);
        let mut sentences = String::new();
        while let Some((before, name, after)) = place(rest) {
            sentences.push_str(before);
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => sentences.push_str(value),
                None if name == "lov" => sentences.push_str(&self.law(text.law)),
                // An invalid placeholder stays visible; the stored letters have none.
                None => sentences.extend(["{", name, "}"]),
            }
            rest = after;
        }
        sentences + rest
    }

    /// The sections of the themes, in parentheses; empty if unwritten.
    fn law(self, themes: &[Theme]) -> String {
        self.law_with(themes, "")
    }

    /// The same with a paragraph of the last section.
    pub(super) fn law_with(self, themes: &[Theme], paragraph: &str) -> String {
        let cited = self.regime.cite(themes).into_iter().map(|(statute, sections)| {
            let name = match statute {
                Statute::Act => self.either("forvaltningsloven", "forvaltningslova"),
                Statute::ElectronicCommunication => {
                    self.either("eForvaltningsforskriften", "eForvaltningsforskrifta")
                }
            };
            format!("{name} {sections}")
        });
        let cited: Vec<_> = cited.collect();
        if cited.is_empty() {
            String::new()
        } else {
            format!(" ({}{paragraph})", cited.join(" og "))
        }
    }

    /// A day with its weekday: `tirsdag 7. april 2026`.
    pub(super) fn day(self, day: NaiveDate) -> String {
        let nth = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or_default();
        let (nb, nn) = WEEKDAYS.get(nth).copied().unwrap_or_default();
        format!("{} {}", self.either(nb, nn), date(day))
    }

    /// A period: `3 uker`, `1 måned`.
    pub(super) fn period(self, period: Period) -> String {
        let one = period.amount() == 1;
        let (nb, nn) = match (period.unit(), one) {
            (PeriodUnit::Days, true) => ("dag", "dag"),
            (PeriodUnit::Days, false) => ("dager", "dagar"),
            (PeriodUnit::Weeks, true) => ("uke", "veke"),
            (PeriodUnit::Weeks, false) => ("uker", "veker"),
            (PeriodUnit::Months, true) => ("måned", "månad"),
            (PeriodUnit::Months, false) => ("måneder", "månader"),
        };
        format!("{} {}", period.amount(), self.either(nb, nn))
    }
}

/// The first placeholder of a text: the text before it, its name, the text after.
fn place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

const WEEKDAYS: [(&str, &str); 7] = [
    ("mandag", "måndag"),
    ("tirsdag", "tysdag"),
    ("onsdag", "onsdag"),
    ("torsdag", "torsdag"),
    ("fredag", "fredag"),
    ("lørdag", "laurdag"),
    ("søndag", "søndag"),
];

const MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];

/// A date, the same in both forms: `7. april 2026`.
pub(super) fn date(day: NaiveDate) -> String {
    let month = usize::try_from(day.month0()).ok().and_then(|nth| MONTHS.get(nth));
    format!("{}. {} {}", day.day(), month.copied().unwrap_or_default(), day.year())
}

/// The time of a Norwegian clock: `10.05`.
pub(super) fn clock(at: Instant) -> String {
    let time = local(at).time();
    format!("{:02}.{:02}", time.hour(), time.minute())
}
