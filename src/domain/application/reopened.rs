//! Reopened application: a refusal or dismissal is annulled, or changed to an approval on an appeal; an approval is
//! annulled or changed to a refusal on the appeal of another.
//!
//! Here too an application is approved if and only if every mandatory criterion is met: the decision states its
//! findings, and the approval follows from the same proof.

use std::collections::BTreeSet;

use super::{
    Application, ApplicationState, AssessmentLine, Case, CriterionOutcome, review::AllMet,
};
use crate::domain::{
    Change,
    approval::Approval,
    decision::Decision,
    error::DomainError,
    event::EventKind,
    message::fields,
    offering::{content::OfferingContent, intake::Places},
    role::Actor,
    rules::impartiality::Staff,
    validation::ValidationErrors,
    values::{
        ids::{ApprovalId, DecisionId},
        text::{Code, Note},
        time::Instant,
    },
};

/// A finding on one criterion in a changed decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionFinding {
    pub criterion: Code,
    /// How its line is closed now.
    pub outcome: CriterionOutcome,
    /// Why.
    pub note: Note,
}

impl Application {
    /// Reopens the case: the decision is annulled, the assessment is kept except the lines of people who are
    /// barred since, and the case worker continues from there.
    ///
    /// # Errors
    /// `illegal-transition` where it was neither refused nor dismissed.
    pub fn reopen(self, by: DecisionId, staff: &Staff) -> Result<Change<Self>, DomainError> {
        let case = self.turned_down("reopen", staff)?;
        Ok(self.under_assessment_again(case, by))
    }

    /// Reopens the case of an approval that ended on the appeal of another.
    ///
    /// # Errors
    /// `illegal-transition` where it was not approved.
    pub fn reopen_approved(
        self,
        by: DecisionId,
        staff: &Staff,
    ) -> Result<Change<Self>, DomainError> {
        let ApplicationState::Approved(case, _) = &self.state else {
            return Err(self.not_possible("reopen"));
        };
        let mut case = case.clone();
        case.reopen_lines_of_barred(staff);
        Ok(self.under_assessment_again(case, by))
    }

    fn under_assessment_again(mut self, case: Case, by: DecisionId) -> Change<Self> {
        self.state = ApplicationState::UnderAssessment(case);
        self.step(EventKind::ApplicationReopened, vec![("by", by.to_string())])
    }

    /// Refuses an approved application by a decision on the appeal of another.
    ///
    /// # Errors
    /// `illegal-transition` where it was not approved.
    pub fn refuse_on_appeal(mut self, by: DecisionId) -> Result<Change<Self>, DomainError> {
        let ApplicationState::Approved(case, _) = self.state else {
            return Err(self.not_possible("refuse"));
        };
        self.state = ApplicationState::Refused(case, by);
        Ok(self.step(EventKind::ApplicationRefused, vec![("decision", by.to_string())]))
    }

    /// Approves it again by its first decision: what took that away on the appeal of another did not stand.
    ///
    /// # Errors
    /// `illegal-transition` where it was decided anew since.
    pub fn approve_again(
        mut self,
        taken_by: DecisionId,
        first: DecisionId,
    ) -> Result<Change<Self>, DomainError> {
        use ApplicationState as State;
        let case = match &self.state {
            State::Refused(case, by) if *by == taken_by => case.clone(),
            State::UnderAssessment(case) | State::AwaitingCompletion(case) | State::Ready(case) => {
                case.clone()
            }
            _ => return Err(self.not_possible("approve")),
        };
        self.state = State::Approved(case, first);
        Ok(self.step(EventKind::ApplicationApproved, vec![("decision", first.to_string())]))
    }

    fn not_possible(&self, command: &str) -> DomainError {
        DomainError::illegal_transition(command, self.state.as_str(), vec![])
    }

    /// Approves a refused application by a decision on an appeal. Findings replace the lines they name.
    ///
    /// # Errors
    /// `illegal-transition`, `validation` (`unknown-criterion`, `duplicate`, `applies-to-everyone`), `review-incomplete`, `criteria-not-met`,
    /// `offering-full`.
    pub fn approve_on_appeal(
        mut self,
        findings: Vec<CriterionFinding>,
        approval: ApprovalId,
        (content, places): (&OfferingContent, &Places),
        decision: &Decision,
        staff: &Staff,
        by: &Actor,
        now: Instant,
    ) -> Result<Change<(Self, Approval)>, DomainError> {
        let mut case = self.turned_down("approve", staff)?;
        let mut named = BTreeSet::new();
        for (i, CriterionFinding { criterion, outcome, note }) in findings.into_iter().enumerate() {
            let Some(published) = content.criterion(&criterion) else {
                let mut errors = ValidationErrors::default();
                let error = fields::unknown_criterion();
                errors.add(format!("/findings/{i}/criterion"), error);
                return Err(DomainError::validation(errors));
            };
            if outcome == CriterionOutcome::NotApplicable && !published.may_be_inapplicable() {
                let error = fields::applies_to_everyone();
                return Err(DomainError::invalid(&format!("/findings/{i}/outcome"), error));
            }
            if !named.insert(criterion.clone()) {
                let error = fields::duplicate_finding();
                return Err(DomainError::invalid(&format!("/findings/{i}/criterion"), error));
            }
            let line = AssessmentLine { outcome, note, by: by.clone(), at: now };
            case.lines.insert(criterion, line);
        }
        let _all_met: AllMet = case.review(content)?.all_met()?;
        places.room_for(&self.provider)?;
        let version = case.version();
        self.state = ApplicationState::Approved(case, decision.id);
        let approval = Approval::granted(approval, &self, version, content, decision);
        let detail = vec![("decision", decision.id.to_string())];
        let Change { value, event } = self.step(EventKind::ApplicationApproved, detail);
        Ok(Change { value: (value, approval), event })
    }

    fn turned_down(&self, command: &str, staff: &Staff) -> Result<Case, DomainError> {
        match &self.state {
            ApplicationState::Refused(case, _) | ApplicationState::Dismissed(case, _) => {
                let mut case = case.clone();
                case.reopen_lines_of_barred(staff);
                Ok(case)
            }
            _ => Err(self.not_possible(command)),
        }
    }
}
