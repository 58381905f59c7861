//! Utsteder: one issuer that is trusted, and what its tokens must be.

use std::sync::Arc;

use jsonwebtoken::Algorithm;
use serde_json::Value;

use super::{
    LEEWAY, ansattporten,
    claims::{self, Claims, UnverifiedToken},
    error::AuthError,
    helseid,
    keys::Keys,
    maskinporten, oidc,
    trust::{IssuerKind, PersonKey},
};
use crate::{
    catalogue::Catalogue,
    domain::{
        role::{Actor, Assurance, Assured, CallerIdentity, Role},
        values::{numbers::OrganisationNumber, time::Instant},
    },
};

/// How a person is told apart from others.
#[derive(Debug, Clone)]
pub(super) enum Person {
    /// By what the issuer calls the person.
    Sub,
    /// By the national identity number, of which a keyed digest is kept.
    Pid(PersonKey),
}

/// What gives a role. Everything that it names must be there.
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
    /// Whether scope and claim are there; a detail is looked at by whoever knows its form.
    pub(super) fn is_met(&self, claims: &Claims) -> bool {
        let scope = self.scope.as_deref().is_none_or(|it| claims.scopes().contains(it));
        let claim = self.claim.as_ref().is_none_or(|(name, value)| claims.has(name, value));
        scope && claim
    }
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
    /// Whose auditors read the journal of all.
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

/// A token that is as every token must be.
pub(super) struct VerifiedToken {
    claims: Claims,
    /// Whether it says that it is meant for us; else it is meant for nobody in particular.
    for_us: bool,
    /// The thumbprint of the key to which it is bound.
    pub(super) bound: Option<String>,
}

/// Whom a token names, as one kind of issuer says it.
pub(super) struct Named {
    pub(super) organisation: OrganisationNumber,
    pub(super) actor: Actor,
    /// Roles, each with whether it may only read.
    pub(super) roles: Vec<(Role, bool)>,
    pub(super) assurance: Option<Assurance>,
    /// Whether a person acts, and not a system.
    pub(super) person: bool,
}

/// A caller in one role, and whether the token may only read in it.
#[derive(Debug, Clone)]
pub struct GrantedRole {
    /// The caller.
    pub caller: CallerIdentity,
    /// Why the token may only read; none where it may act.
    pub reads_only: Option<&'static str>,
}

/// Whoever holds a token: a caller in each role that it gives.
#[derive(Debug, Clone)]
pub struct Principal {
    /// In the order of the issuer's configuration; never empty.
    pub capacities: Vec<GrantedRole>,
    /// What the log keeps of an act: the token's id and how the client proved itself.
    pub trace: Trace,
}

/// Traces of a token for the log, without anything secret.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The issuer.
    pub issuer: String,
    /// The token's id.
    pub token: String,
    /// How the client proved itself to the issuer.
    pub client: String,
}

const NO_AUDIENCE: &str = "The token is not meant for this registry alone: ask its issuer for one whose aud names this registry. Without that it may only read.";
const READ_SCOPE: &str =
    "The token's scope is for reading: ask its issuer for one with the scope to act.";

impl Issuer {
    /// A token of this issuer that is as every token must be; what it says is not looked at yet.
    pub(super) fn sound(
        &self,
        token: &str,
        peek: &UnverifiedToken,
        now: Instant,
    ) -> Result<VerifiedToken, AuthError> {
        let claims = self.verified(token, peek)?;
        Self::in_time(&claims, now)?;
        let for_us = self.audience(&claims)?;
        let bound = bound(&claims)?;
        Ok(VerifiedToken { claims, for_us, bound })
    }

    /// Whoever holds a token that is sound, and proven where it must be.
    pub(super) fn holder(
        &self,
        sound: &VerifiedToken,
        catalogue: &Catalogue,
    ) -> Result<Principal, AuthError> {
        let VerifiedToken { claims, for_us, .. } = sound;
        let named = match self.kind {
            IssuerKind::Maskinporten => maskinporten::named(self, claims),
            IssuerKind::Ansattporten => ansattporten::named(self, claims),
            IssuerKind::Helseid => helseid::named(self, claims),
            IssuerKind::Oidc => oidc::named(self, claims),
        }?;
        if let (Some(least), true) = (self.least, named.person)
            && named.assurance < self.least
        {
            return Err(AuthError::TooLow(least));
        }
        let municipality = catalogue.municipality_of(&named.organisation);
        let assured = Assured { held: named.assurance, to_decide: self.decisions };
        // Scopes say what somebody may do for an organisation, and not for which others.
        let own = |(role, _): &&(Role, bool)| {
            *role != Role::Auditor || self.auditors.contains(&named.organisation)
        };
        let roles = named.roles.iter().filter(own);
        let capacities = roles.map(|(role, read_only)| GrantedRole {
            caller: CallerIdentity {
                actor: named.actor.clone(),
                role: *role,
                organisation: named.organisation.clone(),
                municipality: municipality.cloned(),
                assured,
            },
            reads_only: if !for_us {
                Some(NO_AUDIENCE)
            } else if *read_only {
                Some(READ_SCOPE)
            } else {
                None
            },
        });
        let capacities: Vec<_> = capacities.collect();
        if capacities.is_empty() {
            return Err(AuthError::NotEntitled(
                "The token gives no role here: ask its issuer for the scope or right that the documentation names.",
            ));
        }
        let said = |name| {
            let first = claims.texts(name).next().unwrap_or_default();
            first.chars().take(100).collect()
        };
        let trace =
            Trace { issuer: self.name.clone(), token: said("jti"), client: said("client_amr") };
        Ok(Principal { capacities, trace })
    }

    /// Header, key and signature; then who issued it, once more.
    fn verified(&self, token: &str, peek: &UnverifiedToken) -> Result<Claims, AuthError> {
        let typ = peek.said("typ").map(str::to_ascii_lowercase);
        if !typ.is_some_and(|typ| self.types.contains(&typ)) {
            return Err(AuthError::Invalid(
                "The token's type (typ) is not that of an access token.",
            ));
        }
        if peek.header.contains_key("crit") {
            return Err(AuthError::Invalid(
                "The token demands extensions (crit) that are not known here.",
            ));
        }
        let algorithm = peek.said("alg").unwrap_or_default();
        if !self.algorithms.iter().any(|it| format!("{it:?}") == algorithm) {
            return Err(AuthError::Invalid(
                "The token is signed by an algorithm that its issuer does not use here.",
            ));
        }
        let kid = peek.said("kid");
        let kid = kid.ok_or(AuthError::Invalid("The token does not name its key (kid)."))?;
        if !self.keys.knows(kid) {
            return Err(AuthError::Invalid(
                "The token's key is not among its issuer's keys: get a new token.",
            ));
        }
        let claims = self.keys.verify(token, kid, &self.algorithms);
        let claims = claims.ok_or(AuthError::Invalid(
            "The token's signature does not hold, or its claims cannot be read.",
        ))?;
        if claims.text("iss") != Some(&self.name) {
            return Err(AuthError::Invalid("The token's issuer is another."));
        }
        // An ID token tells a client who logged in; it is no key to anything.
        let of_id = ["at_hash", "c_hash", "s_hash"].iter().any(|it| claims.get(it).is_some());
        if of_id || claims.text("typ").is_some_and(|it| it == "ID" || it == "Refresh") {
            return Err(AuthError::Invalid(
                "This is an ID token or a refresh token: send an access token.",
            ));
        }
        Ok(claims)
    }

    fn in_time(claims: &Claims, now: Instant) -> Result<(), AuthError> {
        let now = now.timestamp();
        let end = claims.seconds("exp")?;
        let end = end.ok_or(AuthError::Invalid("The token does not say when it ends (exp)."))?;
        if end.saturating_add(LEEWAY) <= now {
            return Err(AuthError::Invalid("The token has run out: get a new one."));
        }
        for name in ["nbf", "iat"] {
            if claims.seconds(name)?.is_some_and(|from| from.saturating_sub(LEEWAY) > now) {
                return Err(AuthError::Invalid(
                    "The token is not valid yet: look after your clock.",
                ));
            }
        }
        Ok(())
    }

    /// Whether the token is meant for us; where it says nobody, whether it may read all the same.
    fn audience(&self, claims: &Claims) -> Result<bool, AuthError> {
        if self.audiences.iter().any(|ours| claims.has("aud", ours)) {
            return Ok(true);
        }
        let nobody = claims.get("aud").is_none_or(|it| *it == "unspecified");
        if nobody && self.reads_without_audience {
            return Ok(false);
        }
        Err(AuthError::Invalid(
            "The token is not meant for this registry: ask its issuer for one whose aud names it.",
        ))
    }

    /// The grants of a token whose roles follow from scopes and claims alone.
    pub(super) fn roles(&self, claims: &Claims) -> Vec<(Role, bool)> {
        let met = self.grants.iter().filter(|grant| grant.is_met(claims));
        widest(met.map(|grant| (grant.role, grant.read_only)))
    }

    /// The level that a claim names; none where it names none that is known.
    pub(super) fn assurance(&self, said: Option<&str>) -> Option<Assurance> {
        let said = said?;
        let among = |levels: &[String]| levels.iter().any(|it| it == said);
        if among(&self.high) {
            Some(Assurance::High)
        } else if among(&self.substantial) {
            Some(Assurance::Substantial)
        } else {
            None
        }
    }

    /// What the issuer calls the level that decisions need.
    pub(super) fn word_for(&self, level: Assurance) -> &str {
        let words = match level {
            Assurance::High => &self.high,
            Assurance::Substantial => &self.substantial,
        };
        words.first().map_or(level.as_str(), String::as_str)
    }

    /// The person of a token. The number goes into a digest and nowhere else.
    pub(super) fn person(&self, claims: &Claims, pid: &str) -> Result<Actor, AuthError> {
        let key = match &self.person {
            Person::Pid(key) => {
                let pid = claims.text(pid).filter(|pid| !pid.is_empty());
                key.of(pid.ok_or(AuthError::Invalid("The token does not say which person (pid)."))?)
            }
            Person::Sub => {
                let sub = claims.text("sub").filter(|sub| !sub.is_empty());
                let sub =
                    sub.ok_or(AuthError::Invalid("The token does not say which person (sub)."))?;
                // Such a number must not be kept.
                if sub.len() == 11 && sub.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(AuthError::Invalid(
                        "The token's sub looks like a national identity number, which is not kept here.",
                    ));
                }
                format!("{sub}@{}", self.name)
            }
        };
        let name = claims.text(&self.name_claim).filter(|name| !name.trim().is_empty());
        claims::actor(&key, name.unwrap_or(&key))
    }

    /// The roles of a person; whoever has no name signs nothing.
    pub(super) fn signing(claims: &Claims, name: &str, roles: &mut Vec<(Role, bool)>) {
        if claims.text(name).is_none_or(|name| name.trim().is_empty()) {
            roles.retain(|(role, _)| *role != Role::DecisionMaker);
        }
    }
}

/// Each role once; one that may act wins over one that may read.
pub(super) fn widest(roles: impl Iterator<Item = (Role, bool)>) -> Vec<(Role, bool)> {
    let mut kept: Vec<(Role, bool)> = vec![];
    for (role, read_only) in roles {
        match kept.iter_mut().find(|(it, _)| *it == role) {
            Some((_, narrow)) => *narrow = *narrow && read_only,
            None => kept.push((role, read_only)),
        }
    }
    kept
}

/// The thumbprint of the key to which a token is bound (RFC 9449). Other bonds cannot be checked here,
/// so a token that has one opens nothing.
fn bound(claims: &Claims) -> Result<Option<String>, AuthError> {
    match claims.get("cnf") {
        None => Ok(None),
        Some(Value::Object(cnf)) => match (cnf.get("jkt").and_then(Value::as_str), cnf.len()) {
            (Some(thumbprint), 1) => Ok(Some(thumbprint.to_owned())),
            _ => Err(AuthError::Invalid("The token is bound by other means than DPoP (cnf).")),
        },
        Some(_) => Err(AuthError::Invalid("The token's bond (cnf) cannot be read.")),
    }
}
