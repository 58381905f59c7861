//! Texts for people, in bokmål, nynorsk and English: the catalogue in `words/*/*.ftl` (Project Fluent).

use std::{borrow::Cow, sync::LazyLock};

use chrono::{Datelike, NaiveDate};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::domain::message::{Arg, Message};

/// The languages of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// Bokmål.
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
}

/// The files of one language.
macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("words/", $language, "/actions.ftl")),
            include_str!(concat!("words/", $language, "/common.ftl")),
            include_str!(concat!("words/", $language, "/fields.ftl")),
            include_str!(concat!("words/", $language, "/notices.ftl")),
            include_str!(concat!("words/", $language, "/prices.ftl")),
            include_str!(concat!("words/", $language, "/problems.ftl")),
            include_str!(concat!("words/", $language, "/requests.ftl")),
            include_str!(concat!("words/", $language, "/tokens.ftl")),
            include_str!(concat!("words/", $language, "/web.ftl")),
        ]
    };
}

impl Locale {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Nb, Self::Nn, Self::En];

    /// The tag of the language (RFC 5646).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }

    /// The language of a tag such as `nn-NO`; `no` is bokmål.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "no" => Some(Self::Nb),
            primary => Self::ALL.into_iter().find(|it| it.as_str() == primary),
        }
    }

    const fn sources(self) -> [&'static str; 9] {
        match self {
            Self::Nb => files!("nb"),
            Self::Nn => files!("nn"),
            Self::En => files!("en"),
        }
    }

    fn bundle(self) -> &'static Bundle {
        let [nb, nn, en] = &*BUNDLES;
        match self {
            Self::Nb => nb,
            Self::Nn => nn,
            Self::En => en,
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 3]> = LazyLock::new(|| Locale::ALL.map(read));

fn read(locale: Locale) -> Bundle {
    let language = locale.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks around arguments are for texts of mixed directions.
    bundle.set_use_isolating(false);
    for source in locale.sources() {
        let resource = FluentResource::try_new(source.to_owned());
        // The readable part is used; a test checks that all of it is readable.
        let resource = resource.unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The text of a key without arguments, or the key where the catalogue lacks it. Tests hold that it lacks none.
#[must_use]
pub fn text(locale: Locale, key: &str) -> String {
    write(locale, key, None).map_or_else(|| key.to_owned(), Cow::into_owned)
}

/// A sentence in a language.
#[must_use]
pub fn sentence(locale: Locale, message: &Message) -> String {
    let mut args = FluentArgs::new();
    for (name, arg) in message.args() {
        args.set(*name, value(locale, arg));
    }
    write(locale, message.key(), Some(&args)).map_or_else(|| message.to_string(), Cow::into_owned)
}

/// A sentence in English, for the log and the command line.
#[must_use]
pub fn english(message: &Message) -> String {
    sentence(Locale::En, message)
}

fn write(locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> Option<Cow<'static, str>> {
    let (id, attribute) = key.split_once('.').map_or((key, None), |(id, rest)| (id, Some(rest)));
    let bundle = locale.bundle();
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        Some(attribute) => message.get_attribute(attribute)?.value(),
        None => message.value()?,
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    errors.is_empty().then_some(text)
}

fn value(locale: Locale, arg: &Arg) -> FluentValue<'static> {
    match arg {
        Arg::Text(text) => text.clone().into(),
        Arg::Number(number) => (*number).into(),
        Arg::Date(date) => day(locale, *date).into(),
        Arg::All(texts) => texts.join(", ").into(),
        Arg::Words(keys) => {
            let words: Vec<_> = keys.iter().map(|key| text(locale, key.as_str())).collect();
            words.join(", ").into()
        }
        Arg::Messages(messages) => {
            let texts: Vec<_> = messages.iter().map(|it| sentence(locale, it)).collect();
            texts.join(", ").into()
        }
        Arg::AnyOf(texts) => any_of(locale, texts).into(),
    }
}

/// A date as the language writes it; in English as the API does.
#[must_use]
pub fn day(locale: Locale, date: NaiveDate) -> String {
    let mut args = FluentArgs::new();
    args.set("day", date.day());
    args.set("month", date.month());
    args.set("year", date.year().to_string());
    args.set("iso", date.to_string());
    write(locale, "date", Some(&args)).map_or_else(|| date.to_string(), Cow::into_owned)
}

fn any_of(locale: Locale, texts: &[String]) -> String {
    match texts {
        [first @ .., last] if !first.is_empty() => {
            format!("{} {} {last}", first.join(", "), text(locale, "or"))
        }
        _ => texts.concat(),
    }
}

#[cfg(test)]
mod tests;
