//! Follow-up: a municipality checks the performance of an approved provider.
//!
//! Planned or by incident; an uncorrected deviation leads to prior notice and decision, never past them
//! (forskrift 28. oktober 2016 nr. 1250; forvaltningsloven § 16).

mod deviation;
mod kind;
mod state;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::{
    Change,
    agenda::{Item, Task},
    approval::{Approval, ApprovalCommand, impartiality::Supervised},
    error::{DomainError, Noun},
    event::{Event, EventKind, Subject},
    role::{Actor, ProviderUser},
    rules::ground::{Grounded, RevocationGround},
    values::{
        ids::{ApprovalId, FollowUpId, Revision},
        numbers::{MunicipalityNumber, OrganisationNumber},
        text::{Line, Prose},
        time::{Instant, day_of, end_of_day},
    },
};
use crate::domain::message::fields;

pub use deviation::{Assessment, Deviation, DeviationCorrection, FoundDeviation};
pub use kind::{BusinessRegisterEntry, FollowUpKind, Origin};
pub use state::{FollowUpStatus, Report, State};

/// A follow-up of one approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// Its id.
    pub id: FollowUpId,
    /// The approval.
    pub approval: ApprovalId,
    /// The municipality.
    pub municipality: MunicipalityNumber,
    /// The provider.
    pub provider: OrganisationNumber,
    /// The subject.
    pub kind: FollowUpKind,
    /// The cause.
    pub origin: Origin,
    /// When it was planned.
    pub planned_at: Instant,
    pub planned_by: Actor,
    pub state: State,
    /// Number of accepted commands.
    pub revision: Revision,
}

impl FollowUp {
    /// The points of terms and criteria that its deviations break, each once.
    #[must_use]
    pub fn broken_points(&self) -> Vec<Line> {
        let (State::Reported(report) | State::Closed(report, _)) = &self.state else {
            return vec![];
        };
        let mut points: Vec<Line> = vec![];
        for deviation in &report.deviations {
            if !points.contains(&deviation.found.breaks) {
                points.push(deviation.found.breaks.clone());
            }
        }
        points
    }

    /// Plans a follow-up, or opens one for something that happened. The approval stays as it is.
    ///
    /// # Errors
    /// `illegal-transition` where the approval is over, `validation` (`date-in-past` for a
    /// plan, `date-in-future` for a finding or an entry).
    pub fn plan(
        id: FollowUpId,
        supervised: Supervised<'_>,
        kind: FollowUpKind,
        origin: Origin,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        let (approval, by) = (supervised.approval(), supervised.actor());
        approval.may(ApprovalCommand::PlanFollowUp, now)?;
        let today = day_of(now);
        if matches!(origin, Origin::Planned(on) if on < today) {
            let error = fields::date_in_past_plan();
            return Err(DomainError::invalid("/plannedOn", error));
        }
        if kind.dated().is_some_and(|on| on > today) {
            let error = fields::date_in_future_incident();
            return Err(DomainError::invalid("/on", error));
        }
        let value = Self {
            id,
            approval: approval.id,
            municipality: approval.municipality.clone(),
            provider: approval.provider.clone(),
            kind,
            origin,
            planned_at: now,
            planned_by: by.clone(),
            state: State::Planned,
            revision: Revision::FIRST,
        };
        let event = value.event(EventKind::FollowUpPlanned);
        Ok(Change { value, event })
    }

    /// Reports the findings.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` once it is reported, `validation` (`date-in-future`;
    /// `date-in-past`: the provider needs time to correct).
    pub fn report(
        self,
        on: NaiveDate,
        findings: Prose,
        found: Vec<FoundDeviation>,
        by: Supervised<'_>,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(by)?;
        self.may_report()?;
        if on > day_of(now) {
            let error = fields::date_in_future_report();
            return Err(DomainError::invalid("/on", error));
        }
        if let Some(i) = found.iter().position(|found| found.deadline <= day_of(now)) {
            let error = fields::date_in_past_correction();
            return Err(DomainError::invalid(&format!("/deviations/{i}/deadline"), error));
        }
        let deviations = found.into_iter().map(Deviation::new).collect();
        let report = Report { on, findings, deviations, at: now, by: by.actor().clone() };
        Ok(Self { state: State::Reported(report), ..self }.step(EventKind::FollowUpReported))
    }

    /// The provider reports that a deviation is corrected. `number` counts from 1.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` (not reported yet, closed, corrected already).
    pub fn correct(
        self,
        number: usize,
        text: Prose,
        by: &ProviderUser,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        if by.organisation != self.provider {
            return Err(DomainError::not_found(Noun::FollowUp));
        }
        let correction =
            DeviationCorrection { text, at: now, by: by.actor.clone(), assessment: None };
        let change = |deviation: Deviation| deviation.corrected(correction);
        self.change_deviation(number, "report-correction", EventKind::CorrectionReported, change)
    }

    /// Accepts a correction, or does not.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` where there is no correction to assess.
    pub fn assess(
        self,
        number: usize,
        accepted: bool,
        note: Prose,
        by: Supervised<'_>,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(by)?;
        let assessment = Assessment { accepted, note, at: now, by: by.actor().clone() };
        let change = |deviation: Deviation| deviation.assessed(assessment);
        self.change_deviation(number, "assess-correction", EventKind::CorrectionAssessed, change)
    }

    /// Closes it with a conclusion.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition` unless it is carried out, `deviations-open` while one can
    /// still be corrected or waits for its assessment.
    pub fn close(
        self,
        conclusion: Prose,
        by: Supervised<'_>,
        now: Instant,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(by)?;
        self.may_close(now)?;
        let State::Reported(report) = self.state.clone() else {
            return Err(self.illegal("close"));
        };
        Ok(Self { state: State::Closed(report, conclusion), ..self }
            .step(EventKind::FollowUpClosed))
    }

    /// Guards that a prior notice on these grounds can build on it.
    ///
    /// # Errors
    /// `not-founded`.
    pub fn founds(
        &self,
        approval: &Approval,
        grounds: &[Grounded<RevocationGround>],
        now: Instant,
    ) -> Result<(), DomainError> {
        if self.approval != approval.id {
            return Err(DomainError::follow_up_of_another());
        }
        for grounded in grounds {
            if !self.kind.carries(grounded.ground) {
                return Err(DomainError::finding_missing());
            }
        }
        if self.kind.speaks_for_itself() || self.deviations().iter().any(|it| it.failed(now)) {
            return Ok(());
        }
        Err(DomainError::nothing_left_uncorrected())
    }

    /// The report, once there is one.
    #[must_use]
    pub const fn reported(&self) -> Option<&Report> {
        match &self.state {
            State::Planned => None,
            State::Reported(report) | State::Closed(report, _) => Some(report),
        }
    }

    /// The deviations, in the order found.
    #[must_use]
    pub fn deviations(&self) -> &[Deviation] {
        self.reported().map_or(&[], |report| &report.deviations)
    }

    /// Name of its state.
    #[must_use]
    pub fn status(&self) -> FollowUpStatus {
        match &self.state {
            State::Planned => FollowUpStatus::Planned,
            State::Reported(report) if report.deviations.iter().all(Deviation::is_accepted) => {
                FollowUpStatus::CarriedOut
            }
            State::Reported(_) => FollowUpStatus::DeviationsOpen,
            State::Closed(..) => FollowUpStatus::Closed,
        }
    }

    /// Due items: to carry it out, to correct each open deviation, and to assess the correction.
    #[must_use]
    pub fn agenda(&self) -> Vec<Item> {
        match &self.state {
            State::Planned => {
                let day = match self.origin {
                    Origin::Planned(on) => on,
                    Origin::Incident(_) => day_of(self.planned_at),
                };
                vec![Item::new(Task::CarryOutFollowUp, end_of_day(day))]
            }
            State::Reported(report) => {
                let mut items: Vec<_> = report.deviations.iter().flat_map(Deviation::due).collect();
                items.sort_unstable();
                items.dedup();
                items
            }
            State::Closed(..) => vec![],
        }
    }

    /// Guards a report.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn may_report(&self) -> Result<(), DomainError> {
        if self.state == State::Planned { Ok(()) } else { Err(self.illegal("report")) }
    }

    /// Guards that a correction can be reported, of one deviation at least.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn may_correct(&self) -> Result<(), DomainError> {
        self.has_deviation(Deviation::can_be_corrected, "report-correction")
    }

    /// Guards that a correction can be assessed, of one deviation at least.
    ///
    /// # Errors
    /// `illegal-transition`.
    pub fn may_assess(&self) -> Result<(), DomainError> {
        self.has_deviation(Deviation::awaits_assessment, "assess-correction")
    }

    /// Guards a conclusion.
    ///
    /// # Errors
    /// `illegal-transition`, `deviations-open`.
    pub fn may_close(&self, now: Instant) -> Result<(), DomainError> {
        let State::Reported(report) = &self.state else { return Err(self.illegal("close")) };
        let settled = |it: &Deviation| it.is_accepted() || it.failed(now);
        if report.deviations.iter().all(settled) {
            Ok(())
        } else {
            Err(DomainError::deviations_open())
        }
    }

    fn has_deviation(
        &self,
        able: fn(&Deviation) -> bool,
        command: &str,
    ) -> Result<(), DomainError> {
        let is_open = matches!(self.state, State::Reported(_));
        if is_open && self.deviations().iter().any(able) {
            Ok(())
        } else {
            Err(self.illegal(command))
        }
    }

    fn change_deviation(
        mut self,
        number: usize,
        command: &str,
        kind: EventKind,
        change: impl FnOnce(Deviation) -> Option<Deviation>,
    ) -> Result<Change<Self>, DomainError> {
        let illegal = self.illegal(command);
        let State::Reported(report) = &mut self.state else { return Err(illegal) };
        let place = number.checked_sub(1).and_then(|i| report.deviations.get_mut(i));
        let place = place.ok_or_else(|| DomainError::not_found(Noun::Deviation))?;
        *place = change(place.clone()).ok_or(illegal)?;
        Ok(self.step(kind))
    }

    fn handled_by(&self, by: Supervised<'_>) -> Result<(), DomainError> {
        if by.approval().id == self.approval {
            Ok(())
        } else {
            Err(DomainError::not_found(Noun::FollowUp))
        }
    }

    fn illegal(&self, command: &str) -> DomainError {
        let allowed = match self.state {
            State::Planned => vec!["report"],
            State::Reported(_) => vec!["report-correction", "assess-correction", "close"],
            State::Closed(..) => vec![],
        };
        let allowed = allowed.into_iter().filter(|it| *it != command).collect();
        DomainError::illegal_transition(command, self.status().as_str(), allowed)
    }

    fn step(mut self, kind: EventKind) -> Change<Self> {
        self.revision = self.revision.next();
        let event = self.event(kind);
        Change { value: self, event }
    }

    fn event(&self, kind: EventKind) -> Event {
        Event {
            kind,
            subject: Subject::FollowUp(self.id),
            revision: self.revision,
            municipality: Some(self.municipality.clone()),
            provider: Some(self.provider.clone()),
            detail: vec![
                ("approval", self.approval.to_string()),
                ("kind", self.kind.as_str().to_owned()),
            ],
        }
    }
}
