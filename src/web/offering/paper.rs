//! Other forms of a page: `…/utskrift`, the providers on paper; `…/bytteskjema`, a blank form for switching; and `…/innbygg`,
//! the list for a frame on another site.

use actix_web::{HttpRequest, HttpResponse, web::Path};
use maud::{Markup, html};

use super::{
    super::{
        address,
        layout::WebPage,
        missing::{no_service, not_found},
        municipality::contact_lines,
        request::{FormValues, PageContext},
        sentences as s,
    },
    Target, card, guidance,
};
use crate::{
    api::AppData,
    catalogue::{MunicipalityEntry, ServiceType},
    domain::{offering::OfferingState, values::time::day_of},
    register::page::{PageProvider, RegisterPage},
};

const BROCHURE: &str = "utskrift";
const SWITCH_FORM: &str = "bytteskjema";
const EMBEDDED: &str = "innbygg";

pub(in crate::web) async fn paper(
    request: HttpRequest,
    path: Path<(String, String, String)>,
    state: AppData,
) -> HttpResponse {
    let (town, slug, sheet) = path.into_inner();
    let snapshot = state.register.snapshot();
    let cx = PageContext::of(&request, &state, &snapshot);
    let content = match sheet.as_str() {
        BROCHURE => brochure,
        SWITCH_FORM => switch_form,
        EMBEDDED => embedded,
        _ => return not_found(&request, &state),
    };
    let Target { entry, service } = match Target::of(&cx, &request, (&town, &slug), Some(&sheet)) {
        Ok(target) => target,
        Err(answer) => return answer,
    };
    let page = RegisterPage::of(cx.view, (&entry.number, &service.code), cx.catalogue);
    let ended = OfferingState::Ended.as_str();
    let Some(mut page) = page.filter(|it| it.offering.state != ended) else {
        return no_service(&cx, &request, entry);
    };
    page.shuffle(&day_of(cx.view.at()).to_string());
    let values = FormValues::of(&request);
    let source = Sheet {
        cx: &cx,
        entry,
        service,
        page: &page,
        is_large: values.get("skrift") == Some("stor"),
    };
    let (title, main) = content(&source);
    let is_embedded = sheet == EMBEDDED;
    let description = (values.is_empty() && !is_embedded).then(|| title.clone());
    let (name, _) = cx.words.choose(&page.offering.title);
    let page = WebPage {
        path: format!("{}/{sheet}", address::service(entry, service)),
        here: cx.words.say(if sheet == SWITCH_FORM { s::FORM_LINK } else { s::PRINT_LINK }),
        title,
        description,
        crumbs: vec![
            (cx.words.say(s::MUNICIPALITIES), "/".to_owned()),
            (entry.name.clone(), address::municipality(entry)),
            (name.to_owned(), address::service(entry, service)),
        ],
        main,
    };
    if is_embedded { cx.respond_embedded(&request, &page) } else { cx.respond(&request, &page) }
}

/// What a site pastes to show the list in a frame.
pub(super) fn snippet(
    cx: &PageContext<'_>,
    entry: &MunicipalityEntry,
    service: &ServiceType,
    title: &str,
) -> String {
    let path = cx.link(&format!("{}/{EMBEDDED}", address::service(entry, service)));
    let frame = html! {
        iframe src=(format!("{}{path}", cx.public_url)) title=(title) width="100%" height="900" {}
    };
    frame.into_string()
}

/// The path of the brochure, and that of the form.
pub(super) fn paths(entry: &MunicipalityEntry, service: &ServiceType) -> [String; 2] {
    [BROCHURE, SWITCH_FORM].map(|sheet| format!("{}/{sheet}", address::service(entry, service)))
}

/// What a sheet of paper is made from.
struct Sheet<'a> {
    cx: &'a PageContext<'a>,
    entry: &'a MunicipalityEntry,
    service: &'a ServiceType,
    page: &'a RegisterPage,
    is_large: bool,
}

impl Sheet<'_> {
    fn class(&self) -> &'static str {
        if self.is_large { "paper large" } else { "paper" }
    }

    /// How to print, and the other size of letters; not on paper.
    fn hint(&self, path: &str) -> Markup {
        let (words, path) = (self.cx.words, self.cx.link(path));
        html! {
            p .screen {
                (words.say(s::PRINT_HINT)) " "
                @if self.is_large { a href=(path) { (words.say(s::NORMAL_LINK)) } }
                @else { a href=(format!("{path}?skrift=stor")) { (words.say(s::LARGE_LINK)) } }
            }
        }
    }

    /// The day, and where the latest is.
    fn origin(&self) -> Markup {
        let (words, cx) = (self.cx.words, self.cx);
        let url =
            format!("{}{}", cx.public_url, cx.link(&address::service(self.entry, self.service)));
        html! { p .small { (words.say(s::printed_on(words.day(cx.view.at()), url))) } }
    }
}

/// The providers with what one needs to choose without a computer.
fn brochure(sheet: &Sheet<'_>) -> (String, Markup) {
    let Sheet { cx, page, .. } = sheet;
    let (words, name) = (cx.words, sheet.entry.name.as_str());
    let (title, _) = words.choose(&page.offering.title);
    let main = html! {
        div class=(sheet.class()) {
            p .caption { (words.say(s::choice_in(name))) }
            h1 { (words.inline(&page.offering.title)) }
            (sheet.hint(&paths(sheet.entry, sheet.service)[0]))
            p .lead { (words.say(s::SERVICE_LEAD)) }
            (guidance::closing(cx, page))
            (guidance::facts(cx, page))
            h2 { (words.say(s::choose_between(page.providers.len()))) }
            p .small { (words.say(s::ORDER_FAIR)) }
            ul .cards { @for provider in &page.providers { (card::card(cx, page, provider)) } }
            (guidance::questions(cx, page))
            (sheet.origin())
        }
    };
    (words.say(s::brochure_title(title, name)), main)
}

/// A form to fill in by hand, with the municipality's address.
fn switch_form(sheet: &Sheet<'_>) -> (String, Markup) {
    let Sheet { cx, page, .. } = sheet;
    let (words, name) = (cx.words, sheet.entry.name.as_str());
    let (title, _) = words.choose(&page.offering.title);
    let line = |label| html! { p .blank { (words.say(label)) } };
    let main = html! {
        div class=(sheet.class()) {
            p .caption { (words.inline(&page.offering.title)) " – " (name) }
            h1 { (words.say(s::SWITCH_FORM_TITLE)) }
            (sheet.hint(&paths(sheet.entry, sheet.service)[1]))
            p .lead { (words.say(s::SWITCH_FORM_LEAD)) }
            h2 { (words.say(s::FORM_ABOUT_YOU)) }
            (line(s::FORM_NAME)) (line(s::FORM_BORN)) (line(s::FORM_ADDRESS)) (line(s::FORM_PHONE)) (line(s::FORM_HELPER))
            h2 { (words.say(s::FORM_NOW)) }
            (line(s::FORM_NAME))
            h2 { (words.say(s::FORM_WANTED)) }
            ul .ticks { @for provider in &page.providers { (tick(provider)) } }
            (line(s::FORM_FROM))
            @if page.choice.switch_reason_required { (line(s::FORM_REASON)) }
            (line(s::FORM_SIGNATURE))
            h2 { (words.say(s::FORM_SEND)) }
            (contact_lines(&page.contact))
            (sheet.origin())
        }
    };
    (words.say(s::switch_form_page(title, name)), main)
}

/// The list alone, with a link to the page.
fn embedded(sheet: &Sheet<'_>) -> (String, Markup) {
    let Sheet { cx, page, .. } = sheet;
    let (words, name) = (cx.words, sheet.entry.name.as_str());
    let (title, _) = words.choose(&page.offering.title);
    let path = cx.link(&address::service(sheet.entry, sheet.service));
    let main = html! {
        h1 { (words.say(s::service_in(title, name))) }
        p .small { (words.say(s::ORDER_FAIR)) " " a href=(path) { (words.say(s::EMBED_MORE)) } }
        h2 { (words.say(s::choose_between(page.providers.len()))) }
        ul .cards { @for provider in &page.providers { (card::card(cx, page, provider)) } }
    };
    (words.say(s::embed_title(title, name)), main)
}

/// A box to tick beside a name.
fn tick(provider: &PageProvider) -> Markup {
    html! { li { (provider.name) } }
}
