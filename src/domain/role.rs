//! Roles: actor, role and organisation of a caller. A role comes only from a verified token.

use super::{
    error::DomainError,
    values::{
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::Line,
    },
};
use crate::domain::message::MessageKey;

/// A person or a system, as the token names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The issuer's stable key for the actor; never a national identity number.
    pub subject: Line,
    /// The name used in decisions.
    pub name: Line,
}

keywords! {
    /// The seven roles; the text is their name in tokens.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Role {
        /// Leverandør: applies and answers for its own organisation.
        Provider = "provider",
        /// Redaktør: publishes a municipality's offerings.
        Editor = "editor",
        /// Saksbehandler: assesses applications and warns approved providers.
        CaseWorker = "case-worker",
        /// Beslutter: signs decisions and contracts.
        DecisionMaker = "decision-maker",
        /// Kontrollør: follows up approved providers.
        Inspector = "inspector",
        /// Revisor: reads the whole journal.
        Auditor = "auditor",
        /// Driftsansvarlig: runs the registry and sees no applications.
        Operator = "operator",
    }
}

impl Role {
    /// Roles that act for a municipality.
    #[must_use]
    pub const fn is_municipal(self) -> bool {
        matches!(self, Self::Editor | Self::CaseWorker | Self::DecisionMaker | Self::Inspector)
    }
}

keywords! {
    /// Assurance: the issuer's certainty of the person's identity (eIDAS).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Assurance {
        /// Betydelig.
        Substantial = "substantial",
        /// Høyt.
        High = "high",
    }
}

/// The assurance of a caller, and the level required of decision makers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Assured {
    /// The level in the token; `None` if missing or unknown.
    pub held: Option<Assurance>,
    /// The level required for decisions; `None` if the issuer's configuration requires none.
    pub to_decide: Option<Assurance>,
}

/// A person or system with a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerIdentity {
    pub actor: Actor,
    /// In which role.
    pub role: Role,
    /// For which organisation.
    pub organisation: OrganisationNumber,
    /// The municipality whose main unit the organisation is. A municipality's own production unit has another
    /// number, so its staff never hold a municipal role.
    pub municipality: Option<MunicipalityNumber>,
    /// How sure the issuer is of the actor.
    pub assured: Assured,
    /// Why the token is read-only; `None` with write access.
    pub reads_only: Option<MessageKey>,
}

impl CallerIdentity {
    /// The side that the caller acts for.
    ///
    /// # Errors
    /// `role-missing`, `not-a-municipality`.
    pub fn party(&self) -> Result<Party, DomainError> {
        match (self.role, &self.municipality) {
            (Role::Provider, _) => Ok(Party::Provider(self.organisation.clone())),
            (role, _) if !role.is_municipal() => Err(DomainError::role_missing(Party::ROLES)),
            (_, Some(number)) => Ok(Party::Municipality(number.clone())),
            (_, None) => Err(DomainError::not_a_municipality()),
        }
    }

    fn municipal(self, role: Role) -> Result<(Actor, MunicipalityNumber), DomainError> {
        if self.role != role {
            return Err(DomainError::role_missing(&[role]));
        }
        let municipality = self.municipality.ok_or_else(DomainError::not_a_municipality)?;
        Ok((self.actor, municipality))
    }
}

/// A role that a handler can demand in its signature.
pub trait FromCaller: Sized {
    /// The roles that a token may have.
    const ROLES: &'static [Role];

    /// The caller in this role.
    ///
    /// # Errors
    /// An error of kind `Forbidden` if the caller lacks the role.
    fn of(caller: CallerIdentity) -> Result<Self, DomainError>;
}

/// Acts for one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderUser {
    pub actor: Actor,
    /// The provider.
    pub organisation: OrganisationNumber,
}

impl FromCaller for ProviderUser {
    const ROLES: &'static [Role] = &[Role::Provider];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        if caller.role != Role::Provider {
            return Err(DomainError::role_missing(Self::ROLES));
        }
        Ok(Self { actor: caller.actor, organisation: caller.organisation })
    }
}

/// Publishes the offerings of one municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    pub actor: Actor,
    /// Where.
    pub municipality: MunicipalityNumber,
}

impl FromCaller for Editor {
    const ROLES: &'static [Role] = &[Role::Editor];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        let (actor, municipality) = caller.municipal(Role::Editor)?;
        Ok(Self { actor, municipality })
    }
}

/// Assesses applications to one municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseWorker {
    pub actor: Actor,
    /// Where.
    pub municipality: MunicipalityNumber,
}

impl FromCaller for CaseWorker {
    const ROLES: &'static [Role] = &[Role::CaseWorker];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        let (actor, municipality) = caller.municipal(Role::CaseWorker)?;
        Ok(Self { actor, municipality })
    }
}

/// Signs decisions for one municipality. Its login has the required assurance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionMaker {
    pub actor: Actor,
    /// Where.
    pub municipality: MunicipalityNumber,
}

impl FromCaller for DecisionMaker {
    const ROLES: &'static [Role] = &[Role::DecisionMaker];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        let Assured { held, to_decide } = caller.assured;
        let (actor, municipality) = caller.municipal(Role::DecisionMaker)?;
        match to_decide {
            Some(least) if held < to_decide => Err(DomainError::assurance_too_low(least)),
            _ => Ok(Self { actor, municipality }),
        }
    }
}

/// A person with a part in a case: a case worker or a decision maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseHandler {
    pub actor: Actor,
    /// Where.
    pub municipality: MunicipalityNumber,
}

impl FromCaller for CaseHandler {
    const ROLES: &'static [Role] = &[Role::CaseWorker, Role::DecisionMaker];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        if !matches!(caller.role, Role::CaseWorker | Role::DecisionMaker) {
            return Err(DomainError::role_missing(Self::ROLES));
        }
        let role = caller.role;
        let (actor, municipality) = caller.municipal(role)?;
        Ok(Self { actor, municipality })
    }
}

/// A person with a part in the case of an approval: a case handler or an inspector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalHandler {
    pub actor: Actor,
    /// Where.
    pub municipality: MunicipalityNumber,
}

impl FromCaller for ApprovalHandler {
    const ROLES: &'static [Role] = &[Role::CaseWorker, Role::DecisionMaker, Role::Inspector];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        let role = caller.role;
        if !Self::ROLES.contains(&role) {
            return Err(DomainError::role_missing(Self::ROLES));
        }
        let (actor, municipality) = caller.municipal(role)?;
        Ok(Self { actor, municipality })
    }
}

/// A person who acts for one side of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContractParty {
    Provider(ProviderUser),
    Municipality(DecisionMaker),
}

impl FromCaller for ContractParty {
    const ROLES: &'static [Role] = &[Role::Provider, Role::DecisionMaker];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        match caller.role {
            Role::Provider => ProviderUser::of(caller).map(Self::Provider),
            Role::DecisionMaker => DecisionMaker::of(caller).map(Self::Municipality),
            _ => Err(DomainError::role_missing(Self::ROLES)),
        }
    }
}

/// A person on either side of a case: its provider, or a case worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseParty {
    Provider(ProviderUser),
    Municipality(CaseWorker),
}

impl FromCaller for CaseParty {
    const ROLES: &'static [Role] = &[Role::Provider, Role::CaseWorker];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        match caller.role {
            Role::Provider => ProviderUser::of(caller).map(Self::Provider),
            Role::CaseWorker => CaseWorker::of(caller).map(Self::Municipality),
            _ => Err(DomainError::role_missing(Self::ROLES)),
        }
    }
}

/// A person who follows up approved providers: an inspector or a case worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervisor {
    pub actor: Actor,
    /// Where.
    pub municipality: MunicipalityNumber,
    /// The organisation in the token. It follows up no approval of its own.
    pub organisation: OrganisationNumber,
}

impl FromCaller for Supervisor {
    const ROLES: &'static [Role] = &[Role::Inspector, Role::CaseWorker];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        if !matches!(caller.role, Role::Inspector | Role::CaseWorker) {
            return Err(DomainError::role_missing(Self::ROLES));
        }
        let (role, organisation) = (caller.role, caller.organisation.clone());
        let (actor, municipality) = caller.municipal(role)?;
        Ok(Self { actor, municipality, organisation })
    }
}

/// Reads the whole journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auditor {
    pub actor: Actor,
}

impl FromCaller for Auditor {
    const ROLES: &'static [Role] = &[Role::Auditor];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        if caller.role != Role::Auditor {
            return Err(DomainError::role_missing(Self::ROLES));
        }
        Ok(Self { actor: caller.actor })
    }
}

/// A person with access to a case: its provider, or the municipality that handles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// The provider of the case.
    Provider(OrganisationNumber),
    /// A case worker, decision maker or inspector of the municipality.
    Municipality(MunicipalityNumber),
}

impl FromCaller for Party {
    const ROLES: &'static [Role] =
        &[Role::Provider, Role::CaseWorker, Role::DecisionMaker, Role::Inspector];

    fn of(caller: CallerIdentity) -> Result<Self, DomainError> {
        match (caller.role, caller.municipality) {
            (Role::Provider, _) => Ok(Self::Provider(caller.organisation)),
            (role, _) if !Self::ROLES.contains(&role) => {
                Err(DomainError::role_missing(Self::ROLES))
            }
            (_, Some(number)) => Ok(Self::Municipality(number)),
            (_, None) => Err(DomainError::not_a_municipality()),
        }
    }
}

impl Party {
    /// Whether a case of this municipality and provider is the party's own.
    #[must_use]
    pub fn may_see(
        &self,
        municipality: &MunicipalityNumber,
        provider: &OrganisationNumber,
    ) -> bool {
        match self {
            Self::Provider(own) => own == provider,
            Self::Municipality(own) => own == municipality,
        }
    }
}

#[cfg(test)]
mod tests;
