//! Intake: continuous or in rounds, and the round of an application.
//!
//! A cut-off is absolute: an application received at that instant is in time, a later one belongs to the next
//! round, without discretion. Late access is the one exception, and it is public. A maximum of providers
//! applies when an application is submitted and when a decision grants or restores an approval.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use validator::ValidateRange;

use super::content::{LegalBasis, OfferingContent, Process};
use crate::domain::{
    error::DomainError,
    late_access::LateAccess,
    message::fields,
    validation::ValidationErrors,
    value_error::ValueError,
    values::{
        ids::LateAccessId,
        numbers::OrganisationNumber,
        time::{Instant, day_of},
    },
};

/// One round of admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdmissionRound {
    /// The last instant that is in time.
    pub cut_off: Instant,
    /// The day on which those approved in it can begin.
    pub starts_on: NaiveDate,
}

/// The greatest number of providers: 1 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaxProviders(u16);

impl MaxProviders {
    /// The greatest.
    pub const MAX: u16 = 1000;

    /// A maximum from 1 to 1000. Error: `out-of-range`.
    pub fn new(number: u16) -> Result<Self, ValueError> {
        if number.validate_range(Some(1), Some(Self::MAX), None, None) {
            return Ok(Self(number));
        }
        Err(fields::out_of_range_cap())
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// How applications are taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Intake {
    /// Continuous: at any time, each in order of receipt.
    #[default]
    Running,
    /// In rounds.
    Rounds {
        /// In the order of their cut-offs; at least one.
        rounds: Vec<AdmissionRound>,
    },
}

impl Intake {
    /// The round of an application received at an instant.
    ///
    /// # Errors
    /// `no-round-left` when the last cut-off has passed.
    pub fn round_of(&self, received: Instant) -> Result<Option<AdmissionRound>, DomainError> {
        match self {
            Self::Running => Ok(None),
            Self::Rounds { rounds } => {
                let next = rounds.iter().find(|round| received <= round.cut_off);
                next.map(|round| Some(*round)).ok_or_else(DomainError::no_round_left)
            }
        }
    }

    /// The last round whose cut-off has passed.
    #[must_use]
    pub fn missed_at(&self, now: Instant) -> Option<AdmissionRound> {
        match self {
            Self::Running => None,
            Self::Rounds { rounds } => rounds.iter().rfind(|round| round.cut_off < now).copied(),
        }
    }

    fn check(&self, basis: LegalBasis, errors: &mut ValidationErrors) {
        let Self::Rounds { rounds } = self else { return };
        if basis.runs_continuously() {
            errors.add("/process/intake", fields::rounds_not_allowed());
        }
        if rounds.is_empty() {
            errors.missing("/process/intake/rounds", fields::required_round());
        }
        let mut former: Option<&AdmissionRound> = None;
        for (i, round) in rounds.iter().enumerate() {
            if round.starts_on <= day_of(round.cut_off) {
                errors.add(
                    format!("/process/intake/rounds/{i}/startsOn"),
                    fields::date_order_round(),
                );
            }
            if former.is_some_and(|f| round.cut_off <= f.cut_off || round.starts_on <= f.starts_on)
            {
                errors.add(format!("/process/intake/rounds/{i}"), fields::round_order());
            }
            former = Some(round);
        }
    }
}

impl Process {
    /// Requirements of the legal basis and the calendar on the intake.
    pub(super) fn check_intake(&self, basis: LegalBasis, errors: &mut ValidationErrors) {
        self.intake.check(basis, errors);
        if self.max_providers.is_some() && basis.is_open_to_all() {
            errors.add("/process/maxProviders", fields::cap_not_allowed());
        }
    }
}

/// The round that an application was counted into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundPlace {
    pub round: AdmissionRound,
    /// The grant that opened it again after its cut-off.
    pub late_access: Option<LateAccessId>,
}

/// The maximum of providers of an offering, and the approved ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    most: Option<MaxProviders>,
    taken: BTreeSet<OrganisationNumber>,
}

impl Places {
    /// The places announced by a version. `taken` are the providers with an active approval.
    #[must_use]
    pub fn new(version: &OfferingContent, taken: BTreeSet<OrganisationNumber>) -> Self {
        Self { most: version.process().max_providers, taken }
    }

    /// The same, or those of another version if it has more places: an applicant assessed by an older version
    /// loses nothing by a newer one, and gains from additional places.
    #[must_use]
    pub fn or(self, version: &OfferingContent) -> Self {
        let most = self.most.zip(version.process().max_providers);
        Self { most: most.map(|(one, other)| one.max(other)), ..self }
    }

    /// Checks that a provider can be approved. One that is approved already takes no new place.
    ///
    /// # Errors
    /// `offering-full`.
    pub fn room_for(&self, provider: &OrganisationNumber) -> Result<(), DomainError> {
        let full = self.most.is_some_and(|most| self.taken.len() >= usize::from(most.get()));
        if full && !self.taken.contains(provider) {
            return Err(DomainError::offering_full());
        }
        Ok(())
    }
}

/// Proof of a free place, and the round of an application received at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    place: Option<RoundPlace>,
    received_at: Instant,
}

impl Admission {
    /// The round, where the intake is in rounds.
    #[must_use]
    pub const fn place(self) -> Option<RoundPlace> {
        self.place
    }

    /// When it is received.
    #[must_use]
    pub const fn received_at(self) -> Instant {
        self.received_at
    }
}

impl OfferingContent {
    /// Admits an application now. `approved` are the providers with an active approval, `grants` the late
    /// access granted for the offering.
    ///
    /// # Errors
    /// `offering-full` where a cap is reached, `no-round-left`.
    pub fn admit(
        &self,
        provider: &OrganisationNumber,
        approved: BTreeSet<OrganisationNumber>,
        grants: &[LateAccess],
        now: Instant,
    ) -> Result<Admission, DomainError> {
        let process = self.process();
        Places::new(self, approved).room_for(provider)?;
        let grant = grants.iter().find(|grant| grant.opens_for(provider, now));
        let reopened = grant.zip(process.intake.missed_at(now));
        let place = if let Some((grant, round)) = reopened {
            Some(RoundPlace { round, late_access: Some(grant.id) })
        } else {
            process.intake.round_of(now)?.map(|round| RoundPlace { round, late_access: None })
        };
        Ok(Admission { place, received_at: now })
    }
}
