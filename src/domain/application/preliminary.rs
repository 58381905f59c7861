//! Preliminary answer: reason and expected date for an applicant whose case takes longer than a month.
//!
//! Forvaltningsloven § 11 a; forvaltningsloven 2025 § 17, which also requires notice of a serious delay with
//! the reason and the new date: several may follow one another.

use chrono::NaiveDate;

use super::{Application, ApplicationCommand, Case, guard::CaseContext};
use crate::domain::{
    Change,
    error::DomainError,
    event::EventKind,
    message::fields,
    role::{Actor, CaseWorker},
    values::{
        text::Prose,
        time::{Instant, Period, PeriodUnit, day_of, unrolled_day},
    },
};

/// A preliminary answer, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreliminaryAnswer {
    /// The day by which the case is expected to be decided.
    pub expected_by: NaiveDate,
    /// Why it takes time.
    pub text: Prose,
    /// When it was made available.
    pub sent_at: Instant,
    pub sent_by: Actor,
}

impl Application {
    /// Gives the applicant the expected decision date, and the reason for the delay.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, those of impartiality, `validation` (`date-in-past`).
    pub fn send_preliminary_answer(
        mut self,
        expected_by: NaiveDate,
        text: Prose,
        by: &CaseWorker,
        context: CaseContext<'_>,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?.guard(
            ApplicationCommand::SendPreliminaryAnswer,
            &by.actor,
            context,
        )?;
        if expected_by <= day_of(context.now) {
            let error = fields::date_in_past_after_today();
            return Err(DomainError::invalid("/expectedBy", error));
        }
        let detail = vec![("expectedBy", expected_by.to_string())];
        if let Some(case) = self.state.case_mut() {
            case.preliminary_answers.push(PreliminaryAnswer {
                expected_by,
                text,
                sent_at: context.now,
                sent_by: by.actor.clone(),
            });
        }
        Ok(self.step(EventKind::PreliminaryAnswerSent, detail))
    }
}

impl Case {
    /// The last day for the next preliminary answer while the case is not decided: a month after the
    /// receipt, and later the day that the last answer named. It is not moved on from holy days.
    #[must_use]
    pub fn preliminary_answer_due(&self) -> NaiveDate {
        let month = Period::new(1, PeriodUnit::Months);
        let received = day_of(self.receipt.received_at);
        self.preliminary_answers.last().map_or_else(
            || month.map_or(received, |month| unrolled_day(received, month)),
            |last| last.expected_by,
        )
    }

    /// The expected decision date: by the last preliminary answer, else by the offering's announced handling
    /// time.
    #[must_use]
    pub fn expected_by(&self) -> NaiveDate {
        let value = self.preliminary_answers.last().map(|last| last.expected_by);
        value.or(self.announced_for).unwrap_or_else(|| self.preliminary_answer_due())
    }
}
