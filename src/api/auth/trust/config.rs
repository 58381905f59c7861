//! Issuer configuration from the file, and its validation.

use std::sync::Arc;

use jsonwebtoken::Algorithm;
use serde::Deserialize;

use crate::{
    api::auth::{
        fetch,
        issuer::{Grant, Issuer, IssuerKind, Person},
        keys::Keys,
        person_key::PersonKey,
    },
    domain::{
        role::{Assurance, Role},
        values::numbers::OrganisationNumber,
    },
};

/// An issuer as the file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct IssuerConfig {
    kind: IssuerKind,
    pub(super) issuer: String,
    metadata: Option<String>,
    pub(super) keys: Option<String>,
    algorithms: Option<Vec<String>>,
    audiences: Vec<String>,
    #[serde(default)]
    reads_without_audience: bool,
    types: Option<Vec<String>>,
    dpop_required: Option<bool>,
    grants: Vec<SaidGrant>,
    #[serde(default)]
    auditors: Vec<String>,
    #[serde(default)]
    suppliers: bool,
    #[serde(default)]
    delegation_sources: Vec<String>,
    #[serde(default)]
    system_users: bool,
    least_assurance: Option<Level>,
    decision_assurance: Option<Level>,
    assurance_claim: Option<String>,
    high: Option<Vec<String>>,
    substantial: Option<Vec<String>>,
    person: Option<SaidPerson>,
    organisation_claim: Option<String>,
    name_claim: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SaidGrant {
    role: String,
    scope: Option<String>,
    claim: Option<String>,
    value: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    resource: Option<String>,
    #[serde(default)]
    read_only: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    None,
    Substantial,
    High,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SaidPerson {
    Sub,
    Pid,
}

impl Level {
    fn read(self) -> Option<Assurance> {
        match self {
            Self::None => None,
            Self::Substantial => Some(Assurance::Substantial),
            Self::High => Some(Assurance::High),
        }
    }
}

impl IssuerConfig {
    /// Default address of the metadata.
    pub(super) fn metadata(&self) -> String {
        let document = match self.kind {
            IssuerKind::Maskinporten => "oauth-authorization-server",
            IssuerKind::Ansattporten | IssuerKind::Helseid | IssuerKind::Oidc => {
                "openid-configuration"
            }
        };
        let base = self.issuer.trim_end_matches('/');
        self.metadata.clone().unwrap_or_else(|| format!("{base}/.well-known/{document}"))
    }

    pub(super) fn read(self, key: Option<&PersonKey>, keys: Arc<Keys>) -> Result<Issuer, String> {
        self.check()?;
        let people = matches!(self.kind, IssuerKind::Ansattporten | IssuerKind::Helseid);
        let by_number = self.person.map_or(people, |it| it == SaidPerson::Pid);
        let person = match (self.kind, by_number, key) {
            (IssuerKind::Maskinporten, ..) | (_, false, _) => Person::Sub,
            (_, true, Some(key)) => Person::Pid(key.clone()),
            (_, true, None) => {
                return Err("it identifies people by their national identity number, which is stored as a keyed \
                 digest only: name a file with a secret in GODKJENT_PERSON_KEY, or set person to \"sub\" if \
                 that is stable.".to_owned());
            }
        };
        let levels = |input: Option<Vec<String>>, usual: &[&str]| {
            input.unwrap_or_else(|| usual.iter().map(|it| (*it).to_owned()).collect())
        };
        let least = self
            .least_assurance
            .map_or_else(|| people.then_some(Assurance::Substantial), Level::read);
        let decisions =
            self.decision_assurance.map_or_else(|| people.then_some(Assurance::High), Level::read);
        let grants: Result<Vec<_>, _> =
            self.grants.into_iter().map(|input| input.read(self.kind)).collect();
        let auditors = self.auditors.iter().map(|input| {
            OrganisationNumber::parse(input)
                .map_err(|_| format!("‘{input}’ in auditors is not an organisation number."))
        });
        Ok(Issuer {
            auditors: auditors.collect::<Result<_, _>>()?,
            name: self.issuer,
            kind: self.kind,
            keys,
            algorithms: algorithms(self.algorithms.as_deref(), self.kind)?,
            audiences: self.audiences,
            reads_without_audience: self.reads_without_audience,
            types: types(self.types, self.kind)?,
            dpop_required: self.dpop_required.unwrap_or(self.kind == IssuerKind::Helseid),
            grants: grants?,
            delegation_sources: self.delegation_sources,
            system_users: self.system_users,
            least,
            decisions,
            assurance_claim: self.assurance_claim,
            high: levels(self.high, &["high", "idporten-loa-high", "Level4", "4"]),
            substantial: levels(
                self.substantial,
                &["substantial", "idporten-loa-substantial", "Level3", "3"],
            ),
            person,
            organisation_claim: self.organisation_claim,
            name_claim: self.name_claim.unwrap_or_else(|| "name".to_owned()),
        })
    }

    /// Errors of the configuration, with the correction.
    fn check(&self) -> Result<(), String> {
        let machine = self.kind == IssuerKind::Maskinporten;
        let of_people = self.least_assurance.is_some()
            || self.decision_assurance.is_some()
            || self.assurance_claim.is_some()
            || self.high.is_some()
            || self.substantial.is_some()
            || self.person.is_some()
            || self.name_claim.is_some();
        let suppliers = self.suppliers || !self.delegation_sources.is_empty() || self.system_users;
        let errors = [
            (
                !fetch::is_safe(&self.issuer),
                "its name must be an https URL (http on this machine only), exactly as in its tokens.",
            ),
            (self.issuer.contains(['@', ' ']), "its name must be a URL without @ and spaces."),
            (
                !fetch::is_safe(&self.metadata()),
                "metadata must be an https URL (http on this machine only).",
            ),
            (
                self.keys.as_ref().is_some_and(|it| !fetch::is_safe(it)),
                "keys must be an https URL (http on this machine only), exactly as jwks_uri in the metadata.",
            ),
            (
                self.audiences.iter().all(|it| it.trim().is_empty()),
                "audiences is empty: list the aud values of tokens for this registry, such as its public URL. \
                 Commands need it.",
            ),
            (
                self.audiences.iter().any(|it| it == "unspecified"),
                "unspecified is not an audience: set readsWithoutAudience to true to accept such tokens for reads.",
            ),
            (
                self.grants.is_empty(),
                "grants is empty, so no token has a role: map scopes or claims to roles.",
            ),
            (
                self.auditors.is_empty()
                    && self.grants.iter().any(|it| it.role == Role::Auditor.as_str()),
                "an auditor reads the journal of all municipalities: name the organisations that may in auditors, such as the one that runs the registry.",
            ),
            (
                self.reads_without_audience && !machine,
                "readsWithoutAudience is for maskinporten only: have the issuer set an audience.",
            ),
            (
                suppliers && !machine,
                "suppliers, delegationSources and systemUsers are for maskinporten only: omit them.",
            ),
            (
                self.suppliers && self.delegation_sources.is_empty(),
                "suppliers are let in, but delegationSources is empty: name the registers of delegations that are trusted, such as https://www.altinn.no/.",
            ),
            (
                !self.suppliers && !self.delegation_sources.is_empty(),
                "delegationSources needs suppliers: set suppliers to true, or omit it.",
            ),
            (
                machine && of_people,
                "tokens of maskinporten name no person: omit leastAssurance, decisionAssurance, \
                 assuranceClaim, high, substantial, person and nameClaim.",
            ),
            (
                self.organisation_claim.is_some()
                    && matches!(self.kind, IssuerKind::Maskinporten | IssuerKind::Ansattporten),
                "this kind has a fixed claim for the organisation: omit organisationClaim.",
            ),
            (
                self.organisation_claim.is_none() && self.kind == IssuerKind::Oidc,
                "organisationClaim is missing: name the claim that holds the organisation number.",
            ),
        ];
        errors.iter().find(|(wrong, _)| *wrong).map_or(Ok(()), |(_, why)| Err((*why).to_owned()))
    }
}

/// The types of authorization details that Ansattporten has.
const DETAILS: [&str; 3] =
    ["ansattporten:altinn:resource", "ansattporten:altinn:service", "ansattporten:orgno"];

impl SaidGrant {
    fn read(self, kind: IssuerKind) -> Result<Grant, String> {
        let role = Role::from_name(&self.role).ok_or_else(|| {
            let roles = Role::ALL.map(Role::as_str).join(", ");
            format!("‘{}’ is not a role: use one of {roles}.", self.role)
        })?;
        let staff = kind == IssuerKind::Ansattporten;
        let known = self.kind.as_deref().is_some_and(|it| DETAILS.contains(&it));
        let errors = [
            (
                self.scope.as_ref().is_some_and(|it| it.is_empty() || it.contains(' ')),
                "a scope is one word.",
            ),
            (
                self.scope.is_none() && self.claim.is_none() && !staff,
                "a grant needs a scope, or a claim with its value.",
            ),
            (self.claim.is_some() != self.value.is_some(), "claim and value go together."),
            (
                self.claim.is_some()
                    && matches!(kind, IssuerKind::Maskinporten | IssuerKind::Ansattporten),
                "claim and value are for helseid and oidc: give the role by scope.",
            ),
            (
                !staff && (self.kind.is_some() || self.resource.is_some()),
                "type and resource are for ansattporten only.",
            ),
            (
                staff && !known,
                "a grant of ansattporten needs a type: ansattporten:altinn:resource, ansattporten:altinn:service or ansattporten:orgno.",
            ),
            (
                staff && self.scope.is_none(),
                "a grant of ansattporten needs a scope too: anyone may ask for any type and resource.",
            ),
            (
                staff
                    && self.kind.as_deref() != Some("ansattporten:orgno")
                    && self.resource.is_none(),
                "a grant for a resource needs its resource, such as urn:altinn:resource:…",
            ),
            (
                self.kind.as_deref() == Some("ansattporten:orgno") && self.resource.is_some(),
                "ansattporten:orgno has no resource: omit it.",
            ),
        ];
        if let Some((_, why)) = errors.iter().find(|(wrong, _)| *wrong) {
            return Err(format!("the grant of {}: {why}", self.role));
        }
        Ok(Grant {
            role,
            scope: self.scope,
            claim: self.claim.zip(self.value),
            detail: self.kind,
            resource: self.resource,
            read_only: self.read_only,
        })
    }
}

fn algorithms(input: Option<&[String]>, kind: IssuerKind) -> Result<Vec<Algorithm>, String> {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let Some(input) = input else {
        return Ok(match kind {
            IssuerKind::Maskinporten => vec![RS256, RS384, RS512],
            IssuerKind::Ansattporten => vec![RS256],
            IssuerKind::Helseid => vec![RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384],
            IssuerKind::Oidc => vec![RS256, PS256, ES256, EdDSA],
        });
    };
    let known = [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA];
    let read = input.iter().map(|name| {
        let found = known.into_iter().find(|it| format!("{it:?}") == *name);
        found.ok_or_else(|| {
            format!("the algorithm ‘{name}’ is not accepted: use some of {known:?}.")
        })
    });
    let read: Vec<_> = read.collect::<Result<_, _>>()?;
    if read.is_empty() {
        return Err("algorithms is empty: leave it out for the usual ones.".to_owned());
    }
    Ok(read)
}

fn types(input: Option<Vec<String>>, kind: IssuerKind) -> Result<Vec<String>, String> {
    let usual: &[&str] = match kind {
        IssuerKind::Helseid => &["at+jwt", "jwt"],
        _ => &["at+jwt", "application/at+jwt", "jwt"],
    };
    let Some(input) = input else { return Ok(usual.iter().map(|it| (*it).to_owned()).collect()) };
    let known = ["at+jwt", "application/at+jwt", "jwt"];
    let input: Vec<_> = input.iter().map(|it| it.to_ascii_lowercase()).collect();
    if input.is_empty() || input.iter().any(|it| !known.contains(&it.as_str())) {
        return Err("types are some of at+jwt, application/at+jwt and JWT.".to_owned());
    }
    Ok(input)
}
