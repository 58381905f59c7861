//! Ansattporten: people who represent an organisation.
//!
//! Login also succeeds without a represented organisation, and anyone may request any type and resource. So a
//! role needs the scope *and* the resource, and the organisation in the same element.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    claims::{self, Claims},
    error::AuthError,
    issuer::{Grant, Issuer, Named, widest},
};
use crate::{
    api::auth::reasons,
    domain::{role::Role, values::numbers::OrganisationNumber},
};

/// Actor and organisation of a token of Ansattporten.
pub(super) fn named(issuer: &Issuer, claims: &Claims) -> Result<Named, AuthError> {
    let mut found: BTreeMap<String, (OrganisationNumber, Vec<(Role, bool)>)> = BTreeMap::new();
    for grant in issuer.grants.iter().filter(|grant| grant.is_met(claims)) {
        for detail in claims.details()? {
            for (organisation, read_only) in organisations(grant, detail) {
                let entry = found.entry(organisation.to_string());
                let (_, roles) = entry.or_insert_with(|| (organisation, vec![]));
                roles.push((grant.role, read_only || grant.read_only));
            }
        }
    }
    let mut found = found.into_values();
    let (organisation, roles) =
        found.next().ok_or(AuthError::NotEntitled(reasons::NOT_ENTITLED_NO_ORGANISATION))?;
    if found.next().is_some() {
        return Err(AuthError::NotEntitled(reasons::NOT_ENTITLED_SEVERAL_ORGANISATIONS));
    }
    let mut roles = widest(roles.into_iter());
    let assurance =
        issuer.assurance(claims.text(issuer.assurance_claim.as_deref().unwrap_or("acr")));
    let actor = issuer.person(claims, "pid")?;
    Issuer::signing(claims, &issuer.name_claim, &mut roles);
    Ok(Named { organisation, actor, roles, assurance, person: true })
}

/// The organisations for which one element satisfies the grant, and whether only for reads.
fn organisations(grant: &Grant, detail: &Value) -> Vec<(OrganisationNumber, bool)> {
    let kind = detail.get("type").and_then(Value::as_str);
    if kind.is_none() || kind != grant.detail.as_deref() {
        return vec![];
    }
    let list = |name| detail.get(name).and_then(Value::as_array).into_iter().flatten();
    let parties = list("authorized_parties")
        .filter(|party| fits(grant, &[party.get("resource"), detail.get("resource")]))
        .filter_map(|party| Some((claims::organisation_in(party.get("orgno"))?, false)));
    let reportees = list("reportees")
        .filter(|reportee| fits(grant, &[reportee.get("resource"), detail.get("resource")]))
        .filter_map(|it| {
            Some((claims::organisation(it.get("Authority"), it.get("ID"))?, !writes(it)))
        });
    // The work account has its one organisation beside the type.
    let own = detail.get("orgno").filter(|_| grant.resource.is_none());
    let own = own.and_then(|it| Some((claims::organisation_in(Some(it))?, false)));
    parties.chain(reportees).chain(own).collect()
}

/// Whether the resource is that of the grant, in either form of the element.
fn fits(grant: &Grant, claims: &[Option<&Value>]) -> bool {
    let Some(wanted) = &grant.resource else { return true };
    let mut claims = claims.iter().flatten().peekable();
    claims.peek().is_some() && claims.all(|it| it.as_str() == Some(wanted))
}

/// Whether the rights in Altinn go beyond reading.
fn writes(reportee: &Value) -> bool {
    let rights = reportee.get("Rights").and_then(Value::as_array);
    rights.is_some_and(|rights| rights.iter().any(|right| right == "Write"))
}
