//! Words of a page in its language, and texts of others with theirs.

use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};

use super::sentences;
use crate::{
    domain::{
        message::Message,
        values::{
            text::LocalText,
            time::{Instant, Period, day_of},
        },
    },
    words::{Locale, sentence},
};

/// The words of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words(pub(super) Locale);

impl Words {
    /// A sentence of the catalogue.
    pub(super) fn say(self, message: impl Into<Message>) -> String {
        sentence(self.0, &message.into())
    }

    /// A day with its month in letters.
    pub(super) fn date(self, day: NaiveDate) -> String {
        let (month, year) = (day.month(), day.year().to_string());
        self.say(sentences::date(day.day(), month, year))
    }

    /// The Norwegian day of an instant.
    pub(super) fn day(self, at: Instant) -> String {
        self.date(day_of(at))
    }

    pub(super) fn period(self, period: Period) -> String {
        self.say(sentences::period(period.amount(), period.unit().as_str()))
    }

    /// A language by its code.
    pub(super) fn language(self, code: &str) -> String {
        self.say(sentences::language_name(code))
    }

    /// Texts after each other, the last after `and`.
    pub(super) fn list(self, texts: &[String]) -> String {
        match texts {
            [first @ .., last] if !first.is_empty() => {
                format!("{} {} {last}", first.join(", "), self.say(sentences::AND))
            }
            _ => texts.concat(),
        }
    }

    /// The best of the languages that a text has, with that language.
    pub(super) fn choose<const MAX: usize>(self, text: &LocalText<MAX>) -> (&str, Locale) {
        let of = |locale| match locale {
            Locale::Nb => text.nb(),
            Locale::Nn => text.nn(),
            Locale::En => text.en(),
        };
        let order = match self.0 {
            Locale::Nb => [Locale::Nb, Locale::Nn, Locale::En],
            Locale::Nn => [Locale::Nn, Locale::Nb, Locale::En],
            Locale::En => [Locale::En, Locale::Nb, Locale::Nn],
        };
        let found = order.into_iter().find_map(|locale| Some((of(locale)?.as_str(), locale)));
        found.unwrap_or(("", self.0))
    }

    /// The `lang` of a text in some language; none in that of the page.
    fn mark(self, language: Locale) -> Option<&'static str> {
        (language != self.0).then_some(language.as_str())
    }

    /// A text within a line.
    pub(super) fn inline<const MAX: usize>(self, text: &LocalText<MAX>) -> Markup {
        let (text, language) = self.choose(text);
        html! {
            @match self.mark(language) {
                Some(lang) => span lang=(lang) { (text) },
                None => (text),
            }
        }
    }

    /// A text as paragraphs, as its blank lines and line breaks divide it.
    pub(super) fn prose<const MAX: usize>(self, text: &LocalText<MAX>) -> Markup {
        let (text, language) = self.choose(text);
        let paragraphs = text.split("\n\n").map(str::trim).filter(|it| !it.is_empty());
        html! {
            @for paragraph in paragraphs {
                p lang=[self.mark(language)] {
                    @for (i, line) in paragraph.lines().enumerate() {
                        @if i > 0 { br; }
                        (line)
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::values::time::PeriodUnit::{Days, Months, Weeks};

    fn text(nb: &str, nn: &str, en: &str) -> LocalText {
        LocalText::of_registry(nb, nn, en)
    }

    #[test]
    fn a_text_in_another_language_says_which() {
        let words = Words(Locale::En);
        let html = |it: &LocalText| words.inline(it).into_string();
        assert_eq!(html(&text("Hei", "", "Hello")), "Hello");
        assert_eq!(html(&text("Hei", "", "")), "<span lang=\"nb\">Hei</span>");
        assert_eq!(Words(Locale::Nn).choose(&text("Ja", "Jau", "Yes")), ("Jau", Locale::Nn));
    }

    #[test]
    fn paragraphs_and_lines_stay_and_nothing_in_them_is_markup() {
        let prose = Words(Locale::Nb).prose(&text("En & to\n<b>tre</b>\n\nFire", "", ""));
        assert_eq!(prose.into_string(), "<p>En &amp; to<br>&lt;b&gt;tre&lt;/b&gt;</p><p>Fire</p>");
    }

    #[test]
    fn days_and_periods_are_written_in_each_language() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let period =
            |locale, amount, unit| Words(locale).period(Period::new(amount, unit).unwrap());
        assert_eq!(Words(Locale::Nb).date(day), "1. mars 2026");
        assert_eq!(Words(Locale::En).date(day), "1 March 2026");
        assert_eq!(period(Locale::Nb, 1, Weeks), "1 uke");
        assert_eq!(period(Locale::Nn, 3, Weeks), "3 veker");
        assert_eq!(period(Locale::En, 10, Days), "10 days");
        assert_eq!(period(Locale::Nb, 1, Months), "1 måned");
        let three = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(Words(Locale::Nb).list(&three), "a, b og c");
    }
}
