//! A provider as a card: the same facts in the same order for all, and continuity first.

use maud::{Markup, html};

use super::super::{
    address, municipality::phone_link, request::PageContext, sentences as s, words::Words,
};
use crate::{
    domain::{compensation::rate::Unit, values::money::Price},
    register::page::{PageProvider, RegisterPage},
};

pub(super) fn card(cx: &PageContext<'_>, page: &RegisterPage, provider: &PageProvider) -> Markup {
    let words = cx.words;
    html! {
        li .card {
            (heading(cx, provider))
            @if let Some(day) = provider.available_until {
                p .warning { (words.say(s::available_until(words.date(day)))) }
            }
            div .first {
                h4 { (words.say(s::CONTINUITY)) }
                @match &provider.continuity {
                    Some(text) => (words.prose(text)),
                    None => p .unstated { (words.say(s::NOT_STATED)) },
                }
            }
            (facts(words, page, provider))
            (words.prose(provider.text.as_ref().unwrap_or(&provider.presentation)))
            (add_ons(words, provider))
            (contact(words, provider))
        }
    }
}

fn heading(cx: &PageContext<'_>, provider: &PageProvider) -> Markup {
    let (words, capacity) = (cx.words, &provider.capacity);
    html! {
        div {
            p .capacity {
                span class={ "chip " (capacity.state) } { (words.say(s::capacity(capacity.state.as_str()))) }
                @if let Some(day) = capacity.on { " " span .small { (words.say(s::capacity_on(words.date(day)))) } }
            }
            h3 {
                @if provider.own_offer { (provider.name) }
                @else { a href=(cx.link(&address::provider(&provider.organisation_number))) { (provider.name) } }
            }
            p .kind {
                @if provider.own_offer { (words.say(s::OWN_OFFER)) }
                @else { (words.say(s::kind(provider.kind.as_str()))) }
            }
        }
    }
}

fn facts(words: Words, page: &RegisterPage, provider: &PageProvider) -> Markup {
    let unstated = html! { span .unstated { (words.say(s::NOT_STATED)) } };
    let texts = |values: &[String], text: &dyn Fn(&str) -> String| {
        let texts: Vec<_> = values.iter().map(|it| text(it)).collect();
        html! { @if texts.is_empty() { (unstated) } @else { (words.list(&texts)) } }
    };
    let starts = provider.starts_within.unwrap_or(page.description.start_up);
    html! {
        dl {
            dt { (words.say(s::STARTS_WITHIN)) }
            dd { (words.period(starts)) }
            dt { (words.say(s::TIMES)) }
            dd { (texts(&provider.times_of_day, &|time| words.say(s::time_of_day(time)))) }
            dt { (words.say(s::SPOKEN)) }
            dd { (texts(&provider.languages, &|code| words.language(code))) }
            dt { (words.say(s::AREA)) }
            dd { (area(words, page, provider)) }
            @if let Some(text) = &provider.special_competence {
                dt { (words.say(s::COMPETENCE)) }
                dd { (words.inline(text)) }
            }
            @if let Some(text) = &provider.opening_hours {
                dt { (words.say(s::OPENING_HOURS)) }
                dd { (words.inline(text)) }
            }
        }
    }
}

fn area(words: Words, page: &RegisterPage, provider: &PageProvider) -> String {
    let zones = &page.description.zones;
    let own: Vec<_> = zones
        .iter()
        .filter(|zone| provider.zones.iter().any(|code| code == zone.code.as_str()))
        .map(|zone| zone.name.to_string())
        .collect();
    if own.len() == zones.len() && own.len() > 1 {
        return words.say(s::WHOLE_AREA);
    }
    words.list(&own)
}

fn add_ons(words: Words, provider: &PageProvider) -> Markup {
    html! {
        @if !provider.add_ons.is_empty() {
            details {
                summary { (words.say(s::ADD_ONS)) }
                p { (words.say(s::ADD_ONS_NOTE)) }
                ul {
                    @for it in &provider.add_ons {
                        li { (it.name) ": " (price(words, it.price, it.unit)) }
                    }
                }
            }
        }
    }
}

/// `450 kr per time`.
pub(super) fn price(words: Words, price: Price, unit: Unit) -> String {
    format!("{} {}", price.money().in_words_nb(), words.say(s::unit(unit.as_str())))
}

fn contact(words: Words, provider: &PageProvider) -> Markup {
    let confirmed = words.day(provider.last_confirmed_at);
    html! {
        div .contact {
            @if provider.phone.is_some() || provider.web.is_some() {
                p .ways {
                    @if let Some(phone) = &provider.phone { (phone_link(phone)) " " }
                    @if let Some(web) = &provider.web { a href=(web) rel="nofollow noopener" { (host(web)) } }
                }
            }
            @if provider.stale { p .warning { (words.say(s::stale(confirmed))) } }
            @else { p .small { (words.say(s::confirmed(confirmed))) } }
        }
    }
}

/// The host of a web address, as people know it.
pub(in crate::web) fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.strip_prefix("www.").unwrap_or(host)
}
