//! `/leverandor/313000028`: a provider, and where it is or was approved.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};
use maud::{Markup, html};

use super::{
    address,
    approval::{grounds, service_name},
    layout::WebPage,
    missing,
    municipality::phone_link,
    offering::card::host,
    request::{PageContext, moved_to},
    sentences as s,
};
use crate::{
    api::AppData,
    domain::{approval::ApprovalStatus, provider::stale_from, values::time::end_of_day},
    json::public::ProviderRecord,
    register::ViewedApproval,
};

pub(super) async fn provider(
    request: HttpRequest,
    number: Path<String>,
    state: AppData,
) -> HttpResponse {
    let snapshot = state.register.snapshot();
    let cx = PageContext::of(&request, &state, &snapshot);
    // As people write it: in groups of three.
    let plain = number.replace(' ', "");
    match cx.view.provider(&plain) {
        Some(_) if plain != *number => moved_to(&request, &cx.link(&address::provider(&plain))),
        Some(profile) => cx.respond(&request, &page(&cx, profile)),
        None => {
            let text = html! { p { (cx.words.say(s::NO_PROVIDER_TEXT)) } };
            missing::respond(
                &cx,
                &request,
                StatusCode::NOT_FOUND,
                cx.words.say(s::NO_PROVIDER),
                text,
            )
        }
    }
}

fn page(cx: &PageContext<'_>, profile: &ProviderRecord) -> WebPage {
    let (words, name) = (cx.words, profile.name.as_str());
    let number = profile.organisation_number.as_str();
    let all = cx.view.approvals_of_provider(number);
    let (open, others): (Vec<_>, Vec<_>) = all.partition(|it| it.status().is_choosable());
    let main = html! {
        p .caption { (words.say(s::kind(profile.kind.as_str()))) }
        h1 { (name) }
        div .lead { (words.prose(&profile.presentation)) }
        (facts(cx, profile))
        h2 { (words.say(s::APPROVED_HERE)) }
        @if open.is_empty() { p { (words.say(s::APPROVED_NOWHERE)) } }
        (approvals(cx, &open))
        @if !others.is_empty() {
            h2 { (words.say(s::APPROVED_FORMERLY)) }
            (approvals(cx, &others))
        }
    };
    WebPage {
        path: address::provider(number),
        title: name.to_owned(),
        description: Some(words.say(s::provider_description(name))),
        crumbs: vec![(words.say(s::MUNICIPALITIES), "/".to_owned())],
        here: name.to_owned(),
        main,
    }
}

fn facts(cx: &PageContext<'_>, profile: &ProviderRecord) -> Markup {
    let words = cx.words;
    let spoken: Vec<_> = profile.languages.iter().map(|it| words.language(it.as_str())).collect();
    let confirmed = profile.last_confirmed_at;
    html! {
        dl .list {
            dt { (words.say(s::ORGANISATION_NUMBER)) }
            dd { (profile.organisation_number) }
            @if !spoken.is_empty() { dt { (words.say(s::SPOKEN)) } dd { (words.list(&spoken)) } }
            @if let Some(phone) = &profile.phone { dt { (words.say(s::PHONE)) } dd { (phone_link(phone.as_str())) } }
            @if let Some(web) = &profile.web {
                dt { (words.say(s::WEB_PAGE)) }
                dd { a href=(web) rel="nofollow noopener" { (host(web.as_str())) } }
            }
            dt { (words.say(s::PROFILE_CONFIRMED)) }
            dd {
                (words.day(confirmed))
                @if stale_from(confirmed) <= cx.view.at() { p .warning { (words.say(s::stale(words.day(confirmed)))) } }
            }
        }
    }
}

/// Approvals as links, with their status and since when it is so.
fn approvals(cx: &PageContext<'_>, all: &[ViewedApproval<'_>]) -> Markup {
    let words = cx.words;
    html! {
        @if !all.is_empty() { ul .services {
            @for it in all {
                @let record = it.record();
                li {
                    h3 { a href=(cx.link(&address::approval(record.id))) { (service_name(cx, it)) } }
                    p { span class=(chip(it.status())) { (words.say(s::status_short(it.status().as_str()))) } }
                    p .small { (since(cx, it)) }
                    @if let Some(revocation) = it.lifecycle().revocation.as_ref() {
                        p .small { (words.say(s::GROUNDS)) ": " (grounds(cx, &revocation.grounds)) }
                    }
                }
            }
        } }
    }
}

/// How the chip of a status looks.
const fn chip(status: ApprovalStatus) -> &'static str {
    match status {
        ApprovalStatus::Active => "chip open",
        ApprovalStatus::Ending => "chip limited",
        _ => "chip unknown",
    }
}

/// The first or last day that explains a status.
fn since(cx: &PageContext<'_>, approval: &ViewedApproval<'_>) -> Markup {
    let (lifecycle, words) = (approval.lifecycle(), cx.words);
    let last = lifecycle.available_until();
    let is_past = last.is_some_and(|day| end_of_day(day) <= cx.view.at());
    let from = lifecycle.contract().map(|contract| contract.from);
    html! {
        @if let Some(day) = last.filter(|_| is_past) { (words.say(s::LAST_DAY)) " " (words.date(day)) }
        @else if let Some(day) = last { (words.say(s::available_until(words.date(day)))) }
        @else if let Some(day) = from { (words.say(s::CONTRACT_FROM)) " " (words.date(day)) }
    }
}
