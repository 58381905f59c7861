//! Vurdering: the case file, its assessment lines, and the proof that it is complete.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{completion::Completion, disclosure::Disclosure, preliminary::PreliminaryAnswer};
use crate::domain::{
    error::DomainError,
    message::fields,
    offering::{VersionNumber, content::OfferingContent, intake::RoundPlace},
    role::Actor,
    rules::impartiality::{Impartiality, Staff, Whom},
    validation::ValidationErrors,
    values::{
        text::{Code, Line as TextLine, Note},
        time::{Instant, day_of, unrolled_day},
    },
};

/// The applicant's immediate receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The case's reference.
    pub reference: TextLine,
    /// When it was received.
    pub received_at: Instant,
    /// The version in force at that time, which is pinned.
    pub version: VersionNumber,
    /// The round that it was counted into, where the intake is in rounds.
    pub place: Option<RoundPlace>,
}

keywords! {
    /// How a line was closed.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum CriterionOutcome {
        Met = "met",
        NotMet = "not-met",
        NotApplicable = "not-applicable",
    }
}

/// A closed line: the municipality's assessment of one criterion. A missing line is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionAssessment {
    /// How it was closed.
    pub outcome: CriterionOutcome,
    /// Why.
    pub note: Note,
    pub by: Actor,
    /// When.
    pub at: Instant,
}

/// The municipality's case file on an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub receipt: Receipt,
    /// The newer version requested by the applicant.
    pub newer_version: Option<VersionNumber>,
    /// When the offering announced, at the submission, that it would be decided.
    pub announced_for: Option<NaiveDate>,
    /// Impartiality of the people who handle and decide it.
    pub impartiality: Impartiality,
    /// Preliminary answers in the order in which they were sent.
    pub preliminary_answers: Vec<PreliminaryAnswer>,
    /// Requests for completion in the order in which they were sent.
    pub completions: Vec<Completion>,
    /// Information from others that was put to the applicant, in the order in which it was sent.
    pub disclosures: Vec<Disclosure>,
    /// Closed lines by criterion.
    pub lines: BTreeMap<Code, CriterionAssessment>,
    /// Keys of all people who ever closed a line or asked for completion. Under four eyes none of them may
    /// sign.
    pub assessors: BTreeSet<TextLine>,
}

/// Proof that every line is closed, with the overall result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssessmentResult {
    /// Every mandatory criterion is met or does not apply.
    AllMet(AllMet),
    /// At least one is not.
    Failing(Failing),
}

/// Proof that every mandatory criterion is met or does not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllMet(());

/// Proof that a mandatory criterion is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing(Vec<Code>);

impl Failing {
    /// The mandatory criteria that are not met; never empty.
    #[must_use]
    pub fn criteria(&self) -> &[Code] {
        &self.0
    }
}

impl AssessmentResult {
    /// The proof that an approval demands.
    ///
    /// # Errors
    /// `criteria-not-met`, naming them.
    pub fn all_met(self) -> Result<AllMet, DomainError> {
        match self {
            Self::AllMet(proof) => Ok(proof),
            Self::Failing(failing) => {
                let mut errors = ValidationErrors::default();
                for code in failing.criteria() {
                    errors.add(format!("/assessments/{code}"), fields::not_met());
                }
                Err(DomainError::criteria_not_met(errors))
            }
        }
    }
}

impl Case {
    /// A case as it is received.
    #[must_use]
    pub fn received(receipt: Receipt) -> Self {
        Self {
            receipt,
            newer_version: None,
            announced_for: None,
            impartiality: Impartiality::default(),
            preliminary_answers: Vec::new(),
            completions: Vec::new(),
            disclosures: Vec::new(),
            lines: BTreeMap::new(),
            assessors: BTreeSet::new(),
        }
    }

    /// The version that the case is assessed by.
    #[must_use]
    pub fn version(&self) -> VersionNumber {
        self.newer_version.unwrap_or(self.receipt.version)
    }

    /// The same, to be decided within the time that the offering announces.
    #[must_use]
    pub fn announced_by(mut self, content: &OfferingContent) -> Self {
        let received = day_of(self.receipt.received_at);
        self.announced_for = Some(unrolled_day(received, content.process().expected_time));
        self
    }

    /// The criteria without a closed line.
    #[must_use]
    pub fn open_lines(&self, content: &OfferingContent) -> Vec<Code> {
        let codes = content.criteria().iter().map(|criterion| &criterion.code);
        codes.filter(|code| !self.lines.contains_key(*code)).cloned().collect()
    }

    /// Proof that every line is closed, with the overall result.
    ///
    /// # Errors
    /// `review-incomplete`, naming the open lines.
    pub fn review(&self, content: &OfferingContent) -> Result<AssessmentResult, DomainError> {
        let mut open = ValidationErrors::default();
        for code in self.open_lines(content) {
            open.add(format!("/assessments/{code}"), fields::open());
        }
        if !open.is_empty() {
            return Err(DomainError::review_incomplete(open));
        }
        let fails = |code: &Code| {
            self.lines.get(code).is_some_and(|line| line.outcome == CriterionOutcome::NotMet)
        };
        let mandatory = content.criteria().iter().filter(|criterion| criterion.mandatory);
        let failing: Vec<_> =
            mandatory.map(|criterion| criterion.code.clone()).filter(fails).collect();
        Ok(if failing.is_empty() {
            AssessmentResult::AllMet(AllMet(()))
        } else {
            AssessmentResult::Failing(Failing(failing))
        })
    }

    /// Reopens the lines that a barred person closed; nothing that this person prepared may carry a decision
    /// (forvaltningsloven §§ 6 and 41). Returns their criteria.
    pub(super) fn reopen_lines_of_barred(&mut self, staff: &Staff) -> Vec<Code> {
        let is_barred = |line: &CriterionAssessment| {
            self.impartiality.is_barred(&Whom::Known(line.by.clone()), staff)
        };
        let barred = self.lines.iter().filter(|(_, line)| is_barred(line));
        let barred: Vec<_> = barred.map(|(criterion, _)| criterion.clone()).collect();
        self.lines.retain(|criterion, _| !barred.contains(criterion));
        barred
    }

    /// [`Case::review`] without the lines that a barred person closed, for a signature.
    ///
    /// # Errors
    /// As [`Case::review`].
    pub(in crate::domain) fn review_for_decision(
        &self,
        content: &OfferingContent,
        staff: &Staff,
    ) -> Result<AssessmentResult, DomainError> {
        let mut case = self.clone();
        case.reopen_lines_of_barred(staff);
        case.review(content)
    }

    /// The person who closed the last line.
    #[must_use]
    pub fn case_worker(&self) -> Option<&Actor> {
        self.lines.values().max_by_key(|line| line.at).map(|line| &line.by)
    }
}
