//! Parsers of flags and environment variables.

use std::time::Duration;

use chrono::NaiveDate;

use crate::{
    domain::{
        role::Role,
        values::{numbers::OrganisationNumber, text::Line, time::parse_day},
    },
    words::english,
};

pub(super) fn role(value: &str) -> Result<Role, String> {
    Role::from_name(value)
        .ok_or_else(|| format!("use one of {}", Role::ALL.map(Role::as_str).join(", ")))
}

pub(super) fn organisation(value: &str) -> Result<OrganisationNumber, String> {
    OrganisationNumber::parse(value).map_err(|error| english(&error.detail))
}

/// An address with its port; a port alone is one of this machine.
pub(super) fn listen_address(value: &str) -> Result<String, String> {
    if value.parse::<u16>().is_ok() {
        return Ok(format!("127.0.0.1:{value}"));
    }
    match value.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
            Ok(value.to_owned())
        }
        _ => {
            Err("write an address with a port, such as 127.0.0.1:8080, or a port alone".to_owned())
        }
    }
}

/// A web address with `http` or `https` and a host.
pub(super) fn web_address(value: &str) -> Result<String, String> {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    match rest.and_then(|rest| rest.chars().next()) {
        Some(first) if first != '/' && !value.contains(char::is_whitespace) => Ok(value.to_owned()),
        _ => Err("write a web address, such as https://registry.example".to_owned()),
    }
}

pub(super) fn day(value: &str) -> Result<NaiveDate, String> {
    parse_day(value).map_err(|error| english(&error.detail))
}

pub(super) fn span(value: &str) -> Result<Duration, String> {
    humantime::parse_duration(value)
        .ok()
        .filter(|it| !it.is_zero() && *it <= Duration::from_secs(3600))
        .ok_or_else(|| "write a time such as 10s or 500ms, at most an hour".to_owned())
}

pub(super) fn line(value: &str) -> Result<Line, String> {
    Line::parse(value).map_err(|error| english(&error.detail))
}
