//! End of an approval: notice by either side, the end of the offering, and changes by time.

use chrono::NaiveDate;

use super::{
    Approval, ApprovalCommand, ApprovalLifecycle, ContractPeriod, ContractState, GivenBy,
    OfferingEnd, StandStill, Termination, WindingDown,
};
use crate::domain::{
    Change,
    agenda::{Item, Task},
    error::DomainError,
    event::EventKind,
    message::fields,
    offering::content::OfferingContent,
    role::{DecisionMaker, ProviderUser},
    values::{
        text::Prose,
        time::{Instant, Period, YEAR, day_of, end_of_day, unrolled_day},
    },
};

impl Approval {
    /// The provider gives notice. It serves users until the last day: the end of the contractual notice period,
    /// or a later day named by the provider.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `validation` (`notice-too-short`, `date-order`).
    pub fn terminate_as_provider(
        self,
        effective_on: Option<NaiveDate>,
        winding_down: Option<WindingDown>,
        content: &OfferingContent,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.held_by(&by.organisation)?;
        self.may(ApprovalCommand::Terminate, now)?;
        let notice = content.terms().notice_by_provider;
        self.terminate(notice, effective_on, GivenBy::Provider(winding_down), now)
    }

    /// The municipality gives notice: the ordinary end of the contract, not a revocation.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, `termination-needs-ground` where the arrangement is open to
    /// all who qualify, `validation` (`notice-too-short`, `date-order`).
    pub fn terminate_as_municipality(
        self,
        effective_on: Option<NaiveDate>,
        reason: Prose,
        winding_down: WindingDown,
        content: &OfferingContent,
        by: &DecisionMaker,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        self.may_terminate(content, now)?;
        let notice = content.terms().notice_by_municipality;
        self.terminate(notice, effective_on, GivenBy::Municipality { reason, winding_down }, now)
    }

    /// Checks notice by the municipality. If all who qualify must be approved, none can be given notice without
    /// a ground (helse- og omsorgstjenesteloven § 3-1, and § 3-11 as it was).
    pub fn may_terminate(
        &self,
        content: &OfferingContent,
        now: Instant,
    ) -> Result<(), DomainError> {
        self.may(ApprovalCommand::Terminate, now)?;
        if content.legal_basis().is_open_to_all() {
            return Err(DomainError::termination_needs_ground());
        }
        Ok(())
    }

    fn terminate(
        self,
        notice: Period,
        effective_on: Option<NaiveDate>,
        given_by: GivenBy,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let given_on = day_of(now);
        let earliest = unrolled_day(given_on, notice);
        let effective_on = effective_on.unwrap_or(earliest);
        if effective_on < earliest {
            return Err(DomainError::invalid("/effectiveOn", fields::notice_too_short(earliest)));
        }
        if let Some(winding_down) = given_by.winding_down() {
            lasts_until(winding_down, effective_on)?;
        }
        let detail =
            vec![("by", given_by.as_str().to_owned()), ("effectiveOn", effective_on.to_string())];
        let termination = Some(Termination { given_on, given_by, effective_on });
        let ApprovalLifecycle { state, revocation } = self.lifecycle;
        let state = state.with_period(|period| ContractPeriod { termination, ..period });
        let lifecycle = ApprovalLifecycle { state, revocation };
        Ok(Self { lifecycle, ..self }.step(EventKind::ApprovalTerminated, detail))
    }

    /// The offering ends, and the approval with it. One that had no contract gets none any more. An
    /// end that was set before is moved.
    ///
    /// # Errors
    /// `validation` (`date-order`: winding down lasts at least until that day).
    pub fn offering_ends(
        self,
        on: NaiveDate,
        winding_down: WindingDown,
    ) -> Result<Change<Self>, DomainError> {
        lasts_until(&winding_down, on)?;
        let end = Some(OfferingEnd { on, winding_down });
        let state = match self.lifecycle.state {
            ContractState::Awaited(_) => ContractState::Awaited(end),
            ContractState::Recorded(period) => {
                ContractState::Recorded(ContractPeriod { offering_end: end, ..period })
            }
        };
        let lifecycle = ApprovalLifecycle { state, ..self.lifecycle };
        let detail = vec![("on", on.to_string())];
        Ok(Self { lifecycle, ..self }.step(EventKind::ApprovalEndedWithOffering, detail))
    }

    /// Event for a status change by time at an instant: begin or expiry of a contract, an end, a revocation. No
    /// decision is made. `None` without a change.
    #[must_use]
    pub fn status_changed(self, at: Instant) -> Option<Change<Self>> {
        if !self.lifecycle.changes_to_come().contains(&at) {
            return None;
        }
        let detail = vec![("status", self.lifecycle.status_at(at).as_str().to_owned())];
        Some(self.step(EventKind::ApprovalStatusChanged, detail))
    }

    /// A yearly review was carried out; the next one is due twelve months later.
    #[must_use]
    pub fn reviewed(self, on: NaiveDate) -> Change<Self> {
        let reviewed_on = self.reviewed_on.max(Some(on));
        let detail = vec![("on", on.to_string())];
        Self { reviewed_on, ..self }.step(EventKind::ApprovalReviewed, detail)
    }

    /// Due items: the contract after the stand-still, a review twelve months after the contract's begin or the
    /// last one, and future status changes.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        let contract = self.lifecycle.awaits_contract().then(|| {
            let last = self.stand_still.and_then(StandStill::last_day);
            let due = last.map_or(self.granted_at, end_of_day);
            Item::new(Task::RecordContract, end_of_day(day_of(due)))
        });
        let review = self.lifecycle.contract().and_then(|contract| {
            let last = self.reviewed_on.unwrap_or(contract.from);
            let due = end_of_day(unrolled_day(last, YEAR));
            let runs = self.lifecycle.status_at(due).is_choosable();
            runs.then(|| Item::new(Task::YearlyReview, due))
        });
        let changes = self.lifecycle.changes_to_come().into_iter();
        contract
            .into_iter()
            .chain(review)
            .chain(changes.map(|at| Item::new(Task::StatusChange, at)))
            .collect()
    }
}

fn lasts_until(winding_down: &WindingDown, day: NaiveDate) -> Result<(), DomainError> {
    if winding_down.until < day {
        return Err(DomainError::invalid(
            "/windingDown/until",
            fields::date_order_winding_down_contract(),
        ));
    }
    Ok(())
}
