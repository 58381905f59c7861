//! Saksbehandling: the municipality starts the assessment and closes each line.

use super::{
    Application, ApplicationCommand, ApplicationState, AssessmentLine, CriterionOutcome,
    guard::CaseContext,
};
use crate::domain::{
    Change,
    error::{DomainError, Noun},
    event::EventKind,
    message::fields,
    role::CaseWorker,
    values::text::{Code, Note},
};

impl Application {
    /// Starts the assessment.
    ///
    /// # Errors
    /// `not-found`, `illegal-transition`, those of impartiality.
    pub fn start_assessment(
        mut self,
        by: &CaseWorker,
        context: CaseContext<'_>,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        let case = self.guarded(ApplicationCommand::StartAssessment, &by.actor, context)?;
        self.state = ApplicationState::UnderAssessment(case);
        Ok(self.step(EventKind::AssessmentStarted, vec![]))
    }

    /// Closes one line, or closes it otherwise. With the last one the application is ready.
    ///
    /// # Errors
    /// `not-found` (also for an unknown criterion), `illegal-transition`, those of impartiality, `validation`
    /// (`applies-to-everyone`).
    pub fn assess(
        mut self,
        criterion: Code,
        outcome: CriterionOutcome,
        note: Note,
        by: &CaseWorker,
        context: CaseContext<'_>,
    ) -> Result<Change<Self>, DomainError> {
        self.handled_by(&by.municipality)?;
        let mut case = self.guarded(ApplicationCommand::Assess, &by.actor, context)?;
        let published = context.content.criterion(&criterion);
        let published = published.ok_or_else(|| DomainError::not_found(Noun::Criterion))?;
        if outcome == CriterionOutcome::NotApplicable && !published.may_be_inapplicable() {
            return Err(DomainError::invalid("/outcome", fields::applies_to_everyone()));
        }
        let detail =
            vec![("criterion", criterion.to_string()), ("outcome", outcome.as_str().to_owned())];
        let line = AssessmentLine { outcome, note, by: by.actor.clone(), at: context.now };
        let is_same =
            |former: &AssessmentLine| AssessmentLine { at: former.at, ..line.clone() } == *former;
        if !case.lines.get(&criterion).is_some_and(is_same) {
            case.lines.insert(criterion, line);
        }
        case.assessors.insert(by.actor.subject.clone());
        self.state = if case.open_lines(context.content).is_empty() {
            ApplicationState::Ready(case)
        } else {
            ApplicationState::UnderAssessment(case)
        };
        Ok(self.step(EventKind::CriterionAssessed, detail))
    }
}
