//! Words for people, in bokmål, nynorsk and English: the catalogue in `words/*.ftl` (Project Fluent).

use std::borrow::Cow;

use fluent_bundle::{FluentResource, concurrent::FluentBundle};

/// The languages of the catalogue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Locale {
    /// Bokmål.
    #[default]
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
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

    const fn source(self) -> &'static str {
        match self {
            Self::Nb => include_str!("words/nb.ftl"),
            Self::Nn => include_str!("words/nn.ftl"),
            Self::En => include_str!("words/en.ftl"),
        }
    }
}

/// The catalogue in every language.
pub struct Words([FluentBundle<FluentResource>; 3]);

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words")
    }
}

impl Default for Words {
    fn default() -> Self {
        Self(Locale::ALL.map(bundle))
    }
}

impl Words {
    /// The text of a key, or the key where the catalogue lacks it. Tests hold that it lacks none.
    #[must_use]
    pub fn text(&self, locale: Locale, key: &str) -> String {
        self.find(locale, key).map_or_else(|| key.to_owned(), Cow::into_owned)
    }

    /// Whether the catalogue has a key in a language.
    #[must_use]
    pub fn has(&self, locale: Locale, key: &str) -> bool {
        self.find(locale, key).is_some()
    }

    fn find(&self, locale: Locale, key: &str) -> Option<Cow<'_, str>> {
        let [nb, nn, en] = &self.0;
        let bundle = match locale {
            Locale::Nb => nb,
            Locale::Nn => nn,
            Locale::En => en,
        };
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, None, &mut errors);
        errors.is_empty().then_some(text)
    }
}

fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let language = locale.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    let resource = FluentResource::try_new(locale.source().to_owned());
    // The readable part is used; a test checks that all of it is readable.
    let resource = resource.unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::{
        self, Command, CommandVisitor, FromCaller, HandlerAction, Route, Target,
    };

    struct Titles(Words);

    impl<T: Target> CommandVisitor<T> for Titles {
        fn visit<C: Command<Target = T>>(&mut self) {
            self.expect(C::ROUTE);
        }

        fn visit_handler<R: FromCaller>(&mut self, action: &HandlerAction<T>) {
            self.expect(action.route);
        }
    }

    impl Titles {
        fn expect(&self, route: Route) {
            for locale in Locale::ALL {
                assert!(self.0.has(locale, route.operation), "{locale:?} {}", route.operation);
            }
        }
    }

    #[test]
    fn each_command_has_a_title_in_each_language() {
        commands::all(&mut Titles(Words::default()));
    }

    fn keys(locale: Locale) -> Vec<String> {
        let lines = locale.source().lines().filter_map(|line| line.split_once(" = "));
        lines.map(|(key, _)| key.to_owned()).collect()
    }

    #[test]
    fn each_language_has_the_same_keys_and_no_syntax_error() {
        for locale in Locale::ALL {
            assert!(FluentResource::try_new(locale.source().to_owned()).is_ok(), "{locale:?}");
            assert_eq!(keys(locale), keys(Locale::Nb), "{locale:?}");
        }
        let words = Words::default();
        for key in keys(Locale::Nb) {
            assert!(Locale::ALL.iter().all(|locale| words.has(*locale, &key)), "{key}");
        }
    }

    #[test]
    fn a_tag_gives_its_language() {
        let of = |tag| Locale::of_tag(tag);
        assert_eq!(of("nn-NO"), Some(Locale::Nn));
        assert_eq!(of("NO"), Some(Locale::Nb));
        assert_eq!((of("en"), of("se"), of("*")), (Some(Locale::En), None, None));
    }
}
