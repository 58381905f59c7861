//! The language that a caller wants to read (`Accept-Language`, RFC 9110 section 12.5.4).

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{AcceptLanguage, Header, Preference},
};

use crate::words::Locale;

/// The first language that there is; bokmål where none is.
impl FromRequest for Locale {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let ranked = AcceptLanguage::parse(request).map(|it| it.ranked()).unwrap_or_default();
        let known = ranked.iter().find_map(|it| match it {
            Preference::Specific(tag) => Self::of_tag(tag.as_str()),
            Preference::Any => Some(Self::default()),
        });
        ready(Ok(known.unwrap_or_default()))
    }
}
