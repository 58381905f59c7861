//! Avvik: where deliveries deviate from the terms, until when it is to be corrected, and whether it was.

use chrono::NaiveDate;

use crate::domain::{
    agenda::{Item, Task},
    role::Actor,
    values::{
        text::{Line, Prose},
        time::{Instant, day_of, end_of_day},
    },
};

/// A deviation as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDeviation {
    /// The finding.
    pub facts: Prose,
    /// The clause of the terms or the criterion that it breaks.
    pub breaks: Line,
    /// The last day to correct it.
    pub deadline: NaiveDate,
}

/// Whether a correction is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// It is.
    pub accepted: bool,
    /// Why, or why not.
    pub note: Prose,
    /// When.
    pub at: Instant,
    pub by: Actor,
}

/// The provider's correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviationCorrection {
    /// The correction.
    pub text: Prose,
    /// When it was reported.
    pub at: Instant,
    pub by: Actor,
    /// Its assessment, if made.
    pub assessment: Option<Assessment>,
}

/// A deviation and its later course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The finding.
    pub found: FoundDeviation,
    /// Corrections, the last one counts.
    pub corrections: Vec<DeviationCorrection>,
}

impl Deviation {
    pub(super) const fn new(found: FoundDeviation) -> Self {
        Self { found, corrections: Vec::new() }
    }

    fn verdict(&self) -> Option<bool> {
        self.corrections.last()?.assessment.as_ref().map(|assessment| assessment.accepted)
    }

    /// The last correction was accepted.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.verdict() == Some(true)
    }

    /// A correction waits for its assessment.
    #[must_use]
    pub fn awaits_assessment(&self) -> bool {
        !self.corrections.is_empty() && self.verdict().is_none()
    }

    /// The provider can report a correction: none yet, or the last one was not enough.
    #[must_use]
    pub fn can_be_corrected(&self) -> bool {
        !self.is_accepted() && !self.awaits_assessment()
    }

    /// Not corrected within the deadline. A correction reported in time is assessed first.
    #[must_use]
    pub fn failed(&self, now: Instant) -> bool {
        self.can_be_corrected() && end_of_day(self.found.deadline) <= now
    }

    /// Due items: to correct it, and to assess it.
    pub(super) fn due(&self) -> Vec<Item> {
        match self.corrections.last() {
            _ if self.is_accepted() => vec![],
            Some(last) if self.awaits_assessment() => {
                vec![Item::new(Task::DeviationDue, end_of_day(day_of(last.at)))]
            }
            _ => {
                let due = end_of_day(self.found.deadline);
                [Task::DeviationDue, Task::CorrectDeviation].map(|it| Item::new(it, due)).to_vec()
            }
        }
    }

    pub(super) fn corrected(mut self, correction: DeviationCorrection) -> Option<Self> {
        if !self.can_be_corrected() {
            return None;
        }
        self.corrections.push(correction);
        Some(self)
    }

    pub(super) fn assessed(mut self, assessment: Assessment) -> Option<Self> {
        if !self.awaits_assessment() {
            return None;
        }
        self.corrections.last_mut()?.assessment = Some(assessment);
        Some(self)
    }
}
