//! The contract behind an approval, and its course.

use chrono::NaiveDate;

use super::lifecycle::{ApprovalStatus, OfferingEnd, RevocationGap, Termination};
use crate::domain::values::{
    text::Line,
    time::{Instant, end_of_day, start_of_day},
};

/// The contract that an approval needs. It cannot be transferred (helse- og omsorgstjenesteloven § 3-1 last paragraph).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Its number with the municipality.
    pub number: Line,
    /// The day the last party signed.
    pub signed_on: NaiveDate,
    /// First day of delivery.
    pub from: NaiveDate,
    /// Last day of delivery, where the contract names one.
    pub to: Option<NaiveDate>,
}

/// Avtaleforhold: the contract, how it ends before its time, and the gaps in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractPeriod {
    pub contract: Contract,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The notice, if given.
    pub termination: Option<Termination>,
    /// The end of the offering, when it is decided.
    pub offering_end: Option<OfferingEnd>,
    /// Times without approval behind it, oldest first.
    pub gaps: Vec<RevocationGap>,
}

impl ContractPeriod {
    /// A contract that nothing has happened to.
    #[must_use]
    pub const fn new(contract: Contract, recorded_at: Instant) -> Self {
        Self { contract, recorded_at, termination: None, offering_end: None, gaps: Vec::new() }
    }

    /// The day of an end before the contract's own.
    pub(super) fn ends_on(&self) -> Option<NaiveDate> {
        let terminated = self.termination.as_ref().map(|termination| termination.effective_on);
        let with_offering = self.offering_end.as_ref().map(|end| end.on);
        let day = terminated.into_iter().chain(with_offering).min()?;
        Some(day).filter(|day| self.contract.to.is_none_or(|to| *day <= to))
    }

    pub(super) fn status_at(&self, now: Instant) -> ApprovalStatus {
        let over = |day: Option<NaiveDate>| day.is_some_and(|day| end_of_day(day) <= now);
        let ends_on = self.ends_on();
        if over(ends_on) {
            ApprovalStatus::Ended
        } else if over(self.contract.to) {
            ApprovalStatus::Expired
        } else if self.gaps.iter().any(|gap| gap.from <= now && now < gap.to) {
            ApprovalStatus::Revoked
        } else if now < start_of_day(self.contract.from) {
            ApprovalStatus::PendingContract
        } else if ends_on.is_some() {
            ApprovalStatus::Ending
        } else {
            ApprovalStatus::Active
        }
    }

    pub(super) fn boundaries(&self) -> impl Iterator<Item = Instant> {
        let from = start_of_day(self.contract.from);
        let last = self.ends_on().or(self.contract.to).map(end_of_day);
        let gaps = self.gaps.iter().flat_map(|gap| [gap.from, gap.to]);
        [Some(from), last].into_iter().flatten().chain(gaps)
    }
}

/// The contract behind an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContractState {
    /// Not recorded. With the end of the offering, where that is decided, it never is.
    Awaited(Option<OfferingEnd>),
    /// Recorded.
    Recorded(ContractPeriod),
}

impl ContractState {
    pub(super) fn status_at(&self, now: Instant) -> ApprovalStatus {
        match self {
            Self::Awaited(Some(end)) if end_of_day(end.on) <= now => ApprovalStatus::Ended,
            Self::Awaited(_) => ApprovalStatus::PendingContract,
            Self::Recorded(contract_period) => contract_period.status_at(now),
        }
    }

    pub(super) fn boundaries(&self) -> Vec<Instant> {
        match self {
            Self::Awaited(end) => end.iter().map(|end| end_of_day(end.on)).collect(),
            Self::Recorded(contract_period) => contract_period.boundaries().collect(),
        }
    }

    /// The same after a change of the recorded contract, if there is one.
    #[must_use]
    pub(super) fn with_period(self, change: impl FnOnce(ContractPeriod) -> ContractPeriod) -> Self {
        match self {
            Self::Recorded(contract_period) => Self::Recorded(change(contract_period)),
            awaited @ Self::Awaited(_) => awaited,
        }
    }
}
