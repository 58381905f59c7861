//! `/sitemap.xml` and `/robots.txt`: what search engines may find.

use actix_web::{HttpRequest, HttpResponse, http::header::HeaderValue};
use maud::{PreEscaped, html};

use super::{
    about::{ACCESSIBILITY, PRIVACY},
    address::{self, localized},
    municipality::published_services,
    request::PageContext,
};
use crate::{
    api::{
        AppData,
        extract::preconditions::{CODING, public_form},
    },
    register::body::Body,
    words::Locale,
};

const XML: HeaderValue = HeaderValue::from_static("application/xml; charset=utf-8");
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

pub(super) async fn robots(request: HttpRequest, state: AppData) -> HttpResponse {
    let text =
        format!("User-agent: *\nDisallow: /v1/\nSitemap: {}/sitemap.xml\n", state.public_url);
    public_form(request.headers(), &Body::once(text, None), TEXT, CODING)
}

pub(super) async fn sitemap(request: HttpRequest, state: AppData) -> HttpResponse {
    let snapshot = state.register.snapshot();
    let cx = PageContext::of(&request, &state, &snapshot);
    let url = |locale, path: &str| format!("{}{}", cx.public_url, localized(locale, path));
    let markup = html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"))
        urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {
            @for path in paths(&cx) {
                @for locale in Locale::ALL { url { loc { (url(locale, &path)) } } }
            }
        }
    };
    let body = Body::once(markup.into_string(), None);
    public_form(request.headers(), &body, XML, CODING)
}

/// The pages for search engines: municipalities with something to choose, their services, and the providers there.
fn paths(cx: &PageContext<'_>) -> Vec<String> {
    let mut paths = vec!["/".to_owned(), ACCESSIBILITY.to_owned(), PRIVACY.to_owned()];
    for entry in cx.catalogue.municipalities() {
        let services = published_services(cx, entry);
        if !services.is_empty() {
            paths.push(address::municipality(entry));
        }
        paths.extend(services.iter().map(|it| address::service(entry, it.service)));
    }
    let providers = cx.view.providers(None);
    paths.extend(providers.map(|it| address::provider(it.organisation_number.as_str())));
    paths
}
