//! Any OpenID Connect: the claims that the configuration names.

use super::{
    claims::Claims,
    error::AuthError,
    issuer::{Issuer, Named},
};
use crate::{api::auth::reasons, domain::values::numbers::OrganisationNumber};

/// Actor and organisation of a token.
pub(super) fn named(issuer: &Issuer, claims: &Claims) -> Result<Named, AuthError> {
    let number = issuer.organisation_claim.as_deref().and_then(|name| claims.text(name));
    let organisation = number.and_then(|it| OrganisationNumber::parse(it).ok());
    let organisation = organisation.ok_or(AuthError::Invalid(reasons::TOKEN_ORGANISATION))?;
    let mut roles = issuer.roles(claims);
    Issuer::signing(claims, &issuer.name_claim, &mut roles);
    let level = claims.text(issuer.assurance_claim.as_deref().unwrap_or("acr"));
    let assurance = issuer.assurance(level);
    let actor = issuer.person(claims, "pid")?;
    Ok(Named { organisation, actor, roles, assurance, person: true })
}
