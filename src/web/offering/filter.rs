//! The filter of providers: a plain form, and the same choices in links.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::super::{
    request::{FormValues, PageContext},
    sentences as s,
    words::Words,
};
use crate::{
    domain::approval::TimeOfDay,
    register::{
        page::{PageProvider, RegisterPage},
        text::collation_key,
    },
};

const ZONE: &str = "omrade";
const LANGUAGE: &str = "sprak";
const TIME: &str = "tid";
const KIND: &str = "type";
const CAPACITY: &str = "plass";
const ORDER: &str = "rekkefolge";
const BY_NAME: &str = "navn";
const FREE: &str = "ledig";

/// The providers that a reader wants to see, and in which order.
#[derive(Debug)]
pub(super) struct Filter<'a>(&'a FormValues);

/// Whether there is something to filter: few providers are looked through faster.
pub(super) fn is_useful(providers: &[PageProvider]) -> bool {
    const FEW: usize = 2;
    providers.len() > FEW
}

impl<'a> Filter<'a> {
    pub(super) const fn of(values: &'a FormValues) -> Self {
        Self(values)
    }

    pub(super) fn is_by_name(&self) -> bool {
        self.0.get(ORDER) == Some(BY_NAME)
    }

    /// Whether anything is filtered.
    pub(super) fn is_set(&self) -> bool {
        [ZONE, LANGUAGE, TIME, KIND, CAPACITY].iter().any(|name| self.0.get(name).is_some())
    }

    pub(super) fn has(&self, provider: &PageProvider) -> bool {
        let is_in = |name: &str, values: &[String]| {
            self.0.get(name).is_none_or(|wanted| values.iter().any(|it| it == wanted))
        };
        is_in(ZONE, &provider.zones)
            && is_in(LANGUAGE, &provider.languages)
            && is_in(TIME, &provider.times_of_day)
            && is_in(KIND, std::slice::from_ref(&provider.kind))
            && self.0.get(CAPACITY).is_none_or(|wanted| {
                wanted != FREE || ["open", "limited"].contains(&provider.capacity.state.as_str())
            })
    }

    /// The same filter in another order.
    pub(super) fn link(&self, path: &str, by_name: bool) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in [ZONE, LANGUAGE, TIME, KIND, CAPACITY] {
            if let Some(value) = self.0.get(name) {
                query.append_pair(name, value);
            }
        }
        if by_name {
            query.append_pair(ORDER, BY_NAME);
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// The form, with a field for each property in which the providers differ.
    pub(super) fn form(&self, cx: &PageContext<'_>, page: &RegisterPage, path: &str) -> Markup {
        let (words, all) = (cx.words, &page.providers);
        let zones =
            page.description.zones.iter().map(|it| (it.code.to_string(), it.name.to_string()));
        let kinds = distinct(all, |it| std::slice::from_ref(&it.kind));
        let kinds = kinds.into_iter().map(|kind| (kind.to_owned(), words.say(s::kind(kind))));
        let free = [(FREE.to_owned(), words.say(s::FILTER_CAPACITY_FREE))];
        html! {
            details .filter open[self.is_set()] {
                summary { (words.say(s::FILTER)) }
                form .fields action=(path) method="get" {
                    (self.field(ZONE, &words.say(s::FILTER_ZONE), &words.say(s::FILTER_ZONE_ALL), zones.collect()))
                    (self.field(
                        LANGUAGE, &words.say(s::FILTER_LANGUAGE), &words.say(s::FILTER_LANGUAGE_ALL), languages(words, all)
                    ))
                    (self.field(TIME, &words.say(s::FILTER_TIME), &words.say(s::FILTER_TIME_ALL), times(words, all)))
                    (self.field(KIND, &words.say(s::FILTER_KIND), &words.say(s::FILTER_KIND_ALL), kinds.collect()))
                    (self.field(
                        CAPACITY, &words.say(s::FILTER_CAPACITY), &words.say(s::FILTER_CAPACITY_ALL), free.into()
                    ))
                    @if self.is_by_name() { input type="hidden" name=(ORDER) value=(BY_NAME); }
                    div .buttons {
                        button type="submit" { (words.say(s::FILTER_BUTTON)) }
                        @if self.is_set() { a href=(path) { (words.say(s::FILTER_CLEAR)) } }
                    }
                }
            }
        }
    }

    /// A choice of one value or all; none where there is nothing to choose.
    fn field(&self, name: &str, label: &str, all: &str, options: Vec<(String, String)>) -> Markup {
        let chosen = self.0.get(name);
        html! {
            @if options.len() > 1 || name == CAPACITY {
                div {
                    label for=(name) { (label) }
                    select id=(name) name=(name) {
                        option value="" { (all) }
                        @for (value, text) in options {
                            option value=(value) selected[chosen == Some(value.as_str())] { (text) }
                        }
                    }
                }
            }
        }
    }
}

/// The different values of a property, in order.
fn distinct<'p>(
    providers: &'p [PageProvider],
    values: impl Fn(&'p PageProvider) -> &'p [String],
) -> BTreeSet<&'p str> {
    providers.iter().flat_map(values).map(String::as_str).collect()
}

fn languages(words: Words, providers: &[PageProvider]) -> Vec<(String, String)> {
    let codes = distinct(providers, |it| &it.languages).into_iter();
    let mut named: Vec<_> = codes.map(|code| (code.to_owned(), words.language(code))).collect();
    named.sort_by_cached_key(|(_, name)| collation_key(name));
    named
}

/// The times of day in their own order.
fn times(words: Words, providers: &[PageProvider]) -> Vec<(String, String)> {
    let there = distinct(providers, |it| &it.times_of_day);
    let known = TimeOfDay::ALL.map(TimeOfDay::as_str).into_iter().filter(|it| there.contains(it));
    known.map(|time| (time.to_owned(), words.say(s::time_of_day(time)))).collect()
}
