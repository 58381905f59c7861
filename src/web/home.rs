//! `/`: what this is, and the way to a municipality.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};

use super::{
    address,
    layout::WebPage,
    municipality::{PublishedService, published_services},
    near::{Found, find, near},
    request::{FormValues, PageContext},
    sentences as s,
};
use crate::{api::AppData, catalogue::MunicipalityEntry, register::text::collation_key};

pub(super) async fn home(request: HttpRequest, state: AppData) -> HttpResponse {
    let snapshot = state.register.snapshot();
    let cx = PageContext::of(&request, &state, &snapshot);
    let values = FormValues::of(&request);
    let Some(query) = values.get("q") else {
        let title = cx.words.say(s::HOME_TITLE);
        let description = Some(cx.words.say(s::HOME_DESCRIPTION));
        return cx.respond(&request, &page(&cx, title, description, None));
    };
    let found = find(cx.catalogue, query);
    if let [only] = &found[..]
        && let Some(entry) = cx.municipality(only.number)
    {
        let path = cx.link(&address::municipality(entry));
        return HttpResponse::SeeOther().insert_header(("location", path)).finish();
    }
    let title = cx.words.say(s::search_page_title(query));
    cx.respond(&request, &page(&cx, title, None, Some((query, &found))))
}

fn page(
    cx: &PageContext<'_>,
    title: String,
    description: Option<String>,
    search: Option<(&str, &[Found<'_>])>,
) -> WebPage {
    let words = cx.words;
    let main = html! {
        div .hero {
            h1 { (words.say(s::HOME_TITLE)) }
            p .lead {
                (words.say(s::HOME_CHOICE)) " " (words.say(s::HOME_APPROVED)) " " (words.say(s::HOME_START))
            }
            (search_form(cx, search.map(|(query, _)| query)))
            @if let Some((query, found)) = search { (results(cx, query, found)) }
        }
        h2 { (words.say(s::WITH_CHOICE)) }
        (with_choice(cx))
        h2 { (words.say(s::DOORS)) }
        ul .doors {
            @for (title, text, path) in [
                (s::DOOR_PROVIDER, s::DOOR_PROVIDER_TEXT, "/docs/guide/providers"),
                (s::DOOR_MUNICIPALITY, s::DOOR_MUNICIPALITY_TEXT, "/docs/guide/municipalities"),
                (s::DOOR_DEVELOPER, s::DOOR_DEVELOPER_TEXT, "/docs/"),
            ] {
                li {
                    h3 { a href=(path) { (words.say(title)) } }
                    p { (words.say(text)) }
                }
            }
        }
        h2 #all { (words.say(s::ALL_MUNICIPALITIES)) }
        (all(cx))
    };
    WebPage { path: "/".to_owned(), here: String::new(), crumbs: vec![], title, description, main }
}

/// The search for a municipality, with what was typed.
pub(super) fn search_form(cx: &PageContext<'_>, query: Option<&str>) -> Markup {
    let words = cx.words;
    html! {
        form .search role="search" action=(cx.link("/")) method="get" {
            label for="q" { (words.say(s::SEARCH_LABEL)) }
            p .hint #q-hint { (words.say(s::SEARCH_HINT)) }
            div .row {
                input #q type="search" name="q" value=[query] maxlength="100" autocomplete="off" spellcheck="false"
                    aria-describedby="q-hint";
                button type="submit" { (words.say(s::SEARCH_BUTTON)) }
            }
        }
    }
}

fn results(cx: &PageContext<'_>, query: &str, found: &[Found<'_>]) -> Markup {
    let words = cx.words;
    let like = if found.is_empty() { near(cx.catalogue, query) } else { vec![] };
    html! {
        section .results {
            h2 { (words.say(s::search_results(query))) }
            @if found.is_empty() { p { (words.say(s::search_none(query))) } }
            @if !like.is_empty() { p { (words.say(s::SEARCH_NEAR)) } }
            (found_list(cx, if found.is_empty() { &like } else { found }))
        }
    }
}

/// Links to municipalities that were found.
pub(super) fn found_list(cx: &PageContext<'_>, found: &[Found<'_>]) -> Markup {
    html! {
        @if !found.is_empty() {
            ul {
                @for it in found {
                    li {
                        @if let Some(entry) = cx.municipality(it.number) {
                            a href=(cx.link(&address::municipality(entry))) { (it.name) }
                        }
                        @if let Some(former) = it.formerly { " (" (cx.words.say(s::formerly(former))) ")" }
                    }
                }
            }
        }
    }
}

/// The municipalities that have published something, with what it is.
fn with_choice(cx: &PageContext<'_>) -> Markup {
    let mut there: Vec<(&MunicipalityEntry, Vec<PublishedService<'_>>)> = cx
        .catalogue
        .municipalities()
        .filter_map(|entry| {
            let mut services = published_services(cx, entry);
            services.retain(|it| !it.is_ended());
            (!services.is_empty()).then_some((entry, services))
        })
        .collect();
    there.sort_by_cached_key(|(entry, _)| collation_key(&entry.name));
    html! {
        @if there.is_empty() { p { (cx.words.say(s::WITH_CHOICE_NONE)) } }
        @else {
            ul .tiles {
                @for (entry, services) in there {
                    li {
                        h3 { a href=(cx.link(&address::municipality(entry))) { (entry.name) } }
                        ul {
                            @for it in &services {
                                li { a href=(cx.link(&address::service(entry, it.service))) { (it.title(cx)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// All municipalities, county by county.
fn all(cx: &PageContext<'_>) -> Markup {
    let mut counties: BTreeMap<&str, Vec<&MunicipalityEntry>> = BTreeMap::new();
    for entry in cx.catalogue.municipalities() {
        counties.entry(&entry.county_name).or_default().push(entry);
    }
    let mut counties: Vec<_> = counties.into_iter().collect();
    counties.sort_by_cached_key(|(name, _)| collation_key(name));
    html! {
        div .counties {
            @for (county, mut entries) in counties {
                @let () = entries.sort_by_cached_key(|it| collation_key(&it.name));
                details {
                    summary { (county) }
                    ul {
                        @for entry in entries {
                            li { a href=(cx.link(&address::municipality(entry))) { (entry.name) } }
                        }
                    }
                }
            }
        }
    }
}
