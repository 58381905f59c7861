//! What a page is rendered from, and how it is sent.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
};

use super::{address, layout::WebPage, words::Words};
use crate::{
    api::{
        AppState,
        extract::preconditions::{CODING, public_form},
    },
    catalogue::{Catalogue, MunicipalityEntry, ServiceType},
    domain::values::time::Instant,
    register::{AsOfView, Snapshot, body::Body},
    words::Locale,
};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// A page loads its style sheet, shows pictures, and sends forms to the registry itself.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// The same in a frame on any site.
const EMBEDDED_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; \
     frame-ancestors *",
);

/// The longest value of a form that is read, in bytes.
const MAX_VALUE: usize = 200;

/// What a page is rendered from.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageContext<'a> {
    /// Its words.
    pub(super) words: Words,
    /// The register.
    pub(super) view: AsOfView<'a>,
    pub(super) catalogue: &'a Catalogue,
    /// The address under which the world reaches the registry.
    pub(super) public_url: &'a str,
}

impl<'a> PageContext<'a> {
    /// The present register, in the language of the path.
    pub(super) fn of(request: &HttpRequest, state: &'a AppState, snapshot: &'a Snapshot) -> Self {
        let (locale, _) = address::split(request.path());
        Self::new(locale, state, snapshot, state.context.now())
    }

    pub(super) fn new(
        locale: Locale,
        state: &'a AppState,
        snapshot: &'a Snapshot,
        now: Instant,
    ) -> Self {
        let AppState { catalogue, public_url, .. } = state;
        Self { words: Words(locale), view: AsOfView::now(snapshot, now), catalogue, public_url }
    }

    /// The path of a page in the language of this one.
    pub(super) fn link(&self, path: &str) -> String {
        address::localized(self.words.0, path)
    }

    /// The entry of a municipality by its present number.
    pub(super) fn municipality(&self, number: &str) -> Option<&'a MunicipalityEntry> {
        self.catalogue.municipality(number).map(|(_, entry)| entry)
    }

    /// The name of a service.
    pub(super) fn service_name(&self, service: &'a ServiceType) -> &'a str {
        match self.words.0 {
            Locale::Nb => &service.name_nb,
            Locale::Nn => &service.name_nn,
            Locale::En => &service.name_en,
        }
    }

    /// Sends a page.
    pub(super) fn respond(&self, request: &HttpRequest, page: &WebPage) -> HttpResponse {
        respond(request.headers(), self.words.0, &Body::once(page.render(self), None))
    }

    /// Sends a page that other sites may show in a frame.
    pub(super) fn respond_embedded(&self, request: &HttpRequest, page: &WebPage) -> HttpResponse {
        let body = Body::once(page.render_embedded(self), None);
        let mut answer = respond(request.headers(), self.words.0, &body);
        if answer.status() != StatusCode::NOT_MODIFIED {
            answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, EMBEDDED_POLICY);
        }
        answer
    }

    /// Sends a page that tells an error.
    pub(super) fn respond_error(&self, status: StatusCode, page: &WebPage) -> HttpResponse {
        let mut answer = HttpResponse::build(status)
            .insert_header((header::CONTENT_TYPE, HTML))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .body(page.render(self));
        set_page_headers(&mut answer, self.words.0);
        answer
    }
}

/// Sends the bytes of a page, or 304.
pub(super) fn respond(headers: &HeaderMap, locale: Locale, body: &Body) -> HttpResponse {
    let mut answer = public_form(headers, body, HTML, CODING);
    set_page_headers(&mut answer, locale);
    answer
}

fn set_page_headers(answer: &mut HttpResponse, locale: Locale) {
    let language = HeaderValue::from_static(locale.as_str());
    let is_sent = answer.status() != StatusCode::NOT_MODIFIED;
    if is_sent {
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    }
    answer.headers_mut().insert(header::CONTENT_LANGUAGE, language);
}

/// Leads to the address that a page has now, with the same query.
pub(super) fn moved_to(request: &HttpRequest, path: &str) -> HttpResponse {
    let query = request.query_string();
    let mark = if query.is_empty() { "" } else { "?" };
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, format!("{path}{mark}{query}")))
        .finish()
}

/// The fields of a plain form; the first value of each, without those that are empty or too long.
#[derive(Debug, Default)]
pub(super) struct FormValues(BTreeMap<String, String>);

impl FormValues {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let mut values = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
            let value = value.trim();
            if !value.is_empty() && value.len() <= MAX_VALUE {
                values.entry(name.into_owned()).or_insert_with(|| value.to_owned());
            }
        }
        Self(values)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
