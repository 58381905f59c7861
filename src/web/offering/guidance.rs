//! How a choice works: the facts in short, and answers to the questions that people have.

use maud::{Markup, html};

use super::{
    super::{municipality::contact_lines, request::PageContext, sentences as s, words::Words},
    card::price,
};
use crate::{
    domain::{
        offering::{OfferingState, content::DefaultRule},
        values::time::Instant,
    },
    json::compensation::PricedLine,
    register::page::RegisterPage,
};

/// What is announced about the end of the offering, or its closing to new providers.
pub(super) fn closing(cx: &PageContext<'_>, page: &RegisterPage) -> Markup {
    let (words, offering) = (cx.words, &page.offering);
    let is_ended = offering.state == OfferingState::Ended.as_str();
    let Some(closure) = &offering.closure else { return html! {} };
    html! {
        @if let Some(ending) = &closure.ending {
            @let (date, taken) = (words.date(ending.on), &ending.winding_down);
            section .notice {
                h2 {
                    @if is_ended { (words.say(s::ended_heading(date))) } @else { (words.say(s::ending_heading(date))) }
                }
                (words.prose(&ending.reason))
                p { (words.say(s::taken_over(taken.taken_over_by.as_str(), words.date(taken.until)))) }
            }
        } @else if let Some(closing) = &closure.to_new {
            section .notice {
                h2 { (words.say(s::closing_heading(words.date(closing.from)))) }
                (words.prose(&closing.reason))
                p { (words.say(s::CLOSING_TEXT)) }
            }
        }
    }
}

/// Four facts that most readers look for.
pub(super) fn facts(cx: &PageContext<'_>, page: &RegisterPage) -> Markup {
    let (words, choice) = (cx.words, &page.choice);
    let switch = words.period(choice.switch_notice);
    let switch = if choice.switch_reason_required {
        s::fact_switch_reason(switch)
    } else {
        s::fact_switch_free(switch)
    };
    let default = match choice.default_rule {
        DefaultRule::Municipal => s::FACT_DEFAULT_MUNICIPAL,
        DefaultRule::Distribute { .. } => s::FACT_DEFAULT_DISTRIBUTE,
    };
    html! {
        section aria-label=(words.say(s::FACTS)) {
            dl .facts {
                div { dt { (words.say(s::FACT_DEADLINE)) } dd { (words.period(choice.choice_deadline)) } }
                div { dt { (words.say(s::FACT_DEFAULT)) } dd { (words.say(default)) } }
                div { dt { (words.say(s::FACT_START)) } dd { (words.period(page.description.start_up)) } }
                div { dt { (words.say(s::FACT_SWITCH)) } dd { (words.say(switch)) } }
            }
        }
    }
}

/// The questions, each with its answer.
pub(super) fn questions(cx: &PageContext<'_>, page: &RegisterPage) -> Markup {
    let (words, choice) = (cx.words, &page.choice);
    let is_ended = page.offering.state == OfferingState::Ended.as_str();
    html! {
        h2 { (words.say(s::HOW_HEADING)) }
        div .questions {
            @if !is_ended {
                section {
                    h3 { (words.say(s::HOW_TO_CHOOSE)) }
                    (words.prose(&choice.how_to_choose))
                    p { (words.say(s::deadline_text(words.period(choice.choice_deadline)))) }
                }
                section {
                    h3 { (words.say(s::WITHOUT_CHOICE)) }
                    (without_choice(words, &choice.default_rule))
                }
                section {
                    h3 { (words.say(s::HOW_TO_SWITCH)) }
                    (words.prose(&choice.how_to_switch))
                    p {
                        @if choice.switch_reason_required { (words.say(s::SWITCH_REASON)) }
                        @else { (words.say(s::SWITCH_FREE)) }
                        " " (words.say(s::switch_time(words.period(choice.switch_notice))))
                    }
                }
                section { (cost(cx, page)) }
            }
            section {
                h3 { (words.say(s::COMPLAIN)) }
                (words.prose(&choice.complaints))
            }
            section {
                h3 { (words.say(s::ABOUT_SERVICE)) }
                (words.prose(&page.description.description))
                (words.prose(&page.description.target_group))
            }
            @if !is_ended {
                section {
                    h3 { (words.say(s::WHY_CHOICE)) }
                    p { (words.say(s::WHY_CHOICE_TEXT)) }
                }
            }
            section {
                h3 { (words.say(s::CONTACT)) }
                (contact_lines(&page.contact))
            }
        }
    }
}

fn without_choice(words: Words, rule: &DefaultRule) -> Markup {
    html! {
        @match rule {
            DefaultRule::Municipal => p { (words.say(s::WITHOUT_CHOICE_MUNICIPAL)) },
            DefaultRule::Distribute { rule } => {
                p { (words.say(s::WITHOUT_CHOICE_DISTRIBUTE)) }
                (words.prose(rule))
            },
        }
    }
}

/// What the user pays, and the fixed price that every provider gets.
fn cost(cx: &PageContext<'_>, page: &RegisterPage) -> Markup {
    let words = cx.words;
    html! {
        h3 { (words.say(s::COST)) }
        (words.prose(&page.choice.user_payment))
        p { (words.say(s::COST_SAME)) }
        @if !page.compensation.is_empty() {
            table {
                caption { (words.say(s::PRICE_TABLE)) }
                thead {
                    tr {
                        th scope="col" { (words.say(s::PRICE_WHAT)) }
                        th scope="col" { (words.say(s::PRICE_AMOUNT)) }
                    }
                }
                tbody {
                    @for line in &page.compensation { (row(cx, line, None)) }
                    @for line in &page.announced_compensation {
                        (row(cx, line, Some(crate::domain::values::time::start_of_day(line.line.from))))
                    }
                }
            }
        }
    }
}

/// A line of the price table; one that is announced says when it begins.
fn row(cx: &PageContext<'_>, line: &PricedLine, from: Option<Instant>) -> Markup {
    let words = cx.words;
    let names: Vec<_> = [&line.band_name, &line.zone_name].into_iter().flatten().cloned().collect();
    html! {
        tr {
            th scope="row" {
                @if names.is_empty() { (words.say(s::PRICE_ALWAYS)) } @else { (names.join(", ")) }
                @if let Some(from) = from { " – " (words.say(s::price_from(words.day(from)))) }
            }
            td { (price(words, line.line.amount, line.line.key.unit)) }
        }
    }
}
