//! `/personvern` and `/tilgjengelighet`: what is stored about readers, and what was tested.

use actix_web::{HttpRequest, HttpResponse};
use maud::html;

use super::{layout::WebPage, request::PageContext, sentences as s};
use crate::{api::AppData, domain::message::MessageKey};

/// A page of fixed texts.
struct AboutPage {
    path: &'static str,
    title: MessageKey,
    description: MessageKey,
    lead: MessageKey,
    /// Headings with their texts.
    sections: [(MessageKey, MessageKey); 3],
}

pub(super) const PRIVACY: &str = "/personvern";
pub(super) const ACCESSIBILITY: &str = "/tilgjengelighet";

pub(super) async fn privacy(request: HttpRequest, state: AppData) -> HttpResponse {
    let page = AboutPage {
        path: PRIVACY,
        title: s::PRIVACY,
        description: s::PRIVACY_DESCRIPTION,
        lead: s::PRIVACY_LEAD,
        sections: [
            (s::PRIVACY_READERS, s::PRIVACY_READERS_TEXT),
            (s::PRIVACY_CHOICE, s::PRIVACY_CHOICE_TEXT),
            (s::PRIVACY_PUBLIC, s::PRIVACY_PUBLIC_TEXT),
        ],
    };
    page.respond(&request, &state)
}

pub(super) async fn accessibility(request: HttpRequest, state: AppData) -> HttpResponse {
    let page = AboutPage {
        path: ACCESSIBILITY,
        title: s::ACCESSIBILITY,
        description: s::ACCESSIBILITY_DESCRIPTION,
        lead: s::ACCESSIBILITY_LEAD,
        sections: [
            (s::ACCESSIBILITY_TESTED, s::ACCESSIBILITY_TESTED_TEXT),
            (s::ACCESSIBILITY_NOT_TESTED, s::ACCESSIBILITY_NOT_TESTED_TEXT),
            (s::ACCESSIBILITY_FAULT, s::ACCESSIBILITY_FAULT_TEXT),
        ],
    };
    page.respond(&request, &state)
}

impl AboutPage {
    fn respond(self, request: &HttpRequest, state: &AppData) -> HttpResponse {
        let snapshot = state.register.snapshot();
        let cx = PageContext::of(request, state, &snapshot);
        let words = cx.words;
        let title = words.say(self.title);
        let main = html! {
            h1 { (title) }
            p .lead { (words.say(self.lead)) }
            @for (heading, text) in self.sections {
                h2 { (words.say(heading)) }
                p { (words.say(text)) }
            }
        };
        let page = WebPage {
            path: self.path.to_owned(),
            here: title.clone(),
            title,
            description: Some(words.say(self.description)),
            crumbs: vec![(words.say(s::MUNICIPALITIES), "/".to_owned())],
            main,
        };
        cx.respond(request, &page)
    }
}
