//! Maskinporten: organisations and their representatives.
//!
//! The represented organisation is the consumer. A supplier acts for it if a delegation register confirms this,
//! and is the actor. For a system user (systembruker) the consumer is the *vendor*: the represented
//! organisation is the customer.

use serde_json::Value;

use super::{
    claims::{self, Claims},
    error::AuthError,
    issuer::{Issuer, Named},
};
use crate::api::auth::reasons;

/// The type of an authorization detail that names a system user.
pub(super) const SYSTEM_USER: &str = "urn:altinn:systemuser";

/// Actor and organisation of a token of Maskinporten.
pub(super) fn named(issuer: &Issuer, claims: &Claims) -> Result<Named, AuthError> {
    if claims.get("pid").is_some() {
        return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_PERSON));
    }
    let consumer = claims::organisation_in(claims.get("consumer"))
        .ok_or(AuthError::Invalid(reasons::TOKEN_CONSUMER))?;
    let mut roles = issuer.roles(claims);
    let details = claims.details()?;
    let (organisation, acting) = if !details.is_empty() {
        if claims.get("supplier").is_some() || claims.get("delegation_source").is_some() {
            return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_SYSTEM_USER_SUPPLIER));
        }
        // The rights given to the system by the customer cannot be queried here, so it may only read.
        for (_, read_only) in &mut roles {
            *read_only = true;
        }
        (customer(issuer, details)?, consumer)
    } else if claims.get("supplier").is_some() || claims.get("delegation_source").is_some() {
        let supplier = supplier(issuer, claims)?;
        (consumer, supplier)
    } else {
        (consumer.clone(), consumer)
    };
    let actor = claims::system(&acting)?;
    Ok(Named { organisation, actor, roles, assurance: None, person: false })
}

/// The actor for the consumer.
fn supplier(
    issuer: &Issuer,
    claims: &Claims,
) -> Result<crate::domain::values::numbers::OrganisationNumber, AuthError> {
    let source = claims.text("delegation_source");
    if issuer.delegation_sources.is_empty() {
        return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_SUPPLIER));
    }
    if !source.is_some_and(|source| issuer.delegation_sources.iter().any(|it| it == source)) {
        return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_DELEGATION));
    }
    claims::organisation_in(claims.get("supplier"))
        .ok_or(AuthError::Invalid(reasons::TOKEN_SUPPLIER))
}

/// The customer of the system user.
fn customer(
    issuer: &Issuer,
    details: &[Value],
) -> Result<crate::domain::values::numbers::OrganisationNumber, AuthError> {
    let [only] = details else {
        return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_SEVERAL_SYSTEM_USERS));
    };
    if only.get("type").and_then(Value::as_str) != Some(SYSTEM_USER) {
        return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_DETAILS));
    }
    if !issuer.system_users {
        return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_SYSTEM_USER));
    }
    claims::organisation_in(only.get("systemuser_org"))
        .ok_or(AuthError::Invalid(reasons::TOKEN_SYSTEM_USER))
}
