//! HelseID and similar issuers: people and systems of the health sector.

use super::{
    claims::{self, Claims},
    error::AuthError,
    issuer::{Issuer, Named},
};
use crate::{api::auth::reasons, domain::values::numbers::OrganisationNumber};

/// The organisation with its own number in the register of legal entities.
const PARENT: &str = "helseid://claims/client/claims/orgnr_parent";
/// The person's national identity number; never stored.
const PID: &str = "helseid://claims/identity/pid";
/// How sure the login was, `3` or `4`.
const LEVEL: &str = "helseid://claims/identity/security_level";

/// Actor and organisation of a token of HelseID.
pub(super) fn named(issuer: &Issuer, claims: &Claims) -> Result<Named, AuthError> {
    let number = claims.text(issuer.organisation_claim.as_deref().unwrap_or(PARENT));
    let organisation = number.and_then(|it| OrganisationNumber::parse(it).ok());
    let organisation =
        organisation.ok_or(AuthError::Invalid(reasons::TOKEN_ORGANISATION_OF_CLIENT))?;
    let mut roles = issuer.roles(claims);
    let person = claims.get(PID).is_some() || claims.get("sub").is_some();
    let level = issuer.assurance_claim.as_deref().unwrap_or(LEVEL);
    let assurance = issuer.assurance(claims.text(level));
    let actor = if person {
        Issuer::signing(claims, &issuer.name_claim, &mut roles);
        issuer.person(claims, PID)?
    } else {
        claims::system(&organisation)?
    };
    Ok(Named { organisation, actor, roles, assurance, person })
}
