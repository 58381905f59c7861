//! The language that a caller wants to read (`Accept-Language`, RFC 9110 section 12.5.4).

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{AcceptLanguage, Header, Preference},
};

use crate::words::Locale;

/// The language that a caller asks for, if it asks for one that there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReaderLanguage(Option<Locale>);

impl ReaderLanguage {
    /// The first language of the header that there is; none where `*` comes first.
    pub fn of(request: &impl HttpMessage) -> Self {
        let ranked = AcceptLanguage::parse(request).map(|it| it.ranked()).unwrap_or_default();
        let known = ranked.iter().find_map(|it| match it {
            Preference::Specific(tag) => Locale::of_tag(tag.as_str()).map(Some),
            Preference::Any => Some(None),
        });
        Self(known.flatten())
    }

    /// The language of titles: bokmål unless another is asked for.
    #[must_use]
    pub fn of_titles(self) -> Locale {
        self.0.unwrap_or(Locale::Nb)
    }

    /// The language of problems and obstacles: English unless another is asked for.
    #[must_use]
    pub fn of_problems(self) -> Locale {
        self.0.unwrap_or(Locale::En)
    }
}

impl FromRequest for ReaderLanguage {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{http::header::ACCEPT_LANGUAGE, test::TestRequest};

    use super::*;

    #[test]
    fn the_first_language_that_there_is_counts() {
        let of = |header| {
            let request = TestRequest::get().insert_header((ACCEPT_LANGUAGE, header));
            ReaderLanguage::of(&request.to_http_request()).0
        };
        assert_eq!(of("nn-NO, nb;q=0.8"), Some(Locale::Nn));
        assert_eq!(of("de, en;q=0.5, nb;q=0.9"), Some(Locale::Nb));
        assert_eq!((of("de"), of("*"), of("*, nb;q=0.1")), (None, None, None));
    }

    #[test]
    fn without_a_wish_titles_are_bokmal_and_problems_english() {
        let none = ReaderLanguage::default();
        assert_eq!((none.of_titles(), none.of_problems()), (Locale::Nb, Locale::En));
        let nynorsk = ReaderLanguage(Some(Locale::Nn));
        assert_eq!((nynorsk.of_titles(), nynorsk.of_problems()), (Locale::Nn, Locale::Nn));
    }
}
