//! The codes of problems: data for programs, and a page with an anchor for each code.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, HeaderValue},
    mime,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::{
        extract::{
            locale::ReaderLanguage,
            negotiation::{accept, quality},
            preconditions::{CODING, public, public_form},
        },
        problem::{HttpError, PlainProblems, status_of},
    },
    domain::error::ErrorCode,
    register::body::Body,
    words::{self, Locale},
};

/// The page has one style sheet inside, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const STYLE: &str = "body{font-family:sans-serif;line-height:1.5;max-width:60rem;margin:2rem auto;padding:0 1rem}\
    th,td{text-align:left;vertical-align:top;padding:.25rem 1rem .25rem 0}tr:target{background:#fe9}";

/// All codes that a problem can have.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemCodes)]
pub struct CodesView {
    /// The codes; they never change their meaning.
    items: Vec<CodeView>,
}

/// A code that a problem can have.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemCode, example = json!({
    "code": "validation", "status": 422, "title": "The request has errors"
}))]
pub struct CodeView {
    /// The code.
    pub code: &'static str,
    /// The HTTP status of the code.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Meaning of the code.
    pub title: String,
}

/// Every code: those of HTTP and those of the domain.
#[must_use]
pub fn codes(locale: Locale) -> Vec<CodeView> {
    let edge = HttpError::TABLE.iter().map(|(_, code, status)| (*code, *status));
    let domain = ErrorCode::TABLE.iter().map(|(_, code, kind)| (*code, status_of(*kind).as_u16()));
    let view = |(code, status)| CodeView { code, status, title: words::text(locale, code) };
    edge.chain(domain).map(view).collect()
}

/// The codes of problems.
///
/// The targets of a problem's `type`, with titles in the language of `Accept-Language`. A browser gets a page with an anchor for
/// each code.
#[utoipa::path(
    tag = "operations", operation_id = "problemList", security(),
    responses(
        (status = 200, description = "All codes.", content(
            (CodesView = "application/json"), (String = "text/html"),
        )),
        PlainProblems,
    ),
)]
#[get("/problems")]
pub(crate) async fn problems(request: HttpRequest, language: ReaderLanguage) -> HttpResponse {
    let locale = language.of_problems();
    let mut response = if prefers_page(&request) {
        let body = Body::once(page(locale), None);
        let mut response = public_form(request.headers(), &body, HTML, CODING);
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        response
    } else {
        public(&request, None, &CodesView { items: codes(locale) })
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.as_str()));
    headers.append(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
    response
}

/// Whether `Accept` prefers HTML to JSON. `*/*` does not.
fn prefers_page(request: &HttpRequest) -> bool {
    let accepted = accept(request);
    quality(&accepted, &mime::TEXT_HTML) > quality(&accepted, &mime::APPLICATION_JSON)
}

/// The page. Its texts are the registry's own, so nothing has to be escaped.
fn page(locale: Locale) -> String {
    let text = |key| words::text(locale, key);
    let rows: String = codes(locale).iter().map(row).collect();
    let [title, intro, code] = PAGE.map(text);
    let [status, meaning] = COLUMNS.map(text);
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n<p>{intro}</p>\n<table>\n\
         <thead><tr><th scope=\"col\">{code}</th><th scope=\"col\">{status}</th><th scope=\"col\">{meaning}</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</main>\n</body>\n</html>\n",
        lang = locale.as_str(),
    )
}

fn row(CodeView { code, status, title }: &CodeView) -> String {
    format!(
        "<tr id=\"{code}\"><th scope=\"row\"><a href=\"#{code}\"><code>{code}</code></a></th><td>{status}</td><td>{title}</td></tr>\n"
    )
}

/// Title and introduction of the page, and the heading of its first column.
pub(crate) const PAGE: [&str; 3] = ["problems-page", "problems-page-intro", "problems-page-code"];
/// The headings of the other columns.
pub(crate) const COLUMNS: [&str; 2] = ["problems-page-status", "problems-page-meaning"];

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_browser_gets_the_page_and_a_program_data() {
        let prefers = |accept: Option<&str>| {
            let request = TestRequest::get();
            let request = match accept {
                Some(accept) => request.insert_header((header::ACCEPT, accept)),
                None => request,
            };
            prefers_page(&request.to_http_request())
        };
        assert!(prefers(Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")));
        assert!(![None, Some("*/*"), Some("application/json")].into_iter().any(prefers));
    }

    #[test]
    fn the_page_has_an_anchor_and_a_title_for_each_code() {
        for locale in Locale::ALL {
            let page = page(locale);
            assert!(page.contains(&format!("<html lang=\"{}\">", locale.as_str())));
            for CodeView { code, title, .. } in codes(locale) {
                assert!(page.contains(&format!("id=\"{code}\"")), "{code}");
                assert!(page.contains(&format!("<td>{title}</td>")), "{title}");
                assert!(!title.contains(['<', '>', '&']), "{title}");
            }
        }
    }
}
