//! `/velg/4204-kristiansand`: what one may choose in a municipality.

use actix_web::{HttpRequest, HttpResponse, web::Path};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{
    address,
    home::search_form,
    layout::WebPage,
    missing::no_municipality,
    request::{PageContext, moved_to},
    sentences as s,
};
use crate::{
    api::{AppData, AppState},
    catalogue::{MunicipalityEntry, ServiceType},
    domain::{
        municipality::Contact,
        offering::OfferingState,
        values::{text::LocalText, time::day_of},
    },
    register::{Snapshot, text::collation_key},
};

/// A published service of a municipality.
#[derive(Debug)]
pub(super) struct PublishedService<'a> {
    pub(super) service: &'a ServiceType,
    title: &'a LocalText,
    state: OfferingState,
    ends_on: Option<NaiveDate>,
    since: NaiveDate,
}

impl PublishedService<'_> {
    pub(super) fn is_ended(&self) -> bool {
        self.state == OfferingState::Ended
    }

    /// The title that the municipality has given it.
    pub(super) fn title(&self, cx: &PageContext<'_>) -> Markup {
        cx.words.inline(self.title)
    }

    /// Everyone open to choice, with the municipality's own offer.
    fn count(&self, cx: &PageContext<'_>, entry: &MunicipalityEntry) -> usize {
        let key = (entry.number.clone(), self.service.code.clone());
        let figures = cx.view.snapshot().statistics().figures(cx.view, &key);
        figures.map_or(0, |it| it.choosable) + 1
    }
}

/// The services that a municipality has ever published, in the order of the catalogue. Nothing is copied: the front page
/// looks at all municipalities.
pub(super) fn published_services<'a>(
    cx: &PageContext<'a>,
    entry: &MunicipalityEntry,
) -> Vec<PublishedService<'a>> {
    let (view, snapshot) = (cx.view, cx.view.snapshot());
    let order = |code: &str| cx.catalogue.service_types.iter().position(|it| it.code == code);
    let first = (entry.number.clone(), String::new());
    let groups = snapshot.statistics().groups_after(&first);
    let groups = groups.take_while(|(municipality, _)| *municipality == entry.number);
    let mut found: Vec<_> = groups
        .filter_map(|(municipality, code)| {
            let version = view.version_of(municipality, code)?;
            let latest = snapshot.offering(version.id)?;
            let ending = latest.closure.as_ref().and_then(|closure| closure.ending.as_ref());
            Some(PublishedService {
                service: cx.catalogue.service_type(code)?,
                title: version.content.title(),
                state: latest.state_at(view.at()),
                ends_on: ending.map(|ending| ending.on),
                since: day_of(view.versions(version.id).next()?.published_at),
            })
        })
        .collect();
    found.sort_by_key(|it| order(&it.service.code));
    found
}

/// Where the place of a path leads.
pub(super) enum Place<'a> {
    /// The municipality, under its present address.
    Here(&'a MunicipalityEntry),
    /// It has another address now.
    Moved(&'a MunicipalityEntry),
    Unknown,
}

/// Reads a place such as `4204-kristiansand`; also a number, present or former, or a name alone.
pub(super) fn place<'a>(cx: &PageContext<'a>, place: &str) -> Place<'a> {
    let number = place.get(..4).filter(|it| it.bytes().all(|b| b.is_ascii_digit()));
    let found = number.map_or_else(|| named(cx, place), |number| cx.municipality(number));
    match found {
        Some(entry) if address::municipality(entry) == format!("/velg/{place}") => {
            Place::Here(entry)
        }
        Some(entry) => Place::Moved(entry),
        None => Place::Unknown,
    }
}

/// The only municipality of a name.
fn named<'a>(cx: &PageContext<'a>, name: &str) -> Option<&'a MunicipalityEntry> {
    let slug = address::slug(name);
    let mut named = cx.catalogue.municipalities().filter(|it| address::slug(&it.name) == slug);
    // Two municipalities may have one name.
    named.next().filter(|_| named.next().is_none())
}

pub(super) async fn municipality(
    request: HttpRequest,
    path: Path<String>,
    state: AppData,
) -> HttpResponse {
    let snapshot = state.register.snapshot();
    answer(&request, &path, &state, &snapshot)
}

fn answer(
    request: &HttpRequest,
    path: &str,
    state: &AppState,
    snapshot: &Snapshot,
) -> HttpResponse {
    let cx = PageContext::of(request, state, snapshot);
    match place(&cx, path) {
        Place::Here(entry) => cx.respond(request, &page(&cx, entry)),
        Place::Moved(entry) => moved_to(request, &cx.link(&address::municipality(entry))),
        Place::Unknown => no_municipality(&cx, request, path),
    }
}

fn page(cx: &PageContext<'_>, entry: &MunicipalityEntry) -> WebPage {
    let (words, name) = (cx.words, entry.name.as_str());
    let (ended, open): (Vec<_>, Vec<_>) =
        published_services(cx, entry).into_iter().partition(PublishedService::is_ended);
    let title = words.say(s::choice_in(name));
    let main = html! {
        h1 { (title) }
        @if open.is_empty() {
            p .lead { (words.say(s::municipality_none(name))) }
        } @else {
            p .lead { (words.say(s::MUNICIPALITY_LEAD)) }
            h2 { (words.say(s::there_instead(name))) }
            (service_list(cx, entry, &open))
        }
        @if !ended.is_empty() {
            h2 { (words.say(s::ENDED_SERVICES)) }
            (service_list(cx, entry, &ended))
        }
        (neighbours(cx, entry))
        @if open.is_empty() { (search_form(cx, None)) }
        (contact(cx, entry))
    };
    WebPage {
        path: address::municipality(entry),
        title,
        description: Some(words.say(s::municipality_description(name))),
        crumbs: vec![(words.say(s::MUNICIPALITIES), "/".to_owned())],
        here: entry.name.clone(),
        main,
    }
}

/// The services of a municipality as links, with their state.
pub(super) fn service_list(
    cx: &PageContext<'_>,
    entry: &MunicipalityEntry,
    services: &[PublishedService<'_>],
) -> Markup {
    let words = cx.words;
    html! {
        ul .services {
            @for it in services {
                li {
                    h3 { a href=(cx.link(&address::service(entry, it.service))) { (it.title(cx)) } }
                    p .kind { (cx.service_name(it.service)) }
                    @if let Some(day) = it.ends_on {
                        @let date = words.date(day);
                        p .warning {
                            @if it.is_ended() { (words.say(s::ended_since(date))) }
                            @else { (words.say(s::ends_on(date))) }
                        }
                    } @else if it.state == OfferingState::ClosedToNew {
                        p .warning { (words.say(s::CLOSED_SHORT)) }
                    }
                    @if !it.is_ended() { p { (words.say(s::provider_count(it.count(cx, entry)))) } }
                    p .small { (words.say(s::since(words.date(it.since)))) }
                }
            }
        }
    }
}

/// Other municipalities in the county that have something to choose.
fn neighbours(cx: &PageContext<'_>, entry: &MunicipalityEntry) -> Markup {
    let mut others: Vec<_> = in_county(cx, entry)
        .filter(|other| published_services(cx, other).iter().any(|it| !it.is_ended()))
        .collect();
    others.sort_by_cached_key(|other| collation_key(&other.name));
    html! {
        @if !others.is_empty() {
            h2 { (cx.words.say(s::neighbours(entry.county_name.as_str()))) }
            ul .inline {
                @for other in others {
                    li { a href=(cx.link(&address::municipality(other))) { (other.name) } }
                }
            }
        }
    }
}

/// The other municipalities of a county.
pub(super) fn in_county<'a>(
    cx: &PageContext<'a>,
    entry: &MunicipalityEntry,
) -> impl Iterator<Item = &'a MunicipalityEntry> {
    let (county, number) = (entry.county_number.clone(), entry.number.clone());
    let all = cx.catalogue.municipalities();
    all.filter(move |other| other.county_number == county && other.number != number)
}

fn contact(cx: &PageContext<'_>, entry: &MunicipalityEntry) -> Markup {
    let settings = cx.view.municipality(&entry.number);
    html! {
        @if let Some(settings) = settings {
            h2 { (cx.words.say(s::MUNICIPALITY_CONTACT)) }
            (contact_lines(&settings.contact))
        }
    }
}

/// A contact: name, mail and telephone.
pub(super) fn contact_lines(contact: &Contact) -> Markup {
    html! {
        address {
            (contact.name) br;
            a href=(format!("mailto:{}", contact.email)) { (contact.email) }
            @if let Some(phone) = &contact.phone { br; (phone_link(phone.as_str())) }
        }
    }
}

/// A telephone number that a telephone can call.
pub(super) fn phone_link(phone: &str) -> Markup {
    html! { a href=(format!("tel:{}", phone.replace(' ', ""))) { (phone.replace(' ', "\u{a0}")) } }
}
