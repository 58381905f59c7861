//! Media type of a letter (RFC 9110 section 12.5.1).

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{self, Accept, Quality},
    mime::{self, Mime},
};

use crate::api::{
    extract::negotiation::{accept, quality},
    problem::{HttpError, Problem, sentences},
};

/// The forms of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LetterFormat {
    Html,
    Plain,
}

impl LetterFormat {
    const ALL: [Self; 2] = [Self::Html, Self::Plain];

    const fn media_type(self) -> Mime {
        match self {
            Self::Html => mime::TEXT_HTML,
            Self::Plain => mime::TEXT_PLAIN,
        }
    }

    /// The whole value of the header.
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Plain => "text/plain; charset=utf-8",
        }
    }
}

/// The caller's preferred form; a page by default.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accepted(pub(super) LetterFormat);

impl FromRequest for Accepted {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let has_accept = request.headers().contains_key(header::ACCEPT);
        let form = if has_accept { best(&accept(request)) } else { Some(LetterFormat::Html) };
        ready(form.map(Self).ok_or_else(|| {
            Problem::edge(HttpError::NotAcceptable, sentences::not_acceptable_letter())
        }))
    }
}

/// The best liked form, a page before plain text; none where both are ruled out.
fn best(accept: &Accept) -> Option<LetterFormat> {
    let liked =
        LetterFormat::ALL.into_iter().map(|form| (quality(accept, &form.media_type()), form));
    let liked = liked.filter(|(quality, _)| *quality > Quality::ZERO).rev();
    liked.max_by_key(|(quality, _)| *quality).map(|(_, form)| form)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_best_liked_form_is_chosen_by_the_most_specific_range() {
        for (header, form) in [
            ("*/*", Some(LetterFormat::Html)),
            ("text/*", Some(LetterFormat::Html)),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Some(LetterFormat::Html)),
            ("text/plain", Some(LetterFormat::Plain)),
            ("TEXT/PLAIN;charset=utf-8", Some(LetterFormat::Plain)),
            ("text/html;q=0.2, text/plain; q=0.9", Some(LetterFormat::Plain)),
            ("text/html;q=0.5, text/plain;q=0.5", Some(LetterFormat::Html)),
            ("text/html;q=0, */*", Some(LetterFormat::Plain)),
            ("*/*;q=0.1, text/plain;q=0.05", Some(LetterFormat::Html)),
            ("application/pdf", None),
            ("text/*;q=0", None),
            ("text/html;q=x", None),
            ("", None),
        ] {
            let request = TestRequest::default().insert_header((header::ACCEPT, header));
            assert_eq!(best(&accept(&request.to_http_request())), form, "{header}");
        }
    }
}
