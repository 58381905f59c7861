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
    grants: Vec<GrantConfig>,
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
    person: Option<PersonClaim>,
    organisation_claim: Option<String>,
    name_claim: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct GrantConfig {
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
enum PersonClaim {
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
        let person = self.person(key)?;
        let least = self.level(self.least_assurance, Assurance::Substantial);
        let decisions = self.level(self.decision_assurance, Assurance::High);
        let grants = self.grants.into_iter().map(|input| input.read(self.kind));
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
            grants: grants.collect::<Result<_, _>>()?,
            delegation_sources: self.delegation_sources,
            system_users: self.system_users,
            least,
            decisions,
            assurance_claim: self.assurance_claim,
            high: self.high.unwrap_or_else(|| texts(&HIGH)),
            substantial: self.substantial.unwrap_or_else(|| texts(&SUBSTANTIAL)),
            person,
            organisation_claim: self.organisation_claim,
            name_claim: self.name_claim.unwrap_or_else(|| "name".to_owned()),
        })
    }

    const fn names_people(&self) -> bool {
        matches!(self.kind, IssuerKind::Ansattporten | IssuerKind::Helseid)
    }

    /// How its tokens name a person.
    fn person(&self, key: Option<&PersonKey>) -> Result<Person, String> {
        let by_number = self.person.map_or(self.names_people(), |it| it == PersonClaim::Pid);
        match (self.kind, by_number, key) {
            (IssuerKind::Maskinporten, ..) | (_, false, _) => Ok(Person::Sub),
            (_, true, Some(key)) => Ok(Person::Pid(key.clone())),
            (_, true, None) => Err(
                "it identifies people by their national identity number, which is stored as a keyed \
                 digest only: name a file with a secret in GODKJENT_PERSON_KEY, or set person to \"sub\" if \
                 that is stable."
                    .to_owned(),
            ),
        }
    }

    /// A required level; without one in the file, the usual one where tokens name people.
    fn level(&self, input: Option<Level>, usual: Assurance) -> Option<Assurance> {
        input.map_or_else(|| self.names_people().then_some(usual), Level::read)
    }

    /// The first error of the configuration, with the correction.
    fn check(&self) -> Result<(), String> {
        self.check_addresses()?;
        self.check_audiences()?;
        self.check_grants()?;
        self.check_maskinporten_options()?;
        self.check_claims()
    }

    fn check_addresses(&self) -> Result<(), String> {
        first_error([
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
        ])
    }

    fn check_audiences(&self) -> Result<(), String> {
        first_error([
            (
                self.audiences.iter().all(|it| it.trim().is_empty()),
                "audiences is empty: list the aud values of tokens for this registry, such as its public URL. \
                 Commands need it.",
            ),
            (
                self.audiences.iter().any(|it| it == "unspecified"),
                "unspecified is not an audience: set readsWithoutAudience to true to accept such tokens for reads.",
            ),
        ])
    }

    fn check_grants(&self) -> Result<(), String> {
        first_error([
            (
                self.grants.is_empty(),
                "grants is empty, so no token has a role: map scopes or claims to roles.",
            ),
            (
                self.auditors.is_empty()
                    && self.grants.iter().any(|it| it.role == Role::Auditor.as_str()),
                "an auditor reads the journal of all municipalities: name the organisations that may in auditors, such as the one that runs the registry.",
            ),
        ])
    }

    fn check_maskinporten_options(&self) -> Result<(), String> {
        let machine = self.kind == IssuerKind::Maskinporten;
        let suppliers = self.suppliers || !self.delegation_sources.is_empty() || self.system_users;
        first_error([
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
        ])
    }

    fn check_claims(&self) -> Result<(), String> {
        let of_people = self.least_assurance.is_some()
            || self.decision_assurance.is_some()
            || self.assurance_claim.is_some()
            || self.high.is_some()
            || self.substantial.is_some()
            || self.person.is_some()
            || self.name_claim.is_some();
        first_error([
            (
                self.kind == IssuerKind::Maskinporten && of_people,
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
        ])
    }
}

/// The usual names of the level `high`.
const HIGH: [&str; 4] = ["high", "idporten-loa-high", "Level4", "4"];
/// The usual names of the level `substantial`.
const SUBSTANTIAL: [&str; 4] = ["substantial", "idporten-loa-substantial", "Level3", "3"];

/// The reason of the first condition that is true.
fn first_error<const N: usize>(errors: [(bool, &str); N]) -> Result<(), String> {
    let found = errors.into_iter().find(|(is_wrong, _)| *is_wrong);
    found.map_or(Ok(()), |(_, why)| Err(why.to_owned()))
}

fn texts(usual: &[&str]) -> Vec<String> {
    usual.iter().map(|it| (*it).to_owned()).collect()
}

/// The types of authorization details that Ansattporten has.
const DETAILS: [&str; 3] =
    ["ansattporten:altinn:resource", "ansattporten:altinn:service", "ansattporten:orgno"];

impl GrantConfig {
    fn read(self, kind: IssuerKind) -> Result<Grant, String> {
        let role = Role::from_name(&self.role).ok_or_else(|| {
            let roles = Role::ALL.map(Role::as_str).join(", ");
            format!("‘{}’ is not a role: use one of {roles}.", self.role)
        })?;
        self.check_claims(kind)
            .and_then(|()| self.check_details(kind == IssuerKind::Ansattporten))
            .map_err(|why| format!("the grant of {}: {why}", self.role))?;
        Ok(Grant {
            role,
            scope: self.scope,
            claim: self.claim.zip(self.value),
            detail: self.kind,
            resource: self.resource,
            read_only: self.read_only,
        })
    }

    fn check_claims(&self, kind: IssuerKind) -> Result<(), String> {
        let has_fixed = matches!(kind, IssuerKind::Maskinporten | IssuerKind::Ansattporten);
        first_error([
            (
                self.scope.as_ref().is_some_and(|it| it.is_empty() || it.contains(' ')),
                "a scope is one word.",
            ),
            (
                self.scope.is_none() && self.claim.is_none() && kind != IssuerKind::Ansattporten,
                "a grant needs a scope, or a claim with its value.",
            ),
            (self.claim.is_some() != self.value.is_some(), "claim and value go together."),
            (
                self.claim.is_some() && has_fixed,
                "claim and value are for helseid and oidc: give the role by scope.",
            ),
        ])
    }

    /// Checks the authorization details, which only Ansattporten has.
    fn check_details(&self, is_ansattporten: bool) -> Result<(), String> {
        let kind = self.kind.as_deref();
        let of_organisation = kind == Some("ansattporten:orgno");
        first_error([
            (
                !is_ansattporten && (kind.is_some() || self.resource.is_some()),
                "type and resource are for ansattporten only.",
            ),
            (
                is_ansattporten && !kind.is_some_and(|it| DETAILS.contains(&it)),
                "a grant of ansattporten needs a type: ansattporten:altinn:resource, ansattporten:altinn:service or ansattporten:orgno.",
            ),
            (
                is_ansattporten && self.scope.is_none(),
                "a grant of ansattporten needs a scope too: anyone may ask for any type and resource.",
            ),
            (
                is_ansattporten && !of_organisation && self.resource.is_none(),
                "a grant for a resource needs its resource, such as urn:altinn:resource:…",
            ),
            (
                of_organisation && self.resource.is_some(),
                "ansattporten:orgno has no resource: omit it.",
            ),
        ])
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
    let Some(input) = input else { return Ok(texts(usual)) };
    let known = ["at+jwt", "application/at+jwt", "jwt"];
    let input: Vec<_> = input.iter().map(|it| it.to_ascii_lowercase()).collect();
    if input.is_empty() || input.iter().any(|it| !known.contains(&it.as_str())) {
        return Err("types are some of at+jwt, application/at+jwt and JWT.".to_owned());
    }
    Ok(input)
}
