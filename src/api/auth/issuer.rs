//! One trusted issuer, and the roles and persons of its tokens.

use std::sync::Arc;

use jsonwebtoken::Algorithm;
use serde::Deserialize;

use super::{
    claims::{self, Claims},
    error::AuthError,
    keys::Keys,
    person_key::PersonKey,
};
use crate::{
    api::auth::reasons,
    domain::{
        role::{Actor, Assurance, Role},
        values::numbers::OrganisationNumber,
    },
};

/// Identification of a person.
#[derive(Debug, Clone)]
pub(super) enum Person {
    /// By the issuer's subject.
    Sub,
    /// By the national identity number, stored as a keyed digest.
    Pid(PersonKey),
}

/// A grant of a role. All its conditions must hold.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) role: Role,
    pub(super) scope: Option<String>,
    pub(super) claim: Option<(String, String)>,
    /// The type of an authorization detail, and the resource in it.
    pub(super) detail: Option<String>,
    pub(super) resource: Option<String>,
    pub(super) read_only: bool,
}

impl Grant {
    /// Whether scope and claim match; authorization details are checked by the kind of issuer.
    pub(super) fn is_met(&self, claims: &Claims) -> bool {
        let scope = self.scope.as_deref().is_none_or(|it| claims.scopes().contains(it));
        let claim = self.claim.as_ref().is_none_or(|(name, value)| claims.has(name, value));
        scope && claim
    }
}

/// Kind of issuer, and the form of its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum IssuerKind {
    /// Maskinporten: systems of organisations.
    Maskinporten,
    /// Ansattporten: people who act for an organisation.
    Ansattporten,
    /// HelseID or similar: people and systems of the health sector.
    Helseid,
    /// Any OpenID Connect.
    Oidc,
}

/// An issuer that is trusted, with all that its tokens must be.
#[derive(Debug, Clone)]
pub(super) struct Issuer {
    pub(super) name: String,
    pub(super) kind: IssuerKind,
    pub(super) keys: Arc<Keys>,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) audiences: Vec<String>,
    pub(super) reads_without_audience: bool,
    pub(super) types: Vec<String>,
    pub(super) dpop_required: bool,
    pub(super) grants: Vec<Grant>,
    /// Organisations whose auditors read the journal of all municipalities.
    pub(super) auditors: Vec<OrganisationNumber>,
    pub(super) delegation_sources: Vec<String>,
    pub(super) system_users: bool,
    pub(super) least: Option<Assurance>,
    pub(super) decisions: Option<Assurance>,
    pub(super) assurance_claim: Option<String>,
    pub(super) high: Vec<String>,
    pub(super) substantial: Vec<String>,
    pub(super) person: Person,
    pub(super) organisation_claim: Option<String>,
    pub(super) name_claim: String,
}

/// Actor and organisation of a token, by the kind of issuer.
pub(super) struct Named {
    pub(super) organisation: OrganisationNumber,
    pub(super) actor: Actor,
    /// Roles, each with whether it may only read.
    pub(super) roles: Vec<(Role, bool)>,
    pub(super) assurance: Option<Assurance>,
    /// Whether the actor is a person, not a system.
    pub(super) person: bool,
}

impl Issuer {
    /// The grants of a token whose roles follow from scopes and claims only.
    pub(super) fn roles(&self, claims: &Claims) -> Vec<(Role, bool)> {
        let met = self.grants.iter().filter(|grant| grant.is_met(claims));
        widest(met.map(|grant| (grant.role, grant.read_only)))
    }

    /// The level that a claim names; none where it names none that is known.
    pub(super) fn assurance(&self, input: Option<&str>) -> Option<Assurance> {
        let input = input?;
        let among = |levels: &[String]| levels.iter().any(|it| it == input);
        if among(&self.high) {
            Some(Assurance::High)
        } else if among(&self.substantial) {
            Some(Assurance::Substantial)
        } else {
            None
        }
    }

    /// The issuer's own name of the level required for decisions.
    pub(super) fn word_for(&self, level: Assurance) -> &str {
        let words = match level {
            Assurance::High => &self.high,
            Assurance::Substantial => &self.substantial,
        };
        words.first().map_or(level.as_str(), String::as_str)
    }

    /// The person of a token. The number is only used for a digest.
    pub(super) fn person(&self, claims: &Claims, pid: &str) -> Result<Actor, AuthError> {
        let key = match &self.person {
            Person::Pid(key) => {
                let pid = claims.text(pid).filter(|pid| !pid.is_empty());
                key.of(pid.ok_or(AuthError::Invalid(reasons::TOKEN_PID))?)
            }
            Person::Sub => {
                let sub = claims.text("sub").filter(|sub| !sub.is_empty());
                let sub = sub.ok_or(AuthError::Invalid(reasons::TOKEN_SUB))?;
                // Such a number must not be stored.
                if sub.len() == 11 && sub.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(AuthError::Invalid(reasons::TOKEN_SUB_NUMBER));
                }
                format!("{sub}@{}", self.name)
            }
        };
        let name = claims.text(&self.name_claim).filter(|name| !name.trim().is_empty());
        claims::actor(&key, name.unwrap_or(&key))
    }

    /// The roles of a person; a person without a name signs nothing.
    pub(super) fn signing(claims: &Claims, name: &str, roles: &mut Vec<(Role, bool)>) {
        if claims.text(name).is_none_or(|name| name.trim().is_empty()) {
            roles.retain(|(role, _)| *role != Role::DecisionMaker);
        }
    }
}

/// Each role once; write access takes precedence over read access.
pub(super) fn widest(roles: impl Iterator<Item = (Role, bool)>) -> Vec<(Role, bool)> {
    let mut widest: Vec<(Role, bool)> = vec![];
    for (role, read_only) in roles {
        match widest.iter_mut().find(|(it, _)| *it == role) {
            Some((_, narrow)) => *narrow = *narrow && read_only,
            None => widest.push((role, read_only)),
        }
    }
    widest
}
