//! `/velg/4204-kristiansand/praktisk-bistand`: the providers of a service, and how to choose and switch.

mod cache;
pub(super) mod card;
mod filter;
mod guidance;
mod paper;

use actix_web::{HttpRequest, HttpResponse, web::Data, web::Path};
use maud::{Markup, html};

use self::filter::Filter;
pub use cache::ServicePages;
pub(super) use paper::paper;

use super::{
    address,
    layout::WebPage,
    missing::{no_municipality, no_service},
    municipality::{Place, in_county, place},
    request::{FormValues, PageContext, moved_to},
    sentences as s,
};
use crate::{
    api::AppData,
    catalogue::{MunicipalityEntry, ServiceType},
    domain::{offering::OfferingState, values::time::day_of},
    register::{page::RegisterPage, pages::key},
};

/// The municipality and the service that a path names.
struct Target<'a> {
    entry: &'a MunicipalityEntry,
    service: &'a ServiceType,
}

impl<'a> Target<'a> {
    /// Reads the place and the service of a path; a sheet of paper may follow them.
    ///
    /// # Errors
    /// The answer where nothing is there, or where it is now.
    fn of(
        cx: &PageContext<'a>,
        request: &HttpRequest,
        (town, slug): (&str, &str),
        sheet: Option<&str>,
    ) -> Result<Self, HttpResponse> {
        let entry = match place(cx, town) {
            Place::Here(entry) | Place::Moved(entry) => entry,
            Place::Unknown => return Err(no_municipality(cx, request, town)),
        };
        let catalogue = cx.catalogue;
        let known = catalogue.service_by_slug(slug).or_else(|| catalogue.service_type(slug));
        let service = known.ok_or_else(|| no_service(cx, request, entry))?;
        let path = address::service(entry, service);
        let path = sheet.map_or(path.clone(), |sheet| format!("{path}/{sheet}"));
        if address::split(request.path()).1 != path {
            return Err(moved_to(request, &cx.link(&path)));
        }
        Ok(Self { entry, service })
    }
}

pub(super) async fn offering(
    request: HttpRequest,
    path: Path<(String, String)>,
    state: AppData,
    pages: Data<ServicePages>,
) -> HttpResponse {
    let (town, slug) = path.into_inner();
    let snapshot = state.register.snapshot();
    let cx = PageContext::of(&request, &state, &snapshot);
    let Target { entry, service } = match Target::of(&cx, &request, (&town, &slug), None) {
        Ok(target) => target,
        Err(answer) => return answer,
    };
    let values = FormValues::of(&request);
    let now = cx.view.at();
    if values.is_empty() {
        let key = key(&entry.number, &service.code);
        let Some(source) = state.register.page(&key, now) else {
            return no_service(&cx, &request, entry);
        };
        // Rendered from a snapshot that is at least as new as its source.
        let snapshot = state.register.snapshot();
        let cx = PageContext::new(cx.words.0, &state, &snapshot, now);
        let render = || Some(page(&cx, entry, service, &values)?.render(&cx));
        let answer = pages.answer(request.head(), (&key, cx.words.0), source, now, render);
        return answer.unwrap_or_else(|| no_service(&cx, &request, entry));
    }
    match page(&cx, entry, service, &values) {
        Some(page) => cx.respond(&request, &WebPage { description: None, ..page }),
        None => no_service(&cx, &request, entry),
    }
}

fn page(
    cx: &PageContext<'_>,
    entry: &MunicipalityEntry,
    service: &ServiceType,
    values: &FormValues,
) -> Option<WebPage> {
    let mut content = RegisterPage::of(cx.view, (&entry.number, &service.code), cx.catalogue)?;
    let filter = Filter::of(values);
    if !filter.is_by_name() {
        content.shuffle(&day_of(cx.view.at()).to_string());
    }
    let (words, name) = (cx.words, entry.name.as_str());
    let (title, _) = words.choose(&content.offering.title);
    let is_ended = content.offering.state == OfferingState::Ended.as_str();
    let main = html! {
        p .caption { (words.say(s::choice_in(name))) }
        h1 { (words.inline(&content.offering.title)) }
        p .lead { (words.say(if is_ended { s::SERVICE_LEAD_ENDED } else { s::SERVICE_LEAD })) }
        (guidance::closing(cx, &content))
        @if !is_ended {
            (guidance::facts(cx, &content))
            (paper_links(cx, entry, service))
            (providers(cx, entry, service, &content, &filter))
        }
        (guidance::questions(cx, &content))
        (nearby(cx, entry, service))
        (origin(cx, &content))
        @if !is_ended { (embedding(cx, entry, service, title)) }
    };
    Some(WebPage {
        path: address::service(entry, service),
        title: words.say(s::service_title(title, name)),
        description: Some(words.say(s::service_description(title, name))),
        crumbs: vec![
            (words.say(s::MUNICIPALITIES), "/".to_owned()),
            (entry.name.clone(), address::municipality(entry)),
        ],
        here: title.to_owned(),
        main,
    })
}

/// Links to the brochure and the switch form.
fn paper_links(cx: &PageContext<'_>, entry: &MunicipalityEntry, service: &ServiceType) -> Markup {
    let [brochure, form] = paper::paths(entry, service).map(|path| cx.link(&path));
    html! {
        ul .inline.screen {
            li { a href="#providers" { (cx.words.say(s::SEE_PROVIDERS)) } }
            li { a href=(brochure) { (cx.words.say(s::PRINT_LINK)) } }
            li { a href=(form) { (cx.words.say(s::FORM_LINK)) } }
        }
    }
}

/// The list of providers, with its filter and its order in words.
fn providers(
    cx: &PageContext<'_>,
    entry: &MunicipalityEntry,
    service: &ServiceType,
    content: &RegisterPage,
    filter: &Filter<'_>,
) -> Markup {
    let (words, all) = (cx.words, &content.providers);
    let path = cx.link(&address::service(entry, service));
    let shown: Vec<_> = all.iter().filter(|it| filter.has(it)).collect();
    let is_full = all.iter().all(|it| it.capacity.state == "full");
    html! {
        section aria-labelledby="providers" {
            h2 #providers { (words.say(s::choose_between(all.len()))) }
            @if all.len() == 1 { p { (words.say(s::ONLY_OWN)) } }
            @if is_full { p .warning { (words.say(s::ALL_FULL)) } }
            @if filter::is_useful(all) { (filter.form(cx, content, &path)) }
            @if all.len() > 1 {
                p .order.small {
                    @if filter.is_set() { (words.say(s::filter_found(shown.len(), all.len()))) " " }
                    @if filter.is_by_name() {
                        (words.say(s::ORDER_NAME)) " "
                        a href=(filter.link(&path, false)) { (words.say(s::SORT_FAIRLY)) }
                    } @else {
                        (words.say(s::ORDER_FAIR)) " "
                        a href=(filter.link(&path, true)) { (words.say(s::SORT_BY_NAME)) }
                    }
                }
            }
            @if shown.is_empty() {
                p .warning { (words.say(s::FILTER_NONE)) " " a href=(path) { (words.say(s::FILTER_CLEAR)) } }
            }
            @if !shown.is_empty() {
                ul .cards {
                    @for provider in shown { (card::card(cx, content, provider)) }
                }
            }
        }
    }
}

/// The same service in the county's other municipalities.
fn nearby(cx: &PageContext<'_>, entry: &MunicipalityEntry, service: &ServiceType) -> Markup {
    let is_there = |other: &&MunicipalityEntry| {
        let version = cx.view.version_of(&other.number, &service.code);
        let state = version.and_then(|version| cx.view.state_of(version.id));
        state.is_some_and(|state| state != OfferingState::Ended)
    };
    let others: Vec<_> = in_county(cx, entry).filter(is_there).collect();
    html! {
        @if !others.is_empty() {
            h2 { (cx.words.say(s::same_service_nearby(entry.county_name.as_str()))) }
            ul .inline {
                @for other in others {
                    li { a href=(cx.link(&address::service(other, service))) { (other.name) } }
                }
            }
        }
    }
}

/// How another site shows the list.
fn embedding(
    cx: &PageContext<'_>,
    entry: &MunicipalityEntry,
    service: &ServiceType,
    title: &str,
) -> Markup {
    let title = cx.words.say(s::embed_title(title, entry.name.as_str()));
    html! {
        details .screen {
            summary { (cx.words.say(s::EMBED_SUMMARY)) }
            p { (cx.words.say(s::EMBED_TEXT)) }
            pre tabindex="0" { code { (paper::snippet(cx, entry, service, &title)) } }
        }
    }
}

/// Which version this is, when it was published, and the same as data.
fn origin(cx: &PageContext<'_>, content: &RegisterPage) -> Markup {
    let (words, offering) = (cx.words, &content.offering);
    let version = i64::from(offering.version);
    html! {
        p .origin.small {
            (words.say(s::published(version, words.day(offering.published_at)))) " "
            a href=(format!("/v1/register/{}/{}", content.municipality.number, content.service.code)) {
                (words.say(s::AS_DATA))
            }
        }
    }
}
