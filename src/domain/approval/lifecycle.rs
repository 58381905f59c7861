//! Lifecycle of an approval, and its status at an instant.
//!
//! Only dates are stored. There is no notice without a contract, no suspended effect without a revocation, and
//! past facts stay: an undone revocation under contract leaves its gap.

use chrono::{NaiveDate, TimeDelta};

use super::contract::{Contract, ContractPeriod, ContractState};
use crate::domain::{
    rules::ground::RevocationGround,
    values::{
        ids::DecisionId,
        text::{Line, Prose},
        time::{Instant, day_of, start_of_day},
    },
};

/// How users are taken over when a provider stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindingDown {
    /// Last day on which the provider still serves those it has.
    pub until: NaiveDate,
    pub taken_over_by: Line,
    /// How.
    pub plan: Option<Prose>,
}

/// A stay of a revocation until an appeal is decided (forvaltningsloven § 42).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevocationDeferral {
    /// The decision that defers.
    pub by: DecisionId,
    /// Since when.
    pub at: Instant,
}

/// The end of an approval by decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    pub decision: DecisionId,
    /// When it takes effect.
    pub effective_at: Instant,
    /// When that was set: by the decision, or by the end of the suspended effect.
    pub set_at: Instant,
    /// The grounds; the facts are in the decision. None where the approving decision lost its effect.
    pub grounds: Vec<RevocationGround>,
    /// How users are taken over; none where there are no users yet.
    pub winding_down: Option<WindingDown>,
    /// The suspended effect; during it the revocation has no effect.
    pub suspension: Option<RevocationDeferral>,
}

impl Revocation {
    /// Whether it is in effect at an instant.
    #[must_use]
    pub fn in_effect(&self, at: Instant) -> bool {
        self.suspension.is_none() && self.effective_at <= at
    }
}

/// A time in which a revocation was in effect that was undone or deferred later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationGap {
    /// First instant without approval.
    pub from: Instant,
    /// First instant with approval again.
    pub to: Instant,
    /// The decision that had revoked.
    pub revoked_by: DecisionId,
    /// The decision that undid or deferred it.
    pub by: DecisionId,
}

/// The side that gave notice, with its duties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenBy {
    /// The provider; the handover may be agreed later.
    Provider(Option<WindingDown>),
    /// The municipality, with its reason. It must name the successor.
    Municipality {
        /// Why the contract is ended. Public.
        reason: Prose,
        /// How users are taken over.
        winding_down: WindingDown,
    },
}

impl GivenBy {
    /// The side's name in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Provider(_) => "provider",
            Self::Municipality { .. } => "municipality",
        }
    }

    /// How users are taken over, where that is settled.
    #[must_use]
    pub const fn winding_down(&self) -> Option<&WindingDown> {
        match self {
            Self::Provider(winding_down) => winding_down.as_ref(),
            Self::Municipality { winding_down, .. } => Some(winding_down),
        }
    }
}

/// Oppsigelse: the ordinary end of a contract, by one of its sides with notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Termination {
    /// The day of the notice.
    pub given_on: NaiveDate,
    pub given_by: GivenBy,
    /// Last day of the contract; never before the contractual notice period.
    pub effective_on: NaiveDate,
}

/// The end of the offering, and of every approval with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferingEnd {
    /// Last day.
    pub on: NaiveDate,
    /// How users are taken over.
    pub winding_down: WindingDown,
}

/// Facts of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalLifecycle {
    /// Its contract.
    pub state: ContractState,
    /// Its end by decision: at once, from a later instant, or with suspended effect.
    pub revocation: Option<Revocation>,
}

keywords! {
    /// Status of an approval at an instant.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ApprovalStatus {
        /// No contract yet, or one that has not begun.
        PendingContract = "pending-contract",
        /// Citizens can choose the provider.
        Active = "active",
        /// Citizens can choose the provider, and the last day is known.
        Ending = "ending",
        /// Ended by notice or with the offering.
        Ended = "ended",
        /// Taken back by decision.
        Revoked = "revoked",
        /// The contract has expired.
        Expired = "expired",
    }
}

impl ApprovalStatus {
    /// Whether nothing binds the municipality or the provider any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::Revoked | Self::Expired)
    }

    /// Whether citizens can choose the provider.
    #[must_use]
    pub const fn is_choosable(self) -> bool {
        matches!(self, Self::Active | Self::Ending)
    }
}

impl ApprovalLifecycle {
    /// Granted; the contract is not recorded.
    pub const GRANTED: Self = Self::of(ContractState::Awaited(None));

    /// Without a revocation.
    #[must_use]
    pub const fn of(state: ContractState) -> Self {
        Self { state, revocation: None }
    }

    /// The contract and its course, where there is one.
    #[must_use]
    pub const fn contract_period(&self) -> Option<&ContractPeriod> {
        match &self.state {
            ContractState::Awaited(_) => None,
            ContractState::Recorded(contract_period) => Some(contract_period),
        }
    }

    /// The contract, where there is one.
    #[must_use]
    pub fn contract(&self) -> Option<&Contract> {
        self.contract_period().map(|contract_period| &contract_period.contract)
    }

    /// The revocation, unless its effect is suspended.
    fn standing_revocation(&self) -> Option<&Revocation> {
        self.revocation.as_ref().filter(|it| it.suspension.is_none())
    }

    /// Whether the contract can be recorded: it is awaited, and neither the offering nor the approval ends first.
    #[must_use]
    pub fn awaits_contract(&self) -> bool {
        self.state == ContractState::Awaited(None) && self.standing_revocation().is_none()
    }

    /// Whether it is in effect without an end date.
    #[must_use]
    pub fn is_open_ended(&self) -> bool {
        let lasts = match &self.state {
            ContractState::Awaited(end) => end.is_none(),
            ContractState::Recorded(contract_period) => {
                let ContractPeriod { contract, termination, offering_end, .. } = contract_period;
                contract.to.is_none() && termination.is_none() && offering_end.is_none()
            }
        };
        lasts && self.revocation.is_none()
    }

    /// The last day on which citizens can choose it, where notice, the end of the offering or a
    /// revocation sets one; the ordinary end of the contract does not count.
    #[must_use]
    pub fn available_until(&self) -> Option<NaiveDate> {
        let contract_period = self.contract_period()?;
        let last_day = |it: &Revocation| day_of(it.effective_at - TimeDelta::microseconds(1));
        let revoked = self.standing_revocation().map(last_day);
        contract_period.ends_on().into_iter().chain(revoked).min()
    }

    /// Whether the contract begins in the future, without notice or revocation: it was never open to choice.
    #[must_use]
    pub fn never_began(&self, now: Instant) -> bool {
        self.revocation.is_none()
            && self.contract_period().is_some_and(|contract_period| {
                now < start_of_day(contract_period.contract.from)
                    && contract_period.termination.is_none()
            })
    }

    /// The end of the offering, where it is decided.
    #[must_use]
    pub const fn offering_end(&self) -> Option<&OfferingEnd> {
        match &self.state {
            ContractState::Awaited(end) => end.as_ref(),
            ContractState::Recorded(contract_period) => contract_period.offering_end.as_ref(),
        }
    }

    /// The status at an instant. An end before a revocation takes effect is the end.
    #[must_use]
    pub fn status_at(&self, now: Instant) -> ApprovalStatus {
        let was_over = |it: &Revocation| {
            let before = self.state.status_at(it.effective_at);
            matches!(before, ApprovalStatus::Ended | ApprovalStatus::Expired)
        };
        match &self.revocation {
            Some(it) if it.in_effect(now) && !was_over(it) => ApprovalStatus::Revoked,
            _ => self.state.status_at(now),
        }
    }

    /// The instants at which the status may change by itself.
    #[must_use]
    pub fn boundaries(&self) -> Vec<Instant> {
        let effect = self.standing_revocation().map(|it| it.effective_at);
        self.state.boundaries().into_iter().chain(effect).collect()
    }

    /// The next instant after `now` at which the status changes by itself.
    #[must_use]
    pub fn next_change(&self, now: Instant) -> Option<Instant> {
        let present = self.status_at(now);
        let coming = self.boundaries().into_iter().filter(|at| *at > now);
        coming.filter(|at| self.status_at(*at) != present).min()
    }

    /// The instant of its final end, unless a command changes it; `None` without one.
    #[must_use]
    pub fn over_from(&self) -> Option<Instant> {
        let mut boundaries = self.boundaries();
        boundaries.sort_unstable();
        boundaries.into_iter().rev().take_while(|at| self.status_at(*at).is_over()).last()
    }

    /// All future status changes by time, after the last recorded command.
    #[must_use]
    pub fn changes_to_come(&self) -> Vec<Instant> {
        let period = self.contract_period();
        let recorded = period.map(|it| it.recorded_at);
        let gaps = period.into_iter().flat_map(|it| &it.gaps).map(|gap| gap.to);
        let revocation = self.revocation.iter();
        let revoked = revocation.flat_map(|it| {
            let suspended = it.suspension.map(|suspension| suspension.at);
            [Some(it.set_at), suspended].into_iter().flatten()
        });
        let commands = recorded.into_iter().chain(gaps).chain(revoked);
        let mut from = commands.max().unwrap_or(Instant::MIN_UTC);
        let mut changes = vec![];
        while let Some(at) = self.next_change(from) {
            changes.push(at);
            from = at;
        }
        changes
    }
}
