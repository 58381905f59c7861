//! Errors as pages: what is near, instead of a dead end.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use maud::{Markup, html};

use super::{
    home::{found_list, search_form},
    layout::WebPage,
    municipality::{published_services, service_list},
    near::near,
    request::PageContext,
    sentences as s,
};
use crate::{
    api::{
        AppState,
        problem::{HttpError, Problem, sentences},
    },
    catalogue::MunicipalityEntry,
};

/// Whether a reader of an unknown address is a person with a browser.
#[must_use]
pub fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let path = request.path();
    accept.is_some_and(|accept| accept.contains("text/html")) && !path.starts_with("/v1/")
}

/// No page has this address: a page for people, a problem for programs.
pub fn not_found(request: &HttpRequest, state: &AppState) -> HttpResponse {
    if !wants_page(request) {
        return Problem::edge(HttpError::UnknownRoute, sentences::unknown_route()).error_response();
    }
    let snapshot = state.register.snapshot();
    let cx = PageContext::of(request, state, &snapshot);
    let words = cx.words;
    let text = html! { p { (words.say(s::NOT_FOUND_TEXT)) } (search_form(&cx, None)) };
    respond(&cx, request, StatusCode::NOT_FOUND, words.say(s::NOT_FOUND), text)
}

/// No municipality has the name or the number in the path.
pub(super) fn no_municipality(
    cx: &PageContext<'_>,
    request: &HttpRequest,
    place: &str,
) -> HttpResponse {
    let words = cx.words;
    let name = place.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let like = near(cx.catalogue, name);
    let text = html! {
        p { (words.say(s::NOT_FOUND_TEXT)) }
        @if !like.is_empty() { p { (words.say(s::SEARCH_NEAR)) } (found_list(cx, &like)) }
        (search_form(cx, None))
    };
    respond(cx, request, StatusCode::NOT_FOUND, words.say(s::NO_MUNICIPALITY), text)
}

/// The municipality has not published this service.
pub(super) fn no_service(
    cx: &PageContext<'_>,
    request: &HttpRequest,
    entry: &MunicipalityEntry,
) -> HttpResponse {
    let (words, name) = (cx.words, entry.name.as_str());
    let mut services = published_services(cx, entry);
    services.retain(|it| !it.is_ended());
    let text = html! {
        p { (words.say(s::no_service_text(name))) }
        @if !services.is_empty() {
            h2 { (words.say(s::there_instead(name))) }
            (service_list(cx, entry, &services))
        }
        (search_form(cx, None))
    };
    respond(cx, request, StatusCode::NOT_FOUND, words.say(s::no_service(name)), text)
}

/// A page that tells an error, with the address that was asked for in its language links.
pub(super) fn respond(
    cx: &PageContext<'_>,
    request: &HttpRequest,
    status: StatusCode,
    title: String,
    text: Markup,
) -> HttpResponse {
    let (_, path) = super::address::split(request.path());
    let main = html! { h1 { (title) } div .narrow { (text) } };
    let crumbs = vec![(cx.words.say(s::MUNICIPALITIES), "/".to_owned())];
    let page = WebPage {
        path: path.to_owned(),
        here: title.clone(),
        description: None,
        title,
        crumbs,
        main,
    };
    cx.respond_error(status, &page)
}
