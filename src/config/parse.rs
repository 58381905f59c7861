//! Parsers of flags and environment variables.

use std::time::Duration;

use chrono::NaiveDate;

use crate::domain::{
    role::Role,
    values::{numbers::OrganisationNumber, text::Line, time::parse_day},
};

pub(super) fn role(value: &str) -> Result<Role, String> {
    Role::from_name(value)
        .ok_or_else(|| format!("use one of {}", Role::ALL.map(Role::as_str).join(", ")))
}

pub(super) fn organisation(value: &str) -> Result<OrganisationNumber, String> {
    OrganisationNumber::parse(value).map_err(|error| error.detail)
}

pub(super) fn day(value: &str) -> Result<NaiveDate, String> {
    parse_day(value).map_err(|error| error.detail)
}

pub(super) fn span(value: &str) -> Result<Duration, String> {
    humantime::parse_duration(value)
        .ok()
        .filter(|it| !it.is_zero() && *it <= Duration::from_secs(3600))
        .ok_or_else(|| "write a time such as 10s or 500ms, at most an hour".to_owned())
}

pub(super) fn line(value: &str) -> Result<Line, String> {
    Line::parse(value).map_err(|error| error.detail)
}
