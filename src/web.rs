//! Pages for citizens: find a municipality, compare providers, choose and switch.
//!
//! Every page is rendered from the public register, by the functions that the API uses, and needs neither script nor
//! cookie. The language is the first segment of the path: bokmål has none, nynorsk is below `/nn` and English below `/en`.

mod about;
mod address;
mod approval;
mod home;
mod layout;
mod missing;
mod municipality;
mod near;
mod offering;
mod provider;
mod request;
pub(crate) mod sentences;
mod sitemap;
mod style;
mod words;

use actix_web::web::{self, ServiceConfig};

pub use self::{
    missing::{not_found, wants_page},
    offering::ServicePages,
};
use crate::words::Locale;

/// Adds the routes of the pages. They are not part of the OpenAPI document.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(style::PATTERN, web::get().to(style::style))
        .route("/robots.txt", web::get().to(sitemap::robots))
        .route("/sitemap.xml", web::get().to(sitemap::sitemap));
    for locale in Locale::ALL {
        let path = |path: &str| address::localized(locale, path);
        config
            .route(&path("/"), web::get().to(home::home))
            .route(&path("/velg/{place}"), web::get().to(municipality::municipality))
            .route(&path("/velg/{place}/{service}"), web::get().to(offering::offering))
            .route(&path("/velg/{place}/{service}/{sheet}"), web::get().to(offering::paper))
            .route(&path(about::PRIVACY), web::get().to(about::privacy))
            .route(&path(about::ACCESSIBILITY), web::get().to(about::accessibility))
            .route(&path("/leverandor/{number}"), web::get().to(provider::provider))
            .route(&path("/godkjenning/{id}"), web::get().to(approval::approval));
    }
}
