//! The page behind the link that confirms an address for notices.
//!
//! The link has a secret, so that only a reader of the mail can confirm. A program that follows links changes nothing:
//! the page has a button.

use std::fmt::Write;

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
    web::{self, Path},
};

use crate::{
    api::{AppData, problem::Problem},
    domain::{
        error::{DomainError, Noun},
        provider::NoticeAddress,
        values::{
            ids::{AddressToken, Id},
            numbers::OrganisationNumber,
        },
    },
    jobs::confirm_address,
    store::Failure,
};

/// The path of the link.
const PATH: &str = "/notice-addresses/{organisation_number}/{token}";
/// The page has one style sheet inside and a form to itself, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const STYLE: &str = "body{font-family:sans-serif;line-height:1.5;max-width:40rem;margin:2rem auto;padding:0 1rem}\
    button{font:inherit;padding:.5rem 1rem}";

/// Adds the page. It is for readers of a mail and not part of the contract.
pub(crate) fn routes(config: &mut web::ServiceConfig) -> &mut web::ServiceConfig {
    config.service(web::resource(PATH).route(web::get().to(show)).route(web::post().to(confirm)))
}

/// Shows the address with a button, or that it is confirmed.
async fn show(path: Path<(String, String)>, state: AppData) -> Result<HttpResponse, Problem> {
    let (number, token) = read(&path)?;
    let found = state
        .read(move |session, _| {
            let provider = session.provider(&number)?;
            let addresses = provider.into_iter().flat_map(|it| it.addresses);
            let found = addresses.into_iter().find(|it| it.token == token);
            Ok::<_, Failure>(found.ok_or_else(unknown)?)
        })
        .await?;
    Ok(respond(&found))
}

/// Confirms the address.
async fn confirm(path: Path<(String, String)>, state: AppData) -> Result<HttpResponse, Problem> {
    let (number, token) = read(&path)?;
    let provider = state.run(move |jobs| confirm_address(jobs, &number, token)).await?;
    let address = provider.addresses.iter().find(|it| it.token == token);
    Ok(respond(address.ok_or_else(unknown)?))
}

fn read(path: &(String, String)) -> Result<(OrganisationNumber, AddressToken), DomainError> {
    let number = OrganisationNumber::parse(&path.0).map_err(|_| unknown())?;
    let token = path.1.parse().map(Id::new).map_err(|_| unknown())?;
    Ok((number, token))
}

fn unknown() -> DomainError {
    DomainError::not_found(Noun::NoticeAddress)
}

fn respond(address: &NoticeAddress) -> HttpResponse {
    let email = address.address.as_str().replace('&', "&amp;").replace('<', "&lt;");
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = if address.confirmed_at.is_some() {
        write!(text, "<h1>Adressen er bekreftet</h1><p>Varsler om brev sendes til {email}.</p>")
    } else {
        write!(
            text,
            "<h1>Bekreft adressen</h1><p>Skal varsler om brev i registeret sendes til {email}?</p>\
            <form method=\"post\"><button>Ja, bekreft</button></form>"
        )
    };
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_LANGUAGE, "nb"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(format!(
            "<!DOCTYPE html>\n<html lang=\"nb\">\n<head><meta charset=\"utf-8\">\
            <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
            <title>Adresse for varsler – Godkjent</title><style>{STYLE}</style></head>\n\
            <body><main>{text}</main></body>\n</html>\n"
        ))
}
